#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# send_sysrq presses keys on tests/unit/responder.c. Run by prove; $BUILD has
# both.
# shellcheck source=tests/client/lib.sh
. "$(dirname "$0")/lib.sh"

# --- loss: begun now, judged at the end

serve
key=$(awk '/^key/ { print $2 }' "$log")
for i in $(seq 30); do
	serve --drop-in 30 --drop-out 30 --seed "$i"
	echo "$log" >>"$dir/logs"
	(SEND_SYSRQ_PASSWORD='test' "$client" --timeout 30 -p "$port" \
		127.0.0.1 h >/dev/null 2>&1
	 echo $? >"$log.rc") &
	clients[i]=$!
done

# --- invocation: nothing is sent, no password is asked for

serve
at=(-p "$port" 127.0.0.1)

refuses "'s!b' given, expected keys out of" 'odd key' "${at[@]}" 's!b'
refuses "'sů' given, expected keys" 'key beyond ASCII' "${at[@]}" 'sů'
refuses "expected 1 to 16 keys" 'no key' "${at[@]}" ''
refuses "expected 1 to 16 keys" '17 keys' "${at[@]}" 01234567890123456
refuses "^send_sysrq: 1 arguments given, expected 2" 'no keys' 127.0.0.1
refuses "expected a name or an address" 'empty host' '' s
refuses "--port: '0' given, expected a number from 1 to 65535" 'port 0' \
	-p 0 localhost s
refuses "'65536' given" 'port too high' --port 65536 localhost s
refuses "'9x' given" 'port no number' --port 9x localhost s
refuses "--timeout: '0' given, expected seconds from 0.1" 'timeout 0' \
	--timeout 0 "${at[@]}" s
refuses "--timeout: '-1'" 'timeout below 0' --timeout=-1 "${at[@]}" s
refuses "--timeout: 'nan'" 'timeout no number' --timeout nan "${at[@]}" s
refuses "--wait: 's=x' given, expected seconds from 0 to 600" 'bad wait' \
	--wait 5,s=x "${at[@]}" s
refuses "--wait: '601' given" 'wait too long' --wait 601 "${at[@]}" s
refuses "--host-address: '1.2.3' given, expected an IPv4" 'bad address' \
	--host-address 1.2.3 "${at[@]}" s
refuses "--one-way and --no-one-way exclude" 'both ways' \
	--one-way --no-one-way "${at[@]}" s
refuses "-4 and -6 exclude" 'both families' -4 -6 "${at[@]}" s
refuses "'--frobnicate' given, expected an option of send_sysrq --help" \
	'unknown option' --frobnicate "${at[@]}" s
is "$(wc -l <"$err")" 1 'unknown option: one sentence'
refuses "'-z' given, expected an option" 'unknown letter' -4z "${at[@]}" s
refuses "'--one-way=1' given, expected an option" 'value too many' \
	--one-way=1 "${at[@]}" s
refuses "--port: nothing given, expected a value" 'no value' \
	"${at[@]}" s --port
refuses "--realm: .* expected at most 255 bytes" 'realm too long' \
	--realm "$(printf '%256s' '')" "${at[@]}" s
refuses "give --key-file, --password-file or SEND_SYSRQ_PASSWORD" \
	'no terminal and no password' "${at[@]}" s

"$client" --version >"$out"
like "$out" '^send_sysrq [0-9]' '--version'
"$client" --help >"$out"
like "$out" '^ +12  refused' '--help lists the exit statuses'
like "$out" 'l show-backtrace-all-active-cpus' '--help lists the keys'
is "$(awk 'length > 80' "$out")" '' '--help keeps within 80 columns'

# --- password

file=$dir/password
printf 'test\nmore\n' >"$file"
chmod 640 "$file"
refuses "mode 0640, .*chmod 600 '$file'" 'file that the group may read' \
	--password-file "$file" "${at[@]}" s
chmod 604 "$file"
refuses "mode 0604" 'file that others may read' \
	--password-file "$file" "${at[@]}" s
chmod 600 "$file"
refuses "No such file" 'no file' --password-file "$dir/none" "${at[@]}" s
: >"$dir/empty"
chmod 600 "$dir/empty"
refuses "0 bytes given, expected 1 to 255" 'empty file' \
	--password-file "$dir/empty" "${at[@]}" s
head -c 256 /dev/zero | tr '\0' x >"$dir/long"
chmod 600 "$dir/long"
refuses "more than 255 bytes given" '256 bytes' \
	--password-file "$dir/long" "${at[@]}" s
printf 'te\0st\n' >"$dir/nul"
printf 'test\r\n' >"$dir/cr"
chmod 600 "$dir/nul" "$dir/cr"
refuses "NUL byte given" 'NUL in a file' --password-file "$dir/nul" "${at[@]}" s
refuses "'$dir/cr' ends in a carriage return" 'CR in a file' \
	--password-file "$dir/cr" "${at[@]}" s
