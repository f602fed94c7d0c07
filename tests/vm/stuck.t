#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A letter whose handler never returns takes one CPU with it, with interrupts on or off.
# The other CPU sees kernel.sysrq as it was before, presses the next letter, and reboots the
# host. Another operator has to wait until the letter has not returned for 10 s.
#
#   namespace sysrq-stuck-PID on this machine        guest
#   send_sysrq -- tap0 192.0.2.1 ----- 2 queues ---- eth0 192.0.2.7: CPU 0 and CPU 1
#
# Each queue of eth0 belongs to one CPU. So packets come on either CPU.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

low="low $(new_key low) h"
boot --net tap --append 'rcupdate.rcu_cpu_stall_suppress=1 nowatchdog'

# Does the other CPU see kernel.sysrq as it was, a second after the hang? A timer of the
# test module says it: a process may have to wait for a lock of the CPU that hangs, and on
# some kernels all packets then wait for the process. The log says it, not the console: on
# some kernels a task prints to the console, and that may be on the CPU that hangs.
mask_is_back() {
	local log
	log=$(vm exec-net "$VM" "$BUILD/send_sysrq" log 192.0.2.7 2>&1)
	grep 'sysrq_hang: kernel.sysrq is 438$' <<< "$log" && return
	tail -n 5 <<< "$log"
	return 1
}

# send, from where the guest can be reached
send_tap() { # ARGUMENT…
	out=$(vm exec-net "$VM" "$BUILD/send_sysrq" 192.0.2.7 "$@" 2>&1)
	status=$?
}

# The exit status of the operator who may press h alone
low_gets() { # STATUS
	send_tap "${pair[@]}" "$WORK/low.key" h
	echo "$out"
	[ "$status" -eq "$1" ]
}

# The CPU that hangs may be the one that answers the question for the guest's hardware
# address. So the address is set. A router would know it for longer than this test takes.
vm exec-net "$VM" ip neighbour replace 192.0.2.7 dev tap0 nud permanent \
	lladdr "$(guest cat /sys/class/net/eth0/address)" || bail 'no neighbour'

for letter in x y; do
	guest "echo 438 > /proc/sys/kernel/sysrq
		echo '$low' > /proc/net/ipt_sysrq
		modprobe -a sysrq_hang sysrq_settle" || bail 'the test modules do not load'

	# Two works of the kernel wait for an answer of every CPU, with preemption off. One
	# patches the kernel when it first hashes packets, for RPS or for a queue that is not
	# empty. The other frees a part of a module after its load. If one CPU hangs with
	# interrupts off, they wait for ever, and with PREEMPT_RT, where tasks receive the
	# packets, no CPU is left for that. So both works are done before.
	guest 'set -e
		rps=/sys/class/net/lo/queues/rx-0/rps_cpus
		echo 3 > $rps
		ping -c 1 127.0.0.1 > /dev/null
		echo 0 > $rps
		echo > /sys/module/sysrq_settle/parameters/settle' ||
		bail 'the kernel does not settle'

	# After a module is loaded, ipt_SYSRQ looks for new letters: here twice. A look that is
	# not over would wait for the CPU that hangs, and w would show that.
	until_true 60 vm exec-net "$VM" "$BUILD/send_sysrq" status --need "$letter" \
		192.0.2.7 || bail "the host does not know $letter"
	until_true 60 guest '! cat /proc/[0-9]*/stack 2> /dev/null | grep look_for_letters' ||
		bail 'the module goes on looking for letters'

	# One of these two is on the CPU that does not hang. Where xt_comment is no module,
	# another one comes.
	guest 'for cpu in 1 2; do
		taskset $cpu sh -c "sleep 20; modprobe xt_comment
			grep -q ^xt_comment /proc/modules || modprobe sysrq_timing" > /dev/null 2>&1 &
	done'
	vm exec-net "$VM" "$BUILD/send_sysrq" 192.0.2.7 "$letter,s" > "$WORK/hung" 2>&1 &
	client=$!
	ok "$letter hangs: another operator, who may not press the s behind it, is refused" \
		until_true 60 low_gets 12
	ok '… until it has not returned for 10 s' until_true 60 low_gets 0
	wait "$client"
	is '… of which the first operator hears' "$?" 1
	ok '… the other CPU gets kernel.sysrq back as it was' \
		until_true 60 mask_is_back
	send_tap --timeout 10 h
	is '… and presses the letter of the next command' "$status" 0
	if [ "$letter" = x ]; then
		# The module looks for new letters, and waits for the CPU that hangs.
		ok '… the module looks for new letters, as t shows' until_true 60 \
			eval 'send_tap --timeout 10 t; grep -q look_for_letters <<< "$out"'
		send_tap --timeout 10 w
		is '… w is pressed' "$status" 0
		unlike '… which does not show the task that looks' \
			<(echo "$out") look_for_letters
	fi
	send_tap --timeout 10 b
	is '… b is accepted' "$status" 0
	ok '… and the host resets' vm wait "$VM" reset
	until_true 180 vm wait "$VM" ready || bail 'the guest does not come back'
done
done_testing
