#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A host whose kernel.panic is 10 reboots by itself between 10 and 11 s after a panic.
# Without after_panic=1 it hears nothing until then. With it, it listens, and reboots all
# the same: while it is asked all the time, while junk comes at full speed, after a letter
# that takes long, and if its poller or what comes before each poll crashes.
#
#   this machine                                 guest
#   send_sysrq, askpanic, readlog, dd --- QEMU -- eth0 10.0.2.15
#
# With -icount the guest's clock counts instructions, each as 32 ns, so a busy machine
# changes nothing. QEMU stops the guest at its reset. Then the guest's HPET shows how long
# ago the panic was, and the guest goes on from the moment before it.
#
# TIMES=10 has each of them ten times, but for the letter. SITUATIONS="WORD…" takes some of
# them only: see the end.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/vm/panic.sh
. "$(dirname "$0")/panic.sh"

needs qemu-img
qemu-img create -q -f qcow2 "$WORK/snapshots" 1M || bail 'no disk is made'
boot_listening --cpus 1 --params "passwd=$SEND_SYSRQ_PASSWORD mask=1 port=9 after_panic=1" \
	-- -icount shift=5,sleep=off -action shutdown=pause \
	-drive "if=none,file=$WORK/snapshots,format=qcow2"
host=${address%:*} port=${address##*:}
guest 'modprobe sysrq_panic; echo 10 > /proc/sys/kernel/panic'
has 'the host would listen after a panic' "$(asked)" '^panicked 0, hears 1, '
vm save "$VM" before || bail 'the machine is not saved'

monitor() { # COMMAND
	QMP_SECONDS=120 vm qmp "$VM" human-monitor-command "{\"command-line\":\"$1\"}"
}

at_reboot() { # reset|shutdown
	vm qmp "$VM" set-action "{\"reboot\":\"$1\"}"
}

# Brings the guest back to the moment that was saved. After a reset QEMU goes on only when
# it has reset the machine itself. The guest tells the lab that it runs again, as a boot
# does.
restore() {
	at_reboot reset && vm qmp "$VM" system_reset &&
		until_true 60 vm qmp "$VM" cont && monitor 'loadvm before' &&
		at_reboot shutdown &&
		until_true 60 vm run "$VM" 'cat /proc/version > /dev/kmsg'
}

# How often QEMU has stopped the guest at a reset
stops() {
	vm events "$VM" | grep -c 'SHUTDOWN guest-reset'
}

# Waits for the reset, and prints how many s after the panic it came.
reset_after() {
	until_true 240 eval '[ "$(stops)" -gt "$seen" ]' || return
	local now first
	now=$(monitor 'xp /1gx 0xfed000f0' | grep -o '0x[0-9a-f]*')
	first=$(vm console "$VM" | tr -d '\r' | awk '/Linux version/ { t = "" }
		/sysrq_panic: HPET/ && t == "" { t = $NF } END { print t }')
	awk -v ns="$(((now - first) * 10))" 'BEGIN { printf "%.3f\n", ns / 1e9 }'
}

# The time is between two limits, in s, which are 10 and 11 if none are given.
in_time() { # SITUATION [FROM TO]
	local after
	after=$(reset_after) || return
	echo "$after" | tee -a "$WORK/$1"
	awk -v t="$after" -v from="${2:-10}" -v to="${3:-11}" \
		'BEGIN { exit !(t >= from && t <= to) }'
}

# Prints how often the host has panicked since it was restored.
panics() {
	vm console "$VM" | awk '/Linux version/ { n = 0 } /Rebooting in 10 seconds/ { n++ }
		END { print n }'
}

# The host panics in a situation, which may list processes in $others, and reboots in time.
once() { # SITUATION WHAT [FROM TO]
	local what=$2
	restore > "$WORK/restore" 2>&1 ||
		bail "the guest is not restored: $(< "$WORK/restore")"
	seen=$(stops) others=()
	"$1"
	ok '… it reboots in time' in_time "$1" "${@:3}"
	[ ${#others[@]} -eq 0 ] || {
		kill "${others[@]}"
		wait "${others[@]}" 2> /dev/null
	}
}

each_time() { # SITUATION WHAT
	for ((i = 1; i <= ${TIMES:-1}; i++)); do
		once "$@"
	done
	sort -n "$WORK/$1" | awk -v what="$2" '{ t[NR] = $1 }
		END { print what ": after " t[1] " to " t[NR] " s, median " \
			t[int((NR + 1) / 2)] " s" }' | note
}

crash='echo c > /proc/sysrq-trigger'

alone() {
	panic "$crash" "$what"
}

asking() {
	panic "$crash" "$what"
	while kill -0 $$ 2> /dev/null; do
		asked
		read_log
	done > /dev/null 2>&1 &
	others=($!)
}

flood() {
	panic "$crash" "$what"
	for size in 320 1200; do
		dd if=/dev/urandom bs="$size" > "/dev/udp/$host/$port" 2> /dev/null &
		others+=($!)
	done
}

letter() {
	panic "$crash" "$what"
	send --timeout 30 --no-one-way y
	has '… it is pressed, and the host says how long it took' "$out" \
		'^  y  y +done +[3-5]\.[0-9] s'
}

crashing() {
	panic "echo later > $how; ip link set crash0 up; $crash" "$what"
	ok '… its poll crashes three times' until_true 60 eval '[ "$(panics)" -eq 4 ]'
	has '… the host answers by the other card, and counts from the first panic' \
		"$(asked)" '^panicked 1, hears 1, reboots in [1-7], '
}

broken() {
	panic "echo broken > $how; $crash" "$what"
}

unasked() {
	guest 'echo 0 > /sys/module/ipt_SYSRQ/parameters/after_panic'
	has 'with after_panic=0 the host says that it would not listen' "$(asked)" \
		'^panicked 0, hears 0, '
	panic "$crash" "$what"
	send --timeout 3 --no-one-way h
	is '… it does not' "$status" 5
}

declare -A names=(
	[alone]='nobody calls'
	[asking]='asked all the time'
	[flood]='junk at full speed'
	[crashing]='a card whose poll crashes a second after each panic'
	[broken]='what the panic has left crashes the host before each poll'
)
for situation in ${SITUATIONS:-alone asking flood crashing broken}; do
	each_time "$situation" "${names[$situation]}"
done
once letter 'a letter that takes 3 s'
# The kernel alone counts delays, which it has measured at boot.
once unasked 'with after_panic=0' 9 11

restore > /dev/null || bail 'the guest is not restored'
guest 'echo -1 > /proc/sys/kernel/panic'
has 'with kernel.panic below 0 it says that it would not listen' "$(asked)" \
	'^panicked 0, hears 0, '
done_testing
