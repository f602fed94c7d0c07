#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Names are looked up side by side, while hosts with addresses are already being asked. A
# name server that never answers holds up no address and no name of /etc/hosts, and each
# look-up ends after 12 s, or with --timeout if that is longer. So a second name server has
# time to answer where the first one is dead.
#
#   a network namespace with loopback alone:
#     127.0.0.99   port 53 is open, and nobody answers there
#     127.0.0.98   a name server that has the address 127.0.0.13 for every name
#     127.0.0.N    the responder
if [ "${1:-}" != inside ] && unshare -rmn true 2> /dev/null; then
	exec unshare -rmn "$0" inside
fi
# shellcheck source=tests/client/lib.sh
. "$(dirname "$0")/lib.sh"
if [ "${1:-}" != inside ]; then
	skip 'look-ups' 'no namespace can be made'
	done_testing
	exit
fi
ip link set lo up
# Longer than send_sysrq waits
printf 'nameserver 127.0.0.99\noptions timeout:30\n' > "$dir/resolv.conf"
echo 'hosts: files dns' > "$dir/nsswitch.conf"
printf '127.0.0.%d known%d\n' 11 11 12 12 > "$dir/hosts"
for file in resolv.conf nsswitch.conf hosts; do
	mount --bind "$dir/$file" "/etc/$file" || bail "/etc/$file cannot be replaced"
done
# A socket that nobody reads from, and one with an answer to each question
perl -MSocket -e 'sub at {
		socket(my $s, PF_INET, SOCK_DGRAM, 0);
		bind($s, pack_sockaddr_in(53, inet_aton(shift))) or die $!;
		$s;
	}
	my ($dead, $s) = (at("127.0.0.99"), at("127.0.0.98"));
	$| = 1; print "ready\n"; alarm 600;
	while (my $from = recv $s, my $asked, 512, 0) {
		my ($name, $type) = unpack "x12 Z* n", $asked;
		my $a = $type == 1;
		my $answer = pack("a2 n5", $asked, 0x8180, 1, $a, 0, 0) .
			pack("Z* n2", $name, $type, 1);
		$answer .= pack "n3 N n a4", 0xc00c, 1, 1, 60, 4, inet_aton("127.0.0.13") if $a;
		send $s, $answer, 0, $from;
	}' > "$dir/silence" 2>&1 &
pids+=($!)
wait_for "$dir/silence" '^ready' || bail 'the name server does not start'
serve --any
# Each name is known: three by the key of their address, the others by a random key.
sed -i -E 's/^127\.0\.0\.(11|12|13) /known\1,&/' "$config/known_hosts"
perl -MMIME::Base64 -e '
	for my $name ("web-nodns", map { "web$_-nodns" } 1 .. 1000) {
		my @bytes = map { int rand 128 } 1 .. 32;
		print "$name ", encode_base64(pack("C*", @bytes));
	}' >> "$config/known_hosts"

now() { # milliseconds
	echo $(($(date +%s%N) / 1000000))
}
# Sets took (ms), and first (ms until the first host that is alive).
ask() { # ARGUMENT…
	local begun line
	begun=$(now)
	first=
	out=$dir/out
	err=$dir/err
	while IFS= read -r line; do
		echo "$line"
		[[ $line != *'"alive"'* || $first ]] || first=$(($(now) - begun))
	done < <("$client" status "${at[@]}" --json "$@" 2> "$err"; echo $? > "$dir/rc") \
		> "$out"
	took=$(($(now) - begun))
	rc=$(< "$dir/rc")
	echo "# $*: $took ms, the first after ${first:-no} ms"
}
unknown_hosts() {
	json "$out" '$o->{state} eq "unknown" ? $o->{host} : ()' | grep -c .
}

late() { # NAME LEAST MOST
	ok "$1: the look-up has its time, and no more" \
		[ $took -ge $(($2 * 1000)) ] && [ $took -lt $(($3 * 1000)) ]
}

ask --timeout 2 127.0.0.9 web-nodns
exits 'an address beside a dead name' 2
ok 'an address beside a dead name: it has answered at once' [ "${first:-9999}" -lt 1000 ]
late 'an address beside a dead name' 12 15
like 'an address beside a dead name: the reason is told' "$out" \
	'"web-nodns","state":"unknown".*"its name was not found within 12.0 s"'

ask --timeout 2 'web[1-100]-nodns' 127.0.0.9 'known[11-12]'
is '100 dead names: the others are alive' \
	"$(json "$out" '$o->{state} eq "alive" ? $o->{host} : ()' | sort | xargs)" \
	'127.0.0.9 known11 known12'
is '100 dead names: all are unknown' "$(unknown_hosts)" 100
ok '100 dead names: the address has answered at once' [ "${first:-9999}" -lt 1000 ]
late '100 dead names' 12 15

ask --timeout 1 'web[1-1000]-nodns' 127.0.0.9
is '1,000 dead names: all are unknown' "$(unknown_hosts)" 1000
late '1,000 dead names' 12 15

# All at the same time, because each takes 12 s or more
start longer status "${at[@]}" --timeout 14 web-nodns
begun=$(now)
start letters "${at[@]}" --timeout 0.5 web-nodns h
start both "${at[@]}" --timeout 0.5 -y web-nodns 127.0.0.5 s
start log log "${at[@]}" --timeout 0.5 web-nodns
end letters
exits 'letters for a dead name' 7
like 'letters for a dead name: the message says so' "$err" \
	"^send_sysrq: remote host 'web-nodns' cannot be asked: its name was not found within 12.0 s; nothing was sent$"
end both
exits 'letters for a dead name and an address' 7
is 'letters for a dead name and an address: the address gets them' "$(pressed "$log")" s
end log
exits 'the log of a dead name' 7
like 'the log of a dead name: the message says so' "$err" "'web-nodns' cannot be asked: its"
end longer
took=$(($(now) - begun))
late 'a longer --timeout' 14 17

# The first name server is dead, the second one answers.
printf 'nameserver 127.0.0.99\nnameserver 127.0.0.98\n' > "$dir/resolv.conf"
for command in status log press; do
	letters=()
	[ $command != press ] || letters=(h)
	run $command "${at[@]}" known13 "${letters[@]}"
	exits "$command: the second name server finds the host" 0
done

# Ctrl-C does not wait for the name server.
begun=$(now)
start dead "${at[@]}" --timeout 60 -y web-nodns 127.0.0.6 h
interrupt dead "$dir/dead.out" '^127.0.0.6 .*carried out'
like 'Ctrl-C: the name was not asked' "$out" '^web-nodns .*interrupted, nothing was sent'
ok 'Ctrl-C ends the look-up' [ $(($(now) - begun)) -lt 5000 ]
done_testing
