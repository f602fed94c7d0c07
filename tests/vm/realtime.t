#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Real-time tasks take all of every CPU, and nothing takes any of it from them. The kernel's
# threads do not run any more, and before Linux 6.5 neither do the softirqs, once their
# thread is awake. The host answers all the same. n (nice-all-RT-tasks) lets the kernel's
# workers run again, so the sync after it is complete, and what was written is there after
# the reboot. Without n it is not, and send_sysrq says so. With PREEMPT_RT the host hears
# nothing; vm/panic-causes.t (spinners) has what helps there.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

boot --disk --cpus 2

# Begins a task on each CPU that spins for ever, a moment after this command has answered.
spin() {
	guest "head -c 2000000 /dev/urandom > /data/file
		sha256sum /data/file > /data/sums
		$real_time_spinners" || bail 'no real-time tasks'
	until_true 120 eval '! vm run --timeout 5 "$VM" true' ||
		bail 'the host still runs its shell'
}

# Sends more than the softirqs of a CPU take in one go, so their thread is woken.
flood() {
	local address
	address=$(vm address "$VM")
	for ((i = 0; i < 3000; i++)); do
		printf '%0320d' 0 > "/dev/udp/${address%:*}/${address##*:}"
	done
}

spin
flood
# There, threads receive the packets, and such tasks take the CPU from them, too.
if [[ ${KERNEL:-} == *-rt ]]; then
	send --timeout 20 --no-one-way h
	is 'with PREEMPT_RT the host hears nothing' "$status" 5
	done_testing
	exit
fi
for i in 1 2 3; do
	send --timeout 60 --no-one-way h
	is "the host presses h ($i)" "$status" 0
	[ "$status" = 0 ] || bail 'the host hears nothing'
done
send --timeout 20 --wait s=3 s
is 'a sync alone is not complete' "$status" 1
has '… and send_sysrq says what helps' "$out" 'end of s .sync. in time: .* press n first'
send --timeout 20 --wait s=60,u=60 n,s,u,b
is 'n,s,u,b: each letter is pressed' "$status" 0
has '… the sync is complete' "$out" '^  s  sync +complete'
has '… and the remount' "$out" '^  u  unmount +complete'
ok '… and the host comes back' back
ok '… with what was written, though nobody has synced' \
	guest 'cd / && sha256sum -c /data/sums'
done_testing
