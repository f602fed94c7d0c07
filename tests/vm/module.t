#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The module's parameters, permissions, aliases, loading and unloading.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

boot --params none --no-rule
P=/sys/module/ipt_SYSRQ/parameters
secret=$SEND_SYSRQ_PASSWORD

# --- Loading ---
guest "modprobe ipt_SYSRQ"
is 'without a password it loads and says once that it accepts nothing' \
	"$(logged 'ipt_SYSRQ: neither operators nor passwd is set: nothing is accepted')" 1
is 'the defaults' "$(guest "cat $P/realm $P/tolerance $P/mask" | tr '\n' ' ')" \
	' 43200 -1 '
is 'passwd is for root to write, and for nobody to read' \
	"$(guest "stat -c %a $P/passwd")" 200
guest "iptables-legacy -I INPUT -p udp --dport 9 -j SYSRQ"
send --timeout 1 --no-one-way h
is 'without a password: nothing is accepted' "$status" 5
guest "printf %s '$secret' > $P/passwd"
send h
is 'a password may be set while it runs' "$status" 0
guest "echo another > $P/passwd"
send --timeout 1 --no-one-way h
is 'another password shuts the old one out' "$status" 5
guest "echo '$secret' > $P/passwd"
send h
is 'the newline of echo is no part of it' "$status" 0
guest "echo > $P/passwd"
send --timeout 1 --no-one-way h
is 'and an empty one shuts everybody out' "$status" 5

ok 'a module in use is not unloaded' guest "! rmmod ipt_SYSRQ"
guest "iptables-legacy -F INPUT; rmmod ipt_SYSRQ"
ok 'it is unloaded when no rule is left' guest "! test -d /sys/module/ipt_SYSRQ"

# --- As an administrator gives them ---
guest "modprobe ipt_SYSRQ passwd=\"$secret\" tolerance=3600"
is 'modprobe ipt_SYSRQ passwd="…" tolerance=3600' \
	"$(guest "cat $P/tolerance")" 3600
guest "rmmod ipt_SYSRQ"
guest "mkdir -p /etc/modprobe.d
	echo 'options ipt_SYSRQ passwd=\"two words\" tolerance=0x10 mask=176' \
	> /etc/modprobe.d/sysrq.conf
	iptables-legacy -I INPUT -p udp --dport 9 -j SYSRQ"
is 'a rule loads it by itself, with the options of modprobe.d' \
	"$(guest "cat $P/tolerance $P/mask" | tr '\n' ' ')" '16 176 '
SEND_SYSRQ_PASSWORD='two words' send h
is 'a password of two words in modprobe.d' "$status" 0
guest "iptables-legacy -F; rmmod ipt_SYSRQ; rm /etc/modprobe.d/sysrq.conf
	modprobe ipt_SYSRQ passwd='$secret' realm='web7, rack 3'
	iptables-legacy -I INPUT -p udp --dport 9 -j SYSRQ"
send --realm 'web7, rack 3' h
is 'a realm that both sides know' "$status" 0
send --timeout 1 --no-one-way h
is '… is part of the key' "$status" 5
guest "iptables-legacy -F; rmmod ipt_SYSRQ
	ip6tables-legacy -I INPUT -p udp --dport 9 -j SYSRQ"
ok 'and so does an ip6tables rule' guest "test -d /sys/module/ipt_SYSRQ"
guest "ip6tables-legacy -F; rmmod ipt_SYSRQ"
guest "modprobe ip6t_SYSRQ"
ok 'modprobe ip6t_SYSRQ finds it' guest "test -d /sys/module/ipt_SYSRQ"
guest "rmmod ipt_SYSRQ"

# --- Its parameters' files are there before it runs, and after ---
guest "modprobe ipt_SYSRQ passwd=first &
	until echo '$secret' 2> /dev/null > $P/passwd; do :; done; wait
	iptables-legacy -I INPUT -p udp --dport 9 -j SYSRQ"
send h
is 'a password written while it loads is the one that counts' "$status" 0
SEND_SYSRQ_PASSWORD=first send --timeout 1 --no-one-way h
is '… and the one it was loaded with is not' "$status" 5
guest "iptables-legacy -F; rmmod ipt_SYSRQ"
ok 'empty passwords written while it is loaded and unloaded' \
	vm run --timeout 120 "$VM" "
	for writer in 1 2 3; do
		while ! [ -e /tmp/enough ]; do
			echo > $P/passwd
		done 2> /dev/null &
	done
	for i in \$(seq 15); do
		modprobe ipt_SYSRQ && rmmod ipt_SYSRQ || break
	done
	touch /tmp/enough; wait; test \$i = 15"

# --- Bad values ---
refused() {
	ok "a load with $1 is refused" guest "! modprobe ipt_SYSRQ $1"
	is "… and the message says it: $2" "$(logged "ipt_SYSRQ: $2")" 1
	ok '… and nothing is loaded' guest "! test -d /sys/module/ipt_SYSRQ"
}
refused tolerance=soon "parameter tolerance: 'soon' is not a number of seconds"
refused tolerance=-1 "parameter tolerance: '-1' is not a number of seconds"
refused tolerance=4294967296 "parameter tolerance: '4294967296' is not"
refused mask=512 "parameter mask: '512' is not a mask as in kernel.sysrq"
refused mask=-2 "parameter mask: '-2' is not a mask"
refused mask= "parameter mask: '' is not a mask"
long=$(printf 'x%.0s' {1..256})
refused "realm=$long" "parameter realm: '$long' is longer than the 255 bytes"
guest "dmesg -c > /dev/null"
refused "passwd=$long" 'parameter passwd: longer than the 255 bytes allowed'
is 'a password does not get into the log' "$(logged xxxx)" 0

