#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# genkey makes keys, derive makes a host's key from a master key, and send_sysrq reaches
# the host with them. Both say it when they cannot print the whole key.
# shellcheck source=tests/client/lib.sh
. "$(dirname "$0")/lib.sh"

# --- genkey ---

own=$dir/own
master=$dir/master
for file in "$own" "$master"; do
	"$client" genkey > "$file" 2> "$err"
	rc=$?
	exits 'genkey' 0
	no_error 'genkey'
	like 'genkey prints base64' "$file" '^[A-Za-z0-9+/]{43}=$'
	is 'genkey prints one line of 44 characters' "$(wc -lc < "$file" | xargs)" '1 45'
	is 'genkey prints 32 bytes' "$(base64 -d "$file" | wc -c)" 32
done
ok 'genkey prints another key each time' [ "$(< "$own")" != "$(< "$master")" ]

# --- derive ---

# tests/vectors.json has keys that another implementation made: lines with a master key, a
# realm and a key.
base64_of() { # HEX
	perl -e 'print pack "H*", shift' "$1" | base64 -w 0
}
sed -n '/"from": "master"/,/}/ s/^ *"\([a-z]*\)": "\(.*\)",\{0,1\}$/\1=\2/p' \
	tests/vectors.json > "$dir/masters"
while IFS='=' read -r name value; do
	case $name in
	master) base64_of "$value" > "$dir/published" ;;
	realm) realm=$value ;;
	key)
		run derive --key-file "$dir/published" --realm "$realm"
		exits "derive for realm '$realm'" 0
		is "derive for realm '$realm' prints the published key" "$(< "$out")" \
			"$(base64_of "$value")"
		;;
	esac
done < "$dir/masters"
is 'two keys were published' "$(grep -c ^key= "$dir/masters")" 2

derive() { # ARGUMENT…: for web7
	"$client" derive --realm web7 "$@" 2> "$err"
}
derived=$(derive --key-file "$master")
like 'derive takes what genkey prints' <(echo "$derived") '^[A-Za-z0-9+/]{43}=$'
is 'derive takes a file as standard input' "$(derive --key-file - < "$master")" "$derived"
# shellcheck disable=SC2002 # a pipe is meant
is 'derive takes a pipe' "$(cat "$master" | derive --key-file -)" "$derived"
(cat "$master"; echo more) > "$dir/lines"
is 'derive ignores the lines after the first one' "$(derive --key-file "$dir/lines")" \
	"$derived"
tr -d '\n' < "$master" > "$dir/line"
is 'derive takes a line without newline' "$(derive --key-file "$dir/line")" "$derived"
ln -s "$master" "$dir/link"
is 'derive takes a link' "$(derive --key-file "$dir/link")" "$derived"
chmod 400 "$master"
is 'derive takes a file of mode 0400' "$(derive --key-file "$master")" "$derived"

# --- A key that cannot be printed ---

unwritten() { # NAME: checks $rc and $err
	exits "$1" 13
	like "$1: the message says so" "$err" '^send_sysrq: cannot write the key: '
}
for what in genkey "derive --key-file $master --realm web7"; do
	command=${what%% *}
	# shellcheck disable=SC2086 # a list of words
	"$client" $what > /dev/full 2> "$err"
	rc=$?
	unwritten "$command to a full disk"
	# shellcheck disable=SC2086
	"$client" $what >&- 2> "$err"
	rc=$?
	unwritten "$command without standard output"
	# The limit is for all files, so standard error must be a pipe.
	# shellcheck disable=SC2086
	(trap '' XFSZ; exec prlimit --fsize=20 "$client" $what) \
		2>&1 > "$dir/part" | cat > "$err"
	rc=${PIPESTATUS[0]}
	unwritten "$command to a disk that is full after 20 bytes"
	is "$command writes the 20 bytes" "$(wc -c < "$dir/part")" 20
done

# --- Hosts with keys ---

serve --key "$(< "$own")"
at=(-p "$port" 127.0.0.1)
SEND_SYSRQ_PASSWORD='test' run --key-file "$own" --no-one-way "${at[@]}" h
exits 'a key file, and a password in the environment' 0
"$client" --key-file - --no-one-way "${at[@]}" p < "$own" > "$out" 2> "$err"
rc=$?
exits 'a key from standard input' 0
is 'the host takes the key of the file and of standard input' "$(pressed "$log")" hp
run --key-file "$own" --realm '' --no-one-way --timeout 0.2 "${at[@]}" h
exits 'an empty realm, which makes another key' 5

serve --key "$derived"
at=(-p "$port" 127.0.0.1)
run --key-file "$master" --realm web7 --no-one-way "${at[@]}" h
exits 'a master key with the realm of the host' 0
is 'the host takes the key that is made from the master key' "$(pressed "$log")" h
run --key-file "$master" --no-one-way --timeout 0.2 "${at[@]}" h
exits 'a master key without a realm' 5
run --key-file "$master" --realm web8 --no-one-way --timeout 0.2 "${at[@]}" h
exits 'a master key with the realm of another host' 5
serve --key "$("$client" derive --key-file "$master" --realm '')"
run --key-file "$master" --realm '' --no-one-way -p "$port" 127.0.0.1 h
exits 'a key that is derived for the empty realm' 0
done_testing
