#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A run in progress gives way to its own operator, and to those who may press the letters
# that it has not pressed yet; everybody else is refused. Each letter is judged again when
# its turn comes: what is no longer permitted then is not pressed, and the client says so.
# (tests/vm/stuck.t shows that everybody may end a run that is stuck.)
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

P=/sys/module/ipt_SYSRQ/parameters
alice="alice $(new_key alice)"
second="alice $(new_key second)" # another key of hers
low="low $(new_key low)"
syncer="syncer $(new_key syncer)"
noc="noc $(new_key noc)"
boot

# Puts these lines in force as the table.
table() { # LINE…
	printf '%s\n' "$@" | put_table || bail 'the table is refused'
}
all=("$alice all" "$second h" "$low h" "$syncer s" "$noc loglevel")

# The operator with that key begins a run in the background, and its first letter is
# pressed.
begins() { # KEY LETTERS SECONDS
	runs=$(logged ' presses ')
	send_in_background "${pair[@]}" "$WORK/$1.key" --wait "$3" "$2"
	until_true 60 eval '[ "$(logged " presses ")" -gt "$runs" ]' ||
		bail "$1 presses no letter"
}

# Waits until the client of the run has ended, and checks its exit status.
ended() { # NAME STATUS
	wait "$client"
	is "$1" "$?" "$2"
}

table "${all[@]}"

# --- Who may end whose run ---
begins alice h,s 600
as low h
is 'who may not press the s of a run does not end the run' "$status" 12
has '… and hears why' "$out" 'busy with the command of another operator'
is '… the log tells of it' \
	"$(logged "low from [0-9.]+ is refused h: a run is in progress that it may not end")" 1
has '… and so do the counters' "$(guest cat /proc/net/ipt_sysrq)" '^refused_busy 1$'
as second h
is 'another key of the same operator ends the run' "$status" 0
ended '… of which alice hears' 1
begins alice h,s 600
as syncer s
is 'who may press the s ends the run' "$status" 0
ended '… of which alice hears' 1
begins alice h,m 600
as low h
is 'a letter that only shows something protects no run' "$status" 0
ended '… of which alice hears' 1
begins noc 7,7,7 600
as low h
is 'nor does one that only sets the level of the log' "$status" 0
ended '… of which noc hears' 1
begins alice h,s 600
table "$low h"
as low h
is 'the run of an operator who was taken away keeps nobody waiting' "$status" 0
ended '… and alice gets no more answers' 4
table "${all[@]}"
begins alice h,s 600
table "$alice h" "$low h"
as low h
is 'nor does the run of one who may not press its next letter any more' "$status" 0
ended '… of which alice hears' 1
table "${all[@]}"
mask=/sys/module/ipt_SYSRQ/parameters/mask
begins alice h,s 600
guest "echo 64 > $mask"
as low h
is 'nor does one whose next letter the host does not permit any more' "$status" 0
ended '… of which alice hears' 1
guest "echo 1 > $mask"
is 'of all these runs no later letter was pressed' \
	"$(logged 'sysrq: (Emergency Sync|Show Memory)$')" 1

# --- What is no longer permitted is not pressed ---
withdrawn() { # WHAT
	is "… the log names the letter" \
		"$(logged 'the run of alice ends before m: the letter is no longer permitted$')" 1
	is '… and the kernel was not asked to press it' \
		"$(logged 'sysrq: (Show Memory|This sysrq operation is disabled)')" 0
}

# While a run is between h and m, the guest does the command.
between() { # COMMAND
	guest 'dmesg -c > /dev/null'
	begins alice h,m,h 10
	guest "$1"
}
between 'echo 0 > /proc/sys/kernel/sysrq'
ended 'kernel.sysrq becomes 0: alice hears that not all was pressed' 1
like '… and of which letter' "$WORK/background" 'no longer permitted'
withdrawn
guest 'echo 1 > /proc/sys/kernel/sysrq'
between "echo 16 > $P/mask"
ended 'the bit of m goes out of the mask: alice hears it' 1
withdrawn
guest "echo -1 > $P/mask"
between "echo 1 > $P/mask"
ended 'a mask that permits more does not disturb a run' 0
between "echo 0 > $P/mask"
ended 'the mask becomes 0: alice hears it' 1
withdrawn
guest "echo 1 > $P/mask"

table "${all[@]}"
begins alice h,m,h 10
guest 'dmesg -c > /dev/null'
table "$alice h" "$second h"
ended 'alice may no longer press m: she hears it' 1
withdrawn
table "${all[@]}"
begins alice h,m,h 10
guest 'dmesg -c > /dev/null'
table "$second all"
ok 'alice is taken away: her run ends' until_true 60 eval \
	'[ "$(logged "the run of alice ends before m")" = 1 ]'
withdrawn
ended '… and she gets no more answers' 4

# --- How long each step took, by the host's own clock ---
table "${all[@]}"
as alice --json --wait 2 h,h
is 'each of two steps with a wait of 2 s takes 2 s' \
	"$(grep -Eo '"seconds": ?2\.[0-4]' <<< "$out" | wc -l)" 2

# --- A last letter that waits for the client ---
# If it is not permitted any more at its turn, it is logged then. The host waits for 250 ms
# after a question. It was told earlier that the client had heard, if its turn was earlier:
# once is enough, as a busy machine is slow.
turn_of_b() {
	begins alice n,b 3
	guest "echo 8 > $P/mask"
	wait "$client"
	[ $? = 1 ] || return 1
	guest "dmesg -c; echo 1 > $P/mask" |
		sed -n 's/^\[ *\([0-9.]*\)\] \(.*\)/\1 \2/p' |
		awk '/sysrq: Nice All RT Tasks/ { n = $1 } /ends before b:/ { b = $1 }
			END { print "the turn of b came " b - n " s after n"; exit !(n && b && b - n < 3.25) }'
}
table "${all[@]}"
guest 'dmesg -c > /dev/null'
ok 'b does not wait any more once the client has said that it has heard' until_true 300 turn_of_b
guest "echo -1 > $P/mask"

# --- The last letter ---
# A client that gets no answer any more takes the host for gone. So its last letter is pressed.
table "${all[@]}" "last $(new_key last) all"
# Without a fork, and on the CPU that does not pause: there are 250 ms for it.
guest "cat > /tmp/take_away << 'EOT'
while :; do
	while read -r name value; do
		[ \$name != accepted ] || [ \$value = \$1 ] || break 2
	done < /proc/net/ipt_sysrq
done
echo '$second all' > /proc/net/ipt_sysrq
EOT
for cpu in 1 2; do
	taskset \$cpu sh /tmp/take_away \$(sed -n 's/^accepted //p' /proc/net/ipt_sysrq) > /dev/null 2>&1 &
done"
as last b
is 'last is taken away before her b is pressed: she hears that it was' "$status" 0
ok '… and so it is' vm wait --timeout 60 "$VM" reset
done_testing
