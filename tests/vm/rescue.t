#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# send_sysrq rescues a host: an idle one, one whose replies or network are lost on the way,
# and one that a fork bomb has filled with processes. Each letter is pressed once, and after
# the end of the one before. Every file that was written is there after the reboot. o and c
# end the host in their own ways.
#
# The guest runs alone: send_sysrq on this machine reaches its eth0, 10.0.2.15, by QEMU.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

boot --disk
address=$(vm address "$VM")

# How many lines of the console match. This asks QEMU, not the guest.
on_console() { # REGEX
	vm console "$VM" | grep -ac -- "$1"
}

# --- An idle host ---
guest 'head -c 2000000 /dev/urandom > /data/file
	sha256sum /data/file > /data/sums'
send sisub
is 'sisub: send_sysrq succeeds' "$status" 0
has '… and shows who answered' "$out" \
	'^[^ ]+ \(127\.0\.0\.1:[0-9]+\)(, calls itself [^ ]+)?: Linux [0-9]+\.[0-9]+\..*, up .*, load .*, .* of .* free$'
has '… the sync is complete' "$out" '^  s  sync +complete +[0-9.]+ s$'
has '… the tasks are killed' "$out" '^  i  kill-all-tasks +done +[0-9.]+ s$'
has '… the remount is complete' "$out" '^  u  unmount +complete +[0-9.]+ s$'
has '… the reboot is accepted' "$out" '^  b  reboot +accepted$'
ok '… and the host comes back' back
ok '… with what was written, though nobody has synced' \
	guest 'cd / && sha256sum -c /data/sums'
is '… every letter was pressed once, after the end of the one before' "$(
	vm console "$VM" | tr -d '\r' |
		sed -n 's/^\[ *[0-9.]*\] \(sysrq: \|\)\(.*\)/\2/p' |
		grep -E '^(Emergency|Kill All)' | tr '\n' ','
)" 'Emergency Sync,Emergency Sync complete,Kill All Tasks,Emergency Sync,Emergency Sync complete,Emergency Remount R/O,Emergency Remount complete,'
ok '… and its line in the log came before the first letter' test "$(
	vm console "$VM" | grep -a -n 'presses sisub' | cut -d: -f1)" -lt "$(
	vm console "$VM" | grep -a -n 'sysrq: Emergency Sync' | head -n 1 | cut -d: -f1)"

# --- One letter ---
send b
is 'b alone: the result leaves before the letter is pressed' "$status" 0
has '… the reboot is accepted' "$out" '^  b  reboot +accepted$'
ok '… and the host reboots' back

# --- A newer command takes over ---
send_in_background --wait 60 h,b
until_true 60 eval 'test "$(logged "presses hb")" = 1'
send h
is 'a newer command is carried out' "$status" 0
wait "$client"
is '… the older command ends, and its end is not seen' "$?" 4
has '… what became of its b, the newer command tells' \
	"$(cat "$WORK/background")" '^  b  reboot +(sent|dropped)'
is '… and b was not pressed' "$(vm resets "$VM")" 2

# --- Nothing comes back ---
# A host takes no one-way command in the first minute after its key was set.
ok 'one-way commands are taken' until_true 180 eval \
	'send --one-way --timeout 2 --host-address 10.0.2.15 h; [ "$status" = 0 ]'
guest 'iptables-legacy -I OUTPUT -o eth0 -j DROP'
send --timeout 2 --host-address 10.0.2.15 sisub
is 'no reply comes back: send_sysrq says "sent", not "done"' "$status" 3
has '… for every letter' "$(grep -c '^  [siub] .* sent' <<< "$out")" '^5$'
ok '… and the host reboots all the same' back

# --- The network dies half way ---
kills=$(on_console 'Kill All Tasks')
send_in_background --wait i=5 --timeout 2 sisub
until_true 60 eval 'test "$(on_console "Kill All Tasks")" -gt "$kills"'
vm link "$VM" down
ok 'the link goes down during the run: the host reboots' back
wait "$client"
is '… send_sysrq says that it has not seen the end' "$?" 4
vm link "$VM" up

# --- More processes than the host has room for ---
ok 'a fork bomb has killed the shell' fork_bomb
# 1,500 tasks slow the first sync down.
send --timeout 60 --wait s=60 sisub
is '… the host is rescued' "$status" 0
has '… the last sync is complete' "$(grep '^  s' <<< "$out" | tail -n 1)" complete
ok '… and comes back' back

# --- Letters that end the host in other ways ---
send c
is 'c is accepted' "$status" 0
ok '… the host panics' vm wait "$VM" panicked
stop_guest
boot
send o
is 'o is accepted' "$status" 0
ok '… the host is off' vm wait "$VM" off
done_testing
