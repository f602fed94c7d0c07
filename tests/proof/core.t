#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# No run-time error: Frama-C's Eva goes through core/ and the client's session with any
# input, from each entry point of tests/proof/entries. For each of them it has no alarm,
# knows of each assertion and precondition that it holds, and reaches each statement but
# those that tests/proof/unreached names. Each function of core/ is reached by one of them.
# docs/security.md, "What is proven", says what this shows and what it does not.
#
# PROOF=full goes through all sizes (make proof-full).
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/tap.sh
. tests/tap.sh
folder=${BUILD:-build}/proof/core
mapfile -t entries < <(sed -n 's/^\([a-z_]\{1,\}\) .*/\1/p' tests/proof/entries)

ok 'Frama-C reads the sources' tests/proof/eva parse "$folder" "${PROOF:-}" || {
	done_testing
	exit
}
# Reversed: the longest ones come first.
# shellcheck disable=SC2016 # the inner shell's own argument
printf '%s\n' "${entries[@]}" | tac | xargs -P "$(nproc)" -I '{}' sh -c \
	'tests/proof/eva "$2" "$1" > "$1/$2.unproven" 2>&1' sh "$folder" '{}'
for entry in "${entries[@]}"; do
	is "$entry: nothing can go wrong" "$(cat "$folder/$entry.unproven")" ''
done

# The functions of core/ that no entry point reaches
unreached() {
	sort -u "$folder"/*.reached > "$folder/reached"
	sed 's/_[0-9]*$//' "$folder/parse.functions" | sort -u | comm -23 - "$folder/reached" |
		while read -r name; do
			grep -qE "\\<$name\\(" core/*.[ch] && echo "$name"
		done
}
# The client looks at the length of a datagram before it reads it.
is '… and the entry points reach each function of core/' "$(unreached)" \
	srq_datagram_length_ok
done_testing
