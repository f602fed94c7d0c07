#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The table of operators is written to /proc/net/ipt_sysrq. It comes into force as a whole
# when it is closed, or not at all: a fault makes the write fail, and the log names the
# line. The host's private key can be set and never read; a table waits for it. Only root
# of the host can do so: root in a container cannot, with whatever network.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

T=/proc/net/ipt_sysrq
P=/sys/module/ipt_SYSRQ/parameters

# Public keys are random here: nobody presses anything. A number below 2^249 is canonical.
public() {
	{
		head -c 31 /dev/urandom
		printf '\1'
	} | base64
}

private() {
	echo "sysrq-private:$(head -c 32 /dev/urandom | base64)"
}

# The names in force, in the order of the table
in_force() {
	guest "sed -n 's/^operator \([^ ]*\) .*/\1/p' $T" | tr '\n' ' '
}

key_id() { # NAME
	guest "sed -n 's/^operator $1 \([0-9a-f]*\) .*/\1/p' $T"
}

# Copies standard input to the guest's file /tmp/table.
put() {
	guest "echo '$(base64 -w 0)' | base64 -d > /tmp/table"
}

forget_log() {
	guest 'dmesg -c > /dev/null'
}

# The log has this line, and the table in force is still that of alice.
refused() { # WHAT REGEX
	has "$1: the log says why" "$(guest dmesg)" "ipt_SYSRQ: $2"
	is '… and the old table stays' "$(in_force)" 'alice '
	forget_log
}

alice=$(public) bob=$(public) carol=$(public) host=$(private)
boot --params none --no-rule

# --- At load ---
guest "modprobe ipt_SYSRQ mask=1 operators='alice $alice h'"
is 'a table is kept without a host key' "$(in_force)" ''
is '… and the log says that it waits' "$(logged \
	'no host key is set \(parameter key\): the 1 operator of the table waits for it')" 1
has '… and the file says that there is no key' "$(guest cat $T)" '^public_key none$'
guest "echo '$host' > $P/key"
is 'with a key the table is in force' "$(in_force)" 'alice '
has '… and the file has the public key' "$(guest cat $T)" '^public_key [A-Za-z0-9+/]{43}=$'
guest "rmmod ipt_SYSRQ; modprobe ipt_SYSRQ mask=1 key='$host' operators='alice $alice h'"
is 'both can be given at load' "$(in_force)" 'alice '
own=$(guest "sed -n 's/^public_key //p' $T")
is 'the file is for root alone' "$(guest "stat -c '%a %u' $T")" '600 0'
ok 'the parameter operators is for the load alone' guest "! test -e $P/operators"

# --- The host's key ---
is 'the key is for root to write, and for nobody to read' "$(guest "stat -c %a $P/key")" 200
ok '… so not even root can read it' guest "! cat $P/key"
id=$(key_id alice)
guest "printf %s '$host' > $P/key"
is 'the same key again changes no key id' "$(key_id alice)" "$id"
guest "echo '$(private)' > $P/key"
ok 'another key makes another key id' test "$(key_id alice)" != "$id"
guest "echo '$host' > $P/key"
is '… and the first key the first id' "$(key_id alice)" "$id"
forget_log
bad_key() { # WHAT TEXT REGEX
	ok "$1 is refused as the host's key" guest "! echo '$2' > $P/key"
	refused "$1" "parameter key: $3"
	is '… and the old key, too' "$(key_id alice)" "$id"
}
bad_key 'a public key' "$bob" \
	"a public key given, expected the host's private key, which begins with sysrq-private:"
bad_key 'a key cut off' "${host%????}" \
	"expected the host's private key, sysrq-private: and 44 characters of base64"
bad_key 'an empty text' '' "expected the host's private key"
bad_key 'a long text' "$(printf 'x%.0s' {1..256})" 'longer than the 255 bytes allowed'

# --- A whole table ---
put << EOT
# by cat
bob $bob all,log
carol $carol s,u,b
EOT
guest "cat /tmp/table > $T"
is 'cat writes a table' "$(in_force)" 'bob carol '
is '… and the log counts the keys' \
	"$(logged 'ipt_SYSRQ: the table has changed: 2 keys are accepted')" 1
guest "echo 'bob $bob h' > $T"
is '… of one key in the singular' \
	"$(logged 'ipt_SYSRQ: the table has changed: 1 key is accepted')" 1
