#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# If send_sysrq may open few files only, it has few sockets, which many copies and hosts
# share. Each answer is still taken, and a refusal counts for no other copy.
# shellcheck source=tests/client/lib.sh
. "$(dirname "$0")/lib.sh"

few() { # FILES ARGUMENT…: as run
	timeout 60 bash -c 'ulimit -n "$1"; exec "${@:2}"' bash "$1" "$client" "${@:2}" \
		> "$out" 2> "$err" < /dev/null
	rc=$?
}

serve --any
few 20 "${at[@]}" '127.0.0.[1-40]' s,u
exits 'forty hosts with 20 files' 0
is 'forty hosts with 20 files: each presses each letter once' \
	"$(grep -c '^press' "$log")" 80

# With 8 files there are one or two sockets.
few 9 "${at[@]}" '127.0.0.[1-40]' s,u
exits 'forty hosts with 9 files' 0
is 'forty hosts with 9 files: each presses each letter once' \
	"$(grep -c '^press' "$log")" 160

# One socket sends two copies, and refusals come after that: of which of them?
serve --tolerance 0 --delay 1300
for files in {4..9}; do
	few "$files" "${at[@]}" --one-way 127.0.0.1 s
	! grep -q ^copy "$log" || break
done
is 'one socket sends both copies' "$(count_different "$log" copy 5)" 1
exits 'a refusal of one of two copies by one socket' 3
like 'a refusal of one of two copies: the message says no more' "$err" \
	'sent one-way.*; one copy of it was refused'
is 'a refusal of one of two copies: nothing is pressed' "$(pressed "$log")" ''
done_testing
