#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The metadata have each option and each action once, those of --help and no others, and
# not the key itself. delay delays off and reboot, as the check of fence-agents wants it.
# tests/package/metadata.t has the schemas.
# shellcheck source=tests/fence/lib.sh
. "$(dirname "$0")/lib.sh"

agent -o metadata
is 'metadata: exit 0' "$rc" 0
is 'metadata: no complaint' "$(< "$err")" ''
cp "$out" "$dir/metadata"
lines action=metadata
ok 'the same by a line' cmp "$out" "$dir/metadata"

agent --help
cp "$out" "$dir/help"
options=$(sed -n '/^Options:/,/^$/s/^  \(-., \)*\(--[a-z-]*\).*/\2/p' "$dir/help" | sort)
is 'the metadata have the options of --help' \
	"$(grep -o 'mixed="[^"]*"' "$dir/metadata" | grep -o -- '--[a-z-]*' | sort)" "$options"
is '… by names that lines have' \
	"$(grep -o 'parameter name="[^"]*"' "$dir/metadata" | cut -d '"' -f 2 | sort)" \
	"$(sed 's/--//; s/-/_/g' <<< "$options" | sort)"
is 'the metadata have the actions of --help' \
	"$(grep -o 'action name="[^"]*"' "$dir/metadata" | cut -d '"' -f 2)" \
	"$(sed -n '/^Actions:/,/^$/s/^  \([a-z-]*\) .*/\1/p' "$dir/help")"
is 'the short options are those of the fencing library' \
	"$(sed -nE 's/^  -(.), --.*/\1/p' "$dir/help" | sort | tr -d '\n')" DVahnoquv
unlike 'nobody is told to put the key itself into the cluster' "$dir/metadata" 'name="key"'
like 'no node is turned on when it joins' "$dir/metadata" '<action name="on" automatic="0" />'

# Each value that the metadata have as a default is one that the agent takes.
while IFS='"' read -r _ name _ value _; do
	lines "$name=$value" action=metadata
	is "the default of $name is a good one" "$rc" 0
done < <(tr -d '\n' < "$dir/metadata" | sed 's/<parameter /\n&/g' |
	sed -nE 's/^<parameter name=("[^"]*").*<content [^>]*default=("[^"]*").*/\1\2/p' |
	sed 's/^/x/')

# --- delay ---

before=$(date +%s%N)
agent --delay 10 -a test.invalid -n 1 --
took=$(($(date +%s%N) - before))
is 'with a delay, reboot of a node that is not known fails' "$rc" 1
ok 'a delay of 10 s takes 10 s at least' [ "$took" -ge 10000000000 ]
serve
before=$(date +%s%N)
fence off --delay 1.5
fails 'off, with a delay' 'would not listen'
ok '… waits, too' [ $(($(date +%s%N) - before)) -ge 1500000000 ]
for action in status monitor on validate-all list; do
	timeout 30 "$agent" -o "$action" -n host1 -a 127.0.0.1 -u "$port" --delay=3600 \
		> "$out" 2> "$err"
	ok "$action does not wait" [ $? -ne 124 ]
done
done_testing
