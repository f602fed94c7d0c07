#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Through the module the kernel log is read byte for byte as dmesg has it: records of every
# shape, over many datagrams, and also when the oldest records were overwritten. Without
# the key nobody reads it.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

boot
address=$(vm address "$VM")

readlog() {
	"$BUILD/readlog" "${address%:*}" "${address##*:}" "$@"
}

readlog > "$WORK/log"
guest dmesg -r > "$WORK/dmesg"
ok 'the log is read whole, byte for byte as dmesg has it' cmp "$WORK/log" "$WORK/dmesg"
ok '… and is more than one datagram holds' \
	test "$(stat -c %s "$WORK/log")" -gt 5000

records=$(wc -l < "$WORK/log")
is 'from a record on that is not there yet: nothing' "$(readlog $((records + 100000)) | wc -c)" 0

# Programs may write records of several lines, and long ones.
guest 'printf "<5>one\ntwo\n" > /dev/kmsg
	printf "<3>%0900d\n" 7 > /dev/kmsg
	for i in $(seq 200); do echo "<6>record $i" > /dev/kmsg; done'
readlog > "$WORK/log"
guest dmesg -r > "$WORK/dmesg"
ok 'records of every shape are read' cmp "$WORK/log" "$WORK/dmesg"

# readlog passes over the records that were overwritten. dmesg reads into one buffer,
# and leaves out the oldest records that do not fit, so only the end is compared.
vm run --timeout 120 "$VM" 'for i in $(seq 3000); do
		printf "<6>%0100d\n" "$i"
	done | while read -r line; do echo "$line" > /dev/kmsg; done'
readlog > "$WORK/log"
guest dmesg -r > "$WORK/dmesg"
ok 'after old records were overwritten, the rest is read whole' eval \
	'tail -c "$(stat -c %s "$WORK/dmesg")" "$WORK/log" | cmp - "$WORK/dmesg"'
is '… and what was overwritten is left out' \
	"$(readlog | grep -c '^<5>one$')" 0

ok 'the host takes another password' guest 'echo other > /sys/module/ipt_SYSRQ/parameters/passwd'
ok '… with which the log is read' eval 'SEND_SYSRQ_PASSWORD=other readlog > "$WORK/log"'
is '… with the former password nothing is read' "$(readlog; echo "status $?")" 'status 1'
done_testing