refuses "'$dir' given, which is not a regular file" 'directory' \
	--password-file "$dir" "${at[@]}" s
refuses "'/dev/null' given, which is not a regular file" 'device' \
	--password-file /dev/null "${at[@]}" s
password='' run "${at[@]}" s
exits 2 'empty password of the environment'
like "$err" 'SEND_SYSRQ_PASSWORD: .* 0 bytes' 'empty password: says so'
is "$(grep -c '^hello' "$log")" 0 'nothing was sent so far'

password=wrong run --password-file "$file" --no-one-way "${at[@]}" h
exits 0 'first line of a file, before the environment'
is "$(pressed "$log")" h 'and its key was pressed'

# The program asks on the terminal that script makes, which echoes nothing.
cat >"$dir/prompt" <<END
trap : INT
'$client' -p $port 127.0.0.1 p
echo "status \$?"
stty -a | grep -o ' -\\?echo '
END
unset SEND_SYSRQ_PASSWORD
mkfifo "$dir/keyboard"
script -qfc "bash '$dir/prompt'" /dev/null <"$dir/keyboard" >"$dir/typed" \
	2>&1 &
exec 3>"$dir/keyboard"
wait_for "$dir/typed" 'Password for 127.0.0.1: '
echo test >&3
wait_for "$dir/typed" '^ -?echo '
exec 3>&-
like "$dir/typed" '^status 0' 'password from the terminal'
unlike "$dir/typed" '^test|: test' 'password is not echoed'
like "$dir/typed" '^ echo ' 'terminal echoes again'
like "$dir/typed" $'\r  p  show-registers .*done' 'the result is shown'

# The running line, where there is room for it.
for columns in 59 60; do
	cat >"$dir/wide" <<END
stty cols $columns
SEND_SYSRQ_PASSWORD=test '$client' -p $port 127.0.0.1 pp
END
	script -qfc "bash '$dir/wide'" /dev/null </dev/null \
		>"$dir/shown.$columns" 2>&1
done
unlike "$dir/shown.59" 'running' '59 columns: no running line'
like "$dir/shown.60" 'running' '60 columns: a running line'

# A job in the background is born with SIGINT ignored.
env --default-signal=INT script -qfc "bash '$dir/prompt'" /dev/null \
	<"$dir/keyboard" >"$dir/typed2" 2>&1 &
exec 3>"$dir/keyboard"
wait_for "$dir/typed2" 'Password for 127.0.0.1: '
printf '\003' >&3
wait_for "$dir/typed2" '^ -?echo '
exec 3>&-
like "$dir/typed2" '^status 130' 'SIGINT ends the asking'
like "$dir/typed2" '^ echo ' 'terminal echoes again after SIGINT'
is "$(pressed "$log")" hppppp 'and nothing was pressed'

"$responder" --password my_very_secret_password --realm web7 \
	>"$dir/vector" 2>&1 &
pids+=($!)
wait_for "$dir/vector" '^port '
like "$dir/vector" '^key 0j6QnrDwK3g0YgbDwYpnEDdDXdHXuG0Y0AATno\+94FU=$' \
	'key from password and realm is the published one'

# --- keys

umask 077
own=$dir/key
master=$dir/master
for file in "$own" "$master"; do
	"$client" genkey >"$file" 2>"$err"
	is $? 0 'genkey: exit 0'
	is "$(cat "$err")" '' 'genkey: nothing on stderr'
	like "$file" '^[A-Za-z0-9+/]{43}=$' 'genkey: base64'
	is "$(wc -lc <"$file" | xargs)" '1 45' 'genkey: one line, 44 characters'
	is "$(base64 -d "$file" | wc -c)" 32 'genkey: of 32 bytes'
done
cmp -s "$own" "$master"
is $? 1 'genkey: another one each time'

# What another implementation has made, as lines of master, realm and key.
base64_of() { # HEX
	perl -e 'print pack "H*", shift' "$1" | base64 -w 0
}
sed -n '/"from": "master"/,/}/ s/^ *"\([a-z]*\)": "\(.*\)",\{0,1\}$/\1=\2/p' \
	tests/vectors.json >"$dir/masters"
while IFS='=' read -r name value; do
	case $name in
	master) base64_of "$value" >"$dir/published" ;;
	realm) realm=$value ;;
	key)
		"$client" derive --key-file "$dir/published" --realm "$realm" \
			>"$out" 2>"$err"
		is $? 0 "derive for realm '$realm': exit 0"
		is "$(cat "$out")" "$(base64_of "$value")" \
			"derive for realm '$realm': the published key"
		;;
	esac
done <"$dir/masters"
is "$(grep -c ^key= "$dir/masters")" 2 'derive: two keys were published'

