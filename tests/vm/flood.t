#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# While one CPU does nothing but judge forged datagrams, of those that are the
# dearest to judge, a reboot takes no longer than two seconds, from Enter to the
# reset: whichever CPU it is.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

bar=2

key=$("$BUILD/guest/packets" key "$SEND_SYSRQ_PASSWORD") ||
	bail "there is no $BUILD/guest/packets"
boot --script "$TOP/tests/guest/silence.sh" "$@"

# How many packets have come to the rules
judged() {
	guest 'iptables-legacy -vnxL INPUT; ip6tables-legacy -vnxL INPUT' |
		awk '$3 == "SYSRQ" { n += $1 } END { print n }'
}

flooded() { # COUNT: so many more, now
	local from
	from=$(judged)
	until_true 60 eval "[ \$(judged) -gt $((from + $1)) ]"
}

# Seconds from a moment to the next reset. One reset is told two or three times.
until_reset() {
	vm events "$VM" | awk -v from="$1" '
		/ RESET / && $1 > from { printf "%.2f\n", $1 - from; exit }'
}

for cpu in 0 1; do
	guest "ip netns exec far forge $key $cpu flood > /tmp/flood 2>&1 &"
	ok "a flood is judged on CPU $cpu" flooded 2000
	entered=$EPOCHREALTIME
	send b
	is '… b is accepted' "$status" 0
	ok '… and works' vm wait "$VM" reset
	took=$(until_reset "$entered")
	ok "… within $bar s" awk "BEGIN { exit !(${took:-99} <= $bar) }"
	echo "# $took s"
	vm wait --timeout 180 "$VM" ready || bail 'the guest does not come back'
done
done_testing
