#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# send_sysrq setup judges its arguments before it looks at the host, shows no private key,
# changes a table of operators in the right line, and asks with the right defaults.
# tests/vm/setup.t sets a host up.
# shellcheck source=tests/client/lib.sh
. "$(dirname "$0")/lib.sh"

bad() { # NAME REGEX ARGUMENT…
	sh packaging/setup "$client" "${@:3}" > "$out" 2> "$err" < /dev/null
	rc=$?
	exits "$1" 2
	is "$1: one line says so" "$(wc -l < "$err")" 1
	like "$1: the message says why" "$err" "^send_sysrq: $2"
	is "$1: nothing is on standard output" "$(< "$out")" ''
}
other=$("$client" genkey --key-file "$dir/other")
private=$(< "$dir/other")

bad 'another option' "setup: '--no' given" --no
bad 'an argument' "setup: 'web7' given" --yes web7
bad '--operator without --key' 'setup: --key is missing$' --yes --operator alice
bad '--key without --operator' 'setup: --operator is missing$' --yes --key "$key"
for name in operator key permissions port from; do
	bad "--$name at the end" "setup: --$name given without a value" --yes "--$name"
done
bad 'no name' "operator: '' given" --operator ''
bad 'a name with a blank' "operator: 'a b' given" --operator 'a b'
bad 'a name of 32 letters' 'operator: .* given, expected a name of at most 31 letters' \
	--operator 12345678901234567890123456789012
bad 'the name of the password' "operator: 'passwd' given" --operator=passwd
bad 'a key that is too short' 'key: this is no public key, expected 44' --key "${key#?}"
bad 'a key with a blank' 'key: this is no public key' "--key= ${key#?}"
bad 'no permission' "permissions: '' given" --permissions ''
bad 'a comment in permissions' "permissions: 's#' given" --permissions 's#'
bad 'a semicolon in permissions' "permissions: 's;u' given" --permissions 's;u'
for port in 0 65536 9x -1 ''; do
	bad "port '$port'" "port: '$port' given, expected a number from 1 to 65535" --port "$port"
done
bad 'a name in from' "from: 'web7' given, expected networks" --from web7
for option in --key --operator --permissions --port --from; do
	bad "a private key after $option" 'a private key given, which its owner shows to nobody' \
		"$option" "$private"
	ok "… is not shown" eval '! grep -F "${private#*:}" "$err"'
done
bad 'a private key alone' 'a private key given' "$private"
ok '… is not shown' eval '! grep -F "${private#*:}" "$err"'

# --- The table ---
table() { # NAME KEY PERMISSIONS [FILE]
	name=$1 key=$2 words=$3 said=$err table=TABLE \
		awk -f packaging/add-operator "$dir/${4-table}" > "$out"
}
printf '%s' "# mine

  alice	$key  s, u # remark
bob $other all" > "$dir/table"
table carol new 'all log'
is 'another operator is added at the end, and nothing else is changed' "$(< "$out")" \
	"$(< "$dir/table")
carol new all log"
no_error 'another operator'
table alice "$key" 's u'
is 'the same operator changes nothing' "$(< "$out")" "$(< "$dir/table")"
no_error 'the same operator'
table alice new all
is 'another key of an operator is added' "$(tail -n 1 "$out")" 'alice new all'
is '… the old one is named' "$(< "$err")" \
	"alice has another key, $key, in line 3 of TABLE: remove that line if it is no longer used."
table alice "$key" 'all log'
is 'other permissions take the place of the old ones, and a remark stays' "$(sed -n 3p "$out")" \
	"alice $key all log # remark"
is '… in this line only' "$(sed 3d "$out")" "$(sed 3d "$dir/table")"
is '… which is told' "$(< "$err")" \
	"The key is in line 3 of TABLE already: the line was 'alice s,u', and is 'alice all,log' now."
table dave "$other" all
is 'another name takes the place of the old one' "$(sed -n 4p "$out")" "dave $other all"
echo "007 $key all" > "$dir/digits"
table 7 "$key" all digits
is 'names of digits are no numbers' "$(< "$out")" "7 $key all"
table '' '' 'all log'
is 'without an operator the table stays' "$(< "$out")" "$(< "$dir/table")"

# --- The questions ---
settings() { # COMMANDS [ANSWERS]: prints the permissions and the networks
	printf '%b' "${2-}" | table=$dir/table key=$key sh -c '
		its_key=$key
		. packaging/settings
		key=$its_key
		'"$1"'
		echo "$permissions|$from"' > "$out" 2> "$err"
}
settings default_permissions
is 'a key that the table has keeps its permissions' "$(< "$out")" 's, u|'
settings "key=$other; default_permissions"
is '… also one in another line' "$(< "$out")" 'all|'
settings 'key=new; default_permissions'
is 'a new key gets all permissions' "$(< "$out")" 'all log|'
settings 'table=$table.none; default_permissions'
is '… also where there is no table' "$(< "$out")" 'all log|'
settings ask_permissions '\n'
is 'an empty answer keeps them' "$(< "$out")" 's, u|'
like '… the question shows them' "$err" 'Permissions: .* \[s, u\]: $'
settings 'permissions=sub; ask_permissions' '\n'
is 'permissions that the module has refused are no default' "$(< "$out")" 's, u|'
settings 'from=10.0.0.1/8; ask_from' '\n'
is 'neither are networks' "$(< "$out")" 'all log|'
unlike '… the question does not show them' "$err" '10\.0\.0\.1/8\]'
settings 'ask_from' 'web7\n\n'
unlike 'networks that setup has refused are no default' "$err" '\[web7\]'
done_testing
