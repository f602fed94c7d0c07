#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# bench/table puts a peer's figure, and the ratio, beside each of ours that it belongs to.
# bench/compare tells which instruction counts of two runs differ by more than 2 %, of
# lines and of JSON.
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/tap.sh
. tests/tap.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

lines() { # NAME VALUE UNIT…
	printf '%s\t%s\t%s\n' "$@"
}

# Prints the lines of standard input with single blanks.
squeezed() {
	tr -s ' '
}

lines packet/rule/junk/'1 operator' 235 instructions \
	packet/rule/junk/'256 operators' 470 instructions \
	packet/rule/hello/'1 operator' 7000 instructions \
	packet/xt_SYSRQ/junk 2350 instructions \
	hosts/ours/10/time 3 s hosts/ours/10/memory 4 MiB \
	'hosts/fping -i 0/10/time' 2 s 'hosts/fping/10/time' 30 s \
	hosts/fping/10/memory 0 MiB > "$work/old"

# --- The table ---
is 'the table has a row for each of ours, and beside it the peers' \
	"$(bench/table < "$work/old" | squeezed)" \
	' ours peer its ratio
packet/rule/junk/1 operator 235 instructions xt_SYSRQ 2350 0.10
packet/rule/junk/256 operators 470 instructions xt_SYSRQ 2350 0.20
packet/rule/hello/1 operator 7000 instructions

hosts/ours/10/time 3 s fping -i 0 2 1.50
 fping 30 0.10
hosts/ours/10/memory 4 MiB fping 0'

# --- JSON ---
bench/json < "$work/old" > "$work/old.json"
is 'JSON has the same figures' "$(perl -MJSON::PP -0ne '
	print map { "$_->{name}\t$_->{value}\t$_->{unit}\n" } @{decode_json($_)}' \
	"$work/old.json")" "$(cat "$work/old")"

# --- Two runs ---
compare() { # OLD NEW: prints what bench/compare prints, and its exit status
	bench/compare "$work/$1" "$work/$2" 2>&1
	echo "exit status $?"
}

is 'a run is like itself' "$(compare old old)" 'exit status 0'
is '… also as JSON' "$(compare old old.json)" 'exit status 0'
sed 's/235/239/; s/470/480/; s/7000/6859/; s/\t3\t/\t300\t/' "$work/old" > "$work/new"
is 'instruction counts that differ by more than 2 % are shown' "$(compare old new)" \
	'packet/rule/junk/256 operators: 470 -> 480
packet/rule/hello/1 operator: 7000 -> 6859
exit status 1'
is '… also of JSON' "$(bench/json < "$work/new" > "$work/new.json" &&
	compare old.json new.json | tail -n 1)" 'exit status 1'
grep -v hello "$work/old" > "$work/less"
is 'a count that the new run does not have is shown' "$(compare old less)" \
	'packet/rule/hello/1 operator: only in the old run
exit status 1'
is '… and one that the old run does not have' "$(compare less old)" \
	'packet/rule/hello/1 operator: only in the new run
exit status 1'
grep -v instructions "$work/old" > "$work/none"
is 'files without instruction counts cannot be compared' "$(compare none none)" \
	'bench/compare: a file has no instruction counts
exit status 2'
done_testing
