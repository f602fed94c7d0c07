#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 1,000 hosts, one of them silent, are probed side by side: each answer comes within the
# timeout and 1 s, and the exporter needs less than 64 MiB.
# shellcheck source=tests/exporter/lib.sh
. "$(dirname "$0")/lib.sh"

hosts=1003 # without the silent three below
for ((i = 0; i < hosts; i++)); do
	echo "127.1.$((i / 250)).$((i % 250 + 1))"
done > "$dir/hosts"
silent=127.1.3.250
"$responder" --key "$key" --any --quiet --list "$dir/hosts" --silent 250 > "$dir/log" 2>&1 &
pids+=($!)
wait_for "$dir/log" '^port ' || bail 'the responder does not start'
port=${matched#port }
wait_for "$dir/log" "^known ${silent//./\\.} " || bail 'the responder lists too few hosts'
awk '/^known/ { print $2, $3 }' "$dir/log" > "$config/known_hosts"
# Each host whose last octet is 250 is silent: three of the four are left out.
grep -v '^127\.1\.[0-2]\.250$' "$dir/hosts" > "$dir/asked"
expose -p "$port"

# Each curl has at most 300 requests at once.
while read -r host; do
	printf 'url = "%s/probe?target=%s"\noutput = "%s"\n' "$url" "$host" "$dir/page.$host"
done < "$dir/asked" | split -l 500 - "$dir/curl."
began=${EPOCHREALTIME/./}
curls=()
for file in "$dir"/curl.*; do
	curl -sS -g --parallel --parallel-immediate --parallel-max 250 -m 60 \
		-H 'X-Prometheus-Scrape-Timeout-Seconds: 10' -K "$file" \
		-w '%{http_code} %{time_total} %{url_effective}\n' \
		> "$dir/times.${file##*.}" 2> "$err" &
	curls+=($!)
done
wait "${curls[@]}"
cat "$dir"/times.* > "$dir/times"
took=$(((${EPOCHREALTIME/./} - began) / 1000))
note <<< "1,000 probes took $took ms; the slowest: $(sort -k 2 -n "$dir/times" | tail -n 1)"
is 'each probe has its page' "$(awk '{ print $1 }' "$dir/times" | sort | uniq -c | xargs)" \
	"$(wc -l < "$dir/asked") 200"
ok 'each answer comes within the timeout of Prometheus, 10 s, and 1 s' \
	awk '$2 >= 11 { late++ } END { print late + 0 " are late"; exit late > 0 }' "$dir/times"
is 'all hosts are alive but one' "$(cat "$dir"/page.* | grep -c '^sysrq_up{.*} 1$')" \
	$(($(wc -l < "$dir/asked") - 1))
like 'the silent host is told as silent' "$dir/page.$silent" \
	"^sysrq_state\{host=\"$silent\",state=\"silent\"\} 1$"
is 'the page of each host is about this host' \
	"$(grep -l '^sysrq_up{' "$dir"/page.* | sed 's/.*page\.//' | sort)" \
	"$(grep -oHE '^sysrq_up\{host="[^"]*"' "$dir"/page.* |
		awk -F '[:"]' '{ sub(/.*page\./, "", $1); if ($1 == $3) print $1 }' | sort)"
peak=$(awk '/^VmHWM/ { print $2 }' "/proc/$exporter/status")
note <<< "the exporter needed at most $peak kB and $(awk '{ print ($14 + $15) * 10 }' \
	"/proc/$exporter/stat") ms of CPU"
ok 'the exporter needs less than 64 MiB' test "$peak" -lt 65536
get /metrics
is 'the exporter has counted them' \
	"$(sample 'sysrq_exporter_probes_total{result="alive"}')" \
	$(($(wc -l < "$dir/asked") - 1))
done_testing
