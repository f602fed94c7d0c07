#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# One CPU has its interrupts off for ever, and the card's interrupts are its own. Another CPU
# notices that, and polls the card: the host answers, and reboots when it is told to. With
# PREEMPT_RT all other CPUs may soon wait for the one that hangs: then nothing helps.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

boot --cpus 2 --append 'rcupdate.rcu_cpu_stall_suppress=1 nowatchdog'
if [[ ${KERNEL:-} == *-rt ]]; then
	skip 'a host whose card interrupts a CPU that hangs' 'every CPU may wait for that one'
	done_testing
	exit
fi
guest 'modprobe sysrq_hang
	for irq in /proc/irq/[0-9]*; do
		echo 1 > $irq/smp_affinity
	done 2> /dev/null
	taskset 1 setsid sh -c "sleep 2; echo y > /proc/sysrq-trigger" > /dev/null 2>&1 &'
# What the CPUs do, if the host is deaf
tap_failed() {
	note <<< "send_sysrq said: ${out-}"
	vm qmp "$VM" human-monitor-command '{"command-line":"info registers -a"}' |
		grep -oE 'CPU#[0-9]+|RIP=[0-9a-f]+|HLT=[01]|FL[AGS]*=[0-9a-f]+' | note
	vm console "$VM" | tail -n 30 | note
}

# A CPU that hangs while it polls the card keeps the card for itself: see docs/panic.md. So nothing
# is sent before the hang. It is there once the guest's shell is silent, too: its interrupts are
# those of this CPU.
ok 'the guest is silent' until_true 120 eval '! vm run --timeout 5 "$VM" true'
# A task prints to the console on some kernels, and may do that on this CPU. So the log says it.
address=$(vm address "$VM")
hangs() {
	"$BUILD/readlog" "${address%:*}" "${address##*:}" |
		grep -a 'sysrq: Hang with interrupts off'
}
ok 'the first CPU hangs with its interrupts off, as the log says' until_true 120 hangs
send --timeout 60 --no-one-way h
is 'the host presses h, though the card interrupts this CPU alone' "$status" 0
send --timeout 60 --no-one-way b
is '… and b' "$status" 0
ok '… and resets' vm wait --timeout 120 "$VM" reset
done_testing
