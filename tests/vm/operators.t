#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Each operator presses only the permitted letters, and reads the log only with that
# permission. The table can be replaced at run time; the old one stays where the new one is
# bad (tests/vm/table.t shows more of that). The log and /proc/net/ipt_sysrq say who did what, and
# show no secret. A user who is root in namespaces of his own gets at none of this.
#
#   this machine                          guest
#   send_sysrq, a key for each operator -- QEMU -- eth0 10.0.2.15, rule -j SYSRQ
#                                                a user's own network namespace: refused
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

P=/sys/module/ipt_SYSRQ/parameters
secret=$SEND_SYSRQ_PASSWORD

boot --params none --no-rule
for name in alice alice2 bob carol mallory; do
	new_key "$name" > "$WORK/$name"
done

# A line of the table, with the key of that name. alice2 is another key for alice.
line() { # NAME PERMISSION…
	printf '%s %s %s\n' "${1%2}" "$(cat "$WORK/$1")" "${*:2}"
}

load() { # PARAMETER…
	guest "! test -d /sys/module/ipt_SYSRQ ||
		{ iptables-legacy -F INPUT; rmmod ipt_SYSRQ; }
		modprobe ipt_SYSRQ mask=1 key=$(private_key host) $* &&
		iptables-legacy -I INPUT -p udp --dport 9 -j SYSRQ"
}

# The operator presses, and send_sysrq exits with that status.
can() { # NAME LETTERS STATUS [TIMEOUT]
	as "$1" --timeout "${4:-5}" --no-one-way "$2"
	is "${1%2} presses $2: exit status $3" "$status" "$3"
}

counter() { # NAME
	guest "sed -n 's/^$1 //p' /proc/net/ipt_sysrq"
}

# --- At load ---
load "operators='# the night shift
$(line alice all log)
$(line bob s u)  # no reboot
'"
is 'with operators the module needs no password' "$(logged 'nothing is accepted')" 0
can alice hm 0
can bob s 0
can bob sb 9
can mallory h 5 1
is 'the log names who pressed' "$(logged 'ipt_SYSRQ: alice from .* presses hm$')" 1
is '… and who was refused' "$(logged \
	'ipt_SYSRQ: bob from .* is refused sb: a letter is not permitted to this operator')" 1

# --- At run time, and who may read the log ---
address=$(vm address "$VM")
reads_log() { # NAME
	READLOG_KEY=$(shared_key "$1") "$BUILD/readlog" "${address%:*}" \
		"${address##*:}" > /dev/null 2> "$WORK/refused"
	echo "$? $(cat "$WORK/refused")"
}
is 'alice can read the log' "$(reads_log alice)" '0 '
is 'bob cannot' "$(reads_log bob)" '3 refused: 36'
is '… and the log says so' "$(logged \
	'bob from .* asks for the log and is refused: this operator may not')" 1
{
	line bob s,unmount,b log
	line carol h
} | put_table
can bob h 9
can bob s 0
is 'with another table bob can read the log' "$(reads_log bob)" '0 '
can carol h 0
can alice h 5 1
line carol sync,unmount,reboot | put_table
has 'each name permits its own letter' "$(guest cat /proc/net/ipt_sysrq)" \
	'^operator carol [0-9a-f]{16} b,s,u '
can carol n 9

# --- Two keys for one name: a key can be replaced without a gap ---
{
	line alice h
	line alice2 h
} | put_table
can alice h 0
can alice2 h 0
line alice2 h | put_table
can alice h 5 1
can alice2 h 0
is 'in the log both keys have the same name' "$(logged 'alice from .* presses h$')" 3

# --- The password is one operator more ---
guest "printf %s '$secret' > $P/passwd"
send h
is 'a password can be set beside the table' "$status" 0
can alice2 h 0
is '… and its operator is named passwd' "$(logged 'passwd from .* presses h$')" 1
line bob h | put_table
send h
is 'the password still counts after another table' "$status" 0
can bob h 0
guest "echo > $P/passwd"
send --timeout 1 --no-one-way h
is 'an empty password counts no more' "$status" 5
can bob h 0
put_table <<< '# nobody'
can bob h 5 1
is 'a table with nothing but a comment is accepted, and the log says so' \
	"$(logged 'ipt_SYSRQ: the table has changed: 0 keys are accepted')" 1

