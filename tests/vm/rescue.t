#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What the project is for: keys pressed, step by step, on a host that hangs.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

boot --disk
address=$(vm address "$VM")

# Waits until the guest was reset and is there again.
back() {
	vm wait "$VM" reset && vm wait "$VM" ready
}

# How often a line has stood on the console, which needs nothing of the guest
on_console() {
	vm console "$VM" | grep -ac -- "$1"
}

# --- An idle host ---
guest 'head -c 2000000 /dev/urandom > /data/file
	sha256sum /data/file > /data/sums'
send sisub
is 'sisub: the client is content' "$status" 0
has '… and shows who answered' "$out" \
	'^[^ ]+ \(127\.0\.0\.1:[0-9]+\): Linux [0-9]+\.[0-9]+\..*, up .*, load .*, .* of .* free$'
has '… the sync complete' "$out" '^  s  sync +complete +[0-9.]+ s$'
has '… the tasks killed' "$out" '^  i  kill-all-tasks +done +[0-9.]+ s$'
has '… the remount complete' "$out" '^  u  unmount +complete +[0-9.]+ s$'
has '… the reboot accepted' "$out" '^  b  reboot +accepted$'
ok '… and the host comes back' back
ok '… with what was written, never synced by hand' \
	guest 'cd / && sha256sum -c /data/sums'
is '… every key pressed once, each after the end of the one before' "$(
	vm console "$VM" | tr -d '\r' |
		sed -n 's/^\[ *[0-9.]*\] \(sysrq: \|\)\(.*\)/\2/p' |
		grep -E '^(Emergency|Kill All)' | tr '\n' ','
)" 'Emergency Sync,Emergency Sync complete,Kill All Tasks,Emergency Sync,Emergency Sync complete,Emergency Remount R/O,Emergency Remount complete,'
ok '… its audit line came before the first key' test "$(
	vm console "$VM" | grep -a -n 'presses sisub' | cut -d: -f1)" -lt "$(
	vm console "$VM" | grep -a -n 'sysrq: Emergency Sync' | head -n 1 | cut -d: -f1)"

# --- One key ---
send b
is 'b alone: the result leaves before the key is pressed' "$status" 0
has '… accepted' "$out" '^  b  reboot +accepted$'
ok '… and reboots' back

# --- A newer command takes over ---
send_in_background --wait 60 hb
until_true 60 eval 'test "$(logged "presses hb")" = 1'
send h
is 'a newer command is carried out' "$status" 0
wait "$client"
is '… the older one ends as not complete' "$?" 1
has '… what became of its key is for the newer one to tell' \
	"$(cat "$WORK/background")" '^  b  reboot +(sent|dropped)'
is '… and was not pressed' "$(vm resets "$VM")" 2

# --- Nothing comes back ---
guest 'iptables-legacy -I OUTPUT -o eth0 -j DROP'
send --timeout 2 --host-address 10.0.2.15 sisub
is 'no reply path: the client says sent, not done' "$status" 3
has '… for every key' "$(grep -c '^  [siub] .* sent' <<< "$out")" '^5$'
ok '… and the host reboots all the same' back

# --- The network dies half way ---
kills=$(on_console 'Kill All Tasks')
send_in_background --wait i=5 --timeout 2 sisub
until_true 60 eval 'test "$(on_console "Kill All Tasks")" -gt "$kills"'
vm link "$VM" down
ok 'the link goes down after the first key: the host reboots' back
wait "$client"
is '… the client says that it has not seen the end' "$?" 4
vm link "$VM" up

# --- More processes than the host has room for ---
ok 'a fork bomb: the shell is dead' fork_bomb
# The first sync takes as long as 1,500 tasks let it.
send --timeout 60 --wait s=60 sisub
is '… the host is rescued' "$status" 0
has '… the last sync complete' "$(grep '^  s' <<< "$out" | tail -n 1)" complete
ok '… and comes back' back

# --- Keys that end the host otherwise ---
send c
is 'c: accepted' "$status" 0
ok '… the host panics' vm wait "$VM" panicked
vm stop "$VM"
boot
send o
is 'o: accepted' "$status" 0
ok '… the host is off' vm wait "$VM" off
done_testing
