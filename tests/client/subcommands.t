#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A subcommand is the first word that is no option, wherever the options stand; help and
# version are there for each of them; and a host that has such a name, or nearly, can be
# reached.
# shellcheck source=tests/client/lib.sh
. "$(dirname "$0")/lib.sh"

serve
cat > "$dir/config" << END
Host log status genkey pubkey known history exporter statsu press help
	Address 127.0.0.1
	Port $port
Host stat*
	Address 127.0.0.1
	Port $port
END
secret=("${at[@]:2}")
at=(-F "$dir/config" "${secret[@]}")

# --- Hosts of such names ---

for name in log status genkey pubkey known history exporter press help; do
	run press "${at[@]}" $name h
	exits "press before a host called $name" 0
done
is 'the hosts press their letters' "$(pressed "$log")" hhhhhhhhh
for name in log status; do
	run $name -F "$dir/config" "${secret[@]}" $name
	exits "$name of a host called $name" 0
done
run "${at[@]}" statsu h
exits 'a host of the configuration whose name is nearly that of a subcommand' 0
run press "${at[@]}" stats h
exits 'press before a host whose name is nearly that of a subcommand' 0
unlike 'send_sysrq sends nothing else' "$log" '^odd'

# --- Options before a subcommand ---

serve
secret=("${at[@]:2}")
run "${at[@]}" status 127.0.0.1
exits 'options before status' 0
like 'options before status: the status is shown' "$out" '^127\.0\.0\.1 .* is alive'
run -4p "$port" status "${secret[@]}" 127.0.0.1
exits 'options before and behind status' 0
run --timeout=5 -p"$port" --known-a "${secret[1]}" --need sisub status 127.0.0.1
exits 'values of all forms before status' 0
run -n 2 "${at[@]}" --level err log 127.0.0.1
exits "log's own options before log" 0
run -q "${at[@]}" press 127.0.0.1 h
exits 'options before press' 0
run -p status 127.0.0.1 h
exits 'a value is no subcommand' 2
like 'a value is no subcommand: it is the value' "$err" "^send_sysrq: --port: 'status' given"
run -p "$port" -- status h
exits 'no subcommand behind --' 2
like 'no subcommand behind --: the message names press' "$err" 'with send_sysrq press$'
run -q "${at[@]}" status 127.0.0.1
exits "an option that status does not know" 3
like 'an option that status does not know: the message names status' "$err" \
	"^send_sysrq: '-q' is not an option; see send_sysrq status --help$"
is 'the host pressed one letter' "$(pressed "$log")" h

# --- Help and version, without a word to any host ---

"$client" --version > "$dir/version"
"$client" --help > "$dir/help"
like '--version prints the version' "$dir/version" '^send_sysrq [0-9]'
same() { # NAME FILE ARGUMENT…
	run "${@:3}"
	exits "$1" 0
	no_error "$1"
	ok "$1: the text is the right one" cmp -s "$out" "$2"
}
same 'help' "$dir/help" help
same '-h' "$dir/help" -h
same '-V' "$dir/version" -V
same 'press --help' "$dir/help" press --help
same '-h behind a host' "$dir/help" web7 -h
for name in status log genkey pubkey known history exporter press; do
	"$client" $name --help > "$dir/help.$name"
	for words in "$name help" "$name -h" "help $name" "-h $name"; do
		# shellcheck disable=SC2086
		same "$words" "$dir/help.$name" $words
	done
	for words in "$name -V" "$name --version" "-V $name"; do
		# shellcheck disable=SC2086
		same "$words" "$dir/version" $words
	done
done
same 'help help' "$dir/help" help help
for words in 'help foo' 'help statsu' 'help -p 9 web7 h' 'help foo status'; do
	# shellcheck disable=SC2086
	run $words
	exits "$words" 2
	is "$words: one sentence says what there is" "$(cat "$out" "$err")" \
		"send_sysrq: there is no subcommand '$(sed -E 's/help (-p 9 )?([a-z0-9]+).*/\2/' <<< "$words")': there are press, status, log, genkey, pubkey, known, history, exporter and setup"
done
# setup is a script, which gets the path of send_sysrq from it.
for word in -h --help help; do
	sh packaging/setup "$client" $word > "$out"
	like "setup $word" "$out" '^Usage: send_sysrq setup'
done
# Here is no script.
for words in 'setup -h' 'setup --help' 'setup help' 'help setup' 'setup --yes --help'; do
	# shellcheck disable=SC2086
	run $words
	exits "$words without the script" 0
	like "$words without the script: a short summary" "$out" '^Usage: send_sysrq setup'
	no_error "$words without the script"
done
run setup --yes
exits 'setup without the script' 13
like 'setup without the script: the message says where it is' "$err" \
	'^send_sysrq: run send_sysrq setup on the host .* package iptables-sysrq '
for word in -V --version; do
	is "setup $word" "$(sh packaging/setup "$client" $word)" "$(< "$dir/version")"
done
done_testing
