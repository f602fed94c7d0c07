#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A bad file of hosts, a bad secret or a bad line of a configuration costs one sentence on
# standard error and nothing on standard output, with the exit status that is meant for
# it, and nothing is sent.
# shellcheck source=tests/client/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/client/bad.sh
. tests/client/bad.sh

# --- Files of hosts ---

list() { # REGEX LINES: a good line comes before them
	printf '127.0.0.1\n%b' "$2" > "$dir/list"
	press "$1" --hosts "$dir/list" s
	status "$1" --hosts "$dir/list"
	stdin=$dir/list press "${1/list:/standard input:}" --hosts - s
}
list "list:2: 'w\[2-1\]' given, expected ranges" 'w[2-1]\n127.0.0.2\n'
list "list:4: 'a b' given, expected a name without" '\n# a b\na b # c\n'
list "list:2: 'a.b' given, expected a name without" 'a\0b\n'
list "list:2: '-x' given, expected a name that does not begin with -" '-x\n'
list "list:2: 'x+\.\.\.' given, expected a name of at most 253" \
	"$(printf 'x%.0s' {1..9999})"
: > "$dir/list"
press "--hosts: '.*/list' given, expected a file with one host" --hosts "$dir/list" s
press 'cannot read --hosts .*/none: No such file' --hosts "$dir/none" 127.0.0.1 s
press "--hosts: '$dir' given, expected a regular file" --hosts "$dir" 127.0.0.1 s
status 'cannot read --hosts .*/none: No such file' --hosts "$dir/none"
press "--hosts: '/dev/null' given, expected this option only once" \
	--hosts "$config/key" --hosts /dev/null 127.0.0.1 s
stdin=$config/key bad 2 "--hosts: '-' given, expected a file, because standard input" \
	-p "$port" --key-file - --hosts - s
press "--hosts: '-' given, expected a file, because standard input" \
	--password-file - --hosts - s

# --- Secrets ---

host=127.0.0.1
all() { # REGEX ARGUMENT…: for letters, status and log
	bad 2 "$1" "${@:2}" "$host" s
	bad 3 "$1" status "${@:2}" "$host"
	bad 2 "$1" log "${@:2}" "$host"
}
secret() { # REGEX ARGUMENT…
	all "$1" -p "$port" "${@:2}"
}
secret 'no terminal to ask for the password .*: give --password-file or SEND_' --password
host=127.0.1.1 # which is not known
secret "'127.0.1.1' is not known: run send_sysrq known 127.0.1.1 KEY, .* or give --password"
secret "'web9' is not known: run send_sysrq known web9 KEY, " --known-as web9
SEND_SYSRQ_PASSWORD='' secret 'SEND_SYSRQ_PASSWORD: password of 0 bytes given'
host=127.0.0.1
secret 'cannot read --key-file .*/none: No such file' --key-file "$dir/none"
secret 'cannot read --password-file .*/none: No such file' --password-file "$dir/none"
secret "--key-file: '$dir' given, expected a regular" --key-file "$dir"
secret "--key-file: '/dev/null' given, expected a regular" --key-file /dev/null
secret "--key-file: 'standard input' given, expected a regular" --key-file -
cp "$config/key" "$dir/open"
chmod 640 "$dir/open"
secret "'.*/open' has mode 0640, .* chmod 600" --key-file "$dir/open"
secret "'.*/open' has mode 0640, .* chmod 600" --password-file "$dir/open"
echo 'my password' > "$dir/word"
secret "first line of '.*/word' is not a private key, expected 'sysrq-private:' and 44" \
	--key-file "$dir/word"
echo "$key" > "$dir/public"
secret "'.*/public' has a public key, expected a private key" --key-file "$dir/public"
printf '%s\r\n' "$key" > "$dir/cr"
secret "first line of '.*/cr' ends with CR LF" --key-file "$dir/cr"
: > "$dir/empty"
secret 'password of 0 bytes given, expected 1 to 255' --password-file "$dir/empty"
printf 'x%.0s' {1..256} > "$dir/long"
secret 'password of more than 255 bytes given' --password-file "$dir/long"

# --- Lines of a configuration ---

file=$dir/config
config() { # REGEX LINES: three good lines come before them
	printf 'Host 127.0.0.1\nPort %s\nKeyFile key\n%b\n' "$port" "$2" > "$file"
	all "$1" -F "$file"
}
keywords='Host, Address, Port, KeyFile, Realm, Confirm or Log'
config "/config:4: 'prt' given, expected $keywords" 'prt 9'
config "/config:5: 'Hosts' given, expected $keywords" '\nHosts w\n'
config "/config:4: Host: '' given, expected a value" 'Host'
config "/config:4: Host: '' given, expected a value" 'Host # w'
config "/config:4: '' given, expected $keywords" '= 9'
config "/config:4: 'Port9' given, expected $keywords" 'Port9'
config "/config:5: Port: '0' given, expected a number from 1" 'Host w\n\tPort 0'
config "/config:6: Port: '9x' given, expected a number from 1" '# Port\n\nPort = 9x'
config "/config:5: Port: '7' given, expected only one value; a value with blanks needs quotation marks" \
	'Host w\nPort 9 7'
