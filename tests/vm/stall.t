#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A letter may take longer than RCU waits for a CPU, as one that prints much does at a slow
# console. The kernel does not report that as a stall, which could be a panic. Any other stall
# is reported, also after such a letter, and while it goes on.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

rcu=/sys/module/rcupdate/parameters
boot
stalls() {
	logged 'rcu: INFO: .* (stall|stalls) '
}
reports_are_on() {
	[ "$(guest "cat $rcu/rcu_cpu_stall_suppress")" = 0 ]
}

guest "echo 5 > $rcu/rcu_cpu_stall_timeout && modprobe sysrq_slow seconds=20 && sleep 1" ||
	bail 'the test module does not load'
ok 'the kernel reports stalls' reports_are_on
guest 'echo 1 > /proc/sys/kernel/panic_on_rcu_stall'
send --timeout 120 --wait x=60 x,h
is 'a letter that takes 20 s, and RCU waits for 5, is no panic' "$status" 0
is '… and the kernel reports no stall' "$(stalls)" 0
ok '… and then it reports stalls again' until_true 60 reports_are_on
guest 'echo 0 > /proc/sys/kernel/panic_on_rcu_stall'

# A CPU hangs, and its watchdog is not to report that, too.
guest 'cd /sys/module/sysrq_slow/parameters
	echo 10 > seconds
	echo 0 > /proc/sys/kernel/watchdog
	taskset 2 setsid sh -c "sleep 1; echo 120 > spin" > /dev/null 2>&1 &'
more_stalls() {
	[ "$(stalls)" -gt "$before" ]
}
before=0
ok 'a task that spins is one' until_true 60 more_stalls
send h
is 'a letter is pressed while it spins' "$status" 0
before=$(stalls)
ok '… and the stall, which goes on, is reported again' until_true 60 more_stalls
send --timeout 60 --wait x=0 x
is 'a letter that takes long is pressed while it spins' "$status" 0
before=$(stalls)
ok '… and in the end the stall is reported again' until_true 60 more_stalls
done_testing