# --- Bad tables: the old table stays ---
line alice h | put_table
bad() { # NAME REGEX: with a table on standard input
	guest 'dmesg -c > /dev/null'
	ok "a bad table is refused: $1" eval '! put_table'
	has "… and the log says: $2" "$(guest dmesg)" \
		"ipt_SYSRQ: operators: $2"
}
bad 'no permissions' 'line 3: no permission given, expected one or more' << EOT
$(line bob s)

carol $(cat "$WORK/carol")
EOT
bad 'a key too long' 'line 1: the key is not 44 characters of base64' \
	<<< "carol 0$(cat "$WORK/carol") s"
bad 'no such letter' "line 1: permission 'x' given, expected a letter or a name that .* or log$" \
	<<< "$(line carol s,u,x)"
bad 'several letters in one word' "line 1: permission 'sub' given, .*; to permit its letters write s,u,b$" \
	<<< "$(line carol sub)"
bad 'a word that says no' "line 1: permission 'none' given, " <<< "$(line carol none)"
bad 'passwd as a name' "line 1: the name 'passwd' is" \
	<<< "passwd $(cat "$WORK/carol") s"
bad 'the key of another' "line 4: the key is that of line 1 too" << EOT
$(line bob h)
# and
$(line carol h)
eve $(cat "$WORK/bob") s
EOT
can alice h 0
can bob h 5 1

# --- Large tables ---
{
	for i in $(seq 64); do
		echo "# Operator number $i of the sixty-four, of the day shift"
		echo "operator-$i $(new_key "op$i") s u b log"
	done
} > "$WORK/large"
ok "a table of $(stat -c %s "$WORK/large") bytes is accepted" eval \
	'put_table < "$WORK/large"'
is '… has 64 operators' "$(guest 'grep -c ^operator /proc/net/ipt_sysrq')" 64
can op1 s 0
can op64 s 0
bad 'a large table with a bad last line' 'line 129: the key is not' < <(
	cat "$WORK/large"
	echo 'the last line is bad'
)
is '… and all 64 operators stay' "$(guest 'grep -c ^operator /proc/net/ipt_sysrq')" 64
line bob s | put_table
load "operators=\"\$(cat /tmp/operators)\""
can bob s 0
guest "echo '$(base64 -w 0 "$WORK/large")' | base64 -d > /tmp/operators"
load "operators=\"\$(cat /tmp/operators)\" passwd='$secret'"
can op64 s 0
send h
is 'the large table and a password can be given at load' "$status" 0

# --- Bad tables at load ---
guest 'iptables-legacy -F INPUT; rmmod ipt_SYSRQ; dmesg -c > /dev/null'
ok 'a load with a bad table is refused' guest \
	"! modprobe ipt_SYSRQ operators='alice x all'"
is '… and the log names the line' "$(logged 'ipt_SYSRQ: operators: line 1: the key is not')" 1
ok 'a load with a quotation mark is refused' guest \
	"! modprobe ipt_SYSRQ operators='# the \"night\" shift
$(line alice all)'"
is '… because the kernel takes it for the end' \
	"$(logged 'parameter operators: a quotation mark ends the text at load')" 1
ok '… and the module is not there' guest '! test -d /sys/module/ipt_SYSRQ'

# --- A run in progress ---
load "operators='$(line bob h m s)
$(line alice h m)'"
send_in_background "${pair[@]}" "$WORK/bob.key" --wait 10 hm
ok 'a run begins that takes ten seconds' \
	until_true 60 eval 'test "$(logged "presses hm$")" = 1'
{
	line bob h m s
	line alice h m
} | put_table
ok '… and the same table again does not disturb the run' wait "$client"
send_in_background "${pair[@]}" "$WORK/bob.key" --wait 10 m,s
ok 'another such run begins' \
	until_true 60 eval 'test "$(logged "presses ms$")" = 1'
guest 'dmesg -c > /dev/null'
line alice h m | put_table
ok 'a table without bob ends the run that he began' until_true 60 eval \
	'test "$(logged "the run of bob ends before s: the letter is no longer permitted")" = 1'
wait "$client"
is '… and he gets no more answers: the end was not seen' "$?" 4
is '… s was not pressed' "$(logged 'sysrq: Emergency Sync$')" 0

