#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The host takes a datagram for each address that its routing table calls its own, in IPv6
# as in IPv4, by each way: addresses without an interface (AnyIP), and those of a VRF's
# port. It does not take a frame that its bridge only passes on, whatever address the
# packet in the frame has.
#
#   +------- peer -----+   +------ guest --------+   +------ vm -------+
#   | veth1 192.0.2.1  |---| veth0-+             |   |                 |
#   |       2001:db8::1|   |       | br0         |   |                 |
#   | send_sysrq       |   |       | 192.0.2.7   |   |                 |
#   +------------------+   |       | 2001:db8::7 |   |                 |
#                          | veth2-+             |---| veth3, own MAC  |
#   +----- behind -----+   |                     |   +-----------------+
#   | veth5 fe80::1    |---| veth4 fe80::7       |
#   |   198.51.100.1   |   |   198.51.100.7      |
#   | send_sysrq       |   |   in the VRF red    |
#   +------------------+   +---------------------+
#
# peer, vm and behind are network namespaces of the guest. 203.0.113.0/24 and
# 2001:db8:9::/64 are the host's, by its routing table alone.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

P=/sys/module/ipt_SYSRQ/parameters
vm_mac=02:00:00:00:00:03

boot --no-rule
guest "set -e
	modprobe br_netfilter
	echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad
	for n in peer vm behind; do
		ip netns add \$n
		ip -n \$n link set lo up
	done
	ip link add br0 type bridge
	ip link add veth0 type veth peer name veth1 netns peer
	ip link add veth2 type veth peer name veth3 address $vm_mac netns vm
	ip link set veth0 master br0
	ip link set veth2 master br0
	ip address add 192.0.2.7/24 dev br0
	ip address add 2001:db8::7/64 dev br0 nodad
	ip -n peer address add 192.0.2.1/24 dev veth1
	ip -n peer address add 2001:db8::1/64 dev veth1 nodad
	for i in br0 veth0 veth2; do ip link set \$i up; done
	ip -n peer link set veth1 up
	ip -n vm link set veth3 up

	ip link add red type vrf table 10
	ip link set red up
	ip link add veth4 type veth peer name veth5 netns behind
	ip link set veth4 master red
	ip link set veth4 up
	ip address add 198.51.100.7/24 dev veth4
	ip address add fe80::7/64 dev veth4 nodad
	ip -n behind address add 198.51.100.1/24 dev veth5
	ip -n behind address add fe80::1/64 dev veth5 nodad
	ip -n behind link set veth5 up

	ip route add local 203.0.113.0/24 dev lo
	ip -6 route add local 2001:db8:9::/64 dev lo
	ip -n peer route add 203.0.113.0/24 via 192.0.2.7
	ip -n peer -6 route add 2001:db8:9::/64 via 2001:db8::7" ||
	bail 'no network in the guest'

from() { # NAMESPACE ARGUMENT…
	guest "SEND_SYSRQ_PASSWORD='$SEND_SYSRQ_PASSWORD' ip netns exec $1 \
		send_sysrq --timeout 5 --no-one-way ${*:2}"
}

# How many datagrams vm has received, IPv4 and IPv6
arrived() {
	guest "for t in iptables ip6tables; do
		ip netns exec vm \$t-legacy -t raw -vnxL PREROUTING
	done" | awk '/dpt:9/ { n += $1 } END { print n + 0 }'
}

tables='iptables-legacy ip6tables-legacy'
rule() { # -I|-D TABLE CHAIN
	guest "for t in $tables; do
		\$t -t $2 $1 $3 -p udp --dport 9 -j SYSRQ || exit
	done"
}

begin() { # WAY
	case $1 in
	listener) guest "echo 9 > $P/port" ;;
	*) rule -I "${1% *}" "${1#* }" ;;
	esac
}

end() { # WAY
	case $1 in
	listener) guest "echo 0 > $P/port" ;;
	*) rule -D "${1% *}" "${1#* }" ;;
	esac
}

guest "for t in $tables; do
	ip netns exec vm \$t -t raw -A PREROUTING -p udp --dport 9
done"

for way in listener 'raw PREROUTING' 'filter INPUT'; do
	begin "$way"

	# --- Addresses of the routing table ---
	for address in 192.0.2.7 2001:db8::7 203.0.113.9 2001:db8:9::9; do
		ok "$way: $address answers" from peer "$address" h
	done
	ok "$way: the address of a VRF's port answers" from behind 198.51.100.7 h
	ok '… and its link-local address' from behind fe80::7%veth5 h

	# --- Frames for vm ---
	guest 'dmesg -c > /dev/null'
	for address in 192.0.2.7 2001:db8::7; do
		before=$(arrived)
		guest "ip -n peer neighbour replace $address lladdr $vm_mac dev veth1"
		has "$way: a frame for vm with the address $address is not taken" \
			"$(from peer --timeout 2 "$address" h; echo "status $?")" \
			'status 5'
		ok '… it reaches vm' test "$(arrived)" -gt "$before"
		guest "ip -n peer neighbour delete $address dev veth1"
	done
	is '… and presses nothing here' "$(logged 'HELP|SYSRQ')" 0

	end "$way"
done
done_testing
