#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# One command asks 100,000 hosts, or presses letters on them. Each host is asked as long as
# every other, and costs at most 1 KiB of memory.
# shellcheck source=tests/client/lib.sh
. "$(dirname "$0")/lib.sh"

count=100000
# What the client takes without hosts, and bench/measure itself
base=8192

# Runs the client, and checks what it takes.
measure() { # NAME STATUS ARGUMENT…
	local kib status
	bench/measure "$dir/figures" "$client" "${@:3}" > "$out" 2> "$err" < /dev/null
	read -r _ kib status _ < "$dir/figures"
	is "$1: send_sysrq exits with $2" "$status" "$2"
	ok "$1: each host takes less than 1 KiB, $kib KiB together" \
		[ "$kib" -lt $((base + count)) ]
}

perl -e 'printf "127.%d.%d.%d\n", 1 + $_ / 62500, $_ / 250 % 250, $_ % 250 + 1
	for 0 .. shift() - 1' $count > "$dir/list"
sort "$dir/list" > "$dir/all"

# A block of the configuration for each host
perl -pe 's/(.*)/Host $1\nPort 7/' "$dir/list" > "$dir/config"
SEND_SYSRQ_PASSWORD=secret measure 'a block for each' 0 --dry-run -F "$dir/config" --hosts "$dir/list" s
is 'a block for each: each has the port of its block' "$(grep -c '(port 7)$' "$out")" $count

# All of them answer, and each says its own name. With a password a key costs no time.
key=
serve --any --quiet --family 4
echo test > "$dir/password"
at+=(--password-file "$dir/password" --hosts "$dir/list")
# To send 100,000 questions takes longer than the timeout, which is each host's own.
measure 'status' 0 status --json --timeout 1 "${at[@]}"
ok 'status: each host is alive once' cmp \
	<(sed -n 's/^{"host":"\([^"]*\)","state":"alive".*/\1/p' "$out" | sort) "$dir/all"
is 'status: no two answers are from one host' \
	"$(grep -o '"node":"[^"]*"' "$out" | sort -u | wc -l)" $count

measure 'press' 0 --yes --json "${at[@]}" h
is 'press: it is carried out on each host' \
	"$(grep -c '"result":"carried out"' "$out")" $count
is 'press: each host has pressed it once' \
	"$(awk '/^press h/ { print $3 }' "$log" | sort | cmp - "$dir/all" && echo yes)" yes
done_testing
