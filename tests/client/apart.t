#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A command for one host is worthless at another host, though both have the same operators:
# whoever lies about the way to a host gets nothing pressed. What a host has in its files
# opens no other host, and makes nobody an operator.

. "$(dirname "$0")/lib.sh"

# Two hosts. The private key of the first one is in $dir/stolen.
"$client" genkey --key-file "$dir/stolen" > "$dir/first"
serve --host-key "$(< "$dir/stolen")"
first=$port first_log=$log
serve
second=$port second_log=$log

# --- Datagrams for host1 come to host2, as with names or packets that are redirected ---

run --known-as host1 -p "$second" --timeout 1 --no-one-way 127.0.0.1 sub
exits 'host2 in place of host1' 5
like 'host2 in place of host1: the message says that it did not answer' "$err" '^send_sysrq: no answer from 127'
run --known-as host1 -p "$second" --one-way 127.0.0.1 sub
exits 'host2 in place of host1, one-way' 3
run status --known-as host1 -p "$second" --timeout 0.5 127.0.0.1
exits 'host2 in place of host1, status' 2
printf 'Host host1\n\tAddress 127.0.0.1\n\tPort %s\n' "$second" > "$dir/config"
run -F "$dir/config" --timeout 1 host1 sub
exits 'a configuration with the address of another host' 3
is 'host2 has pressed nothing' "$(pressed "$second_log")" ''
is '… and has not even opened a datagram' "$(grep -cE '^(hello|copy)' "$second_log")" 0

# --- With all that host1 has ---

stolen() { # NAME PORT ARGUMENT…
	run --key-file "$dir/stolen" "${@:3}" --timeout 0.5 --no-one-way -p "$2" 127.0.0.1 h
	exits "$1: no answer" 5
}
echo "alice $key" >> "$config/known_hosts"
stolen 'the key of host1 as an operator of host2' "$second" --known-as host2
stolen 'the key of host1 with the public key of alice, at host2' "$second" --known-as alice
stolen 'the key of host1 with the public key of alice, at host1' "$first" --known-as alice
is 'nobody has pressed anything' "$(pressed "$first_log")$(pressed "$second_log")" ''

# Both hosts are there.
for host in "host1 $first" "host2 $second"; do
	run --known-as "${host% *}" -p "${host#* }" 127.0.0.1 h
	exits "alice at ${host% *}" 0
done

done_testing
