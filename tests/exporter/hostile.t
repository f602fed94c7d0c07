#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Who sends nonsense to the exporter, takes all connections, or sends and reads nothing, gets
# nobody asked, and keeps nobody else from an answer. What goes on when a signal comes ends.
# shellcheck source=tests/exporter/lib.sh
. "$(dirname "$0")/lib.sh"
trap '' PIPE # the exporter closes connections while this test writes

serve --any --host 127.0.0.3 --mute
expose -p "$port" --timeout 30

connect() { # sets fd
	exec {fd}<> "/dev/tcp/127.0.0.1/${url##*:}"
}
# Connections that the exporter has
connections() {
	awk -v port="$(printf ':%04X$' "${url##*:}")" '$2 ~ port && $4 == "01"' /proc/net/tcp | wc -l
}
has_connections() { # NUMBER
	[ "$(connections)" -eq "$1" ]
}
has_probes() { # NUMBER
	get /metrics && [ "$(sample sysrq_exporter_probes_running)" = "$1" ]
}
within_a_minute() { # COMMAND…
	local end=$((SECONDS + 60))
	until "$@"; do
		[ "$SECONDS" -lt "$end" ] || return 1
		nap
	done
	return 0
}
# Sends the text, in the format of printf, and waits for the answer or the end of the
# connection. Sets answer, its first line; empty: none came.
raw() { # FORMAT [TEXT]
	connect
	# shellcheck disable=SC2059 # a format is meant
	printf "$@" 1>&"$fd" 2> "$err"
	answer=
	IFS= read -rt 60 answer <&"$fd" || [ $? -eq 1 ] || answer='no end within 60 s'
	answer=${answer%$'\r'}
	exec {fd}>&-
}

# --- Nonsense ---

get '/probe?target=127.0.0.1'
is 'before it, a host is asked' "$rc $(sample probe_success)" '200 1'
hellos=$(grep -c '^hello' "$log")
long=$(printf 'x%.0s' {1..9000})
tail='HTTP/1.1\r\nHost: x\r\n'
while IFS='|' read -r name expected format; do
	# shellcheck disable=SC2059
	raw "$format" "$long"
	has "$name costs one answer or none" "${answer:-nothing}" "$expected"
done << END
a word|^nothing$|garbage\r\n\r\n
TLS|^nothing$|\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03\r\n\r\n
another version|^HTTP/1.1 505 |GET / HTTP/9.9\r\nHost: x\r\n\r\n
a target of 9,000 bytes|^HTTP/1.1 414 |GET /probe?target=%s $tail\r\n
a line of 9,000 bytes|^HTTP/1.1 431 |GET / ${tail}X: %s\r\n\r\n
a length below 0|^HTTP/1.1 400 |POST / ${tail}Content-Length: -1\r\n\r\n
a length beyond all numbers|^HTTP/1.1 413 |POST / ${tail}Content-Length: 99999999999999999999\r\n\r\n
pieces without a length|^HTTP/1.1 405 |POST / ${tail}Transfer-Encoding: chunked\r\n\r\nzz\r\n
percent and no digit|^HTTP/1.1 400 |GET /probe?target=127.0.0.1%%zz $tail\r\n
percent alone|^HTTP/1.1 400 |GET /probe?target=%% $tail\r\n
percent and half a byte|^HTTP/1.1 400 |GET /probe?target=127.0.0.1%%0 $tail\r\n
bytes beyond ASCII|^HTTP/1.1 400 |GET /probe?target=%%ff%%fe $tail\r\n
a blank behind the name|^HTTP/1.1 400 |GET /probe?target=127.0.0.1+ $tail\r\n
an interface that would end a label|^HTTP/1.1 400 |GET /probe?target=fe80::1%%25e%%22%%7D $tail\r\n
a label behind the name|^HTTP/1.1 400 |GET /probe?target=127.0.0.1%%22,up=%%221 $tail\r\n
a path with dots|^HTTP/1.1 404 |GET /../probe?target=127.0.0.1 $tail\r\n
CONNECT|^HTTP/1.1 405 |CONNECT 127.0.0.1:22 $tail\r\n
a timeout of 5,000 bytes|^HTTP/1.1 400 |GET /probe?target=127.0.0.1 ${tail}X-Prometheus-Scrape-Timeout-Seconds: %.5000s\r\n\r\n
END
is 'of these nobody was asked' "$(grep -c '^hello' "$log")" "$hellos"
is 'it prints nothing about them' "$(< "$exporter_err")" ''

# --- Clients that send nothing, or too slowly ---

# Prints how the connection ended.
slow() { # FIRST [THEN, once a second]
	local line end=$((SECONDS + 60))
	connect
	printf '%b' "$1" >&"$fd"
	while [ $SECONDS -lt $end ]; do
		IFS= read -rt 1 line <&"$fd" && { echo "${line%$'\r'}"; return; }
		[ $? -gt 128 ] || { echo closed; return; }
		printf '%s' "${2:-}" 1>&"$fd" 2> /dev/null
	done
	echo 'open after 60 s'
}
slowly=()
slow '' > "$dir/slow.nothing" &
slowly+=($!)
slow '\r\n\r\n' > "$dir/slow.lines" &
slowly+=($!)
slow '\0\0\0\0\r\n\r\n' > "$dir/slow.NULs" &
slowly+=($!)
slow 'GET / HTTP/1.1\r\nX: ' x > "$dir/slow.bytes" &
slowly+=($!)
slow 'GET / HTTP/1.1\r\nHost: x\r\n' > "$dir/slow.head" &
slowly+=($!)
get '/probe?target=127.0.0.1'
is 'beside slow clients a host is asked' "$rc $(sample probe_success)" '200 1'
wait "${slowly[@]}"
for what in nothing lines NULs bytes head; do
	is "a client that sends no request, but $what, is told to go" "$(< "$dir/slow.$what")" closed
done

# --- Very many clients ---

# Holds connections. Sets holder, and matched: how many.
hold() { # NUMBER
	perl -MSocket -e '
		my @held;
		for (1 .. $ARGV[1]) {
			socket(my $s, PF_INET, SOCK_STREAM, 0) or last;
			connect($s, pack_sockaddr_in($ARGV[0], INADDR_LOOPBACK)) or last;
			push @held, $s;
		}
		$| = 1;
		print "holds ", scalar @held, "\n";
		sleep 600' "${url##*:}" "$1" > "$dir/held.$1" 2>&1 &
	holder=$!
	pids+=("$holder")
	wait_for "$dir/held.$1" '^holds' || bail 'no connections can be held'
}
hold 3000
note <<< "$matched connections"
ok 'thousands of connections are held' test "${matched#holds }" -gt 1000
get '/probe?target=127.0.0.1'
is 'beside thousands of connections a host is asked' "$rc $(sample probe_success)" '200 1'
kill $holder
ok 'when they are gone, none is left' within_a_minute has_connections 0
peak=$(awk '/^VmHWM/ { print $2 }' "/proc/$exporter/status")
note <<< "the exporter needed at most $peak kB"
ok 'the exporter has needed less than 64 MiB' test "$peak" -lt 65536

# Begins a probe of the silent host, whose page goes to $dir/NAME.
begin() { # NAME TIMEOUT
	curl -gsS -m 60 -o "$dir/$1" -w '%{http_code}' -H "X-Prometheus-Scrape-Timeout-Seconds: $2" \
		"$url/probe?target=127.0.0.3" > "$dir/$1.code" 2> "$dir/$1.err" &
	probes+=($!)
}
# --- Clients that go away ---

probes=()
for i in {1..20}; do
	begin "gone.$i" 8
done
ok '20 probes of a silent host go on' within_a_minute has_probes 20
kill "${probes[@]}"
wait "${probes[@]}" 2> /dev/null
ok 'probes whose clients are gone end with their time' within_a_minute has_probes 0
ok 'probes whose clients are gone leave no connection' within_a_minute has_connections 0

# --- Many probes of one host ---

probes=()
for i in {1..32}; do
	begin "many.$i" 60
done
ok '32 probes of a silent host go on' within_a_minute has_probes 32
get '/probe?target=127.0.0.3'
is 'one more is too many' "$rc $(< "$out")" \
	"429 target: '127.0.0.3' given, but 32 probes wait for it already"
get '/probe?target=127.0.0.1'
is '… and another host is asked' "$rc $(sample probe_success)" '200 1'
kill "${probes[@]}"
wait "${probes[@]}" 2> /dev/null
ok '… until they end' within_a_minute has_probes 0

# --- Probes that overlap without end ---

printf 'Host moved\n\tAddress 127.0.0.3\n' > "$config/config"
sed -i 's/^127\.0\.0\.1 /moved,&/' "$config/known_hosts"
overlap() {
	while [ ! -e "$dir/overlaps.no.more" ]; do
		curl -gsS -m 60 -o /dev/null -H 'X-Prometheus-Scrape-Timeout-Seconds: 3' \
			"$url/probe?target=moved" &
		sleep 1
	done
	wait
}
moves() {
	get '/probe?target=moved' && [ "$(sample 'sysrq_up{host="moved"}')" = 1 ]
}
overlap &
pids+=($!)
ok 'a host at a wrong address is asked' within_a_minute has_probes 2
printf 'Host moved\n\tAddress 127.0.0.1\n' > "$config/config"
ok 'its new address counts, though a probe always waits' within_a_minute moves
touch "$dir/overlaps.no.more"
: > "$config/config"
ok 'all of them end' within_a_minute has_probes 0

# --- Signals ---

echo 'Nonsense' > "$config/config"
get /metrics
complaints() {
	grep -c 'config:1: .Nonsense. given' "$exporter_err"
}
told=$(complaints)
complains_again() {
	[ "$(complaints)" -gt "$told" ]
}
kill -HUP "$exporter"
ok 'SIGHUP alone has the files read' within_a_minute complains_again
: > "$config/config"

probes=()
begin hup 8
ok 'a probe of a silent host goes on' within_a_minute has_probes 1
cp "$config/known_hosts" "$config/away"
sed -i '/127\.0\.0\.1 /d' "$config/known_hosts"
kill -HUP "$exporter"
get '/probe?target=127.0.0.1'
is 'after SIGHUP a host that is not known any more is refused' "$rc" 400
wait "${probes[@]}"
is 'a probe that went on during SIGHUP has its page' "$(< "$dir/hup.code")" 200
like 'a probe that went on during SIGHUP tells the state' "$dir/hup" \
	'^sysrq_state\{host="127.0.0.3",state="silent"\} 1$'
mv "$config/away" "$config/known_hosts"

probes=()
for i in {1..20}; do
	begin "term.$i" 60
done
ok '20 probes of a silent host go on' within_a_minute has_probes 20
kill -HUP "$exporter"
stop_exporter
is 'SIGTERM ends it beside 20 probes' "$rc" 0
wait "${probes[@]}"
is 'each of them is told why' "$(cat "$dir"/term.?{,?} | sort | uniq -c | xargs)" '20 the exporter ends'
is 'each of them has the status 503' "$(cat "$dir"/term.*.code)" "$(printf '503%.0s' {1..20})"

# --- A request that comes together with SIGTERM ---

expose -p "$port"
connect
get /metrics
is 'a connection is taken, and then another one' "$rc" 200
kill -STOP "$exporter"
printf 'GET /probe?target=127.0.0.3 HTTP/1.1\r\nHost: x\r\n\r\n' >&"$fd"
kill -TERM "$exporter"
kill -CONT "$exporter"
wait "$exporter"
rc=$?
is 'it ends well, though a probe came at the last moment' "$rc" 0
exec {fd}>&-

# --- No more open files ---

# A connection waits, and no file is left for it, so the socket that listens is always ready.
expose -p "$port"
get /metrics
ok 'all connections are closed' within_a_minute has_connections 0
free=0
while [ -e "/proc/$exporter/fd/$free" ]; do
	free=$((free + 1))
done
prlimit --pid "$exporter" --nofile="$free"
connect
kill -HUP "$exporter"
kill -TERM "$exporter"
ended() {
	! kill -0 "$exporter" 2> /dev/null
}
ok 'SIGTERM ends it, though it can open no file' within_a_minute ended
kill -KILL "$exporter" 2> /dev/null
wait "$exporter"
is '… and it ends well' "$?" 0
exec {fd}>&-

# --- A silent host is asked again for probes that still wait ---

expose -p "$port" --timeout 4
hellos() {
	grep -c '^hello' "$log"
}
# Sets count to the number of datagrams that these commands have the host get.
counted() { # COMMAND…
	local before
	before=$(hellos)
	probes=()
	"$@"
	wait "${probes[@]}"
	count=$(($(hellos) - before))
}
# The first probe ends before its question, the second one after it.
two_probes() {
	begin first 4
	until [ "$(hellos)" -ge $((before + 4)) ]; do nap; done
	begin second 60
}
counted begin alone 60
alone=$count
counted two_probes
note <<< "$alone datagrams for one probe, $count for two"
ok 'a second probe has the host asked again, when the question of the first one has ended' \
	test "$count" -gt $((alone + 2))
stop_exporter

# --- Fewer files than clients ---

# It has room for 16 connections then.
EXPORTER_UNDER='prlimit --nofile=716' expose -p "$port"
hold 40
get '/probe?target=127.0.0.1'
is 'beside more silent clients than it takes, a host is asked' "$rc $(sample probe_success)" '200 1'
kill "$holder"
ok 'when they are gone, none is left' within_a_minute has_connections 0
probes=()
for i in {1..40}; do
	begin "few.$i" 1
done
wait "${probes[@]}"
is 'more probes than it takes at once have their pages, one after the other' \
	"$(cat "$dir"/few.*.code)" "$(printf '200%.0s' {1..40})"
done_testing
