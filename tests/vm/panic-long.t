#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Half an hour after a panic a host still answers, gives its log and reboots. Its clock
# goes right, also where that of the kernel overflows: that of the CPU does after some 18
# minutes on Linux 6.1, and that of ACPI after 5 seconds.
#
# PANIC_MINUTES (30) is how long it waits. Both guests wait at the same time.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/vm/panic.sh
. "$(dirname "$0")/panic.sh"

minutes=${PANIC_MINUTES:-30}
first=$VM

# What the guest says of itself, and the time here:
# panicked 1, hears 1, reboots in 0, up 30 s, answered after 0.01 s 1795911236.429038
says() {
	echo "$(asked) $EPOCHREALTIME"
}

panics() { # CLOCK
	boot_listening --append "clocksource=$1"
	is "$1 is the clock of the guest" \
		"$(guest 'cat /sys/devices/system/clocksource/clocksource0/current_clocksource')" "$1"
	vm run --timeout 60 "$VM" 'sleep 0.2; echo c > /proc/sysrq-trigger' > /dev/null 2>&1
	ok '… the guest panics' vm wait --timeout 120 "$VM" panicked
	says > "$WORK/$1.before"
	like '… and answers' "$WORK/$1.before" '^panicked 1, '
}

goes_right() { # CLOCK
	says > "$WORK/$1.after"
	awk '{ up[NR] = $9; at[NR] = $NF } END {
		own = up[2] - up[1]; ours = at[2] - at[1]
		print own " s of the guest in " ours " s"
		exit !(own > 0.95 * ours - 1 && own < 1.05 * ours + 1) }' \
		"$WORK/$1.before" "$WORK/$1.after"
}

rescued() { # CLOCK
	address=$(vm address "$VM")
	ok "after $minutes minutes, by the clock $1: it answers, and its clock goes right" \
		goes_right "$1"
	ok '… its whole log can be read' read_log
	like '… to the reason of the panic' "$WORK/log" 'sysrq triggered crash'
	send b
	is '… b is accepted' "$status" 0
	ok '… and resets it' vm wait --timeout 120 "$VM" reset
}

panics tsc
VM=$first-pm
trap 'vm stop "$first"; finish' EXIT
panics acpi_pm
sleep $((minutes * 60))
rescued acpi_pm
stop_guest
VM=$first
rescued tsc
done_testing
