#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The module is loaded and unloaded 500 times and its operators are replaced
# 10,000 times, while two CPUs judge forged and authentic datagrams: replies,
# runs and their timers race with all of it. A debug kernel would report what
# goes wrong. Arguments go to `lab/vm start`.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

loads=500
replacements=20 # each load

alice=$(new_key alice)
bob=$(new_key bob)
# A flooded CPU frees little of what RCU has to, and unloading waits for that.
boot --params none --script "$TOP/tests/guest/silence.sh" \
	--append 'rcutree.blimit=1000 rcutree.kthread_prio=1 rcupdate.rcu_expedited=1' "$@"
# Fewer keys than the module permits, so that it has to lend them. What the
# module needs is loaded with it once.
guest 'ip link set pk0 mtu 9000 && ip -n far link set pk1 mtu 9000 &&
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

# The sum of what both say of a kind of answer
heard() { # WORD
	guest 'cat /tmp/0 /tmp/1' |
		awk -v word="$1" '$1 == word { n += $2 } END { print n + 0 }'
}

flood "$alice" 0
flood "$alice" 1
begun=$SECONDS
# Before the flood, which else would have it wait for its turn
read -r loaded replaced <<< "$(vm run --timeout 900 "$VM" "
	chrt -r 1 reload /lib/modules/*/updates/ipt_SYSRQ.ko \
		$loads $replacements $alice $bob")"
echo "# $((SECONDS - begun)) s"
end_flood
is 'so often it was loaded and unloaded under a flood' "$loaded" "$loads"
is '… and its operators replaced' "$replaced" $((loads * replacements))
# Of what is sent most meets no module, or an operator who has just changed.
for answer in statuses logs accepted; do
	n=$(heard "$answer")
	ok "… $answer: $n answers" test "$n" -ge 100
done

guest "modprobe ipt_SYSRQ mask=1 port=9 operators='alice $alice h'" ||
	bail 'it does not load any more'
as alice h
is 'after all that it presses a key' "$status" 0

done_testing
