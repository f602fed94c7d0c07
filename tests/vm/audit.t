#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Recordings that somebody sends again do not hide what operators do: each refusal of
# another operator has its line in the log, and so has each new one of the same operator. A
# refused command has one line, however often it comes.
#
#   this machine                                        guest
#   send_sysrq --> relay (keeps a tape) ------- QEMU -- eth0 10.0.2.15
#   the tape, fifty times a second ------------ "
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

boot
printf '%s\n' "night $(new_key night) s,u,b" "low $(new_key low) h" | put_table ||
	bail 'no table in the guest'
address=$(vm address "$VM")

# night presses it through the relay. The tape's last datagram is the command.
tape() { # TAPE LETTERS
	local port
	coproc relay {
		exec "$BUILD/relay" "${address%:*}" "${address##*:}" 0 1 \
			"$WORK/$1" 1
	}
	relay_pid=$relay_PID relay_in=${relay[1]}
	read -r port <&"${relay[0]}" || bail 'no relay'
	"$BUILD/send_sysrq" -p "$port" "${pair[@]}" "$WORK/night.key" \
		--no-one-way 127.0.0.1 "$2" > "$WORK/said" 2>&1
	status=$?
	exec {relay_in}>&-
	wait "$relay_pid"
}

# Sends the tape's command again, until kill $player
play() { # TAPE
	while :; do
		tail -c 320 "$WORK/$1" > "/dev/udp/${address%:*}/${address##*:}"
		sleep 0.02
	done &
	player=$!
}

refusals() { # PREFIX OF THE COUNTER
	guest "awk '/^refused_$1/ { n += \$2 } END { print n }' \
		/proc/net/ipt_sysrq"
}

tape first c
is 'night may not press c' "$status" 9
for tape in newest older; do
	before=$(refusals '')
	guest 'dmesg -c > /dev/null'
	play first
	ok "the $tape command of night comes again, a hundred times" until_true 60 \
		eval 'test "$(refusals "")" -gt $((before + 100))'
	for letters in m hm hmh; do
		as low --no-one-way "$letters"
		[ "$status" -eq 9 ] || break
	done
	is '… low is refused three times' "$status" 9
	for letters in m hm hmh; do
		is "… and $letters has its line" \
			"$(logged "low from .* is refused $letters: ")" 1
	done
	as night --no-one-way "m"
	is '… night is refused another letter' "$status" 9
	is '… and that has its line' "$(logged 'night from .* is refused m: ')" 1
	kill "$player"
	wait "$player" 2> /dev/null
	if [ "$tape" = newest ]; then
		is '… while the command that comes again has none' \
			"$(logged 'night from .* is refused c: a letter')" 0
	else
		ok '… while the command that comes again has at most twenty' \
			test "$(logged 'night from .* is refused c: ')" -le 20
		guest 'sleep 10'
		tail -c 320 "$WORK/first" > "/dev/udp/${address%:*}/${address##*:}"
		ok '… and the log says how many more there were' until_true 60 \
			eval 'test "$(logged "[0-9]+ more refusals of night are not in this log")" -ge 1'
	fi
done
done_testing
