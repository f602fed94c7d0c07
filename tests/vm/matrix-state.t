#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The rescue matrix judges rightly: a host that is rescued after a sync has its data, one that
# is only reset has lost them, and one where nothing helps is not rescued. What was judged is
# not run again.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

# Two more states, where the guest is idle, and send_sysrq presses the wrong letters
cat "$TOP/lab/states" - > "$WORK/states" << 'END'
state only-reset says='it is reset without a sync' reached=true ours=b reason=.
state only-help says='it is not reset' reached=true ours=h reason=.
END
export STATES=$WORK/states RESULTS=$WORK/results LIMIT=20
kernel=${KERNEL:-6.1}

# The result of ours
judged() { # STATE
	rm -f "$WORK/log"
	"$TOP/lab/matrix" "$1" ours > "$WORK/log" 2>&1 < /dev/null
	cat "$WORK/results/$kernel/$1/ours" 2> /dev/null ||
		tail -n 50 "$WORK/results/$kernel/$1/ours.log" "$WORK/log"
}

has 'all programs are stopped: rescued, with the data' \
	"$(judged stopped)" '^intact [0-9]+\.[0-9] (yes|no)$'
has 'b alone: rescued, and the data are lost' "$(judged only-reset)" '^lost [0-9]+\.[0-9] yes$'
has 'h alone: not rescued' "$(judged only-help)" '^no - yes$'
printf 'no - no\n' > "$WORK/results/$kernel/stopped/ours"
is 'a state that has a result is not run again' "$(judged stopped)" 'no - no'
done_testing
