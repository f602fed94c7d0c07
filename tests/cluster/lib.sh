# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the tests of a real cluster share: three guests with Corosync and Pacemaker of a Debian
# release, a disk that all of them write to, and the judgement of what they wrote. Sourced.
#
#   node1 192.0.2.1 ---+--- node2 192.0.2.2 ---+--- node3 192.0.2.3
#   eth1               |    eth1               |    eth1
#                      QEMU's multicast socket, on the loopback
#   /dev/vdb of each is the same file of this machine, $WORK/shared; and /dev/vdc, for SBD,
#   is $WORK/sbd
#
# eth0 leads to QEMU's own network, where no node reaches another.

# shellcheck source=tests/vm/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../vm/lib.sh"

SUITE=${SUITE:-bookworm}
declare -A kernels=([bookworm]=6.1 [trixie]=6.12)
nodes=(1 2 3)
victim=3 other=1 # see choose_victim

needs qemu-system-x86_64 mke2fs
[ "$(id -u)" -eq 0 ] || bail "only root can make the disk of a cluster's nodes"
system=$("$TOP/lab/cluster" "$SUITE") || bail "no disk for the nodes of $SUITE"

finish() {
	local node
	for node in "${nodes[@]}"; do
		vm stop "$VM-$node" > "$WORK/stop" 2>&1 || cat "$WORK/stop" >&2
	done
	rm -rf "$WORK"
}

# The consoles of all nodes
no_report() {
	local node
	for node in "${nodes[@]}"; do
		vm console "$VM-$node" | grep -aq . || return
		! vm console "$VM-$node" | grep -aE 'BUG:|WARNING:|KASAN|general protection' || return
	done
}

# --- The nodes ---

public=() agents=()
make_keys() {
	local node
	for node in "${nodes[@]}"; do
		public[node]=$(new_key "host$node")
		agents[node]=$(new_key "agent$node")
	done
}

# The operators of a node: the agents of the others
operators() { # NODE
	local node
	for node in "${nodes[@]}"; do
		[ "$node" = "$1" ] || echo "node$node ${agents[node]} b,c,s,u"
	done
}

node_script() { # NODE
	local node
	echo "id=$1"
	echo "key='$(private_key "agent$1")'"
	echo "known_hosts='"
	for node in "${nodes[@]}"; do
		echo "node$node ${public[node]}"
	done
	echo "'"
	echo "operators='$(operators "$1")'"
	cat "$TOP/tests/cluster/node"
}

boot_node() { # NODE
	node_script "$1" > "$WORK/script$1"
	# shellcheck disable=SC2054 # the commas are QEMU's
	local qemu=(
		-drive "file=$system/disk,format=raw,if=none,id=system,snapshot=on"
		-device virtio-blk-pci,drive=system
		-drive "file=$WORK/shared,format=raw,if=none,id=shared,file.locking=off"
		-device virtio-blk-pci,drive=shared,share-rw=on
		-drive "file=$WORK/sbd,format=raw,if=none,id=sbd,file.locking=off"
		-device virtio-blk-pci,drive=sbd,share-rw=on
		-netdev "socket,id=lan,mcast=230.0.0.1:$lan,localaddr=127.0.0.1"
		-device "virtio-net-pci,netdev=lan,romfile=,mac=52:54:00:00:00:0$1"
	)
	vm start "$VM-$1" --kernel "${kernels[$SUITE]}" --cpus 1 --memory 512 --no-rule \
		--no-wait --script "$WORK/script$1" \
		--params "port=9 mask=1 key=$(private_key "host$1")" \
		-- "${qemu[@]}" || bail "node$1 does not start"
}

boot_nodes() {
	local node
	lan=$((20000 + RANDOM % 20000))
	truncate -s 8M "$WORK/shared" "$WORK/sbd"
	make_keys
	for node in "${nodes[@]}"; do
		boot_node "$node"
	done
	for node in "${nodes[@]}"; do
		vm wait --timeout 600 "$VM-$node" ready || bail "node$node does not boot"
		! vm console "$VM-$node" | grep 'lab: cannot' > "$WORK/problem" ||
			bail "node$node: $(cat "$WORK/problem")"
	done
}

# A command of a shell, in the cluster's tree of a node
on() { # NODE COMMAND
	local command=$2
	vm run --timeout 120 "$VM-$1" "chroot /data sh -c '${command//\'/\'\\\'\'}'"
}

# --- The cluster ---

# Do Corosync and Pacemaker run on all nodes? A node that hears that it was fenced stops
# Pacemaker alone.
all_online() {
	on 1 'crm_mon -1' | grep -F 'Online: [ node1 node2 node3 ]'
}

