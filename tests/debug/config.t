#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The debug kernel, or that of KERNEL, has each option that the lab wants it to have: kconfig
# drops one that it cannot set.
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/tap.sh
. tests/tap.sh

kernel=${KERNEL:-debug}
wanted=$(sed -n '/^CONFIG_.*=/p' lab/guest.config "lab/$kernel.config" | sort -u)
has 'the lab wants options' "$wanted" 'CONFIG_'
is '… and the kernel has them all' \
	"$(comm -23 <(echo "$wanted") <(sort "$(lab/kernel "$kernel")/build/.config"))" ''
done_testing