derive() { # ARG...: for web7
	"$client" derive --realm web7 "$@" 2>"$err"
}
derived=$(derive --key-file "$master")
like <(echo "$derived") '^[A-Za-z0-9+/]{43}=$' 'derive takes what genkey prints'
is "$(derive --key-file - <"$master")" "$derived" 'master key of a file as stdin'
# shellcheck disable=SC2002 # a pipe is meant
is "$(cat "$master" | derive --key-file -)" "$derived" 'master key of a pipe'
(cat "$master"; echo more) >"$dir/lines"
is "$(derive --key-file "$dir/lines")" "$derived" 'master key with lines behind'
tr -d '\n' <"$master" >"$dir/line"
is "$(derive --key-file "$dir/line")" "$derived" 'master key without newline'
ln -s "$master" "$dir/link"
is "$(derive --key-file "$dir/link")" "$derived" 'master key of a link'
chmod 400 "$master"
is "$(derive --key-file "$master")" "$derived" 'master key of mode 0400'

unwritten() { # NAME: $rc and $err of a key that could not be printed
	exits 13 "$1"
	like "$err" '^send_sysrq: cannot write the key: ' "$1: says so"
}
for what in genkey "derive --key-file $master --realm web7"; do
	# shellcheck disable=SC2086
	"$client" $what >/dev/full 2>"$err"
	rc=$?
	unwritten "${what%% *} to a full disk"
	# shellcheck disable=SC2086
	"$client" $what >&- 2>"$err"
	rc=$?
	unwritten "${what%% *} without stdout"
	# The limit is for all files, so stderr is none.
	# shellcheck disable=SC2086
	(trap '' XFSZ; exec prlimit --fsize=20 "$client" $what) \
		2>&1 >"$dir/part" | cat >"$err"
	rc=${PIPESTATUS[0]}
	unwritten "${what%% *} of which a part is written"
	is "$(wc -c <"$dir/part")" 20 "${what%% *}: a part was"
done

serve --key "$(cat "$own")"
run --key-file "$own" --no-one-way -p "$port" 127.0.0.1 h
exits 0 'key of a file, not the password of the environment'
"$client" --key-file - --no-one-way -p "$port" 127.0.0.1 p <"$own" \
	>"$out" 2>"$err"
rc=$?
exits 0 'key of stdin'
is "$(pressed "$log")" hp 'keys of files: pressed'
run --key-file "$own" --realm '' --no-one-way --timeout 0.2 -p "$port" \
	127.0.0.1 h
exits 5 'an empty realm that is given makes another key'
serve --key "$derived"
run --key-file "$master" --realm web7 --no-one-way -p "$port" 127.0.0.1 h
exits 0 'key derived from a master key'
is "$(pressed "$log")" h 'key derived: pressed'
run --key-file "$master" --no-one-way --timeout 0.2 -p "$port" 127.0.0.1 h
exits 5 'master key without a realm'
run --key-file "$master" --realm web8 --no-one-way --timeout 0.2 \
	-p "$port" 127.0.0.1 h
exits 5 "another host's realm"
serve --key "$("$client" derive --key-file "$master" --realm '')"
run --key-file "$master" --realm '' --no-one-way -p "$port" 127.0.0.1 h
exits 0 'key derived for the empty realm'

serve --key "$(cat "$own")"
at=(-p "$port" 127.0.0.1)
bad_file() { # REGEX NAME FILE: refused to derive from and to send with
	refuses "^send_sysrq: .*$1" "$2, derive" \
		derive --realm web7 --key-file "$3"
	refuses "^send_sysrq: .*$1" "$2, send" --key-file "$3" "${at[@]}" s
	is "$(wc -l <"$err")" 1 "$2: one sentence"
}
for mode in 0640 0604 0620 0602 0610 0601; do
	cp "$own" "$dir/open"
	chmod $mode "$dir/open"
	bad_file "mode $mode, .* private .*: chmod 600 '$dir/open'$" \
		"key file of mode $mode" "$dir/open"
done
"$client" derive --key-file - --realm web7 <"$dir/open" >"$out" 2>"$err"
rc=$?
exits 2 'stdin that others may read'
like "$err" "'standard input' has mode 0601, .*chmod 600 that file$" \
	'stdin that others may read: says so'
ln -sf "$dir/open" "$dir/link"
bad_file 'mode 0601' 'link to such a file' "$dir/link"
bad_file 'No such file' 'no key file' "$dir/none"
bad_file "'$dir' given, which is not a regular file" 'key folder' "$dir"
bad_file "'/dev/null' given, which is not a regular" 'key device' /dev/null
bad_file "'standard input' given, which is not a regular" 'device as stdin' -

