#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Whatever makes the kernel panic, a host with port= listens then: status, the whole log
# with the reason of the panic, and b. panic.t has more causes.
#
#   this machine                                        guest
#   send_sysrq, askpanic ---------------------- QEMU -- eth0 10.0.2.15
#
# CAUSES="WORD…" takes other causes: see panic.sh.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/vm/panic.sh
. "$(dirname "$0")/panic.sh"

boot_listening

for cause in ${CAUSES:-process softirq nmi hung oom memory disabled stall spinners}; do
	survives "$cause"
done
done_testing
