#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# With --until-back send_sysrq waits until a rebooted host answers again and says how long
# it was away. It says if the host never went down, or has not come back in time.
# shellcheck source=tests/client/lib.sh
. "$(dirname "$0")/lib.sh"

# All of these take some seconds, so they run at the same time.
serve --immortal
start immortal "${at[@]}" --until-back 127.0.0.1 b
serve --immortal
start alive "${at[@]}" --until-back=2 127.0.0.1 b
serve --back 1500 --complete 0
start back "${at[@]}" --until-back=30 127.0.0.1 safe-reboot --wait 0.02
serve --back 300 --silent-after 2
start unseen "${at[@]}" --until-back=30 --timeout 1 --wait 0.3 127.0.0.1 h,b
serve --back 300
start quick "${at[@]}" --until-back=30 127.0.0.1 b
serve --any --back 1500 --host 127.0.0.2 --back -1
start many "${at[@]}" --until-back=4 --json 127.0.0.1 127.0.0.2 sb
serve
start down "${at[@]}" --until-back=2 127.0.0.1 b

serve --operator s
press --until-back b
exits 'a letter that is not permitted' 9
serve --mute
press --until-back --no-one-way --timeout 0.3 b
exits 'a host that is silent from the beginning' 5

end down
exits 'a host that is still down after 2 s' 14
is 'a host that is still down after 2 s: the message says so' "$(cut -d : -f 1-2 "$err")" \
	'send_sysrq: 127.0.0.1 has not come back within 2.0 s'
end alive
exits 'a host that answers for 2 s' 1
like 'a host that answers for 2 s: the message says that it never went down' "$err" \
	'^send_sysrq: 127.0.0.1 never went down'
end back
exits 'a host that is back after 1.5 s' 0
like 'a host that is back after 1.5 s: send_sysrq says how long it was away' "$out" \
	'^127.0.0.1 is back, it was away for (0\.[1-9]|[1-9][0-9]*\.[0-9]) s and has been up for [0-9]+\.[0-9] s$'
no_error 'a host that is back after 1.5 s'
end quick
exits 'a host that is back after 0.3 s' 0
like 'a host that is back after 0.3 s: send_sysrq says how long it was away' "$out" \
	'^127.0.0.1 is back, it was away for (0\.[1-9]|[1-9][0-9]*\.[0-9]) s and'
end unseen
exits 'a host that is back, after letters whose end was not seen' 4
like '… that it is back' "$out" '^127.0.0.1 is back, it was away for'
is '… and that their end was not seen' "$(tail -n 1 "$err")" \
	'send_sysrq: 127.0.0.1 has rebooted, but the end of the letters before was not seen'
end many
exits 'two hosts, with their highest status' 14
is 'two hosts: --json prints an object for each' \
	"$(json "$out" 'my $away = delete $o->{away_seconds};
		$away = $away > 0 if defined $away;
		text([@$o{"host", "exit", "result"}, $away])' |
		sed -E 's/away for [0-9.]+ s/away/' | sort)" \
	'["127.0.0.1",0,"back, was away",1]
["127.0.0.2",14,"not back yet",null]'
end immortal
exits 'a host that never goes down' 1
like 'a host that never goes down: the message says so' "$err" \
	'^send_sysrq: 127.0.0.1 never went down: it still answers'
done_testing
