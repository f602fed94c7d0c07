#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A host that goes on listening after a panic is told as what it is. The status proves the
# letter c; what can do nothing then is not pressed, and told so; and the log can be read.
# shellcheck source=tests/client/lib.sh
. "$(dirname "$0")/lib.sh"
make_source
loop=$(sed -n '/^while sleep /,/^done$/p' docs/panic.md)

# --- status ---

serve --any --host 127.0.0.2 --panicked --reboots-in 8 --host 127.0.0.3 --panicked \
	--operator s --host 127.0.0.4 --listens 0
run status "${at[@]}" 127.0.0.1
like 'status tells of a host that it would be deaf after a panic' "$out" \
	'^  panic    would hear nothing after it$'
run status "${at[@]}" 127.0.0.4
exits 'a host that would listen' 0
like 'status tells of another that it would listen' "$out" \
	'^  panic    would go on listening after it$'
run status "${at[@]}" --need b 127.0.0.2
exits 'a host that has panicked' 2
is '… the first line says so' "$(head -n 1 "$out")" "127.0.0.2 (127.0.0.2:$port) has panicked"
like '… the last one when it reboots by itself' "$out" '^  panic    reboots by itself in 8.0 s$'
like '… its letters are shown' "$out" '^  letters  all$'
run status "${at[@]}" --need b 127.0.0.3
exits 'a host that has panicked and does not permit b' 2
like '… the missing letter is told' "$out" '^  missing  b$'
like '… and that it does not reboot' "$out" '^  panic    does not reboot by itself$'
run status "${at[@]}" '127.0.0.[1-3]'
exits 'three hosts, of which two have panicked' 2
is 'in a table, panicked is a state' "$(tail -n +2 "$out" | sort | sed 's/alive .*/alive/')" \
	'127.0.0.1 alive
127.0.0.2 panicked  reboots by itself in 8.0 s
127.0.0.3 panicked  does not reboot by itself'
is '… which is counted' "$(< "$err")" '3 hosts: 1 alive, 2 panicked'
run status "${at[@]}" --json --need b '127.0.0.[1-4]'
exits 'with --json' 2
is '--json tells it' "$(json "$out" 'join " ", map { text($_) }
	@$o{qw(host state armed hears_after_panic reboots_in_seconds)}' | sort)" '"127.0.0.1" "alive" true false null
"127.0.0.2" "panicked" true true 8
"127.0.0.3" "panicked" false true null
"127.0.0.4" "alive" true true null'
run status "${at[@]}" --prometheus --need b '127.0.0.[1-3]'
exits 'with --prometheus' 2
is '--prometheus tells it' "$(grep -E '^sysrq_(up|armed|panicked|hears_.*|reboots_.*)\{' "$out" | sort)" \
	'sysrq_armed{host="127.0.0.1"} 1
sysrq_armed{host="127.0.0.2"} 1
sysrq_armed{host="127.0.0.3"} 0
sysrq_hears_after_panic{host="127.0.0.1"} 0
sysrq_hears_after_panic{host="127.0.0.2"} 1
sysrq_hears_after_panic{host="127.0.0.3"} 1
sysrq_panicked{host="127.0.0.1"} 0
sysrq_panicked{host="127.0.0.2"} 1
sysrq_panicked{host="127.0.0.3"} 1
sysrq_reboots_in_seconds{host="127.0.0.2"} 8
sysrq_up{host="127.0.0.1"} 1
sysrq_up{host="127.0.0.2"} 0
sysrq_up{host="127.0.0.3"} 0'

# --- c ---

serve --listens 2000 --reboots-in 8
press c
exits 'c on a host that listens 2 s after it' 0
no_error 'c on a host that listens 2 s after it'
like 'the status proves the panic' "$out" '^  c  crash +complete +[23]\.[0-9] s$'
is 'c is pressed once' "$(pressed "$log")" c
press sb
exits 'a second command to this host' 1
like '… its first line says that the host has panicked' "$out" \
	'has panicked, reboots by itself in [78].0 s: Linux '
is '… what can do nothing is not pressed' "$(pressed "$log")" cb
serve --listens 999999
press --timeout 1.5 c
exits 'a host that falls silent for ever, though it said that it would listen' 0
like 'c is accepted' "$out" '^  c  crash +accepted$'
serve --immortal
press --timeout 0.5 c
exits 'a host that does not panic' 1
like '… the message says so' "$err" 'c \(crash\) was pressed, but 127.0.0.1 still answers$'
serve --listens 0
press --one-way c
exits 'c one-way, with replies' 0
like 'it is proven, too' "$out" '^  c  crash +complete '

# --- Letters that can do nothing ---

