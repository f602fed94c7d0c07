#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Some letters make the kernel print something, and send_sysrq shows exactly that, below the
# letter's line. --quiet leaves it out, and diagnose writes it into a file, with the log.
# send_sysrq says so when it may not read the log, or when the log is too small.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

boot --append log_buf_len=4M
address=$(vm address "$VM")

# send_sysrq, with its standard output in $WORK/printed and its errors in $WORK/said. While
# the guest prints to its console it receives nothing: for a second, on a busy machine for
# five or more.
press() { # ARGUMENT…
	"$BUILD/send_sysrq" --timeout 60 -p "${address##*:}" "${address%:*}" "$@" \
		> "$WORK/printed" 2> "$WORK/said"
	status=$?
}

# On a slow machine the clocks of the kernel may complain at any time.
without_clocks() {
	sed '/hrtimer: interrupt took/d; /perf: interrupt took/d; /clocksource: /d'
}

# The guest's dmesg, from the last line on that has this end
dmesg_from() { # TEXT
	guest dmesg | without_clocks | awk -v line="$1" '
		substr($0, length($0) - length(line) + 1) == line { n = 0 }
		{ lines[n++] = $0 }
		END { for (i = 0; i < n; i++) print lines[i] }'
}

# Below the letter's line stands what dmesg has.
answered() { # LETTER NAME HEADER
	press "$1"
	is "$1 is pressed" "$status" 0
	has '… it has its line' "$(sed -n 2p "$WORK/printed")" "^  $1  $2 +done +[0-9.]+ s\$"
	tail -n +3 "$WORK/printed" | without_clocks > "$WORK/answer"
	dmesg_from "] sysrq: $3" > "$WORK/expected"
	ok '… with what the kernel prints, as dmesg has it' \
		cmp "$WORK/answer" "$WORK/expected"
	is '… from its first line on' \
		"$(head -n 1 "$WORK/answer" | sed 's/^\[ *[0-9.]*\] //')" "sysrq: $3"
	is '… and no message' "$(cat "$WORK/said")" ''
}

make_tasks() {
	guest 'for i in $(seq 300); do sleep 100000 & done'
}

# --- 300 tasks ---
make_tasks
answered t show-task-states 'Show State'
ok '… and shows all 300 tasks' test "$(grep -c 'task:sleep ' "$WORK/answer")" -eq 300
echo "# $(stat -c %s "$WORK/answer") bytes"

# --- Other letters that print ---
answered w show-blocked-tasks 'Show Blocked State'
ok '… and no task of the module is among them' eval '! grep ipt_SYSRQ "$WORK/answer"'
# Whenever a module comes or goes, the module looks which letters the kernel has.
guest 'while ! [ -e /tmp/enough ]; do modprobe dummy; modprobe -r dummy; done &'
for _ in {1..10}; do
	press w
	[ "$status" -eq 0 ] || break
	cat "$WORK/printed" >> "$WORK/blocked"
done
is '… w is pressed ten times while modules come and go' "$status" 0
unlike '… and again the module is not among them' "$WORK/blocked" look_for_letters
guest ': > /tmp/enough'
answered l show-backtrace-all-active-cpus 'Show backtrace of all active CPUs'
ok '… and shows both CPUs' test \
	"$(grep -c 'backtrace for cpu [01]' "$WORK/answer")" -eq 2
answered m show-memory-usage 'Show Memory'
ok '… and shows the memory' grep -q 'Mem-Info:' "$WORK/answer"
answered p show-registers 'Show Regs'
answered q show-all-timers \
	'Show clockevent devices & pending hrtimers (no others)'

# --- Several, each below its own line ---
press m,s,w,p
is 'several letters are pressed' "$status" 0
is '… and each is followed by its own answer' "$(sed -nE \
	's/^  ([a-z]) .*/\1/p; s/^\[ *[0-9.]+\] sysrq: //p; s/.*(Mem-Info:)$/\1/p' \
	"$WORK/printed" | tr '\n' ,)" \
	'm,Show Memory,Mem-Info:,s,w,Show Blocked State,p,Show Regs,'

# --- --quiet ---
press -q wlm
is '--quiet: the letters are pressed' "$status" 0
is '… and there is one line for the host and one for each letter' \
	"$(wc -l < "$WORK/printed")" 4

# --- diagnose ---
# Its file is written into the working folder.
cd "$WORK" || bail "cannot enter $WORK"
guest dmesg > "$WORK/before"
press diagnose
is 'diagnose succeeds' "$status" 0
file=$(sed -n 's/^  written to //p' "$WORK/printed")
has '… its file is named after the host and the time' "$file" \
	"^${address%:*}-[0-9]{8}-[0-9]{6}\\.log\$"
is '… only its owner may read it' "$(stat -c %a "$file")" 600
is '… the answers are not printed' \
	"$(wc -l < "$WORK/printed")" 5
without_clocks < "$file" > "$WORK/diagnosis"
guest dmesg | without_clocks > "$WORK/after"
ok '… but stand in the file, with the whole log' \
	cmp "$WORK/diagnosis" "$WORK/after"
is '… they are those of w, l and m' "$(tail -n +$(($(wc -l < "$WORK/before") + 1)) "$file" |
	sed -nE 's/^\[ *[0-9.]+\] sysrq: //p' | tr '\n' ,)" \
	'Show Blocked State,Show backtrace of all active CPUs,Show Memory,'

# --- An operator who may not read the log ---
put_table <<< "alice $(new_key alice) all" || bail 'no operators in the guest'
press "${pair[@]}" "$WORK/alice.key" wm
is 'without the permission to read the log the letters are pressed' "$status" 0
is '… there is one line for the host and one for each letter' \
	"$(wc -l < "$WORK/printed")" 3
is '… and one sentence says why there is no answer' "$(cat "$WORK/said")" \
	"send_sysrq: 127.0.0.1 does not permit this operator to read its log, which contains the output of the letters"
press "${pair[@]}" "$WORK/alice.key" -q wm
is '… but not with --quiet' "$(cat "$WORK/said")" ''
press "${pair[@]}" "$WORK/alice.key" diagnose
is '… and diagnose fails' "$status" 9
is '… and writes no file' "$(echo "$WORK"/*.log)" "$WORK/$file"

# --- A log that is too small for the answer ---
stop_guest
boot
address=$(vm address "$VM")
make_tasks
press t
is 'a letter that prints more than the log holds is pressed' "$status" 0
ok '… the end of the answer is shown' \
	grep -q 'Showing busy workqueues' "$WORK/printed"
is '… but not its beginning' "$(grep -c 'sysrq: Show State' "$WORK/printed")" 0
is '… and send_sysrq says so' "$(cat "$WORK/said")" \
	"send_sysrq: a part of the output of 127.0.0.1 could not be read"
done_testing