text=$(cat "$own")
bad_text() { # NAME TEXT: in a key file; the answer has nothing of it
	printf '%b' "$2" >"$dir/bad"
	bad_file "'$dir/bad' is no key, expected 44 characters of base64" \
		"$1" "$dir/bad"
	unlike "$err" "${text:10:8}" "$1: is not shown"
}
bad_text 'empty key file' ''
bad_text 'empty first line' "\n$text\n"
bad_text 'key of 43 characters' "${text%=}\n"
bad_text 'key of 45 characters' "$text=\n"
bad_text 'key of 31 bytes' "${text:0:40}${text:40:2}==\n"
bad_text 'key with a line before it' "# key\n$text\n"
bad_text 'key behind a blank' " $text\n"
bad_text 'key before a blank' "$text \n"
bad_text 'key of a long line' "$text$text$text\n"
bad_text 'key with an odd character' "${text:0:20}-${text:21}\n"
bad_text 'key with a NUL' "${text:0:20}\\\\0${text:21}\n"
bad_text 'key with bits too many' "${text:0:42}B=\n"
printf '%s\r\n' "$text" >"$dir/bad"
bad_file "'$dir/bad' ends in a carriage return" 'key with CR' "$dir/bad"
unlike "$err" "${text:10:8}" 'key with CR: is not shown'

refuses '--key-file and --password-file exclude each other' 'key and password' \
	--key-file "$own" --password-file "$dir/password" "${at[@]}" s
refuses '--key-file: nothing given, expected a value; see send_sysrq --help' \
	'no key file named' "${at[@]}" s --key-file
refuses "'-x' given, expected an option of send_sysrq genkey --help" \
	'genkey: unknown option' genkey -x
refuses "genkey: 'x' given, expected no argument" 'genkey: argument' genkey -- x
refuses '--realm: nothing given, expected .*; see send_sysrq derive --help' \
	'derive without realm' derive --key-file "$master"
refuses '--key-file: nothing given, expected the file' \
	'derive without key file' derive --realm web7
refuses '--key-file: nothing given, expected the file' 'derive alone' derive
refuses '--realm: nothing given, expected a value; see send_sysrq derive' \
	'derive: no value' derive --key-file "$master" --realm
refuses '--realm: .* expected at most 255 bytes' 'derive: realm too long' \
	derive --key-file "$master" --realm "$(printf '%256s' '')"
refuses "'--port' given, expected an option of send_sysrq derive --help" \
	'derive: unknown option' derive --key-file "$master" --port 9
refuses "derive: 'web7' given, expected no argument" 'derive: argument' \
	derive --key-file "$master" --realm web7 web7
is "$(cat "$out")" '' 'derive: prints nothing then'
unlike "$log" '^(hello|copy)' 'bad keys: nothing was sent'

serve
"$client" --password-file - --no-one-way -p "$port" 127.0.0.1 h \
	<"$dir/password" >"$out" 2>"$err"
rc=$?
exits 0 'password of stdin'

for what in genkey derive; do
	refuses "sysrq commands: 's!b' given" "host that is called $what" \
		$what 's!b'
	"$client" $what --help >"$out" 2>"$err"
	is $? 0 "$what --help: exit 0"
	like "$out" "^Usage: send_sysrq $what" "$what --help: its own"
	is "$(awk 'length > 80' "$out")" '' "$what --help keeps within 80 columns"
done

# --- a whole rescue

serve
run -p "$port" 127.0.0.1 sisub
exits 0 'sisub'
is "$(pressed "$log")" sisub 'sisub: each key once, in order'
sed -E 's/ +[0-9]+\.[0-9] s$/ T/' "$out" >"$dir/shown"
is "$(tail -n +2 "$dir/shown")" "\
  s  sync                complete T
  i  kill-all-tasks      done T
  s  sync                complete T
  u  unmount             complete T
  b  reboot              accepted" 'sisub: a line for each step'
is "$(head -1 "$out")" "web7 (127.0.0.1:$port): Linux 6.1.0-56-cloud-amd64,\
 up 11 days 13 h, load 312.0, 58 MB of 16 GB free" 'sisub: status line'
like "$out" '^  i  kill-all-tasks      done         [0-9]+\.[0-9] s$' \
	'sisub: columns'
is "$(cat "$err")" '' 'sisub: nothing on stderr'
like "$log" '^command .* s=10000\+ i=1000 s=10000\+ u=10000\+ b=0$' \
	'default waits'
is "$(awk '/^copy/ { print $5 }' "$log" | sort | uniq -d)" '' \
	'each copy from a port of its own'
is "$(awk '/^copy/ { print $2, $3, $4 }' "$log" | sort -u | wc -l)" 1 \
	'each copy is the same command'

