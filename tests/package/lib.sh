# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What tests that run make have in common: a temporary folder, $work, and a function that
# runs make. Sourced.

set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
# shellcheck source=tests/tap.sh
. tests/tap.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
version=$(sed -n 's/^VERSION := //p' Makefile)

# Runs make; its messages go to standard output. If make saw these two variables, it would
# behave as a part of the make that runs the tests.
run_make() { # ARGUMENT…
	env -u MAKEFLAGS -u MAKELEVEL make --no-print-directory "$@" 2>&1
}

# Prints the files that a package with the source of the module has for DKMS.
module_source() {
	{
		printf '%s\n' dkms.conf Kbuild
		git ls-files 'kernel/*.[ch]' 'core/*.[ch]'
	} | sed "s|^|/usr/src/ipt-sysrq-$version/|"
}