serve --any --panicked
press wsub
exits 'wsub is no word' 2
press w,sub
exits 'w,sub on a host that has panicked' 1
is 'w and b are pressed' "$(pressed "$log")" wb
is '… as the lines say' "$(timeless "$out" | grep '^  ' | tr -s ' ')" ' w show-blocked-tasks done T
 s sync not pressed
 u unmount not pressed
 b reboot accepted'
is '… what w prints is shown' "$(timeless "$out" | grep '^\[')" "$(printed w)"
not_pressed='so letters that can do nothing there were not pressed:'
is '… the sentence names the others' "$(< "$err")" \
	"send_sysrq: the kernel of 127.0.0.1 has panicked, $not_pressed s,u"
serve --any --panicked
before=$SECONDS
press safe-poweroff
exits 'safe-poweroff, of which every letter can do nothing' 1
ok '… waits for none of them' [ $((SECONDS - before)) -lt 5 ]
is '… presses nothing' "$(pressed "$log")" ''
is '… and says so' "$(< "$err")" \
	"send_sysrq: the kernel of 127.0.0.1 has panicked, $not_pressed e,i,s,u,o"
run "${at[@]}" -y '127.0.0.[2-3]' safe-poweroff
exits 'the same on two hosts' 1
is '… the line of each host says so' "$(timeless "$out" | sort)" '127.0.0.2 T  panicked, e,i,s,u,o not pressed
127.0.0.3 T  panicked, e,i,s,u,o not pressed'
run "${at[@]}" --json 127.0.0.4 c
exits 'c on a host that has panicked before' 1
is '… is not pressed, and --json says so' \
	"$(json "$out" 'join "|", $o->{result}, $o->{exit}, $o->{steps}[0]{fate}, $o->{message}')" \
	"panicked, c not pressed|1|not pressed|the kernel of 127.0.0.4 has panicked, $not_pressed c"

# --- The log ---

mkdir "$dir/work" && cd "$dir/work" || exit 1
serve --panicked --log-file "$dir/source"
run log "${at[@]}" 127.0.0.1
exits 'log of a host that has panicked' 0
ok '… is the whole log' cmp "$out" "$dir/plain"
press --wait 0.1 diagnose
exits 'diagnose on a host that has panicked' 0
is '… presses w, l and m' "$(pressed "$log")" wlm
(cat "$dir/plain"; printed w; printed l; printed m) > "$dir/expected"
sed -E '/^\[[0-9.]+\] (sysrq: |output of)/s/^\[[0-9.]+\]/[T]/' 127.0.0.1-*.log > "$dir/whole"
ok '… the file has the log, and what they print' cmp "$dir/whole" "$dir/expected"

# --- last-words ---

cd "$dir" && rm -r work && mkdir work && cd work || exit 1
serve --panicked --log-file "$dir/source" --back 300
press --timeout 2 last-words
exits 'last-words' 0
name=$(echo 127.0.0.1-*.log)
ok 'the file has the log' cmp "$name" "$dir/plain"
is 'nobody else may read it' "$(stat -c %a "$name")" 600
is 'b is pressed' "$(pressed "$log")" b
is 'the name of the file is told before b is pressed' \
	"$(sed -E 's/^127.*, has panicked: .*/S/; s/ +/ /g' "$out")" "S
 written to $name
 b reboot accepted"
