#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A host whose lease has run out has no IPv4 address any more. Its listener still answers
# a neighbour who sends to the hardware address of its card: with a key pair, and only
# where that card has no IPv4 address.
#
# make_peer of lib.sh draws the two machines.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

boot --no-rule
make_peer
guest 'echo 9 > /sys/module/ipt_SYSRQ/parameters/port
	mkdir -p /root/.config/send_sysrq' || bail 'no listener in the guest'
public=$(new_key alice)
put_table <<< "alice $public all log" || bail 'no table'
guest "umask 077; echo 'host $host_public' > /root/.config/send_sysrq/known_hosts
	printf '%s\n' '$(cat "$WORK/alice.key")' > /root/alice.key" ||
	bail 'no key in the guest'
mac=$(guest cat /sys/class/net/veth0/address)

# send_sysrq from peer, with the pair
with_pair() { # ARGUMENT…
	ask "${pair[@]}" /root/alice.key "$@"
}

neighbour() { # ADDRESS HARDWARE-ADDRESS
	guest "ip -n peer neighbour replace $1 lladdr $2 dev veth1 nud permanent"
}

# send_sysrq from peer by --ethernet, with the pair. For the client the host has a name
# and no address.
by_card() { # INTERFACE SUBCOMMAND ARGUMENT…
	guest "ip netns exec peer send_sysrq $2 --ethernet $mac%$1 --timeout 5 \
		--key-file /root/alice.key host ${*:3}"
}

unanswered() { # COMMAND…
	has "$1" "$("${@:2}" 2>&1; echo "status $?")" 'status 5'
}

neighbour 192.0.2.8 "$mac"
unanswered 'with an address, the card takes no other one' with_pair 192.0.2.8 h
unanswered '… nor by --ethernet' by_card veth1 press h --no-one-way

# systemd-networkd sets the lifetime of a lease so.
guest 'ip address change 192.0.2.7/24 dev veth0 valid_lft 1 preferred_lft 1'
no_address() {
	[ -z "$(guest ip -4 -o address show dev veth0)" ]
}
until_true 60 no_address || bail 'the lease does not run out'

neighbour 192.0.2.7 "$mac"
ok 'a host without an address answers' with_pair 192.0.2.7 h
ok '… to any address that its neighbour uses' with_pair 192.0.2.8 h
ok '… and to its link-local address' with_pair \
	"$(guest ip -6 -o address show dev veth0 scope link |
		awk '{ sub("/.*", "", $4); print $4 }')%veth1" h
unanswered 'a password is no pair' ask 192.0.2.7 h

guest 'ip route flush table main; ip -6 route flush table main
	ip neighbour flush all; ip link set lo down'
ok 'it answers without routes and neighbours' with_pair 192.0.2.7 h
has '… and gives its log' "$(guest "ip netns exec peer send_sysrq log \
	${pair[*]} /root/alice.key 192.0.2.7")" 'alice'
ok 'it answers --ethernet, which names an address of nobody' by_card veth1 press h
ok '… gives its status' by_card veth1 status
has '… and its log' "$(by_card veth1 log)" 'alice'

neighbour 192.0.2.7 ff:ff:ff:ff:ff:ff
unanswered 'a frame for everybody is not taken' with_pair 192.0.2.7 h
neighbour 192.0.2.7 02:00:00:00:00:09
guest 'ip link set veth0 promisc on'
unanswered 'a frame for another card is not taken' with_pair 192.0.2.7 h
neighbour 192.0.2.7 "$mac"
guest 'ip -n peer route add 127.0.0.2 dev veth1 src 192.0.2.1'
neighbour 127.0.0.2 "$mac"
unanswered 'a loopback address is not taken' with_pair 127.0.0.2 h

guest 'echo 0 > /sys/module/ipt_SYSRQ/parameters/port
	iptables-legacy -t raw -A PREROUTING -p udp --dport 9 -j SYSRQ'
unanswered 'a rule does not take it' with_pair 192.0.2.7 h
guest 'iptables-legacy -t raw -F
	echo 9 > /sys/module/ipt_SYSRQ/parameters/port'

accepted() {
	guest "sed -n 's/^accepted //p' /proc/net/ipt_sysrq"
}
before=$(accepted)
# In the first minute after it has loaded the key, it takes none.
ok 'by --ethernet it takes a one-way command' \
	until_true 120 by_card veth1 press h --one-way
is '… once' "$(accepted)" $((before + 1))

if guest 'modprobe 8021q && ip link add link veth0 name veth0.7 type vlan id 7 &&
	ip link set veth0.7 up'; then
	guest 'ip -n peer link add link veth1 name veth1.7 type vlan id 7
		ip -n peer link set veth1.7 up
		ip -n peer addr add 198.51.100.1/24 dev veth1.7' || bail 'no VLAN'
	ok 'a VLAN without an address answers' by_card veth1.7 press h
	guest 'ip link del veth0.7'
else
	skip 'a VLAN without an address answers' 'this kernel has no VLANs'
fi

guest 'ip link add br0 type bridge
	ip link set veth0 master br0
	ip link set br0 up' || bail 'no bridge in the guest'
ok 'a bridge without an address answers' with_pair 192.0.2.7 h
# br_netfilter shows also frames that the bridge only passes on.
guest 'modprobe br_netfilter' || bail 'no br_netfilter in the guest'
unanswered '… but takes no bridged frame' with_pair 192.0.2.7 h
done_testing
