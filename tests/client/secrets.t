#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# No file that is installed, and no document, has somebody write a secret into modprobe.d,
# because every initramfs gets a copy that all users may read. Only the classic line is
# there, with this warning.
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/tap.sh
. tests/tap.sh

# The documents and what is installed, without what tests and the lab do
mapfile -t files < <(git ls-files '*.md' man packaging debian completions examples docs \
	kernel/Kbuild Makefile ':!tests' ':!lab')
ok 'the files are many' test "${#files[@]}" -ge 30
# Lines that give a secret to modprobe's configuration, or to modprobe
given() {
	grep -HnE '(options|modprobe) +(ipt|ip6t|xt)_SYSRQ.*[^a-z](passwd|key)=' "$@"
}
is 'the classic line is in README and ipt_sysrq(4) alone' \
	"$(given "${files[@]}" | cut -d: -f1)" 'README.md
man/ipt_sysrq.4'
warned() { # FILE
	local line
	line=$(given "$1" | cut -d: -f2)
	sed -n "$((line - 9)),$((line + 9))p" "$1" | tr '\n' ' ' |
		grep -qE 'initramfs.*[Aa]ll users (may|can) read|[Aa]ll users (may|can) read.*initramfs'
}
for file in README.md man/ipt_sysrq.4; do
	ok "… with the warning in $file" warned "$file"
done
has 'the example of modprobe.d says where a password belongs' "$(cat packaging/ipt_SYSRQ.conf)" \
	'/etc/ipt_sysrq/passwd'
done_testing
