#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A real cluster: the node with the service hangs. fence_sysrq reboots it, the service runs
# on another node, and two nodes never write at the same time. STATES has the ways to hang,
# SUITE the Debian release of the cluster.
# shellcheck source=tests/cluster/lib.sh
. "$(dirname "$0")/lib.sh"

STATES=${STATES:-stopped memory bomb panic}
declare -A says=(
	[stopped]='all programs are stopped'
	[memory]='programs take all memory'
	[bomb]='a fork bomb'
	[panic]='a panic'
) hangs=(
	[stopped]='kill -STOP -1'
	[memory]='for i in 1 2 3 4 5 6; do
			while :; do tail /dev/zero; done > /dev/null 2>&1 &
		done'
	# So few that Pacemaker on that node gets to know of its failure in time: Corosync is a
	# real-time process, and does not fail.
	[bomb]='echo 400 > /proc/sys/kernel/pid_max
		bomb() { bomb & bomb & wait; }
		bomb > /dev/null 2>&1 &'
	[panic]='echo c > /proc/sysrq-trigger'
)

make_cluster
for state in $STATES; do
	what=${says[$state]}
	until_true 600 all_online || bail "$what: the cluster is not whole"
	# The monitor of the service may fail before the node does. Then the cluster would move
	# the service without a fencing.
	[ "$state" != bomb ] ||
		on 1 "cibadmin --modify --xml-text '<op id=\"writer-m\" on-fail=\"fence\"/>'" ||
		bail 'the cluster does not take the operation'
	choose_victim
	# The command may take the shell with it.
	vm run --timeout 4 "$VM-$victim" "${hangs[$state]}" > "$WORK/hang" 2>&1
	ok "$what: the service runs on another node" until_true 600 service_moved
	ok "$what: the node was reset" vm wait --timeout 10 "$VM-$victim" reset
	is "$what: the cluster had fence_sysrq reboot it" "$(fencings sysrq 0)" $((before + 1))
	no_overlap "$what"
	note_time "$what"
	ok "$what: the node is back" vm wait --timeout 600 "$VM-$victim" ready
done
ok 'in the end all nodes are in the cluster again' until_true 600 all_online
done_testing
