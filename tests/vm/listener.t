#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# With port= the module itself listens, whatever the firewall says, with a full connection
# table, and with no route back. The port can change at run time. from= limits whom it
# hears. What is forwarded, and what other network namespaces receive, is not taken.
#
#   +------- peer ------+     +------- guest ---------+     +------ behind ------+
#   | veth1 192.0.2.1   |-----| veth0 192.0.2.7       |     |                    |
#   |       2001:db8::1 |     |       2001:db8::7     |     |                    |
#   | send_sysrq        |     | veth2 198.51.100.1    |-----| veth3 198.51.100.7 |
#   +-------------------+     | eth0 10.0.2.15        |     +--------------------+
#                             +-----------|-----------+
#                              QEMU, to send_sysrq on this machine
#
# peer and behind are network namespaces of the guest. behind is added halfway.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

P=/sys/module/ipt_SYSRQ/parameters

boot --no-rule
make_peer

is 'by default the module does not listen' "$(guest cat $P/port)" 0
has '… so nobody answers' "$(ask 192.0.2.7 h; echo "status $?")" 'status 6'

guest "echo 9 > $P/port"
ok 'port 9: IPv4' ask 192.0.2.7 h
ok '… IPv6' ask 2001:db8::7 h
ok '… the loopback device' guest "SEND_SYSRQ_PASSWORD='$SEND_SYSRQ_PASSWORD' \
	send_sysrq --no-one-way 127.0.0.1 h"
send h
is '… from outside' "$status" 0
has '… and another port is not answered' "$(ask -p 10 192.0.2.7 h; echo "status $?")" 'status 6'

# --- No firewall stops it ---
for flavour in legacy nft; do
	guest "for t in iptables-$flavour ip6tables-$flavour; do
		\$t -P INPUT DROP
		\$t -P OUTPUT DROP
		\$t -t raw -I PREROUTING -j DROP
		\$t -t raw -I OUTPUT -j DROP
	done"
	ok "$flavour: the rules drop all, and the host does not answer to ping" guest \
		'! ip netns exec peer ping -c 1 -W 1 192.0.2.7'
	send --no-one-way h
	is '… but the listener answers, IPv4' "$status" 0
	guest "ip6tables-$flavour -t raw -I PREROUTING -p icmpv6 -j ACCEPT
		ip6tables-$flavour -t raw -I OUTPUT -p icmpv6 -j ACCEPT
		ip6tables-$flavour -I INPUT -p icmpv6 -j ACCEPT
		ip6tables-$flavour -I OUTPUT -p icmpv6 -j ACCEPT"
	ok '… and IPv6, with neighbour discovery let through' ask 2001:db8::7 h
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
ok 'with a full connection table it answers' ask 192.0.2.7 h
guest 'iptables-legacy -F'

guest 'ip route del 192.0.2.0/24; ip route del default'
ok 'without a route back the answer goes to the neighbour who asked' ask 192.0.2.7 h
guest 'ip route add 192.0.2.0/24 dev veth0; ip route add default via 10.0.2.2'

# --- Beside a rule, which limits only what comes through the rule ---
guest 'iptables-legacy -I INPUT -p udp --dport 99 -j SYSRQ --allow-keys h'
has 'a rule for another port refuses the letter m' \
	"$(ask -p 99 192.0.2.7 hm; echo "status $?")" 'status 9'
ok '… and the listener presses it' ask 192.0.2.7 hm
guest 'iptables-legacy -F'

# --- What the guest forwards ---
make_behind
guest 'dmesg -c > /dev/null'
has 'the host does not take what it forwards' \
	"$(ask --timeout 2 198.51.100.7 h; echo "status $?")" 'status 6'
is '… and presses nothing here' "$(logged 'HELP|SYSRQ')" 0

# --- Only from some networks ---
is 'by default it hears all' "$(guest cat $P/from)" ''
guest "echo 192.0.2.1,2001:db8::/32 > $P/from"
is 'from is shown as networks' "$(guest cat $P/from)" 192.0.2.1/32,2001:db8::/32
ok '… it hears these: IPv4' ask 192.0.2.7 h
ok '… IPv6' ask 2001:db8::7 h
ok '… and the loopback device' guest "SEND_SYSRQ_PASSWORD='$SEND_SYSRQ_PASSWORD' \
	send_sysrq --no-one-way 127.0.0.1 h"
