# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the tests of a host that has panicked share. Sourced after lib.sh.

# The panics themselves are reports: BUG, Oops, soft lockup.
no_report() {
	vm console "$VM" | grep -aq . && ! vm console "$VM" |
		grep -aE 'WARNING:|KASAN|UBSAN|unregister_netdevice: waiting|INFO: (possible|suspicious|trying|inconsistent)'
}

# Boots a guest that would listen after a panic, with the options of `lab/vm start`.
boot_listening() {
	boot --no-rule --params \
		"passwd=$SEND_SYSRQ_PASSWORD key=$(private_key host) mask=1 port=9" "$@"
	address=$(vm address "$VM")
}

# What the host says of a panic
asked() {
	"$BUILD/askpanic" "${address%:*}" "${address##*:}"
}

how=/sys/module/sysrq_panic/parameters/how

panicked() { # WHY
	ok "$1: the host panics" vm wait --timeout 120 "$VM" panicked ||
		bail 'the rest needs the panic'
}

# The host panics while the guest carries the command out.
panic() { # COMMAND WHY
	guest 'modprobe sysrq_panic' || bail 'no test module in the guest'
	vm run --timeout 60 "$VM" "$1" > /dev/null 2>&1
	panicked "$2"
}

# The console shows the panic until the next boot begins.
reset() {
	vm wait --timeout 60 "$VM" reset
}
booted() {
	until_true 180 vm wait "$VM" ready || bail 'the guest does not come back'
}

# The whole log of the host, in $WORK/log
read_log() {
	"$BUILD/readlog" "${address%:*}" "${address##*:}" > "$WORK/log"
}

# Notes the time from a moment to another one, or to now. It is not judged: a busy machine
# is slow.
took() { # WHAT SINCE [UNTIL]
	awk -v what="$1" -v since="$2" -v until="${3:-$EPOCHREALTIME}" \
		'BEGIN { printf "%s: %.2f s\n", what, until - since }' | note
}

# The host answers, its whole log can be read, and it is reset by b.
rescued() { # THE PANIC'S LINE
	local since said
	ok '… and answers' until_true 120 eval 'asked | grep "^panicked 1"'
	said=$(asked)
	has '… it says that it has panicked, and does not reboot by itself' "$said" \
		'^panicked 1, hears 1, reboots in 0, '
	note <<< "status: ${said##*, }"
	since=$EPOCHREALTIME
	ok '… its whole log can be read' read_log
	took 'log' "$since"
	like '… from the first line' "$WORK/log" 'Linux version'
	like '… to the reason of the panic' "$WORK/log" \
		"Kernel panic - not syncing: $1"
	since=$EPOCHREALTIME
	send b
	is '… b is accepted' "$status" 0
	ok '… and resets the host' reset || bail 'the rest needs the reset'
	took 'b' "$since" \
		"$(vm events "$VM" | awk '/ RESET guest/ { t = $1 } END { print t }')"
	booted
}

# --- The causes of a panic: what the guest does, and the panic's line ---
declare -A triggers=(
	[c]='echo c > /proc/sysrq-trigger'
	# Nobody can send init a signal that ends it. So its stack is overwritten.
	[init]='set -- $(sed -n "s/^\([0-9a-f]*\)-\([0-9a-f]*\) .*\[stack\]$/0x\1 0x\2/p" /proc/1/maps)
		dd if=/dev/zero of=/proc/1/mem conv=notrunc bs=4096 seek=$(($1 / 4096)) \
			count=$((($2 - $1) / 4096))
		kill -HUP 1
		sleep 3'
	[process]="echo 1 > /proc/sys/kernel/panic_on_oops; sleep 0.2; echo process > $how"
	[softirq]="sleep 0.2; echo softirq > $how"
	[hardirq]="sleep 0.2; echo hardirq > $how"
	[line]="sleep 0.2; modprobe sysrq_line; busybox arping -c 1 -I eth0 10.0.2.2"
	[hung]="echo 2 > /proc/sys/kernel/hung_task_timeout_secs
		echo 1 > /proc/sys/kernel/hung_task_panic
		sleep 0.2; echo sleep > $how"
	[oom]='echo 2 > /proc/sys/vm/panic_on_oom; echo 1 > /proc/sys/vm/overcommit_memory
		dd if=/dev/zero of=/dev/null bs=1G count=1'
	[memory]="sleep 0.2; echo memory > $how"
	[disabled]="sleep 0.2; echo disabled > $how"
	[spin]="echo 5 > /proc/sys/kernel/watchdog_thresh
		echo 1 > /proc/sys/kernel/softlockup_panic
		sleep 0.2; echo spin > $how"
	[stall]="echo 0 > /proc/sys/kernel/soft_watchdog
		echo 3 > /sys/module/rcupdate/parameters/rcu_cpu_stall_timeout
		echo 1 > /proc/sys/kernel/panic_on_rcu_stall
		sleep 0.2; echo stall > $how"
	# Linux 5.10 has no threaded NAPI.
	[spinners]="[ ! -e /sys/class/net/eth0/threaded ] ||
			echo 1 > /sys/class/net/eth0/threaded
		echo 0 > /proc/sys/kernel/soft_watchdog
		echo 10 > /sys/module/rcupdate/parameters/rcu_cpu_stall_timeout
		echo 1 > /proc/sys/kernel/panic_on_rcu_stall
		$real_time_spinners"
	[nmi]='echo 1 > /proc/sys/kernel/unknown_nmi_panic'
)
declare -A lines=(
	[c]='sysrq triggered crash'
	[init]='Attempted to kill init!'
	[process]='Fatal exception$'
	[softirq]='Fatal exception in interrupt'
	[hardirq]='Fatal exception in interrupt'
	[line]='Fatal exception in interrupt'
	[hung]='hung_task: blocked tasks'
	[oom]='Out of memory: .*panic_on_oom is enabled'
	[memory]='no memory is left'
	[disabled]='the polling of eth0 is disabled'
	[spin]='softlockup: hung tasks'
	[stall]='RCU Stall'
	[spinners]='RCU Stall'
	[nmi]='NMI: Not continuing'
)

# The host panics, and is rescued. QEMU makes the NMI. A driver needs its tasks until the
# link is up.
survives() { # CAUSE
	until_true 60 guest 'grep -q 1 /sys/class/net/eth0/carrier' ||
		bail 'the card has no link'
	if [ "$1" = nmi ]; then
		guest "${triggers[nmi]}" && vm nmi "$VM"
		panicked nmi
	else
		panic "${triggers[$1]}" "$1"
	fi
	rescued "${lines[$1]}"
}