no_error 'last-words'
rm ./*.log
serve --panicked --log-file "$dir/source" --back 300
press --until-back=20 last-words
exits 'last-words, --until-back' 0
like '… the host is back' "$out" '^127.0.0.1 is back, '
rm ./*.log
serve --any --panicked --log 9
run "${at[@]}" -y '127.0.0.[1-2]' last-words
exits 'last-words of two hosts' 0
is '… the line of each host names its file' \
	"$(timeless "$out" | tr -s ' ' | sort | sed 's/-[0-9]*-[0-9]*.log/-X.log/')" \
	'127.0.0.1 T 127.0.0.1-X.log, reboots
127.0.0.2 T 127.0.0.2-X.log, reboots'
rm ./*.log

# The log is of one boot, and b is not for the next one.
other_boot() { # NAME SENTENCE ARGUMENT…: of the host
	serve --panicked --log 9 "${@:3}"
	press --until-back=20 last-words
	exits "$1" 12
	is "$1: the message says so" "$(< "$err")" "send_sysrq: 127.0.0.1 $2; nothing was pressed"
	like "$1: the name of the file is told" "$out" "^  written to $(echo 127.0.0.1-*.log)$"
	is "$1: nothing is pressed" "$(pressed "$log")" ''
	rm ./*.log
}
other_boot 'a host that reboots by itself when its log is saved' 'has rebooted meanwhile' \
	--after-log reboot
other_boot 'a host that sets its key anew when its log is saved' \
	'has restarted or was restored meanwhile, or its keys were changed' --after-log key
serve --any --panicked --log 9 --host 127.0.0.2 --after-log reboot
run "${at[@]}" -y '127.0.0.[1-2]' last-words
exits 'two hosts, one of which reboots by itself' 12
is '… the line of each host says what became of it' \
	"$(timeless "$out" | tr -s ' ' | sort | sed 's/-[0-9]*-[0-9]*.log/-X.log/')" \
	'127.0.0.1 T 127.0.0.1-X.log, reboots
127.0.0.2 T rebooted meanwhile'
is '… b is pressed on the other one' "$(grep ^press "$log")" 'press b 127.0.0.1'
rm ./*.log

# Who is alive wants a sync before the reboot.
serve --log 9
press last-words
exits 'last-words of a host that has not panicked' 12
is '… the message says why' "$(< "$err")" 'send_sysrq: 127.0.0.1 has not panicked; nothing was pressed'
is '… nothing is pressed' "$(pressed "$log")" ''
is '… no file is written' "$(echo 127*.log)" '127*.log'
serve --any --log 9 --host 127.0.0.2 --log 9 --panicked
run "${at[@]}" -y '127.0.0.[1-2]' last-words
exits 'last-words of two hosts, one of which has not panicked' 12
is '… the line of each host says what became of it' \
	"$(timeless "$out" | tr -s ' ' | sort | sed 's/-[0-9]*-[0-9]*.log/-X.log/')" \
	'127.0.0.1 T has not panicked, nothing was pressed
127.0.0.2 T 127.0.0.2-X.log, reboots'
rm ./*.log

not_saved() { # NAME STATUS REGEX ARGUMENT…: of last-words
	press --timeout 1 "${@:4}" last-words
	exits "$1" "$2"
	like "$1: the message says why" "$err" "$3"
	is "$1: nothing is pressed" "$(pressed "$log")" ''
}

# The loop of docs/panic.md, with a shorter pause
send_sysrq() { # ARGUMENT…
	"$client" "${at[@]}" "${@/web7/127.0.0.1}"
}
serve --listens 0 --log-file "$dir/source"
(eval "${loop/sleep 5/sleep 0.1}") > "$dir/loop" 2>&1 &
pids+=($!)
end=$((SECONDS + 60))
until [ "$(grep -c '^hello' "$log")" -ge 3 ] || [ $SECONDS -ge $end ]; do
	nap
done
is 'the loop of docs/panic.md: a host that is alive is left alone' "$(pressed "$log")" ''
press c
ok '… one that has panicked is rebooted' wait_for "$log" '^press b'
head -n "$(wc -l < "$dir/plain")" 127.0.0.1-*.log > "$dir/saved" # c has made it longer
ok '… after its log is saved' cmp "$dir/saved" "$dir/plain"
end_host # the loop was started last
rm ./*.log

nothing='nothing was pressed on 127.0.0.1, because its log is not saved as a whole$'
serve --panicked --no-log
not_saved 'a log that may not be read' 9 "$nothing"
serve --panicked --log-file "$dir/source" --silent-after 20
not_saved 'a host that falls silent' 4 "$nothing"
like '… the part that was read is told' "$out" "^  written to $(echo 127.0.0.1-*.log)$"
serve --mute
not_saved 'a silent host, which gets nothing one-way' 5 '; nothing was sent$'
serve --panicked --log 9
cd /sys || exit 1 # where not even root makes a file
not_saved 'a folder that takes no file' 13 "$nothing"
like '… the message has the reason' "$err" "^send_sysrq: cannot write '127.0.0.1-[-0-9]+.log': ."
mkdir "$dir/small" && mount -t tmpfs -o size=64k none "$dir/small" 2> "$err" && cd "$dir/small" && {
	serve --panicked --log-file "$dir/source"
	not_saved 'a disk that is full' 13 "$nothing"
	end_host # it works in this folder
	cd / && umount "$dir/small"
}
serve --panicked --log-file "$dir/source" --delay 100
cd "$dir/work" || exit 1
start cut "${at[@]}" 127.0.0.1 last-words
interrupt cut "$log" '^logdata'
is 'SIGINT while the log is read: nothing is pressed' "$(pressed "$log")" ''
like '… as the message says' "$err" "$nothing"
refuses 'last-words one-way' 'last-words and --one-way cannot be combined' \
	"${at[@]}" --one-way 127.0.0.1 last-words
refuses 'last-words among letters' 'last-words alone, or other letters' \
	"${at[@]}" 127.0.0.1 s,last-words
refuses 'a slip' 'expected last-words' "${at[@]}" 127.0.0.1 last-word
run -F none --dry-run "${at[@]}" 127.0.0.1 last-words
is '--dry-run says what would be done first' "$(head -n 2 "$out")" \
	'This would write the kernel log into a file, and then press
  b  reboot'
done_testing
