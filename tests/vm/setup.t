#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The first key of a host, what loads it at boot, and what unloads it.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

L=/usr/libexec/ipt-sysrq
conf=/etc/modprobe.d/ipt_SYSRQ.conf
table=/etc/ipt_sysrq/operators

# refused NAME SENTENCE COMMAND: exit 2, one sentence, and nothing is there after
refused() {
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
has 'load without a key says so' "$(guest "$L/load 2>&1; echo status \$?" | tr '\n' ' ')" \
	'no key is set up, so nothing is loaded.* status 0'
nothing
refused 'no terminal' 'give --yes' 'send_sysrq setup'
refused 'a word too much' "'--no' given, expected --yes or --help" 'send_sysrq setup --no'
refused 'not root' 'setup must be run as root' \
	'setpriv --reuid 1000 --clear-groups send_sysrq setup --yes'
refused 'another one has not ended' 'another setup is running' \
	"flock $L/setup send_sysrq setup --yes"
guest 'echo 0 > /proc/sys/kernel/sysrq'
refused 'every key is shut' 'kernel.sysrq is 0' 'send_sysrq setup --yes'
guest 'echo 438 > /proc/sys/kernel/sysrq'

# Answers at a terminal, which `script` makes
answers() {
	guest "printf '$1' | script -q -c 'send_sysrq setup' /dev/null"
}
has 'a bad port' "$(answers 'ann\nall\n65536\n')" \
	"port: '65536' given, expected a number from 1 to 65535"
nothing
has 'a bad name' "$(answers 'a b\nall\n9\n')" "'a b' given, expected a name"
nothing
has 'bad permissions, of which the module has the last word' \
	"$(answers 'ann\nsub,s.b\n9\n')" 'line 2: the permissions are not sysrq keys'
nothing

has 'permissions without a key' "$(answers 'ann\nlog\n9\n')" "'log' permits no letter"
nothing
has 'a key that cannot be printed' "$(guest 'send_sysrq setup --yes 2>&1 > /dev/full
	echo status $?' | tr '\n' ' ')" 'cannot print the key: nothing was changed status 13'
nothing
has '… with nowhere to print to' "$(guest 'send_sysrq setup --yes 2>&1 >&-
	echo status $?' | tr '\n' ' ')" 'cannot print the key: nothing was changed status 13'
nothing
# A pipe whose reader is gone, as when ssh is
is 'whoever watches is gone: it fails' "$(guest 'mkfifo /tmp/gone
	exec 4<> /tmp/gone 3> /tmp/gone 4<&-
	send_sysrq setup --yes 2>&3 > /dev/null; echo $?; exec 3>&-')" 1
nothing

# --- Set up ---
said=$(answers 'ann\nsub,log\n4711\n')
has 'answers at a terminal: it is proven' "$said" '127\.0\.0\.1:4711\) is .*alive' # in green
has '… the key is shown' "$said" '^[A-Za-z0-9+/]{43}='
is '… the table' "$(guest "sed -n 's/^ann .* /ann /p' $table")" 'ann sub,log'
is '… and the port' "$(guest "grep options $conf")" \
	'options ipt_SYSRQ mask=1 port=4711'
ok 'it is unloaded' guest "$L/unload && ! grep ipt_SYSRQ /proc/modules"
guest "rm -r $conf /etc/ipt_sysrq"

key=$(guest 'umask 0; send_sysrq setup --yes 2> /tmp/said')
has '--yes prints the key and nothing else' "$key" '^[A-Za-z0-9+/]{43}=$'
is '… says whom it found' "$(guest 'grep -c "is alive" /tmp/said')" 1
(umask 077; echo "$key" > "$WORK/root.key")
as root h
is '… the key presses' "$status" 0
is '… files for root alone' "$(guest "stat -c %a $conf $table /etc/ipt_sysrq" | tr '\n' ' ')" \
	'600 600 700 '
has 'a second time it is refused' "$(guest 'send_sysrq setup --yes 2>&1; echo status $?' |
	tr '\n' ' ')" "exists: this host is set up already, so edit that file status 2"

# --- load, as at boot ---
guest 'rmmod ipt_SYSRQ'
is 'load loads it, and says nothing' "$(guest "$L/load 2>&1; echo status \$?")" 'status 0'
as root h
is '… with its operators' "$status" 0
guest "chmod 644 $table"
has '… where others may read them, it warns' "$(guest "$L/load 2>&1; echo status \$?" |
	tr '\n' ' ')" "others may read $table, .*: chmod 600 $table status 0"
