#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A host whose kernel.panic is 20 reboots by itself 20 s after a panic. Without
# after_panic=1 it hears nothing until then. With it, it listens, and reboots all the
# same: while it is asked all the time, while junk comes, after a letter that takes long,
# and if its poller crashes.
#
#   this machine                                 guest
#   send_sysrq, askpanic, junk ---------- QEMU -- eth0 10.0.2.15
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

# The panics themselves are reports: BUG, Oops, soft lockup.
no_report() {
	! vm console "$VM" |
		grep -aE 'WARNING:|KASAN|UBSAN|unregister_netdevice|INFO: (possible|suspicious|trying|inconsistent)'
}

P=/sys/module/ipt_SYSRQ/parameters
boot --no-rule --params "passwd=$SEND_SYSRQ_PASSWORD mask=1 port=9 after_panic=1"
address=$(vm address "$VM")

asked() {
	"$BUILD/askpanic" "${address%:*}" "${address##*:}"
}

# The host panics a second after the command: between asked_at and seen_at, by the clock of
# this machine.
console=${XDG_RUNTIME_DIR:-/tmp}/ipt_sysrq-lab-$UID/$VM/console
panic() { # COMMAND
	guest 'modprobe sysrq_panic; echo 20 > /proc/sys/kernel/panic'
	asked_at=$EPOCHREALTIME
	guest "$1
		(sleep 1; echo \"<0>panic at \$(date +%s)\" > /dev/kmsg
		echo c > /proc/sysrq-trigger) > /dev/null 2>&1 &"
	until_true 60 eval 'awk "/Linux version/ { p = 0 }
		/Rebooting in 20 seconds/ { p = 1 } END { exit !p }" "$console"' ||
		bail 'the guest does not panic'
	seen_at=$EPOCHREALTIME
}

# The guest has reset after 20 s. A busy machine may be late. The guest's clock may be some
# percents too fast.
reset_in_time() {
	local ended
	vm wait --timeout 60 "$VM" reset || return
	ended=$(vm events "$VM" | awk '/ RESET / && /guest/ { t = $1 } END { print t }')
	echo "asked $asked_at, seen $seen_at, reset $ended; the guest's clock:" \
		"$(grep -a 'panic at [0-9]' "$console" | tail -n 1)"
	awk -v a="$asked_at" -v s="$seen_at" -v e="$ended" \
		'BEGIN { exit !(e - a > 18 && e - s < 45) }'
}

booted() {
	until_true 180 vm wait "$VM" ready || bail 'the guest does not come back'
}

panic true
has 'with after_panic=1 the host answers, and says when it will reboot' "$(asked)" \
	'^panicked 1, hears 1, reboots in ([1-9]|1[0-9]|20), '
ok '… nobody asks any more: it reboots in time' reset_in_time
booted

panic true
while kill -0 $$ 2> /dev/null; do
	asked > /dev/null
done &
asking=$!
ok 'asked all the time: it reboots in time' reset_in_time
kill "$asking"
booted

panic true
"$BUILD/guest/junk" "${address%:*}" "${address##*:}" 320 &
junk=$!
while :; do
	head -c 1200 /dev/urandom > "/dev/udp/${address%:*}/${address##*:}"
done 2> /dev/null &
more=$!
ok 'while junk comes: it reboots in time' reset_in_time
kill "$junk" "$more"
booted

guest 'modprobe sysrq_panic'
has_y() {
	"$BUILD/send_sysrq" status --need y -p "${address##*:}" "${address%:*}"
}
ok 'the host has a letter that takes 15 s' until_true 60 has_y
panic true
send --timeout 3 --no-one-way y
has '… it is pressed' "$out" 'has accepted the command'
ok '… the host reboots in time' reset_in_time
booted

panic 'echo crash > /sys/module/sysrq_panic/parameters/how; ip link set crash0 up'
has 'a card whose poll crashes: the host answers by the other one' "$(asked)" \
	'^panicked 1, hears 1, reboots in '
is '… it has left the card alone after the third crash' \
	"$(vm console "$VM" | grep -ac 'Rebooting in 20 seconds')" 8
ok '… and it reboots in time' reset_in_time
booted

panic 'echo broken > /sys/module/sysrq_panic/parameters/how'
ok 'what a panic has left crashes the host before each poll: it reboots in time' reset_in_time
booted

# --- Not asked for ---
guest "echo 0 > $P/after_panic"
guest "echo 20 > /proc/sys/kernel/panic"
has 'with after_panic=0 the host says that it would not listen' "$(asked)" \
	'^panicked 0, hears 0, '
panic true
send --timeout 3 --no-one-way h
is '… and it does not' "$status" 5
# The kernel counts delays, which a CPU may have measured wrongly on a busy machine.
ok '… but reboots' vm wait --timeout 240 "$VM" reset
booted

guest 'echo -1 > /proc/sys/kernel/panic'
has 'with kernel.panic below 0 it says that it would not listen' "$(asked)" \
	'^panicked 0, hears 0, '
done_testing
