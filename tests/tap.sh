# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# TAP for prove, where a test compares texts. Sourced.

tests=0
failures=0

is() { # NAME GOT EXPECTED
	tests=$((tests + 1))
	if [ "$2" = "$3" ]; then
		echo "ok $tests - $1"
	else
		echo "not ok $tests - $1"
		printf '%s\n' "got: $2" "expected: $3" | sed 's/^/# /'
		failures=$((failures + 1))
	fi
}

done_testing() {
	echo "1..$tests"
	[ "$failures" -eq 0 ]
	exit
}
