#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# On a host without free memory every allocation on a packet's way through the module fails.
# The letters are pressed, and the replies are sent, all the same.
#
#   +------- peer ------+     +-------------- guest --------------+
#   | veth1 192.0.2.1   |-----| veth0 192.0.2.7, 2001:db8::7      |
#   |       2001:db8::1 |     | port 9: rules   port 10: listener |
#   | send_sysrq        |     | eth0 10.0.2.15                    |
#   +-------------------+     +--------|--------------------------+
#                              QEMU, to send_sysrq on this machine
#
# peer is a network namespace of the guest.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/../vm/lib.sh"

boot --params none --no-rule
make_peer
# A key, because such a kernel takes half a minute for a password.
alice=$(new_key alice)
guest "modprobe ipt_SYSRQ mask=1 port=10 key=$(private_key host) \
		operators='alice $alice all,log'
	iptables-legacy -I INPUT -p udp --dport 9 -j SYSRQ
	ip6tables-legacy -I INPUT -p udp --dport 9 -j SYSRQ
	umask 077; cat > /tmp/key << EOT
$(private_key alice)
EOT
	mkdir -p /etc/send_sysrq
	echo 'host $host_public' > /etc/send_sysrq/known_hosts" || bail 'no module'

# The rule answers on port 9; the listener, which answers in another way, on port 10.
ask_all() { # WITH
	for port in 9 10; do
		for address in 192.0.2.7 2001:db8::7; do
			ok "$1: $address, port $port" guest "
				ip netns exec peer send_sysrq --no-one-way \
				--known-as host --key-file /tmp/key -p $port $address hm"
		done
	done
}

# The host is asked before its memory is taken, so that it knows the way back.
ask_all 'with memory'
as alice h
is 'with memory, from outside' "$status" 0

# Every allocation fails that has a function of the module among its 32 nearest callers,
# unless it may sleep.
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
is 'without memory, from outside: letters are pressed, replies come' "$status" 0
is '… in all 4 times by peer with memory, 4 without, and once from outside' \
	"$(logged 'presses hm')" 9
count=$(failed)
ok "… $count allocations have failed" test "$count" -ge 15
is '… and every reply was sent' \
	"$(guest "sed -n 's/^replies_not_sent //p' /proc/net/ipt_sysrq")" 0
# Without memory a sync does nothing.
as alice --wait s=1 s,h
is 'a sync that cannot be done is not shown as complete' "$status" 1
as alice b
is 'b is accepted' "$status" 0
ok '… and the host resets' vm wait "$VM" reset
done_testing
