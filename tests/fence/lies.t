#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Who stands between the agent and the node cannot make the agent report success: not by
# answers of before, of another node, with changed bits, or held back.
#
#   fence_sysrq --> liar (tests/tools/liar.c) --> responder
# shellcheck source=tests/fence/lib.sh
. "$(dirname "$0")/lib.sh"

# --- Answers of before ---

tape=$dir/tape
serve --listens 0 --back 300
lie record "$tape"
fence off
succeeds 'a relay that only records: off' 'Success: Powered OFF'
fence status
is '… status of the node that has panicked' "$rc" 2
fence reboot
succeeds '… reboot' 'Success: Rebooted'
ok '… and has a tape' test -s "$tape"
lie replay "$tape"
for action in status off reboot on; do
	start_fence "again-$action" "$action"
done
for action in status off reboot on; do
	finish "again-$action"
	fails "$action, answered by the tape alone" 'no answer from host'
done

# --- Another node ---

serve --panicked --back 0
other=$port
serve --listens 0
node=$port
port=$other
for action in status off reboot; do
	start_fence "other-$action" "$action"
done
for action in status off reboot; do
	finish "other-$action"
	fails "$action, passed on to another node" 'no answer from host'
done
# The tape has answers of a node that has panicked, to questions for that node.
port=$other
served=$((served - 1))
rm "$tape"
lie record "$tape"
fence status
is 'the other node has panicked' "$rc" 2
served=$((served + 1))
port=$node
lie replay "$tape"
fence off
fails 'off, answered by what another node said' 'no answer from host'
is '… nothing was pressed' "$(pressed "$log")" ''
# A node under another's name: the addresses of two nodes are swapped.
agent -o off -n "host$((served - 1))" -a 127.0.0.1 -u "$node"
fails 'off with swapped addresses' 'no answer from host'

# --- Changed bits ---

serve --listens 0
lie flip
fence status
fails 'status, of which each copy has a changed bit' 'no answer from host'
fence off
fails 'off, the same' 'no answer from host'

# --- Held back ---

# The node does not reboot. It has a new epoch, and has been up for less time than the
# answers are held back.
serve --immortal --uptime 0 --new-epoch-after 100
lie hold
fence reboot --power-timeout=12
fails 'reboot, with answers that are held back' 'fenced'

# --- Lost ---

serve --listens 0
lie deaf
fence off --power-wait=4
is 'off, proven before the node is cut off: exit 0' "$rc" 0
is '… it says so' "$(< "$out")" 'Success: Powered OFF'
like '… and that the node does not answer any more' "$err" 'does not say so any more'
fence status
fails 'a node that is cut off is not off, though it has panicked' 'no answer from host'
fence off
fails '… nor can off be proven again' 'no answer from host'
done_testing
