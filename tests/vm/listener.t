#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The port that the module hears by itself, whatever the firewall says.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

P=/sys/module/ipt_SYSRQ/parameters

boot --no-rule
make_peer

is 'off by default' "$(guest cat $P/port)" 0
has '… so nobody hears' "$(ask 192.0.2.7 h; echo "status $?")" 'status 6'

guest "echo 9 > $P/port"
ok 'port 9: IPv4' ask 192.0.2.7 h
ok '… IPv6' ask 2001:db8::7 h
ok '… the loopback device' guest "SEND_SYSRQ_PASSWORD='$SEND_SYSRQ_PASSWORD' \
	send_sysrq --no-one-way 127.0.0.1 h"
send h
is '… from outside' "$status" 0
has '… and no other port' "$(ask -p 10 192.0.2.7 h; echo "status $?")" 'status 6'

# --- No firewall stops it ---
for flavour in legacy nft; do
	guest "for t in iptables-$flavour ip6tables-$flavour; do
		\$t -P INPUT DROP
		\$t -P OUTPUT DROP
		\$t -t raw -I PREROUTING -j DROP
		\$t -t raw -I OUTPUT -j DROP
	done"
	ok "$flavour: the policies drop all: the host is locked" guest \
		'! ip netns exec peer ping -c 1 -W 1 192.0.2.7'
	send --no-one-way h
	is '… to others than us, IPv4' "$status" 0
	guest "ip6tables-$flavour -t raw -I PREROUTING -p icmpv6 -j ACCEPT
		ip6tables-$flavour -t raw -I OUTPUT -p icmpv6 -j ACCEPT
		ip6tables-$flavour -I INPUT -p icmpv6 -j ACCEPT
		ip6tables-$flavour -I OUTPUT -p icmpv6 -j ACCEPT"
	ok '… IPv6, which needs its neighbours' ask 2001:db8::7 h
	guest "for t in iptables-$flavour ip6tables-$flavour; do
		\$t -P INPUT ACCEPT
		\$t -P OUTPUT ACCEPT
		\$t -F
		\$t -t raw -F
	done"
done
guest 'iptables-legacy -A INPUT -m state --state NEW -j DROP
	echo 1 > /proc/sys/net/netfilter/nf_conntrack_max
	ip netns exec peer ping -c 3 -W 1 192.0.2.7'
ok 'a full connection table' ask 192.0.2.7 h
guest 'iptables-legacy -F'

guest 'ip route del 192.0.2.0/24; ip route del default'
ok 'no route back: the neighbour who sent it gets the answer' ask 192.0.2.7 h
guest 'ip route add 192.0.2.0/24 dev veth0; ip route add default via 10.0.2.2'

# --- Beside a rule, which caps what passes through itself ---
guest 'iptables-legacy -I INPUT -p udp --dport 99 -j SYSRQ --allow-keys h'
has 'a rule for another port keeps its limit' \
	"$(ask -p 99 192.0.2.7 hm; echo "status $?")" 'status 9'
ok '… and the listener has none' ask 192.0.2.7 hm
guest 'iptables-legacy -F'

# --- What is forwarded is for others ---
make_behind
guest 'dmesg -c > /dev/null'
has 'what is forwarded to another host is not taken' \
	"$(ask --timeout 2 198.51.100.7 h; echo "status $?")" 'status 6'
is '… and presses nothing here' "$(logged 'HELP|SYSRQ')" 0

# --- Another port, and none ---
guest "echo 4711 > $P/port"
ok 'another port at run time' ask -p 4711 192.0.2.7 h
has '… leaves the first' "$(ask 192.0.2.7 h; echo "status $?")" 'status 6'
for bad in 65536 -1 x '' 9x; do
	guest 'dmesg -c > /dev/null'
	ok "'$bad' is refused" guest "! echo '$bad' > $P/port"
	is '… with a sentence' \
		"$(logged "parameter port: '$bad' is not a UDP port, 1 to 65535")" 1
done
is '… and changes nothing' "$(guest cat $P/port)" 4711
guest "echo 0 > $P/port"
has 'none again' "$(ask -p 4711 192.0.2.7 h; echo "status $?")" 'status 6'

# --- At load, and unloaded while it hears ---
guest "echo 9 > $P/port"
ok 'it is unloaded while it hears' guest 'rmmod ipt_SYSRQ'
ok 'a load with a bad port is refused' guest '! modprobe ipt_SYSRQ port=65536'
ok '… loads nothing' guest '! test -d /sys/module/ipt_SYSRQ'
guest "modprobe ipt_SYSRQ passwd='$SEND_SYSRQ_PASSWORD' mask=1 port=9"
ok 'port=9 at load' ask 192.0.2.7 h

# --- Of this host alone ---
ok 'it does not hear in another network namespace' guest "
	! SEND_SYSRQ_PASSWORD='$SEND_SYSRQ_PASSWORD' ip netns exec peer \
		send_sysrq --timeout 1 --no-one-way ::1 h"
done_testing
