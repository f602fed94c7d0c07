# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What tests share that run make: a folder of their own, $work, and make itself. Sourced.

set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
# shellcheck source=tests/tap.sh
. tests/tap.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
version=$(sed -n 's/^VERSION := //p' Makefile)

# Runs make; its messages go to standard output. With the two variables make would behave as
# a part of the make that runs the tests.
run_make() { # ARGUMENT…
	env -u MAKEFLAGS -u MAKELEVEL make --no-print-directory "$@" 2>&1
}
