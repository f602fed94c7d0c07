#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A host of arm64 is rescued while it runs, and when its kernel has panicked, with 1 CPU
# and with 4. After a panic o does not switch it off, and it says so.
#
#   this machine                                        guest
#   send_sysrq, askpanic, readlog ------------- QEMU -- eth0 10.0.2.15
#
# Its userspace is busybox. Its card is not on PCI in the first half, and on PCI in the
# second one.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/../vm/lib.sh"
# shellcheck source=tests/vm/panic.sh
. "$(dirname "$0")/../vm/panic.sh"

needs qemu-system-aarch64
KERNEL=${KERNEL:-6.12-arm64}
lines[hardirq]='Oops - BUG: Fatal exception in interrupt'

# --- One CPU ---
boot_listening --cpus 1 --card virtio-net-device
has 'before a panic, the host says that it would listen' "$(asked)" \
	'^panicked 0, hears 1, reboots in 0, '
for cause in c init hardirq; do
	survives "$cause"
done
stop_guest

# --- Four CPUs, while the host runs ---
boot_listening --cpus 4 --disk
is 'the guest is an arm64 machine' "$(guest uname -m)" aarch64
client() { # SUBCOMMAND
	"$BUILD/send_sysrq" "$1" -p "${address##*:}" "${address%:*}"
}
has 'the status has its kernel' "$(client status)" \
	'^  kernel   Linux .*-arm64 on 4 CPUs$'
has '… and says that a panic would not make it deaf' "$(client status)" \
	'^  panic    would go on listening after it'
is 'its log is whole' "$(client log)" "$(guest dmesg)"
guest 'head -c 2000000 /dev/urandom > /data/file
	sha256sum /data/file > /data/sums'
send sub
is 'sub: send_sysrq succeeds' "$status" 0
has '… the sync is complete' "$out" '^  s  sync +complete +[0-9.]+ s$'
has '… the remount is complete' "$out" '^  u  unmount +complete +[0-9.]+ s$'
has '… the reboot is accepted' "$out" '^  b  reboot +accepted$'
ok '… and the host comes back' back
ok '… with what was written, though nobody has synced' \
	guest 'cd / && sha256sum -c /data/sums'

# --- Four CPUs, after a panic ---
for cause in c init hardirq; do
	survives "$cause"
done

# Where a panicked host waits, interrupts still come.
guest 'modprobe sysrq_late' || bail 'no test module in the guest'
vm run --timeout 30 "$VM" 'echo > /sys/module/sysrq_late/parameters/now' \
	> "$WORK/now" 2>&1
panicked 'an interrupt will wait for a lock of the CPU that has panicked'
ok '… it answers' until_true 60 eval 'asked | grep "^panicked 1"'
up() {
	asked | sed -n 's/.* up \([0-9]*\) s.*/\1/p'
}
due=$(($(up) + 15))
ok '… and still does when the interrupt is due' \
	until_true 60 eval '[ "$(up)" -ge "$due" ]'
rescued 'an interrupt will wait for a lock'

panic "echo crash > $how; ip link set crash0 up; sleep 0.2; echo c > /proc/sysrq-trigger" \
	'the poll of one of two cards crashes'
rescued 'sysrq triggered crash'

send c
has 'c over the network: the panic is its proof' "$out" '^  c  crash +complete'
send s,h,o
has '… then s is not pressed' "$out" '^  s  sync +not pressed'
has '… nor is o' "$out" '^  o  poweroff +not pressed'
has '… h is done' "$out" '^  h  help +done'
send b
ok '… and b resets the host' reset
done_testing
