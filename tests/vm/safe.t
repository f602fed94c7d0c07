#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The recipe safe-reboot waits for a slow disk, and no byte is lost; s, u and b without
# waits lose some. --until-back waits until the host is back, and says how long it was
# away, or why it may not be back in time.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

boot --disk-rate 2000000

# Writes 20 MB that the kernel keeps off the disk, and takes their checksums
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
	ok '… and their 20 MB are not on the disk yet' test "$dirty" -gt 15000
}

# At least so many seconds were between the letters that print these lines. The log has
# another clock than the module, so 0.1 s less is enough.
apart() { # SECONDS LINE NEXT
	vm console "$VM" | tr -d '\r' |
		awk -F '[][]' -v least="$1" -v line=" sysrq: $2" -v following=" sysrq: $3" '
			$3 == line { from = $2 }
			$3 == following && !to { to = $2 }
			END { print from, to; exit !(from && to - from >= least - 0.1) }'
}

# How many files are there as they were written
files_right() {
	guest "cd /data/files && echo '$sums' | sha256sum -c 2> /tmp/said |
		grep -c ': OK\$'"
}

# --- safe-reboot waits until everything is on the disk ---
write_files
began=${EPOCHREALTIME/[.,]/}
send --until-back safe-reboot
took=$((${EPOCHREALTIME/[.,]/} - began))
note <<< "$out"
is 'safe-reboot: send_sysrq succeeds' "$status" 0
has '… all tasks were told to end' "$out" '^  e  terminate-all-tasks done +[0-9.]+ s$'
has '… and were killed' "$out" '^  i  kill-all-tasks +done +[0-9.]+ s$'
has '… the sync is complete' "$out" '^  s  sync +complete +[0-9]{1,3}\.[0-9] s$'
has '… the remount is complete' "$out" '^  u  unmount +complete +[0-9.]+ s$'
has '… and the host is back' "$out" \
	"^127.0.0.1 is back, it was away for [0-9.]+ s and has been up for [0-9.]+ s\$"
away=$(sed -n 's/.* it was away for \([0-9]*\)\.\([0-9]\) s.*/\1\200000/p' \
	<<< "$out")
ok '… it was away for some time' test "$away" -gt 0
ok '… at least 10 s less than the whole run' test "$((away + 10000000))" -lt "$took"
ok '… it was reset' back
# By the host's clock: the client's times depend on when the answers arrive.
ok '… the tasks had 5 s to end' apart 5 'Terminate All Tasks' 'Kill All Tasks'
ok '… and 2 s more to be gone' apart 2 'Kill All Tasks' 'Emergency Sync'
is '… every byte that was written is there' "$(files_right)" 20
ok '… and e2fsck finds no error' \
	guest 'umount /data && e2fsck -f -n /dev/vda'
guest 'mount /dev/vda /data'

# --- s, u and b without waits ---
write_files
send --wait 0 sub
note <<< "$out"
is 'sub without waits: send_sysrq succeeds' "$status" 0
ok '… and the host resets' back
right=$(files_right)
echo "# of 20 files, $right are as they were written"
ok '… but not every file is there' test "$right" -lt 20

# --- A host that comes back with another password, or not at all ---
guest 'echo other > /sys/module/ipt_SYSRQ/parameters/passwd'
SEND_SYSRQ_PASSWORD=other send --until-back=10 b
is 'a host that comes back with another password: not back in time' "$status" 14
has '… and send_sysrq says what may be the cause' "$out" \
	"^send_sysrq: 127.0.0.1 has not come back within 10\\.0 s: the host is still down, or does not load its module and key at boot\$"
ok '… it was reset' back

# Sends hb, and cuts the network as soon as h is pressed
send_and_cut() { # OPTION…
	send_in_background --wait 3 --timeout 2 "$@" h,b
	until_true 60 eval 'test "$(logged "sysrq: HELP")" = 1' ||
		bail 'no letter is pressed'
	vm link "$VM" down
}

send_and_cut --until-back=5
wait "$client"
is 'a host whose network is down: not back in time' "$?" 14
has '… and send_sysrq says so' "$(cat "$WORK/background")" \
	"^send_sysrq: 127.0.0.1 has not come back within 5\\.0 s: "
ok '… it was reset' back
vm link "$VM" up

send_and_cut --until-back
ok 'another host whose network is down: it is reset' vm wait "$VM" reset
vm link "$VM" up
wait "$client"
is '… and when the network is back, send_sysrq has seen the reboot, but not the end of h' \
	"$?" 4
has '… and says that the host is back' "$(cat "$WORK/background")" \
	"^127.0.0.1 is back, it was away for [0-9.]+ s and has been up for [0-9.]+ s\$"
done_testing
