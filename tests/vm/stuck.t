#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A key whose handler never returns takes a CPU with it, and nothing else.
# Two CPUs, each with a receive queue of its own.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

boot --net tap --append 'rcupdate.rcu_cpu_stall_suppress=1 nowatchdog'

# Has the other CPU seen it as it was, a second after the hang? Said by a timer, as a
# process may wait for a lock that the CPU that hangs has, and on this kernel or that
# keeps ksoftirqd, and all packets, waiting. The log is read, not the console, which is
# a task of its own on some kernels, and may be on the CPU that hangs.
mask_is_back() {
	local log
	log=$(vm exec-net "$VM" "$BUILD/send_sysrq" log 192.0.2.7 2>&1)
	grep 'sysrq_hang: kernel.sysrq is 438$' <<< "$log" && return
	tail -n 5 <<< "$log"
	return 1
}

# send_sysrq, where the guest can be reached
send_tap() {
	out=$(vm exec-net "$VM" "$BUILD/send_sysrq" 192.0.2.7 "$@" 2>&1)
	status=$?
}

# Who asks for the guest's hardware address is answered on one CPU, and that may be the
# one that hangs. A router would have known it for longer than this test takes.
vm exec-net "$VM" ip neighbour replace 192.0.2.7 dev tap0 nud permanent \
	lladdr "$(guest cat /sys/class/net/eth0/address)" || bail 'no neighbour'

for key in x y; do
	guest "echo 438 > /proc/sys/kernel/sysrq
		modprobe -a sysrq_hang sysrq_settle" || bail 'the test modules do not load'

	# The kernel patches itself when it first tells packets apart by a hash, as a queue
	# does that is not empty, or RPS, and frees a part of a module after its loading,
	# each by a work. Both wait with preemption off for an answer of every CPU: for
	# ever, where one hangs with interrupts off. With PREEMPT_RT, where packets are
	# heard in tasks, no CPU would be left to hear.
	guest 'set -e
		rps=/sys/class/net/lo/queues/rx-0/rps_cpus
		echo 3 > $rps
		ping -c 1 127.0.0.1 > /dev/null
		echo 0 > $rps
		echo > /sys/module/sysrq_settle/parameters/settle' ||
		bail 'the kernel does not settle'

	# A look for new keys follows the loading of a module.
	until_true 60 eval "send_tap --timeout 1 $key; test \$status != 10"
	is "key $key is pressed and hangs: the client has seen no end" "$status" 4
	ok '… the other CPU gets kernel.sysrq back as it was' \
		until_true 60 mask_is_back
	send_tap --timeout 10 h
	is '… and presses the next command'\''s key' "$status" 0
	send_tap --timeout 10 b
	is '… b is accepted' "$status" 0
	ok '… and works' vm wait "$VM" reset
	vm wait "$VM" ready || bail 'the guest does not come back'
done
done_testing
