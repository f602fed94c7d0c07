#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# /probe asks a known host as blackbox_exporter does, within Prometheus' timeout, and presses
# nothing. Who is not known is not asked. Files that change count without a restart.
# shellcheck source=tests/exporter/lib.sh
. "$(dirname "$0")/lib.sh"

refuses 'an argument' "exporter: 'web7' given, expected no argument" exporter web7
refuses 'a bad address' '^send_sysrq: --listen: .localhost:1. given, expected an address and a port' \
	exporter --listen localhost:1
refuses 'an address of IPv6 without brackets' '--listen: .::1:19009. given' exporter --listen ::1:19009
refuses 'the key from standard input' '--key-file: .-. given, expected a file' exporter --key-file -
run exporter
exits 'the exporter is not installed' 13
like 'the exporter is not installed: the message names its package' "$err" \
	'^send_sysrq: the exporter is not installed: install the package send-sysrq-exporter'

serve --any --host 127.0.0.3 --mute --host 127.0.0.4 --panicked --host 127.0.0.5 --operator=
# It may have to ask nodeset, which is a script of this test.
mkdir "$dir/bin"
printf '#!/bin/sh\nexec cat %q\n' "$dir/group" > "$dir/bin/nodeset"
chmod +x "$dir/bin/nodeset"
export PATH=$dir/bin:$PATH
expose -p "$port"

# --- Pages ---
get '/probe?target=127.0.0.1&module=status'
is 'a host that is alive has a page' "$rc" 200
is 'the page says that it is alive' \
	"$(sample probe_success) $(sample 'sysrq_up{host="127.0.0.1"}')" '1 1'
ok 'promtool finds nothing in it' promtool check metrics < "$out"
get '/probe?target=127.0.0.3' -H 'X-Prometheus-Scrape-Timeout-Seconds: 1.5'
is 'a silent host is told within the timeout' \
	"$rc $(sample probe_success) $(sample 'sysrq_state{host="127.0.0.3",state="silent"}') \
$(awk '$1 == "probe_duration_seconds" { print ($2 >= 1 && $2 < 1.5) }' "$out")" '200 0 1 1'
ok 'promtool finds nothing in it' promtool check metrics < "$out"
get '/probe?target=127.0.0.4'
is 'a host that has panicked is told' \
	"$(sample probe_success) $(sample 'sysrq_panicked{host="127.0.0.4"}')" '0 1'
get '/probe?target=127.0.0.5'
is 'a host that permits no letter is told' \
	"$(sample probe_success) $(sample 'sysrq_armed{host="127.0.0.5"}')" '1 0'
get /metrics
is '/metrics counts the probes' "$(sample 'sysrq_exporter_probes_total{result="alive"}')" 2
ok 'promtool finds nothing in it' promtool check metrics < "$out"
get /
is 'the first page says what there is' "$rc $(grep -c ^/ "$out")" '200 2'
is 'no letter was pressed, and no command came' "$(grep -cE '^(copy|command|press)' "$log")" 0

# --- What is refused ---
refused() { # NAME STATUS PATH REGEX [OPTION OF CURL…]
	get "$3" "${@:5}"
	is "$1 is refused" "$rc" "$2"
	like "$1: the page says so" "$out" "$4"
}
hellos=$(grep -c '^hello' "$log")
refused 'a host that is not known' 400 '/probe?target=127.0.1.9' "'127.0.1.9' given, expected a host"
refused 'no target' 400 /probe 'no target given'
refused 'an empty target' 400 '/probe?target=' 'no target given'
refused 'a list' 400 '/probe?target=127.0.0.[1-2]' 'one host'
refused 'a million hosts' 400 '/probe?target=w%5B1-1000000%5D' 'one host'
refused 'two hosts' 400 '/probe?target=127.0.0.1,127.0.0.2' 'one host'
refused 'a group' 400 '/probe?target=@all' 'one host'
refused 'a target with a port' 400 '/probe?target=web7:9100' 'one host'
refused 'a target with a NUL' 400 '/probe?target=127.0.0.1%00x' 'target'
refused 'a target that would end a label' 400 '/probe?target=a%22%7D%0Ax%201' 'one host'
refused 'an address in other numbers' 400 '/probe?target=0x7f.1' "'0x7f.1' given"
refused 'another module' 400 '/probe?target=127.0.0.1&module=press' 'module: expected status'
for value in x 0 -1 nan inf '1 s'; do
	refused "a timeout of '$value'" 400 '/probe?target=127.0.0.1' 'expected seconds' \
		-H "X-Prometheus-Scrape-Timeout-Seconds: $value"
done
refused 'another page' 404 /press 'expected /probe'
refused 'POST' 405 '/probe?target=127.0.0.1' 'GET or HEAD' -d x=y
is 'of these nobody was asked' "$(grep -c '^hello' "$log")" "$hellos"

# --- Files that change ---
grep '^127\.0\.0\.7 ' "$config/known_hosts" | sed 's/^/web7,/' > "$config/new"
grep -v '^127\.0\.0\.7 ' "$config/known_hosts" >> "$config/new"
refused 'a host that is not known yet' 400 '/probe?target=web7' "'web7' given"
mv "$config/new" "$config/known_hosts"
printf 'Host web7\n\tAddress 127.0.0.7\n' > "$config/config"
get '/probe?target=web7'
is 'a new line of known_hosts and of the configuration counts at once' \
	"$rc $(sample 'sysrq_up{host="web7"}')" '200 1'
