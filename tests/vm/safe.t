#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A reboot that waits for a slow disk loses nothing; and how a reboot is waited for.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

boot --disk-rate 2000000

# Writes 20 MB that the disk does not get by itself, and takes their sums.
write_files() {
	sums=$(guest '
		cd /proc/sys/vm
		echo 0 > dirty_writeback_centisecs
		echo 360000 > dirty_expire_centisecs
		echo 80 > dirty_ratio
		echo 70 > dirty_background_ratio
		rm -rf /data/files
		mkdir /data/files
		cd /data/files
		sync
		for i in $(seq 20); do
			head -c 1000000 /dev/urandom > $i
		done
		sha256sum *')
	ok '20 files are written' test "$(wc -l <<< "$sums")" -eq 20
	dirty=$(guest "awk '/^Dirty:/ { print \$2 }' /proc/meminfo")
	ok '… and their 20 MB not on the disk' test "$dirty" -gt 15000
}

back() {
	vm wait "$VM" reset && vm wait "$VM" ready
}

# apart SECONDS LINE NEXT: so much time at least was between the keys that print these.
# The log has another clock than the module's waits, so a little less will do.
apart() {
	vm console "$VM" | tr -d '\r' |
		awk -F '[][]' -v least="$1" -v line=" sysrq: $2" -v following=" sysrq: $3" '
			$3 == line { from = $2 }
			$3 == following && !to { to = $2 }
			END { print from, to; exit !(from && to - from >= least - 0.1) }'
}

# How many of the files are there as they were
files_right() {
	guest "cd /data/files && echo '$sums' | sha256sum -c 2> /tmp/said |
		grep -c ': OK\$'"
}

# --- Until everything is on the disk ---
write_files
began=${EPOCHREALTIME/[.,]/}
send --until-back safe-reboot
took=$((${EPOCHREALTIME/[.,]/} - began))
note <<< "$out"
is 'safe-reboot: the client is content' "$status" 0
has '… all were told to end' "$out" '^  e  terminate-all-tasks done +[0-9.]+ s$'
has '… and killed' "$out" '^  i  kill-all-tasks +done +[0-9.]+ s$'
has '… the sync took its time' "$out" '^  s  sync +complete +[0-9]{1,3}\.[0-9] s$'
has '… the remount is complete' "$out" '^  u  unmount +complete +[0-9.]+ s$'
has '… and the host back' "$out" \
	"^$VM is back, it was away for [0-9.]+ s and has been up for [0-9.]+ s\$"
away=$(sed -n 's/.* it was away for \([0-9]*\)\.\([0-9]\) s.*/\1\200000/p' \
	<<< "$out")
ok '… away for some time' test "$away" -gt 0
ok '… which was not all of it' test "$((away + 10000000))" -lt "$took"
ok '… it was reset' back
# By the host's clock: the client's times are from answer to answer, late or not.
ok '… they had 5 s to end' apart 5 'Terminate All Tasks' 'Kill All Tasks'
ok '… and 2 s more to be gone' apart 2 'Kill All Tasks' 'Emergency Sync'
is '… every byte that was written is there' "$(files_right)" 20
ok '… and the filesystem in order' \
	guest 'umount /data && e2fsck -f -n /dev/vda'
guest 'mount /dev/vda /data'

# --- The same keys as fast as they go, as it used to be done ---
write_files
send --wait 0 sub
note <<< "$out"
is 'sub in one go: the client is content' "$status" 0
ok '… and the host reset' back
right=$(files_right)
echo "# of 20 files, $right are as they were written"
ok '… but not every byte is there' test "$right" -lt 20

# --- A host that comes back without the key, or not at all ---
guest 'echo other > /sys/module/ipt_SYSRQ/parameters/passwd'
SEND_SYSRQ_PASSWORD=other send --until-back=10 b
is 'a host that comes back with another password: not back in time' "$status" 14
has '… it is told why' "$out" \
	"^send_sysrq: $VM has not come back within 10\\.0 s: it is still down, or does not load its module and key at boot\$"
ok '… it was reset' back

# Sends hb, and cuts the network as soon as h is pressed.
send_and_cut() {
	send_in_background --wait 3 --timeout 2 "$@" hb
	until_true 60 eval 'test "$(logged "sysrq: HELP")" = 1' ||
		bail 'no key is pressed'
	vm link "$VM" down
}

send_and_cut --until-back=5
wait "$client"
is 'a host whose network is down: not back in time' "$?" 14
has '… neither' "$(cat "$WORK/background")" \
	"^send_sysrq: $VM has not come back within 5\\.0 s: "
ok '… it was reset' back
vm link "$VM" up

send_and_cut --until-back
ok 'its network is down: it is reset' vm wait "$VM" reset
vm link "$VM" up
wait "$client"
is '… and is back when the network is: the end was not seen, but the reboot' \
	"$?" 0
has '… it is told so' "$(cat "$WORK/background")" \
	"^$VM is back, it was away for [0-9.]+ s and has been up for [0-9.]+ s\$"
done_testing
