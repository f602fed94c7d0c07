#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A CPU that was stopped by the panic of another one holds locks. Whatever they are, a host
# with port= listens: status, the whole log with the reason of the panic, and b.
#
#   this machine                                        guest
#   send_sysrq, askpanic ---------------------- QEMU -- eth0 10.0.2.15
#
# tests/module/sysrq_panic.c takes the locks. LOCKS="WORD…" has it take some of them only.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/vm/panic.sh
. "$(dirname "$0")/panic.sh"

boot_listening

for locks in ${LOCKS:-held conntrack console port neighbour socket}; do
	# Each packet is tracked, and each reply would be.
	guest 'iptables -A INPUT -m conntrack --ctstate INVALID -j DROP' ||
		bail 'no connection tracking in the guest'
	panic "sleep 0.2; echo $locks > $how" "the locks of the word $locks"
	rescued 'another CPU holds the locks'
done
done_testing
