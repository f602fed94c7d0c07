#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# log --follow prints each record once and in order while the log grows, also when the
# epoch of the host changes and when the host restarts. It says once that the host does
# not answer, once that it does again, and how many records were overwritten before it
# could read them.
# shellcheck source=tests/client/lib.sh
. "$(dirname "$0")/lib.sh"

# Are the lines the records 0, 1, and so on? The lines of the kernel between them do not
# matter.
in_order() { # FILE
	awk '/\] record [0-9]+/ {
			sub(".*\\] record ", "")
			bad += $1 + 0 != NR - 1
			n++
		}
		END { exit bad || n < 100 }' "$1"
}

serve --log 50 --log-grow 20
start follow log "${at[@]}" --follow 127.0.0.1
start last log "${at[@]}" -f -n 5 127.0.0.1
interrupt follow "$dir/follow.out" '\] record 130'
exits 'an interrupted --follow' 130
ok '--follow prints each record once and in order' in_order "$out"
no_error '--follow'
first=$(sed -n '1s/.*record \([0-9]*\).*/\1/p' "$dir/last.out")
interrupt last "$dir/last.out" "\] record $((first + 100))"
ok '--follow -n 5 prints the last records and the new ones' awk -v first="$first" '
	{ sub(".*\\] record ", ""); bad += $1 + 0 != first + NR - 1 }
	END { exit bad || NR < 100 }' "$out"
ok '--follow -n 5 prints no more than 5 old records' [ "$first" -ge 45 ]

serve --log 50 --log-grow 20 --new-epoch-after 300
start rekeyed log "${at[@]}" --follow 127.0.0.1
wait_for "$dir/rekeyed.out" '\] record 60'
press r
exits 'a letter while the log is read' 0
wait_for "$dir/rekeyed.out" '\] record 130'
press r
is 'the keys of the host have changed' "$(count_different "$log" copy 4)" 2
interrupt rekeyed "$dir/rekeyed.out" '\] record 150'
ok '--follow goes on after a change of keys, without gap or repetition' in_order "$out"
no_error 'after a change of keys'

# A malicious host reports times since its boot at which sums would overflow.
read -r up _ < /proc/uptime
serve --log 50 --log-grow 20 --new-epoch-after 300 --uptime $((9223372038 + ${up%.*}))
start odd log "${at[@]}" --follow 127.0.0.1
wait_for "$dir/odd.out" '\] record 60'
press r
wait_for "$dir/odd.out" '\] record 130'
press r
interrupt odd "$dir/odd.out" '\] record 150'
ok '--follow goes on where the host reports an odd time since its boot' in_order "$out"
no_error 'an odd time since the boot'

# --- Restarts ---

# what: what the host has become; serves: options of it
what='has restarted' serves=()
restarts() { # NAME BACK UPTIME ARGUMENT…
	: > "$dir/after"
	serve --log 50 --log-grow 20 --back "$2" --uptime "$3" "${serves[@]}"
	start restarted log "${at[@]}" --follow "${@:4}" 127.0.0.1
	wait_for "$dir/restarted.out" '\] record 110'
	press b
	interrupt restarted "$dir/restarted.out" '^\[    2\.[0-9]+\] record 15'
	# It may be down for long enough to be told as silent.
	is "$1: --follow says that the host $what" \
		"$(grep -v '^send_sysrq: 127.0.0.1 does not answer: waiting for it$' "$err")" \
		"send_sysrq: 127.0.0.1 $what"
	awk -v after="$dir/after" '/\] record 0/ && n++ { behind = 1 }
		{ print >(behind ? after : "/dev/stdout") }' "$out" > "$dir/before"
	ok "$1: --follow prints the old log without gap or repetition" \
		in_order "$dir/before"
	ok "$1: --follow prints the new log from its beginning, without gap or repetition" \
		in_order "$dir/after"
}
restarts 'a restart' 900 5 --timeout 0.4
restarts 'a restart of a host that was up for longer than this machine' 900 1000000 \
	--timeout 0.4
restarts 'a restart that is shorter than the timeout' 200 5
what='was restored' serves=(--restored)
restarts 'a restored machine' 900 5 --timeout 0.4

# Another host takes the place of this one, and it has been up for longer.
"$client" genkey --key-file "$dir/host" > "$out"
serve --log 100 --host-key "$(< "$dir/host")"
start missed log "${at[@]}" --follow 127.0.0.1
wait_for "$dir/missed.out" '\] record 99'
end_host
serve --host-key "$(< "$dir/host")" --log 300 --log-cut 250 --port "$port" --uptime 2000000
interrupt missed "$dir/missed.out" '\] record 299'
is '--follow says how many records were overwritten' "$(< "$err")" \
	'send_sysrq: 150 records were overwritten before they could be read'
is '--follow prints the other records' \
	"$(sed -E 's/.*\] record ([0-9]+).*/\1/' "$out" | xargs)" \
	"$(echo {0..99} {250..299})"

# --- Silence ---

: > "$config/known_hosts" # one name for the key
serve --log 50 --host-key "$(< "$dir/host")"
start silent log "${at[@]}" --follow --timeout 0.4 127.0.0.1
wait_for "$dir/silent.out" '\] record 49'
end_host
serve --mute --host-key "$(< "$dir/host")" --port "$port"
wait_for "$dir/silent.err" 'does not answer'
asked=0
end_of_wait=$((SECONDS + 60))
until [ "$asked" -ge 20 ] || [ $SECONDS -ge $end_of_wait ]; do
	nap
	asked=$(grep -c '^hello' "$log")
done
end_host
serve --log 120 --host-key "$(< "$dir/host")" --port "$port" --uptime 2000000
interrupt silent "$dir/silent.out" '\] record 119'
is '--follow says once that the host does not answer, and once that it does again' \
	"$(< "$err")" 'send_sysrq: 127.0.0.1 does not answer: waiting for it
send_sysrq: 127.0.0.1 answers again'
ok 'after the silence --follow goes on without gap or repetition' in_order "$out"
done_testing
