#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# send_sysrq reaches a host by IPv4, by IPv6, or by the one of its addresses that answers.
# It says when a port is closed, when there is no way to a host, and when a name has no
# address.
# shellcheck source=tests/client/lib.sh
. "$(dirname "$0")/lib.sh"

# --- A closed port, no way, no address ---

serve --family 4
end_host # its port is closed now
begun=$(date +%s%N)
press --no-one-way --timeout 1 h
took=$((($(date +%s%N) - begun) / 1000000))
exits 'a closed port' 6
like 'a closed port: the message says so' "$err" \
	"127.0.0.1 answers, but nothing on port $port takes this password or key.*; nothing was sent"
ok 'send_sysrq waits the whole timeout, since anybody can forge an ICMP message' \
	[ $took -ge 1000 ]
press --timeout 0.3 h
exits 'a closed port, and one-way is permitted' 3
like 'a closed port, and one-way is permitted: the message says so' "$err" \
	'sent one-way to 127.0.0.1; .* an ICMP message says that the port is closed'
run "${at[@]}" --no-one-way --timeout 0.3 ::ffff:127.0.0.1 h
exits 'a closed port, and an IPv4 address as IPv6' 6
press --one-way h
exits 'a closed port, one-way' 3
like 'a closed port, one-way: the message says so' "$err" \
	'an ICMP message says that the port is closed'
know 255.255.255.255 fe80::1 "$unknown"
at=()
run "${at[@]}" 255.255.255.255 h
exits 'no way to the host' 7
like 'no way to the host: the message says so' "$err" 'cannot reach 255.255.255.255 \(.*:9\): '
other_family() { # NAME MESSAGE ARGUMENT…
	run --known-as host1 "${@:3}" h
	exits "$1" 7
	is "$1: the message says so" "$(< "$err")" "send_sysrq: remote host $2; nothing was sent"
}
other_family 'an IPv4 address and -6' \
	"'127.0.0.1' cannot be asked: it is an IPv4 address, and -6 wants IPv6" -6 127.0.0.1
other_family 'an IPv6 address and -4' \
	"'::1' cannot be asked: it is an IPv6 address, and -4 wants IPv4" -4 ::1
printf 'Host web7\n\tAddress 127.0.0.1\n' > "$dir/config"
other_family 'a host whose address is configured, and -6' \
	"'web7' (127.0.0.1) cannot be asked: it is an IPv4 address, and -6 wants IPv6" \
	-F "$dir/config" -6 web7
run "${at[@]}" fe80::1 h
exits 'a link-local address without its interface' 7
like 'a link-local address without its interface: the message says so' "$err" \
	'needs an interface, as in fe80::1%eth0'
run "${at[@]}" "$unknown" h
exits 'a name without address' 7
like 'a name without address: the message says so' "$err" "remote host 'x+' cannot be asked"

# --- IPv6 ---

if has_ipv6; then
	serve --family 6
	run "${at[@]}" ::1 h
	exits 'IPv6' 0
	like 'IPv6: send_sysrq shows the address' "$out" "^[^ ]+ \(\[::1\]:$port\), calls itself web7: Linux"
	run "${at[@]}" --one-way ::1 h
	exits 'IPv6, one-way' 0
else
	skip 'IPv6' 'this machine has no ::1'
fi

# --- A name with both addresses, in a namespace of its own ---

