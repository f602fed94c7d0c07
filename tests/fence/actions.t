#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Each action of fence_sysrq does what the cluster expects, with its exit status and its
# text: by options and by lines, with one node and with all known hosts.
# shellcheck source=tests/fence/lib.sh
. "$(dirname "$0")/lib.sh"

# --- One node ---

serve --back 1000
fence status
succeeds 'status of a node that runs' 'Status: ON'
fence monitor
succeeds 'monitor of it' 'Status: ON'
fence on
succeeds 'on, of a node that runs' 'Success: Already ON'
is '… presses nothing' "$(pressed "$log")" ''
fence reboot
succeeds 'reboot' 'Success: Rebooted'
is '… presses b alone' "$(pressed "$log")" b
fence reboot --sync-timeout=5
succeeds 'reboot with sync_timeout' 'Success: Rebooted'
is '… presses s and u first' "$(pressed "$log")" bsub
agent -n "host$served" -a 127.0.0.1 -u "$port"
succeeds 'without action' 'Success: Rebooted'

serve --back 1000 --complete -1
fence reboot --sync-timeout=0.5
succeeds 'reboot of a node where s and u do not end' 'Success: Rebooted'
is '… presses b all the same' "$(pressed "$log")" sub

serve --back 1000 --operator b
fence reboot --sync-timeout=5
succeeds 'reboot of a node that permits only b' 'Success: Rebooted'
is '… presses b alone' "$(pressed "$log")" b

serve --listens 300 --back 500
fence validate-all
succeeds 'validate-all of a node that would listen after a panic' "host$served can be fenced"
fence off
succeeds 'off' 'Success: Powered OFF'
is '… presses c' "$(pressed "$log")" c
fence status
is 'status of a node that has panicked: exit 2' "$rc" 2
is '… it says so' "$(< "$out")" 'Status: OFF'
fence monitor
succeeds 'monitor of it' 'Status: OFF'
fence off
succeeds 'off once more' 'Success: Already OFF'
is '… presses nothing more' "$(pressed "$log")" c
fence on
succeeds 'on, of a node that has panicked' 'Success: Powered ON'
is '… presses b' "$(pressed "$log")" cb
fence off
succeeds 'off, of a node that was on again' 'Success: Powered OFF'
fence reboot --sync-timeout=5
succeeds 'reboot of a node that has panicked, with sync_timeout' 'Success: Rebooted'
is '… presses neither s nor u there' "$(pressed "$log")" cbcb

# A CPU that the kernel could not stop may still write.
serve --listens 0 --run-on 2 --back 500
fence off
fails 'off, of a node that runs on two CPUs after its panic' \
	'nothing proves that .* is fenced: .* its kernel had panicked, but not all of its CPUs had stopped, and had been up for'
fence status
fails '… status is neither on nor off' \
	'has panicked, but 1 of its CPUs may still run, so nothing proves that it is off$'
fence off
fails '… nor is it off already' 'so nothing proves that it is off$'
fence reboot
succeeds '… it can be rebooted' 'Success: Rebooted'

serve --listens 0 --reboots-in 8
fence off
is 'off of a node that reboots by itself: exit 0' "$rc" 0
like '… and the message says so' "$err" 'is off, but reboots by itself in [78]\.'

# --- Off that cannot be proven ---

serve
fence validate-all
fails 'validate-all of a node that would not listen after a panic' \
	'would not listen after a panic, so nothing could prove that it is off'
fence off
fails 'off of this node' 'would not listen after a panic'
is '… presses nothing' "$(pressed "$log")" ''
fence validate-all --reboot-only
succeeds 'validate-all with reboot_only' "host$served can be fenced, by reboot only"
serve --listens 0
fence off --reboot-only
fails 'off with reboot_only' "action: 'off' given, expected another one with reboot_only"
is '… presses nothing' "$(pressed "$log")" ''

# --- Letters that are not permitted ---

serve --operator c --listens 0
for action in reboot validate-all; do
	fence "$action"
	fails "$action without b" 'does not permit this operator to press b \(reboot\)'
done
serve --operator b --listens 0
for action in off validate-all; do
	fence "$action"
	fails "$action without c" 'does not permit this operator to press c \(crash\)'
done
is 'a letter that is not permitted: nothing is pressed' "$(pressed "$log")" ''

# --- All known hosts ---

serve --any --host 127.0.0.2 --panicked --host 127.0.0.3 --mute
for number in 1 2 3; do
	awk -v at="127.0.0.$number" -v names="web$number,127.0.0.$number" \
		'$1 == "known" && $2 == at { print names, $3 }' "$log"
done > "$config/known_hosts"
printf 'Host web%d\n\tAddress 127.0.0.%d\n' 1 1 2 2 3 3 > "$config/config"
agent -o list
succeeds 'list' 'web1,127.0.0.1
web2,127.0.0.2
web3,127.0.0.3'
agent -o list-status -u "$port"
succeeds 'list-status' 'web1,127.0.0.1,ON
web2,127.0.0.2,OFF
web3,127.0.0.3,UNKNOWN'
agent -o monitor
succeeds 'monitor without a node' ''
agent -o validate-all
succeeds 'validate-all without a node' \
	'The files are good. No node was asked: run fence_sysrq -o validate-all -n NODE for each'
