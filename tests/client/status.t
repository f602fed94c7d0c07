#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# status shows one host as a block and several hosts as a table, says why a host does not
# answer, and exits as monitoring expects it.
# shellcheck source=tests/client/lib.sh
. "$(dirname "$0")/lib.sh"

serve --any --host 127.0.0.2 --mask 16 --no-log --clock-offset -7200 \
	--host 127.0.0.3 --mute --host 127.0.0.4 --operator=

status() { # NAME STATUS ARGUMENT…
	run status "${at[@]}" --timeout 1 "${@:3}"
	exits "$1" "$2"
}

# --- One host ---

status 'a host that is alive' 0 127.0.0.1
is 'a host that is alive is a block' "$(sed 's/^  clock .*/  clock/' "$out")" "\
127.0.0.1 (127.0.0.1:$port) is alive
  node     web7
  kernel   Linux 6.1.0-56-cloud-amd64 on 4 CPUs
  up       11 days 13 h
  load     312.00 200.00 100.00
  memory   58 MB of 16 GB free
  clock
  letters  all
  log      may be read
  panic    would hear nothing after it"
no_error 'one host has no summary'
status 'a host that permits the needed letters' 0 --need sub 127.0.0.1
status 'a host that does not permit a needed letter' 1 --need sync,ub 127.0.0.2
like 'status says that the host is not armed' "$out" \
	'^127.0.0.2 \(127.0.0.2:[0-9]+\) is not armed$'
like 'status says that the clock of the host is behind' "$out" \
	'^  clock    (2 h 0|1 h 59) min behind this machine'
like 'status shows the permitted letters' "$out" '^  letters  h,s$'
like 'status shows the missing letters' "$out" '^  missing  b,u$'
like 'status says that the log may not be read' "$out" '^  log      may not be read$'
status 'a host that permits some letters, and no needed one' 0 127.0.0.2
status 'a host that permits no letter' 1 127.0.0.4
like 'status says that no letter is permitted' "$out" '^  letters  none$'
status 'a silent host' 2 127.0.0.3
is 'status says that the host is silent' "$(< "$out")" \
	'127.0.0.3 is silent: no answer within 1.0 s'
status 'a host whose port is closed' 2 127.0.0.1 -p 1
is 'status says that the port is closed' "$(< "$out")" \
	'127.0.0.1 is closed: port closed, or wrong password, key or realm'
know "$unknown" 255.255.255.255
status 'an unreachable host' 2 255.255.255.255
like 'status says that the host is unreachable' "$out" \
	'^255.255.255.255 is unreachable: .'
status 'a name without address' 2 "$unknown"
like 'status says that the name is unknown' "$out" "^$unknown is unknown: ."
no_error 'a name without address'

# --- Several hosts ---

status 'two hosts that are alive' 0 127.0.0.1 127.0.0.2
is 'the summary counts two hosts' "$(< "$err")" '2 hosts: 2 alive'
status 'three hosts, one of them not armed' 1 127.0.0.1 127.0.0.4 127.0.0.2
is 'the summary counts the one that is not armed' "$(< "$err")" \
	'3 hosts: 3 alive (1 not armed)'

configure_closed
all=("$unknown" closed 127.0.0.4 127.0.0.3 127.0.0.2 255.255.255.255 127.0.0.1)
at=(-F "$dir/config")
status 'hosts in all states' 2 "${all[@]}" --need sub
is 'status prints a table' "$(sort "$out" | sed -E "s/ {50,}/ /
	s/(unknown|unreachable) .*/\1 E/
	s/ +/ /g; s/ [+-][0-9hm ]+ | 0.0s / C /")" "\
127.0.0.1 alive 6.1.0-56-cloud-amd64 11d 13h 312.0 58 MB C seiubowtmlc
127.0.0.2 not armed 6.1.0-56-cloud-amd64 11d 13h 312.0 58 MB C no b,u
127.0.0.3 silent no answer within 1.0 s
127.0.0.4 not armed 6.1.0-56-cloud-amd64 11d 13h 312.0 58 MB C no b,s,u
255.255.255.255 unreachable E
HOST STATE KERNEL UP LOAD FREE CLOCK LETTERS
closed closed port closed, or wrong password, key or realm
$unknown unknown E"
is 'the first line of the table names the columns' "$(head -1 "$out" | cut -c 66-)" \
	'STATE     KERNEL                    UP  LOAD    FREE    CLOCK LETTERS'
is 'the table shows hosts as they answer: the silent host is last' "$(tail -1 "$out")" \
	"$(printf '%-64s silent    no answer within 1.0 s' 127.0.0.3)"
is 'the summary is on standard error' "$(< "$err")" \
	'7 hosts: 3 alive (2 not armed), 1 silent, 1 closed, 1 unreachable, 1 unknown'

# --- The time that it takes ---

run status -p 1 --timeout 20 127.0.0.1 127.0.0.2
exits 'two hosts whose port is closed' 2
is 'status knows that a port is closed before the timeout' \
	"$(tail -n +2 "$out" | grep -c ' closed    port closed, or wrong ')" 2
serve --mute
start asking status "${at[@]}" --timeout 30 127.0.0.1
interrupt asking "$log" '^hello'
exits 'an interrupted status' 130
done_testing
