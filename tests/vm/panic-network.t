#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A host that has panicked is reached as before: by IPv4, IPv6, link-local addresses and a
# VLAN, also where its card is in a bridge or a bond, and after its neighbours have
# forgotten its hardware address. from= holds. It leaves its addresses to a host that takes
# them over.
#
#   namespace sysrq-panic-network-PID on this machine       guest
#   send_sysrq --- tap0   192.0.2.1, 2001:db8::1 ---------- TOP   192.0.2.7, 2001:db8::7
#                         203.0.113.1                             203.0.113.7
#              \-- tap0.5 198.51.100.1 (VLAN 5) ----------- TOP.5 198.51.100.7
#
# TOP is eth0, then a bridge and a bond of eth0.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

boot --net tap --no-rule --params "passwd=$SEND_SYSRQ_PASSWORD mask=1 port=9 \
	from=192.0.2.0/24,198.51.100.0/24,2001:db8::/32,fe80::/10"
# ip, on this machine
here() { # ARGUMENT…
	ip -n "sysrq-$VM" "$@" || bail 'no network on this machine'
}

here link add link tap0 name tap0.5 type vlan id 5
here address add 198.51.100.1/24 dev tap0.5
here link set tap0.5 up
here address add 203.0.113.1/24 dev tap0

# send_sysrq, from where the guest can be reached, when nobody knows its hardware address
tap() { # ARGUMENT…
	here neighbour flush dev tap0
	here neighbour flush dev tap0.5
	out=$(vm exec-net "$VM" "$BUILD/send_sysrq" --timeout 10 --no-one-way "$@" 2>&1)
	status=$?
}

answers() { # ADDRESS
	tap "$1" h
	[ "$status" -eq 0 ] || { echo "$out"; return 1; }
}

# Moves the addresses of eth0 to the device, which has eth0.
make_top() { # COMMANDS
	guest "set -e
		modprobe -a 8021q bonding bridge
		ip address flush dev eth0
		$1
		ip link set $top up
		ip address add 192.0.2.7/24 dev $top
		ip address add 203.0.113.7/24 dev $top
		ip address add 192.0.2.77/24 dev $top
		ip -6 address add 2001:db8::7/64 dev $top nodad
		ip link add link $top name $top.5 type vlan id 5
		ip link set $top.5 up
		ip address add 198.51.100.7/24 dev $top.5"
}

for top in eth0 br0 bond0; do
	case $top in
	eth0) make='' ;;
	br0) make='ip link add br0 type bridge; ip link set eth0 master br0' ;;
	bond0) make='ip link add bond0 type bond mode active-backup miimon 100
		ip link set eth0 down; ip link set eth0 master bond0' ;;
	esac
	make_top "$make" || bail "no $top in the guest"
	until_true 60 answers 198.51.100.7 || bail "no network with $top"
	link_local=$(guest "ip -6 address show dev $top scope link" |
		sed -n 's/.*inet6 \(fe80[^/]*\).*/\1/p')
	tap 192.0.2.7 c
	ok "$top: the host panics" vm wait --timeout 120 "$VM" panicked

	ok '… it answers to IPv4' until_true 60 answers 192.0.2.7
	ok '… IPv6' answers 2001:db8::7
	ok '… its link-local address' answers "$link_local%tap0"
	ok '… and in the VLAN' answers 198.51.100.7
	ok '… its log can be read in the VLAN' vm exec-net "$VM" \
		"$BUILD/send_sysrq" log 198.51.100.7
	tap --timeout 2 203.0.113.7 h
	is '… but from= does not permit this network' "$status" 5

	if [ "$top" = eth0 ]; then
		ok 'another host that asks whether an address is free gets no answer' \
			vm exec-net "$VM" busybox arping -D -c 2 -I tap0 192.0.2.77
		ok '… the address is answered' answers 192.0.2.77
		here address add 192.0.2.77/32 dev tap0
		vm exec-net "$VM" busybox arping -U -c 2 -I tap0 -s 192.0.2.77 \
			192.0.2.77 > "$WORK/arping" 2>&1
		here address del 192.0.2.77/32 dev tap0
		tap --timeout 2 192.0.2.77 h
		is '… until another host has announced it' "$status" 5
		ok '… and the other address is answered as before' answers 192.0.2.7
	fi

	tap 192.0.2.7 b
	is '… b is accepted' "$status" 0
	ok '… and resets the host' vm wait --timeout 60 "$VM" reset
	until_true 180 vm wait "$VM" ready || bail 'the guest does not come back'
done
done_testing
