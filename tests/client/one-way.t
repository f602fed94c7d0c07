#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A command goes one-way if it is told to, or if no status comes: as two copies of one
# command. send_sysrq then says that the outcome is not known, unless results come.
# shellcheck source=tests/client/lib.sh
. "$(dirname "$0")/lib.sh"

serve --mute
press --timeout 0.2 s,h
exits 'no answer' 3
like 'no answer: the message says why the command goes one-way' "$err" \
	'cannot tell which\); sending one-way'
like 'no answer: the message says that the outcome is not known' "$err" \
	'sent one-way to 127.0.0.1; it is not known whether'
like 'no answer: send_sysrq shows that the letter was sent' "$out" \
	'^  h  help                sent$'
is 'no answer: each letter is pressed once' "$(pressed "$log")" sh
is 'no answer: send_sysrq sends two copies' "$(grep -c '^copy .* 0 4:' "$log")" 2
is 'no answer: both copies are the same command' "$(count_different "$log" copy 2 3)" 1
is 'no answer: the copies come from two ports' "$(count_different "$log" copy 5)" 2

serve --mute --shut 150
press --timeout 3 h
exits 'no answer, and a port that was closed for a moment' 3
serve --no-status
press --timeout 0.2 s,i
exits 'no status, but results' 0
like 'no status, but results: send_sysrq shows them' "$out" '^  i  kill-all-tasks      done'
serve
press --one-way sb
exits '--one-way' 0
unlike '--one-way: send_sysrq does not ask' "$log" '^hello'
is '--one-way: each letter is pressed once' "$(pressed "$log")" sb
done_testing
