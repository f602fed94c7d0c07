#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The iptables rules that README shows work through both back ends of iptables, and come
# back the same after save, flush and restore. By either of them the host is rescued.
# Where a kernel has no legacy tables any more, iptables-nft takes the rules, and the
# module's own port needs no table at all.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

# A rule may take several lines.
lines=$(sed -e ':again' -e '/\\$/{N;s/ *\\\n */ /;b again' -e '}' README.md |
	grep -E '^ip6?tables ')
is 'README has ten rules of iptables' "$(wc -l <<< "$lines")" 10

# README's lines, as commands of that back end
through() { # BACKEND
	sed -E "s/^(ip6?tables) /\1-$1 /" <<< "$lines"
}

# The saved rules of both families, sorted, without comments and counters
saved() { # BACKEND
	guest "for t in iptables-$1 ip6tables-$1; do
		\$t-save | grep -e '^-' | sort
	done"
}

# s, u and b are pressed, and the guest resets.
rescued() {
	send sub
	is '… and the host is rescued' "$status" 0
	ok '… it resets' vm wait "$VM" reset
	until_true 180 vm wait "$VM" ready || bail 'the guest does not come back'
}

of_backend=()
boot --no-rule
for backend in legacy nft; do
	ok "$backend: README's lines are taken" guest "set -e
		$(through "$backend")"
	rules=$(saved "$backend")
	is '… all of them' "$(grep -c -- '-j SYSRQ' <<< "$rules")" 10
	ok '… saved, flushed and restored' guest "set -e
		for t in iptables-$backend ip6tables-$backend; do
			\$t-save > /tmp/\$t
			for table in filter raw; do
				\$t -t \$table -F
			done
			if \$t-save | grep SYSRQ; then exit 1; fi
			\$t-restore < /tmp/\$t
		done"
	is '… they are the same' "$(saved "$backend")" "$rules"
	of_backend+=("$rules")
	rescued
done
is 'both back ends have the same rules' "${of_backend[0]}" "${of_backend[1]}"
stop_guest

# --- Where a kernel no longer offers the legacy tables ---

cat > "$WORK/script" << 'END'
find /lib/modules -name 'ip_tables.ko*' -o -name 'ip6_tables.ko*' | xargs rm
depmod
END
boot --no-rule --script "$WORK/script"
ok 'without legacy tables iptables-legacy fails' \
	guest "! iptables-legacy -I INPUT -p udp --dport 9 -j SYSRQ"
ok '… iptables-nft takes the lines' guest "set -e
	$(through nft)"
rescued
guest 'echo 9 > /sys/module/ipt_SYSRQ/parameters/port'
ok '… and the listener needs no table' guest '! lsmod | grep -E "^(ip6?|nf)_tables"'
rescued
done_testing
