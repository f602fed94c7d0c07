#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What the corpus of the fuzz targets reaches of core/: 95 % of its lines. The
# rest is what happens without memory.
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/tap.sh
. tests/tap.sh
fuzz=${BUILD:-build}/fuzz
targets=(envelope bodies operators gate)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

replay() { # TARGET
	ASAN_OPTIONS=detect_leaks=0 LLVM_PROFILE_FILE="$dir/$1.profraw" \
		"$fuzz/$1" -runs=0 "tests/fuzz/corpus/$1"
}

# Lines reached of core/*.c, in percent
percent() {
	awk '$1 == "TOTAL" { sub("%", "", $10); print $10 }' "$dir/table"
}

objects=()
for target in "${targets[@]}"; do
	ok "$target: its corpus is replayed" replay "$target"
	objects+=(${objects[0]:+-object} "$fuzz/$target")
done
ok 'what they reach is put together' \
	llvm-profdata merge -o "$dir/profile" "$dir"/*.profraw
llvm-cov report "${objects[@]}" -instr-profile="$dir/profile" core/*.c \
	> "$dir/table"
ok "$(percent) % of the lines of core/ are reached" \
	awk -v p="$(percent)" 'BEGIN { exit !(p >= 95) }'
note < "$dir/table"
done_testing
