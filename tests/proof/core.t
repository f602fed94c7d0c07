#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# No run-time error: Frama-C's Eva goes through core/ and what a client reads of a host with
# any input, from each entry point of tests/proof/entries. For each of them it has no alarm,
# knows of each assertion and precondition that it holds, and reaches each statement but
# those that tests/proof/unreached names. Each function is reached by one of them.
# docs/security.md, "What is proven", says what this shows and what it does not.
#
# PROOF=full goes through more sizes (make proof-full). It takes hours, so a run that was
# stopped goes on where it was: what is proven of these sources is not proven again.
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/tap.sh
. tests/tap.sh
folder=${BUILD:-build}/proof/${PROOF:-core}

# The runs: ENTRY, or ENTRY SLICE. The longest ones come first.
runs() {
	tac tests/proof/entries | grep '^[a-z]' | while read -r entry _ slices _; do
		if [ "${PROOF:-}" = full ]; then
			seq -f "$entry %g" 0 $((slices - 1))
		else
			echo "$entry"
		fi
	done
}

# Writes what is not proven. An empty file says proven only if there is a mark beside it.
prove() { # ENTRY [SLICE]
	local at=$folder/$1${2:+-$2}
	[ -z "${2:-}" ] || [ "$(cat "$at.proven" 2> /dev/null)" != "$sources" ] || return 0
	rm -f "$at.proven"
	tests/proof/eva "$1" "$folder" ${2:+"$2"} > "$at.unproven" 2>&1 &&
		[ ! -s "$at.unproven" ] && echo "$sources" > "$at.proven"
}
sources=$(find core lib tests/proof -type f ! -name '*.t' ! -name '*.o' -print0 |
	sort -z | xargs -0 sha256sum | sha256sum)
export -f prove
export folder sources

ok 'Frama-C reads the sources' tests/proof/eva parse "$folder" || {
	done_testing
	exit
}
# shellcheck disable=SC2016 # the inner shell's own arguments
runs | xargs -P "$(nproc)" -d '\n' -n 1 bash -c 'prove $1' bash
while read -r entry slice; do
	at=$folder/$entry${slice:+-$slice}
	is "$entry${slice:+, slice $slice}: nothing can go wrong" \
		"$(cat "$at.unproven"; [ -e "$at.proven" ] || echo 'not proven')" ''
done < <(runs)

# The functions that no entry point reaches
unreached() {
	sort -u "$folder"/*.reached > "$folder/reached"
	sed 's/_[0-9]*$//' "$folder/parse.functions" | sort -u | comm -23 - "$folder/reached"
}
is '… and the entry points reach each function' "$(unreached)" ''
done_testing
