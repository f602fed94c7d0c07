#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# send_sysrq setup makes the key of a host, adds operators, proves that the host answers, and
# changes nothing when it cannot do that. The scripts that a boot runs load the module with
# its key and its operators, and unload it with all rules that name it. Each says in one
# sentence what is wrong.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

L=/usr/libexec/ipt-sysrq
conf=/etc/modprobe.d/ipt_SYSRQ.conf
table=/etc/ipt_sysrq/operators
lockups=/etc/sysctl.d/60-ipt_SYSRQ.conf
alice=$(new_key alice)
other=$(new_key other)
bob=$(new_key bob)
for_alice="--yes --operator alice --key $alice"

setup() { # ARGUMENT…
	guest "send_sysrq setup $* 2>&1; echo status \$?" | tr '\n' ' '
}

# Everything that setup may change
state() {
	guest "md5sum $conf /etc/ipt_sysrq/* 2>&1; ls /run | grep sysrq
		(cd /sys/module/ipt_SYSRQ/parameters && cat port from) 2>&1
		grep ^operator /proc/net/ipt_sysrq | cut -d' ' -f2-4" 2>&1 |
		grep -v ipt-sysrq.lock
}

# The command ends with 2 and one sentence, and changes nothing.
refused() { # NAME REGEX COMMAND
	has "$1" "$(guest "$3 2>&1; echo status \$?" | tr '\n' ' ')" \
		"^send_sysrq: .*$2.* status 2 \$"
	nothing
}

nothing() {
	ok '… and nothing is changed' guest \
		"! ls $conf /etc/ipt_sysrq 2> /dev/null && ! ls -d /run/ipt-sysrq.?????? 2> /dev/null &&
		! grep ipt_SYSRQ /proc/modules"
}

boot --params none --script <(echo 'mkdir -p /etc/modprobe.d
	echo 0 > /proc/sys/kernel/panic
	echo 0123456789abcdef0123456789abcdef > /etc/machine-id')

# --- Nothing set up ---
has 'load without a key says that there is none' "$(guest "$L/load 2>&1; echo status \$?" | tr '\n' ' ')" \
	'no key is set up, so nothing is loaded.* status 0'
nothing
# Such a kernel has no kernel.sysrq.
refused 'a kernel without SysRq' 'this kernel has no magic SysRq' \
	"mount -t tmpfs none /proc/sys/kernel; send_sysrq setup $for_alice"
guest 'umount /proc/sys/kernel' || bail 'the guest has no kernel.sysrq'
refused 'no terminal' 'give --yes' 'send_sysrq setup'
refused '--yes alone' 'give --operator and --key' 'send_sysrq setup --yes'
refused 'an option that does not exist' " '--no' given, expected an option" 'send_sysrq setup --no'
refused 'a bad name' " 'a b' given, expected a name" \
	"send_sysrq setup --yes --operator 'a b' --key $alice"
refused 'a bad port' " '65536' given, expected a number from 1 to 65535" \
	"send_sysrq setup $for_alice --port 65536"
refused 'a bad network' " 'web7' given, expected networks" "send_sysrq setup $for_alice --from web7"
refused 'a network that the module refuses' " '10.0.0.1/8' is an address within a network, .*10.0.0.0/8" \
	"send_sysrq setup $for_alice --from 10.0.0.1/8"
refused 'a key that is none' 'this is no public key' 'send_sysrq setup --yes --operator alice --key abc'
refused 'a key that no operator can have' 'operator alice: the key is not valid' \
	"send_sysrq setup --yes --operator alice --key $(head -c 32 /dev/zero | base64)"
refused 'permissions that the module refuses' \
	"operator alice: permission 'sub' given, .*to permit its letters write s,u,b" \
	"send_sysrq setup $for_alice --permissions sub"
refused 'permissions with other characters' " 's#b' given, expected letters" \
	"send_sysrq setup $for_alice --permissions 's#b'"
refused 'a private key' 'a private key given' \
	"send_sysrq setup --yes --operator alice --key $(private_key alice)"
has '… nothing shows it' "$(setup "--yes --operator $(private_key alice)"
	setup "$(private_key alice)")" '^(send_sysrq: a private key given, [^:]* status 2 *){2}$'
refused 'a user who is not root' 'setup must be run as root' \
	"setpriv --reuid 1000 --clear-groups send_sysrq setup $for_alice"
