#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The module's parameters can be set at load, in modprobe.d and at run time; bad values are
# refused, and the log says why. The mask decides which letters are pressed, the tolerance
# how far the clock of a one-way command may be off, and the log has one line for each run
# and each refusal. A rule loads the module, and it can be unloaded in the middle of a run.
# It is small, and serves only the host's own network namespace.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

boot --params none --no-rule
P=/sys/module/ipt_SYSRQ/parameters
secret=$SEND_SYSRQ_PASSWORD

# --- Loading ---
guest "modprobe ipt_SYSRQ"
is 'without a password the module loads, and says once that it accepts nothing' \
	"$(logged 'ipt_SYSRQ: neither operators nor passwd is set: nothing is accepted')" 1
is 'the defaults' "$(guest "cat $P/realm $P/tolerance $P/mask $P/after_panic" | tr '\n' ' ')" \
	' 43200 -1 0 '
is 'passwd is for root to write, and for nobody to read' \
	"$(guest "stat -c %a $P/passwd")" 200
guest "iptables-legacy -I INPUT -p udp --dport 9 -j SYSRQ"
send --timeout 1 --no-one-way h
is '… and it accepts nothing' "$status" 5
guest "printf %s '$secret' > $P/passwd"
send h
is 'a password can be set at run time' "$status" 0
guest "echo another > $P/passwd"
send --timeout 1 --no-one-way h
is 'another password takes the place of the old one' "$status" 5
guest "echo '$secret' > $P/passwd"
send h
is 'the newline of echo is no part of the password' "$status" 0
guest "echo > $P/passwd"
send --timeout 1 --no-one-way h
is 'with an empty password nothing is accepted' "$status" 5

ok 'the module cannot be unloaded while a rule uses it' guest "! rmmod ipt_SYSRQ"
guest "iptables-legacy -F INPUT; rmmod ipt_SYSRQ"
ok 'it can be unloaded when no rule is left' guest "! test -d /sys/module/ipt_SYSRQ"

# --- As an administrator gives them ---
guest "modprobe ipt_SYSRQ passwd=\"$secret\" tolerance=3600"
is 'modprobe ipt_SYSRQ passwd="…" tolerance=3600' \
	"$(guest "cat $P/tolerance")" 3600
guest "rmmod ipt_SYSRQ"
guest "mkdir -p /etc/modprobe.d
	echo 'options ipt_SYSRQ passwd=\"two words\" tolerance=0x10 mask=176' \
	> /etc/modprobe.d/sysrq.conf
	iptables-legacy -I INPUT -p udp --dport 9 -j SYSRQ"
is 'a rule loads the module, with the options of modprobe.d' \
	"$(guest "cat $P/tolerance $P/mask" | tr '\n' ' ')" '16 176 '
SEND_SYSRQ_PASSWORD='two words' send h
is '… and with its password of two words' "$status" 0
guest "iptables-legacy -F; rmmod ipt_SYSRQ; rm /etc/modprobe.d/sysrq.conf
	modprobe ipt_SYSRQ passwd='$secret' realm='web7, rack 3'
	iptables-legacy -I INPUT -p udp --dport 9 -j SYSRQ"
send --realm 'web7, rack 3' h
is 'with a realm that both sides know a letter is pressed' "$status" 0
send --timeout 1 --no-one-way h
is '… and without it nothing is accepted' "$status" 5
guest "iptables-legacy -F; rmmod ipt_SYSRQ
	ip6tables-legacy -I INPUT -p udp --dport 9 -j SYSRQ"
ok 'a rule of ip6tables loads the module, too' guest "test -d /sys/module/ipt_SYSRQ"
guest "ip6tables-legacy -F; rmmod ipt_SYSRQ"
guest "modprobe ip6t_SYSRQ"
ok 'modprobe ip6t_SYSRQ finds the module' guest "test -d /sys/module/ipt_SYSRQ"
guest "rmmod ipt_SYSRQ"

# --- The parameters' files are there before the module runs, and after ---
guest "modprobe ipt_SYSRQ passwd=first &
	until echo '$secret' 2> /dev/null > $P/passwd; do :; done; wait
	iptables-legacy -I INPUT -p udp --dport 9 -j SYSRQ"
