#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# fence_sysrq takes its options from standard input as the cluster writes them, or from the
# command line, and the key from four places. A wrong value costs one sentence.
# shellcheck source=tests/fence/lib.sh
. "$(dirname "$0")/lib.sh"

serve --back 500
node=("plug=host1" "ip=127.0.0.1" "ipport=$port")

# --- Lines ---

lines action=status "${node[@]}"
succeeds 'lines' 'Status: ON'
lines '# action=off' '' $' \t\r' action=reboot nodename=other "${node[@]}" \
	pcmk_host_map=x:y 'plug=host9' 'plug=host1 ' ' action=status' ipport= \
	"ipport=$port"
succeeds 'comments, unknown names, blanks; of two values the last counts' 'Status: ON'
lines action=status "port=host1" "ipaddr=127.0.0.1" "ipport=$port"
succeeds 'deprecated names' 'Status: ON'
printf 'action=status\nplug=host1\nip=127.0.0.1\nipport=%s' "$port" | "$agent" > "$out" 2> "$err"
rc=$?
succeeds 'a last line without its end' 'Status: ON'
lines "pcmk_x=$(printf 'y%.0s' {1..9000})action=off" action=status "${node[@]}"
succeeds 'a long line' 'Status: ON'
lines 'action = status' $'plug\t= host1' "ip =127.0.0.1" "ipport= $port"
succeeds 'blanks around the sign of equality' 'Status: ON'
lines acton=secret action=status "${node[@]}"
is 'a name that is no option is ignored' "$rc $(< "$out")" '0 Status: ON'
is '… and told, without its value' "$(< "$err")" \
	"fence_sysrq: 'acton' is not an option, and is ignored; see fence_sysrq --help"
lines $'\xef\xbb\xbfaction=status\r' "${node[@]}"
succeeds 'a byte-order mark, as some editors write it' 'Status: ON'
pressed_before=$(pressed "$log")
bad_line() { # FAULT LINE: its escapes are those of printf %b
	{ printf '%s\n' "${node[@]}" && printf '%b\n' "$2"; } | timeout 60 "$agent" > "$out" 2> "$err"
	rc=${PIPESTATUS[1]}
	fails "line '$2'" "line 4 of standard input has $1, expected name=value; nothing was sent$"
	unlike '… it is not shown, as it may be the key' "$err" 'status|secret'
}
bad_line "no '='" 'action status'
bad_line "no '='" '  secret'
bad_line "no '='" '\xef\xbb\xbf'
bad_line 'a NUL byte' 'action=status\0'
bad_line 'a NUL byte' '\0action=status'
bad_line 'a NUL byte' '#\0'
bad_line "a '-' before the name" '--action=status'
bad_line "a '-' before the name" '-o = status'
bad_line "no '='" '-o status'
lines $'\xef\xbb\xbfaction status' "${node[@]}"
fails 'the first line, with a byte-order mark' "line 1 of standard input has no '='"
is 'bad lines: nothing is pressed' "$(pressed "$log")" "$pressed_before"
lines "${node[@]}"
succeeds 'lines without an action: reboot' 'Success: Rebooted'
: > "$err"
lines action=status "${node[@]}" verbose=1
is 'verbose: exit 0' "$rc" 0
like 'verbose: it says what the node answered' "$err" '^fence_sysrq: host1 answers: epoch '
lines action=status "${node[@]}" verbose_level=2
like 'verbose_level' "$err" '^fence_sysrq: host1 answers: epoch '
lines action=status "${node[@]}" verbose=off verbose_level=0
succeeds 'verbose=off' 'Status: ON'
lines action=reboot "${node[@]}" "debug_file=$dir/debug"
succeeds 'debug_file' 'Success: Rebooted'
like '… has what was done' "$dir/debug" '^fence_sysrq: host1: b \(reboot\) accepted$'
lines action=status plug=host9 "debug_file=$dir/debug" quiet=yes
is 'quiet: exit 1' "$rc" 1
is 'quiet: no complaint' "$(< "$err")" ''
like '… it is in the debug file' "$dir/debug" "^fence_sysrq: 'host9' is not known"
lines action=reboot "${node[@]}" "debug_file=$dir/none/debug"
is 'a debug file that cannot be written does not keep the node from being fenced' \
	"$rc $(< "$out")" '0 Success: Rebooted'
mkfifo "$dir/pipe"
lines action=status "${node[@]}" "debug_file=$dir/pipe"
is '… nor does a pipe that nobody reads' "$rc $(< "$out")" '0 Status: ON'
timeout 60 "$agent" > "$out" 2> "$err" < "$dir"
rc=$?
fails 'standard input cannot be read' 'cannot read standard input: Is a directory; nothing was sent'

# --- The command line ---

agent --action=status --plug host1 --ip=127.0.0.1 --ipport="$port" --
succeeds 'long options' 'Status: ON'
agent -o status -n host1 -a 127.0.0.1 -u "$port" -D "$dir/debug2" -q -v
is 'short options' "$rc $(< "$out") $(< "$err")" '0 Status: ON '
ok '… -D' test -s "$dir/debug2"
agent -V
succeeds '-V' "fence_sysrq $(sed -n 's/^VERSION := //p' Makefile)"
agent -h
is '-h: exit 0' "$rc" 0
like '-h lists the options' "$out" '^  -o, --action=\[action\] +What to do \(default: reboot\)$'