refused 'another setup has not ended' 'another setup is running' \
	"flock /run/ipt-sysrq.lock send_sysrq setup $for_alice"
guest 'echo 0 > /proc/sys/kernel/sysrq'
refused 'kernel.sysrq is 0' 'kernel.sysrq is 0' "send_sysrq setup $for_alice"
guest 'echo 438 > /proc/sys/kernel/sysrq'

# What setup says to these answers, at a terminal that `script` makes
answers() { # TEXT
	guest "printf '$1' | script -q -c 'send_sysrq setup' /dev/null"
}
# Here the answers end after a bad one.
asks_again() { # NAME ANSWERS REGEX
	has "$1" "$(answers "$2" | tr -d '\r' | tr '\n' ' ')" "$3.*no answer was given: nothing was changed"
	nothing
}
asks_again 'a bad port is asked for again' "ann\n$alice\nall\n65536\n" \
	"port: '65536' given, expected a number from 1 to 65535 UDP port"
asks_again 'a bad name is asked for again' 'a b\n' "'a b' given, expected a name .* Name of the operator"
asks_again 'a name that is too long is asked for again' 'aaaaaaaabbbbbbbbccccccccdddddddd\n' \
	"'aaaaaaaabbbbbbbbccccccccdddddddd' given, expected a name .* Name of the operator"
asks_again 'the name of the password is asked for again' 'passwd\n' \
	"'passwd' given, expected a name .* Name of the operator"
asks_again 'a bad key is asked for again' 'ann\nabc\n' 'this is no public key, .* Public key of ann'
asks_again 'permissions that the module refuses are asked for again' "ann\n$alice\ns,,b\n9\n\nno\n" \
	'operator ann: a comma has no permission before or behind it.* Permissions'
asks_again 'a network that the module refuses is asked for again' "ann\n$alice\nall\n9\n10.0.0.1/8\nno\n" \
	"from: '10.0.0.1/8' is an address within a network.* Networks"
has 'where its key cannot be printed, nothing is changed' "$(guest "send_sysrq setup $for_alice 2>&1 > /dev/full
	echo status \$?" | tr '\n' ' ')" 'cannot print the key: nothing was changed status 13'
nothing
has '… also where standard output is closed' "$(guest "send_sysrq setup $for_alice 2>&1 >&-
	echo status \$?" | tr '\n' ' ')" 'cannot print the key: nothing was changed status 13'
nothing
# A pipe whose reader is gone, as when an ssh connection ends
is 'where nobody reads what setup says, it fails' "$(guest "mkfifo /tmp/gone
	exec 4<> /tmp/gone 3> /tmp/gone 4<&-
	send_sysrq setup $for_alice 2>&3 > /dev/null; echo \$?; exec 3>&-")" 1
nothing

# --- Set up ---
said=$(answers "a b\nann\nabc\n$alice\nsub\n0\n4711\n10.0.0.1/8\nmaybe\nno\n10.0.0.0/8\ns, u,log\n")
has 'after answers at a terminal the host answers' "$said" '127\.0\.0\.1:4711\) is alive'
has '… its key is shown' "$said" 'send_sysrq known [^ ]+ [A-Za-z0-9+/]{43}='
is '… the table has the operator' "$(guest "sed -n 2p $table")" "ann $alice s, u,log"
is '… and modprobe.d the port and the networks' "$(guest "grep options $conf")" \
	'options ipt_SYSRQ mask=1 port=4711 tolerance=300
options ipt_SYSRQ from=10.0.0.0/8,fe80::/10'
has '… a lockup becomes no panic, unless the answer is yes' "$said" \
	"panic on lockup: 'maybe' given, expected yes or no"
ok '… of no nothing is left' guest "! ls $lockups"
has '… setup says that it has added one' "$said" 'also hears fe80::/10'
has '… and how the host is reached if it loses its address' "$said" \
	'  send_sysrq status -p 4711 --known-as [^ ]+ fe80::[0-9a-f:]+%IF   \(eth0\)'
has '… also by its hardware address' "$said" \
	'  send_sysrq status -p 4711 --ethernet [0-9a-f:]{17}%IF [^ ]+   \(eth0\)'
has '… and says that a rule of nftables is no good way' "$said" \
	'nft -f refuses the whole text that nft list ruleset then prints.*port=4711'