send h
is 'a password that is written during the load counts' "$status" 0
SEND_SYSRQ_PASSWORD=first send --timeout 1 --no-one-way h
is '… and the one of the load does not' "$status" 5
guest "iptables-legacy -F; rmmod ipt_SYSRQ"
ok 'the module survives passwords that are written while it is loaded and unloaded' \
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
refused() { # PARAMETER=VALUE REGEX
	ok "a load with $1 is refused" guest "! modprobe ipt_SYSRQ $1"
	is "… and the log says why: $2" "$(logged "ipt_SYSRQ: $2")" 1
	ok '… and the module is not there' guest "! test -d /sys/module/ipt_SYSRQ"
}
refused tolerance=soon "parameter tolerance: 'soon' is not a number of seconds"
refused tolerance=-1 "parameter tolerance: '-1' is not a number of seconds"
refused tolerance=4294967296 "parameter tolerance: '4294967296' is not"
refused mask=512 "parameter mask: '512' is not a mask as in kernel.sysrq"
refused mask=-2 "parameter mask: '-2' is not a mask"
refused mask= "parameter mask: '' is not a mask"
refused after_panic=2 "parameter after_panic: '2' is not 0 or 1"
refused after_panic=yes "parameter after_panic: 'yes' is not 0 or 1"
long=$(printf 'x%.0s' {1..256})
refused "realm=$long" "parameter realm: '$long' is longer than the 255 bytes"
guest "dmesg -c > /dev/null"
refused "passwd=$long" 'parameter passwd: longer than the 255 bytes allowed'
is 'the log does not show the password' "$(logged xxxx)" 0

guest "modprobe ipt_SYSRQ passwd='$secret' mask=1"
for write in 'tolerance soon' 'mask 512' 'mask 1x' 'after_panic 2' "passwd $long"; do
	ok "a write of $write is refused" \
		guest "! echo '${write#* }' > $P/${write%% *}"
done
is 'writes that are refused change nothing' \
	"$(guest "cat $P/tolerance $P/mask" | tr '\n' ' ')" '43200 1 '
guest "iptables-legacy -I INPUT -p udp --dport 9 -j SYSRQ"
send h
is '… and the old password stays' "$status" 0

# --- The mask ---
# The exit status of pressing, and what kernel.sysrq is then
press_and_say() { # LETTERS
	send "$1"
	echo "$status $(guest cat /proc/sys/kernel/sysrq)"
}
guest "echo -1 > $P/mask; echo 438 > /proc/sys/kernel/sysrq"
is 'mask -1 obeys kernel.sysrq: s is pressed' "$(press_and_say s)" '0 438'
is '… and i is refused' "$(press_and_say i)" '8 438'
guest "echo 1 > $P/mask"
is 'mask 1 permits what kernel.sysrq does not' "$(press_and_say m)" '0 438'
is '… also letters that have no bit of their own' "$(press_and_say q)" '0 438'
is '… and the kernel has obeyed both letters' \
	"$(logged 'sysrq: Show (Memory|clockevent)')" 2
guest "echo 16 > $P/mask"
is 'mask 16 forbids what kernel.sysrq permits' "$(press_and_say u)" '8 438'
guest "echo 1 > $P/mask; echo 0 > /proc/sys/kernel/sysrq"
is 'with kernel.sysrq 0 every letter is refused' "$(press_and_say h)" '8 0'
guest "echo 1 > /proc/sys/kernel/sysrq"
send y
is 'a letter that this kernel does not have is refused' "$status" 10

# --- One-way commands ---
# The exit status of a one-way command
one_way() { # ARGUMENT…
	send --one-way --timeout 2 "$@"
	echo "$status"
}
ok 'a one-way command for the right address is accepted, when the key is a minute old' \
	until_true 180 eval '[ "$(one_way --host-address 10.0.2.15 h)" = 0 ]'
is '… and refused when it was made for another address' "$(one_way h)" 12
guest 'date -s "@$(($(date +%s) + 7200))" > /dev/null
	echo 3600 > '"$P/tolerance"
is '… or when it is void by the clock of the host' \
	"$(one_way --host-address 10.0.2.15 h)" 11
is '… or when the clocks differ by more than the tolerance' \
	"$(one_way --host-address 10.0.2.15 --one-way-for 20000 h)" 11
guest "echo 14400 > $P/tolerance"
is '… or by less, while the key is younger than the difference' \
	"$(one_way --host-address 10.0.2.15 --one-way-for 20000 h)" 11
send h
is '… while in session the clock does not matter' "$status" 0
guest 'date -s "@$(($(date +%s) - 7200))" > /dev/null'
is '… and the one-way command is accepted when the clock is right again' \
	"$(one_way --host-address 10.0.2.15 h)" 0
guest "echo 0 > $P/tolerance"
is '… but never with tolerance 0' \
	"$(one_way --host-address 10.0.2.15 h)" 12
