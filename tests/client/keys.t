#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# genkey makes the operator's key, which only its owner can read and nothing overwrites,
# and pubkey prints its public key. send_sysrq takes key and password in the documented
# order.
# shellcheck source=tests/client/lib.sh
. "$(dirname "$0")/lib.sh"

# --- genkey ---

own=$dir/new/folder/.config/send_sysrq
(umask 0 && HOME=$dir/new/folder "$client" genkey > "$out" 2> "$err")
rc=$?
exits 'genkey' 0
no_error 'genkey'
like 'genkey prints base64' "$out" '^[A-Za-z0-9+/]{43}=$'
is 'genkey prints one line of 44 characters' "$(wc -lc < "$out" | xargs)" '1 45'
is 'genkey makes a file that only its owner can read' "$(stat -c %a "$own/key")" 600
is '… in a folder that only its owner can use' "$(stat -c %a "$own")" 700
like 'the file has one private key' "$own/key" '^sysrq-private:[A-Za-z0-9+/]{43}=$'
is 'the file has no other line' "$(wc -lc < "$own/key" | xargs)" '1 59'
ok 'genkey does not print the private key' [ "sysrq-private:$(< "$out")" != "$(< "$own/key")" ]
is 'pubkey prints the same public key' "$(HOME=$dir/new/folder "$client" pubkey)" "$(< "$out")"
run genkey --key-file "$dir/second"
exits 'genkey --key-file' 0
ok 'genkey makes another key each time' [ "$(< "$out")" != "$key" ]
is 'pubkey --key-file prints the public key' "$("$client" pubkey --key-file "$dir/second")" \
	"$(< "$out")"
# shellcheck disable=SC2016 # its own arguments
in_etc='mount -t tmpfs none /etc && umask 077 && "$1" genkey --key-file /etc/send_sysrq/exporter.key &&
	XDG_CONFIG_HOME=/etc "$1" known web7 "$2" &&
	stat -c "%a %n" /etc/send_sysrq /etc/send_sysrq/*'
if unshare -rm true 2> /dev/null; then
	is 'all users may read known_hosts in /etc, whatever the umask is, and only its owner a key there' \
		"$(unshare -rm sh -c "$in_etc" sh "$client" "$key" | tail -n 3)" \
		$'755 /etc/send_sysrq\n600 /etc/send_sysrq/exporter.key\n644 /etc/send_sysrq/known_hosts'
else
	skip 'a key in /etc' 'no user namespaces'
fi

cp "$dir/second" "$dir/before"
ln -s none "$dir/dangling"
for file in "$dir/second" "$dir/dangling"; do
	run genkey --key-file "$file"
	exits "genkey with a file at ${file##*/}" 2
	like "genkey with a file at ${file##*/}: the message says so" "$err" \
		"^send_sysrq: $file exists already, and is not changed: send_sysrq pubkey --key-file $file prints its public key$"
	is "genkey with a file at ${file##*/} prints no key" "$(< "$out")" ''
done
ok 'the key is as it was' cmp -s "$dir/second" "$dir/before"
ok 'nothing was made where the link points to' [ ! -e "$dir/none" ]
for command in genkey pubkey; do
	run $command --key-file ''
	exits "$command with an empty name" 2
	is "$command with an empty name: the message says so" "$(< "$err")" \
		"send_sysrq: --key-file: '' given, expected the name of a file"
done
run genkey
exits 'genkey with a key' 2
is 'genkey with a key: the message says so' "$(< "$err")" \
	"send_sysrq: $config/key exists already, and is not changed: send_sysrq pubkey prints its public key"
run pubkey --key-file "$dir/none"
exits 'pubkey --key-file without a key' 2
is 'pubkey --key-file without a key: the message says how to make one' "$(< "$err")" \
	"send_sysrq: there is no key file $dir/none: make your key with send_sysrq genkey --key-file $dir/none"
HOME=$dir/nobody run pubkey
exits 'pubkey without a key' 2
is 'pubkey without a key: the message says how to make one' "$(< "$err")" \
	"send_sysrq: there is no key file $dir/nobody/.config/send_sysrq/key: make your key with send_sysrq genkey"
HOME='' run pubkey
exits 'pubkey with an empty HOME' 2
is 'pubkey with an empty HOME: the message says so' "$(< "$err")" \
	'send_sysrq: cannot find the key file: HOME is not set, so give --key-file'

# tests/vectors.json has pairs that another implementation made.
perl -MJSON::PP -MMIME::Base64 -0777 -ne '
	for my $pair (@{decode_json($_)->{pairs}}) {
		for my $who (qw(operator host)) {
			print join(" ", map { encode_base64(pack("H*", $_), "") }
				@$pair{"${who}_private", "${who}_public"}), "\n";
		}
	}' tests/vectors.json > "$dir/published" 2> "$err"
while read -r private public; do
	echo "sysrq-private:$private" > "$dir/vector"
	run pubkey --key-file "$dir/vector"
	is 'pubkey prints a published public key' "$(< "$out")" "$public"
done < "$dir/published"
ok 'several pairs are published' [ "$(wc -l < "$dir/published")" -ge 4 ]

# What is a file, too
is 'pubkey takes a file as standard input' "$("$client" pubkey --key-file - \
	< "$config/key")" "$key"
