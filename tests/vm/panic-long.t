#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Half an hour after a panic a host still answers, gives its log and reboots. Its clock
# goes right, also where that of the kernel overflows: that of the CPU does after some 18
# minutes on Linux 6.1, and that of ACPI after 5 seconds.
#
# PANIC_MINUTES (30) is how long it waits. Both guests wait at the same time.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

minutes=${PANIC_MINUTES:-30}
first=$VM

# What the guest says of itself, and the time here
asked() {
	echo "$("$BUILD/askpanic" "${address%:*}" "${address##*:}") $EPOCHREALTIME"
}

panic() { # CLOCK
	boot --no-rule --append "clocksource=$1" \
		--params "passwd=$SEND_SYSRQ_PASSWORD mask=1 port=9"
	is "$1 is the clock of the guest" \
		"$(guest 'cat /sys/devices/system/clocksource/clocksource0/current_clocksource')" "$1"
	address=$(vm address "$VM")
	vm run --timeout 60 "$VM" 'sleep 0.2; echo c > /proc/sysrq-trigger' > /dev/null 2>&1
	ok '… the guest panics' vm wait --timeout 120 "$VM" panicked
	asked > "$WORK/$1.before"
	like '… and answers' "$WORK/$1.before" '^panicked 1, '
}

# panicked 1, hears 1, reboots in 0, up 30 s 1795911236.429038
goes_right() { # CLOCK
	asked > "$WORK/$1.after"
	awk '{ up[NR] = $9; at[NR] = $11 } END {
		own = up[2] - up[1]; ours = at[2] - at[1]
		print own " s of the guest in " ours " s"
		exit !(own > 0.95 * ours - 1 && own < 1.05 * ours + 1) }' \
		"$WORK/$1.before" "$WORK/$1.after"
}

rescued() { # CLOCK
	address=$(vm address "$VM")
	ok "after $minutes minutes, by the clock $1: it answers, and its clock goes right" \
		goes_right "$1"
	"$BUILD/readlog" "${address%:*}" "${address##*:}" > "$WORK/log"
	is '… its log can be read' $? 0
	like '… to the reason of the panic' "$WORK/log" 'sysrq triggered crash'
	send b
	is '… b is accepted' "$status" 0
	ok '… and resets it' vm wait --timeout 120 "$VM" reset
}

no_report() {
	! vm console "$VM" | grep -aE 'WARNING:|KASAN|UBSAN'
}

panic tsc
VM=$first-pm
trap 'vm stop "$first"; finish' EXIT
panic acpi_pm
sleep $((minutes * 60))
rescued acpi_pm
vm stop "$VM"
VM=$first
rescued tsc
done_testing