ok 'unload unloads the module' guest "$L/unload && ! grep ipt_SYSRQ /proc/modules"
guest "rm -r $conf /etc/ipt_sysrq"

# Files that every user may open are no locks.
guest "setpriv --reuid 1000 --clear-groups sh -c 'exec 9< $L/setup 8< $L/load; flock 9; flock 8
	: > /tmp/locked; exec sleep 1000' > /tmp/locks 2>&1 &"
ok 'a user who is not root holds a lock on each script' until_true 30 guest 'test -e /tmp/locked'
guest 'mount -t tmpfs none /sys/class/rtc'
host_public=$(guest "umask 0
	while [ ! -e /tmp/stop ]; do cat /proc/[0-9]*/cmdline; done > /tmp/ps 2> /dev/null &
	send_sysrq setup $for_alice 2> /tmp/said
	: > /tmp/stop; wait")
has '--yes prints the public key and nothing else' "$host_public" '^[A-Za-z0-9+/]{43}=$'
is '… it is the one of the module' "$(guest "sed -n 's/^public_key //p' /proc/net/ipt_sysrq")" \
	"$host_public"
is '… on a host without a clock of its own one-way commands are off' "$(guest "grep options $conf
	cat /sys/module/ipt_SYSRQ/parameters/tolerance; grep -c 'has no clock of its own' /tmp/said")" \
	'options ipt_SYSRQ mask=1 port=9 tolerance=0
0
1'
guest 'umount /sys/class/rtc'
ok '… no user can take the lock of setup' guest \
	'! setpriv --reuid 1000 --clear-groups flock -n /run/ipt-sysrq.lock true'
is '… the rest of the status is not shown, as it is about another pair' \
	"$(guest "grep -c '^  letters' /tmp/said")" 0
is '… and says elsewhere that the host is alive' "$(guest 'grep -c "is alive" /tmp/said')" 1
echo "host $host_public" > "$XDG_CONFIG_HOME/send_sysrq/known_hosts"
as alice h
is '… the operator presses a letter' "$status" 0
is '… only root may read the private key' "$(guest "stat -c %a /etc/ipt_sysrq/key $table $conf \
	/etc/ipt_sysrq" | tr '\n' ' ')" '600 644 644 755 '
is '… the file of the key notes the machine' "$(guest 'sed -n 2p /etc/ipt_sysrq/key')" \
	'# machine-id 0123456789abcdef0123456789abcdef'
is '… of the pair that has proved it nothing is left' "$(state | grep -c 'setup-proof\|ipt-sysrq\.')" 0
is '… it was in force for a moment' "$(guest dmesg | grep -o 'changed: [0-9]* keys*' | tail -n 3 |
	xargs)" 'changed: 1 key changed: 2 keys changed: 1 key'
private=$(guest 'sed -n "1s/.*://p" /etc/ipt_sysrq/key')
is '… nothing has shown the private key' \
	"$(guest "dmesg | grep -Fc '$private'; grep -alF '$private' /tmp/said /tmp/ps $conf $table")" 0
ok '… and ps has seen setup' guest 'grep -aq libexec/ipt-sysrq/setup /tmp/ps'

# --- Once more ---
before=$(state)
is 'the same setup once more prints the public key' "$(guest "send_sysrq setup $for_alice 2> /dev/null")" \
	"$host_public"
is '… and changes nothing' "$(state)" "$before"
is 'so does one without an operator' "$(guest 'send_sysrq setup --yes 2> /dev/null')" "$host_public"
is '… and changes nothing' "$(state)" "$before"
has 'another key of an operator is added, and the old one named' \
	"$(setup --yes --operator alice --key "$other")" \
	"alice has another key, ${alice//+/\\+}, in line 2 of $table: remove that line .* status 0"
as other h
is '… and it presses a letter' "$status" 0
has 'other permissions of a key take the place of the old ones' \
	"$(setup --yes --operator carol --key "$other" --permissions "'s u'")" \
	"line 3 of $table already: the line was 'alice all,log', and is 'carol s,u' now.* status 0"
is '… in the same line' "$(guest "sed -n 3p $table")" "carol $other s u"
as other h
is '… and are in force' "$status" 9
before=$(state)
has 'of bad permissions a host that is set up keeps its table' \
	"$(setup --yes --operator bob --key "$bob" --permissions no)" \
	"operator bob: permission 'no' given, .* status 2"
