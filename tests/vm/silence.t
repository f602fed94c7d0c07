#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# To a person without a key a host with the SYSRQ rule, or with port=9, is like a host
# without it: it gives the same answers byte for byte, and logs nothing. With the key the
# same host answers.
#
#   namespace far: its kernel is silent           guest: the host under test
#   pk1, no address          ---- the cable ----  pk0 198.51.100.1, 2001:db8:77::1, fe80::1
#   packets sends as 198.51.100.2, …              permanent neighbours *.2 and ::2
#
# far is a network namespace of the guest. tests/guest/packets.c has all that is sent, and
# which of it is authentic. tests/guest/silence.sh runs in the guest and has the checks.
# Arguments go to `lab/vm start`.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

key=$("$BUILD/guest/packets" key "$SEND_SYSRQ_PASSWORD") ||
	bail "there is no $BUILD/guest/packets"
boot --no-rule --script "$TOP/tests/guest/silence.sh" "$@"

# Calls a function of silence.sh, and passes on its results
in_guest() { # FUNCTION ARGUMENT...
	local line results
	results=$(guest "sh /etc/lab.start $key $*" 2>&1) ||
		results+=$'\n'"not ok $*: the function runs to its end"
	while read -r line; do
		case $line in
		'ok '*) pass "${line#ok }" ;;
		'not ok '*) fail "${line#not ok }" ;;
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
# The commands are one-way: the host takes none in the first minute of a key, which it
# got soon after its start.
ok 'the key is a minute old' until_true 180 guest 'test "$(cut -d. -f1 /proc/uptime)" -gt 100'
for place in "${places[@]}"; do
	in_guest with_key "$place"
done
# Last, because the host keeps half a datagram for a minute.
for place in "${places[@]:0:2}" listener; do
	in_guest with_flood $RANDOM "$place"
done

done_testing
