# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the VM tests share: TAP for prove, and one guest a script. Sourced.

set -u
TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
BUILD=${BUILD:-$TOP/build}
export BUILD
export SEND_SYSRQ_PASSWORD=my_very_secret_password
VM="$(basename "$0" .t)-$$"
WORK=$(mktemp -d)
PATH=$TOP/lab:$PATH

tests=0
failures=0

finish() {
	vm stop "$VM" > "$WORK/stop" 2>&1 || cat "$WORK/stop" >&2
	rm -rf "$WORK"
}
trap finish EXIT
trap 'exit 1' INT TERM

# ok NAME COMMAND…: passes if the command succeeds
ok() {
	local name=$1
	shift
	tests=$((tests + 1))
	if "$@" > "$WORK/out" 2>&1; then
		echo "ok $tests - $name"
	else
		echo "not ok $tests - $name"
		echo "# failed: $*"
		sed 's/^/# /' "$WORK/out"
		failures=$((failures + 1))
	fi
}

# is NAME GOT EXPECTED
is() {
	ok "$1" test "$2" = "$3"
	[ "$2" = "$3" ] || printf '%s\n' "got: $2" "expected: $3" | sed 's/^/# /'
}

# has NAME TEXT PATTERN: an extended regular expression
has() {
	ok "$1" grep -Eq -- "$3" <<< "$2"
	grep -Eq -- "$3" <<< "$2" ||
		printf '%s\n' "no match for: $3" "in: $2" | sed 's/^/# /'
}

done_testing() {
	# On a debug kernel any report is a failure of ours.
	ok 'the kernel has reported nothing' eval '! vm console "$VM" |
		grep -aE "BUG:|WARNING:|KASAN|UBSAN|INFO: (possible|suspicious|trying|inconsistent)"'
	echo "1..$tests"
	[ "$failures" -eq 0 ]
	exit
}

bail() {
	echo "Bail out! $*"
	exit 1
}

# Boots the script's guest; options as of `lab/vm start`. KERNEL=debug, or a
# version, has it boot that kernel.
boot() {
	vm start "$VM" --params "passwd=$SEND_SYSRQ_PASSWORD mask=1" \
		${KERNEL:+--kernel "$KERNEL"} "$@" ||
		bail "the guest does not start"
}

guest() {
	vm run "$VM" "$*"
}

# How often a line that matches stands in the guest's kernel log
logged() {
	guest dmesg | grep -Ec -- "$1"
}

# send ARGUMENT…: send_sysrq to the guest; output in $out, exit status in $status
send() {
	local address
	address=$(vm address "$VM")
	out=$("$BUILD/send_sysrq" -p "${address##*:}" "${address%:*}" "$@" 2>&1)
	status=$?
}

# The same in the background; its output in $WORK/background, to be ended with
# `kill $client`.
send_in_background() {
	local address
	address=$(vm address "$VM")
	"$BUILD/send_sysrq" -p "${address##*:}" "${address%:*}" "$@" \
		> "$WORK/background" 2>&1 &
	client=$!
}

# until_true SECONDS COMMAND…: polls until it succeeds
until_true() {
	local end=$((SECONDS + $1))
	shift
	until "$@" > "$WORK/until" 2>&1; do
		[ "$SECONDS" -lt "$end" ] || return 1
	done
}
