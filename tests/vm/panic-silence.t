#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# After a panic, a host is silent where it is to be silent. A VLAN in another network namespace
# takes no frame: the network stack there may wait for a lock of a stopped CPU, and then the
# host would neither hear nor reboot. A VLAN that is to answer no ARP question answers none. Nor
# is an address answered that another host has or is taking. No frame makes the host silent:
# neither one of IPv6, where the kernel has none, nor many questions.
# Where the other CPUs are not stopped, the module leaves the cards to them.
#
#   this machine: wire()               guest
#   192.0.2.1 (VLANs 5 to 8) --- QEMU -- eth1.5 192.0.2.7
#                                               and 192.0.2.20 to 192.0.2.39
#                                        eth1.6 192.0.2.7, in the namespace inner
#                                        eth1.7 192.0.2.7, with arp_ignore
#                                        eth1.8 192.0.2.7, without ARP
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/vm/panic.sh
. "$(dirname "$0")/panic.sh"

boot_listening --append ipv6.disable=1 -- -netdev "dgram,id=wire,local.type=unix,local.path=$WORK/card,\
remote.type=unix,remote.path=$WORK/wire" \
	-device virtio-net-pci,netdev=wire,romfile=,mac=52:54:00:00:00:07
guest 'set -e
	modprobe 8021q
	ip netns add inner
	ip link set eth1 up
	for id in 5 6 7 8; do
		ip link add link eth1 name eth1.$id type vlan id $id
		at=
		[ $id != 6 ] || { ip link set eth1.6 netns inner; at="-n inner"; }
		[ $id != 8 ] || ip link set eth1.8 arp off
		ip $at address add 192.0.2.7/24 dev eth1.$id
		ip $at link set eth1.$id up
	done
	for i in $(seq 20 39); do
		ip address add 192.0.2.$i/24 dev eth1.5
	done
	echo 8 > /proc/sys/net/ipv4/conf/eth1.7/arp_ignore' || bail 'no VLANs in the guest'

# Sends frames to the host, and prints what it answers:
#   arp:VLAN:MAC:FROM:TO  asks who has TO. MAC is the last digit of the sender's
#   hello:IP:FILE         IP 4 or 6: the first datagram of a tape, in VLAN 5
#   hear:SECONDS[:REGEX]  prints the frames that have come: "VLAN arp OPERATION FROM TO" or
#                         "VLAN ip PROTOCOL LENGTH"; ends early with one that matches
#   run:COMMAND           meanwhile no frame of the host is taken
wire() { # STEP…
	perl -MSocket=:all -e '
		my ($wire, $card) = splice @ARGV, 0, 2;
		socket my $s, PF_UNIX, SOCK_DGRAM, 0 or die $!;
		unlink $wire;
		bind $s, pack_sockaddr_un($wire) or die $!;
		sub out {
			my ($to, $mac, $vlan, $type, $packet) = @_;
			send $s, pack("H12H12nnna*", $to, $mac, 0x8100, $vlan, $type, $packet),
				0, pack_sockaddr_un($card) or die $!;
		}
		my %steps = (
			arp => sub {
				my ($vlan, $mac, $from, $to) = @_;
				$mac = "52540000000$mac";
				out("f" x 12, $mac, $vlan, 0x806, pack("nnCCnH12a4x6a4x14", 1, 0x800,
					6, 4, 1, $mac, inet_aton($from), inet_aton($to)));
			},
			hello => sub {
				my ($ip, $tape) = @_;
				open my $file, "<", $tape or die $!;
				read $file, my $hello, 320 or die $!;
				my $udp = pack "nnnna*", 5000, 9, 328, 0, $hello;
				my @four = (0x4500, 348, 0, 0, 0x4011, 0, 0xc000, 0x201, 0xc000, 0x207);
				my $sum = unpack "%32n*", pack "n*", @four;
				$four[5] = 0xffff - ($sum & 0xffff) - ($sum >> 16);
				out("525400000007", "525400000001", 5, $ip == 4 ? 0x800 : 0x86dd,
					($ip == 4 ? pack "n*", @four : pack "NnCCa16a16", 6 << 28, 328,
						17, 64, map inet_pton(AF_INET6, "2001:db8::$_"), 1, 7)
					. $udp);
			},
			hear => sub {
				my ($seconds, $last) = @_;
				my $end = time + 1 + $seconds;
				while (time < $end) {
					vec(my $ready = "", fileno $s, 1) = 1;
					select $ready, undef, undef, 0.2 or next;
					recv $s, my $frame, 2048, 0;
					my ($vlan, $type, $packet) = unpack "x14nna*", $frame;
					my $heard = "";
					$heard = sprintf "%d arp %d %s %s", $vlan, unpack("x6n", $packet),
						map inet_ntoa($_), unpack "x14a4x6a4", $packet
						if $type == 0x806;
					$heard = sprintf "%d ip %d %d", $vlan, unpack("x9C", $packet),
						length $packet if $type == 0x800;
					print "$heard\n" if $heard;
					last if defined $last and $heard =~ /$last/;
				}
			},
			run => sub { system @_ },
		);
		for (@ARGV) {
			my ($step, $rest) = split /:/, $_, 2;
			$steps{$step}->($step eq "run" ? $rest : split /:/, $rest);
		}' "$WORK/wire" "$WORK/card" "$@" > "$WORK/heard"
	cat "$WORK/heard"
}