config "/config:5: Realm: '%n' given, expected no % except in %h" 'Host w\nRealm "%n"'
config "/config:4: KeyFile: '' given, expected a value that is not empty" 'KeyFile ""'
config "/config:4: Address: '' given, expected a value" 'Address\n'
config "/config:5: KeyFile: 'w 9' given, expected a closing quotation mark" \
	'Host w\nKeyFile "w 9'
config "/config:4: Host: '!w' given, expected at least one pattern without !" 'Host !w'
config "/config:4: Host: '' given, expected a value that is not empty" 'Host ""'
config "/config:4: Host: 'w \{ Port = 9 \}' given, expected names of letters, digits" \
	'Host w { Port = 9 }'
config "/config:4: Host: 'w\[a-c\]' given, expected numbers and ranges" 'Host w[a-c]'
config "/config:4: Host: 'w:9' given, expected a name without a port" 'Host w:9'
config "/config:5: Address: 'a@w' given, expected a name without a user" 'Host w\nAddress a@w'
config "/config:5: Address: '::1%h' given, expected an interface after %" 'Host w\nAddress ::1%h'
config "/config:5: '.x07' given, expected no control characters" 'Host w\nPort "\a"'
config "/config:5: Realm: .* given, expected at most 255 bytes" \
	"Host w\nRealm $(printf 'x%.0s' {1..256})"

config "127.0.0.1: 'w' given, expected one name or only addresses as its Address$" 'Address 127.0.0.1 w'

# --- Files of a configuration ---

echo 'KeyFile none' > "$file"
secret 'cannot read --key-file .*/none: No such file' -F "$file"
bad 2 "configuration .*/none: No such file" -F "$dir/none" 127.0.0.1 s
bad 3 "configuration .*/none: No such file" status -F "$dir/none" 127.0.0.1
bad 2 "configuration: '$dir' given, expected a regular file" -F "$dir" 127.0.0.1 s
for mode in 620 602; do
	echo "Port $port" > "$file"
	chmod $mode "$file"
	bad 2 "'.*/config' has mode 0$mode, .* chmod go-w" -F "$file" 127.0.0.1 s
	bad 3 "'.*/config' has mode 0$mode, .* chmod go-w" status -F "$file" 127.0.0.1
done


# --- Files that another user could change ---

foreign() { # WHAT FILE OPTION…
	chown 65534 "$2"
	bad 2 "$1: '$2' belongs to the user 65534, expected a file of root, because you are root: run this as that user, or give root a file of its own$" \
		-p "$port" "${@:3}" 127.0.0.1 s
	chown 0 "$2"
}
# Nobody is told to take the only key of another user away.
if [ "$(id -u)" -eq 0 ]; then
	printf 'KeyFile key\n' > "$file"
	cp "$config/key" "$dir/another"
	echo 127.0.0.1 > "$dir/list"
	foreign configuration "$file" -F "$file"
	foreign --key-file "$dir/another" --key-file "$dir/another"
	foreign --password-file "$dir/another" --password-file "$dir/another"
	foreign --hosts "$dir/list" --key-file "$config/key" --hosts "$dir/list"
else
	skip 'files of another user' 'only root can make them'
fi
echo 127.0.0.1 > "$dir/list"
chmod 660 "$dir/list"
press "--hosts: '$dir/list' has mode 0660, .*: run chmod go-w '$dir/list'$" --hosts "$dir/list" s

# --- Pipes without a writer ---

mkfifo "$dir/pipe"
press "configuration: '$dir/pipe' given, expected a regular file" -F "$dir/pipe" 127.0.0.1 s
status "configuration: '$dir/pipe' given, expected a regular file" -F "$dir/pipe" 127.0.0.1
mv "$config/known_hosts" "$dir/known"
mkfifo "$config/known_hosts"
press "known hosts: '$config/known_hosts' given, expected a regular" 127.0.0.1 s
press "known hosts: '$config/known_hosts' given, expected a regular" statsu 127.0.0.1 s
bad 2 "known hosts: '$config/known_hosts' given, expected a regular" known web9 \
	"$("$client" genkey --key-file "$dir/web9")"
mv "$dir/known" "$config/known_hosts"
run "${at[@]}" --dry-run --hosts <(echo 127.0.0.1) h
exits '--hosts from another process' 0

nothing_was_sent
done_testing