serve --complete 0
run -p "$port" --wait 0.02 --wait e=0.05,s=30 127.0.0.1 resu
exits 0 '--wait'
like "$log" '^command .* r=20 e=50 s=30000\+ u=20\+$' '--wait for all and some'
run -p "$port" --wait s=0 127.0.0.1 s
exits 0 'no wait for s'
like "$log" '^command .* s=0$' 'no wait: nor until complete'
like "$out" '^  s  sync                done' 'no wait: done'
run -p "$port" 127.0.0.1 9q
exits 0 'names of other keys'
like "$out" '^  9  loglevel 9          done         [0-9]+\.[0-9] s$' 'loglevel'
run -p "$port" --wait 0 127.0.0.1 lsX
like "$out" '^  l  show-backtrace-all-active-cpus done         [0-9]+\.[0-9] s$' \
	'longest name'
like "$out" '^  s  sync                           done' 'its column'
like "$out" '^  X  X  ' 'key without a name'

for last in b c; do
	serve
	run -p "$port" 127.0.0.1 $last
	exits 0 "$last alone"
	like "$out" "^  $last  [a-z]+ +accepted$" "$last alone: accepted"
	is "$(pressed "$log")" $last "$last alone: once"
done
serve
run -p "$port" 127.0.0.1 so
exits 0 'so'
like "$out" '^  o  poweroff            accepted$' 'o is accepted'
serve
run -p "$port" 127.0.0.1 bs
exits 1 'b in the middle'
like "$out" '^  b  reboot              accepted$' 'b in the middle: accepted'
like "$out" '^  s  sync                not reached$' 'and the rest not reached'

serve --complete -1
run -p "$port" --wait s=0.3 127.0.0.1 su --wait u=0.1
exits 1 'never complete'
like "$out" '^  s  sync                not complete 0\.[3-5] s$' \
	'not complete is said'
serve --immortal
run -p "$port" 127.0.0.1 sb
exits 1 'alive after b'
like "$err" 'b \(reboot\) was pressed, yet web7 is alive' 'alive: says so'
serve --immortal --stuck
run -p "$port" --timeout 0.5 127.0.0.1 c
exits 1 'alive, c does not come back'
like "$err" 'c \(crash\) was pressed, yet web7 is alive' 'stuck: says so'

serve --immortal --stuck --lose 4
run -p "$port" --timeout 0.5 127.0.0.1 b
exits 1 'alive, though four polls were lost'

serve --complete 900
run -p "$port" 127.0.0.1 sb
exits 0 's, which takes its time, and b'
is $(($(sed '/^press b/,$d' "$log" | grep -c '^copy') >= 7)) 1 \
	'before b: many polls'

# --- the streams and files of the process

serve
SEND_SYSRQ_PASSWORD='test' "$client" -p "$port" 127.0.0.1 rq <&- >&- 2>&-
is $? 0 'no stream is open: exit 0'
is "$(pressed "$log")" rq 'no stream is open: pressed'
unlike "$log" '^odd' 'no stream is open: nothing else was sent'
serve
SEND_SYSRQ_PASSWORD='test' "$client" -p "$port" 127.0.0.1 rq | :
is "${PIPESTATUS[0]}" 0 'closed pipe: exit 0'
is "$(pressed "$log")" rq 'closed pipe: pressed'

SEND_SYSRQ_PASSWORD='test' "$client" --json -p "$port" 127.0.0.1 q \
	>/dev/full 2>"$err"
is $? 13 'JSON that cannot be written: exit 13'

# Stopped for longer than it would wait for an answer: it was not the host.
serve
SEND_SYSRQ_PASSWORD='test' "$client" --timeout 0.5 --wait 0.5 --no-one-way \
	-p "$port" 127.0.0.1 1234 >"$out" 2>"$err" &
pid=$!
wait_for "$log" '^press 1'
kill -STOP $pid
wait_for "$log" '^press 4'
# And as long again as its steps and its timeout take.
serve
SEND_SYSRQ_PASSWORD='test' "$client" -p "$port" --wait 1 127.0.0.1 1234 \
	>"$dir/while"
kill -CONT $pid
wait $pid
rc=$?
exits 0 'stopped for seconds: follows the run to its end'

alone=$client
printf '#!/bin/sh\nulimit -n 10\nexec %s "$@"\n' "$alone" >"$dir/few"
chmod +x "$dir/few"
client=$dir/few
serve
run -p "$port" --wait r=1.5 127.0.0.1 rb
exits 0 'few files'
client=$alone
# All that it may open when it has the password is nothing.
serve
mkfifo -m 600 "$dir/secret"
"$client" --password-file "$dir/secret" --one-way -p "$port" 127.0.0.1 h \
	>"$out" 2>"$err" &
pid=$!
exec 3>"$dir/secret"
prlimit --pid $pid --nofile=3
echo test >&3
exec 3>&-
wait $pid
rc=$?
exits 7 'no files, one-way'
like "$err" 'Too many open files; nothing was sent' 'no files: says so'

# --- signals

