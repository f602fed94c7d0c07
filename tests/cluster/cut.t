#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A real cluster: the node with the service is only cut off. fence_sysrq never reports it as
# fenced, so the service stays where it is. With SBD on the second level, this fences it. In
# the end an agent that lies shows what this prevents, and that the test would see it. SUITE is
# the Debian release of the cluster.
# shellcheck source=tests/cluster/lib.sh
. "$(dirname "$0")/lib.sh"

cable() { # up|down
	vm link "$VM-$victim" "$1"
	vm qmp "$VM-$victim" set_link "{\"name\":\"lan\",\"up\":$([ "$1" = up ] && echo true || echo false)}" \
		> "$WORK/cable"
}
cut_off() {
	until_true 600 all_online || bail 'the cluster is not whole'
	choose_victim
	cable down
}
records() {
	written | awk '{ sum += $3 } END { print sum + 0 }'
}
writes_on() {
	[ "$(records)" -gt "$since" ]
}
failed_twice() {
	[ "$(fencings sysrq 1)" -ge $((failed + 2)) ]
}

make_cluster

# --- Without a second level ---
cut_off
failed=$(fencings sysrq 1)
ok 'cut off: fence_sysrq fails, and again' until_true 400 failed_twice
is '… and reports no success' "$(fencings sysrq 0)" "$before"
is '… the service is where it was' "$(last_writer)" "node$victim"
since=$(records)
ok '… and runs' until_true 30 writes_on
is '… the node was not reset' "$(vm resets "$VM-$victim")" 0
no_overlap 'cut off'
cable up
ok 'connected again: the cluster is whole' until_true 600 all_online
no_overlap 'connected again'

# --- With SBD on the second level, by a disk that all nodes share ---
on 1 'sbd -d /dev/vdc -1 10 -4 20 create' > "$WORK/sbd.log" 2>&1 || bail 'SBD has no disk'
for node in "${nodes[@]}"; do
	vm run "$VM-$node" 'modprobe softdog
		setsid chroot /data sbd -d /dev/vdc -w /dev/watchdog watch < /dev/null > /run/sbd.log 2>&1 &' ||
		bail 'no watchdog'
	until_true 60 on 1 "sbd -d /dev/vdc list | grep node$node" || bail "SBD does not know node$node"
done
add resources '<primitive id="sbd" class="stonith" type="external/sbd"><instance_attributes id="sbd-a">
	<nvpair id="sbd-a1" name="sbd_device" value="/dev/vdc"/>
	<nvpair id="sbd-a2" name="timeout_bypass" value="yes"/>
	<nvpair id="sbd-a3" name="pcmk_host_list" value="node1 node2 node3"/>
	</instance_attributes></primitive>' || bail 'no second device'
level() { # NODE NUMBER DEVICE
	add fencing-topology "<fencing-level id=\"level-$1-$2\" target=\"node$1\" index=\"$2\" devices=\"$3\"/>" ||
		bail 'no second level'
}
for node in "${nodes[@]}"; do
	level "$node" 1 sysrq
	level "$node" 2 sbd
done
cut_off
ok 'cut off, with SBD on the second level: the service runs on another node' \
	until_true 400 service_moved
ok '… the node was reset' vm wait --timeout 10 "$VM-$victim" reset
is '… fence_sysrq reported no success' "$(fencings sysrq 0)" "$before"
ok '… SBD did' [ "$(fencings sbd 0)" -ge 1 ]
no_overlap 'with SBD'
vm wait --timeout 600 "$VM-$victim" ready || bail 'the node is not back'
cable up

# --- An agent that lies. Its name is ours, as the cluster knows it already ---
until_true 600 all_online || bail 'the cluster is not whole'
for node in "${nodes[@]}"; do
	on "$node" 'mv /usr/sbin/fence_sysrq /usr/sbin/truth
		printf "%s\n" "#!/bin/sh" "while read -r line; do" \
			"case \$line in action=reboot) exit 0 ;; action=*) action=\${line#*=} ;; esac; done" \
			"exec /usr/sbin/truth -o \$action" > /usr/sbin/fence_sysrq
		chmod 755 /usr/sbin/fence_sysrq'
done
cut_off
ok 'an agent that lies: the service runs on another node' until_true 400 service_moved
overlaps() {
	! written
}
ok '… and two nodes write at the same time' until_true 60 overlaps
done_testing
