#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# tests/prove shows after its summary why a test failed or could not go on, and nothing of
# what had passed before. A test that cannot go on stops no other.
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/tap.sh
. tests/tap.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Writes a test of these commands.
write() { # NAME COMMANDS
	printf '#!/bin/bash\n. tests/tap.sh\n%s\n' "$2" > "$work/$1.t"
	chmod +x "$work/$1.t"
}

# Runs a test of these commands, and prints what stands after the summary.
after_summary() { # COMMANDS
	write its "$1"
	tests/prove "$work/its.t" 2>&1 | sed '1,/^Result:/d'
}

out=$(after_summary 'echo chatter; pass one
	tap_bail() { echo the console | note; }
	echo the cause >&2; bail it does not start')
has 'a test cannot go on: what a command said before is shown' "$out" '^the cause$'
has '… and what the test itself adds' "$out" '^# the console$'
has '… and the reason' "$out" '^not ok 2 - it does not start$'
is '… and nothing from before the last check' "$(grep -c chatter <<< "$out")" 0
write next 'pass two; done_testing'
out=$(tests/prove "$work/its.t" "$work/next.t" 2>&1)
is 'prove fails' $? 1
has '… and runs the next test' "$out" 'next\.t .* ok'

out=$(after_summary 'pass one; fail two why; pass three; done_testing')
has 'a check fails: it is shown' "$out" '^not ok 2 - two$'
has '… with its reason' "$out" '^# why$'
is '… and no check that passed' "$(grep -c '^ok' <<< "$out")" 0

out=$(after_summary 'pass one; echo the last words; exit 3')
has 'a test ends too early: its last words are shown' "$out" '^the last words$'

done_testing