# The device, and the service. A second level is added by the tests that have one.
configuration() {
	cat << 'END'
<configuration>
 <crm_config><cluster_property_set id="options">
  <nvpair id="o1" name="stonith-enabled" value="true"/>
  <nvpair id="o2" name="no-quorum-policy" value="freeze"/>
 </cluster_property_set></crm_config>
 <nodes/>
 <resources>
  <primitive id="sysrq" class="stonith" type="fence_sysrq">
   <instance_attributes id="sysrq-a">
    <nvpair id="sysrq-a1" name="key_file" value="/etc/send_sysrq/fence.key"/>
    <nvpair id="sysrq-a2" name="pcmk_host_list" value="node1 node2 node3"/>
   </instance_attributes>
   <operations><op id="sysrq-m" name="monitor" interval="60s" timeout="60s"/></operations>
  </primitive>
  <primitive id="writer" class="ocf" provider="lab" type="writer">
   <operations>
    <op id="writer-s" name="start" interval="0" timeout="60s"/>
    <op id="writer-e" name="stop" interval="0" timeout="30s"/>
    <op id="writer-m" name="monitor" interval="5s" timeout="30s"/>
   </operations>
   <meta_attributes id="writer-meta">
    <nvpair id="writer-meta1" name="resource-stickiness" value="100"/>
   </meta_attributes>
  </primitive>
 </resources>
 <constraints/>
 <fencing-topology/>
</configuration>
END
}

# What the nodes wrote, a line for each run of the service: see tests/guest/writer.c
written() {
	"$BUILD/guest/writer" judge "$WORK/shared"
}
last_writer() {
	written | tail -n 1 | cut -d ' ' -f 1
}

# Gives a file to the tree of a node.
put() { # NODE PATH, the content on standard input
	vm run --timeout 120 "$VM-$1" "echo $(base64 -w 0) | base64 -d > /data$2"
}

# Boots the nodes, and returns once they are a cluster in which the service runs.
make_cluster() {
	boot_nodes
	until_true 600 all_online || bail "no cluster: $(cat "$WORK/until")"
	configuration | put 1 /tmp/cib || bail 'the configuration cannot be written'
	until_true 600 on 1 'cibadmin --replace -o configuration -x /tmp/cib' ||
		bail "no configuration: $(cat "$WORK/until")"
	until_true 600 service_runs || bail 'the service does not run'
}
service_runs() {
	[ -n "$(last_writer)" ]
}

# Adds XML to a part of the configuration, such as resources. It has no quotation mark '.
add() { # PART XML
	on 1 "cibadmin --create -o $1 -X '$2'"
}

# --- A node hangs ---

# Before a node is hung: $victim is the number of the node that has the service, $other that
# of one that has not, and $before says how often the victim was fenced.
choose_victim() {
	victim=$(last_writer)
	victim=${victim#node}
	other=$((victim % 3 + 1))
	before=$(fencings sysrq 0)
}

service_moved() {
	[ "$(last_writer)" != "node$victim" ]
}

no_overlap() { # WHAT
	written > "$WORK/written"
	is "$1: two nodes never wrote at the same time" $? 0
	note < "$WORK/written"
}

# How often the other nodes have had this device fence the victim, and how it ended: 0 is
# success, 1 a failure.
fencings() { # DEVICE STATUS
	local node
	for node in "${nodes[@]}"; do
		[ "$node" = "$victim" ] || on "$node" 'cat /var/log/pacemaker/pacemaker.log'
	done | grep -c "'reboot' \[[0-9]*\].* targeting node$victim using $1 returned $2"
}

# From the loss of the token, as another node logged it, to the first record of the new writer.
# Only noted: a busy machine is slow.
note_time() { # WHAT
	local lost first
	lost=$(on "$other" 'grep "processor failed" /var/log/corosync/corosync.log' | tail -n 1)
	lost=$(date -u -d "$(awk '{ print $1, $2, $3 }' <<< "$lost")" +%s.%N)
	first=$(written | tail -n 1 | cut -d ' ' -f 4)
	awk -v what="$1" -v lost="$lost" -v first="$first" 'BEGIN {
		printf "%s: the service ran elsewhere %.1f s after the loss of the token\n",
			what, first - lost }' | note
}

# The logs, when a check has failed
tap_failed() {
	on "$other" 'crm_mon -1rf; stonith_admin --history "*" --verbose
		tail -n 15 /var/log/corosync/corosync.log
		grep -E "notice|warning|error" /var/log/pacemaker/pacemaker.log | tail -n 40' 2>&1 |
		cut -c 1-300 | note
}

# Each node, when the test cannot go on
tap_bail() {
	local node
	for node in "${nodes[@]}"; do
		note <<< "node$node:"
		on "$node" 'ps ax | grep -E "corosync|pacemaker" | grep -v grep; corosync-quorumtool -s
			tail -n 10 /var/log/corosync/corosync.log; tail -n 20 /var/log/pacemaker/pacemaker.log' 2>&1 |
			cut -c 1-300 | note
		vm console "$VM-$node" | tail -n 5 | note
	done
}
