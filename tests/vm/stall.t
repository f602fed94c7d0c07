#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A letter may take longer than RCU waits for a CPU, as one that prints much does at a slow
# console. The kernel does not report that as a stall, which could be a panic. Any other stall
# is reported, also after such a letter.
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
guest 'echo > /sys/module/sysrq_slow/parameters/spin'
ok 'a task that spins for as long is one' until_true 60 eval '[ "$(stalls)" -gt 0 ]'
done_testing
