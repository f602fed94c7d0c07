#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# QEMU's emulation may raise an int3 that the guest's code does not have; then the guest
# panics, or its boot ends silently. lab/vm boots such a guest again, and does not count that
# as a reset by the guest.
# A guest that panicked for any other reason stays as it is. A guest need not measure how
# fast its counter counts, in which it may be wrong on a busy machine.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

# How often the lab has reset the guest
reset_by_lab() {
	vm events "$VM" | grep -c 'RESET host-qmp-system-reset'
}

boot
# Where the kernel takes the CPU to have another frequency, the counter's own stands last.
mhz=$(vm console "$VM" | sed -n 's/.* tsc: Detected \([0-9]*\)\..*/\1/p' | tail -n 1)
off=$(($("$BUILD/tsckhz") / 1000 - mhz))
ok "the lab tells the guest how fast its counter counts, $mhz MHz" [ "${off#-}" -le 1 ]
guest 'echo "<0>Oops: int3: 0000 [#1]" > /dev/kmsg
	echo c > /proc/sysrq-trigger'
ok 'after an int3 of the emulation the guest boots again' \
	until_true 180 vm run --timeout 5 "$VM" true
is '… and lab/vm does not count that as a reset' "$(vm resets "$VM")" 0

# Not always 1: a guest that boots again may get another such int3 by itself.
before=$(reset_by_lab)
guest 'echo c > /proc/sysrq-trigger'
ok 'after any other panic the guest has panicked' vm wait "$VM" panicked
is '… and the lab does not reset it' "$(reset_by_lab)" "$before"
stop_guest

# A stopped CPU prints nothing, as one that the emulation has led astray.
BOOT_SILENCE=10 boot --no-wait
console_has() { # REGEX
	vm console "$VM" | grep -qa "$1"
}
ok 'a guest begins to boot' until_true 120 console_has 'Linux version'
vm qmp "$VM" stop > "$WORK/reply" || bail 'QEMU does not stop the guest'
! console_has 'as init process' || bail 'the guest has booted too fast to be stopped'
ok '… one that prints nothing before its process 1 is reset' \
	until_true 120 eval '[ "$(reset_by_lab)" -gt 0 ]'
vm qmp "$VM" cont > "$WORK/reply" || bail 'QEMU does not let the guest go on'
ok '… and boots again' vm wait --timeout 400 "$VM" ready
is '… and lab/vm does not count that as a reset' "$(vm resets "$VM")" 0
before=$(reset_by_lab)
ok 'one that is silent later' guest 'sleep 25'
is '… is not reset' "$(reset_by_lab)" "$before"
done_testing