is '… and all else' "$(state)" "$before"
has 'the own key of the host is refused' "$(setup --yes --operator bob --key "$host_public")" \
	"operator bob: the key is this host's own public key.* status 2"
is '… and nothing is changed' "$(state)" "$before"
guest "mkdir -p /etc/send_sysrq; echo 'web7,192.0.2.7 $host_public' > /etc/send_sysrq/known_hosts"
is 'where this machine knows itself by another name, setup says nothing of it' \
	"$(setup "$for_alice" | grep -Fv 'is skipped' | grep -o 'status 0')" 'status 0'
is '… and changes nothing' "$(state)" "$before"
guest "rm -r /etc/send_sysrq; cp -a /etc/ipt_sysrq /tmp/copy
	mount -t tmpfs -o size=8k,mode=755 none /etc/ipt_sysrq; cp -a /tmp/copy/. /etc/ipt_sysrq"
has 'where the disk is full, setup says so' "$(setup --yes --operator bob --key "$bob")" \
	"cannot write $table: nothing was changed status 13"
is '… and leaves nothing there' "$(state)" "$before"
guest 'umount /etc/ipt_sysrq'
guest 'ip link set lo down'
before=$(state)
has 'where the host does not answer, setup says so' "$(setup --yes --operator dave --key "$alice" --port 99 --from 10.0.0.0/8)" \
	'the module did not answer on 127.0.0.1, port 99: nothing was changed status 1'
guest 'ip link set lo up'
is '… all that was changed is undone' "$(state)" "$before"
has 'port and networks can be changed' "$(setup --yes --port 9 --from 192.0.2.0/24)" 'status 0'
is '… now' "$(guest 'cd /sys/module/ipt_SYSRQ/parameters; cat port from' | tr '\n' ' ')" \
	'9 192.0.2.0/24,fe80::/10 '
is '… and for the next boot' "$(guest "grep options $conf")" \
	'options ipt_SYSRQ mask=1 port=9 tolerance=0
options ipt_SYSRQ from=192.0.2.0/24,fe80::/10'
has 'an empty text hears everybody' "$(setup "--yes --from ''")" 'status 0'
is '… now and later' "$(guest "cat /sys/module/ipt_SYSRQ/parameters/from; grep options $conf")" '
options ipt_SYSRQ mask=1 port=9 tolerance=0'
guest "printf '%s\n' '# name key permissions' 'alice $alice all log' > $table"

# --- Panics ---
in_force() {
	guest 'cd /proc/sys/kernel && cat softlockup_panic hardlockup_panic panic_on_rcu_stall \
		panic_on_oops 2> /dev/null' | tr -d '\n'
}
none=$(in_force)
ok 'unless it is asked for, setup makes nothing a panic' eval "! guest 'ls $lockups' &&
	[ '${none//0/}' = '' ]"
guest 'ip link set lo down'
has 'where setup fails' "$(setup --yes --panic-on-lockup)" 'nothing was changed status 1'
guest 'ip link set lo up'
is '… nothing becomes one' "$(guest "ls $lockups 2> /dev/null"; in_force)" "$none"
has '--panic-on-lockup alone asks nothing, and writes a file for sysctl.d' "$(setup --panic-on-lockup)" \
	'After a panic this host .*kernel.panic=.* status 0'
is '… for all settings that this kernel has' "$(guest "grep -c '^kernel.* = 1' $lockups")" ${#none}
is '… which are in force' "$(in_force)" "${none//0/1}"
is '… once more it says nothing' "$(guest 'send_sysrq setup --yes --panic-on-lockup 2>&1 |
	grep -c panic')" 0
before=$(guest "cat $lockups; echo 0 > /proc/sys/kernel/panic_on_oops"; in_force)
setup --yes > /dev/null
is 'another setup changes none of it' "$(guest "cat $lockups"; in_force)" "$before"
guest "rm $lockups"

# --- Listening after a panic ---
after_panic() { # in force, and for each later boot
	guest "cat /sys/module/ipt_SYSRQ/parameters/after_panic; grep -o 'after_panic=.*' $conf"
}
guest 'ip link set lo down'
has 'where setup fails' "$(setup --yes --after-panic)" 'nothing was changed status 1'
guest 'ip link set lo up'
is '… the module is not to listen after a panic' "$(after_panic)" 0
has '--after-panic alone asks nothing' "$(setup --after-panic)" 'The host answers.* status 0'
is '… the module is to listen after a panic, now and after a boot' "$(after_panic)" '1
after_panic=1'
guest "sed -i /after_panic/d $conf"

# --- load, as at boot ---
guest 'rmmod ipt_SYSRQ'
is 'load loads the module, and says nothing' "$(guest "$L/load 2>&1; echo status \$?")" 'status 0'
as alice h
is '… with its key and its operators' "$status" 0
guest "cp $table /tmp/good; echo 'bob key all' >> $table"
has 'after a bad line load says which line it is' "$(guest "$L/load 2>&1; echo status \$?" |
	tr '\n' ' ')" 'keeps its old table: line 3: the key is not 44 .* status 3'