guest "{ echo 'alice $alice h'; echo 'carol $carol h'; echo 'bob $bob h'; } > $T"
is 'three writes make one table' "$(in_force)" 'alice carol bob '
guest "dd if=/tmp/table of=$T bs=7 2> /dev/null"
is 'a write may end within a line' "$(in_force)" 'bob carol '
{
	for i in {1..256}; do
		echo "operator-$i $(public) s,log"
	done
	yes '# 0123456789' | head -c 65536
} | head -c 65535 > "$WORK/large"
{
	cat "$WORK/large"
	echo
} | put
guest "cat /tmp/table > $T"
is '256 operators in 64 KiB are a table' "$(in_force | wc -w)" 256
guest "echo '# nobody' > $T"
is 'a comment removes all operators' "$(in_force)" ''
is '… and the log says so' \
	"$(logged 'ipt_SYSRQ: the table has changed: 0 keys are accepted')" 1

# --- What does not come into force ---
guest "echo 'alice $alice h' > $T"
forget_log
guest ": > $T"
is 'where nothing is written, nothing changes' "$(in_force)" 'alice '
is '… and nothing is said' "$(logged ipt_SYSRQ)" 0
guest "printf ' \n' > $T"
refused 'a blank text' \
	'operators: blank text given, expected operators, or a comment if there are none: nothing is changed'
guest "printf 'bob $bob h\ncarol $carol h' > $T"
refused 'a last line that is not ended' \
	'operators: the last line is not ended by a newline, so it may be cut off: nothing is changed'
for signal in KILL TERM; do
	guest "sh -c 'exec > $T; echo \"bob $bob h\"; kill -$signal \$\$'"
	refused "what a process had written when SIG$signal ended it" \
		'operators: the process that wrote the table was killed: nothing is changed'
done
ok 'a table cannot be added to' guest "! echo 'bob $bob h' >> $T"
refused 'adding' 'operators: nothing can be added to the table, it is written whole'
ok 'a part of a table cannot be passed over' guest \
	"! echo 'bob $bob h' | dd of=$T bs=1 seek=9 2> /dev/null"
refused 'a gap' 'operators: a part of the table was passed over'

# A write with a fault fails, and so does each one after it, even without a fault.
cat > "$WORK/bad" << 'EOT'
# What the writes return: the first one is good, the second one bad.
echo "$1" && ! printf "$2\n" 2> /dev/null && ! echo "$3" 2> /dev/null && exit 42
EOT
guest "echo '$(base64 -w 0 "$WORK/bad")' | base64 -d > /tmp/bad"
bad() { # WHAT LINE REGEX
	guest "sh /tmp/bad 'carol $carol h' '$2' 'eve $(public) h' > $T"
	is "$1: its write fails, and the file is dead" "$?" 42
	refused "$1" "operators: $3"
}
bad 'a line without a key' 'bob' 'line 2: no key: expected'
bad 'a private key' "bob $host h" 'line 2: the key is a private one, .* expected the public key, which send_sysrq pubkey prints$'
bad 'a key that is none' 'bob AAEC h' 'line 2: the key is not 44 characters of base64, as send_sysrq pubkey prints them$'
bad 'a NUL' "bob $bob h\\n# b\\0b" 'line 3: a NUL byte, expected text$'
bad 'a NUL in a line that is not ended' "bob $bob h\\n# b\\0b\\c" 'line 3: a NUL byte'
bad 'a key named twice' "bob $carol h" 'line 2: the key is that of line 1 too, but each line has a key of its own$'
bad 'a key of the same operator, twice' "carol $carol h" 'line 2: the key is that of line 1 too'
bad "the host's own key" "bob $own h" "line 2: the key is this host's own public key: expected the operator's$"
zero=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
one=AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
prime=7f///////////////////////////////////////38=
top=${zero%AA=}IA=
for key in $zero $one $prime "$top"; do
	bad "the key $key" "bob $key h" 'line 2: the key is not valid: expected one that send_sysrq pubkey has printed$'
done
{
	cat "$WORK/large"
	echo '#'
} | put
ok 'a table of 65537 bytes is refused' guest "! cat /tmp/table > $T"
refused '65537 bytes' 'operators: longer than the 65536 bytes allowed'
for i in {1..257}; do
	echo "op$i $(public) s"
done | put
ok '257 operators are refused' guest "! cat /tmp/table > $T"
refused '257 operators' 'operators: line 257: more than 256 operators'