# --- Wrong values ---

bad() { # REGEX OPTION…
	agent -o reboot -n host1 -a 127.0.0.1 -u "$port" "${@:2}"
	fails "${*:2}" "$1"
}
pressed_before=$(pressed "$log")
bad "action: 'kill' given, expected an action" -o kill
bad "ipport: '70000' given, expected a number from 1 to 65535" -u 70000
bad "delay: 'soon' given, expected seconds from 0 to 86400" --delay soon
bad "power_timeout: '0' given, expected seconds from 1 to 86400" --power-timeout 0
bad "disable_timeout: 'maybe' given, expected true or false" --disable-timeout=maybe
bad "plug: 'host\[1-2\]' given, expected the name or address of one host" -n 'host[1-2]'
bad "plug: 'host1,host2' given" -n host1,host2
bad "ip: '@group' given" -a @group
bad 'host_key: this is not a public key, expected 44 characters of base64, as send_sysrq setup prints them on the host$' \
	--host-key x
agent -o status -n host1 --host-key "$(< "$config/key")"
unlike 'a private key as host_key is not shown' "$err" 'sysrq-private'
bad 'host_key is not the key that is known for host1; nothing was sent$' \
	--host-key "$("$client" pubkey)"
agent -o list --ip 127.0.0.1
fails 'list of a device with one address' 'give the cluster its name in pcmk_host_list$'
lines option=status "${node[@]}"
succeeds 'option is an old name of action' 'Status: ON'
bad "'--password' is not an option" --password=secret
bad "'-l' is not an option" -lroot
bad '-n: no value given' -n
bad "argument: 'host2' given, expected options" host2
bad "--key: everybody on this machine can read the command line" --key=sysrq-private:x
agent -o status --password=secret
unlike 'the value of an unknown option is not shown' "$err" secret
lines action=reboot "${node[@]}" delay=soon
fails 'a wrong value in a line' "delay: 'soon' given"
is 'wrong values: nothing is pressed' "$(pressed "$log")" "$pressed_before"

# --- Keys ---

secret=$(< "$config/key")
public=$(awk '{ print $2 }' "$config/known_hosts")
mv "$config" "$dir/kept"
unknown_node=("plug=web7" "ip=127.0.0.1" "ipport=$port" "host_key=$public")
lines action=status "${unknown_node[@]}" "key=$secret"
succeeds 'the key in a line' 'Status: ON'
lines action=status "${unknown_node[@]}" "key_file=$dir/kept/key"
succeeds 'the key in a file' 'Status: ON'
for option in key_file plug ip; do
	lines action=status "${unknown_node[@]}" "$option=$secret"
	is "the key in the place of $option: exit 1" "$rc" 1
	ok "… it is not shown" eval '! grep -Fq -- "${secret#*:}" "$err"'
done
export FENCE_SYSRQ_KEY=$secret
lines action=status "${unknown_node[@]}"
succeeds 'the key in the environment' 'Status: ON'
agent -o status -a 127.0.0.1 -u "$port" --host-key "$public"
succeeds 'the same by options, and without a plug' 'Status: ON'
export FENCE_SYSRQ_KEY=nonsense
lines action=status "${unknown_node[@]}" "key_file=$dir/kept/key"
succeeds 'a key file counts before the environment' 'Status: ON'
lines action=status "${unknown_node[@]}" "key=$secret" "key_file=$dir/none"
succeeds 'a key in a line counts before both' 'Status: ON'
lines action=status "${unknown_node[@]}"
fails 'a bad key in the environment' 'FENCE_SYSRQ_KEY is not a private key'
unlike '… is not shown' "$err" nonsense
unset FENCE_SYSRQ_KEY
lines action=status "${unknown_node[@]}" key=nonsense
fails 'a bad key in a line' 'key is not a private key'
unlike '… is not shown' "$err" nonsense
lines action=status "${unknown_node[@]}"
fails 'no key' 'there is no key file .*/key: make your key'
"$agent" -o status -n web7 -a 127.0.0.1 -u "$port" --host-key "$public" --key-file - \
	> "$out" 2> "$err" < "$dir/kept/key"
rc=$?
succeeds 'a key file on standard input' 'Status: ON'
lines action=status "${unknown_node[@]}" "key=$secret" "host_key=$("$client" pubkey --key-file "$dir/kept/key")"
fails 'your own key as that of the node' "your own, or that no host can have"
mv "$dir/kept" "$config"
# No password, which several nodes may have: who answers must be sure.
export SEND_SYSRQ_PASSWORD=test
lines action=status plug=host9 "ipport=$port" ip=127.0.0.1
fails 'a node that is not known, and a password' \
	"'host9' is not known: write the line 'host9 KEY' into /[^ ]*/send_sysrq/known_hosts, with .* on that host; nothing was sent$"
done_testing
