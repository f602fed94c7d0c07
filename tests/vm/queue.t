#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A packet that a program took by NFQUEUE and gave back reaches the rule in the context of
# that program, not in a softirq. The module judges it with softirqs disabled; else a
# softirq could bring the next packet, and wait for ever for a lock of this one.
#
#   this machine              guest
#   send_sysrq -- QEMU ------ eth0 --> mangle INPUT: NFQUEUE --> filter INPUT: -j SYSRQ
#                                       |                  ^
#                                       +--> requeue ------+    (a program)
#
# The listener is not tried: it gets each packet before any rule can queue it.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

boot --no-rule
guest 'modprobe sysrq_context' || bail 'the test module does not load'
guest 'modprobe nfnetlink_queue; requeue > /tmp/requeued 2>&1 &'
until_true 60 guest grep -q ready /tmp/requeued ||
	bail "no queue: $(guest cat /tmp/requeued)"

# x is pressed by a packet that was in the queue.
pressed() { # NAME
	guest 'dmesg -c > /dev/null; echo ready > /tmp/requeued'
	# After a module is loaded, ipt_SYSRQ looks for new letters.
	until_true 60 eval 'send x; test $status != 10'
	is "$1: a packet from a queue is accepted" "$status" 0
	ok '… and was in the queue' guest 'grep -q "given back" /tmp/requeued'
	is '… and its letter is pressed with softirqs disabled' \
		"$(guest dmesg | grep -o 'softirqs are .*')" 'softirqs are off'
}

for tables in iptables-nft iptables-legacy; do
	guest "$tables -t mangle -A INPUT -p udp --dport 9 -j NFQUEUE
		$tables -A INPUT -p udp --dport 9 -j SYSRQ" ||
		bail "no rules by $tables"
	pressed "$tables"
	guest "$tables -t mangle -F; $tables -F"
done

done_testing
