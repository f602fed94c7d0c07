#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The SYSRQ target works in real rules: of iptables-legacy and iptables-nft, for IPv4 and
# IPv6, in filter INPUT and raw PREROUTING. --allow-keys limits a rule, and other places
# refuse it. The reply leaves through the ordinary firewall, even where the connection
# table is full. The host does not take what it only forwards.
#
#   +------- peer ------+     +---- guest (rules) ----+     +------ behind ------+
#   | veth1 192.0.2.1   |-----| veth0 192.0.2.7       |     |                    |
#   |       2001:db8::1 |     |       2001:db8::7     |     |                    |
#   | send_sysrq        |     | veth2 198.51.100.1    |-----| veth3 198.51.100.7 |
#   +-------------------+     +-----------------------+     +--------------------+
#
# peer and behind are network namespaces of the guest. behind is added near the end.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

boot --no-rule

make_peer

address_of() { # TOOL: of the guest, as peer sees it
	case $1 in
	iptables-*) echo 192.0.2.7 ;;
	*) echo 2001:db8::7 ;;
	esac
}

# The command that saves the rules, without comments and counters
save() { # TOOL
	echo "$1-save | grep -v '^#' | sed 's/\[.*//'"
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
				$(save "$t") > /tmp/a
				grep -q -- '-j SYSRQ$' /tmp/a &&
				$t-save > /tmp/rules && $t ${place% -I *} -F &&
				$t-restore < /tmp/rules &&
				$(save "$t") | cmp - /tmp/a"
			ok '… and a letter is pressed through it' ask "$host" h
			guest "$t ${place% -I *} -F"
		done

		limited="-I INPUT -p udp --dport 9 -j SYSRQ --allow-keys"
		ok "$t $limited help,s" guest "$t $limited help,s"
		ok '… is shown' guest "$t -nL INPUT | grep -q 'SYSRQ.*--allow-keys h,s$'"
		ok '… is saved, flushed and restored the same' guest "
			$(save "$t") > /tmp/a
			grep -q -- '-j SYSRQ --allow-keys h,s$' /tmp/a &&
			$t-save > /tmp/rules && $t -F &&
			$t-restore < /tmp/rules &&
			$(save "$t") | cmp - /tmp/a"
		ok '… lets the letter h through' ask "$host" h
		has '… and refuses m, whoever asks' \
			"$(ask "$host" hm; echo "status $?")" 'status 9'
		ok '… and can be deleted, with its letters in another order' guest "$t ${limited/-I/-D} s,h"
		ok "$t $limited all" guest "$t $limited all"
		ok '… is the same as a rule without --allow-keys' guest "$t -D INPUT -p udp --dport 9 -j SYSRQ"
		for letters in "''" 'sub' 's,b!' '0-9' 'Sync' 's,log'; do
			said=$(guest "$t $limited $letters || echo status \$?" 2>&1)
			has "$t $limited $letters is refused" "$said" 'status 2'
			has '… and the message says why' "$said" \
				"SYSRQ: --allow-keys: .*permission.* given, "
		done
		ok "$t refuses the target without -p udp" \
			guest "! $t -I INPUT -j SYSRQ"
		ok "$t refuses the target with -p tcp" \
			guest "! $t -I INPUT -p tcp --dport 9 -j SYSRQ"
		ok "$t refuses the target in FORWARD" \
			guest "! $t -I FORWARD -p udp -j SYSRQ"
		ok "$t refuses the target in table nat" \
			guest "! $t -t nat -I PREROUTING -p udp -j SYSRQ"
	done
done
is 'the log explains each refusal in nat' \
	"$(logged 'a rule in table nat is refused: put it into filter INPUT')" 4

# --- The reply leaves through the ordinary firewall ---
guest 'iptables-legacy -P OUTPUT DROP
	iptables-legacy -A OUTPUT -m state --state RELATED,ESTABLISHED -j ACCEPT
	iptables-legacy -I INPUT -p udp --dport 9 -j SYSRQ'
ok 'a stateful firewall lets the reply out' ask 192.0.2.7 h
guest 'iptables-legacy -P OUTPUT ACCEPT; iptables-legacy -F'

guest 'for target in "CT --zone 1" SYSRQ; do
		iptables-legacy -t raw -A PREROUTING -p udp --dport 9 -j $target
	done
	iptables-legacy -P OUTPUT DROP
	iptables-legacy -A OUTPUT -m state --state RELATED,ESTABLISHED,UNTRACKED -j ACCEPT'
ok '… and behind a rule that gives the connection a zone, too' ask 192.0.2.7 h
guest 'iptables-legacy -P OUTPUT ACCEPT; iptables-legacy -F; iptables-legacy -t raw -F'

guest 'iptables-legacy -t nat -A PREROUTING -p udp --dport 99 -j REDIRECT --to 9
	iptables-legacy -I INPUT -p udp --dport 9 -j SYSRQ'
ok 'to a redirected port the answer comes from that port' ask -p 99 192.0.2.7 h
guest 'iptables-legacy -F; iptables-legacy -t nat -F'

guest 'iptables-legacy -t raw -I PREROUTING -p udp --dport 9 -j SYSRQ
	iptables-legacy -A INPUT -p udp -m state --state NEW -j DROP
	echo 1 > /proc/sys/net/netfilter/nf_conntrack_max
	ip netns exec peer ping -c 3 -W 1 192.0.2.7'
ok 'with a full connection table a rule in raw PREROUTING works' \
	ask 192.0.2.7 h
guest 'iptables-legacy -F; iptables-legacy -t raw -F'

# A rule in PREROUTING also sees what the guest forwards. Other hosts judge that.
make_behind
guest '
iptables-legacy -t raw -I PREROUTING -p udp --dport 9 -j SYSRQ
dmesg -c > /dev/null'
has 'the host does not take what it forwards' \
	"$(ask --timeout 2 198.51.100.7 h; echo "status $?")" 'status 6'
is '… and presses nothing here' "$(logged 'HELP|SYSRQ')" 0
done_testing
