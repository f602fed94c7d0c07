#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The kernel's report of a sync counts also when it comes after the end of the command, and
# when the log has been written over since. Otherwise no later sync would be complete.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

boot --disk-rate 200000
guest 'head -c 4000000 /dev/urandom > /data/file'
reported() {
	guest 'dmesg -s 4000000' > "$WORK/dmesg" && grep 'Emergency Sync complete' "$WORK/dmesg"
}
not_reported() {
	guest 'dmesg -s 4000000' > "$WORK/dmesg" && ! grep 'Emergency Sync complete' "$WORK/dmesg"
}
send --wait s=1 s
has 'a slow disk: the sync is not complete in time' "$out" '^  s  sync +not complete +[0-9.]+ s$'
ok '… and not reported' not_reported

guest 'cd /sys/kernel/tracing && echo 1 > events/timer/timer_expire_entry/enable && : > trace'
ok 'the kernel reports the sync later' until_true 180 reported
ok '… and the timer of the run has looked for it, though nobody waits for it' \
	guest 'grep "on_timer.*ipt_SYSRQ" /sys/kernel/tracing/trace'
ok '… and in the end looks no more' until_true 60 guest '
	: > /sys/kernel/tracing/trace
	sleep 3
	! grep -q "on_timer.*ipt_SYSRQ" /sys/kernel/tracing/trace'

written_over() {
	guest 'dmesg -n 1
		for i in $(seq 500); do echo "this line takes the room of others" > /dev/kmsg; done'
	not_reported
}
ok 'the log is written over' until_true 120 written_over
send --timeout 60 --wait s=60 s
has 'the next sync is complete' "$out" '^  s  sync +complete +[0-9.]+ s$'

# --- Somebody on the host has begun one, too ---
# Each sync writes twice what there is. So both would end together, if nothing were written
# meanwhile.
guest 'head -c 5000000 /dev/urandom > /data/file
	while [ ! -e /tmp/stop ]; do
		i=$((i + 1))
		head -c 20000 /dev/urandom > /data/more$i
		sleep 0.2
	done > /dev/null 2>&1 &
	echo marker > /dev/kmsg
	echo s > /proc/sysrq-trigger'
send --timeout 60 --wait s=200 s,h
has 'the sync is complete, though another one was under way' "$out" '^  s  sync +complete'
guest 'touch /tmp/stop; dmesg -s 4000000' | sed -n '/marker/,$p' > "$WORK/dmesg"
is '… and the next letter was pressed when both had ended' \
	"$(sed -nE 's/.*(Emergency Sync( complete)?$|HELP).*/\1/p' "$WORK/dmesg" | tr '\n' ',')" \
	'Emergency Sync,Emergency Sync,Emergency Sync complete,Emergency Sync complete,HELP,'

# --- What cannot be known ---
# A test module counts syncs that nobody does, by a clock of its own.
guest 'modprobe sysrq_report' || bail 'the test module does not load'
steps() { # STEP…
	guest "p=/sys/module/sysrq_report/parameters/step
		for step in $*; do
			case \$step in
			clear) dmesg -c > /dev/null ;;
			flood) for i in \$(seq 5000); do echo \$i > /dev/kmsg; done ;;
			*) echo \$step > \$p || exit ;;
			esac
		done
		cat \$p"
}
is 'a sync is complete when the kernel says so' "$(steps press look; steps end look)" 'open
complete'
is 'with a sync of somebody else, when it says so twice' \
	"$(steps begin press look; steps end look; steps end look)" 'open
open
complete'
is 'after ten minutes, it is not known whose sync has ended' \
	"$(steps begin press look; steps end 600 look; steps end look)" 'open
open
open'
is '… and the next one counts anew' "$(steps press look; steps end look)" 'open
complete'
is 'the line of a sync may be cleared: it is not complete' \
	"$(steps press look; steps end clear begin end look)" 'open
open'
is '… nor is the next one, as the line may still come' "$(steps press look; steps end look)" 'open
open'
is '… which ten minutes later counts once more, and once only' \
	"$(steps 600 look; steps press look; steps end look; steps 600 look
		steps press look; steps end look)" 'open
open
open
open
open
complete'
is 'the line may be cleared, and nothing may come after it: it is the same' \
	"$(steps press look; steps end clear look; steps 600 look
		steps press look; steps end look; steps 600 look; steps press look; steps end look)" 'open
open
open
open
open
open
open
complete'
is 'the log may be written over while a sync hangs, which ends after the next one has begun' \
	"$(steps press look; steps flood look; steps 601 look; steps press look; steps end look
		steps end look)" 'open
open
open
open
open
complete'
is 'a sync of somebody else may end after the next one of ours has begun' \
	"$(steps begin press look; steps end 600 look; steps press look; steps end look
		steps end look)" 'open
open
open
open
complete'
done_testing
