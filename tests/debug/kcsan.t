#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# On the kernel with KCSAN, a race of a module is reported, and counts for that module only.
# So where the VM tests hear of no race, KCSAN has watched. `make check-kcsan` runs this.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/../vm/lib.sh"

boot --params none --no-rule
guest 'modprobe sysrq_race' || bail 'the test module does not load'

# Are there reports in which the module has a part?
raced() { # MODULE
	races_of "$1" | grep -a 'BUG: KCSAN: data-race in '
}

# Races once more, as KCSAN watches few accesses.
race() {
	guest 'echo > /sys/module/sysrq_race/parameters/race'
	raced sysrq_race
}
ok 'a race of a module is reported' until_true 300 race
ok '… and none of another module' eval '! raced ipt_SYSRQ'
done_testing
