#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A signal ends send_sysrq at once. It says what was sent and what is not known, for one
# host in a sentence and for several hosts in a line each.
# shellcheck source=tests/client/lib.sh
. "$(dirname "$0")/lib.sh"

# --- One host ---

# Sends a signal once a line of the log matches.
signal() { # SIGNAL REGEX COMMANDS [FENCE]
	env --default-signal="$1" "$client" "${at[@]}" 127.0.0.1 "$3" \
		> "$out" 2> "$err" < /dev/null &
	pid=$!
	wait_for "$log" "$2"
	# The responder answers this after it has sent the result that follows the letter.
	[ -z "${4-}" ] ||
		"$client" status "${at[@]}" 127.0.0.1 > "$dir/fence" 2>&1
	kill -s "$1" $pid
	wait $pid
	rc=$?
}

noted=0
for name in INT TERM HUP QUIT; do
	serve
	signal $name '^press r' r,q fence
	exits "SIG$name while letters are pressed" 4
	like "SIG$name: the message says that the host goes on" "$err" \
		'interrupted: 127.0.0.1 presses the remaining letters by itself, unless .*; the end of'
	is "SIG$name: the message is one line" "$(wc -l < "$err")" 1
	is "SIG$name: the history has the command" \
		"$("$client" history | grep -c 'interrupted, end not seen')" $((++noted))
done
like 'an interrupted send_sysrq shows that the next letter was sent' "$out" \
	'^  q  show-all-timers     sent$'
serve --no-result
signal INT '^press r' r,q
exits 'SIGINT before any result' 4
like 'SIGINT before any result: the message says that it is not known' "$err" \
	'was sent; it is not known whether 127.0.0.1 carries it out'
serve --mute
signal INT '^hello' r
exits 'SIGINT while the host is asked' 130

serve
start early "${at[@]}" 127.0.0.1 r,q
interrupt early "$log" '^press r'
exits 'SIGINT before q is pressed' 4
unlike 'SIGINT before q is pressed: the output for q is not that of r' "$out" 'Show r'
serve
start waiting "${at[@]}" --until-back 127.0.0.1 b
interrupt waiting "$dir/waiting.out" 'b  reboot  .*accepted'
exits 'SIGINT while the host is down' 14
is 'SIGINT while the host is down: the message says so' "$(< "$err")" \
	'send_sysrq: interrupted: 127.0.0.1 was not back yet'

# --- Several hosts ---

each_has_a_line() { # NAME LINES
	is "$1: each has a line" "$(timeless "$out" | tr -s ' ' | sort)" "$2"
}

serve --any --host 127.0.0.3 --mute
start many "${at[@]}" --timeout 20 '127.0.0.[1-3]' r,i
wait_for "$log" '^press r 127.0.0.2'
wait_for "$log" '^hello .* 127.0.0.3'
interrupt many "$log" '^press r 127.0.0.1'
exits 'SIGINT, three hosts, with their highest status' 5
each_has_a_line 'SIGINT, three hosts' \
	'127.0.0.1 T interrupted, end not seen
127.0.0.2 T interrupted, end not seen
127.0.0.3 T interrupted, nothing was sent'
is 'SIGINT, three hosts: the summary counts them' "$(< "$err")" \
	'3 hosts: 0 carried out, 3 not'
cd "$dir" || exit 1 # where diagnose writes its files
start asked "${at[@]}" --timeout 20 127.0.0.3 127.0.0.30 diagnose
interrupt asked "$log" '^press w 127.0.0.30'
exits 'SIGINT while one of two hosts is asked, with their highest status' 5
each_has_a_line 'SIGINT while one of two hosts is asked' \
	'127.0.0.3 T interrupted, nothing was sent
127.0.0.30 T interrupted, end not seen'
serve --any --stuck
start twice "${at[@]}" localhost 127.0.0.1 127.0.0.2 r,i
wait_for "$log" '^press r 127.0.0.2'
interrupt twice "$log" '^press r 127.0.0.1'
exits 'SIGINT, two names of one host' 4
each_has_a_line 'SIGINT, two names of one host' \
	'127.0.0.1 T interrupted, end not seen
127.0.0.2 T interrupted, end not seen
localhost T the same host as 127.0.0.1'
is '… it has one command' "$(grep -c '^command .* 127.0.0.1$' "$log")" 1
is '… the summary counts it once' "$(< "$err")" '2 hosts: 0 carried out, 2 not'
serve --any --mute
start unheard "${at[@]}" localhost 127.0.0.1 127.0.0.2 r
wait_for "$log" '^hello .* 127.0.0.2'
interrupt unheard "$log" '^hello .* 127.0.0.1'
exits 'SIGINT, two names of one host that is asked' 5
each_has_a_line 'SIGINT, two names of one host that is asked' \
	'127.0.0.1 T interrupted, nothing was sent
127.0.0.2 T interrupted, nothing was sent
localhost T the same host as 127.0.0.1'
serve --any --mute
start nobody "${at[@]}" --timeout 20 127.0.0.1 127.0.0.2 b
interrupt nobody "$log" '^hello .* 127.0.0.2'
exits 'SIGINT while both hosts are asked' 5
each_has_a_line 'SIGINT while both hosts are asked' "$(printf \
	'127.0.0.%d T interrupted, nothing was sent
' 1 2)"

# Many hosts: most of them have not been asked yet, and have no address yet.
key=
serve --any --mute --family 4
echo test > "$dir/password"
chmod 600 "$dir/password"
start crowd "${at[@]}" --password-file "$dir/password" --timeout 20 -y \
	'127.0.[1-40].[1-250]' sub
interrupt crowd "$log" '^hello'
exits 'SIGINT while 10,000 hosts are asked' 5
is 'SIGINT while 10,000 hosts are asked: each has a line' "$(wc -l < "$out")" 10000
has 'SIGINT while 10,000 hosts are asked: the summary counts them' "$(< "$err")" \
	'10000 hosts: 0 carried out, 10000 not'
done_testing
