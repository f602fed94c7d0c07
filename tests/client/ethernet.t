#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# --ethernet reaches a host by the hardware address of its card, whatever the routes of this
# machine are, and needs a key pair. A host also has several addresses, tried side by side.
# vm/lost-address.t asks a real host that has lost its address.
#
#   namespace operator, where the client is       this namespace, with the responder
#     card1 198.51.100.1                  ------    card0 192.0.2.7, fe80::7
#     no route to 192.0.2.7
if [ "${1:-}" != inside ] && unshare -rmn true 2> /dev/null; then
	exec unshare -rmn "$0" inside
fi
# shellcheck source=tests/client/lib.sh
. "$(dirname "$0")/lib.sh"

# --- Wrong arguments: they are refused anywhere ---

echo "web7,192.0.2.7 $("$client" genkey --key-file "$dir/web7")" > "$config/known_hosts"
good=52:54:00:12:34:56%lo
example='as in 52:54:00:12:34:56%eth0'
for value in 52:54:00:12:34:56 52:54:00:12:34:56%; do
	refuses "$value" "'$value' given, expected a hardware address and an interface of this machine, $example" \
		--ethernet $value web7 h
done
for value in 52:54:00:12:34%lo 52:54:00:12:34:5g%lo 5254:00:12:34:056%lo \
	52-54-00-12-34-56%lo 52:54:00:12:34:56:78%lo 52:54:00:12:34:56a%lo %lo; do
	refuses "$value" "'$value' given, expected six pairs of hexadecimal digits before the %, $example" \
		--ethernet $value web7 h
done
for value in ff:ff:ff:ff:ff:ff%lo 01:00:5e:00:00:01%lo 00:00:00:00:00:00%lo; do
	refuses "$value" "'$value' given, expected the hardware address of one network card" \
		--ethernet $value web7 h
done
refuses 'an interface that is not there' \
	"'nope' given, expected an interface of this machine, as ip link shows them; nothing was sent" \
	--ethernet 52:54:00:12:34:56%nope web7 h
refuses 'an interface whose name is too long' 'expected an interface of this machine' \
	--ethernet 52:54:00:12:34:56%an-interface-of-20-letters web7 h
refuses 'the loopback interface' \
	"'lo' given, expected an Ethernet interface; nothing was sent" --ethernet $good web7 h
refuses 'two hosts' 'only one remote host with this option' \
	--ethernet $good web7,192.0.2.8 h
for option in '-6' '--password' "--password-file=$dir/web7" '--until-back' '--dry-run' \
	'--host-address=192.0.2.7'; do
	letters=h
	[ "$option" != --until-back ] || letters=b
	refuses "with $option" "${option%%=*}.* cannot be combined: give only one of them" \
		--ethernet $good "$option" web7 $letters
done
SEND_SYSRQ_PASSWORD='test' refuses 'a host without a key' \
	"'web8' is not known: .* \(--ethernet needs a key, not a password\); nothing was sent" \
	--ethernet $good web8 h
mv "$config/key" "$dir/key.away"
refuses 'an operator without a key' "there is no key file .*genkey, or give --key-file; nothing was sent" \
	--ethernet $good web7 h
mv "$dir/key.away" "$config/key"
run status --ethernet $good web7
exits 'status' 3
run log --ethernet $good web7
exits 'log' 2

if [ "${1:-}" != inside ]; then
	skip 'frames between two machines' 'no namespace can be made'
	done_testing
fi

# --- Two machines ---

mount -t tmpfs tmpfs /run
ip netns add operator || bail 'no namespace'
op() { # COMMAND…
	ip netns exec operator "$@"
}
ip link set lo up
ip link add card0 type veth peer name card1 netns operator || bail 'no network cards'
for card in card0 'card1 -n operator'; do
	read -r name of <<< "$card"
	# shellcheck disable=SC2086
	ip $of link set "$name" addrgenmode none up
done
mac=$(ip -br link show card0 | awk '{ print $3 }')
to=(--ethernet "$mac%card1")
cat > "$dir/operator" << END
#!/bin/sh
exec ip netns exec operator \$SEND_SYSRQ_AS "$client" "\$@"
END
chmod +x "$dir/operator"
client=$dir/operator
refuses 'an interface without an IPv4 address' \
	"'card1' given, expected an interface with an IPv4 address, to which the host answers; nothing was sent" \
	"${to[@]}" web7 h
ip addr add 192.0.2.7/32 dev card0
ip addr add fe80::7/64 dev card0 nodad
ip route add 198.51.100.1 dev card0
ip neigh replace 198.51.100.1 lladdr "$(op cat /sys/class/net/card1/address)" dev card0
ip -n operator addr add 198.51.100.1/32 dev card1
ip -n operator addr add fe80::1/64 dev card1 nodad
op sysctl -q net.ipv4.conf.all.rp_filter=1
operators_icmp() {
	op awk '/^Icmp:/ { if (n) print $n; for (i = 1; i <= NF; i++)
		if ($i == "OutDestUnreachs") n = i }' /proc/net/snmp
}

