#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# On a host without memory the module takes its replies from a reserve. It looks for new
# memory for the reserve, but never has the kernel kill a program for it: where there is no
# program to kill, the kernel panics, and nothing can be synced any more.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

boot --params "passwd=$SEND_SYSRQ_PASSWORD port=9 mask=1"
guest 'modprobe sysrq_state' || bail 'there is no module that takes all memory'
# Programs that run would ask for memory themselves.
vm run --timeout 4 "$VM" 'for p in /proc/[0-9]*; do
		p=${p#/proc/}
		[ $p -eq 1 ] || [ $p -eq $$ ] || kill -STOP $p
	done 2> /dev/null
	echo memory > /sys/module/sysrq_state/parameters/how' > "$WORK/hang" 2>&1
ok 'no memory is left' until_true 60 eval 'vm console "$VM" | grep "no memory is left"'

# The driver of the card may soon make the kernel panic for its own memory.
answered=0
for _ in 1 2 3 4 5 6; do
	send -q --timeout 5 h
	[ "$status" != 0 ] || answered=$((answered + 1))
done
ok 'the host answers' test "$answered" -gt 0
is 'the kernel has killed no program for the reserve, nor panicked' \
	"$(vm console "$VM" | grep -c 'Workqueue: .*ipt_SYSRQ')" 0
send b
is 'b is answered' "$status" 0
ok '… and the host is reset' vm wait "$VM" reset
ok '… and comes back' until_true 180 vm wait "$VM" ready
done_testing
