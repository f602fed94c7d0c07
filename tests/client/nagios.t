#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# status --nagios prints one line with performance data, and exits, as a plugin of Nagios
# and Icinga does. Also what is wrong is told on standard output: they read nothing else.
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
nagios 'two hosts' 3 127.0.0.1 127.0.0.2
like 'two hosts are refused' "$out" 'takes one host, not 2; nothing was sent$'
nagios 'a host without a key' 3 stranger
like 'it is told on standard output' "$out" "'stranger' is not known"
done_testing
