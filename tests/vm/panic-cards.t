#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A host with port= listens after a panic whatever its card is, and how many CPUs it has.
# Each cause of a panic occurs with each card, and with 1 and 4 CPUs; panic.t and
# panic-causes.t have 2.
#
#   this machine                                        guest
#   send_sysrq, askpanic ---------------------- QEMU -- eth0 10.0.2.15
#
# CARD=MODEL names a card as QEMU does. By default it is e1000e, or vmxnet3 where the kernel
# has no driver for that one, as Debian's kernels for the cloud.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/vm/panic.sh
. "$(dirname "$0")/panic.sh"

# Each guest is looked at before it is stopped.
tap_end() { :; }

with() { # CARD CPUS CAUSE…
	boot_listening --card "$1" --cpus "$2"
	note <<< "$1, CPUs: $2"
	for cause in "${@:3}"; do
		survives "$cause"
	done
	[ "${CARD-}" ] || ! guest 'modinfo e1000e' > /dev/null 2>&1 || card=e1000e
	ok 'the kernel has reported nothing' no_report
	vm stop "$VM"
}

card=${CARD:-vmxnet3}
some='process hardirq hung spin nmi'
others='c init softirq oom stall'
# shellcheck disable=SC2086 # lists of words
{
	with virtio-net-pci 1 $some
	with virtio-net-pci 4 $others
	with "$card" 1 $others
	with "$card" 2 c
	with "$card" 4 $some
}
