#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The proof sees a fault: each of tests/proof/faults, planted into a copy of the sources,
# is no longer proven. A fault that cannot be planted any more is a failure, and so is one
# with which Eva does not end. Those of tests/proof/unseen Eva does not see, and the unit
# tests that stand there do.
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

# Copies the sources to the folder, with the fault.
plant() { # AT FILE COMMAND
	mkdir -p "$1"
	cp -r core lib "$1"
	sed -i "$3" "$1/$2"
	! cmp -s "$2" "$1/$2" || { echo 'cannot be planted'; false; }
}

# Prints what is not proven of ENTRY with the fault; "proven": nothing.
prove() { # NAME ENTRY FILE COMMAND
	local at=$folder/$1 said
	if plant "$at" "$3" "$4"; then
		cp "$folder/../core/parse.functions" "$at"
		if ! said=$(TREE=$at tests/proof/eva "$2" "$at" 2>&1); then
			echo "cannot be judged: $said"
		else
			echo "${said:-proven}"
		fi
	fi
	rm -rf "$at"
}

# Prints what the unit test says of core/ in this folder.
unit() { # AT TEST
	gcc -std=c11 -D_GNU_SOURCE -O1 -w -I"$1" -I. -o "$1/test" "tests/$2.c" \
		"$1"/core/*.c "$1/lib/crypto.c" -lcmocka -lsodium &&
		CMOCKA_MESSAGE_OUTPUT=TAP "$1/test"
}
export -f plant prove
export folder

for list in faults unseen; do
	grep '^[a-z]' "tests/proof/$list"
done | sed -E 's,^(\S+ +\S+ +)unit/\S+ +,\1,' > "$folder/all"
# shellcheck disable=SC2016 # the inner shell's own arguments
xargs -P "$(nproc)" -d '\n' -n 1 -a "$folder/all" bash -c '
	read -r name entry file command <<< "$1"
	prove "$name" "$entry" "$file" "$command" > "$folder/$name.said" 2>&1' bash

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
while read -r name entry test file command; do
	is "$name: not seen, as tests/proof/unseen says" "$(cat "$folder/$name.said")" proven
	plant "$folder/$name" "$file" "$command"
	unit "$folder/$name" "$test" > "$folder/$name.unit" 2>&1
	like "… but $test sees it" "$folder/$name.unit" '^not ok'
	rm -rf "${folder:?}/$name"
done < <(grep '^[a-z]' tests/proof/unseen)
# Nor do they see one where there is none.
plant "$folder/sound" core/gate.h '$a //'
while read -r test; do
	ok "without a fault $test sees none" unit "$folder/sound" "$test"
done < <(awk '/^[a-z]/ { print $3 }' tests/proof/unseen | sort -u)
is 'there are forty faults that are seen' \
	"$(($(grep -c '^[a-z]' tests/proof/faults) >= 40))" 1
done_testing
