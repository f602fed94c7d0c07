#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# If the host refuses a command, it presses none of its letters, and send_sysrq says why
# and exits with the status that is meant for the reason.
# shellcheck source=tests/client/lib.sh
. "$(dirname "$0")/lib.sh"

refused() { # NAME STATUS REGEX ARGUMENT…: by the host that was started last
	press "${@:4}"
	exits "$1" "$2"
	like "$1: the message says so" "$err" "$3.*; nothing was pressed"
	is "$1: nothing is pressed" "$(pressed "$log")" ''
}

# --- Permissions ---

serve --mask 16
refused 'the sysrq mask' 8 'permit u \(unmount\).* kernel.sysrq to another' su
serve --operator s
refused 'the letters of the operator' 9 'permit this operator to press u \(unmount\)' su
serve --rule s
refused 'the letters of the rule' 9 'rule on 127.0.0.1 .*permit b \(reboot\)' sb
serve --known su
refused 'a letter that the host does not know' 10 'does not know b \(reboot\)' sub

# --- Other runs ---

busy='command of another operator, which this operator may not end: .* within 1 min 30 s'
serve --operator s --busy 90000
refused "another operator's run" 12 "$busy" s
refused "another operator's run, one-way" 12 "$busy" --one-way s
hang='can begin no other command now, because letters .* have not ended: send the command again later'
serve --full
refused 'no room for a run, as letters hang' 12 "$hang" s
refused 'no room for a run, one-way' 12 "$hang" --one-way s
run "${at[@]}" --json 127.0.0.1 s
is 'no room for a run: JSON says so' "$(json "$out" '"$o->{exit} $o->{result}"')" \
	'12 busy with letters that have not ended'
serve --busy 90000 --full
refused 'no room for a run, beside a run in progress' 12 "$hang" s

# --- One-way ---

# The command is not used up.
refused_yet() { # NAME STATUS REGEX ARGUMENT…: by the host that was started last
	since=$(date +%s)
	press "${@:4}"
	exits "$1" "$2"
	like "$1: the message says so, and until when it may be carried out" "$err" \
		"$3.*; 127.0.0.1 may still carry out a copy that arrives later, until 20.* UTC by its clock$"
	is "$1: nothing is pressed" "$(pressed "$log")" ''
}

# The command that was refused_yet is valid for so many seconds.
valid_for() { # NAME SECONDS
	local until
	until=$(date -ud "$(sed -n 's/.*until \(.*\) UTC by its clock$/\1/p' "$err")" +%s)
	ok "$1" [ $((until - since)) -ge "$2" -a $((until - $(date +%s))) -le "$2" ]
}

serve --tolerance 0
refused_yet 'a host that takes no one-way commands' 12 'no one-way commands' --one-way s
valid_for 'by default the command is valid for 10 minutes' 600
serve --clock-offset -7200
refused_yet 'a clock that is two hours off' 11 \
	'clock of 127.0.0.1 says 20.* (2 h 0 min|1 h 59 min) behind' --one-way s
press h
exits 'a clock that is two hours off, in session' 0
serve --clock-offset -90 --uptime 60 --tolerance 3600
refused_yet 'a clock that is behind by more than a host is up' 11 'clock of 127.0.0.1 says 20.* behind' \
	--one-way --one-way-for 30 s
valid_for 'the time is that of --one-way-for' 30
serve --clock-offset 30 --uptime 5
press --one-way s
exits 'a command that is older than the boot of the host' 11
like 'a command that is older than the boot of the host: the message says so' "$err" \
	'less than a minute before .*; it is not known whether 127.0.0.1 has carried out another copy$'
is 'a command that is older than the boot of the host: nothing is pressed' "$(pressed "$log")" ''
serve
refused_yet 'the address of another host' 12 'give the host.s own address with --host-address' \
	--one-way --host-address 192.0.2.7 s
press --one-way --host-address 127.0.0.1 h
exits 'the own address of the host' 0
done_testing