guest "modprobe ipt_SYSRQ passwd='$secret' mask=1"
for write in 'tolerance soon' 'mask 512' 'mask 1x' "passwd $long"; do
	ok "a write of ${write%% *} ${write#* }" \
		guest "! echo '${write#* }' > $P/${write%% *}"
done
is 'a refused write changes nothing' \
	"$(guest "cat $P/tolerance $P/mask" | tr '\n' ' ')" '43200 1 '
guest "iptables-legacy -I INPUT -p udp --dport 9 -j SYSRQ"
send h
is '… and the old password stays' "$status" 0

# --- The mask ---
press_and_say() {
	send "$1"
	echo "$status $(guest cat /proc/sys/kernel/sysrq)"
}
guest "echo -1 > $P/mask; echo 438 > /proc/sys/kernel/sysrq"
is 'mask -1 obeys kernel.sysrq: s passes' "$(press_and_say s)" '0 438'
is '… i does not' "$(press_and_say i)" '8 438'
guest "echo 1 > $P/mask"
is 'mask 1 permits what kernel.sysrq does not' "$(press_and_say m)" '0 438'
is '… also keys with no bit of their own' "$(press_and_say q)" '0 438'
is '… and the kernel has pressed them' \
	"$(logged 'sysrq: Show (Memory|clockevent)')" 2
guest "echo 16 > $P/mask"
is 'mask 16 forbids what kernel.sysrq permits' "$(press_and_say u)" '8 438'
guest "echo 1 > $P/mask; echo 0 > /proc/sys/kernel/sysrq"
is 'with kernel.sysrq 0 every key is refused' "$(press_and_say h)" '8 0'
guest "echo 1 > /proc/sys/kernel/sysrq"
send y
is 'a key that the kernel has not' "$status" 10

# --- One-way commands ---
one_way() {
	send --one-way --timeout 2 "$@"
	echo "$status"
}
is 'a one-way command to its address' \
	"$(one_way --host-address 10.0.2.15 h)" 0
is '… is refused when it was made for another' "$(one_way h)" 12
guest 'date -s "@$(($(date +%s) + 7200))" > /dev/null
	echo 3600 > '"$P/tolerance"
is '… or when the clocks differ by more than the tolerance' \
	"$(one_way --host-address 10.0.2.15 h)" 11
guest "echo 14400 > $P/tolerance"
is '… but not by less, to a key as old as that' \
	"$(one_way --host-address 10.0.2.15 h)" 11
send h
is '… while in session no clock matters' "$status" 0
guest 'date -s "@$(($(date +%s) - 7200))" > /dev/null'
is '… it is accepted when the clock is right again' \
	"$(one_way --host-address 10.0.2.15 h)" 0
guest "echo 0 > $P/tolerance"
is '… and never with tolerance 0' \
	"$(one_way --host-address 10.0.2.15 h)" 12
guest "echo 43200 > $P/tolerance"

# --- Audit ---
guest "dmesg -c > /dev/null"
send su
has 'one line a run: operator, source, keys' "$(guest dmesg)" \
	'ipt_SYSRQ: passwd from 10\.0\.2\.2 presses su$'
is '… and one only' "$(logged 'ipt_SYSRQ:')" 1
guest "echo 16 > $P/mask"
send su
has 'one line a refusal, with the reason' "$(guest dmesg)" \
	'passwd from 10\.0\.2\.2 is refused su: a key is not permitted by the sysrq mask'
# Ten lines in ten seconds at most: so ten seconds, less what a line's stamp may be
# late, lie between one and the twentieth after it, however long sending took.
for _ in {1..24}; do
	send su &
	clients+=("$!")
done
wait "${clients[@]}"
guest dmesg > "$WORK/refused"
ok '… rate limited' awk -F '[][ ]+' '
	/is refused su/ {
		at[++n] = $2
		if (n > 20 && at[n] - at[n - 20] < 9) early = 1
	}
	END { exit n < 10 || early }' "$WORK/refused"
guest "echo 1 > $P/mask"

# --- Unloading with a run in progress ---
guest "dmesg -c > /dev/null"
send_in_background --wait 60 hb
ok 'a run that will take a minute' \
	until_true 60 eval 'test "$(logged "presses hb")" = 1'
ok 'the module is unloaded meanwhile' \
	guest "iptables-legacy -F && rmmod ipt_SYSRQ"
kill "$client"
is '… and says what becomes of the run' \
	"$(logged 'unloaded: the keys not yet pressed are dropped')" 1

# --- Only the host itself ---
ok 'a rule in another network namespace is refused' guest "
	modprobe ipt_SYSRQ && ip netns add other &&
	! ip netns exec other iptables-legacy -I INPUT -p udp -j SYSRQ"
is '… and the log says why' \
	"$(logged "a network namespace other than the host's own is refused")" 1

# What the checks of a debug kernel add is not ours, nor is what newer ones put into
# every function against faults of processors.
case ${KERNEL:-} in
debug) limit= ;;
'' | 6.1 | 6.1.*) limit=48 ;;
*) limit=60 ;;
esac
if [ "$limit" ]; then
	text_data=$(size "$BUILD/module-$(guest uname -r)/ipt_SYSRQ.ko" |
		awk 'NR == 2 { print $1 + $2 }')
	ok "its text and data, $text_data bytes, are below $limit KiB" \
		test "$text_data" -lt $((limit * 1024))
fi
done_testing
