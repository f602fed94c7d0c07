#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The fuzz targets start from small corpora. This file proves that the corpora
# run without a fault, that they still reach the code, and that they stay small.
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/tap.sh
. tests/tap.sh
fuzz=${BUILD:-build}/fuzz
core_targets=(envelope bodies operators gate)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

replay() { # TARGET
	ASAN_OPTIONS=detect_leaks=0 LLVM_PROFILE_FILE="$dir/$1.profraw" \
		"$fuzz/$1" -runs=0 "tests/fuzz/corpus/$1"
}

# Prints the percentage of lines that were reached, from one row of a table of
# llvm-cov. Of several rows that match, the first one counts.
percent() { # TABLE ROW
	awk -v row="$2" '$1 ~ row { sub("%", "", $10); print $10; exit }' \
		"$dir/$1"
}

at_least() { # PERCENT LIMIT
	awk -v p="${1:-0}" -v limit="$2" 'BEGIN { exit !(p >= limit) }'
}

# Proves for each target: it runs every input of its corpus, and none of them
# crashes it or breaks one of its assertions.
for target in "${core_targets[@]}" reader; do
	ok "$target: its corpus is replayed" replay "$target"
done

# Proves that the targets of core/ recorded which lines they reached, and that
# llvm-profdata can merge these records.
objects=()
records=()
for target in "${core_targets[@]}"; do
	objects+=(${objects[0]:+-object} "$fuzz/$target")
	records+=("$dir/$target.profraw")
done
ok 'the records of the targets of core/ are merged' \
	llvm-profdata merge -o "$dir/core.profdata" "${records[@]}"

# Proves that the corpora of the targets of core/ reach at least 95 % of the
# lines of core/. The other lines run only when an allocation fails.
llvm-cov report "${objects[@]}" -instr-profile="$dir/core.profdata" core/*.c \
	> "$dir/core"
reached=$(percent core '^TOTAL$')
ok "$reached % of the lines of core/ are reached" at_least "$reached" 95
note < "$dir/core"

# Proves that the corpus of the target reader reaches at least 95 % of the lines
# of the reader of logs. The table also has a row for the target itself, which
# is tests/fuzz/reader.c.
llvm-profdata merge -o "$dir/reader.profdata" "$dir/reader.profraw"
llvm-cov report "$fuzz/reader" -instr-profile="$dir/reader.profdata" \
	> "$dir/reader"
reached=$(percent reader 'lib/reader[.]c$')
ok "$reached % of the lines of lib/reader.c are reached" at_least "$reached" 95

# Proves that git tracks at least one and fewer than 200 files in the corpora.
# When this test fails, minimize the corpora as tests/fuzz/run says.
inputs=$(git ls-files tests/fuzz/corpus | wc -l)
ok "$inputs files in the corpora, fewer than 200" \
	test "$inputs" -gt 0 -a "$inputs" -lt 200

done_testing
