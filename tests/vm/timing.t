#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A wrong tag takes the kernel the same time whichever of its bytes is wrong. The guest
# counts instructions: with -icount each takes one tick. A comparison that ends at the first
# wrong byte shows that the count would see a difference.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

boot --cpus 1 --params none --no-rule -- -icount shift=0,sleep=off
ok 'the module that measures loads' guest modprobe sysrq_timing
guest dmesg | sed -n 's/.*sysrq_timing: byte //p' > "$WORK/times"

# All times of a kind, each once
times() { # opens|compares
	sed "s/.*$1 in \([0-9]*\).*/\1/" "$WORK/times" | sort -nu
}

is 'each of the 16 bytes of the tag is measured' "$(wc -l < "$WORK/times")" 16
note < "$WORK/times"
is 'a datagram takes the same time whichever byte is wrong' "$(times opens | wc -l)" 1
ok '… and it is opened: that takes more than 1000 instructions' \
	test "$(times opens | head -n 1)" -gt 1000
is 'a comparison that ends early takes 16 different times' "$(times compares | wc -l)" 16
done_testing
