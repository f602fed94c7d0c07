#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The module builds for every kernel that the project supports, and the VM tests pass on
# each of them. At the end, a table on standard error shows how many checks each test has
# made on each kernel.
#
#   KERNELS="6.1 7.3" TESTS="rescue stuck" prove tests/matrix.t
#
# Without KERNELS and TESTS it takes all kernels and all VM tests. Three tests run at a
# time; tests that measure time run alone.

set -u
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=tests/tap.sh
. tests/tap.sh
BUILD=$(realpath "${BUILD:-build}")
export BUILD
kernels=${KERNELS:-5.10 6.1 6.12 6.12-rt 7.3}
names=${TESTS:-$(cd tests/vm && printf '%s\n' *.t | sed 's/\.t$//')}
alone='flood readlog'

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

# Runs a test. One file gets the TAP of the test, another one the test's word in the table:
# how many checks have passed, or FAIL.
one() { # KERNEL TEST
	local result=FAIL
	KERNEL=$1 "tests/vm/$2.t" > "$work/$1.$2.tap" 2>&1 &&
		result=$(grep -c '^ok' "$work/$1.$2.tap")
	echo "$result" > "$work/$1.$2"
}

# Prints each word of the text on a line of its own.
words() { # TEXT
	# shellcheck disable=SC2086 # a list of words
	printf '%s\n' $1
}

# Builds the module for the kernel and runs the tests on it. Fails if the build fails.
run() { # KERNEL
	local kernel=$1 name
	lab/module "$kernel" || {
		for name in $names; do
			echo 'FAIL' | tee "$work/$kernel.$name" > "$work/$kernel.$name.tap"
		done
		return 1
	}
	for name in $(words "$names" | grep -xF "$(words "$alone")"); do
		one "$kernel" "$name"
	done
	for name in $(words "$names" | grep -vxF "$(words "$alone")"); do
		while [ "$(jobs -pr | wc -l)" -ge 3 ]; do
			wait -n
		done
		one "$kernel" "$name" &
	done
	wait
}

for kernel in $kernels; do
	ok "the module builds without warnings for Linux $kernel" run "$kernel"
	for name in $names; do
		ok "vm/$name.t passes on Linux $kernel" [ "$(< "$work/$kernel.$name")" != FAIL ] ||
			note < "$work/$kernel.$name.tap"
	done
done

{
	printf '\n%-12s' 'checks'
	# shellcheck disable=SC2086 # a list of words
	printf '%9s' $kernels
	for name in $names; do
		printf '\n%-12s' "$name"
		for kernel in $kernels; do
			printf '%9s' "$(cat "$work/$kernel.$name")"
		done
	done
	echo
} >&2
done_testing
