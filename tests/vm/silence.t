#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# To whoever has no key, the host with the rule is the host without it: the
# same answers byte for byte, and not a word in its log. What is sent, and what
# of it is authentic after all, stands in tests/guest/packets.c; the checks are
# in tests/guest/silence.sh, which runs in the guest. Arguments go to
# `lab/vm start`.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

key=$("$BUILD/guest/packets" key "$SEND_SYSRQ_PASSWORD") ||
	bail "there is no $BUILD/guest/packets"
boot --no-rule --script "$TOP/tests/guest/silence.sh" "$@"

# Calls a function of silence.sh, passes on its results.
in_guest() { # FUNCTION ARGUMENT...
	local line results
	results=$(guest "sh /etc/lab.start $key $*" 2>&1) ||
		results+=$'\n'"not ok $*: it comes to its end"
	while read -r line; do
		case $line in
		'ok '*) ok "${line#ok }" true ;;
		'not ok '*) ok "${line#not ok }" false ;;
		*) echo "# ${line#\#}" ;;
		esac
	done <<< "$results"
}

places=(
	'legacy filter INPUT' 'legacy raw PREROUTING'
	'nft filter INPUT' 'nft raw PREROUTING' listener
)

in_guest without_rule
for place in "${places[@]}"; do
	in_guest with_rule "$place"
done
for place in "${places[@]}"; do
	in_guest with_key "$place"
done
# Last, as half a datagram stays with the host for a minute.
for place in "${places[@]:0:2}" listener; do
	in_guest with_flood $RANDOM "$place"
done

done_testing
