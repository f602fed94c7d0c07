#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A packet that a program got by NFQUEUE and gave back comes to the rule in that
# program's context. It is judged as in a softirq: with softirqs disabled, or one that
# brings the next packet waits for this one's locks for ever. (To the listener no such
# packet comes: it stands before all that queue.)
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

boot --no-rule
guest 'modprobe sysrq_context' || bail 'the test module does not load'
guest 'modprobe nfnetlink_queue; requeue > /tmp/requeued 2>&1 &'
until_true 60 guest grep -q ready /tmp/requeued ||
	bail "no queue: $(guest cat /tmp/requeued)"

# pressed WAY: x, by a packet that was in the queue
pressed() {
	guest 'dmesg -c > /dev/null; echo ready > /tmp/requeued'
	# A look for new keys follows the loading of a module.
	until_true 60 eval 'send x; test $status != 10'
	is "$1: a packet from a queue is accepted" "$status" 0
	ok '… it was in the queue' guest 'grep -q "given back" /tmp/requeued'
	is '… its key is pressed with softirqs disabled' \
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