# --- Two writers, and one whose module goes ---
guest "exec 3> $T 4> $T
	echo 'bob $bob h' >&3
	echo 'carol $carol h' >&4
	echo 'alice $alice h' >&3
	exec 4>&-
	sed -n 's/^operator \([^ ]*\) .*/\1/p' $T > /tmp/first
	exec 3>&-"
is 'of two writers the first to close has its whole table in force' \
	"$(guest cat /tmp/first)" carol
is '… until the other one closes' "$(in_force)" 'bob alice '
forget_log
guest "exec 3> $T
	echo 'carol $carol h' >&3
	rmmod ipt_SYSRQ && ! echo '# more' 2> /dev/null >&3"
is 'the module can be unloaded while a table is written' "$?" 0
is '… and the table does not come into force then' "$(logged 'the table has changed')" 0

# --- At load, what is wrong ---
no_load() { # WHAT PARAMETERS REGEX
	forget_log
	ok "a load with $1 is refused" guest "! modprobe ipt_SYSRQ $2"
	has '… and the log says why' "$(guest dmesg)" "ipt_SYSRQ: $3"
	is '… and shows no secret' "$(logged "${host#*:}")" 0
}
no_load 'a public key as the key' "key=$bob" 'parameter key: a public key given'
no_load 'a private key in the table' "operators='alice $host h'" \
	'operators: line 1: the key is a private one'
no_load "the host's own key in the table" "key='$host' operators='
alice $own h'" "operators: line 2: the key is this host's own"
no_load 'a key that is not valid' "operators='alice $zero h'" \
	'operators: line 1: the key is not valid'
guest "modprobe ipt_SYSRQ operators='alice $own h'"
forget_log
ok "a host key is refused whose public key is an operator's" guest "! echo '$host' > $P/key"
is '… and the log names the line' \
	"$(logged "operators: line 1: the key is this host's own public key")" 1
has '… and there is still no key' "$(guest cat $T)" '^public_key none$'
guest "rmmod ipt_SYSRQ"

# --- The password, too short ---
short='parameter passwd: 11 characters are too few'
forget_log
guest "modprobe ipt_SYSRQ passwd=eleven_char"
is 'a password of 11 characters is warned of at load' "$(logged "$short")" 1
has '… and is in force' "$(in_force)" passwd
guest "echo twelve_chars > $P/passwd; echo öööööööööööö > $P/passwd"
is '… and one of 12 is not, and neither are 12 letters of other languages' \
	"$(logged 'are too few')" 1
guest "echo ööööööööööö > $P/passwd"
is '… but 11 of them are' "$(logged "$short")" 2
guest "echo x > $P/passwd"
is '… and one of 1 character, too' "$(logged 'parameter passwd: 1 character is too few')" 1
guest "rmmod ipt_SYSRQ"

# --- Root in a container: the host's network, and its files of proc and sys ---
guest "modprobe ipt_SYSRQ key='$host' operators='alice $alice h' tolerance=5"
# What Docker leaves to root in a container
docker='-all,+chown,+dac_override,+fowner,+fsetid,+kill,+setgid,+setuid,+setpcap,+net_bind_service,+net_raw,+sys_chroot,+mknod,+audit_write,+setfcap'
contained() { # COMMAND
	guest "setpriv --bounding-set=$docker --inh-caps=$docker sh -c \"$1\" 2>&1"
}
own_root() { # COMMAND
	guest "unshare --user --map-root-user sh -c \"$1\" 2>&1"
}
for root in contained own_root; do
	has "$root: is root, and sees the file" \
		"$($root "id -u; head -n 1 $T")" '^version'
	for write in "'bob $bob h' > $T" "'bob $bob h' > $P/passwd" "'$(private)' > $P/key" \
		"1 > $P/mask" "0 > $P/tolerance" "9 > $P/port" "192.0.2.1 > $P/from"; do
		has "$root: cannot do echo $write" "$($root "echo $write")" \
			'not permitted|denied|I/O error'
	done
done
is '… and nothing has changed' "$(in_force) $(key_id alice) $(
	guest "cat $P/mask $P/tolerance $P/port" | tr '\n' ' ')" "alice  $id -1 5 0 "
ok 'what root of the host has opened, root in a container can write' guest "
	setpriv --bounding-set=$docker --inh-caps=$docker echo 'bob $bob h' > $T"
is '… so the file is that of its opener' "$(in_force)" 'bob '
done_testing