interrupt() { # SIGNAL LOG REGEX KEYS [fence]: once the log has that
	env --default-signal="$1" SEND_SYSRQ_PASSWORD='test' "$client" \
		-p "$port" 127.0.0.1 "$4" >"$out" 2>"$err" &
	pid=$!
	wait_for "$2" "$3"
	# The responder answers this after it has sent the result that follows the key.
	[ -z "${5-}" ] ||
		SEND_SYSRQ_PASSWORD='test' "$client" status -p "$port" 127.0.0.1 \
			>"$dir/fence" 2>&1
	kill -s "$1" $pid
	wait $pid
	rc=$?
}

for signal in INT TERM HUP; do
	serve
	interrupt $signal "$log" '^press r' rq fence
	exits 4 "SIG$signal in the run"
	like "$err" 'interrupted: web7 runs the rest by itself; its end was' \
		"SIG$signal: says so"
	is "$(wc -l <"$err")" 1 "SIG$signal: one sentence"
done
like "$out" '^  q  show-all-timers     sent$' 'interrupted: sent'
serve --no-result
interrupt INT "$log" '^press r' rq
exits 4 'SIGINT before any result'
like "$err" 'was sent, and whether web7 carries it out' 'no result: says so'
serve --mute
interrupt INT "$log" '^hello' r
exits 130 'SIGINT while asking'

# --- silence

serve --silent-after 3
run -p "$port" --timeout 0.5 --wait 0.3 127.0.0.1 rqt
exits 4 'silent in the middle'
like "$out" '^  t  show-task-states    sent$' 'silent: the rest was sent'
like "$err" 'no answer since ..:..:.. .*: web7 runs the rest by itself' \
	'silent: says so'
serve --no-result
run -p "$port" --timeout 1 127.0.0.1 h
exits 4 'no result at all'
like "$err" 'no answer to the command: web7 may have carried this one' 'no result: says so'
like "$out" '^  h  help                sent$' 'no result: sent'
is "$(pressed "$log")" h 'no result: once all the same'
is "$(awk '/^copy/ { print $2, $4 != 0 }' "$log" | sort -u | wc -l)" 1 \
	'no result: no second command, none one-way'

serve --mute
run -p "$port" --timeout 0.4 --no-one-way 127.0.0.1 h
exits 5 'no answer'
like "$err" 'no answer from 127.0.0.1 within 0.4 s.*nothing was sent' \
	'no answer: says so'
is "$(pressed "$log")" '' 'no answer: nothing pressed'
is "$(grep -c '^hello' "$log")" 3 'hello at 0, 100 and 300 ms'
is "$(awk '/^hello/ { print $2 }' "$log" | sort -u | wc -l)" 3 \
	'each hello from a port of its own'
run -p "$port" --realm other --timeout 0.2 --no-one-way 127.0.0.1 h
exits 5 'another realm'
echo "$key" >"$dir/key"
for option in password-file key-file; do
	serve --mute
	SEND_SYSRQ_PASSWORD='secret-word' "$client" --no-one-way --timeout 2 \
		--$option "$dir/${option%-file}" -p "$port" 127.0.0.1 h \
		2>/dev/null &
	pid=$!
	wait_for "$log" '^hello'
	tr '\0' '\n' <"/proc/$pid/environ" >"$dir/environ"
	like "$dir/environ" '^PATH=' "environment is there, with --$option"
	unlike "$dir/environ" 'secret-word' "and the password wiped in it"
	wait $pid
done

run -p "$port" --timeout 0.2 127.0.0.1 sh
exits 3 'one-way for want of an answer'
like "$err" 'cannot be told apart\); sending one-way' 'one-way: why'
like "$err" 'sent one-way to 127.0.0.1; whether .* is not known' 'one-way: so'
like "$out" '^  h  help                sent$' 'one-way: sent'
is "$(pressed "$log")" sh 'one-way: once'
is "$(grep -c '^copy .* 0 4:' "$log")" 2 'one-way: two copies'
is "$(awk '/^copy/ { print $2, $3 }' "$log" | sort -u | wc -l)" 1 \
	'one-way: the same command'
is "$(awk '/^copy/ { print $5 }' "$log" | sort -u | wc -l)" 2 \
	'one-way: a port each'

serve --mute --shut 150
run -p "$port" --timeout 3 127.0.0.1 h
exits 3 'one-way, though the port was once closed'

serve --no-status
run -p "$port" --timeout 0.2 127.0.0.1 si
exits 0 'one-way, yet results come'
like "$out" '^  i  kill-all-tasks      done' 'one-way with results: a line'
serve
run -p "$port" --one-way 127.0.0.1 sb
exits 0 '--one-way'
unlike "$log" '^hello' '--one-way: no hello'
is "$(pressed "$log")" sb '--one-way: once'

# --- no way, no port

serve --family 4
free=$port # once its responder is gone
kill "${pids[-1]}"
wait "${pids[-1]}" 2>/dev/null
unset 'pids[-1]'
start=$(date +%s%N)
run -p "$free" 127.0.0.1 h
took=$((($(date +%s%N) - start) / 1000000))
exits 6 'closed port'
like "$err" "nothing on port $free takes this password.*--one-way" \
	'closed port: says so'
