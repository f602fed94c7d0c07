#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Whatever a relay does to the datagrams, a command presses its letter once at most, and
# what send_sysrq says of it is true. After each command all of its datagrams are sent again.
# tests/unit/once.c proves the same in 10,000 schedules, over reboots and clones.
#
#   this machine                                                   guest
#   send_sysrq --> 127.0.0.1 chaos: loses, copies, swaps … -- QEMU -- eth0 10.0.2.15
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

schedules=50

boot
address=$(vm address "$VM")
# As long as a key is young, the guest takes no one-way command.
ok 'the key is old enough for one-way commands' until_true 90 eval \
	'"$BUILD/send_sysrq" --one-way --timeout 2 --host-address 10.0.2.15 -p "${address##*:}" "${address%:*}" 6 > /dev/null 2>&1'
coproc chaos { exec "$BUILD/chaos" "${address%:*}" "${address##*:}" 1; }
read -r port <&"${chaos[0]}" || bail 'no relay'

twice=0 lied=0 one=0 unknown=0 before=0
for ((i = 0; i < schedules; i++)); do
	way=()
	[ $((i % 5)) -ne 0 ] || way=(--one-way)
	"$BUILD/send_sysrq" --timeout 2 --host-address 10.0.2.15 "${way[@]}" -p "$port" \
		127.0.0.1 7 > "$WORK/sent" 2>&1
	status=$?
	echo replay >&"${chaos[1]}"
	read -r _ <&"${chaos[0]}" || bail 'the relay has ended'
	after=$(logged 'presses 7')
	runs=$((after - before))
	before=$after
	[ $runs -le 1 ] || twice=$((twice + 1))
	case $status in
	0) [ $runs -eq 1 ] || lied=$((lied + 1)) ;;
	*) ! grep -q 'nothing was' "$WORK/sent" || [ $runs -eq 0 ] || lied=$((lied + 1)) ;;
	esac
	one=$((one + runs))
	[ $status -eq 0 ] || unknown=$((unknown + 1))
	if [ $runs -gt 1 ] || [ $lied -gt 0 ]; then
		echo "# schedule $i: exit status $status, $runs runs"
		sed 's/^/# /' "$WORK/sent"
	fi
done
echo "# $one of $schedules commands were carried out; send_sysrq did not know of $unknown"
is "$schedules commands through chaos: none is carried out twice" "$twice" 0
is '… and nothing false is said' "$lied" 0
ok '… and most are carried out' test "$one" -gt $((schedules / 2))
done_testing
