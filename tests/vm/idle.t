#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A sync is work for a worker of the CPU on which s is pressed. If a task hangs on the CPU that
# takes the packets, s and u are pressed on another one, and complete.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

boot --disk
guest 'modprobe sysrq_slow
	echo 0 > /proc/sys/kernel/watchdog
	for irq in /proc/irq/[0-9]*; do
		echo 2 > $irq/smp_affinity
	done 2> /dev/null
	head -c 2000000 /dev/urandom > /data/file
	taskset 2 setsid sh -c "sleep 1; echo 90 > /sys/module/sysrq_slow/parameters/spin" \
		> /dev/null 2>&1 &'
spins() {
	guest 'grep -l "^Cpus_allowed:.*2$" /proc/[0-9]*/status | xargs grep -q "^State:.R"'
}
ok 'a task hangs on the second CPU, which takes the packets' until_true 60 spins
send --wait s=30 s,h
has 'a sync is complete all the same' "$out" '^  s  sync +complete'
send --wait s=30 --wait u=30 s,u
has '… and so is a second one' "$out" '^  s  sync +complete'
is 'both were asked for, and both have ended' "$(logged 'Emergency Sync')" 4
done_testing
