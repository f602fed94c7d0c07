#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# send_sysrq status asks 10,000 hosts, all of which tests/tools/responder.c is,
# in about the time that fping takes, and in little memory. Each host has a key of its own.
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/tap.sh
. tests/tap.sh
build=${BUILD:-build}
dir=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2> /dev/null; rm -rf "$dir"' EXIT

# Seconds are compared as hundredths.
hundredths() { # SECONDS
	echo $((10#${1/./}))
}

serve() { # [OPTION...]: sets port
	local log=$dir/log.${#pids[@]} end=$((SECONDS + 60)) # it makes 10,000 keys
	"$build/responder" --any --quiet --family 4 --key "$key" \
		--list "$dir/list" "$@" > "$log" 2>&1 &
	pids+=($!)
	until grep -q "^port " "$log" 2> /dev/null; do
		[ $SECONDS -lt $end ] || bail 'the responder does not start'
		sleep 0.01
	done
	port=$(awk '/^port/ { print $2 }' "$log")
	awk '/^known/ { print $2, $3 }' "$log" > "$HOME/.config/send_sysrq/known_hosts"
}

# Are the hosts that $dir/out has in a state those of the list?
are() { # STATE LIST
	sed -n 's/^{"host":"\([^"]*\)","state":"'"$1"'",.*/\1/p' "$dir/out" | sort |
		cmp - "$2"
}

# Asks all hosts, up to three times, until that takes no longer than the bar: other
# processes may have kept the CPUs busy. Sets took (hundredths of a second) and peak (KiB).
ask() { # BAR ALIVE SILENT STATUS NAME
	local i seconds status
	for i in 1 2 3; do
		bench/measure "$dir/figures" "$build/send_sysrq" status --json \
			--timeout 5 --hosts "$dir/list" -p "$port" > "$dir/out" \
			2> "$dir/err"
		read -r seconds peak status _ < "$dir/figures"
		echo "# $5, try $i: $seconds s, $((peak / 1024)) MiB"
		is "$5, try $i: send_sysrq exits with $4" "$status" "$4"
		ok "$5, try $i: the right $(wc -l < "$2") hosts are alive" are alive "$2"
		ok "$5, try $i: the right $(wc -l < "$3") hosts are silent" are silent "$3"
		took=$(hundredths "$seconds")
		[ "$took" -gt "$1" ] || break
	done
	tail -n 1 "$dir/err" | note
}

for ((i = 0; i < 10000; i++)); do
	echo "127.1.$((i / 250)).$((i % 250 + 1))"
done > "$dir/list"
sort "$dir/list" > "$dir/all"
grep -v '0$' "$dir/all" > "$dir/talking"
grep '0$' "$dir/all" > "$dir/quiet"
: > "$dir/nobody"
export HOME=$dir
unset XDG_CONFIG_HOME
key=$("$build/send_sysrq" genkey)

bench/measure "$dir/figures" fping -q -i 1 < "$dir/list" 2> /dev/null
read -r seconds _ status _ < "$dir/figures"
echo "# fping -q -i 1: $seconds s"
is 'fping reaches all hosts' "$status" 0
bar=$(($(hundredths "$seconds") * 3 / 2))

# 1 KiB a host, and what the client and bench/measure take without hosts
most=$((10000 + 8192))
serve
ask $bar "$dir/all" "$dir/nobody" 0 'all answer'
ok 'all answer: status takes at most 1.5 times the time of fping' [ "$took" -le $bar ]
ok 'all answer: each host takes less than 1 KiB' [ "$peak" -lt $most ]

# A host is silent when the timeout has passed, and all are asked at once.
serve --silent 10
ask 600 "$dir/talking" "$dir/quiet" 2 '1,000 are silent'
ok '1,000 are silent: status ends soon after the timeout' [ "$took" -le 1500 ]
ok '1,000 are silent: each host takes less than 1 KiB' [ "$peak" -lt $most ]
done_testing
