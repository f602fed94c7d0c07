#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# send_sysrq takes the password from a file, from the environment or from the terminal.
# It refuses a file that others may read or that holds no password, shows no password,
# and wipes the one in its environment.
# shellcheck source=tests/client/lib.sh
. "$(dirname "$0")/lib.sh"

key='' serve
shared=$(awk '/^key/ { print $2 }' "$log") # of the password that the tests use: "test"
key='' serve --shared "$shared"
at=(-p "$port" 127.0.0.1)

# --- Files ---

file=$dir/password
printf 'test\nmore\n' > "$file"
chmod 640 "$file"
refuses 'a file that its group may read' "mode 0640, .*chmod 600 '$file'" \
	--password-file "$file" "${at[@]}" s
chmod 604 "$file"
refuses 'a file that others may read' "mode 0604" --password-file "$file" "${at[@]}" s
chmod 600 "$file"
refuses 'a file that is not there' "No such file" --password-file "$dir/none" "${at[@]}" s
: > "$dir/empty"
refuses 'an empty file' "0 bytes given, expected 1 to 255" \
	--password-file "$dir/empty" "${at[@]}" s
printf 'x%.0s' {1..256} > "$dir/long"
refuses 'a password of 256 bytes' "more than 255 bytes given" \
	--password-file "$dir/long" "${at[@]}" s
printf 'te\0st\n' > "$dir/nul"
refuses 'a file with a NUL byte' "control character .x00 given" --password-file "$dir/nul" "${at[@]}" s
printf 'test\r\n' > "$dir/cr"
refuses 'a file with a carriage return' "'$dir/cr' ends with CR LF" \
	--password-file "$dir/cr" "${at[@]}" s
refuses 'a folder' "'$dir' given, expected a regular file" \
	--password-file "$dir" "${at[@]}" s
refuses 'a device' "'/dev/null' given, expected a regular file" \
	--password-file /dev/null "${at[@]}" s
printf 'te\x1b[31mst\n' > "$dir/escape"
refuses 'a file with an escape' "escape: password with the control character .x1b given" \
	--password-file "$dir/escape" "${at[@]}" s
SEND_SYSRQ_PASSWORD=$'test\r' refuses 'a carriage return in the environment' \
	'SEND_SYSRQ_PASSWORD: password with the control character .x0d' "${at[@]}" s
SEND_SYSRQ_PASSWORD='' run "${at[@]}" s
exits 'an empty password in the environment' 2
like 'an empty password in the environment: the message says so' "$err" \
	'SEND_SYSRQ_PASSWORD: .* 0 bytes'
is 'a host hears nothing of bad passwords' "$(grep -c '^hello' "$log")" 0

SEND_SYSRQ_PASSWORD=wrong run --password-file "$file" --no-one-way "${at[@]}" h
exits 'the first line of a file, and another password in the environment' 0
is 'the password of the file counts' "$(pressed "$log")" h
printf '\xef\xbb\xbftest\n' > "$dir/mark"
run --password-file "$dir/mark" --no-one-way "${at[@]}" h
exits 'a file with a byte-order mark' 0
SEND_SYSRQ_PASSWORD=$'\e[200~test\e[201~' run --no-one-way "${at[@]}" h
exits 'a password in the environment as it was pasted' 0
"$client" --password-file - --no-one-way "${at[@]}" h < "$file" > "$out" 2> "$err"
rc=$?
exits 'a password from standard input' 0
SEND_SYSRQ_PASSWORD='test' run --realm other --timeout 0.2 --no-one-way "${at[@]}" h
exits 'a password from the environment, with another realm' 5

# --- The terminal ---

# send_sysrq asks on the terminal that script makes. script itself echoes nothing.
# Its user has no key.
cat > "$dir/prompt" << END
trap : INT
export HOME=$dir/classic
'$client' -p $port 127.0.0.1 p
echo "status \$?"
stty -a | grep -o ' -\\?echo '
END
mkfifo "$dir/keyboard"
script -qfc "bash '$dir/prompt'" /dev/null < "$dir/keyboard" > "$dir/typed" 2>&1 &
exec 3> "$dir/keyboard"
wait_for "$dir/typed" 'Password for 127.0.0.1: '
echo test >&3
wait_for "$dir/typed" '^ -?echo '
exec 3>&-
like 'send_sysrq takes the password from the terminal' "$dir/typed" '^status 0'
unlike 'the terminal does not show the password' "$dir/typed" '^test|: test'
like 'the terminal shows again what is typed' "$dir/typed" '^ echo '
like 'the terminal shows the result' "$dir/typed" $'\r  p  show-registers .*done'

# Bash turns the marks around pasted text on, and send_sysrq does not.
script -qfc "bash '$dir/prompt'" /dev/null < "$dir/keyboard" > "$dir/typed3" 2>&1 &
exec 3> "$dir/keyboard"
wait_for "$dir/typed3" 'Password for 127.0.0.1: '
printf '\e[200~test\e[201~\n' >&3
wait_for "$dir/typed3" '^ -?echo '
exec 3>&-
like 'send_sysrq takes a password that was pasted' "$dir/typed3" '^status 0'

# The shell starts a job in the background with SIGINT ignored.
env --default-signal=INT script -qfc "bash '$dir/prompt'" /dev/null \
	< "$dir/keyboard" > "$dir/typed2" 2>&1 &
exec 3> "$dir/keyboard"
wait_for "$dir/typed2" 'Password for 127.0.0.1: '
printf '\003' >&3
wait_for "$dir/typed2" '^ -?echo '
exec 3>&-
like 'SIGINT ends the question for the password' "$dir/typed2" '^status 130'
like 'the terminal shows again what is typed after SIGINT' "$dir/typed2" '^ echo '
is 'an interrupted question presses nothing' "$(pressed "$log")" hhhhpp

# --- Environment, key ---

for option in password-file key-file; do
	case $option in
	password-file) key='' serve --mute --shared "$shared"; file=$dir/password ;;
	key-file) serve --mute; file=$config/key ;;
	esac
	SEND_SYSRQ_PASSWORD='secret-word' "$client" --no-one-way --timeout 2 \
		--$option "$file" "${at[@]}" 127.0.0.1 h 2> /dev/null &
	pid=$!
	wait_for "$log" '^hello'
	tr '\0' '\n' < "/proc/$pid/environ" > "$dir/environ"
	like "--$option: the environment is there" "$dir/environ" '^PATH='
	unlike "--$option: the password in the environment is wiped" "$dir/environ" \
		'secret-word'
	wait $pid
done

"$responder" --password my_very_secret_password --realm web7 > "$dir/vector" 2>&1 &
pids+=($!)
wait_for "$dir/vector" '^port '
like 'password and realm make the published key' "$dir/vector" \
	'^key 0j6QnrDwK3g0YgbDwYpnEDdDXdHXuG0Y0AATno\+94FU=$'
done_testing
