#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# status --nagios prints a line with performance data, and exits, as a plugin of Nagios
# and Icinga does. What is wrong is told on standard output, too, but never before the
# state: the first line is what they show.
# shellcheck source=tests/client/lib.sh
. "$(dirname "$0")/lib.sh"

serve --any --host 127.0.0.3 --mute \
	--host 127.0.0.4 --operator= --host 127.0.0.5 --panicked

nagios() { # NAME STATUS ARGUMENT…
	run status "${at[@]}" --timeout 1 --nagios "${@:3}"
	exits "$1" "$2"
	is "$1: one line" "$(wc -l < "$out")" 1
	no_error "$1: all is on standard output"
}

nagios 'a host that is alive' 0 127.0.0.1
like 'OK, with performance data' "$out" '^SYSRQ OK - 127\.0\.0\.1 is alive, Linux 6\.1\.0-56-cloud-amd64, up 11 days 13 h, load 312\.00, 58 MB of 16 GB free \| uptime=[0-9]+s load1=312\.00;;;0 load5=200\.00;;;0 load15=100\.00;;;0 memory_free=60817408B;;;0;17179869184 clock_ahead=-?[0-9]+\.[0-9]{3}s$'
nagios 'a host that does not permit a needed letter' 1 --need sub 127.0.0.4
like 'WARNING names the letters' "$out" \
	'^SYSRQ WARNING - 127\.0\.0\.4 is not armed: does not permit b,s,u, Linux .* \| uptime='
nagios 'a host that permits nothing' 1 127.0.0.4
like 'WARNING without --need' "$out" 'is not armed: does not permit any letter, Linux '
nagios 'a host that is silent' 2 127.0.0.3
is 'CRITICAL' "$(< "$out")" 'SYSRQ CRITICAL - 127.0.0.3 is silent: no answer within 1.0 s'
nagios 'a host that has panicked' 2 127.0.0.5
like 'CRITICAL says that it has panicked' "$out" \
	'^SYSRQ CRITICAL - 127\.0\.0\.5 has panicked: does not reboot by itself, Linux .* \| uptime='
nagios 'a host whose name cannot be found' 2 no-such-host.invalid --known-as 127.0.0.1
like 'CRITICAL, too' "$out" '^SYSRQ CRITICAL - no-such-host\.invalid is unknown: '
nagios 'an address that -6 excludes' 2 -6 127.0.0.1
like 'CRITICAL, and why' "$out" 'is unknown: it is an IPv4 address, and -6 wants IPv6$'
nagios 'an address without its interface' 2 --known-as 127.0.0.1 fe80::1
like 'CRITICAL, and why, too' "$out" 'is unknown: a link-local address needs an interface'
# A fault of this machine says nothing about the host. How many files are enough depends on the
# C library.
limited=
for files in {4..12}; do
	timeout 30 prlimit --nofile="$files" "$client" status "${at[@]}" -4 --nagios \
		--known-as 127.0.0.1 localhost > "$out" 2>&1 < /dev/null
	rc=$?
	[ "$rc" != 127 ] || continue # the program cannot even begin
	limited+="$rc $(sed -E '1s/^SYSRQ ([A-Z]+) - (localhost is [a-z]+|cannot).*/\1: \2/p;d' "$out")"$'\n'
done
is 'with too few open files it is UNKNOWN, and never CRITICAL' "$(sort -u <<< "$limited" | sed 1d)" \
	'0 OK: localhost is alive
3 UNKNOWN: cannot
3 UNKNOWN: localhost is unknown'
for name in {a..z}.invalid; do
	know "$name"
done
timeout 60 prlimit --nofile=8 "$client" status "${at[@]}" -4 --timeout 1 --prometheus \
	127.0.0.1 {a..z}.invalid > "$out" 2> "$err" < /dev/null
is 'several hosts: a fault of this machine does not throw away what is known of others' "$?" 2
like '… it is told' "$out" '^sysrq_state\{host="127\.0\.0\.1",state="alive"\} 1$'
nagios 'two hosts' 3 127.0.0.1 127.0.0.2
like 'two hosts are refused' "$out" '^SYSRQ UNKNOWN - --nagios takes one host, not 2; nothing was sent$'
nagios 'a host without a key' 3 stranger
like 'it is told on standard output' "$out" "^SYSRQ UNKNOWN - 'stranger' is not known"
echo 'Colour red|blue' > "$dir/bad"
nagios 'a configuration with a fault' 3 --config "$dir/bad" 127.0.0.1
like 'what is wrong with it' "$out" "^SYSRQ UNKNOWN - $dir/bad:1: 'Colour' given"

# --- Warnings: the state comes first ---

# Runs it with warnings of two lines of the known hosts. What comes on both outputs
# counts: some setups of Nagios join them.
warned() { # NAME STATUS HOST
	timeout 30 "$client" status "${at[@]}" --timeout 1 --nagios "$3" > "$out" 2>&1 < /dev/null
	rc=$?
	exits "$1" "$2"
	is "$1: the warnings follow" "$(sed -n '2,$p' "$out")" "$config/known_hosts, line 1: $fault
$config/known_hosts, line 2: $fault"
}
fault='not two words: the names with commas between them, and the host'\''s public key; the line is skipped'
{
	printf 'a b c\nd e f\n'
	cat "$config/known_hosts"
} > "$config/new"
mv "$config/new" "$config/known_hosts"
warned 'OK with warnings' 0 127.0.0.1
like 'OK is the first line' <(head -n 1 "$out") '^SYSRQ OK - .*\| uptime='
warned 'UNKNOWN with warnings' 3 stranger
like 'UNKNOWN is the first line' <(head -n 1 "$out") "^SYSRQ UNKNOWN - 'stranger' is not known"
{
	printf 'x|y %s\n' "$(awk 'NR == 3 { print $2 }' "$config/known_hosts")"
	cat "$config/known_hosts"
} > "$config/new"
mv "$config/new" "$config/known_hosts"
run status "${at[@]}" --nagios 127.0.0.1
like 'a bar in a warning makes no performance data' <(sed -n 2p "$out") "'x\?y' is not the name"
done_testing