is $((took < 3000)) 1 'closed port: known before the timeout'
run -p "$free" --timeout 0.3 127.0.0.1 h
exits 6 'closed port, short timeout'
run -p "$free" --timeout 0.3 ::ffff:127.0.0.1 h
exits 6 'closed port, IPv4 as IPv6'
run -p "$free" --one-way 127.0.0.1 h
exits 3 'closed port, one-way'
like "$err" 'a message came back that the port is closed' 'one-way: says it'
run 255.255.255.255 h
exits 7 'no way there'
like "$err" 'no way to 255.255.255.255 \(.*:9\): ' 'no way: says so'
run -6 127.0.0.1 h
exits 7 'no address of that family'
run fe80::1 h
exits 7 'no zone'
like "$err" 'give its interface, as in fe80::1%eth0' 'no zone: says so'
run "$(printf 'x%.0s' {1..64})" h
exits 7 'unknown name'
like "$err" "remote host 'x+' has no address" 'unknown name: says so'

# --- refusals: nothing is pressed

refused() { # STATUS REGEX NAME ARG... (responder has been started)
	local status=$1 regex=$2 name=$3
	shift 3
	run -p "$port" "$@"
	exits "$status" "$name"
	like "$err" "$regex.*; nothing was pressed" "$name: says so"
	is "$(pressed "$log")" '' "$name: nothing pressed"
}

serve --mask 16
refused 8 'permit u \(unmount\).*kernel.sysrq=1' 'mask' 127.0.0.1 su
serve --operator s
refused 9 'permit u \(unmount\) to this operator' 'operator' 127.0.0.1 su
serve --rule s
refused 9 'rule on web7 .*permit b \(reboot\)' 'rule' 127.0.0.1 sb
serve --known su
refused 10 'knows no key b \(reboot\)' 'unknown key' 127.0.0.1 sub
serve --tolerance 0
refused 12 'no one-way commands' 'no tolerance' --one-way 127.0.0.1 s
serve --clock-offset -7200
refused 11 'clock of 127.0.0.1 is (2 h 0 min|1 h 59 min) behind' 'clocks' \
	--one-way 127.0.0.1 s
run -p "$port" 127.0.0.1 h
exits 0 'in session no clock matters'
serve --clock-offset 30 --uptime 5
refused 11 'started after this one.s time' 'older than the host' \
	--one-way 127.0.0.1 s
serve
refused 12 'give its own with --host-address' 'address' \
	--one-way --host-address 192.0.2.7 127.0.0.1 s
run -p "$port" --one-way --host-address 127.0.0.1 127.0.0.1 h
exits 0 '--host-address'

# --- other clients, restarts

serve --outrun 2
run -p "$port" 127.0.0.1 h
exits 0 'another client was quicker, twice'
is "$(grep -c '^reply 17' "$log")" 2 'quicker: told so twice'
is "$(pressed "$log")" h 'quicker: once'
serve --outrun 9
refused 12 'were quicker' 'always another client' 127.0.0.1 h
is "$(awk '/^copy/ { print $2 }' "$log" | sort -u | wc -l)" 4 '3 times anew'
serve --outrun 1 --delay 150
run -p "$port" 127.0.0.1 h
exits 0 'quicker, and several copies each refused'
is "$(pressed "$log")" h 'several copies: once'
serve --outrun 1 --silent-after 3 --delay 150
run -p "$port" --timeout 0.5 127.0.0.1 h
exits 4 'quicker, and a copy never answered: unknown'
like "$err" 'newer command came in between' 'unknown: says so'
serve --new-epochs 1
run -p "$port" 127.0.0.1 h
exits 0 'epoch changed before the command'
is "$(pressed "$log")" h 'epoch: once'
serve --new-epoch-after 150
run -p "$port" --wait 5 127.0.0.1 rq
exits 4 'epoch changed in the run'
like "$err" 'web7 has restarted, or its keys were changed' 'epoch: says so'
serve --new-epoch-after 150
run -p "$port" --one-way --wait 5 127.0.0.1 rq
exits 4 'restarted in a one-way run'
like "$err" '127.0.0.1 has restarted, or its keys were changed' 'one-way: says so'
serve --supersede 300
run -p "$port" 127.0.0.1 rq
exits 1 'superseded'
like "$out" '^  r  unraw               done         [0-9]+\.[0-9] s$' \
	'superseded: what was pressed is said'
like "$out" '^  q  show-all-timers     dropped$' 'superseded: dropped'
like "$err" 'a newer command took the place' 'superseded: says so'
serve --supersede 300 --newer
run -p "$port" 127.0.0.1 rq
exits 1 'superseded by the same operator'
like "$out" '^  r  unraw               sent$' 'newer: a fate that is not known'
like "$out" '^  q  show-all-timers     sent$' 'newer: nor is that one'
like "$err" 'a newer command took the place' 'newer: says so'