guest "chmod 600 $table; cp $table /tmp/good; echo 'bob key all' >> $table"
has 'a bad line: the kernel says which' "$(guest "$L/load 2>&1; echo status \$?" |
	tr '\n' ' ')" 'keeps its old table: line 3: the key is not 44 .* status 1'
as root h
is '… and the old table stays' "$status" 0
guest "cp /tmp/good $table
	for i in \$(seq 200); do echo \"op\$i \$(send_sysrq genkey) sub\"; done >> $table"
guest "$L/load"
guest "$L/load && : > $table"
has 'an empty table is told of' "$(guest "$L/load 2>&1; echo status \$?" | tr '\n' ' ')" \
	"$table is empty .*: if there are to be no operators, write a comment line into the file status 1"
is '201 operators, more than a page' \
	"$(guest 'grep -c "^operator op" /proc/net/ipt_sysrq')" 200

# --- unload, with rules in all places ---
guest 'for b in legacy nft; do for t in iptables ip6tables; do
		$t-$b -I INPUT -p udp --dport 9 -m comment --comment "a \"b\" c" -j SYSRQ
		$t-$b -A INPUT -p udp --dport 10 -j SYSRQ --allow-keys sub
		$t-$b -A INPUT -p udp --dport 11 -j ACCEPT
		$t-$b -A INPUT -m comment --comment "no \" -j SYSRQ rule" -j ACCEPT
		$t-$b -t raw -I PREROUTING -p udp --dport 9 -j SYSRQ
	done; done'
is 'rules in two tables of four tools' "$(guest 'for b in legacy nft; do
		for t in iptables ip6tables; do $t-$b-save; done; done 2> /dev/null |
		grep -c "dport .*j SYSRQ"')" 12
is 'unload takes the rules and the module, and says nothing' \
	"$(guest "$L/unload 2>&1; echo status \$?")" 'status 0'
ok '… it is unloaded' guest '! grep ipt_SYSRQ /proc/modules'
is '… other rules stay' "$(guest 'for b in legacy nft; do for t in iptables ip6tables; do
		$t-$b-save; done; done 2> /dev/null | grep "^-A"' | sort | uniq -c | tr -s ' ')" \
	' 4 -A INPUT -m comment --comment "no \" -j SYSRQ rule" -j ACCEPT
 4 -A INPUT -p udp -m udp --dport 11 -j ACCEPT'

# --- A kernel that takes no module, or not these parameters ---
guest "cp /tmp/good $table; sed -i s/port=9/port=9x/ $conf"
has 'a bad parameter: the kernel says which' "$(guest "$L/load 2>&1; echo status \$?" |
	tr '\n' ' ')" "last line about it in the kernel log: .*9x.*port.* status 1"
has 'not root' "$(guest "setpriv --reuid 1000 --clear-groups $L/load 2>&1; echo status \$?" |
	tr '\n' ' ')" 'must be run as root status 1'
guest "sed -i s/port=9x/port=9/ $conf; echo 1 > /proc/sys/kernel/modules_disabled"
has 'modules are shut out' "$(guest "$L/load 2>&1; echo status \$?" | tr '\n' ' ')" \
	'kernel.modules_disabled is 1: .* status 1'

# --- A kernel that takes signed modules only ---
vm stop "$VM"
boot --params none --append module.sig_enforce=1 --script <(echo 'mkdir -p /etc/modprobe.d')
said=$(guest 'send_sysrq setup --yes 2>&1; echo status $?' | tr '\n' ' ')
has 'a kernel that takes signed modules only' "$said" \
	'only signed modules \(Secure Boot\).* mokutil --import /var/lib/dkms/mok.pub.* status 1'
nothing
guest 'mkdir -p /var/lib/shim-signed/mok && : > /var/lib/shim-signed/mok/MOK.der'
has '… and where the key is elsewhere' \
	"$(guest 'send_sysrq setup --yes 2>&1; echo status $?' | tr '\n' ' ')" \
	'mokutil --import /var/lib/shim-signed/mok/MOK.der,.* status 1'
nothing
guest 'rm /lib/modules/*/updates/ipt_SYSRQ.ko; depmod'
has 'no module for this kernel' "$(guest 'send_sysrq setup --yes 2>&1; echo status $?' |
	tr '\n' ' ')" 'there is no ipt_SYSRQ for Linux .* status 1'
nothing
done_testing
