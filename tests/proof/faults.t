#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The proof sees a fault: each of tests/proof/faults, planted into a copy of the sources,
# is no longer proven. A fault that cannot be planted any more is a failure. So is one of
# those that Eva cannot see, tests/proof/unseen, if Eva sees it.
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/tap.sh
. tests/tap.sh
folder=${BUILD:-build}/proof/faults
rm -rf "$folder"
mkdir -p "$folder"
ok 'core.t has run before' test -s "$folder/../core/parse.functions" || {
	done_testing
	exit
}

# Prints what is not proven of ENTRY with the fault; "proven": nothing.
plant() { # NAME ENTRY FILE COMMAND
	local at=$folder/$1
	mkdir "$at"
	cp -r core lib "$at"
	sed -i "$4" "$at/$3"
	if cmp -s "$3" "$at/$3"; then
		echo 'cannot be planted'
	else
		cp "$folder/../core/parse.functions" "$at" &&
			TREE=$at tests/proof/eva "$2" "$at" | grep . || echo proven
	fi
	rm -rf "$at"
}
export -f plant
export folder

for list in faults unseen; do
	grep '^[a-z]' "tests/proof/$list"
done > "$folder/all"
# shellcheck disable=SC2016 # the inner shell's own arguments
xargs -P "$(nproc)" -d '\n' -n 1 -a "$folder/all" bash -c '
	read -r name entry file command <<< "$1"
	plant "$name" "$entry" "$file" "$command" > "$folder/$name.said" 2>&1' bash

while read -r name entry _; do
	said=$(cat "$folder/$name.said")
	case $said in
	proven | cannot* | '') fail "$name: $entry is not proven any more" "$said" ;;
	*)
		pass "$name: $entry is not proven any more"
		head -n 1 "$folder/$name.said" | note
		;;
	esac
done < <(grep '^[a-z]' tests/proof/faults)
while read -r name entry _; do
	is "$name: not seen, as tests/proof/unseen says" "$(cat "$folder/$name.said")" proven
done < <(grep '^[a-z]' tests/proof/unseen)
is 'there are forty faults that are seen' \
	"$(($(grep -c '^[a-z]' tests/proof/faults) >= 40))" 1
done_testing