as alice h
is '… and the old table stays' "$status" 0
guest "printf 'bob $bob all' > $table"
has 'of a table that is cut off load says so' "$(guest "$L/load 2>&1; echo status \$?" |
	tr '\n' ' ')" 'operators is not used, because its last line is not ended by a newline.* status 1'
guest "cp /tmp/good $table
	for i in \$(seq 200); do echo \"op\$i \$(send_sysrq genkey --key-file /tmp/op\$i) s,u,b\"; done >> $table"
guest "$L/load && : > $table"
has 'of an empty table load says what to write instead' "$(guest "$L/load 2>&1; echo status \$?" | tr '\n' ' ')" \
	"$table is empty .*: if there are to be no operators, write a comment line into the file status 1"
is '… and the 200 operators that were there stay' \
	"$(guest 'grep -c "^operator op" /proc/net/ipt_sysrq')" 200

guest "cp /tmp/good $table"
load() {
	guest "$L/load 2>&1; echo status \$?" | tr '\n' ' '
}

# --- A copy of the machine ---
is 'the table that was there is in force again' "$(load)" 'status 0 '
guest 'echo fedcba9876543210fedcba9876543210 > /etc/machine-id; rmmod ipt_SYSRQ'
said=$(load)
has 'on a copy of the machine load makes another key, and says so' "$said" \
	'this machine is a copy of another one, .*run send_sysrq known [^ ]+ [A-Za-z0-9+/]{43}= status 0'
as alice --timeout 2 --no-one-way h
is '… the old key is not used' "$status" 5
host_public=$(guest "sed -n 's/^public_key //p' /proc/net/ipt_sysrq")
has '… and the new one is told' "$said" "${host_public//+/\\+}"
echo "host $host_public" > "$XDG_CONFIG_HOME/send_sysrq/known_hosts"
as alice h
is '… it presses a letter' "$status" 0
is '… only root may read it' "$(guest 'stat -c %a /etc/ipt_sysrq/key')" 600
is '… the next load says nothing' "$(load)" 'status 0 '
guest 'sed -n 1p /etc/ipt_sysrq/key > /tmp/line && cat /tmp/line > /etc/ipt_sysrq/key
	echo 00112233445566778899aabbccddeeff > /etc/machine-id; rmmod ipt_SYSRQ'
is 'a key without its second line stays on a machine with another machine-id' "$(load)" 'status 0 '
is '… it is the same' "$(guest "sed -n 's/^public_key //p' /proc/net/ipt_sysrq")" "$host_public"
guest 'chmod 644 /etc/ipt_sysrq/key'
has 'load warns when others may read the key' "$(load)" \
	'others may read /etc/ipt_sysrq/key, which holds a secret: chmod 600 /etc/ipt_sysrq/key status 0'
guest 'cp /etc/ipt_sysrq/key /tmp/key; echo junk > /etc/ipt_sysrq/key; chmod 600 /etc/ipt_sysrq/key'
has 'of a bad key load says what is expected' "$(load)" \
	"refuses /etc/ipt_sysrq/key and keeps its old key: expected the host's private key.* status 3"
guest 'cat /tmp/key > /etc/ipt_sysrq/key'

# --- The password's file ---
guest "printf '%s\n' '$SEND_SYSRQ_PASSWORD' > /etc/ipt_sysrq/passwd; chmod 600 /etc/ipt_sysrq/passwd"
is 'load takes a password from its file' "$(load)" 'status 0 '
send h
is '… which presses a letter' "$status" 0
as alice h
is '… as the key of the table does' "$status" 0
guest 'chmod 640 /etc/ipt_sysrq/passwd'
has '… load warns when others may read the password' "$(load)" \
	'others may read /etc/ipt_sysrq/passwd, .*: chmod 600 /etc/ipt_sysrq/passwd status 0'
