#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A sync is work for a worker of the CPU on which s is pressed. If a task hangs on the CPU that
# takes the packets, s and u are pressed on another one, also a busy one, and complete. A CPU
# that takes no interrupts does not stop the look for another one. The next letter is pressed
# even if the timer of the run is on the CPU that hangs.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

# The second CPU takes the packets, and a task hangs there. The third one, if there is one, takes
# no interrupts. After that no process may start in the guest, and its console may stop.
second_hangs() { # LAB-VM-OPTION…
	boot --disk "$@"
	guest 'modprobe sysrq_slow
		echo 0 > /proc/sys/kernel/watchdog
		echo 1 > /sys/module/rcupdate/parameters/rcu_cpu_stall_suppress
		for irq in /proc/irq/[0-9]*; do
			echo 2 > $irq/smp_affinity
		done 2> /dev/null
		head -c 2000000 /dev/urandom > /data/file
		[ ! -e /sys/devices/system/cpu/cpu2 ] || taskset 4 setsid sh -c \
			"sleep 1; echo y > /proc/sysrq-trigger" > /dev/null 2>&1 &
		taskset 2 setsid sh -c "sleep 1; echo 200 > /sys/module/sysrq_slow/parameters/spin" \
			> /dev/null 2>&1 &'
	ok 'a task hangs on the second CPU, which takes the packets' until_true 60 \
		shows 1 'sysrq_slow: CPU 1 spins'
}
shows() { # COUNT REGEX
	local address log
	address=$(vm address "$VM")
	log=$("$BUILD/send_sysrq" log -p "${address##*:}" "${address%:*}")
	tail -n 5 <<< "$log"
	[ "$(grep -c "$2" <<< "$log")" -eq "$1" ]
}

if [[ ${KERNEL:-} = *-rt ]]; then
	boot
	skip 'a task hangs on the second CPU' 'with PREEMPT_RT no letter looks for another CPU'
	done_testing
fi
busy() {
	guest 'taskset 1 setsid sh -c "while :; do :; done" > /dev/null 2>&1 &'
	until_true 60 guest 'grep -l "^Cpus_allowed:.*1$" /proc/[0-9]*/status |
		xargs grep -q "^State:.R"'
}

# Prints the shortest time from a command to its sync, in s, and succeeds below half a second.
found() {
	local address
	address=$(vm address "$VM")
	"$BUILD/send_sysrq" log -p "${address##*:}" "${address%:*}" | tr -d '[]' | awk '
		/presses s$/ { at = $1 }
		/sysrq: Emergency Sync/ && at { t = $1 - at; if (!n++ || t < least) least = t }
		END { print least; exit !(n == 5 && least < 0.45) }'
}

copies() {
	guest 'awk "/^repeated/ { print \$2 }" /proc/net/ipt_sysrq'
}

second_hangs
send --wait s=30 s,h
has 'a sync is complete all the same' "$out" '^  s  sync +complete'
ok 'the other CPU is busy' busy
for i in 1 2 3 4 5; do
	send --wait s=30 s
	has "a sync is complete there, too ($i)" "$out" '^  s  sync +complete'
done
is 'all six were asked for, and have ended' "$(logged 'Emergency Sync')" 12
# Where none is found, the letter is pressed after 0.5 s, and may be pressed there by chance.
ok '… and that CPU was found, not taken by chance' found
# On Linux 7.3 u waits for RCU, and so for the CPU that hangs. A sync after it waits for u.
send --wait s=30 --wait u=30 s,u
has 'a sync before a remount is complete there, too' "$out" '^  s  sync +complete'
stop_guest

second_hangs
# Before Linux 6.5, the softirqs of the second CPU wait for a thread after these packets. A copy of
# the command takes the timer there, and then no packet comes any more.
address=$(vm address "$VM")
for ((i = 0; i < 3000; i++)); do
	echo junk > "/dev/udp/${address%:*}/${address##*:}"
done
"$BUILD/send_sysrq" --timeout 60 --no-one-way --wait j=8 -p "${address##*:}" "${address%:*}" \
	j,h > "$WORK/sent" 2>&1 &
ok 'j is pressed' until_true 60 \
	eval 'vm console "$VM" | grep -qa "Emergency Thaw complete"' || note < "$WORK/sent"
copies=$(copies)
ok '… and a copy of the command comes' until_true 60 \
	eval '[ "$(copies)" -gt "$copies" ]'
kill -9 $!
wait $! 2> /dev/null
vm link "$VM" down
ok '… and h is pressed without another packet' until_true 60 \
	eval 'vm console "$VM" | grep -qa "sysrq: HELP"'

if [[ ${KERNEL:-} = @(debug|kcsan) ]]; then
	skip 'behind a CPU that takes no interrupts, s is pressed' 'this kernel has two CPUs'
	done_testing
fi
stop_guest

second_hangs --cpus 3
ok 'the third one takes no interrupts' until_true 60 shows 1 'sysrq: Deaf'
send --wait s=0 s
has 'behind that CPU, s is pressed on the first one' "$out" \
	'^  s  sync +(pressed|done|complete)'
send h
ok '… once' shows 1 'sysrq: Emergency Sync'
done_testing