echo '127.0.0.1 both.test
::1 both.test' > "$dir/hosts"
cat > "$dir/both" << END
#!/bin/sh
exec unshare -rm sh -c "mount --bind '$dir/hosts' /etc/hosts && exec '$client' \"\\\$@\"" - "\$@"
END
chmod +x "$dir/both"
both() { # ARGUMENT…
	client=$dir/both run "${at[@]}" both.test "$@"
}
if has_ipv6 && unshare -rm mount --bind "$dir/hosts" /etc/hosts 2> /dev/null; then
	serve --mute
	both --one-way h
	exits 'both addresses, one-way' 3
	is 'both addresses, one-way: the letter is pressed once' "$(pressed "$log")" h
	is 'both addresses, one-way: each gets two copies' \
		"$(awk '/^copy/ { sub(":.*", "", $5); print $5 }' "$log" |
		sort | uniq -c | tr -s ' ' | tr -d '\n')" ' 2 4 2 6'
	is 'both addresses, one-way: both get the same command' \
		"$(count_different "$log" copy 2 3)" 1
	"$client" genkey --key-file "$dir/host" > "$out"
	serve --family 4 --clock-offset -7200 --host-key "$(< "$dir/host")"
	serve --family 6 --no-result --port "$port" --host-key "$(< "$dir/host")"
	sed -i '$d' "$config/known_hosts" # it is the same host
	at=(-p "$port" --known-as "host$((served - 1))")
	both --one-way h
	exits 'one of the addresses refuses the command' 3
	is 'one of the addresses refuses the command: the other host presses the letter' \
		"$(pressed "$log")" h
	like 'one of the addresses refuses the command: the message says so' "$err" \
		'one copy of it was refused .the clocks differ'
	serve --clock-offset -7200
	both --one-way s
	exits 'both addresses refuse the command' 11
	like 'both addresses refuse the command: the message says so' "$err" \
		'clock of both.test.*; both.test may still carry out a copy that arrives later'
	is 'both addresses refuse the command: nothing is pressed' "$(pressed "$log")" ''
	key='' serve --mute
	for way in --one-way --timeout=0.3; do
		SEND_SYSRQ_PASSWORD='test' both $way h
		exits "both addresses, with a password, $way" 5
		is "both addresses, with a password, $way: the message says so" \
			"$(sed "s/^send_sysrq: //; /^no answer/d" "$err")" \
			"with a password a one-way command goes to one address, and both.test has several ([::1]:$port, 127.0.0.1:$port): give one of them; nothing was sent"
	done
	is 'both addresses, with a password: no command is sent' "$(grep -c ^copy "$log")" 0
	serve --family 4
	both h
	exits 'only IPv4 answers' 0
	like 'only IPv4 answers: send_sysrq shows the address' "$out" '^[^ ]+ \(127[^ ]*, calls itself web7: '
	serve --family 6
	both h
	exits 'only IPv6 answers' 0
	like 'only IPv6 answers: send_sysrq shows the address' "$out" '^[^ ]+ \(\[::1[^ ]*, calls itself web7: '
	both -4 --no-one-way --timeout 0.3 h
	exits 'only IPv6 answers, but -4' 6
	serve
	both -4 h
	like '-4: send_sysrq shows the IPv4 address' "$out" '^[^ ]+ \(127[^ ]*, calls itself web7: '
	both -6 h
	like '-6: send_sysrq shows the IPv6 address' "$out" '^[^ ]+ \(\[::1[^ ]*, calls itself web7: '
else
	skip 'a name with both addresses' 'no namespace can be made, or this machine has no ::1'
fi

# --- One copy leaves, and then there is no way to the host ---

cat > "$dir/cut" << END
ip link set lo up
'$responder' --key $key --no-result > '$dir/cut.log' 2>&1 &
until grep -q ^port '$dir/cut.log'; do sleep 0.01; done
port=\$(awk '/^port/ { print \$2 }' '$dir/cut.log')
'$client' known 127.0.0.1 "\$(awk '/^key/ { print \$2 }' '$dir/cut.log')"
'$client' --one-way -p "\$port" 127.0.0.1 h &
until grep -q ^press '$dir/cut.log'; do sleep 0.01; done
ip addr flush dev lo
wait \$!
rc=\$?
kill %1
exit \$rc
END
if unshare -rn ip link set lo up 2> /dev/null; then
	timeout 20 unshare -rn bash "$dir/cut" > "$out" 2> "$err"
	rc=$?
	exits 'the second copy cannot leave' 3
	like 'the second copy cannot leave: the message says that the command was sent' \
		"$err" 'sent one-way to 127.0.0.1'
else
	skip 'the second copy cannot leave' 'no namespace can be made'
fi
done_testing