# shellcheck disable=SC2002 # a pipe is meant
is 'pubkey takes a pipe' "$(cat "$config/key" | "$client" pubkey --key-file -)" "$key"
(cat "$config/key"; echo more) > "$dir/lines"
is 'pubkey ignores the lines after the first one' \
	"$("$client" pubkey --key-file "$dir/lines")" "$key"
tr -d '\n' < "$config/key" > "$dir/line"
is 'pubkey takes a line without newline' "$("$client" pubkey --key-file "$dir/line")" "$key"
ln -s "$config/key" "$dir/link"
is 'pubkey takes a link' "$("$client" pubkey --key-file "$dir/link")" "$key"
cp "$config/key" "$dir/readonly"
chmod 400 "$dir/readonly"
is 'pubkey takes a file of mode 0400' "$("$client" pubkey --key-file "$dir/readonly")" "$key"

# --- A key that cannot be written ---

for size in 0 20; do
	# The limit is for all files, so standard error must be a pipe.
	(trap '' XFSZ; exec prlimit --fsize=$size "$client" genkey --key-file "$dir/full") \
		2>&1 > /dev/null | cat > "$err"
	rc=${PIPESTATUS[0]}
	exits "genkey to a disk that is full after $size bytes" 13
	like "genkey to a disk that is full after $size bytes: the message says so" "$err" \
		"^send_sysrq: cannot create the key file $dir/full: (File too large|No space)"
	ok "genkey to a disk that is full after $size bytes leaves no file" [ ! -e "$dir/full" ]
done
echo > "$dir/file"
run genkey --key-file "$dir/file/key"
exits 'genkey in a folder that is none' 13
like 'genkey in a folder that is none: the message says so' "$err" \
	'cannot create the key file .*/file/key: '
for command in genkey pubkey; do
	[ $command = pubkey ] || rm "$dir/second"
	"$client" $command --key-file "$dir/second" > /dev/full 2> "$err"
	rc=$?
	exits "$command to a full disk" 13
	like "$command to a full disk: the message says so" "$err" \
		'^send_sysrq: cannot write the key: No space left'
	[ $command = pubkey ] || rm "$dir/second"
	"$client" $command --key-file "$dir/second" >&- 2> "$err"
	rc=$?
	exits "$command without standard output" 13
	like "$command without standard output: the message says so" "$err" \
		'^send_sysrq: cannot write the key: '
done

# --- What is used, in this order ---

order() { # NAME STATUS ARGUMENT…
	SEND_SYSRQ_PASSWORD=${password-} run --no-one-way "${@:3}" 127.0.0.1 h
	exits "$1" "$2"
}
password='test'
serve
pair=(-p "$port" --known-as "host$served")
key='' serve --password test
classic=$port
echo test > "$dir/password"
order 'the pair of a known host, before the password of the environment' 0 "${pair[@]}"
order '--password-file, before the pair of a known host' 5 -p "${pair[1]}" \
	--timeout 0.3 --password-file "$dir/password"
order 'the password of the environment, for a host that is not known' 0 -p "$classic"
order '--password-file, for a host that is not known' 0 -p "$classic" \
	--password-file "$dir/password"
mv "$config/key" "$dir/key"
order 'no key file, and the password of the environment' 0 -p "$classic"
unset SEND_SYSRQ_PASSWORD
no_terminal() { # ARGUMENT…
	setsid -w "$client" -p "$classic" "$@" 127.0.0.1 h > "$out" 2> "$err" < /dev/null
	rc=$?
	exits "$* the password is asked for" 2
	like "$* the password is asked for, and there is no terminal" "$err" \
		'there is no terminal to ask for the password'
}
no_terminal
run "${pair[@]}" 127.0.0.1 h
exits 'a known host, but no key file' 2
is 'a known host, but no key file: the message says how to make one' "$(< "$err")" \
	"send_sysrq: there is no key file $config/key: make your key with send_sysrq genkey, or give --key-file; nothing was sent"
mv "$dir/key" "$config/key"
no_terminal --password
run --key-file - "${pair[@]}" 127.0.0.1 h
exits 'a key from a device' 2
"$client" --key-file - "${pair[@]}" 127.0.0.1 p < "$config/key" > "$out" 2> "$err"
rc=$?
exits 'a key from standard input' 0

not_known() { # NAME WHAT ARGUMENT…
	"$client" "${@:3}" h > "$out" 2> "$err" < /dev/null
	rc=$?
	exits "$1" 2
	is "$1: the message says how to get the key" "$(< "$err")" \
		"send_sysrq: '$2' is not known: run send_sysrq known $2 KEY, with the key that send_sysrq setup prints on that host, or give --password; nothing was sent"
}
not_known 'a host that is not known' 127.0.0.1 -p "$classic" 127.0.0.1
SEND_SYSRQ_PASSWORD='test' not_known 'a name that is not known for --known-as' web9 \
	-p "$classic" --known-as web9 127.0.0.1
SEND_SYSRQ_PASSWORD='test' not_known '--key-file, and a host that is not known' 127.0.0.1 \
	-p "$classic" --key-file "$config/key" 127.0.0.1
is 'these hosts press nothing' "$(pressed "$log")" hhh
done_testing
