#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A host has a firewall of nftables, as firewalld makes it, which rejects what it does not
# know. With port=9 the host is rescued all the same, without any rule for that. A rule with
# the target is no way there: nft -f refuses the text that nft list ruleset then prints.
#
#   datagram --> module (port=9) --> prerouting: before --> input: rejects all but ssh
#                answers here
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

cat > "$WORK/rules" << 'END'
table inet zones {
	chain before {
		type filter hook prerouting priority raw + 10; policy accept;
		meta nfproto ipv6 fib saddr . mark . iif oif missing drop
	}
	chain input {
		type filter hook input priority filter + 10; policy drop;
		ct state { established, related } accept
		ct state invalid drop
		iifname "lo" accept
		tcp dport 22 ct state new accept
		reject with icmpx admin-prohibited
	}
	chain forward {
		type filter hook forward priority filter + 10; policy drop;
		ct state { established, related } accept
	}
	chain output {
		type filter hook output priority filter + 10; policy drop;
		ct state { established, related } accept
		oifname "lo" accept
	}
}
END
{
	echo "cat > /tmp/rules << 'END'"
	cat "$WORK/rules"
	echo END
	echo 'nft -f /tmp/rules || echo lab: cannot load the ruleset > /dev/kmsg'
} > "$WORK/script"

boot --no-rule --script "$WORK/script"
send --timeout 2 --no-one-way h
is 'without port= the firewall lets no datagram in' "$status" 5
guest 'echo 9 > /sys/module/ipt_SYSRQ/parameters/port'
send sisub
is 'with port=9 the host is rescued' "$status" 0
has '… its sync is complete' "$out" '^  s  sync +complete'
ok '… it resets' vm wait "$VM" reset
ok '… and comes back' vm wait "$VM" ready
ok '… with its firewall' guest 'nft list ruleset | grep -q "policy drop"'

# --- A rule with the target among those of nftables ---
guest 'modprobe ipt_SYSRQ; iptables-nft -I INPUT -p udp --dport 9 -j SYSRQ'
is 'after a rule by iptables-nft, nft -f refuses the whole text of nft list ruleset' "$(guest '
	nft list ruleset > /tmp/saved 2> /tmp/said; nft flush ruleset; nft -f /tmp/saved 2> /tmp/said
	echo "status $?"; nft list ruleset | grep -c zones')" 'status 1
0'
is '… without the rule nft takes it' "$(guest '
	nft -f /tmp/rules; nft list ruleset > /tmp/saved; nft flush ruleset; nft -f /tmp/saved
	echo "status $?"; nft list ruleset | grep -c zones')" 'status 0
1'
done_testing