# --- As many as there may be ---
# Their keys are random. In whatever order the module keeps them, some come before alice and
# bob, and some after.
crowd() { # FROM TO
	local i
	for ((i = $1; i <= $2; i++)); do
		echo "operator-$i $( (head -c 31 /dev/urandom && printf '\1') | base64) h"
	done
}
{
	line bob s
	crowd 1 127
	line alice h
	crowd 128 253
	line carol h
} | put_table
for name in alice carol; do
	can "$name" h 0
done
can bob s 0
can mallory h 5 1

# --- /proc/net/ipt_sysrq ---
is 'only root may read the counters' \
	"$(guest 'stat -c "%a %u" /proc/net/ipt_sysrq')" '600 0'
is '… and only root may write passwd and key' \
	"$(guest "stat -c %a $P/passwd $P/key" | tr '\n' ' ')" '200 200 '
load "operators='$(line alice all log)
$(line bob sync,unmount)'"
has 'a new operator has a line' "$(guest cat /proc/net/ipt_sysrq)" \
	'^operator alice [0-9a-f]{16} all,log never -$'
as alice h
as bob sb
as mallory --timeout 1 --no-one-way h
as mallory --timeout 1 --one-way h
shown=$(guest cat /proc/net/ipt_sysrq)
has 'a command that was accepted is counted' "$shown" '^accepted 1$'
has 'a refusal is counted by its reason' "$shown" '^refused_operator 1$'
has '… and not for another reason' "$shown" '^refused_mask 0$'
ok 'datagrams of a key that nobody has are counted' test "$(counter unknown_key)" -gt 1
before=$(counter not_ours)
guest "iptables-legacy -A INPUT -p udp --dport 9 -j DROP; packet 9 320 10"
is 'junk that is as long as a datagram is not ours' "$(counter not_ours)" $((before + 10))
before=$(counter unknown_key)
guest 'packet 9 unknown 10'
is '… and with a key id it is that of an unknown key' "$(counter unknown_key)" $((before + 10))
has 'the last use and the last letters are shown' "$shown" \
	"^operator alice [0-9a-f]{16} all,log $(date -u +%Y)-[0-9-]+T[0-9:]+Z h$"
has 'a use that was refused is shown, without letters' "$shown" \
	'^operator bob [0-9a-f]{16} s,u 20[0-9T:-]+Z -$'
is 'no reply could not be sent' "$(counter replies_not_sent)" 0
guest 'ip route add unreachable 10.0.2.2 && ip route flush cache'
as alice --timeout 1 --no-one-way h
guest 'ip route del unreachable 10.0.2.2'
ok 'replies that cannot be sent are counted' test "$(counter replies_not_sent)" -gt 0

# --- No secret can be read ---
no_secret() {
	guest "dmesg; cat /proc/net/ipt_sysrq; cat /sys/module/ipt_SYSRQ/*/* \
		/proc/modules /proc/cmdline" 2> /dev/null > "$WORK/readable"
	sed -n 's/^sysrq-private:\(.\{20\}\).*/\1/p' "$WORK"/*.key > "$WORK/secrets"
	test -s "$WORK/secrets" && ! grep -qF -f "$WORK/secrets" "$WORK/readable"
}
ok 'no key stands in the log, in /proc or in /sys' no_secret

# --- Only root of the host itself ---
# A command by a user who is root in namespaces of his own. SWITCH adds one more.
as_user() { # SWITCH COMMAND
	echo "setpriv --reuid 1000 --clear-groups unshare -U -r $1 env \
		XTABLES_LOCKFILE=/tmp/xtables.lock sh -c '$2'"
}
ok 'a user can make namespaces, and rules in them' \
	guest "$(as_user -n 'iptables-legacy -I INPUT -p udp -j ACCEPT')"
for flavour in legacy nft; do
	ok "… but no rule with SYSRQ: $flavour" guest \
		"! $(as_user -n "iptables-$flavour -I INPUT -p udp -j SYSRQ")"
done
is '… and the log says why' "$(logged "namespace other than the host's own is refused")" 2
ok '… and he has no counters there' \
	guest "! $(as_user -n 'cat /proc/self/net/ipt_sysrq')"
ok '… and cannot read those of the host' \
	guest "! $(as_user '' 'cat /proc/net/ipt_sysrq')"
ok '… and cannot write the table' guest "! $(as_user '' 'echo \"# none\" > /proc/net/ipt_sysrq')"
for parameter in passwd key port from mask tolerance; do
	ok "… and cannot set $parameter" \
		guest "! $(as_user '' "echo 1 > $P/$parameter")"
done
done_testing
