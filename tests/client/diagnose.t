#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# diagnose writes the log of each host, and what w, l and m print, into a file of its own
# that only the user may read. It presses nothing if it cannot write the file or cannot
# read the log.
# shellcheck source=tests/client/lib.sh
. "$(dirname "$0")/lib.sh"
make_source
export TZ=TEST-5:30 # of the time in names of files

enter() { # FOLDER
	mkdir -p "$1"
	cd "$1" || exit 1
}

# --- One host ---

serve --any --log-file "$dir/source" --host 127.0.0.2 --no-log
enter "$dir/work"
before=$(date +%Y%m%d-%H%M%S)
umask 0
press --wait 0.1 diagnose
umask 077
after=$(date +%Y%m%d-%H%M%S)
exits 'diagnose' 0
name=$(echo 127.0.0.1-*.log)
is_named_well() {
	[[ $name =~ ^127\.0\.0\.1-([0-9]{8}-[0-9]{6})\.log$ &&
		! ${BASH_REMATCH[1]} < $before && ! ${BASH_REMATCH[1]} > $after ]]
}
ok 'the file has its name from the host and the local time' is_named_well
like 'diagnose prints the name of the file' "$out" "^  written to $name$"
is 'nobody else may read the file' "$(stat -c %a "$name")" 600
(cat "$dir/plain"; printed w; printed l; printed m) > "$dir/expected"
tail -n 12 "$name" | sed -E 's/^\[[0-9.]+\]/[T]/' > "$dir/end"
(head -n -12 "$name"; cat "$dir/end") > "$dir/whole"
ok 'the file has the log, and what w, l and m print' cmp "$dir/whole" "$dir/expected"
is 'diagnose presses w, l and m' "$(pressed "$log")" wlm
is 'diagnose shows a line for each letter' "$(timeless "$out" | sed -n 2,4p)" \
	'  w  show-blocked-tasks             done T
  l  show-backtrace-all-active-cpus done T
  m  show-memory-usage              done T'

# --- Three hosts ---

enter "$dir/many"
run "${at[@]}" --wait 0.1 127.0.0.1 127.0.0.2 127.0.0.3 diagnose
exits 'diagnose of three hosts, one of which does not permit its log' 9
is 'each host that permits its log has a file' "$(echo -- *)" \
	"-- $(echo 127.0.0.1-*.log 127.0.0.3-*.log)"
is 'the line of each host names its file' \
	"$(timeless "$out" | tr -s ' ' | sort | sed 's/-[0-9]*-[0-9]*.log/-X.log/')" \
	'127.0.0.1 T 127.0.0.1-X.log
127.0.0.2 T this operator may not read its log
127.0.0.3 T 127.0.0.3-X.log'

# --- Interrupted ---

enter "$dir/interrupted"
serve --log 20 --output 3000 --delay 100
start last "${at[@]}" --timeout 3 --wait 0.1 127.0.0.1 diagnose
interrupt last "$dir/last.out" '^  m  '
exits 'SIGINT while the output of m is read' 4
like 'SIGINT while the output of m is read: the message names the file' "$err" \
	"^send_sysrq: interrupted: $(echo *.log) contains only a part of the log$"

# --- Failures ---

serve --log 5
cd /sys || exit 1 # where not even root makes a file
press diagnose
exits 'diagnose in a folder that takes no file' 13
like 'a folder that takes no file: the message says so' "$err" \
	"^send_sysrq: cannot write '127.0.0.1-[-0-9]+.log': ."
is 'a folder that takes no file: nothing is pressed' "$(pressed "$log")" ''

nothing='send_sysrq: nothing was pressed on 127.0.0.1, because its log is not saved as a whole'
like 'a folder that takes no file: the message says so' "$err" "^$nothing$"

enter "$dir/half"
press -p 1 diagnose
exits 'diagnose, a closed port' 6
serve --mute
press --timeout 0.3 diagnose
exits 'diagnose, a silent host, which gets nothing one-way' 5
is 'a closed port and a silent host leave no file' "$(echo -- *)" '-- *'
serve --log-file "$dir/source" --silent-after 20
press --timeout 1 diagnose
exits 'diagnose, a host that falls silent while its log is read' 4
like 'half a log: diagnose prints the name of the file' "$out" \
	"^  written to $(echo 127.0.0.1-*.log)$"
is 'half a log: the message says so' "$(< "$err")" \
	"send_sysrq: 127.0.0.1 stopped answering: $(echo 127.0.0.1-*.log) is incomplete
$nothing"
is 'half a log: nothing is pressed' "$(pressed "$log")" ''
lines=$(wc -l < "$(echo 127.0.0.1-*.log)")
head -n "$lines" "$dir/plain" > "$dir/expected"
ok 'half a log: the file is not empty' [ "$lines" -gt 0 ]
ok 'half a log: the file has the first lines' cmp 127.0.0.1-*.log "$dir/expected"
enter "$dir/rebooted"
serve --log 9 --after-log reboot
press diagnose
exits 'diagnose, a host that reboots when its log is read' 12
is 'a host that reboots: the message says so' "$(< "$err")" \
	'send_sysrq: 127.0.0.1 has rebooted meanwhile; nothing was pressed'
is 'a host that reboots: nothing is pressed' "$(pressed "$log")" ''
is 'a host that reboots: the file has the log that was read' "$(wc -l < "$(echo *.log)")" 9
enter "$dir/endless"
serve --panicked --endless
press --timeout 0.5 last-words
exits 'last-words, a log that never ends' 4
is 'a log that never ends: the message says so' "$(sed 1q "$err")" \
	"send_sysrq: 127.0.0.1 took too long to give its log: $(echo 127.0.0.1-*.log) is incomplete"
is 'a log that never ends: nothing is pressed' "$(pressed "$log")" ''

enter "$dir/work"
serve --silent-after 1
press --timeout 0.3 diagnose
exits 'diagnose, a host that is silent after its status' 5
is 'a host that is silent after its status gets nothing one-way' "$(pressed "$log")" ''
serve --no-log
press diagnose
exits 'diagnose, a log that is not permitted' 9
is 'a log that is not permitted: nothing is pressed' "$(pressed "$log")" ''
like 'a log that is not permitted: the message says so' "$err" "^$nothing$"

# --- JSON: what went wrong is in the message ---

wrong() { # STATUS MESSAGE ARGUMENT…
	press --json "${@:3}"
	exits "--json: $2" "$1"
	is "--json: the message is '$2'" "$(json "$out" '$o->{message}')" "127.0.0.1: $2"
}
wrong 9 'this operator may not read its log' diagnose
serve --log 5
wrong 12 'has not panicked, nothing was pressed' last-words
cd /sys || exit 1
wrong 13 'its log is not saved, nothing was pressed' diagnose
enter "$dir/json"
serve --log-file "$dir/source" --silent-after 20
wrong 4 'its log is not saved, nothing was pressed' --timeout 1 diagnose
serve --log 20 --output 3000 --delay 100
start last "${at[@]}" --json --timeout 3 --wait 0.1 127.0.0.1 diagnose
interrupt last "$log" '^press m'
exits '--json, SIGINT while the output of m is read' 4
like '--json, SIGINT: there is a message' "$out" '"message":"'
serve --complete=-1
wrong 1 'not complete: s (sync)' --wait s=0.5 n,s
serve --log 5
press --json --wait 0.1 diagnose
is '--json: without a fault there is no message' "$(json "$out" 'defined $o->{message} ? 1 : 0')" 0
done_testing