echo 'Nonsense' >> "$config/config"
get '/probe?target=web7'
is 'with a bad line the old configuration stays in force' "$rc $(sample probe_success)" '200 1'
get /metrics
is 'a bad line is told in /metrics' "$(sample sysrq_exporter_files_good)" 0
like 'a bad line is told on standard error' "$exporter_err" 'config:3: .Nonsense. given'
sed -i '$d' "$config/config"
get /metrics
is 'when the line is mended, /metrics says so' "$(sample sysrq_exporter_files_good)" 1
printf 'Host @web\n\tPort 1\n' >> "$config/config"
mkfifo "$dir/group" # nobody writes to it
get '/probe?target=web7'
is 'if nodeset hangs, the old configuration stays in force' "$rc $(sample probe_success)" '200 1'
get /metrics
is 'a nodeset that hangs is told in /metrics' "$(sample sysrq_exporter_files_good)" 0
like 'a nodeset that hangs is told on standard error' "$exporter_err" \
	"config:3: Host: '@web' given, .*nodeset did not answer within 5 s$"
sed -i '3,$d' "$config/config"
get /metrics
is 'without the group, /metrics says that all is good' "$(sample sysrq_exporter_files_good)" 1
mv "$config/key" "$config/key.away"
refused 'a question without the key' 503 '/probe?target=web7' '^there is no key file .*genkey'
mv "$config/key.away" "$config/key"
get '/probe?target=web7'
is 'when the key is back, the host is asked' "$rc $(sample probe_success)" '200 1'

# --- Known hosts that are damaged or gone ---
cp "$config/known_hosts" "$config/good"
still() { # WHAT
	get '/probe?target=web7'
	is "$1: the known hosts of before are asked" "$rc $(sample probe_success)" '200 1'
	get /metrics
	is "$1: /metrics says so" "$(sample sysrq_exporter_files_good)" 0
}
grep -v '^web7' "$config/good" > "$config/half"
echo 'web7 x' >> "$config/half"
mv "$config/half" "$config/known_hosts"
still 'a bad line'
rm "$config/known_hosts"
still 'no file any more'
has '… and it is told' "$(tail -n 1 "$exporter_err")" 'known_hosts cannot be found: what it said stays in force'
cp "$config/good" "$config/known_hosts"
get /metrics
is 'when it is back, all is good' "$(sample sysrq_exporter_files_good)" 1

# --- Known hosts whose configuration is bad ---
cp "$config/config" "$config/new"
printf 'Host 127.0.0.1\n\tAddress 010.0.0.1\n' >> "$config/config"
refused 'an address with a leading zero' 503 '/probe?target=127.0.0.1' \
	"'010.0.0.1' given, expected four numbers"
mv "$config/new" "$config/config"

# --- Key files that are none ---
mkfifo "$dir/pipe"
printf 'Host 127.0.0.1\n\tKeyFile %s\n' "$dir/pipe" >> "$config/config"
refused 'a pipe as the key of a host' 503 '/probe?target=127.0.0.1' "'$dir/pipe' given, expected a file"
head -n 2 "$config/config" > "$config/new"
mv "$config/new" "$config/config"
exits_at_start() { # NAME PATTERN OPTION…
	timeout 60 "$installed" exporter --listen 127.0.0.1:0 "${@:3}" > "$out" 2> "$err"
	rc=$?
	exits "$1 at the start" 2
	like "$1 at the start: the message says so" "$err" "$2"
}
exits_at_start 'a pipe as key file' 'expected a file, as it is read for each question$' --key-file "$dir/pipe"

# --- Files that are bad at the start ---
stop_exporter
echo 'web7 x' >> "$config/known_hosts"
expose -p "$port"
get '/probe?target=127.0.0.1'
is 'beside a bad line of known_hosts the good ones count' "$rc $(sample probe_success)" '200 1'
get /metrics
is '… and /metrics says so' "$(sample sysrq_exporter_files_good)" 0
cp "$config/good" "$config/known_hosts"
echo 'Nonsense' > "$dir/bad"
exits_at_start 'a bad configuration' 'bad:1: .Nonsense. given' -F "$dir/bad"

# --- Signals ---
kill -HUP "$exporter"
get '/probe?target=web7'
is 'after SIGHUP it goes on' "$rc" 200
hellos=$(grep -c '^hello' "$log")
curl -gsS -o "$dir/last" -w '%{http_code}' "$url/probe?target=127.0.0.3" > "$dir/code" 2>&1 &
asking=$!
until [ "$(grep -c '^hello' "$log")" -gt "$hellos" ]; do nap; done
stop_exporter TERM
is 'SIGTERM ends it, though a host is still asked' "$rc" 0
wait "$asking"
is 'the probe that went on is told why' "$(< "$dir/code") $(< "$dir/last")" '503 the exporter ends'
is 'no letter was pressed, and no command came' "$(grep -cE '^(copy|command|press)' "$log")" 0
done_testing
