#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# While one CPU does nothing but judge a flood of forged datagrams, b resets the host, within
# 30 s also on a busy machine. The forgeries are the most expensive ones to judge: only
# their tags are wrong. This holds whichever CPU is flooded. The test tells the time from
# Enter to the reset: less than 2 s, if this machine does nothing else.
#
#   namespace far (no address)            guest                         this machine
#   pk1 -- the cable of wire.h --------- pk0 198.51.100.1, 2001:db8:77::1
#   forge sends from CPU 0, then 1        judges on the same CPU
#                                         eth0 10.0.2.15 ------ QEMU -- send_sysrq
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

key=$("$BUILD/guest/packets" key "$SEND_SYSRQ_PASSWORD") ||
	bail "there is no $BUILD/guest/packets"
boot --script "$TOP/tests/guest/silence.sh" "$@"

# How many packets have come to the SYSRQ rules
judged() {
	guest 'iptables-legacy -vnxL INPUT; ip6tables-legacy -vnxL INPUT' |
		awk '$3 == "SYSRQ" { n += $1 } END { print n }'
}

# Have COUNT more packets come?
flooded() { # COUNT
	local from
	from=$(judged)
	until_true 60 eval "[ \$(judged) -gt $((from + $1)) ]"
}

# Seconds from that moment to the next reset. QEMU tells of one reset two or three times.
until_reset() { # MOMENT
	vm events "$VM" | awk -v from="$1" '
		/ RESET / && $1 > from { printf "%.2f\n", $1 - from; exit }'
}

for cpu in 0 1; do
	guest "ip netns exec far forge $key $cpu flood > /tmp/flood 2>&1 &"
	ok "a flood is judged on CPU $cpu" flooded 2000
	entered=$EPOCHREALTIME
	send b
	is '… b is accepted' "$status" 0
	ok '… and the host resets' vm wait "$VM" reset
	took=$(until_reset "$entered")
	ok '… soon' awk "BEGIN { exit !(${took:-99} <= 30) }"
	echo "# $took s"
	vm wait --timeout 400 "$VM" ready || bail 'the guest does not come back'
done
done_testing