# Does the host say that it has 192.0.2.7?
answers() { # VLAN
	wire "arp:$1:1:192.0.2.1:192.0.2.7" hear:1 | grep "^$1 arp 2 192.0.2.7 "
}

ok 'before a panic, a VLAN of the host answers' until_true 60 answers 5
ok '… one of another namespace, too' until_true 60 answers 6
record tape 1 h
recorded
is 'a hello is recorded' "$status" 0
send c
ok 'the host panics' vm wait --timeout 120 "$VM" panicked
ok '… its VLAN answers' until_true 120 answers 5
ok '… that of the other namespace does not' eval '! until_true 5 answers 6'
ok '… nor does one with arp_ignore' eval '! until_true 5 answers 7'
ok '… nor one without ARP' eval '! until_true 5 answers 8'

hello_reply='^5 ip 17 348$'

# While the host's answers are not taken, they fill its card.
ask=arp:5:1:192.0.2.1:192.0.2.7
asks=()
for _ in {1..1000}; do
	asks+=("$ask")
done
wire "${asks[@]}" "hello:4:$WORK/tape" "run:for i in 1 2 3 4 5; do
	'$BUILD/askpanic' ${address%:*} ${address##*:}; done > /dev/null" \
	"hear:60:$hello_reply" > "$WORK/said"
like 'questions that come before a hello are answered' "$WORK/said" '^5 arp 2 192.0.2.7 '
like '… and so is the hello, however many they are' "$WORK/said" "$hello_reply"

# The host has no IPv6. Where a card crashes three times, the host leaves it alone.
hello=hello:6:$WORK/tape
wire "$hello" "$hello" "$hello" hear:1
ok 'after hellos by IPv6 its VLAN answers as before' until_true 60 answers 5

probe='^5 arp 1 0.0.0.0 192.0.2.7$'
wire arp:5:2:192.0.2.7:192.0.2.7 "hear:60:$probe" > "$WORK/said"
like 'when another host says that it has its address, it asks for that' "$WORK/said" "$probe"
is '… but not when that host asks whether the address is free' "$(wire \
	arp:5:2:0.0.0.0:192.0.2.7 $ask hear:1 $ask hear:1 $ask hear:1)" ''
ok '… and answers later, as nobody has it' until_true 60 answers 5

claims=() asks=()
for i in {20..39}; do
	claims+=("arp:5:2:192.0.2.$i:192.0.2.$i")
	asks+=("arp:5:1:192.0.2.1:192.0.2.$i")
done
# It answers the hello after it has heard all of this.
probe='^5 arp 1 0.0.0.0 192.0.2.[23]'
wire "${claims[@]}" "hear:60:$probe" hear:1 "${asks[@]}" "hello:4:$WORK/tape" \
	"hear:60:$hello_reply" > "$WORK/said"
like 'when another host has 20 of its addresses, it asks for them' "$WORK/said" "$probe"
is '… and answers for none' "$(grep -c '^5 arp 2 ' "$WORK/said")" 0

send b
is '… b is accepted' "$status" 0
ok '… and resets the host' reset
# --- With reboot=force the kernel stops no other CPU ---
stop_guest
boot_listening --append reboot=force
panic 'sleep 0.2; echo c > /proc/sysrq-trigger' 'reboot=force'
ok '… to the end' until_true 60 eval 'vm console "$VM" | grep "end Kernel panic"'
ok '… the cards are left to the other CPU' \
	eval '! vm console "$VM" | grep "listening on UDP port"'
has '… which answers as before' "$(asked)" '^panicked 0, '
done_testing
