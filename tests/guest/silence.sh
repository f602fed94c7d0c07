#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The guest's part of tests/vm/silence.t. As the start script of the machine it makes
# the cable of wire.h. Later `sh FILE KEY FUNCTION…` calls a function below, which prints
# the results of its checks, as TAP without numbers.

far='ip netns exec far'

cable() {
	cd /proc/sys/net || return
	echo 0 > ipv6/conf/default/accept_dad
	echo 0 > ipv6/conf/default/router_solicitations
	# No limit on how many errors the host sends by ICMP
	echo 0 > ipv4/icmp_ratelimit
	echo 0 > ipv4/icmp_ratemask
	echo 1000000 > ipv4/icmp_msgs_per_sec
	echo 1000000 > ipv4/icmp_msgs_burst
	echo 0 > ipv6/icmp/ratelimit
	ip netns add far
	ip link add pk0 address 02:00:00:00:00:01 mtu 1600 type veth \
		peer name pk1 address 02:00:00:00:00:02 mtu 1600 netns far
	$far sh -c 'echo 1 > /proc/sys/net/ipv6/conf/pk1/disable_ipv6'
	ip -n far link set pk1 up
	ip link set pk0 up
	address 198.51.100.1/24 198.51.100.2
	address 2001:db8:77::1/64 2001:db8:77::2
	address fe80::1/64 fe80::2
}

address() { # OWN NEIGHBOUR
	ip address add "$1" dev pk0 &&
		ip neighbour add "$2" lladdr 02:00:00:00:00:02 dev pk0
}

# --- Checks

check() { # NAME COMMAND...: it succeeds and says nothing
	name=$1
	shift
	if said=$("$@" 2>&1) && [ -z "$said" ]; then
		echo "ok $place$name"
	else
		echo "not ok $place$name"
		echo "$said" | cut -c 1-200 | head -n 20 | sed 's/^/#   /'
	fi
}

send() { # FILE WORD...: runs packets with these words, with its output in the file
	file=$1
	shift
	$far packets -k "$key" "$@" > "$file"
}

# The same. The output says what went wrong.
good() { send /tmp/good good || cat /tmp/good; }
ours() { send /tmp/ours ours "$at" || cat /tmp/ours; }

# Prints the answers that no probe gets without the rule
other_answers() {
	[ -s /tmp/with ] && ! grep -vxFf /tmp/without /tmp/with
}

# The next rule counts every packet that the SYSRQ rule lets go on. Prints both counters
# where they differ.
consumed() {
	for tables in iptables ip6tables; do
		$tables-"$flavour" -t "$table" -vnxL "$chain" 2> /dev/null |
			awk 'NR > 2 { n[NR] = $1 } END {
				if (!n[3] || n[3] != n[4])
					print n[3], "then", n[4]
			}'
	done
}

# What was logged since then. On a slow machine the clocks of the kernel may complain.
logged() {
	dmesg | tail -n +$(($(wc -l < /tmp/log) + 1)) |
		sed '/hrtimer: interrupt took/d; /perf: interrupt took/d; /clocksource: /d'
}

# Prints how many datagrams were accepted and letters pressed, if the numbers differ
not_once() {
	accepted=$(cat /tmp/good /tmp/ours | grep -c accepted)
	pressed=$(logged | grep -c 'sysrq: HELP')
	[ "$accepted" -eq "$pressed" ] || echo "$accepted, $pressed times"
}

rule() { # FLAVOUR TABLE CHAIN, or: listener
	flavour=$1 table=$2 chain=$3 place="$*: " at=input
	[ "$chain" = INPUT ] || at=prerouting
	if [ "$flavour" = listener ]; then
		echo 9 > /sys/module/ipt_SYSRQ/parameters/port &&
			dmesg > /tmp/log
		return
	fi
	for tables in iptables ip6tables; do
		printf '%s\n' "*$table" \
			"-A $chain -p udp --dport 9 -j SYSRQ" \
			"-A $chain -p udp --dport 9" COMMIT |
			$tables-"$flavour"-restore 2> /dev/null || return
	done
	dmesg > /tmp/log
}

no_rule() {
	if [ "$flavour" = listener ]; then
		echo 0 > /sys/module/ipt_SYSRQ/parameters/port
		return
	fi
	for tables in iptables ip6tables; do
		$tables-"$flavour" -t "$table" -F "$chain" || return
	done
}

# --- What silence.t calls

# The module takes fewer probes in PREROUTING than in INPUT. All others are sent here.
without_rule() {
	place='without the rule: '
	# The stamp must be later than the load of the module, so it is rounded up.
	echo $(($(date +%s) + 1))000000000 > /tmp/stamp
	check 'the host outlives the probes' \
		send /tmp/without probe prerouting "$(cat /tmp/stamp)"
	# Otherwise the comparison would show nothing.
	check 'the port is unreachable' unreachable
}

unreachable() {
	for probe in junk-320-v4 junk-320-v6 flipped-tag-last-v4 cut-v6; do
		grep -Eq "^$probe [0-9a-f]{100}" /tmp/without || echo "$probe"
	done
}

with_rule() { # FLAVOUR TABLE CHAIN
	rule "$@" || return
	check 'the host outlives the probes' \
		send /tmp/with probe "$at" "$(cat /tmp/stamp)"
	check 'the answers are the same' other_answers
	[ "$flavour" = listener ] ||
		check 'every packet goes on to the next rule' consumed
	check 'nothing is logged, no letter is pressed' logged
	no_rule
}

# The same host answers to the key. This comes after all probes, because the stamps of
# the probes are old from then on.
with_key() { # FLAVOUR TABLE CHAIN
	rule "$@" || return
	check 'hellos are answered, commands accepted' good
	check 'so are commands in unusual packets that are right' ours
	check 'each of them presses its letter, once' not_once
	no_rule
}

with_flood() { # SEED FLAVOUR TABLE CHAIN
	seed=$1
	shift
	rule "$@" || return
	check 'the host outlives a flood' send /tmp/flood flood 2 "$seed"
	echo "#   $(cat /tmp/flood), seed $seed"
	check 'nothing is logged, no letter is pressed' logged
	check 'it answers and accepts as before' good
	no_rule
}

if [ $# -eq 0 ]; then
	set -e
	cable
else
	key=$1
	shift
	"$@"
fi
