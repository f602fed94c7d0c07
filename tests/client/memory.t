#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# If memory is short, send_sysrq says so, loses no host without a word, and counts rightly.
# Which limit is short differs between machines, so each test looks for one.
# shellcheck source=tests/client/lib.sh
. "$(dirname "$0")/lib.sh"

# Runs the client with so much memory. Sets rc, and fills $out and $err.
limited() { # KILOBYTES ARGUMENT…
	(ulimit -v "$1" && exec timeout 60 "$client" "${@:2}") > "$out" 2> "$err" < /dev/null
	rc=$?
}

# The same with less and less memory, until a line on standard error matches
starve() { # REGEX ARGUMENT…
	local limit=256000
	while
		limited $limit "${@:2}"
		[ $rc -eq 0 ]
	do
		limit=$((limit / 2))
	done
	for ((limit *= 2; limit > 2000; limit -= limit / 50)); do
		limited $limit "${@:2}"
		! grep -Eq "$1" "$err" || return 0
	done
	fail "with some limit of memory a line on standard error matches: $1"
}

lines() { # REGEX
	grep -Ec "$1" "$out"
}

serve --any
hosts=('127.0.0.[1-200]')
starve 'out of memory; nothing was sent to' "${at[@]}" -y "${hosts[@]}" h
exits 'no memory for some hosts' 13
is 'no memory for some hosts: each has a line' "$(lines '^127[^:]* [0-9.]+ s  [a-z]')" 200
good=$(lines '^127[^:]* s  (carried out|exit status 0)$')
like 'no memory for some hosts: the summary counts them' "$err" \
	"^200 hosts: $good carried out, $((200 - good)) not$"

starve 'out of memory; nothing was sent to' "${at[@]}" -y --json "${hosts[@]}" h
exits '--json, no memory for some hosts' 13
ok '--json, no memory for some hosts: the summary counts them' \
	[ "$(sed -n 's/^200 hosts: .*, \([0-9]*\) not$/\1/p' "$err")" -ge \
	"$(grep -c 'nothing was sent to' "$err")" ]
[ "$(lines '^\{.*\}$')" = 200 ] ||
	like '--json, no memory for some hosts: it is told that objects are missing' "$err" \
		'out of memory: cannot write the results'

starve 'out of memory: cannot write the status of 127' status "${at[@]}" --json "${hosts[@]}"
exits 'status --json, no memory for some objects' 3
is 'status --json, no memory for some objects: it is told whose are missing' \
	$(($(lines '^\{.*\}$') + $(grep -c 'cannot write the status of 127' "$err"))) 200

serve --log 20000
starve 'out of memory: cannot keep the last lines of the log' \
	log "${at[@]}" -n 20000 127.0.0.1
exits 'log -n, no memory for the lines' 13
is 'log -n, no memory for the lines: the message is one line' "$(wc -l < "$err")" 1
done_testing
