#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The target in real rules: both back ends, both families, both places.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

boot --no-rule

# Another host, as far as the packets can tell
guest '
ip netns add peer
ip link add veth0 type veth peer name veth1 netns peer
ip addr add 192.0.2.7/24 dev veth0
ip -6 addr add 2001:db8::7/64 dev veth0 nodad
ip link set veth0 up
ip -n peer addr add 192.0.2.1/24 dev veth1
ip -n peer -6 addr add 2001:db8::1/64 dev veth1 nodad
ip -n peer link set veth1 up
ip -n peer link set lo up' || bail 'no network in the guest'

address_of() {
	case $1 in
	iptables-*) echo 192.0.2.7 ;;
	*) echo 2001:db8::7 ;;
	esac
}

ask() {
	guest "SEND_SYSRQ_PASSWORD='$SEND_SYSRQ_PASSWORD' ip netns exec peer \
		send_sysrq --timeout 5 --no-one-way $*"
}

for backend in legacy nft; do
	for tool in iptables ip6tables; do
		t=$tool-$backend
		host=$(address_of "$t")
		peer=${host%7}1
		ok "$t -j SYSRQ --help" eval \
			"guest '$t -j SYSRQ --help' | grep -q 'SYSRQ target'"
		for place in '-t filter -I INPUT' '-t raw -I PREROUTING'; do
			rule="$place -i veth0 -s $peer -p udp --dport 9 -m limit --limit 100/second -j SYSRQ"
			ok "$t $rule" guest "$t $rule"
			ok '… is saved, flushed and restored the same' guest "
				$t-save | grep -v '^#' | sed 's/\[.*//' > /tmp/a
				grep -q -- '-j SYSRQ' /tmp/a &&
				$t-save > /tmp/rules && $t ${place% -I *} -F &&
				$t-restore < /tmp/rules &&
				$t-save | grep -v '^#' | sed 's/\[.*//' |
					cmp - /tmp/a"
			ok '… and keys are pressed through it' ask "$host" h
			guest "$t ${place% -I *} -F"
		done
		ok "$t refuses it without -p udp" \
			guest "! $t -I INPUT -j SYSRQ"
		ok "$t refuses it with -p tcp" \
			guest "! $t -I INPUT -p tcp --dport 9 -j SYSRQ"
		ok "$t refuses it in FORWARD" \
			guest "! $t -I FORWARD -p udp -j SYSRQ"
		ok "$t refuses it in table nat" \
			guest "! $t -t nat -I PREROUTING -p udp -j SYSRQ"
	done
done
is 'a refusal in nat is explained' \
	"$(logged 'a rule in table nat is refused: put it into filter INPUT')" 4

# --- The reply goes the ordinary way ---
guest 'iptables-legacy -P OUTPUT DROP
	iptables-legacy -A OUTPUT -m state --state RELATED,ESTABLISHED -j ACCEPT
	iptables-legacy -I INPUT -p udp --dport 9 -j SYSRQ'
ok 'a stateful firewall lets the reply out' ask 192.0.2.7 h
guest 'iptables-legacy -P OUTPUT ACCEPT; iptables-legacy -F'

guest 'iptables-legacy -t nat -A PREROUTING -p udp --dport 99 -j REDIRECT --to 9
	iptables-legacy -I INPUT -p udp --dport 9 -j SYSRQ'
ok 'a redirected port is answered from that port' ask -p 99 192.0.2.7 h
guest 'iptables-legacy -F; iptables-legacy -t nat -F'

guest 'iptables-legacy -t raw -I PREROUTING -p udp --dport 9 -j SYSRQ
	iptables-legacy -A INPUT -p udp -m state --state NEW -j DROP
	echo 1 > /proc/sys/net/netfilter/nf_conntrack_max
	ip netns exec peer ping -c 3 -W 1 192.0.2.7'
ok 'with a full connection table it works from raw PREROUTING' \
	ask 192.0.2.7 h
guest 'iptables-legacy -F; iptables-legacy -t raw -F'

# A rule in PREROUTING sees what is forwarded: that is for others to judge.
guest '
ip netns add behind
ip link add veth2 type veth peer name veth3 netns behind
ip addr add 198.51.100.1/24 dev veth2
ip link set veth2 up
ip -n behind addr add 198.51.100.7/24 dev veth3
ip -n behind link set veth3 up
ip -n behind route add default via 198.51.100.1
ip -n peer route add 198.51.100.0/24 via 192.0.2.7
echo 1 > /proc/sys/net/ipv4/ip_forward
iptables-legacy -t raw -I PREROUTING -p udp --dport 9 -j SYSRQ
dmesg -c > /dev/null'
has 'what is forwarded to another host is not taken' \
	"$(ask --timeout 2 198.51.100.7 h; echo "status $?")" 'status 6'
is '… and presses nothing here' "$(logged 'HELP|SYSRQ')" 0
done_testing
