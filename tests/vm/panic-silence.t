#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# After a panic, a host is silent where it is to be silent. A VLAN in another network namespace
# takes no frame: the network stack there may wait for a lock of a stopped CPU, and then the
# host would neither hear nor reboot. A VLAN that is to answer no ARP question answers none.
# Where the other CPUs are not stopped, the module leaves the cards to them.
#
#   this machine: arp()                guest
#   192.0.2.1 (VLANs 5 to 8) --- QEMU -- eth1.5 192.0.2.7
#                                        eth1.6 192.0.2.7, in the namespace inner
#                                        eth1.7 192.0.2.7, with arp_ignore
#                                        eth1.8 192.0.2.7, without ARP
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/vm/panic.sh
. "$(dirname "$0")/panic.sh"

boot_listening -- -netdev "dgram,id=wire,local.type=unix,local.path=$WORK/card,\
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
	echo 8 > /proc/sys/net/ipv4/conf/eth1.7/arp_ignore' || bail 'no VLANs in the guest'

# Asks in a VLAN who has 192.0.2.7, until somebody has answered.
arp() { # SECONDS VLAN
	perl -MSocket -e '
		my ($wire, $card, $seconds, $vlan) = @ARGV;
		my $head = pack "nnnn", 0x8100, $vlan, 0x806, 1;
		my $question = "\xff" x 6 . pack("H12", "525400000001") . $head .
			pack("nCCnH12a4x6a4x14", 0x800, 6, 4, 1, "525400000001",
				inet_aton("192.0.2.1"), inet_aton("192.0.2.7"));
		socket my $s, PF_UNIX, SOCK_DGRAM, 0 or die $!;
		unlink $wire;
		bind $s, pack_sockaddr_un($wire) or die $!;
		my $end = time + $seconds;
		while (time < $end) {
			send $s, $question, 0, pack_sockaddr_un($card) or die $!;
			vec(my $ready = "", fileno $s, 1) = 1;
			while (select my $read = $ready, undef, undef, 0.2) {
				recv $s, my $frame, 2048, 0;
				next if length $frame < 46;
				my ($id, undef, $what, $host) = unpack "x14nnx6nx6a4", $frame;
				exit 0 if $id == $vlan && $what == 2 &&
					$host eq inet_aton("192.0.2.7");
			}
		}
		exit 1' "$WORK/wire" "$WORK/card" "$@"
}

ok 'before a panic, a VLAN of the host answers' arp 60 5
ok '… one of another namespace, too' arp 60 6
send c
ok 'the host panics' vm wait --timeout 120 "$VM" panicked
ok '… its VLAN answers' arp 120 5
ok '… that of the other namespace does not' eval '! arp 5 6'
ok '… nor does one with arp_ignore' eval '! arp 5 7'
ok '… nor one without ARP' eval '! arp 5 8'
send b
is '… b is accepted' "$status" 0
ok '… and resets the host' reset
# --- With reboot=force the kernel stops no other CPU ---
vm stop "$VM"
boot_listening --append reboot=force
panic 'sleep 0.2; echo c > /proc/sysrq-trigger' 'reboot=force'
ok '… to the end' until_true 60 eval 'vm console "$VM" | grep "end Kernel panic"'
ok '… the cards are left to the other CPU' \
	eval '! vm console "$VM" | grep "listening on UDP port"'
has '… which answers as before' "$(asked)" '^panicked 0, '
done_testing
