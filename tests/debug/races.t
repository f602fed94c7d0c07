#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# While two CPUs judge forged and authentic datagrams, the module is loaded and unloaded 100
# times, and its operators are replaced 1,000 times. Replies, runs and their timers race
# with all of it. A debug kernel reports what goes wrong, and must report nothing.
#
#   namespace far (no address)          guest
#   pk1  ------- the cable ----------   pk0 198.51.100.1, 2001:db8:77::1
#   forge mixed on CPU 0, on CPU 1      reload: loads and unloads the module
#
# tests/guest/forge.c and reload.c are the programs. Arguments go to `lab/vm start`.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/../vm/lib.sh"

loads=100
replacements=10 # in each load

alice=$(new_key alice)
bob=$(new_key bob)
# A flooded CPU frees little of what RCU has to free, and unloading waits for that.
boot --params none --script "$TOP/tests/guest/silence.sh" \
	--append 'rcutree.blimit=1000 rcutree.kthread_prio=1 rcupdate.rcu_expedited=1' "$@"
# kernel.sysrq permits fewer letters than the module, so that the module has to lend them.
# The first load also loads what the module needs. The console shows warnings, which
# reports are, but not the notice of each change, which would keep it busy.
guest 'dmesg -n 5 && ip link set pk0 mtu 9000 && ip -n far link set pk1 mtu 9000 &&
	echo 16 > /proc/sys/kernel/sysrq &&
	modprobe ipt_SYSRQ && rmmod ipt_SYSRQ' || bail 'it does not load'

flood() { # KEY CPU
	guest "ip netns exec far forge $1 $2 mixed > /tmp/$2 2>&1 &"
}

end_flood() {
	guest 'killall forge'
	until_true 20 guest 'grep -q ^ms /tmp/0 && grep -q ^ms /tmp/1' ||
		guest 'cat /tmp/0 /tmp/1'
}

# How many answers of a kind both have got
heard() { # WORD
	guest 'cat /tmp/0 /tmp/1' |
		awk -v word="$1" '$1 == word { n += $2 } END { print n + 0 }'
}

flood "$(shared_key alice)" 0
flood "$(shared_key alice)" 1
begun=$SECONDS
# Before the flood in the scheduler's order; else it would wait for its turn
read -r loaded replaced <<< "$(vm run --timeout 1800 "$VM" "
	chrt -r 1 reload /lib/modules/*/updates/ipt_SYSRQ.ko \
		$loads $replacements $(private_key host) $alice $bob")"
echo "# $((SECONDS - begun)) s"
end_flood
is "the module was loaded and unloaded $loads times under a flood" "$loaded" "$loads"
is "… and its operators were replaced $replacements times in each load" "$replaced" $((loads * replacements))
# Most datagrams meet no module, or an operator who has just changed.
# A command takes two of them.
for answer in statuses:100 logs:100 accepted:1; do
	n=$(heard "${answer%:*}")
	ok "… ${answer%:*}: $n answers" test "$n" -ge "${answer#*:}"
done

guest "modprobe ipt_SYSRQ mask=1 port=9 key=$(private_key host) operators='alice $alice h'" ||
	bail 'it does not load any more'
as alice h
is 'after all that a letter is pressed' "$status" 0

done_testing
