#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# If the host falls silent, send_sysrq says what is known of its command. If the host does
# not answer at all, send_sysrq asks again and sends no command.
# shellcheck source=tests/client/lib.sh
. "$(dirname "$0")/lib.sh"

serve --silent-after 3
press --timeout 0.5 --wait 0.3 r,q,t
exits 'a host that falls silent in the run' 4
like 'silence in the run: send_sysrq shows that the other letters were sent' "$out" \
	'^  t  show-task-states    sent$'
like 'silence in the run: the message says that the host goes on' "$err" \
	'no answer since ..:..:.. .*: 127.0.0.1 presses the remaining letters by itself, unless'

serve --no-result
press --timeout 1 h
exits 'no result' 4
like 'no result: the message says that the letter may have been pressed' "$err" \
	'no answer to the command: it is not known whether 127.0.0.1 carries out this command'
like 'no result: send_sysrq shows that the letter was sent' "$out" \
	'^  h  help                sent$'
is 'no result: the letter is pressed once' "$(pressed "$log")" h
is 'no result: send_sysrq sends one command, and nothing one-way' \
	"$(awk '/^copy/ { print $2, $4 != 0 }' "$log" | sort -u | wc -l)" 1

serve --mute
press --timeout 0.4 --no-one-way h
exits 'no answer' 5
like 'no answer: the message says that nothing was sent' "$err" \
	'no answer from 127.0.0.1 within 0.4 s.*nothing was sent'
is 'no answer: nothing is pressed' "$(pressed "$log")" ''
is 'send_sysrq asks at 0, 100 and 300 ms' "$(grep -c '^hello' "$log")" 3
is 'send_sysrq asks from another port each time' "$(count_different "$log" hello 2)" 3
press --realm other --timeout 0.2 --no-one-way h
exits 'another realm' 5
done_testing
