#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# send_sysrq reaches a host whose name is that of a subcommand.
# shellcheck source=tests/client/lib.sh
. "$(dirname "$0")/lib.sh"

serve
cat > "$dir/config" << END
Host log status genkey pubkey known setup
	Address 127.0.0.1
	Port $port
END
for name in log status genkey pubkey known setup; do
	run "${at[@]}" -F "$dir/config" $name h
	exits "an option before a host called $name" 0
done
is 'the hosts press their letters' "$(pressed "$log")" hhhhhh
for name in log status; do
	run $name "${at[@]}" -F "$dir/config" $name
	exits "$name of a host called $name" 0
done
unlike 'send_sysrq sends nothing else' "$log" '^odd'

for name in genkey pubkey; do
	refuses "$name with letters" "sysrq commands: 's!b' given" $name 's!b'
	serve
	sed -i "s/Port .*/Port $port/" "$dir/config"
	run $name h -F "$dir/config" "${at[@]}"
	exits "a host called $name, with letters after it" 0
	is "a host called $name presses its letter" "$(pressed "$log")" h
done
done_testing
