#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# To whoever has no key, the host with the rule is the host without it: the
# same answers byte for byte, and not a word in its log. What is sent, and what
# of it is authentic after all, stands in tests/guest/packets.c; the checks are
# in tests/guest/silence.sh, which runs in the guest.
# KERNEL=debug tests/vm/silence.t: on that kernel (see lab/vm).
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
packets=${BUILD:-$root/build}/guest/packets
vm=$root/lab/vm
guest=silence-$$
count=0
failed=0

trap '"$vm" stop "$guest"' EXIT
trap 'exit 1' INT TERM HUP

give_up() { # WHY
	echo "Bail out! $1"
	exit 1
}

# Calls a function of silence.sh, numbers its results.
in_guest() { # FUNCTION ARGUMENT...
	local line results
	results=$("$vm" run "$guest" "sh /etc/lab.start $key $*" 2>&1) ||
		results+=$'\n'"not ok $*: it comes to its end"
	while read -r line; do
		case $line in
		'ok '* | 'not ok '*)
			count=$((count + 1))
			[ "${line%%ok *}" = '' ] || failed=$((failed + 1))
			echo "${line%%ok *}ok $count - ${line#*ok }"
			;;
		*) echo "# ${line#\#}" ;;
		esac
	done <<< "$results"
}

key=$("$packets" key test) || give_up "no $packets"
"$vm" start ${KERNEL:+--kernel "$KERNEL"} --no-rule \
	--params 'passwd=test mask=1' \
	--script "$root/tests/guest/silence.sh" "$guest" ||
	give_up 'the guest does not start'

places=(
	'legacy filter INPUT' 'legacy raw PREROUTING'
	'nft filter INPUT' 'nft raw PREROUTING'
)
in_guest without_rule
for place in "${places[@]}"; do
	in_guest with_rule "$place"
done
for place in "${places[@]}"; do
	in_guest with_key "$place"
done
# Last, as half a datagram stays with the host for a minute.
for place in "${places[@]:0:2}"; do
	in_guest with_flood $RANDOM "$place"
done

echo "1..$count"
[ $failed -eq 0 ]
