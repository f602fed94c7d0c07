#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A real cluster: what people type. stonith_admin, pcs and crm list the device, read its
# description, change it, reboot a node by it, and show what happened. The commands are those of
# docs/cluster.md. SUITE is the Debian release of the cluster.
# shellcheck source=tests/cluster/lib.sh
. "$(dirname "$0")/lib.sh"

make_cluster
until_true 600 all_online || bail 'the cluster is not whole'

# A command on node1. Its output is in $out.
runs() { # WHAT COMMAND [REGEX]
	out=$(on 1 "$2" 2>&1)
	is "$1: $2" $? 0 || note <<< "$out"
	[ -z "${3-}" ] || has '… says what is expected' "$out" "$3"
}

# Node 3 is rebooted. Node 1 runs the tool.
reboots() { # WHAT COMMAND
	before=$(fencings sysrq 0)
	on 1 "timeout 200 $2" > "$WORK/tool" 2>&1 || note < "$WORK/tool"
	ok "$1: $2" vm wait --timeout 200 "$VM-3" reset
	ok '… fence_sysrq did it' until_true 60 eval '[ "$(fencings sysrq 0)" -gt "$before" ]'
	ok '… and the node is back' vm wait --timeout 600 "$VM-3" ready
	until_true 600 all_online || bail 'the cluster is not whole'
}

runs stonith_admin 'stonith_admin --list-installed' fence_sysrq
runs stonith_admin 'stonith_admin --list-registered' sysrq
runs stonith_admin 'stonith_admin --list node3' sysrq
runs stonith_admin 'stonith_admin --metadata --agent fence_sysrq' '<resource-agent name="fence_sysrq"'
runs stonith_admin 'stonith_admin --validate --agent fence_sysrq --option key_file=/etc/send_sysrq/fence.key' \
	'Validation of fence_sysrq succeeded'
reboots stonith_admin 'stonith_admin --reboot node3'
runs stonith_admin 'stonith_admin --history node3 --verbose' 'reboot of node3 successful|was able to reboot node node3'

runs pcs 'pcs stonith list' fence_sysrq
runs pcs 'pcs stonith describe fence_sysrq' key_file
runs pcs 'pcs stonith config sysrq' key_file
runs pcs 'pcs stonith update sysrq power_timeout=40'
runs pcs 'pcs stonith config sysrq' power_timeout=40
runs pcs 'pcs stonith create second fence_sysrq key_file=/etc/send_sysrq/fence.key pcmk_host_list="node1 node2"'
runs pcs 'pcs stonith level add 1 node1 sysrq'
runs pcs 'pcs stonith level add 2 node1 second'
runs pcs 'pcs stonith level' second
runs pcs 'pcs stonith level clear'
runs pcs 'pcs stonith delete second'
reboots pcs 'pcs stonith fence node3'
runs pcs 'pcs stonith history show node3' 'node3'

runs crm 'crm ra list stonith' fence_sysrq
runs crm 'crm ra info stonith:fence_sysrq' key_file
runs crm 'crm configure show sysrq' key_file
runs crm 'crm configure primitive third stonith:fence_sysrq params key_file=/etc/send_sysrq/fence.key pcmk_host_list="node1 node2" op monitor interval=60s'
# pcs leaves an empty topology, and the crmsh of trixie does not replace one.
on 1 'cibadmin --delete --xpath //fencing-topology' > "$WORK/deleted" 2>&1
runs crm 'crm configure fencing_topology node1: sysrq third'
runs crm 'crm configure verify'
reboots crm 'crm --force node fence node3'
done_testing
