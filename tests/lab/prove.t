#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# tests/prove shows after its summary why a test failed or bailed out, and nothing of what
# had passed before.
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/tap.sh
. tests/tap.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Runs a test of these commands, and prints what stands after the summary.
after_summary() { # COMMANDS
	printf '#!/bin/bash\n. tests/tap.sh\n%s\n' "$1" > "$work/its.t"
	chmod +x "$work/its.t"
	tests/prove "$work/its.t" 2>&1 | sed '1,/^Result:/d'
}

out=$(after_summary 'echo chatter; pass one
	tap_bail() { echo the console | note; }
	echo the cause >&2; bail it does not start')
has 'a test bails out: what a command said before is shown' "$out" '^the cause$'
has '… and what the test itself adds' "$out" '^# the console$'
has '… and the reason' "$out" '^Bail out! it does not start$'
is '… and nothing from before the last check' "$(grep -c chatter <<< "$out")" 0

out=$(after_summary 'pass one; fail two why; pass three; done_testing')
has 'a check fails: it is shown' "$out" '^not ok 2 - two$'
has '… with its reason' "$out" '^# why$'
is '… and no check that passed' "$(grep -c '^ok' <<< "$out")" 0

out=$(after_summary 'pass one; echo the last words; exit 3')
has 'a test ends too early: its last words are shown' "$out" '^the last words$'

done_testing