lines action=Validate-All nodename=node1 plug=node1 "ipport=$port"
succeeds 'validate-all, as Pacemaker asks it of a node that it has made up' \
	'The files are good. No node was asked: run fence_sysrq -o validate-all -n NODE for each'
lines action=validate-all nodename=node1 plug=node1 ip=127.0.0.1 "ipport=$port"
succeeds '… also of a device with an address' \
	'The files are good. No node was asked: run fence_sysrq -o validate-all -n NODE for each'
lines action=reboot nodename=web1 plug=web3 "ipport=$port"
fails 'a device with the plug of another node' "the device is for web3, but the cluster asks for web1"
lines action=reboot nodename=web1 ip=web3 "ipport=$port"
fails '… with its address' "the device is for web3, but the cluster asks for web1"
lines action=reboot nodename=web1 plug=web9 ip=127.0.0.1 "ipport=$port" \
	"host_key=$(awk '$1 == "known" && $2 == "127.0.0.3" { print $3 }' "$log")"
fails '… with its host_key' "the device is for web9, but the cluster asks for web1"
awk '$1 == "known" && $2 == "127.0.0.3" { print "127.0.0.3", $3 }' "$log" > "$dir/by-address"
grep -v web3 "$config/known_hosts" >> "$dir/by-address"
mv "$config/known_hosts" "$dir/by-name"
mv "$dir/by-address" "$config/known_hosts"
lines action=reboot nodename=web1 ip=web3 "ipport=$port"
fails '… with its address, by which alone it is known' \
	"the device is for web3, but the cluster asks for web1"
mv "$dir/by-name" "$config/known_hosts"
lines action=validate-all nodename=web1 ip=web2 "ipport=$port"
succeeds 'validate-all takes no notice of the node that Pacemaker makes up' 'web2 can be fenced'
lines action=validate-all nodename=node1 plug=web4 "ipport=$port"
fails 'validate-all, as Pacemaker asks it of a device with a plug of its own' "'web4' is not known"
agent -o status -u "$port" -n web2
is 'a node is found by the known hosts and the configuration' "$rc $(< "$out")" '2 Status: OFF'
sed -i '/^Host web1/,/Address/s/web1/web4/' "$config/config"
agent -o reboot -n web4 -u "$port"
fails 'a plug that is not known, but has the address of a node by mistake' "'web4' is not known"
sed -i 's/Host web4/Host web1/' "$config/config"
agent -o status
fails 'status without a node' 'no node given, expected plug or ip'
agent -o status -n web4 -a 127.0.0.1 -u "$port"
fails 'a plug that is not known, at an address that is' "'web4' is not known"
echo "web1 $(awk '$1 == "known" && $2 == "127.0.0.9" { print $3 }' "$log")" \
	>> "$config/known_hosts"
agent -o list
is 'a line whose names all mean another host is not listed' "$(wc -l < "$out")" 3
sed -i '$d' "$config/known_hosts"
echo 'web5 AAAA' >> "$config/known_hosts"
agent -o validate-all
is 'validate-all without a node fails where a line of known_hosts is wrong' "$rc" 1
like '… and says so' "$err" 'a line of the known hosts is wrong, so its node cannot be fenced'
agent -o monitor
is '… monitor does not fail: the other nodes can be fenced' "$rc" 0
sed -i '$d' "$config/known_hosts"
chmod 644 "$config/key"
agent -o monitor
fails 'monitor without a good key' '--key-file: .* has mode 0644'
chmod 600 "$config/key"
sed -i 1q "$config/known_hosts"
lines action=validate-all nodename=node1 plug=node1 ip=127.0.0.1 "ipport=$port"
succeeds 'one known host: validate-all, as Pacemaker asks it of a device with an address' \
	'The files are good. No node was asked: run fence_sysrq -o validate-all -n NODE for each'
: > "$config/known_hosts"
agent -o monitor
fails 'monitor without known hosts' 'there are no known hosts'
agent -o list
succeeds 'list without known hosts' ''

# Of a file that may not be used it is not certain which node has which key.
# shellcheck disable=SC2016 # its own arguments
in_etc='mount -t tmpfs none /etc && mkdir /etc/send_sysrq && cp "$1" /etc/send_sysrq/known_hosts &&
	chmod 664 /etc/send_sysrq/known_hosts && shift && exec "$@"'
if unshare -rm true 2> /dev/null; then
	echo "node1 $(sed -n 's/^key //p' "$log")" > "$config/known_hosts"
	echo "node2 $("$client" pubkey)" > "$dir/system"
	for action in list "status -n node2 -a 127.0.0.1 -u $port --host-key=$(sed -n 's/^key //p' "$log")"; do
		# shellcheck disable=SC2086 # words
		timeout 60 unshare -rm sh -c "$in_etc" sh "$dir/system" "$agent" -o $action \
			> "$out" 2> "$err" < /dev/null
		rc=$?
		fails "${action%% *} with known hosts of the system that others may write" \
			"known hosts: '/etc/send_sysrq/known_hosts' has mode 0664"
	done
else
	skip 'known hosts that others may write' 'no user namespaces'
fi
done_testing
