#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The rules that README has against floods hold: fifty small datagrams a second, from
# anybody, do not close the door, nor do fifty of the right length from one address.
# Both back ends of iptables, both families.
#
#   +------- peer ------+     +---- guest (rules) ----+
#   | veth1 192.0.2.1   |-----| veth0 192.0.2.7       |
#   |       2001:db8::1 |     |       2001:db8::7     |
#   | junk, send_sysrq  |     | eth0 10.0.2.15        |
#   +-------------------+     +-----------|-----------+
#                              QEMU, to send_sysrq on this machine
#
# peer is a network namespace of the guest.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

# README's rules of that kind, each on a line
rules=$(sed -e ':again' -e '/\\$/{N;s/ *\\\n */ /;b again' -e '}' README.md |
	grep -E '^ip6?tables .*-m length')
is 'README has four such rules' "$(wc -l <<< "$rules")" 4

boot --no-rule
make_peer
address=$(vm address "$VM")

# Sends junk of so many bytes, fifty times a second, until no_junk
junk() { # BYTES
	for host in 192.0.2.7 2001:db8::7; do
		guest "ip netns exec peer junk $host 9 $1 > /dev/null 2>&1 &"
	done
}

no_junk() {
	guest 'killall junk'
}

# How much of it no SYSRQ rule has taken, of either family
junk_seen() { # BACKEND NUMBER
	guest "for t in iptables-$1 ip6tables-$1; do
		n=\$(\$t -vnxL INPUT | awk '/DROP.*dpt:9/ { print \$1 }')
		[ \"\$n\" -ge $2 ] || exit 1
	done"
}

for backend in legacy nft; do
	guest "set -e
		$(sed -E "s/^(ip6?tables) /\1-$backend /" <<< "$rules")
		for t in iptables-$backend ip6tables-$backend; do
			\$t -A INPUT -p udp --dport 9 -j DROP
		done" || bail 'the rules are not taken'
	for size in 1 320; do
		junk "$size"
		ok "$backend: junk of $size bytes comes" \
			until_true 60 junk_seen "$backend" 100
		for _ in {1..4}; do
			send --timeout 5 --no-one-way h
			[ "$status" -eq 0 ] || break
		done
		is '… and four of four commands from elsewhere get through' \
			"$status" 0
		if [ "$size" = 1 ]; then
			ok '… and one from the same address, IPv4' ask 192.0.2.7 h
			ok '… IPv6' ask 2001:db8::7 h
		fi
		ok '… and the log is read' "$BUILD/send_sysrq" log \
			-p "${address##*:}" "${address%:*}"
		no_junk
		guest "for t in iptables-$backend ip6tables-$backend; do
			\$t -Z INPUT
		done"
	done
	guest "iptables-$backend -F; ip6tables-$backend -F"
done
done_testing
