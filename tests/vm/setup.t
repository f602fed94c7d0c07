#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# send_sysrq setup makes the first key of a host, proves that the host answers with it, and
# changes nothing when it cannot do that. The scripts that a boot runs load the module with
# its operators, and unload it with all rules that name it. Each says in one sentence what
# is wrong.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

L=/usr/libexec/ipt-sysrq
conf=/etc/modprobe.d/ipt_SYSRQ.conf
table=/etc/ipt_sysrq/operators

# The command ends with 2 and one sentence, and changes nothing.
refused() { # NAME REGEX COMMAND
	has "$1" "$(guest "$3 2>&1; echo status \$?" | tr '\n' ' ')" \
		"^send_sysrq: .*$2.* status 2 \$"
	nothing
}

nothing() {
	ok '… and nothing is changed' guest \
		"! ls $conf /etc/ipt_sysrq 2> /dev/null && ! grep ipt_SYSRQ /proc/modules"
}

boot --params none --script <(echo 'mkdir -p /etc/modprobe.d')

# --- Nothing set up ---
has 'load without a key says that there is none' "$(guest "$L/load 2>&1; echo status \$?" | tr '\n' ' ')" \
	'no key is set up, so nothing is loaded.* status 0'
nothing
refused 'no terminal' 'give --yes' 'send_sysrq setup'
refused 'an option that does not exist' "'--no' given, expected --yes or --help" 'send_sysrq setup --no'
refused 'a user who is not root' 'setup must be run as root' \
	'setpriv --reuid 1000 --clear-groups send_sysrq setup --yes'
refused 'another setup has not ended' 'another setup is running' \
	"flock $L/setup send_sysrq setup --yes"
guest 'echo 0 > /proc/sys/kernel/sysrq'
refused 'kernel.sysrq is 0' 'kernel.sysrq is 0' 'send_sysrq setup --yes'
guest 'echo 438 > /proc/sys/kernel/sysrq'

# What setup says to these answers, at a terminal that `script` makes
answers() { # TEXT
	guest "printf '$1' | script -q -c 'send_sysrq setup' /dev/null"
}
has 'a bad port is refused' "$(answers 'ann\nall\n65536\n')" \
	"port: '65536' given, expected a number from 1 to 65535"
nothing
has 'a bad name is refused' "$(answers 'a b\nall\n9\n')" "'a b' given, expected a name"
nothing
has 'bad permissions are refused, by the module' "$(answers 'ann\nall sub\n9\n')" \
	"line 2: permission 'sub' given, expected .*; to permit its letters write s,u,b"
nothing
has 'permissions with a comment are refused' "$(answers 'ann\ns # u b\n9\n')" \
	"'s # u b' given, expected permissions"
nothing
has 'permissions without a letter are refused' "$(answers 'ann\nlog\n9\n')" "'log' permits no letter"
nothing
has 'a key that cannot be printed is not used' "$(guest 'send_sysrq setup --yes 2>&1 > /dev/full
	echo status $?' | tr '\n' ' ')" 'cannot print the key: nothing was changed status 13'
nothing
has '… also where standard output is closed' "$(guest 'send_sysrq setup --yes 2>&1 >&-
	echo status $?' | tr '\n' ' ')" 'cannot print the key: nothing was changed status 13'
nothing
# A pipe whose reader is gone, as when an ssh connection ends
is 'where nobody reads what setup says, it fails' "$(guest 'mkfifo /tmp/gone
	exec 4<> /tmp/gone 3> /tmp/gone 4<&-
	send_sysrq setup --yes 2>&3 > /dev/null; echo $?; exec 3>&-')" 1
nothing

# --- Set up ---
said=$(answers 'ann\ns u reboot,log\n4711\n')
has 'after answers at a terminal the host answers' "$said" '127\.0\.0\.1:4711\) is .*alive' # alive is green
has '… the key is shown' "$said" '^[A-Za-z0-9+/]{43}='
is '… the table has the operator' "$(guest "sed -n 's/^ann .* /ann /p' $table")" 'ann s u reboot,log'
is '… and modprobe.d the port' "$(guest "grep options $conf")" \
	'options ipt_SYSRQ mask=1 port=4711'
ok 'unload unloads the module' guest "$L/unload && ! grep ipt_SYSRQ /proc/modules"
guest "rm -r $conf /etc/ipt_sysrq"

key=$(guest 'umask 0; send_sysrq setup --yes 2> /tmp/said')
has '--yes prints the key and nothing else' "$key" '^[A-Za-z0-9+/]{43}=$'
is '… and says elsewhere that the host is alive' "$(guest 'grep -c "is alive" /tmp/said')" 1
(umask 077; echo "$key" > "$WORK/root.key")
as root h
is '… the key presses a letter' "$status" 0
is '… only root may read the files' "$(guest "stat -c %a $conf $table /etc/ipt_sysrq" | tr '\n' ' ')" \
	'600 600 700 '
has 'a second setup is refused' "$(guest 'send_sysrq setup --yes 2>&1; echo status $?' |
	tr '\n' ' ')" "exists: this host is set up already, so edit that file status 2"