make_source
serve --everywhere --log-file "$dir/source"
sed -i "s/^host$served /web7,localhost,127.0.0.1,192.0.2.7 /" "$config/known_hosts"
sed -i '1d' "$config/known_hosts"
at_web7=(-p "$port") web7=$log
run "${at_web7[@]}" --no-one-way --timeout 1 192.0.2.7 h
exits 'without a route there is no other way' 7
run log "${at_web7[@]}" "${to[@]}" web7
exits 'the log by its card' 0
ok 'the log by its card: it is whole' diff "$out" "$dir/plain"
run "${at_web7[@]}" "${to[@]}" 192.0.2.7 h
exits 'a host by its card' 0
is 'a host by its card: the letter is pressed' "$(pressed "$log")" h
like 'a host by its card: send_sysrq shows the address' "$out" '^192.0.2.7 \(192.0.2.7:'
run "${at_web7[@]}" "${to[@]}" web7 h
like 'by its name: an address that the host is known by is taken' "$out" '^web7 \(192.0.2.7:'
printf 'Host seven\nAddress 192.0.2.7\n' > "$dir/config"
run -F "$dir/config" "${at_web7[@]}" --known-as web7 "${to[@]}" seven h
like 'by its name: an address of the configuration is taken' "$out" '^seven \(192.0.2.7:'
run status "${at_web7[@]}" "${to[@]}" web7
exits 'status by its card' 0
run "${at_web7[@]}" --one-way "${to[@]}" web7 m
exits 'one-way by its card' 0
is 'one-way by its card: the letter is pressed' "$(pressed "$log")" hhhm

# --- Its address is not known ---

sed -i 's/,192.0.2.7 / /' "$config/known_hosts"
run "${at_web7[@]}" --no-one-way --timeout 1 "${to[@]}" web7 h
exits 'no host has the address that stands for no address' 5
ip addr add 192.0.0.8/32 dev card0
run "${at_web7[@]}" "${to[@]}" web7 h
like 'no address is known: one that no host has is taken' "$out" '^web7 \(192.0.0.8:'
run "${at_web7[@]}" --one-way "${to[@]}" web7 h
exits 'no address is known, one-way' 0
ip addr del 192.0.0.8/32 dev card0

# --- What this machine says, and from where ---

serve --everywhere --no-status --no-result
sed -i "s/^host$served /web8,192.0.2.7 /" "$config/known_hosts"
run "${at[@]:0:2}" --one-way "${to[@]}" web8 h
exits 'no answer' 3
is 'two copies leave from two ports' "$(count_different "$log" copy 5)" 2
ip -n operator route add 192.0.2.7 dev card1
op sysctl -q net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.card1.rp_filter=0
before=$(operators_icmp)
run "${at_web7[@]}" "${to[@]}" --known-as web7 192.0.2.7 h
exits 'with a route, too' 0
is 'this machine does not refuse the answers' "$(operators_icmp)" "$before"
ip -n operator route del 192.0.2.7

# --- Without root ---

SEND_SYSRQ_AS='setpriv --bounding-set -net_raw --inh-caps -net_raw' \
	run "${at_web7[@]}" "${to[@]}" --known-as web7 192.0.2.7 h
exits 'without CAP_NET_RAW' 2
is 'without CAP_NET_RAW: the message says what to type' "$(< "$err")" \
	"send_sysrq: --ethernet: only root (CAP_NET_RAW) can send such frames: as root, run ip neigh replace 192.0.2.7 lladdr $mac dev card1 && ip route replace 192.0.2.7 dev card1, and then send_sysrq with --known-as web7 192.0.2.7 instead of ${to[*]} 192.0.2.7; nothing was sent"
op bash -c "$(sed 's/.*run \(.*\), and then .*/\1/' "$err")"
run "${at_web7[@]}" --known-as web7 192.0.2.7 h
exits 'what it says works' 0

# --- Several addresses ---

cat > "$dir/config" << 'END'
Host nine
Address 192.0.2.99 fe80::7%card1
END
ip -n operator route add 192.0.2.99 dev card1
run -F "$dir/config" "${at_web7[@]}" --known-as web7 nine h
exits 'of an IPv4 and a link-local address the second one answers' 0
like 'of an IPv4 and a link-local address the second one answers: it is shown' "$out" \
	'^nine \(\[fe80::7%card1\]:'

# --- The last letter that web7 presses ---

cd "$dir" || exit 1
run "${at_web7[@]}" "${to[@]}" --known-as web7 192.0.2.7 diagnose
exits 'diagnose by its card' 0
head -n "$(wc -l < "$dir/plain")" 192.0.2.7-*.log > "$dir/saved" # the letters have made it longer
ok 'diagnose by its card: the log is whole' cmp "$dir/saved" "$dir/plain"
run "${at_web7[@]}" "${to[@]}" --known-as web7 192.0.2.7 b
like 'b by its card is pressed' "$web7" '^press b'

# --- No network ---

ip -n operator link set card1 down
run "${at_web7[@]}" "${to[@]}" --no-one-way --timeout 1 --known-as web7 192.0.2.7 h
exits 'the interface is down' 7
like 'the interface is down: the message says so' "$err" 'Network is down'
done_testing
