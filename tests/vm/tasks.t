#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What the kernel prints for a key, printed by send_sysrq as its answer.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

boot --append log_buf_len=4M
address=$(vm address "$VM")

# press ARGUMENT…: standard output in $WORK/printed, errors in $WORK/said. While it
# prints on its console the guest hears nothing: a second, on a busy machine five or more.
press() {
	"$BUILD/send_sysrq" --timeout 60 -p "${address##*:}" "${address%:*}" "$@" \
		> "$WORK/printed" 2> "$WORK/said"
	status=$?
}

# A slow machine has its clocks complain of themselves, at any time.
without_clocks() {
	sed '/hrtimer: interrupt took/d; /perf: interrupt took/d; /clocksource: /d'
}

# The guest's dmesg from the last line on that ends like this
dmesg_from() {
	guest dmesg | without_clocks | awk -v line="$1" '
		substr($0, length($0) - length(line) + 1) == line { n = 0 }
		{ lines[n++] = $0 }
		END { for (i = 0; i < n; i++) print lines[i] }'
}

# answered KEY NAME HEADER: below the key's line stands what dmesg has
answered() {
	press "$1"
	is "$1: pressed" "$status" 0
	has '… its line' "$(sed -n 2p "$WORK/printed")" "^  $1  $2 +done +[0-9.]+ s\$"
	tail -n +3 "$WORK/printed" | without_clocks > "$WORK/answer"
	dmesg_from "] sysrq: $3" > "$WORK/expected"
	ok '… and what it prints, as dmesg has it' \
		cmp "$WORK/answer" "$WORK/expected"
	is '… from its first line on' \
		"$(head -n 1 "$WORK/answer" | sed 's/^\[ *[0-9.]*\] //')" "sysrq: $3"
	is '… and nothing else' "$(cat "$WORK/said")" ''
}

make_tasks() {
	guest 'for i in $(seq 300); do sleep 100000 & done'
}

# --- 300 tasks ---
make_tasks
answered t show-task-states 'Show State'
ok '… all 300 tasks' test "$(grep -c 'task:sleep ' "$WORK/answer")" -eq 300
echo "# $(stat -c %s "$WORK/answer") bytes"

# --- Other keys that print ---
# The module looks which keys there are once it is loaded, in a task that is
# blocked meanwhile. Datagrams do not have it look again at once.
ok 'the module has looked for keys, and could look again' until_true 60 guest '
	! cat /proc/[0-9]*/stack | grep -q look_for_keys &&
	[ "$(cut -d. -f1 /proc/uptime)" -ge 20 ]'
answered w show-blocked-tasks 'Show Blocked State'
ok '… none of which is this module'"'"'s' eval '! grep ipt_SYSRQ "$WORK/answer"'
answered l show-backtrace-all-active-cpus 'Show backtrace of all active CPUs'
ok '… of both CPUs' test \
	"$(grep -c 'backtrace for cpu [01]' "$WORK/answer")" -eq 2
answered m show-memory-usage 'Show Memory'
ok '… some' grep -q 'Mem-Info:' "$WORK/answer"
answered p show-registers 'Show Regs'
answered q show-all-timers \
	'Show clockevent devices & pending hrtimers (no others)'

# --- Several, each below its own line ---
press mswp
is 'several keys' "$status" 0
is '… each one followed by its own answer' "$(sed -nE \
	's/^  ([a-z]) .*/\1/p; s/^\[ *[0-9.]+\] sysrq: //p; s/.*(Mem-Info:)$/\1/p' \
	"$WORK/printed" | tr '\n' ,)" \
	'm,Show Memory,Mem-Info:,s,w,Show Blocked State,p,Show Regs,'

# --- --quiet ---
press -q wlm
is '--quiet: pressed' "$status" 0
is '… one line for the host, and one a key' \
	"$(wc -l < "$WORK/printed")" 4

# --- diagnose ---
# In the folder that is the working folder.
cd "$WORK" || bail "cannot enter $WORK"
guest dmesg > "$WORK/before"
press diagnose
is 'diagnose: carried out' "$status" 0
file=$(sed -n 's/^  written to //p' "$WORK/printed")
has '… its file is named' "$file" \
	"^${address%:*}-[0-9]{8}-[0-9]{6}\\.log\$"
is '… for its owner alone' "$(stat -c %a "$file")" 600
is '… the answers are in it, and not printed' \
	"$(wc -l < "$WORK/printed")" 5
without_clocks < "$file" > "$WORK/diagnosis"
guest dmesg | without_clocks > "$WORK/after"
ok '… which holds all of the log, the answers too' \
	cmp "$WORK/diagnosis" "$WORK/after"
is '… w, l and m' "$(tail -n +$(($(wc -l < "$WORK/before") + 1)) "$file" |
	sed -nE 's/^\[ *[0-9.]+\] sysrq: //p' | tr '\n' ,)" \
	'Show Blocked State,Show backtrace of all active CPUs,Show Memory,'

# --- An operator who may not read the log ---
table="alice $(new_key alice) all"
guest "echo '$table' > /sys/module/ipt_SYSRQ/parameters/operators" ||
	bail 'no operators in the guest'
press --key-file "$WORK/alice.key" wm
is 'without the permission to read the log: pressed' "$status" 0
is '… one line for the host, and one a key' \
	"$(wc -l < "$WORK/printed")" 3
is '… and one sentence' "$(cat "$WORK/said")" \
	"send_sysrq: $VM does not permit this operator to read its log, where the answer stands"
press --key-file "$WORK/alice.key" -q wm
is '… none with --quiet' "$(cat "$WORK/said")" ''
press --key-file "$WORK/alice.key" diagnose
is '… no diagnosis' "$status" 9
is '… and no file of one' "$(echo "$WORK"/*.log)" "$WORK/$file"

# --- A log that has no room for all of it ---
vm stop "$VM"
boot
address=$(vm address "$VM")
make_tasks
press t
is 'more than the log holds: pressed' "$status" 0
ok '… the rest of it is printed' \
	grep -q 'Showing busy workqueues' "$WORK/printed"
is '… but no beginning' "$(grep -c 'sysrq: Show State' "$WORK/printed")" 0
is '… and it is told so' "$(cat "$WORK/said")" \
	"send_sysrq: not all that $VM printed could be read"
done_testing
