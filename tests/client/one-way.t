#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A command goes one-way if it is told to, or if no status comes: as two copies of one
# command. send_sysrq then says that the outcome is not known, unless results come.
# shellcheck source=tests/client/lib.sh
. "$(dirname "$0")/lib.sh"

serve --mute
press --timeout 0.2 s,h
exits 'no answer' 3
like 'no answer: the message says why the command goes one-way' "$err" \
	'cannot tell which\); sending one-way'
like 'no answer: the message says that the outcome is not known' "$err" \
	'sent one-way to 127.0.0.1; it is not known whether'
like 'no answer: send_sysrq shows that the letter was sent' "$out" \
	'^  h  help                sent$'
is 'no answer: each letter is pressed once' "$(pressed "$log")" sh
is 'no answer: send_sysrq sends two copies' "$(grep -c '^copy .* 0 4:' "$log")" 2
is 'no answer: both copies are the same command' "$(count_different "$log" copy 2 3)" 1
is 'no answer: the copies come from two ports' "$(count_different "$log" copy 5)" 2

serve --mute --shut 150
press --timeout 3 h
exits 'no answer, and a port that was closed for a moment' 3

# Anybody can forge an ICMP message. Here they come for each port that the client may have,
# as long as it asks.
cat > "$dir/forge" << 'END'
use Socket;
my ($to) = @ARGV;
my $here = inet_aton("127.0.0.1");
sub checksum {
	my $sum = 0;
	$sum += $_ for unpack "n*", shift;
	$sum = ($sum & 0xffff) + ($sum >> 16) while $sum >> 16;
	return ~$sum & 0xffff;
}
socket my $raw, PF_INET, SOCK_RAW, 1 or exit 1;
my ($first, $last) = split " ", `cat /proc/sys/net/ipv4/ip_local_port_range`;
$| = 1;
for (;;) {
	for my $from ($first .. $last) {
		my $sent = pack("C2n3C2na4a4n4", 0x45, 0, 348, 0, 0, 64, 17, 0, $here, $here,
			$from, $to, 328, 0);
		my $icmp = pack("C2nN", 3, 3, 0, 0) . $sent;
		substr $icmp, 2, 2, pack "n", checksum($icmp);
		send $raw, $icmp, 0, pack_sockaddr_in(0, $here);
	}
	print "all\n";
}
END
serve --mute
perl "$dir/forge" "$port" > "$dir/forged" 2> "$err" &
pids+=($!)
if wait_for "$dir/forged" '^all'; then
	begun=$(date +%s%N)
	press --timeout 2 h
	took=$((($(date +%s%N) - begun) / 1000000))
	exits 'forged ICMP messages' 3
	like 'forged ICMP messages: the client gets them' "$err" 'an ICMP message says'
	ok 'forged ICMP messages do not shorten the wait' [ $took -ge 2000 ]
	is 'forged ICMP messages do not keep the command from going one-way' \
		"$(pressed "$log")" h
	kill "${pids[-1]}"
	unset 'pids[-1]'
else
	skip 'forged ICMP messages' 'no raw socket can be made'
fi

serve --no-status
press --timeout 0.2 s,i
exits 'no status, but results' 0
like 'no status, but results: send_sysrq shows them' "$out" '^  i  kill-all-tasks      done'
serve
press --one-way --one-way-for 60 s
exits '--one-way-for' 0
for value in 0.9 86401 x; do
	refuses "--one-way-for $value" "--one-way-for: '$value' given, expected seconds from 1 to 86400" \
		--one-way-for $value "${at[@]}" 127.0.0.1 s
done
refuses '--one-way-for and --no-one-way' \
	'--no-one-way and --one-way-for cannot be combined' \
	--one-way-for 60 --no-one-way "${at[@]}" 127.0.0.1 s
serve
press --one-way sb
exits '--one-way' 0
unlike '--one-way: send_sysrq does not ask' "$log" '^hello'
is '--one-way: each letter is pressed once' "$(pressed "$log")" sb
done_testing