# --- what comes from the network

serve --garbage
run -p "$port" 127.0.0.1 sr
exits 0 'among forged replies'
is "$(pressed "$log")" sr 'forged: once'
like "$out" '^  r  unraw               done' 'forged: the true result'
serve --delay 650
run -p "$port" --timeout 2 127.0.0.1 h
exits 0 'late answers'
is "$(pressed "$log")" h 'late: once'
is "$(awk '/^copy/ { print $2 }' "$log" | sort -u | wc -l)" 1 'late: one command'

# --- families

if serve --family 6 --password test && [ -n "$port" ]; then
	run -p "$port" ::1 h
	exits 0 'IPv6'
	like "$out" "^web7 \(\[::1\]:$port\): Linux" 'IPv6: status line'
	run -p "$port" --one-way ::1 h
	exits 0 'IPv6 one-way'
fi
# A name with both addresses, where a namespace can be had for it.
echo '127.0.0.1 both.test genkey derive
::1 both.test' >"$dir/hosts"
cat >"$dir/with-hosts" <<END
#!/bin/sh
mount --bind '$dir/hosts' /etc/hosts && exec '$client' "\$@"
END
chmod +x "$dir/with-hosts"
if unshare -rm mount --bind "$dir/hosts" /etc/hosts 2>/dev/null; then
	alone=$client
	client=$dir/both
	printf '#!/bin/sh\nexec unshare -rm %s "$@"\n' "$dir/with-hosts" \
		>"$client"
	chmod +x "$client"

	serve --mute
	run -p "$port" --one-way both.test h
	exits 3 'one-way to both families'
	is "$(pressed "$log")" h 'both families: once'
	is "$(awk '/^copy/ { sub(":.*", "", $5); print $5 }' "$log" |
		sort | uniq -c | tr -s ' ' | tr -d '\n')" ' 2 4 2 6' \
		'both families: two copies each'
	is "$(awk '/^copy/ { print $2, $3 }' "$log" | sort -u | wc -l)" 1 \
		'both families: the same command'
	serve --family 4 --clock-offset -7200
	serve --family 6 --no-result --port "$port"
	run -p "$port" --one-way both.test h
	exits 3 'one-way, refused by one address'
	is "$(pressed "$log")" h 'refused by one: pressed by the other'
	like "$err" 'one copy was refused .the clocks differ' \
		'refused by one: says so'
	serve --clock-offset -7200
	refused 11 'clock of both.test' 'refused by both' --one-way both.test h
	serve --family 4
	run -p "$port" both.test h
	exits 0 'only IPv4 answers'
	like "$out" '^web7 \(127' 'only IPv4: status line'
	serve --family 6
	run -p "$port" both.test h
	exits 0 'only IPv6 answers'
	like "$out" '^web7 \(\[::1' 'only IPv6: status line'
	run -4 -p "$port" both.test h
	exits 6 'IPv6 answers, but -4'
	serve
	run -4 -p "$port" both.test h
	like "$out" '^web7 \(127' '-4'
	run -6 -p "$port" both.test h
	like "$out" '^web7 \(\[::1' '-6'
	for what in genkey derive; do
		serve --family 4
		run $what h -p "$port"
		exits 0 "host that is called $what"
		is "$(pressed "$log")" h "host that is called $what: pressed"
	done
	client=$alone
else
	skip 'no namespace for a name with both families'
fi

# One copy leaves, then there is no way.
cat >"$dir/cut" <<END
ip link set lo up
'$responder' ${key:+--key $key} --no-result >'$dir/cut.log' 2>&1 &
until grep -q ^port '$dir/cut.log'; do sleep 0.01; done
port=\$(awk '/^port/ { print \$2 }' '$dir/cut.log')
'$client' --one-way -p "\$port" 127.0.0.1 h &
until grep -q ^press '$dir/cut.log'; do sleep 0.01; done
ip addr flush dev lo
wait \$!
rc=\$?
kill %1
exit \$rc
END
if unshare -rn ip link set lo up 2>/dev/null; then
	SEND_SYSRQ_PASSWORD='test' timeout 20 unshare -rn bash "$dir/cut" \
		>"$out" 2>"$err"
	rc=$?
	exits 3 'the second copy cannot leave'
	like "$err" 'sent one-way to 127.0.0.1' 'second copy: says so'
else
	skip 'no namespace for a way that ends'
fi

# --- loss, its end

wait "${clients[@]}"
while read -r log; do
	echo "$(cat "$log.rc") $(pressed "$log")"
done <"$dir/logs" | sort | uniq -c >"$dir/tally"
is "$(tr -s ' ' <"$dir/tally")" ' 30 0 h' \
	'30 commands at 30 % loss each way: each once'

done_testing