odd() { # NAME TEXT
	guest "(umask 077; printf '$2' > /etc/ipt_sysrq/new; mv /etc/ipt_sysrq/new /etc/ipt_sysrq/passwd)"
	has "$1" "$(load)" 'passwd is not used, because it must hold one line, .* status 1'
}
odd 'of a password with a carriage return load says what is expected' 'other\r\n'
odd '… of one with a byte-order mark' '\357\273\277other\n'
odd '… of one with a NUL' 'oth\000er\n'
odd '… of two lines' 'other\nother\n'
guest ': > /etc/ipt_sysrq/passwd'
has '… of an empty file' "$(load)" 'passwd is empty .*old password: .*write an empty line into the file status 1'
send h
is '… and the old password stays' "$status" 0
guest 'echo > /etc/ipt_sysrq/passwd'
is 'an empty line takes the password away' "$(load)" 'status 0 '
is '… and leaves the operators' "$(guest "sed -n 's/^operator \([^ ]*\) .*/\1/p' /proc/net/ipt_sysrq")" alice
# --- Files that others than root may write ---
is_not_used() { # NAME FILE COMMAND UNDO [OPEN]: others may write OPEN, or FILE
	guest "cp -p /tmp/other $2; $3"
	has "$1" "$(load)" "$2 is not used, because others than root may write ${5-$2}: chown root ${5-$2}; .* status 1"
	is '… and the old operators stay' \
		"$(guest "sed -n 's/^operator \([^ ]*\) .*/\1/p' /proc/net/ipt_sysrq")" alice
	guest "$4"
}
guest "echo 'bob $bob all' > /tmp/other; echo no-secret > /etc/no-secret
	mkdir -p /srv/root && chmod 777 /srv && chmod 755 /srv/root && cp /tmp/other /srv/root"
is_not_used 'a table that belongs to another user' $table "chown 1000 $table" "chown 0 $table"
is_not_used 'a table that a group may write' $table "chmod 664 $table" "chmod 644 $table"
is_not_used 'a table in a folder of another user' $table 'chown 1000 /etc/ipt_sysrq' \
	'chown 0 /etc/ipt_sysrq' /etc/ipt_sysrq
is_not_used 'a table in a folder that all may write' $table 'chmod 777 /etc/ipt_sysrq' \
	'chmod 755 /etc/ipt_sysrq' /etc/ipt_sysrq
is_not_used 'a table that is a link to a file of another user' $table \
	"mv /tmp/other /etc/other; chown 1000 /etc/other; ln -sf ../other $table" \
	"rm $table; chown 0 /etc/other; mv /etc/other /tmp/other" /etc/ipt_sysrq/../other
# Else who may write there makes a link to a file whose text everybody knows.
is_not_used 'a link in a folder that all may write' /etc/ipt_sysrq/passwd \
	'rm /etc/ipt_sysrq/passwd; ln -s /etc/no-secret /etc/ipt_sysrq/passwd; chmod 777 /etc/ipt_sysrq' \
	'rm /etc/ipt_sysrq/passwd; chmod 755 /etc/ipt_sysrq' /etc/ipt_sysrq
is_not_used "a link to root's folder in one that all may write" $table \
	"ln -sf /srv/root/other $table" "rm $table" /srv
is_not_used 'a folder that is a link there' $table \
	"mv /etc/ipt_sysrq /etc/kept; cp /tmp/other /srv/root/operators; ln -s /srv/root /etc/ipt_sysrq" \
	"rm /etc/ipt_sysrq; mv /etc/kept /etc/ipt_sysrq; rm $table" /srv
is_not_used 'a password that others may write' /etc/ipt_sysrq/passwd \
	'chmod 602 /etc/ipt_sysrq/passwd' "rm /etc/ipt_sysrq/passwd; cp -p /tmp/good $table"
# What is no file is not taken for none.
is_no_file() { # NAME COMMAND
	guest "rm $table; $2"
	has "$1" "$(load)" "$table is empty or cannot be read, .* status 1"
	guest "rm -r $table"
}
is_no_file 'of a link to nothing load says that it cannot be read' "ln -s /nowhere $table"
is_no_file '… of a folder' "mkdir $table"
is_no_file '… of a pipe' "mkfifo $table"
guest "cp -p /tmp/good $table"
is 'the files as they were are used' "$(load)" 'status 0 '