# --- load, as at boot ---
guest 'rmmod ipt_SYSRQ'
is 'load loads the module, and says nothing' "$(guest "$L/load 2>&1; echo status \$?")" 'status 0'
as root h
is '… with its operators' "$status" 0
guest "chmod 644 $table"
has '… and warns when others may read the operators' "$(guest "$L/load 2>&1; echo status \$?" |
	tr '\n' ' ')" "others may read $table, .*: chmod 600 $table status 0"
guest "chmod 600 $table; cp $table /tmp/good; echo 'bob key all' >> $table"
has 'after a bad line load says which line it is' "$(guest "$L/load 2>&1; echo status \$?" |
	tr '\n' ' ')" 'keeps its old table: line 3: the key is not 44 .* status 1'
as root h
is '… and the old table stays' "$status" 0
guest "cp /tmp/good $table
	for i in \$(seq 200); do echo \"op\$i \$(send_sysrq genkey) s,u,b\"; done >> $table"
guest "$L/load"
guest "$L/load && : > $table"
has 'of an empty table load says what to write instead' "$(guest "$L/load 2>&1; echo status \$?" | tr '\n' ' ')" \
	"$table is empty .*: if there are to be no operators, write a comment line into the file status 1"
is '… and the 200 operators that were there stay' \
	"$(guest 'grep -c "^operator op" /proc/net/ipt_sysrq')" 200

# --- unload, with rules in all places ---
guest 'for b in legacy nft; do for t in iptables ip6tables; do
		$t-$b -I INPUT -p udp --dport 9 -m comment --comment "a \"b\" c" -j SYSRQ
		$t-$b -A INPUT -p udp --dport 10 -j SYSRQ --allow-keys s,u,b
		$t-$b -A INPUT -p udp --dport 11 -j ACCEPT
		$t-$b -A INPUT -m comment --comment "no \" -j SYSRQ rule" -j ACCEPT
		$t-$b -t raw -I PREROUTING -p udp --dport 9 -j SYSRQ
	done; done'
is 'there are rules in two tables of four tools' "$(guest 'for b in legacy nft; do
		for t in iptables ip6tables; do $t-$b-save; done; done 2> /dev/null |
		grep -c "dport .*j SYSRQ"')" 12
is 'unload deletes the rules, and says nothing' \
	"$(guest "$L/unload 2>&1; echo status \$?")" 'status 0'
ok '… the module is unloaded' guest '! grep ipt_SYSRQ /proc/modules'
is '… and other rules stay' "$(guest 'for b in legacy nft; do for t in iptables ip6tables; do
		$t-$b-save; done; done 2> /dev/null | grep "^-A"' | sort | uniq -c | tr -s ' ')" \
	' 4 -A INPUT -m comment --comment "no \" -j SYSRQ rule" -j ACCEPT
 4 -A INPUT -p udp -m udp --dport 11 -j ACCEPT'

# --- A kernel that takes no module, or a parameter that is bad ---
guest "cp /tmp/good $table; sed -i s/port=9/port=9x/ $conf"
has 'of a bad parameter load shows what the kernel says' "$(guest "$L/load 2>&1; echo status \$?" |
	tr '\n' ' ')" "last line about it in the kernel log: .*9x.*port.* status 1"
has 'load by a user who is not root fails' "$(guest "setpriv --reuid 1000 --clear-groups $L/load 2>&1; echo status \$?" |
	tr '\n' ' ')" 'must be run as root status 1'
guest "sed -i s/port=9x/port=9/ $conf; echo 1 > /proc/sys/kernel/modules_disabled"
has 'where the kernel takes no modules any more, load says so' "$(guest "$L/load 2>&1; echo status \$?" | tr '\n' ' ')" \
	'kernel.modules_disabled is 1: .* status 1'

# --- A kernel that takes signed modules only ---
vm stop "$VM"
boot --params none --append module.sig_enforce=1 --script <(echo 'mkdir -p /etc/modprobe.d')
said=$(guest 'send_sysrq setup --yes 2>&1; echo status $?' | tr '\n' ' ')
has 'where only signed modules are taken, setup says how to enrol the key' "$said" \
	'only signed modules \(Secure Boot\).* mokutil --import /var/lib/dkms/mok.pub.* status 1'
nothing
guest 'mkdir -p /var/lib/shim-signed/mok && : > /var/lib/shim-signed/mok/MOK.der'
has '… also where the key is in the other place' \
	"$(guest 'send_sysrq setup --yes 2>&1; echo status $?' | tr '\n' ' ')" \
	'mokutil --import /var/lib/shim-signed/mok/MOK.der,.* status 1'
nothing
guest 'rm /lib/modules/*/updates/ipt_SYSRQ.ko; depmod'
has 'where no module was built for this kernel, setup says so' "$(guest 'send_sysrq setup --yes 2>&1; echo status $?' |
	tr '\n' ' ')" 'there is no ipt_SYSRQ for Linux .* status 1'
nothing
done_testing
