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
serve --listens 999999
start_fence unheard off --power-timeout=3
serve --panicked
start_fence stays on --power-timeout=3
serve --back 4000 --listens 0
start_fence patient reboot --power-timeout=2 --disable-timeout=true
serve --back 3000
start_fence late reboot --power-timeout=1
serve --back 2000
start_fence wait reboot --power-timeout=3 --power-wait=3

for action in reboot off on status monitor validate-all; do
	finish "silent-$action"
	fails "$action of a silent node" 'no answer from host.* within 5\.0 s.* nothing was sent'
done
finish gone
fails 'reboot of a node that does not come back' \
	'does not answer any more, so nothing proves that it is fenced'
finish immortal
fails 'reboot of a node that does not reboot' 'is not fenced, it has not rebooted: it answers'
finish epoch
fails 'reboot of a node that only has another epoch' 'is not fenced, it has not rebooted'
finish unheard
fails 'off of a node that is silent after c, though it said that it would listen' \
	'does not answer any more, so nothing proves that it is fenced'
finish stays
fails 'on of a node that does not come back' 'does not answer any more'
finish patient
succeeds 'reboot with disable_timeout' 'Success: Rebooted'
finish late
fails 'reboot of a node that is back after power_timeout' 'nothing proves that it is fenced'
finish wait
succeeds 'reboot with power_wait' 'Success: Rebooted'

agent -o reboot -n host1 -a 127.0.0.1 -u 1
fails 'a port that is closed' 'nothing was sent'
agent -o status -n host1 -a no.such.name.invalid
fails 'a name without an address' 'has no address'
serve --back 500
end_host
fence reboot
fails 'a host that has ended' 'nothing was sent'
done_testing
