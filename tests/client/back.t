#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# With --until-back send_sysrq waits until a rebooted host answers again and says how long
# it was away; after c also how long each part took. It says if the host never went down, or
# has not come back in time. Who holds the answers back does not make it say so.
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
serve --back 2500 --complete 20
start dump "${at[@]}" --until-back=30 127.0.0.1 suc --wait 0.02
serve --listens 100 --reboots-in 3 --back 3000
start panic "${at[@]}" --until-back=30 127.0.0.1 c
serve --listens 100
start stays "${at[@]}" --until-back=30 127.0.0.1 c
serve --listens 100 --reboots-in 90 --back 90000
start slow "${at[@]}" --until-back=2 127.0.0.1 c
serve --any --listens 100 --host 127.0.0.2 --listens -1 --back 1500
start crashes "${at[@]}" --until-back=30 --json 127.0.0.1 127.0.0.2 c
serve --back 1500
start one-way "${at[@]}" --until-back=30 --one-way 127.0.0.1 b
# It does not reboot, but gets a new epoch, and has been up for less time than the answers
# are held back.
serve --immortal --uptime 0 --new-epoch-after 100
lie hold
start held "${at[@]}" --until-back=12 --timeout 1 127.0.0.1 b
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
end dump
exits 'suc on a host that is silent for 2.5 s, as with kdump' 0
like 'suc: send_sysrq says how long each part took' "$out" \
	'^127.0.0.1 is back, it was away for [2-9]\.[0-9] s: silent for [2-9]\.[0-9] s, and then up for [0-9]\.[0-9] s$'
no_error 'suc on a host that is silent for 2.5 s'
end slow
exits 'a host that has panicked, and reboots after the limit' 14
like '… the message says so' "$err" \
	'^send_sysrq: 127\.0\.0\.1 has panicked, and reboots by itself in [0-9]+ s, but was waited for only 2\.0 s'
end panic
exits 'c on a host that listens after its panic, and then reboots' 0
like '… send_sysrq says how long it was panicked, too' "$out" \
	'^127.0.0.1 is back, it was away for [3-9]\.[0-9] s: panicked for [2-9]\.[0-9] s, silent for [0-9]\.[0-9] s, and then up for [0-9]\.[0-9] s$'
like '… and that it has panicked' "$out" '^  c  crash +complete '
end stays
exits 'c on a host that does not reboot by itself' 14
like '… the message says so at once' "$err" \
	'^send_sysrq: 127.0.0.1 has panicked, and does not reboot by itself: last-words saves its log'
end crashes
exits 'c on two hosts, with their highest status' 14
is '… --json has the parts' \
	"$(json "$out" '"$o->{host} $o->{exit} " . $o->{result} . join ",", map {
		my $s = $o->{$_ . "_seconds"}; defined $s ? " $_ " . ($s > 0 ? "some" : "none") : ()
	} qw(away panicked silent up)' | sed -E 's/for [0-9.]+ s/T/' | sort)" \
	'127.0.0.1 14 panicked, does not reboot by itself
127.0.0.2 0 back, was away T away some, panicked none, silent some, up some'
end one-way
exits 'one-way, where the epoch of before is not known' 0
like '… the host is back' "$out" '^127.0.0.1 is back, it was away for'
end held
is 'a host that does not reboot, behind a relay that holds its answers back' \
	"$(grep -c 'is back' "$out")" 0
has '… is not told as rebooted' "$rc" '^(1|14)$'
end many
exits 'two hosts, with their highest status' 14
is 'two hosts: --json prints an object for each' \
	"$(json "$out" 'my $away = $o->{away_seconds};
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
