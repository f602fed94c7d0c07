#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# send_sysrq status asks 10,000 hosts, all of which tests/unit/responder.c is,
# in about the time that fping takes, and in little memory.
set -u
cd "$(dirname "$0")/../.." || exit 1
build=${BUILD:-build}
dir=$(mktemp -d)
pids=()
count=0
trap 'kill "${pids[@]}" 2> /dev/null; rm -rf "$dir"' EXIT

report() { # OK NAME
	count=$((count + 1))
	if [ "$1" = 1 ]; then
		echo "ok $count - $2"
	else
		echo "not ok $count - $2"
	fi
}

is() { # GOT EXPECTED NAME
	if [ "$1" = "$2" ]; then
		report 1 "$3"
	else
		report 0 "$3"
		printf '# got:      %s\n# expected: %s\n' "$1" "$2"
	fi
}

# Seconds are compared as hundredths.
hundredths() { # SECONDS
	echo $((10#${1/./}))
}

serve() { # [OPTION...]: sets port
	local log=$dir/log.${#pids[@]} end=$((SECONDS + 10))
	"$build/responder" --any --quiet --family 4 --key "$(cat "$dir/key")" \
		"$@" > "$log" 2>&1 &
	pids+=($!)
	until grep -q "^port " "$log" 2> /dev/null; do
		[ $SECONDS -lt $end ] || { echo 'Bail out! no responder'; exit 1; }
		sleep 0.01
	done
	port=$(awk '/^port/ { print $2 }' "$log")
}

hosts_of() { # STATE: those that $dir/out says are in it
	sed -n 's/^{"host":"\([^"]*\)","state":"'"$1"'",.*/\1/p' "$dir/out" |
		sort
}

# Asks all, up to three times, until it is done within the bar: others may have
# kept the CPUs busy. Sets took (hundredths of a second) and peak (KiB).
ask() { # BAR ALIVE SILENT STATUS NAME
	local i seconds status
	for i in 1 2 3; do
		bench/measure "$dir/figures" "$build/send_sysrq" status --json \
			--timeout 5 --hosts "$dir/list" --key-file "$dir/key" \
			-p "$port" > "$dir/out" 2> "$dir/err"
		read -r seconds peak status < "$dir/figures"
		echo "# $5, try $i: $seconds s, $((peak / 1024)) MiB"
		is "$status" "$4" "$5, try $i: exit $4"
		hosts_of alive | cmp -s - "$2"
		is $? 0 "$5, try $i: $(wc -l < "$2") are alive, and the right ones"
		hosts_of silent | cmp -s - "$3"
		is $? 0 "$5, try $i: $(wc -l < "$3") are silent, and the right ones"
		took=$(hundredths "$seconds")
		[ "$took" -gt "$1" ] || break
	done
	tail -n 1 "$dir/err" | sed 's/^/# /'
}

for ((i = 0; i < 10000; i++)); do
	echo "127.1.$((i / 250)).$((i % 250 + 1))"
done > "$dir/list"
sort "$dir/list" > "$dir/all"
grep -v '0$' "$dir/all" > "$dir/talking"
grep '0$' "$dir/all" > "$dir/quiet"
: > "$dir/nobody"
(umask 077 && "$build/send_sysrq" genkey > "$dir/key")

bench/measure "$dir/figures" fping -q -i 1 < "$dir/list" 2> /dev/null
read -r seconds _ status < "$dir/figures"
echo "# fping -q -i 1: $seconds s"
is "$status" 0 'fping reaches all'
bar=$(($(hundredths "$seconds") * 3 / 2))

serve
ask $bar "$dir/all" "$dir/nobody" 0 'all answer'
is $((took <= bar)) 1 'all answer: in 1.5 times the time of fping'
is $((peak < 64 * 1024)) 1 'all answer: in less than 64 MiB'

# A host is silent when the timeout has passed, and all are asked at once.
serve --silent 10
ask 600 "$dir/talking" "$dir/quiet" 2 '1,000 silent'
is $((took <= 600)) 1 '1,000 silent: known within a second of the timeout'
is $((peak < 64 * 1024)) 1 '1,000 silent: in less than 64 MiB'
echo "1..$count"
