#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A name server that does not answer holds up nobody but who asks for such a name, and a look-up
# that goes on holds up neither SIGHUP nor SIGTERM.
#
#   a network namespace with loopback alone:
#     127.0.0.99   port 53 is open, and nobody answers there
#     127.0.0.N    the responder
if [ "${1:-}" != inside ] && unshare -rmn true 2> /dev/null; then
	exec unshare -rmn "$0" inside
fi
# shellcheck source=tests/exporter/lib.sh
. "$(dirname "$0")/lib.sh"
if [ "${1:-}" != inside ]; then
	skip 'look-ups' 'no namespace can be made'
	done_testing
fi
ip link set lo up
echo 'nameserver 127.0.0.99' > "$dir/resolv.conf"
echo 'hosts: files dns' > "$dir/nsswitch.conf"
echo '127.0.0.9 listed' > "$dir/hosts"
for file in resolv.conf nsswitch.conf hosts; do
	mount --bind "$dir/$file" "/etc/$file" || bail "/etc/$file cannot be replaced"
done
# A socket that nobody reads from
perl -MSocket -e 'socket(my $s, PF_INET, SOCK_DGRAM, 0);
	bind($s, pack_sockaddr_in(53, inet_aton("127.0.0.99"))) or die $!;
	$| = 1; print "ready\n"; sleep 600' > "$dir/silence" 2>&1 &
pids+=($!)
wait_for "$dir/silence" '^ready' || bail 'the name server does not start'
serve --any
for i in {1..50}; do
	know "web$i-nodns"
done
sed -i 's/^127\.0\.0\.9 /listed,&/' "$config/known_hosts"
expose -p "$port" --timeout 3

# Room for no thread
size=$(awk '/^VmSize/ { print $2 * 1024 }' "/proc/$exporter/status")
prlimit --pid "$exporter" --as="$((size + 200000)):"
get '/probe?target=listed'
is 'without memory for a thread a name is not found' \
	"$rc $(sample 'sysrq_state{host="listed",state="unknown"}')" '200 1'
prlimit --pid "$exporter" --as=unlimited:
get '/probe?target=listed'
is 'with memory again it is found' "$rc $(sample probe_success)" '200 1'

# Begins a probe of this name, whose page goes to $dir/NAME.
probes=()
begin() { # NAME
	curl -gsS -m 60 -o "$dir/$1" -w '%{http_code}' "$url/probe?target=$1" \
		> "$dir/$1.code" 2> "$dir/$1.err" &
	probes+=($!)
}
for i in {1..50}; do
	begin "web$i-nodns"
done
begin web1-nodns
get '/probe?target=127.0.0.1'
is 'beside 50 names that are looked up, an address is asked' "$rc $(sample probe_success)" '200 1'
wait "${probes[@]}"
is 'each name has its page' "$(cat "$dir"/web*.code)" "$(printf '200%.0s' {1..50})"
is 'each is told as unknown' \
	"$(cat "$dir"/web*-nodns | grep -c '^sysrq_state{.*,state="unknown"} 1$')" 50
is 'none is told as silent: nothing was sent' \
	"$(cat "$dir"/web*-nodns | grep -c '^sysrq_state{.*,state="silent"} 1$')" 0
get '/probe?target=web1-nodns' -H 'X-Prometheus-Scrape-Timeout-Seconds: 0.5'
is 'a shorter timeout of Prometheus counts for a look-up, too' \
	"$rc $(awk '$1 == "probe_duration_seconds" { print ($2 < 2) }' "$out")" '200 1'

# A name whose look-up goes on gets no second thread.
most=0
for round in {1..4}; do
	probes=()
	for i in {1..50}; do
		begin "web$i-nodns"
	done
	wait "${probes[@]}"
	threads=$(awk '/^Threads/ { print $2 }' "/proc/$exporter/status")
	most=$((threads > most ? threads : most))
done
ok "50 names that are looked up again and again have at most 51 threads, not $most" \
	[ "$most" -le 51 ]

# Nothing of the look-ups before is left.
sed -i 's/^web30-nodns .*//' "$config/known_hosts"
printf 'Host web30-nodns\n\tAddress 127.0.0.8\n' > "$config/config"
get '/probe?target=web30-nodns'
is 'when its address is known, the host is asked' "$rc $(sample probe_success)" '200 1'

# --- Signals ---

stop_exporter
expose -p "$port" --timeout 60
probes=()
for i in {2..21}; do
	begin "web$i-nodns"
done
end=$((SECONDS + 60))
until get /metrics && [ "$(sample sysrq_exporter_probes_running)" = 20 ]; do
	[ $SECONDS -lt $end ] || bail 'not all probes go on'
	nap
done
kill -HUP "$exporter"
get '/probe?target=127.0.0.1'
is 'after SIGHUP it goes on beside look-ups' "$rc $(sample probe_success)" '200 1'
stop_exporter
is 'SIGTERM ends it beside look-ups' "$rc" 0
wait "${probes[@]}"
is 'each probe is told why' "$(cat "$dir"/web{2..21}-nodns | sort | uniq -c | xargs)" \
	'20 the exporter ends'
done_testing
