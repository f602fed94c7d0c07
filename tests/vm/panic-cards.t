#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A host with port= listens after a panic whatever its card is, and how many CPUs it has.
# Of the kernels of tests/matrix.t each has a part of the causes, so that each cause occurs
# with each card, and with 1 and 4 CPUs. All causes with 2 are in panic.t and
# panic-causes.t.
#
#   this machine                                        guest
#   send_sysrq, askpanic ---------------------- QEMU -- eth0 10.0.2.15
#
# The other cards are e1000e, and once vmxnet3 and rtl8139. Debian's cloud kernels have no
# driver for e1000e and rtl8139, so the guest has the kernel for real machines then. CAUSES="WORD…" takes other
# causes: see panic.sh.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/vm/panic.sh
. "$(dirname "$0")/panic.sh"

kernel=${KERNEL:-6.1}
case $kernel in
5.10*) words='c stall' ;;
6.1 | 6.1.*) words='init nmi' ;;
6.12*-rt*) words='c init process softirq hardirq hung oom spin stall nmi' ;;
6.12*) words='process hung' ;;
*) words='softirq oom hardirq spin' ;;
esac
read -ra causes <<< "${CAUSES:-$words}"
half=$((${#causes[@]} / 2))
some=("${causes[@]:0:half}")
others=("${causes[@]:half}")

[[ $kernel = *-rt* ]] || kernel=${kernel%-cloud-amd64}-amd64
lab/module "$kernel" > "$WORK/module" 2>&1 ||
	bail "the module does not build for Linux $kernel: $(< "$WORK/module")"

# Each guest is looked at before it is stopped.
tap_end() { :; }

append=''
with() { # CARD CPUS CAUSE…
	note <<< "$1, CPUs: $2"
	boot_listening --card "$1" --cpus "$2" --append "$append"
	for cause in "${@:3}"; do
		survives "$cause"
	done
	stop_guest
}

with virtio-net-pci 1 "${some[@]}"
with virtio-net-pci 4 "${others[@]}"
with vmxnet3 2 c
KERNEL=$kernel
with e1000e 1 "${others[@]}"
with e1000e 2 c
with e1000e 4 "${some[@]}"
# These drivers then wait for the end of the interrupt in which the host has panicked. The
# second one also asks the interrupt controller for it.
append=e1000e.IntMode=0
with e1000e 2 line
append=''
with rtl8139 1 line
done_testing
