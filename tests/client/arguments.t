#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# send_sysrq refuses wrong arguments before it asks for a password and before it sends
# anything. It exits with 2, and says what it expected.
# shellcheck source=tests/client/lib.sh
. "$(dirname "$0")/lib.sh"

serve
at=(-p "$port" 127.0.0.1) # without a key: a password would be asked for

refuses 'a character that is no letter' "'s!b' given, expected letters" \
	"${at[@]}" 's!b'
refuses 'a letter beyond ASCII' "'sů' given, expected letters" "${at[@]}" 'sů'
refuses 'no letter' "expected 1 to 16 letters" "${at[@]}" ''
refuses '17 letters' "expected 1 to 16 letters" "${at[@]}" hhhhhhhhhhhhhhhhh
refuses 'a host without letters' "^send_sysrq: 1 argument given, expected at least 2" 127.0.0.1
refuses 'an empty host' "expected a name or an address" '' s
refuses 'port 0' "--port: '0' given, expected a number from 1 to 65535" -p 0 localhost s
refuses 'port 65536' "'65536' given" --port 65536 localhost s
refuses 'a port that is no number' "'9x' given" --port 9x localhost s
refuses 'timeout 0' "--timeout: '0' given, expected seconds from 0.1" \
	--timeout 0 "${at[@]}" s
refuses 'a timeout below 0' "--timeout: '-1'" --timeout=-1 "${at[@]}" s
refuses 'a timeout that is no number' "--timeout: 'nan'" --timeout nan "${at[@]}" s
refuses 'a wait that is no number' "--wait: 's=x' given, expected seconds from 0 to 600" \
	--wait 5,s=x "${at[@]}" s
refuses 'a wait of 601 s' "--wait: '601' given" --wait 601 "${at[@]}" s
refuses 'half an address of the host' "--host-address: '1.2.3' given, expected an IPv4" \
	--host-address 1.2.3 "${at[@]}" s
refuses '--one-way and --no-one-way' "--one-way and --no-one-way cannot be combined" \
	--one-way --no-one-way "${at[@]}" s
refuses '-4 and -6' "-4 and -6 cannot be combined" -4 -6 "${at[@]}" s
refuses 'an unknown option' "'--frobnicate' is not an option; see send_sysrq --help" \
	--frobnicate "${at[@]}" s
is 'an unknown option: the message is one line' "$(wc -l < "$err")" 1
refuses 'an unknown short option' "'-z' is not an option" -4z "${at[@]}" s
refuses 'an option that takes no value' "'--one-way' takes no value" \
	--one-way=1 "${at[@]}" s
refuses 'an option that takes no value: the value may be a secret' \
	"'--password' takes no value" --password=secret "${at[@]}" s
unlike '… and is not repeated' "$err" secret
refuses 'an option without its value' "--port: no value given" \
	"${at[@]}" s --port
refuses 'a realm of 256 bytes' "--realm: .* expected at most 255 bytes" \
	--realm "$(printf '%256s' '')" "${at[@]}" s
refuses 'a password, but no terminal' \
	"give --password-file or SEND_SYSRQ_PASSWORD" --password "${at[@]}" s

# --- Keys ---

refuses '--password and --password-file' \
	'--password and --password-file cannot be combined' \
	--password --password-file "$dir/password" "${at[@]}" s
refuses '--key-file and --password-file' \
	'--key-file and --password-file cannot be combined' \
	--key-file "$config/key" --password-file "$dir/password" "${at[@]}" s
refuses '--key-file without a file' \
	'--key-file: no value given; see send_sysrq --help' \
	"${at[@]}" s --key-file
refuses 'genkey with an unknown option' \
	"'-x' is not an option; see send_sysrq genkey --help" genkey -x
refuses 'genkey with an argument' "genkey: 'x' given, expected no argument" genkey -- x
refuses 'genkey with --key-file, but no file' \
	'--key-file: no value given; see send_sysrq genkey --help' genkey --key-file
refuses 'pubkey with an unknown option' \
	"'--port' is not an option; see send_sysrq pubkey --help" pubkey --port 9
refuses 'pubkey with an argument' "pubkey: 'web7' given, expected no argument" pubkey -- web7
refuses 'known without a key' 'known: the key is missing: .*; see send_sysrq known --help' \
	known web7
refuses 'known without any argument' 'known: the names and the key are missing' known
refuses 'known with an unknown option' \
	"'--key-file' is not an option; see send_sysrq known --help" known --key-file
refuses 'known with three arguments' \
	"known: 'more' given, expected two arguments" known web7 "$key" more
is 'a refused known prints nothing' "$(< "$out")" ''
unlike 'a host hears nothing of wrong arguments' "$log" '^(hello|copy)'

# --- Summaries ---

"$client" --version > "$out"
like '--version prints the version' "$out" '^send_sysrq [0-9]'
"$client" --help > "$out"
like '--help lists the exit statuses' "$out" '^ +12  refused'
like '--help lists the letters' "$out" 'l show-backtrace-all-active-cpus'
is '--help has no line of more than 80 columns' "$(awk 'length > 80' "$out")" ''
for command in genkey pubkey known history status log exporter; do
	run $command --help
	exits "$command --help" 0
	like "$command --help: it is the summary of $command" "$out" \
		"^Usage: send_sysrq $command( |$)"
	is "$command --help has no line of more than 80 columns" \
		"$(awk 'length > 80' "$out")" ''
	no_error "$command --help"
done
done_testing
