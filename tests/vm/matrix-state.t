#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The rescue matrix judges rightly: a host that is rescued after a sync has its data, one that
# is only reset has lost them, and one where nothing helps is not rescued. lab/matrix.t tests
# what is run.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"
tap_end() { :; } # it has no guest of its own

# Two more states, where the guest is idle, and send_sysrq presses the wrong letters
cat "$TOP/lab/states" - > "$WORK/states" << 'END'
state only-reset says='it is reset without a sync' reached=true ours=b reason=.
state only-help says='it is not reset' reached=true ours=h reason=.
END
export STATES=$WORK/states RESULTS=$WORK/matrix LOGS=$WORK/logs LIMIT=20
kernel=${KERNEL:-6.1}

# The result of ours
judged() { # STATE
	rm -f "$WORK/log"
	"$TOP/lab/matrix" "$1" ours > "$WORK/log" 2>&1 < /dev/null
	grep -P "^$kernel\t$1\t" "$WORK/matrix.tsv" ||
		tail -n 50 "$WORK/logs/$kernel/$1/ours.log" "$WORK/log"
}

has 'all programs are stopped: rescued, with the data' \
	"$(judged stopped)" $'\tintact\t[0-9]+\\.[0-9]\t(yes|no)$'
has 'b alone: rescued, and the data are lost' "$(judged only-reset)" $'\tlost\t[0-9]+\\.[0-9]\tyes$'
has 'h alone: not rescued' "$(judged only-help)" $'\tno\t-\tyes$'
done_testing
