#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A million forged datagrams, from both CPUs at once, press no letter, are all found forged,
# and go on to the next rule; the host lives on, and the right password still works. On a
# debug kernel KASAN, UBSAN and lockdep watch all of it.
#
#   namespace far (no address)          guest
#   pk1  ------- the cable ----------   pk0 198.51.100.1, 2001:db8:77::1
#   forge on CPU 0, forge on CPU 1      each CPU judges what it has sent
#
# tests/guest/forge.c has the kinds of forgeries. Arguments go to `lab/vm start`.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/../vm/lib.sh"

key=$("$BUILD/guest/packets" key "$SEND_SYSRQ_PASSWORD") ||
	bail "there is no $BUILD/guest/packets"
boot --no-rule --script "$TOP/tests/guest/silence.sh" "$@"

both='for tables in iptables-legacy ip6tables-legacy; do'
# The host has room for few fragments, so those that are never complete must go soon.
guest "
ip link set pk0 mtu 9000 && ip -n far link set pk1 mtu 9000 || exit
echo 1 > /proc/sys/net/ipv4/ipfrag_time
echo 1 > /proc/sys/net/ipv6/ip6frag_time
$both
	\$tables -A INPUT -i pk0 -j DROP || exit
done" || bail 'no rules in the guest'

# --- Three ways to the module ---

# The next rule counts what the SYSRQ rule lets go on.
by_rules() {
	guest "$both
		\$tables -t raw -A PREROUTING -p udp -j SYSRQ &&
		\$tables -t raw -A PREROUTING -p udp &&
		\$tables -I INPUT -p udp &&
		\$tables -I INPUT -p udp -j SYSRQ || exit
	done"
}

# With connection tracking no rule sees a fragment, in IPv6, too: they are put together
# first.
and_conntrack() {
	guest "$both
		\$tables -A INPUT -m state --state INVALID || exit
	done
	echo 1 > /proc/sys/net/netfilter/nf_conntrack_frag6_timeout"
}

by_port() {
	guest "$both
		\$tables -F INPUT && \$tables -t raw -F &&
		\$tables -A INPUT -i pk0 -j DROP || exit
	done
	echo 9 > /sys/module/ipt_SYSRQ/parameters/port"
}

# --- The results ---

# One forger on each CPU.
forge() { # COUNT SEED
	vm run --timeout 1800 "$VM" "
		for cpu in 0 1; do
			ip netns exec far forge $key \$cpu forge $(($1 / 2)) \
				\$(($2 * 2 + cpu)) > /tmp/\$cpu &
			eval forger\$cpu=\$!
		done
		wait \$forger0 && wait \$forger1"
}

# The sums of both forgers: kind NAME V4 V6, rule V4 V6, …
forged() {
	guest "awk '
		NF > 2 { n = \$1 (NF == 4 ? \" \" \$2 : \"\")
			v4[n] += \$(NF - 1); v6[n] += \$NF }
		END { for (n in v4) print n, v4[n], v6[n] }' /tmp/0 /tmp/1"
}

# The SYSRQ rule's packets, then those of the next one: IPv4, IPv6
packets() { # TABLE CHAIN
	guest "$both
			\$tables -t $1 -vnxL $2
		done" |
		awk '$3 == "SYSRQ" || $3 == "17" || $3 == "udp" { print $1 }' |
		paste -sd ' '
}

counter() { # NAME
	guest 'cat /proc/net/ipt_sysrq' | awk -v name="$1" '$1 == name { print $2 }'
}

# Prints each counter that counts more than forgeries, if it is not 0
authentic() {
	guest 'cat /proc/net/ipt_sysrq' | awk '$2 > 0 && NF == 2 &&
		$1 ~ /^(accepted|repeated|status|log|unknown_type|refused.*)$/'
}

# Prints the kinds of which fewer than a thousand, or its part, were sent
few_of_a_kind() {
	awk -v least=$((1000 / part)) '$1 == "kind" && $3 + $4 < least' <<< "$forged"
}

# All that must reach the rule has reached it, and all of that went on.
came_and_went() { # PACKETS REACH
	awk -v packets="$1" -v reach="$2" '$1 == reach {
		split(packets, n)
		print "at least", $2, $3, "of", packets
		exit !(n[1] >= $2 && n[3] >= $3 && n[1] == n[2] && n[3] == n[4])
	}' <<< "$forged"
}

# How many packets each CPU has received
received() {
	guest 'while read -r packets _; do
			echo $((0x$packets))
		done < /proc/net/softnet_stat' | paste -sd ' '
}

# The module is in so many PLACES that each datagram passes.
attack() { # NAME COUNT PLACES
	local seed=$RANDOM begun=$SECONDS judged from to tags
	guest "$both \$tables -Z; \$tables -t raw -Z; done; dmesg -c > /dev/null"
	judged=$(counter not_authentic)
	from=$(received)
	before=$(authentic)
	ok "$1: the host outlives $2 forged datagrams" forge "$2" "$seed"
	echo "# seed $seed, $((SECONDS - begun)) s"
	to=$(received)
	forged=$(forged)
	is '… as many were sent' \
		"$(awk '$1 == "all" { print $2 + $3 }' <<< "$forged")" "$2"
	ok '… half of them on each CPU' awk -v from="$from" -v to="$to" \
		-v half="$(($2 / 2))" 'BEGIN {
			split(from, f); split(to, t); print from, to
			exit !(t[1] - f[1] >= half && t[2] - f[2] >= half) }'
	tags=$(awk '$1 == "tag" { print $2 + $3 }' <<< "$forged")
	ok '… the module looks at their tags' test \
		$(($(counter not_authentic) - judged)) -ge $((tags * $3))
	is '… and finds none authentic' "$(authentic)" "$before"
	is '… no letter is pressed' "$(logged 'sysrq:|ipt_SYSRQ:')" 0
}

goes_on() { # TABLE CHAIN REACH
	ok "… all go on to the rule after the one in $1 $2" came_and_went "$(packets "$1" "$2")" "$3"
}

# The right password still presses a letter, once.
still_works() {
	send h
	is '… and the right password still presses a letter' "$status" 0
	is '… once' "$(logged 'sysrq: HELP')" 1
}

# --- The attacks ---

# 4: only a quarter of the datagrams
part=${FORGERY_PART:-1}

by_rules || bail 'no rules in the guest'
attack 'with a rule in each place' $((400000 / part)) 2
is '… at least a thousand of each kind' "$(few_of_a_kind)" ''
goes_on raw PREROUTING rule
goes_on filter INPUT tag
ok '… and the host puts fragments together' guest '
	awk "/^Ip: [0-9]/ { exit !(\$16 > 1000) }" /proc/net/snmp'
still_works

and_conntrack || bail 'no connection tracking in the guest'
attack 'with connection tracking' $((50000 / part)) 2
goes_on raw PREROUTING tag
goes_on filter INPUT tag
still_works

by_port || bail 'the module does not listen'
attack 'with a port of its own' $((550000 / part)) 1
still_works

done_testing
