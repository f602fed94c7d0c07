#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A host that has panicked is reached as before: by IPv4, IPv6, link-local addresses and a
# VLAN, also where its card is in a bridge or a bond, and after its neighbours have
# forgotten its hardware address. from= holds. It leaves its addresses to a host that takes
# them over, as long as that host answers for them.
#
#   guest panic-network-PID-asker                      guest panic-network-PID
#   eth1   192.0.2.1, 2001:db8::1, 203.0.113.1 ------- TOP   192.0.2.7, 2001:db8::7
#                                                            192.0.2.77, 203.0.113.7
#   eth1.5 198.51.100.1 (VLAN 5) --------------------- TOP.5 198.51.100.7
#
# TOP is eth1, then a bridge and a bond of eth1. The asker's eth1 is a bridge, in which
# there is another host, too: the namespace other.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

asker=$VM-asker
trap 'vm stop "$asker"; finish' EXIT

# The options of a guest that give it eth1
wire() { # server=on|off NUMBER
	echo "-netdev stream,id=wire,$1,addr.type=unix,addr.path=$WORK/wire \
		-device virtio-net-pci,netdev=wire,romfile=,mac=52:54:00:00:00:0$2"
}

from=192.0.2.0/24,198.51.100.0/24,2001:db8::/32,fe80::/10
# shellcheck disable=SC2046 # a list of words
boot --no-rule --params "passwd=$SEND_SYSRQ_PASSWORD mask=1 port=9 from=$from" \
	-- $(wire server=on 7)
# shellcheck disable=SC2046
vm start "$asker" --timeout 400 --params none -- $(wire server=off 1) ||
	bail 'the asker does not start'

asks() { # COMMAND
	vm run --timeout 60 "$asker" "$1"
}

asks 'set -e
	modprobe -a 8021q bridge veth
	ip link set eth1 name wire1
	ip link add eth1 type bridge
	ip link set wire1 master eth1
	ip netns add other
	ip link add port1 type veth peer name other1 netns other
	ip link set port1 master eth1
	ip link set wire1 up
	ip link set port1 up
	ip link set eth1 up
	ip address add 192.0.2.1/24 dev eth1
	ip address add 203.0.113.1/24 dev eth1
	ip -6 address add 2001:db8::1/64 dev eth1 nodad
	ip link add link eth1 name eth1.5 type vlan id 5
	ip link set eth1.5 up
	ip address add 198.51.100.1/24 dev eth1.5' || bail 'the asker has no network'

# send_sysrq by the asker, which has forgotten the hardware addresses
ask_for() { # ARGUMENT…
	out=$(asks "ip neighbour flush all
		SEND_SYSRQ_PASSWORD='$SEND_SYSRQ_PASSWORD' \
			send_sysrq --timeout 10 --no-one-way $*" 2>&1)
	status=$?
}

answers() { # ADDRESS
	ask_for "$1" h
	[ "$status" -eq 0 ] || { echo "$out"; return 1; }
}

# Gives the device of the guest, which has eth1, all addresses.
make_top() { # COMMANDS
	guest "set -e
		modprobe -a 8021q bonding bridge
		ip link set eth1 up
		$1
		ip link set $top up
		ip address add 192.0.2.7/24 dev $top
		ip address add 192.0.2.77/24 dev $top
		ip address add 203.0.113.7/24 dev $top
		ip -6 address add 2001:db8::7/64 dev $top nodad
		ip -6 address add 2001:db8::77/64 dev $top nodad
		ip link add link $top name $top.5 type vlan id 5
		ip link set $top.5 up
		ip address add 198.51.100.7/24 dev $top.5"
}

for top in eth1 br0 bond1; do
	case $top in
	eth1) make='' ;;
	br0) make='ip link add br0 address 52:54:00:00:00:70 type bridge
		ip link set eth1 master br0' ;;
	bond1) make='ip link add bond1 type bond mode active-backup miimon 100
		ip link set eth1 down; ip link set eth1 master bond1' ;;
	esac
	make_top "$make" || bail "no $top in the guest"
	until_true 60 answers 198.51.100.7 || bail "no network with $top"
	link_local=$(guest "ip -6 address show dev $top scope link" |
		sed -n 's/.*inet6 \(fe80[^/]*\).*/\1/p')
	ask_for 192.0.2.7 c
	ok "$top: the host panics" vm wait --timeout 120 "$VM" panicked

	ok '… it answers to IPv4' until_true 60 answers 192.0.2.7
	ok '… IPv6' answers 2001:db8::7
	ok '… its link-local address' answers "$link_local%eth1"
	[ "$top" != br0 ] ||
		is '… it tells the hardware address of the bridge' "$(asks 'ip neighbour flush all
			for address in 192.0.2.7 2001:db8::7; do
				ping -c 1 -W 2 $address > ping
				ip neighbour show $address
			done' | grep -c ' lladdr 52:54:00:00:00:70 ')" 2
	ok '… and in the VLAN' answers 198.51.100.7
	ok '… its log can be read in the VLAN' asks \
		"SEND_SYSRQ_PASSWORD='$SEND_SYSRQ_PASSWORD' send_sysrq log 198.51.100.7 |
			grep 'Kernel panic - not syncing'"
	ask_for --timeout 2 203.0.113.7 h
	is '… but from= does not permit this network' "$status" 5

	if [ "$top" = eth1 ]; then
		ok 'another host that asks whether an address is free gets no answer' \
			asks 'busybox arping -D -c 2 -I eth1 192.0.2.77'
		ok '… soon, the address is answered' until_true 60 answers 192.0.2.77
		ok '… the IPv6 address, too' answers 2001:db8::77
		asks 'ip -n other address add 192.0.2.77/24 dev other1
			ip -n other -6 address add 2001:db8::77/64 dev other1
			ip -n other link set other1 up
			ip netns exec other busybox arping -U -c 2 -I other1 192.0.2.77' \
			> "$WORK/arping" 2>&1
		until_true 60 asks 'ip -n other -6 address show dev other1 > addresses
			grep 2001:db8::77/64 addresses && ! grep tentative addresses' ||
			bail 'the other host does not get the IPv6 address'
		ok '… until another host has announced it, and as long as that has it' \
			asks 'busybox arping -b -c 6 -I eth1 192.0.2.77 | tee answers
				grep reply answers && ! grep 52:54:00:00:00:07 answers'
		ask_for 2001:db8::77 h
		is '… the IPv6 address, too' "$status" 6
		ok '… and the other address is answered as before' answers 192.0.2.7
		ask_for 2001:db8::77 h
		is '… and the IPv6 address still is not' "$status" 6
		asks 'ip netns del other'
		ok '… the address is answered when nobody else has it' \
			until_true 60 answers 192.0.2.77
		ok '… the IPv6 address, too' until_true 60 answers 2001:db8::77
	fi

	ask_for 192.0.2.7 b
	is '… b is accepted' "$status" 0
	ok '… and resets the host' vm wait --timeout 60 "$VM" reset
	until_true 180 vm wait "$VM" ready || bail 'the guest does not come back'
done
done_testing