before=$(guest "sed -n 's/^not_ours //p' /proc/net/ipt_sysrq")
send --timeout 1 --no-one-way h
ok '… and nobody else' test "$status" -ne 0
ok '… what it does not hear is counted' test "$before" -lt \
	"$(guest "sed -n 's/^not_ours //p' /proc/net/ipt_sysrq")"
guest "iptables-legacy -I INPUT -p udp --dport 9 -j SYSRQ"
send h
is '… but a rule is not limited by it' "$status" 0
guest 'iptables-legacy -F'
guest "echo ::/0 > $P/from"
has 'from ::/0 is IPv6 alone: not IPv4' \
	"$(ask 192.0.2.7 h; echo "status $?")" 'status 6'
ok '… but IPv6' ask 2001:db8::7 h
guest "echo 10.0.0.0/8,0.0.0.0/0 > $P/from"
ok 'from 0.0.0.0/0 is IPv4' ask 192.0.2.7 h
has '… not IPv6' "$(ask 2001:db8::7 h; echo "status $?")" 'status 6'

many=$(printf '10.%d.0.0/16,' {1..16})
guest "echo ${many%,} > $P/from"
is '16 networks can be given' "$(guest cat $P/from)" "${many%,}"
bad_network() { # VALUE WORD
	guest 'dmesg -c > /dev/null'
	ok "from '$1' is refused" guest "! echo '$1' > $P/from"
	has '… and the log says why' "$(guest dmesg)" "parameter from: ${2//+/[+]}"
}
no_network="is not an address or a network, such as 10.0.0.0/8 or 2001:db8::/32"
for bad in 10.0.0 10.0.0.0/33 10.0.0.0/ 10.0.0.0/-1 10.0.0.0/+8 2001:db8::/129 \
	::ffff:10.0.0.0/104 010.0.0.0/8 10.0.0.00 web7 ' 10.0.0.0/8' fe80::1%eth0; do
	bad_network "$bad" "'$bad' $no_network"
done
bad_network 10.0.0.0/8,,::1 "'' $no_network"
bad_network '192.0.2.1 192.0.2.2' "'192.0.2.1 192.0.2.2' $no_network"
bad_network 10.1.2.3/8 \
	"'10.1.2.3/8' is an address within a network, not a network: expected 10.0.0.0/8"
bad_network 2001:db8::1/32 "'2001:db8::1/32' is an .*: expected 2001:db8::/32"
bad_network "${many}10.17.0.0/16" 'more than 16 networks given, expected at most 16'
is '… and nothing is changed' "$(guest cat $P/from)" "${many%,}"
guest "echo > $P/from"
is 'the empty text takes the limit away' "$(guest cat $P/from)" ''
ok '… it hears all again' ask 192.0.2.7 h

# --- Another port, and none ---
guest "echo 4711 > $P/port"
ok 'the port can change at run time' ask -p 4711 192.0.2.7 h
has '… and the first port is not answered any more' "$(ask 192.0.2.7 h; echo "status $?")" 'status 6'
for bad in 65536 -1 x '' 9x; do
	guest 'dmesg -c > /dev/null'
	ok "'$bad' is refused" guest "! echo '$bad' > $P/port"
	is '… and the log says why' \
		"$(logged "parameter port: '$bad' is not a UDP port, 1 to 65535")" 1
done
is '… and changes nothing' "$(guest cat $P/port)" 4711
guest "echo 0 > $P/port"
has 'with port 0 nobody answers again' "$(ask -p 4711 192.0.2.7 h; echo "status $?")" 'status 6'

# --- Loaded with a port, and unloaded while it listens ---
guest "echo 9 > $P/port"
ok 'the module can be unloaded while it listens' guest 'rmmod ipt_SYSRQ'
ok 'a load with a bad port is refused' guest '! modprobe ipt_SYSRQ port=65536'
ok '… and the module is not there' guest '! test -d /sys/module/ipt_SYSRQ'
ok 'a load with a bad network is refused' guest '! modprobe ipt_SYSRQ from=10.0.0.0/8,x'
ok '… and the module is not there' guest '! test -d /sys/module/ipt_SYSRQ'
guest "modprobe ipt_SYSRQ passwd='$SEND_SYSRQ_PASSWORD' mask=1 port=9 from=2001:db8::/64"
ok 'with port=9 at load it answers' ask 2001:db8::7 h
has '… and from= at load limits it' "$(ask 192.0.2.7 h; echo "status $?")" 'status 6'

# --- The host alone ---
has 'it does not listen in another network namespace' \
	"$(ask ::1 h; echo "status $?")" 'status 6'
done_testing
