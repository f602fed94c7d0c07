#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A host without memory: every allocation made on a packet's way through the
# module fails, and its keys are pressed and its replies sent all the same.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/../vm/lib.sh"

boot --params none --no-rule
make_peer
# A key, as a password takes such a kernel half a minute.
new_key alice > "$WORK/alice"
guest "modprobe ipt_SYSRQ mask=1 port=10 \
		operators='alice $(cat "$WORK/alice") all,log'
	iptables-legacy -I INPUT -p udp --dport 9 -j SYSRQ
	ip6tables-legacy -I INPUT -p udp --dport 9 -j SYSRQ
	umask 077; cat > /tmp/key << EOT
$(cat "$WORK/alice")
EOT" || bail 'no module'

# By a rule, and by the listener, which answers in another way
ask_all() { # WITH
	for port in 9 10; do
		for address in 192.0.2.7 2001:db8::7; do
			ok "$1: $address, port $port" guest "
				ip netns exec peer send_sysrq --no-one-way \
				--key-file /tmp/key -p $port $address hm"
		done
	done
}

# The host has been talked to before, so it knows the way back.
ask_all 'with memory'
as alice h
is 'with memory, from outside' "$status" 0

# Of what has a function of the module among its callers, up to so many, only
# what may sleep gets memory.
text=$(guest 'cat /sys/module/ipt_SYSRQ/sections/.text')
size=$(guest "sed -n 's/^ipt_SYSRQ \([0-9]*\) .*/\1/p' /proc/modules")
guest "
	cd /sys/kernel/debug &&
	for fault in failslab fail_page_alloc; do
		echo 32 > \$fault/stacktrace-depth &&
		echo $text > \$fault/require-start &&
		echo $(printf 0x%x $((text + size))) > \$fault/require-end &&
		echo 0 > \$fault/verbose &&
		echo 1000000 > \$fault/times &&
		echo 100 > \$fault/probability || exit
	done
	echo 0 > fail_page_alloc/min-order" || bail 'no faults can be injected'
failed() {
	echo $((1000000 - $(guest cat /sys/kernel/debug/failslab/times)))
}

ask_all 'without memory'
as alice hm
is 'without memory, from outside: keys are pressed, replies come' "$status" 0
is '… 4 by peer with memory, 4 without, 1 from outside' \
	"$(logged 'presses hm')" 9
count=$(failed)
ok "… $count allocations have failed" test "$count" -ge 15
is '… and every reply was sent' \
	"$(guest "sed -n 's/^replies_not_sent //p' /proc/net/ipt_sysrq")" 0
# A sync does nothing then, and is not told to be complete.
as alice --wait s=1 sh
is 'a sync that cannot be made is not told to be complete' "$status" 1
as alice b
is 'b is accepted' "$status" 0
ok '… and works' vm wait "$VM" reset
done_testing
