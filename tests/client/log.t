#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# log prints the kernel log of a host byte for byte as dmesg does, or the part of it that
# was asked for. If it cannot print all, it says so and exits with the matching status.
# shellcheck source=tests/client/lib.sh
. "$(dirname "$0")/lib.sh"
make_source

# This takes some seconds: it begins now, and is checked at the end.
serve --log-file "$dir/source" --drop-in 20 --drop-out 20 --delay 20
start lossy log "${at[@]}" --timeout 30 127.0.0.1

log() { # NAME STATUS ARGUMENT…
	run log "${at[@]}" "${@:3}" 127.0.0.1
	exits "log, $1" "$2"
}
prints() { # NAME EXPECTED-FILE
	ok "log, $1: the output is as expected" cmp "$2" "$out"
	no_error "log, $1"
}
# Prints the lines of the source for which a Perl expression of $n (the record), $level
# and $time is true, as dmesg prints them.
those() { # EXPRESSION
	perl -ne '/^(\+?)<(\d+)>\[ *([0-9.]+)\]/ or die;
		($level, $time) = ($2 % 8, $3);
		$n += $1 eq "" if $. > 1;
		next unless '"$1"';
		s/^\+?<\d+>//;
		print' "$dir/source"
}

# --- Parts of the log ---

serve --log-file "$dir/source"
log 'all of it' 0
prints 'all of it' "$dir/plain"
for lines in 0 1 5 1000 999999; do
	log "-n $lines" 0 -n $lines
	tail -n $lines "$dir/plain" > "$dir/expected"
	prints "-n $lines" "$dir/expected"
done
for level in emerg:0 err:3 info:6 debug:7; do
	those '$level <= '${level#*:} > "$dir/expected"
	log "--level ${level%:*}" 0 --level "${level%:*}"
	prints "--level ${level%:*}" "$dir/expected"
	log "--level ${level#*:}" 0 --level "${level#*:}"
	prints "--level ${level#*:}" "$dir/expected"
done
for since in 0 7 12.35 12.350001 19.99 20; do
	those '$time >= '$since > "$dir/expected"
	log "--since-boot-seconds $since" 0 --since-boot-seconds $since
	prints "--since-boot-seconds $since" "$dir/expected"
done
those '$time >= 10.5 && $level <= 4' | tail -n 7 > "$dir/expected"
log 'three options' 0 --level warn -n 7 --since-boot-seconds 10.5
prints 'three options' "$dir/expected"

serve --log 50 --log-grow 1 --delay 100
log 'a log that grows as fast as it is read' 0

# --- Readers and disks ---

"$client" log "${at[@]}" 127.0.0.1 2> "$err" | head -n 1 > "$out"
head -n 1 "$dir/plain" > "$dir/expected"
prints 'a reader that stops after one line' "$dir/expected"
"$client" log "${at[@]}" 127.0.0.1 2> "$err" > /dev/full
rc=$?
exits 'log to a full disk' 13
like 'log to a full disk: the message says so' "$err" \
	'^send_sysrq: cannot write the log: No space'
is 'log to a full disk: the message is one line' "$(wc -l < "$err")" 1

# --- Records that are not there ---

serve --log-file "$dir/source" --log-cut 1500
those '$n >= 1500' > "$dir/expected"
log 'older records overwritten' 0
prints 'older records overwritten' "$dir/expected"
log 'the last of the lines that are left' 0 -n 700
prints 'the last of the lines that are left' "$dir/expected"
perl -e 'print "<6>[    0.000001] short\n<4>[    0.000002] ", "long " x 500,
	"\n<6>[    0.000003] last\n"' > "$dir/cut"
serve --log-file "$dir/cut"
log 'a long record' 0
is 'log cuts a record that is longer than a datagram' \
	"$(sed -E 's/(long ){200,300}l?o?n?g?$/long .../' "$out")" \
	'[    0.000001] short
[    0.000002] long ...
[    0.000003] last'
serve
log 'an empty log' 0
prints 'an empty log' /dev/null

# --- Hosts that give no log, or not all ---

serve --log-file "$dir/source" --no-log
log 'not permitted' 9
is 'log, not permitted: the message says so' "$(< "$err")" \
	'send_sysrq: 127.0.0.1 does not permit this operator to read its log'
is 'log, not permitted: nothing is printed' "$(< "$out")" ''
serve --log-file "$dir/source" --silent-after 20
log 'silent half way' 4 --timeout 1
is 'log, silent half way: the message says so' "$(< "$err")" \
	'send_sysrq: 127.0.0.1 stopped answering: the log above is incomplete'
head -n "$(wc -l < "$out")" "$dir/plain" > "$dir/expected"
ok 'log, silent half way: some lines are printed' [ -s "$out" ]
ok 'log, silent half way: they are the first lines' cmp "$dir/expected" "$out"
serve --endless
log 'a log that never ends' 4 --timeout 1
is 'log, a log that never ends: the message says so' "$(< "$err")" \
	'send_sysrq: 127.0.0.1 took too long to give its log: the log above is incomplete'
serve --mute
log 'a silent host' 5 --timeout 0.3
like 'log, a silent host: the message says so' "$err" \
	'^send_sysrq: no answer from 127.0.0.1 within 0.3 s'
log 'a closed port' 6 -p 1
like 'log, a closed port: the message says so' "$err" \
	'^send_sysrq: .* nothing on port 1 takes this password or key'
unlike 'log, a closed port: the message names no option, because log has none for it' \
	"$err" '--'
run log "${at[@]}" 255.255.255.255
exits 'log, an unreachable host' 7
run log "${at[@]}" "$unknown"
exits 'log, a name without address' 7
like 'log, a name without address: the message says so' "$err" \
	"^send_sysrq: remote host '$unknown' cannot be asked"

end lossy
exits 'log, 20 % loss each way' 0
prints '20 % loss each way' "$dir/plain"
done_testing
