# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What bad-*.t share. Sourced after lib.sh.

serve --any

# The client exits with the status and says one sentence, on standard error. The arguments
# name a good host and a good key, unless these are what is wrong: if the client accepted
# the arguments, the host would hear of it.
bad() { # STATUS REGEX ARGUMENT…
	local name=" ${*:3}" got text
	name=${name/" ${at[*]}"}
	name=${name//"$dir/"}
	printf -v name 'send_sysrq%.60s: the message matches %.40s' "$name" "$2"
	setsid -w timeout 10 "$client" "${@:3}" < "${stdin:-/dev/null}" > "$out" 2> "$err"
	got="exit $?"
	[ ! -s "$out" ] || got+=', standard output'
	IFS= read -rd '' text < "$err"
	[[ ${text%$'\n'} != *$'\n'* && $text == *$'\n' ]] || got+=', not one line'
	[[ ${text%$'\n'} =~ ^'send_sysrq: '.*$2 ]] || got+=', another message'
	name=${name//[^[:print:]]/?}
	if [ "$got" = "exit $1" ]; then
		pass "$name"
	else
		fail "$name" "got: $got" "expected: exit $1, and one line that matches: $2"
	fi
}

press() { # REGEX ARGUMENT…
	bad 2 "$1" "${at[@]}" "${@:2}"
}
status() { # REGEX ARGUMENT…
	bad 3 "$1" status "${at[@]}" "${@:2}"
}

nothing_was_sent() {
	unlike 'the host hears nothing of all that' "$log" '^(hello|copy|log|odd|press)'
	run "${at[@]}" 127.0.0.1 h
	exits 'a good command' 0
	like 'the host hears of a good command' "$log" '^hello'
}
