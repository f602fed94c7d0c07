#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A command is carried out once, whatever comes in between: commands of other clients, a
# new epoch, a restart, forged replies, late replies. If it was not carried out, or only
# in part, send_sysrq says so.
# shellcheck source=tests/client/lib.sh
. "$(dirname "$0")/lib.sh"

# --- Commands of other clients ---

serve --outrun 2
press h
exits 'another client is quicker twice' 0
is 'the host says twice that another client was quicker' "$(grep -c '^reply 17' "$log")" 2
is 'another client is quicker twice: the letter is pressed once' "$(pressed "$log")" h
serve --outrun 9999999
press --timeout 0.5 h
exits 'another client is always quicker' 12
like 'another client is always quicker: the message says so' "$err" \
	'reached 127.0.0.1 first.*; nothing was pressed'
is 'another client is always quicker: nothing is pressed' "$(pressed "$log")" ''
ok 'another client is always quicker: send_sysrq tries until its timeout' \
	[ "$(count_different "$log" copy 2)" -gt 3 ]
serve --outrun 1 --delay 150
press h
exits 'another client is quicker, and several copies are refused' 0
is 'several copies are refused: the letter is pressed once' "$(pressed "$log")" h
serve --outrun 1 --silent-after 3 --delay 150
press --timeout 0.5 h
exits 'another client is quicker, and then the host is silent' 12
like 'then the host is silent: the message says that nothing was pressed' "$err" \
	'reached 127.0.0.1 first.*; nothing was pressed'
serve --outrun 1 --outrun-far
press h
exits 'several commands of other clients are quicker' 4
like 'several commands are quicker: the message says that it is not known' "$err" \
	'newer command came in between: it is not known whether 127.0.0.1 carries out this command'
is 'several commands are quicker: send_sysrq sends one command' \
	"$(count_different "$log" copy 2)" 1

serve --supersede 300
press r,q
exits 'a newer command in the run' 1
like 'a newer command: send_sysrq shows what was pressed' "$out" \
	'^  r  unraw               done         [0-9]+\.[0-9] s$'
like 'a newer command: send_sysrq shows what was dropped' "$out" \
	'^  q  show-all-timers     dropped$'
like 'a newer command: the message says so' "$err" 'a newer command took the place'
serve --supersede 300 --newer
press r,q
exits 'a newer command of the same operator' 4
like 'a newer command of the same operator: send_sysrq shows that r was sent' "$out" \
	'^  r  unraw               sent$'
like 'a newer command of the same operator: send_sysrq shows that q was sent' "$out" \
	'^  q  show-all-timers     sent$'
like 'a newer command of the same operator: the message says so' "$err" \
	'a newer one with the same key came: the end of'

# --- Somebody on the way ---

# The command is accepted, but its result is lost. A later copy is refused, and the refusal
# is copied to every port, as if each copy had been refused.
copied() { # NAME REGEX LETTERS ARGUMENT…: of the host
	serve --refusals-only --copy-refusals "${@:4}"
	press --wait 5 --timeout 3 "$3"
	exits "$1" 4
	like "$1: the message says that it is not known" "$err" "$2"
	is "$1: the letter is pressed once" "$(pressed "$log")" "${3%%,*}"
	is "$1: send_sysrq sends one command" "$(count_different "$log" copy 2)" 1
}
copied 'a refusal after the command of a colleague' 'newer command came in between: it is not' \
	r,q --supersede 20 --newer
copied 'a refusal after a reboot' '127.0.0.1 has restarted since then: it is not known' \
	b --back 300

# --- Epochs ---

serve --new-epochs 1
press h
exits 'a new epoch before the command' 4
like 'a new epoch before the command: the message says that it is not known' "$err" \
	'127.0.0.1 was restored or has set the key anew since then: it is not known whether this'
is 'a new epoch before the command: send_sysrq sends one command' \
	"$(count_different "$log" copy 2)" 1
serve --new-epoch-after 150
press --wait 5 r,q
exits 'a new epoch in the run' 4
like 'a new epoch in the run: the message says so' "$err" \
	'127.0.0.1 has restarted or was restored, or its keys were changed'
serve --new-epoch-after 150
press --one-way --wait 5 r,q
exits 'a new epoch in a one-way run' 4
like 'a new epoch in a one-way run: the message says so' "$err" \
	'127.0.0.1 has restarted or was restored, or its keys were changed'

# --- Replies ---

serve --garbage
press s,r
exits 'forged replies' 0
is 'forged replies: each letter is pressed once' "$(pressed "$log")" sr
like 'forged replies: send_sysrq shows the true result' "$out" '^  r  unraw               done'
serve --delay 650
press --timeout 2 h
exits 'late replies' 0
is 'late replies: the letter is pressed once' "$(pressed "$log")" h
is 'late replies: send_sysrq sends one command' "$(count_different "$log" copy 2)" 1
done_testing
