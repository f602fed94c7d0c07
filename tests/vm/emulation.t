#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A guest that the emulation's own fault ended boots again, whoever waits for it; one
# that panicked stays.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

# How often the lab, not the guest, has reset it
reset_by_lab() {
	vm events "$VM" | grep -c 'RESET host-qmp-system-reset'
}

boot
guest 'echo "<0>Oops: int3: 0000 [#1]" > /dev/kmsg
	echo c > /proc/sysrq-trigger'
ok 'after an int3 that is not there the guest boots again' \
	until_true 180 vm run --timeout 5 "$VM" true
is '… which is no reset of its own' "$(vm resets "$VM")" 0

# Not 1 by all means: a guest that boots again may run into a real int3.
before=$(reset_by_lab)
guest 'echo c > /proc/sysrq-trigger'
ok 'any other panic is one' vm wait "$VM" panicked
is '… and stays' "$(reset_by_lab)" "$before"
done_testing
