#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The kernel log, read through the module.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

boot
address=$(vm address "$VM")

readlog() {
	"$BUILD/readlog" "${address%:*}" "${address##*:}" "$@"
}

readlog > "$WORK/log"
guest dmesg -r > "$WORK/dmesg"
ok 'all of it, byte for byte as dmesg has it' cmp "$WORK/log" "$WORK/dmesg"
ok '… which is more than fits one datagram' \
	test "$(stat -c %s "$WORK/log")" -gt 5000

records=$(wc -l < "$WORK/log")
is 'from a later record on' "$(readlog $((records + 100000)) | wc -c)" 0

# Userspace may write records of several lines, and long ones.
guest 'printf "<5>one\ntwo\n" > /dev/kmsg
	printf "<3>%0900d\n" 7 > /dev/kmsg
	for i in $(seq 200); do echo "<6>record $i" > /dev/kmsg; done'
readlog > "$WORK/log"
guest dmesg -r > "$WORK/dmesg"
ok 'records of every shape' cmp "$WORK/log" "$WORK/dmesg"

# Overwritten records are passed over, and the rest is whole. dmesg has one
# buffer for all of it, and leaves out the oldest that do not fit.
vm run --timeout 120 "$VM" 'for i in $(seq 3000); do
		printf "<6>%0100d\n" "$i"
	done | while read -r line; do echo "$line" > /dev/kmsg; done'
readlog > "$WORK/log"
guest dmesg -r > "$WORK/dmesg"
ok 'after the ring has come round' eval \
	'tail -c "$(stat -c %s "$WORK/dmesg")" "$WORK/log" | cmp - "$WORK/dmesg"'
is '… asked for from its first record on' \
	"$(readlog | grep -c '^<5>one$')" 0

guest "echo other > /sys/module/ipt_SYSRQ/parameters/passwd"
ok 'another password reads nothing' eval \
	'! SEND_SYSRQ_PASSWORD=wrong timeout 5 "$BUILD/readlog" "${address%:*}" "${address##*:}"'
done_testing