guest "echo 43200 > $P/tolerance"

# --- Audit ---
guest "dmesg -c > /dev/null"
send su
has 'the log has a line for a run: operator, source, letters' "$(guest dmesg)" \
	'ipt_SYSRQ: passwd from 10\.0\.2\.2 presses su$'
is '… and no other line' "$(logged 'ipt_SYSRQ:')" 1
guest "echo 16 > $P/mask"
# So that no refusal from above counts for the limit of lines below
guest 'sleep 10'
send su
has 'the log has a line for a refusal, with the reason' "$(guest dmesg)" \
	'passwd from 10\.0\.2\.2 is refused su: a letter is not permitted by the sysrq mask'
# At most ten lines of this reason are logged in ten seconds. So between a line and the
# twentieth after it lie ten seconds, however long the sending took; a line's stamp may be a
# second late. (Clients that are in each other's way are refused for other reasons first,
# which have a limit of their own.)
for _ in {1..24}; do
	send su &
	clients+=("$!")
done
wait "${clients[@]}"
guest dmesg > "$WORK/refused"
ok '… and there are at most ten such lines in ten seconds' awk -F '[][ ]+' '
	/is refused su: a letter is not permitted by the sysrq mask/ {
		at[++n] = $2
		if (n > 20 && at[n] - at[n - 20] < 9) early = 1
	}
	END {
		printf "%d lines, at", n
		for (i = 1; i <= n; i++) printf " %s", at[i]
		exit n < 10 || early
	}' "$WORK/refused"
guest "echo 1 > $P/mask"

# --- Unloading with a run in progress ---
guest "dmesg -c > /dev/null"
send_in_background --wait 60 h,b
ok 'a run begins that takes a minute' \
	until_true 60 eval 'test "$(logged "presses hb")" = 1'
ok '… and the module can be unloaded meanwhile' \
	guest "iptables-legacy -F && rmmod ipt_SYSRQ"
kill "$client"
is '… and the log says what becomes of the run' \
	"$(logged 'unloaded: the letters not yet pressed are dropped')" 1

guest "modprobe ipt_SYSRQ passwd='$secret' mask=1
	iptables-legacy -I INPUT -p udp --dport 9 -j SYSRQ
	dmesg -c > /dev/null"
send_in_background --wait h=60 h
ok 'the last letter of a run is pressed, and waits a minute' \
	until_true 60 eval 'test "$(logged "sysrq: HELP")" = 1'
ok '… and the module can be unloaded meanwhile' \
	guest "iptables-legacy -F && rmmod ipt_SYSRQ"
kill "$client"
is '… but no letter was dropped' "$(logged 'unloaded:')" 0

# --- Only the host itself ---
ok 'a rule in another network namespace is refused' guest "
	modprobe ipt_SYSRQ && ip netns add other &&
	! ip netns exec other iptables-legacy -I INPUT -p udp -j SYSRQ"
is '… and the log says why' \
	"$(logged "a network namespace other than the host's own is refused")" 1

# --- A kernel that cannot have it ---
kdir=$(printf '%s\n' /usr/src/linux-headers-*-cloud-amd64 | sort -V | tail -n 1)
echo '#undef CONFIG_CRYPTO_LIB_CURVE25519_MODULE' > "$WORK/without.h"
make -s -C "$TOP" module BUILD="$WORK/build" KDIR="$kdir" \
	KCFLAGS="-include $WORK/without.h" > "$WORK/built" 2>&1
like 'where the kernel has no Curve25519, the build says what to enable' "$WORK/built" \
	'error: .*CONFIG_CRYPTO_LIB_CURVE25519.*CONFIG_WIREGUARD enables both'

# --- Small ---
# What the kernel drops after the load does not count. A debug kernel adds its checks to
# every function, and newer kernels add code against faults of processors.
case ${KERNEL:-} in
debug) limit= ;;
'' | 6.1 | 6.1.*) limit=61 ;;
*) limit=91 ;;
esac
if [ "$limit" ]; then
	module=$BUILD/module-$(guest uname -r)/ipt_SYSRQ.ko
	stays=$({
		size "$module" | awk 'NR == 2 { print "all", $1 + $2 }'
		size -A "$module"
	} | awk '$1 == "all" { sum = $2 }
		$1 ~ /^(\.init|\.modinfo|__version)/ { sum -= $2 }
		END { print sum }')
	ok "its text and data, $stays bytes, take less than $limit KiB" \
		test "$stays" -lt $((limit * 1024))
fi
done_testing
