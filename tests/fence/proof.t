#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What is not proven is never told as fenced: a node that is silent, deaf, cut off, closed,
# not rebooted, or that only has a new epoch.
# shellcheck source=tests/fence/lib.sh
. "$(dirname "$0")/lib.sh"

# These take some seconds, so they run at the same time.
for action in reboot off on status monitor validate-all; do
	serve --mute
	start_fence "silent-$action" "$action" --power-timeout=2
done
serve
start_fence gone reboot --power-timeout=3
serve --immortal
start_fence immortal reboot --power-timeout=3
serve --immortal --uptime 86400 --new-epoch-after 100
start_fence epoch reboot --power-timeout=3
serve --immortal --uptime 0 --new-epoch-after 100 --restored
start_fence restored reboot --power-timeout=3
serve --listens 999999
start_fence unheard off --power-timeout=3
serve --listens 999999 --back 1000
start_fence rebooted off --power-timeout=3
serve --immortal --listens 0
start_fence unshaken off --power-timeout=3
serve --immortal --delay 600
start_fence slow reboot --power-timeout=3.5
serve --immortal
lie deaf
start_fence leaving reboot --power-timeout=9
serve --panicked
start_fence stays on --power-timeout=3
serve --back 4000 --listens 0
start_fence patient reboot --power-timeout=2 --disable-timeout=true
serve --back 30000
start_fence late reboot --power-timeout=1
serve --back 2000
start_fence wait reboot --power-timeout=30 --power-wait=3

for action in reboot off on status monitor validate-all; do
	finish "silent-$action"
	fails "$action of a silent node" 'no answer from host.* within 5\.0 s.* nothing was sent'
done
finish gone
fails 'reboot of a node that does not come back' \
	'has not answered for [3-5]\.. s, so nothing proves that it is fenced'
finish immortal
fails 'reboot of a node that does not reboot' \
	'nothing proves that .* is fenced: .* it had not rebooted, and had been up for 11 days'
finish epoch
fails 'reboot of a node that only has another epoch' \
	'nothing proves that .* it had another epoch without a reboot: .* another machine'
finish restored
fails 'reboot of a node that was restored from a snapshot of its first seconds' \
	'nothing proves that .* it had another epoch, as it had been restored from a snapshot'
finish unheard
fails 'off of a node that is silent after c, though it said that it would listen' \
	'has not answered for .* s, so nothing proves that it is fenced'
finish rebooted
fails 'off of a node that reboots in place of it' \
	'nothing proves that .* it had rebooted, and ran again, and had been up for'
finish unshaken
fails 'off of a node that does not panic' \
	'nothing proves that .* its kernel had not panicked, and had been up for'
finish stays
fails 'on of a node that does not come back' 'has not answered for .* nothing proves'
finish slow
fails 'reboot of a node whose answers are late: it answered before the last question' \
	'when it answered last, [0-4]\.. s ago, it had not rebooted'
finish leaving
fails 'reboot of a node that answers at first, and then no more' \
	'has not answered for [5-9]\.. s, so nothing proves that it is fenced'
finish patient
succeeds 'reboot with disable_timeout' 'Success: Rebooted'
finish late
fails 'reboot of a node that is back after power_timeout' 'nothing proves that it is fenced'
finish wait
succeeds 'reboot with power_wait' 'Success: Rebooted'

agent -o reboot -n host1 -a 127.0.0.1 -u 1
fails 'a port that is closed' 'nothing was sent'
agent -o status -n host1 -a no.such.name.invalid
fails 'a name without an address' 'cannot be asked: '
serve --back 500
end_host
fence reboot
fails 'a host that has ended' 'nothing was sent'

# A question that began before the boot proves nothing. When it was a long one, the next
# begins at once: by the clock of the host, both answers come within a second.
asks_at_once() {
	serve --back 4000 --booting 2
	fence reboot --verbose
	[ "$(< "$out")" = 'Success: Rebooted' ] &&
		sed -n 's/.* answers: epoch .*, up \([0-9.]*\) s$/\1/p' "$err" |
		awk '{ up[NR] = $1 } END { exit !(NR == 3 && up[3] - up[2] < 0.9) }'
}
# A machine that is slow for a moment has more than one try.
ok 'after a long question there is no pause' eval \
	'asks_at_once || asks_at_once || asks_at_once'
done_testing
