#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# On several hosts send_sysrq presses the letters on each host that permits them, once. It
# prints a line for each host and a summary, and exits with the highest status.
# shellcheck source=tests/client/lib.sh
. "$(dirname "$0")/lib.sh"

serve --any --host 127.0.0.3 --mute --host 127.0.0.4 --operator s
know "$unknown"
run "${at[@]}" --timeout 1 --no-one-way '127.0.0.[1-4]' "$unknown" sb
exits 'five hosts, with their highest status' 9
is 'each host has a line' \
	"$(timeless "$out" | tr -s ' ' | sed 's/\(not asked:\).*/\1/' | sort)" \
	"127.0.0.1 T carried out, reboots
127.0.0.2 T carried out, reboots
127.0.0.3 T no answer
127.0.0.4 T this operator may not press b
${unknown} T not asked:"
is 'the summary is on standard error' "$(< "$err")" '5 hosts: 2 carried out, 3 not'
is 'each host that permits the letters presses them once' \
	"$(awk '/^press/ { print $3, $2 }' "$log" | sort | xargs)" \
	'127.0.0.1 b 127.0.0.1 s 127.0.0.2 b 127.0.0.2 s'
like 'the lines have columns' "$out" '^127\.0\.0\.3 +[0-9]+\.[0-9] s  no answer$'

# A typed word that is not known stops all; out of a range or a file it is left out.
serve --any
echo web9 > "$dir/hosts"
run "${at[@]}" 127.0.0.1 'web[8-8]' --hosts "$dir/hosts" h
exits 'hosts of a range and a file that are not known' 7
is 'hosts of a range and a file that are not known: the other presses the letter' \
	"$(pressed "$log")" h
is 'hosts of a range and a file that are not known: their lines' \
	"$(grep -c '^web[89] .*not asked' "$out")" 2

serve --any --log 5 --host 127.0.0.2 --no-log
run "${at[@]}" 127.0.0.1 127.0.0.2 w
exits 'w on two hosts' 0
is 'what a kernel prints has the name of the host before it' \
	"$(timeless "$out" | tr -s ' ' | sort)" "$(sort << END
127.0.0.1 T carried out
$(printed w | sed 's/^/127.0.0.1: /')
127.0.0.2 T carried out
END
)"
done_testing