# --- A secret in modprobe's configuration ---
in_modprobe() { # NAME FILE LINES
	guest "mkdir -p ${2%/*}; printf '$3' > $2"
	has "$1" "$(load)" "$2 holds a secret .*put a new password into /etc/ipt_sysrq/passwd .* status 0"
	guest "rm $2"
}
in_modprobe 'load says where modprobe.d holds a password' /etc/modprobe.d/sysrq.conf \
	'options ipt_SYSRQ mask=1 passwd="secret"\n'
in_modprobe '… in another folder, for the other name' /run/modprobe.d/a.conf \
	' options  ip6t-SYSRQ "passwd=a secret"\n'
in_modprobe '… on the second part of a line' /etc/modprobe.d/a.conf \
	'options ipt_SYSRQ mask=1 \\\n passwd=secret\n'
in_modprobe '… in a command' /etc/modprobe.d/a.conf \
	'install ipt_SYSRQ /sbin/modprobe -i ipt_SYSRQ passwd=secret\n'
in_modprobe '… of the old module' /etc/modprobe.d/a.conf 'options xt_SYSRQ passwd=secret\n'
in_modprobe '… in a copy that an editor left' /etc/modprobe.d/ipt_SYSRQ.conf~ \
	'options ipt_SYSRQ passwd=secret\n'
guest 'printf "# options ipt_SYSRQ passwd=secret\noptions other passwd=secret\n" > /etc/modprobe.d/a.conf'
is '… and not of a comment, or of another module' "$(load)" 'status 0 '
guest 'rm /etc/modprobe.d/a.conf'

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

# --- modprobe does something else ---
instead() { # NAME LINE
	guest "echo '$2' > /etc/modprobe.d/a.conf"
	has "$1" "$(load)" 'nothing was loaded, .*ipt_SYSRQ in /etc/modprobe.d/a.conf *status 1'
	guest 'rm /etc/modprobe.d/a.conf'
}
instead 'where modprobe runs /bin/true instead, load says that nothing was loaded' \
	'install ipt_SYSRQ /bin/true'
instead '… where it runs /bin/false' 'install ipt_SYSRQ /bin/false'
instead '… where the name means another module' 'alias ipt_SYSRQ dummy'

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
refuses() { # NAME REGEX
	has "$1" "$(guest 'send_sysrq setup '"$for_alice"' 2>&1; echo status $?' | tr '\n' ' ')" "$2.* status 1"
	nothing
}
# As the firmware of a machine with Secure Boot has it
firmware() { # BYTE
	guest "umount /sys/firmware 2> /dev/null; mount -t tmpfs none /sys/firmware
		mkdir -p /sys/firmware/efi/efivars
		printf '\\6\\0\\0\\0\\$1' > /sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
}
stop_guest
boot --params none --append module.sig_enforce=1 --script <(echo 'mkdir -p /etc/modprobe.d')
refuses 'where module.sig_enforce is set, setup says so' \
	'\(module.sig_enforce\): remove module.sig_enforce from the kernel command line'
firmware 0
refuses '… also where the firmware has Secure Boot, but it is off' '\(module.sig_enforce\)'
firmware 1
refuses 'with Secure Boot, setup says how to enrol the key' \
	'only signed modules \(Secure Boot\).* mokutil --import /var/lib/dkms/mok.pub'
guest 'mkdir -p /var/lib/shim-signed/mok && : > /var/lib/shim-signed/mok/MOK.der'
refuses '… also where the key is in the other place' \
	'mokutil --import /var/lib/shim-signed/mok/MOK.der,'
guest 'rm /lib/modules/*/updates/ipt_SYSRQ.ko; depmod'
refuses 'where no module was built for this kernel, setup says so' 'there is no ipt_SYSRQ for Linux'

stop_guest
boot --params none --append 'lockdown=integrity ipt_SYSRQ.passwd=secret' \
	--script <(echo 'mkdir -p /etc/modprobe.d')
refuses 'where the kernel is in lockdown, setup says so' \
	'in lockdown, so it .*: remove lockdown= from the kernel command line'
guest 'mount -t securityfs none /sys/kernel/security'
refuses '… also where the kernel tells it by itself' 'in lockdown'
refuses 'load says that the kernel command line holds a password' \
	'the kernel command line holds a secret'
done_testing
