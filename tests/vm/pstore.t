#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# With pstore, the line that says who pressed what is there after the reboot: always after c;
# after b, if the kernel is told to keep the log then, too. ERST is memory of the machine's
# firmware, as servers have it; ramoops is a part of the RAM, which a reset leaves as it was.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

# Presses letters, and waits for the next boot. The console shows a panic until it begins.
reboots_by() { # LETTERS
	vm run "$VM" 'rm -f /sys/fs/pstore/*'
	send "$1"
	vm wait "$VM" reset || bail "$1 does not reset the guest"
	until_true 240 vm wait "$VM" ready || bail "the guest is not back after $1"
	guest 'mount -t pstore pstore /sys/fs/pstore'
}

kept() {
	guest 'cat /sys/fs/pstore/dmesg-* 2> /dev/null'
}

# --- ERST ---

boot -- -object "memory-backend-file,id=erst,mem-path=$WORK/erst,size=64K,share=on" \
	-device acpi-erst,memdev=erst
is 'the firmware has a memory' "$(guest 'cat /sys/module/pstore/parameters/backend')" erst
reboots_by b
is 'b: nothing is kept' "$(kept)" ''
guest 'echo Y > /sys/module/printk/parameters/always_kmsg_dump'
reboots_by sb
kept > "$WORK/kept"
like 'sb, with printk.always_kmsg_dump: the log is kept' "$WORK/kept" '^Emergency#1 Part1'
like '… with who pressed what' "$WORK/kept" ' passwd from 10\.0\.2\.2 presses sb$'
guest 'echo 1 > /proc/sys/kernel/panic'
reboots_by c
kept > "$WORK/kept"
like 'c: the log is kept' "$WORK/kept" '^Panic#1 Part1'
like '… with who pressed what' "$WORK/kept" ' passwd from 10\.0\.2\.2 presses c$'

# --- ramoops ---

stop_guest
# 1 MB, which the kernel does not use. A script loads the module at each boot.
cat > "$WORK/script" << 'END'
modprobe ramoops mem_address=0x10000000 mem_size=0x100000 record_size=0x20000 max_reason=3
END
boot --append 'memmap=1M$0x10000000' --script "$WORK/script"
is 'a part of the RAM is reserved' "$(guest 'cat /sys/module/pstore/parameters/backend')" ramoops
reboots_by sb
kept > "$WORK/kept"
like 'sb, with max_reason=3: the log is kept' "$WORK/kept" '^Emergency#1 Part1'
like '… with who pressed what' "$WORK/kept" ' passwd from 10\.0\.2\.2 presses sb$'
done_testing
