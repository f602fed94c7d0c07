#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Letters, their names and recipes all press the letters that they stand for, once and in
# order, and send_sysrq shows each letter with its name.
# shellcheck source=tests/client/lib.sh
. "$(dirname "$0")/lib.sh"

# --- Names ---

serve --operator=
names='reboot crash show-all-locks terminate-all-tasks memory-full-oom-kill
debug help kill-all-tasks thaw-filesystems sak show-backtrace-all-active-cpus
show-memory-usage nice-all-RT-tasks poweroff show-registers show-all-timers unraw
sync show-task-states unmount force-fb show-blocked-tasks dump-ftrace-buffer
dump-sched-ext replay-kernel-logs reset-sched-ext'
for name in $names; do
	run status "${at[@]}" --need "$name" 127.0.0.1
	sed -n 's/^  missing  //p' "$out"
done > "$dir/letters"
is 'every name means its letter' "$(tr -d '\n' < "$dir/letters")" \
	bcdefghijklmnopqrstuvwzDRS

presses() { # COMMANDS LETTERS
	serve --complete 0
	press --wait 0.02 "$1"
	exits "$1" 0
	is "$1 presses $2" "$(pressed "$log")" "$2"
}
presses sync s
presses sync,unmount,reboot sub
presses s,ub sub
presses s,show-registers,r,q sprq
presses e,su,h esuh
presses su su
presses sb sb
presses suo suo
presses rsub rsub
presses wlm wlm
presses 9t 9t
presses loglevel=7,h 7h
presses loglevel=0 0
presses a,x,y axy
presses D,R,S DRS
presses safe-reboot eisub
presses safe-poweroff eisuo
presses h,safe-reboot heisub

serve --complete 0
press 9q
exits '9q' 0
like 'send_sysrq shows the name of a loglevel' "$out" \
	'^  9  loglevel 9          done         [0-9]+\.[0-9] s$'
press --wait 0 l,s,x
like 'send_sysrq shows the longest name' "$out" \
	'^  l  show-backtrace-all-active-cpus done         [0-9]+\.[0-9] s$'
like 'the longest name widens the column of names' "$out" \
	'^  s  sync                           done'
like 'send_sysrq shows a letter without a name as its own name' "$out" '^  x  x  '

# --- A rescue ---

serve
press sisub
exits 'sisub' 0
is 'sisub presses each letter once, in order' "$(pressed "$log")" sisub
sed -E 's/ +[0-9]+\.[0-9] s$/ T/' "$out" > "$dir/shown"
is 'sisub shows a line for each letter' "$(tail -n +2 "$dir/shown")" "\
  s  sync                complete T
  i  kill-all-tasks      done T
  s  sync                complete T
  u  unmount             complete T
  b  reboot              accepted"
is 'sisub shows the status of the host first' "$(head -1 "$out")" \
	"127.0.0.1 (127.0.0.1:$port), calls itself web7: Linux 6.1.0-56-cloud-amd64,\
 up 11 days 13 h, load 312.0, 58 MB of 16 GB free"
like 'sisub shows columns' "$out" '^  i  kill-all-tasks      done         [0-9]+\.[0-9] s$'
no_error 'sisub'
like 'sisub has the default waits' "$log" \
	'^command .* s=10000\+ i=1000 s=10000\+ u=10000\+ b=0$'
is 'each copy of a datagram comes from a port of its own' \
	"$(awk '/^copy/ { print $5 }' "$log" | sort | uniq -d)" ''
is 'each copy is the same command' "$(count_different "$log" copy 2 3 4)" 1

# --- Letters that end the host ---

for last in b c; do
	serve
	press $last
	exits "$last" 0
	like "$last: send_sysrq shows that it was accepted" "$out" \
		"^  $last  [a-z]+ +accepted$"
	is "$last is pressed once" "$(pressed "$log")" $last
done
serve
press s,o
exits 's,o' 0
like 's,o: send_sysrq shows that o was accepted' "$out" \
	'^  o  poweroff            accepted$'
serve --immortal
press sb
exits 'sb on a host that stays alive' 1
like 'sb on a host that stays alive: the message says so' "$err" \
	'b \(reboot\) was pressed, but 127.0.0.1 still answers'
serve --immortal --stuck
press --timeout 0.5 c
exits 'c on a host that stays alive but does not return from c' 1
like 'c on a host that stays alive: the message says so' "$err" \
	'c \(crash\) was pressed, but 127.0.0.1 still answers'
serve --immortal --stuck --lose 4
press --timeout 0.5 b
exits 'b on a host that stays alive while four datagrams get lost' 1

# A host may call itself as it likes. Only the first line has that name.
printf 'Host web7 WEB7.example.org web70 web\n\tAddress 127.0.0.1\n' > "$dir/config"
serve --immortal
for name in web7 WEB7.example.org; do
	run -F "$dir/config" "${at[@]}" "$name" h
	like "$name is what the host calls itself" "$out" "^${name,,} \(127.0.0.1:$port\): Linux"
done
for name in web70 web; do
	run -F "$dir/config" "${at[@]}" "$name" b
	like "$name: the first line says how the host calls itself" "$out" \
		"^$name \(127.0.0.1:$port\), calls itself web7: Linux"
	like "$name: the sentence has the name that was given" "$err" \
		"^send_sysrq: b \(reboot\) was pressed, but $name still answers"
done
done_testing
