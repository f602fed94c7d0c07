#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A million hostile frames at a host that has panicked press no letter: forgeries of all
# kinds, recordings of commands that it has carried out, junk of every length, broken
# frames of IPv4, IPv6, ARP and IPv6's neighbour discovery, VLAN tags, frames for others
# and for all. Meanwhile and after it the right operator is answered. KASAN and UBSAN watch
# all of it. (A panic turns lockdep off.)
#
#   this machine                                    guest
#   send_sysrq, askpanic, readlog --------- QEMU -- eth0 10.0.2.15
#   send_sysrq --> relay (keeps a tape) ---- "
#   forge ------------- a socket of QEMU's -------- eth1 198.51.100.1, 2001:db8:77::1
#
# With FORGERY_PART=4 it sends a quarter of the frames. Arguments go to `lab/vm start`.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/../vm/lib.sh"
# shellcheck source=tests/vm/panic.sh
. "$(dirname "$0")/../vm/panic.sh"

count=$((1000000 / ${FORGERY_PART:-1}))
password_key=$("$BUILD/guest/packets" key "$SEND_SYSRQ_PASSWORD") ||
	bail "there is no $BUILD/guest/packets"

# Where kernel.panic is 0, the kernel prints nothing after a panic: no report would be seen.
# KASAN keeps all that is freed after a panic: a million frames take 400 MB.
boot --no-rule --memory 1024 "$@" \
	--params "passwd=$SEND_SYSRQ_PASSWORD key=$(private_key host) mask=1 port=9 after_panic=1" \
	-- -netdev "dgram,id=wire,local.type=unix,local.path=$WORK/wire,remote.type=unix,remote.path=$WORK/wire.far" \
	-device virtio-net-pci,netdev=wire,romfile=,mac=02:00:00:00:00:01
address=$(vm address "$VM")
put_table <<< "alice $(new_key alice) all,log" || bail 'no table in the guest'
guest 'ip link set eth1 up
	ip address add 198.51.100.1/24 dev eth1
	ip -6 address add 2001:db8:77::1/64 dev eth1 nodad
	echo 36000 > /proc/sys/kernel/panic' || bail 'no second card in the guest'

# --- What an attacker has recorded ---
# A one-way command waits until the key is older than the difference of the clocks.
recorded_h() { # TAPE ARGUMENT…
	record "$1" 1 "${@:2}" --timeout 20 h
	recorded
	[ "$status" -eq 0 ]
}
for tape in session one-way; do
	words=("--no-one-way")
	[ "$tape" = session ] || words=(--one-way --host-address 10.0.2.15)
	ok "a command of the password is recorded: $tape" \
		until_true 240 recorded_h "$tape" "${words[@]}"
	ok "… and one of alice" until_true 240 recorded_h "$tape" "${words[@]}" \
		"${pair[@]}" "$WORK/alice.key"
done
cat "$WORK/session" "$WORK/one-way" > "$WORK/tapes"

# --- The panic ---
vm run --timeout 60 "$VM" 'echo c > /proc/sysrq-trigger' > "$WORK/run" 2>&1
panicked 'sysrq c'
ok '… and answers' until_true 120 eval 'asked | grep "^panicked 1"'

# All that was pressed, and who asked for it
pressed() {
	read_log && grep -E 'sysrq: |ipt_SYSRQ: .* presses ' "$WORK/log"
}
before=$(pressed)
has '… its log has the commands that were recorded' "$before" \
	'alice from .* presses h \(one-way\)'

memory_free() {
	"$BUILD/send_sysrq" status --json -p "${address##*:}" "${address%:*}" |
		sed -n 's/.*"memory_free_bytes": *\([0-9]*\).*/\1/p'
}
free=$(memory_free)

# --- The attack ---
forged() { # WORD
	awk -v word="$1" '$1 == word { print $2 }' "$WORK/forged"
}

forge() { # KEY SEED
	timeout -s KILL 2400 "$BUILD/guest/forge" "$1" "$WORK/wire" segment \
		$((count / 2)) "$2" "$WORK/tapes" > "$WORK/forged"
}

# They are forged for this key; the recordings are all of them.
attack() { # WHOSE KEY
	local seed=$RANDOM begun=$SECONDS
	ok "$1: the host outlives $((count / 2)) hostile frames" forge "$2" "$seed"
	echo "# seed $seed, $((SECONDS - begun)) s, $(forged frames) frames in $(forged ms) ms," \
		"$(forged answers) of $(forged asked) questions answered"
	is '… at least a thousand of each kind, or their part' "$(awk \
		-v least="$((count / 2000))" '$1 == "kind" && $3 + $4 < least' "$WORK/forged")" ''
	ok '… it answers meanwhile' test "$(forged answers)" -ge "$((count / 4000))"
	is '… and at last, on the same card' "$(forged last)" 1
	is '… and nothing was pressed' "$(pressed)" "$before"
}
attack password "$password_key"
attack alice "$(shared_key alice)"

lost=$((free - $(memory_free)))
echo "# $((lost / 1024)) KiB are no longer free"
if [ "${KERNEL:-}" != debug ]; then
	ok 'no frame has kept memory' test "$lost" -lt $((8 << 20))
fi

# --- A card that receives, but sends nothing any more ---
timeout -s KILL 600 "$BUILD/guest/forge" "$password_key" "$WORK/wire" pester 5000 \
	> "$WORK/pester" &
pester=$!
ok 'nobody takes what the host sends by one card' until_true 300 grep sent "$WORK/pester"
as alice --no-one-way h
is '… it still presses h for alice, and answers her by the other card' "$status" 0
before=$(pressed)
kill "$pester"

# --- The right operators ---
SEND_SYSRQ_PASSWORD=wrong send --timeout 3 --no-one-way h
is 'with a wrong password there is no answer' "$status" 5
as alice h
is 'alice presses h' "$status" 0
send w
is 'the password presses w' "$status" 0
has '… and shows what it prints' "$out" 'Show Blocked State'
READLOG_KEY=$(shared_key alice) read_log
like 'alice reads the whole log, from the first line' "$WORK/log" 'Linux version'
like '… to the reason of the panic' "$WORK/log" \
	'Kernel panic - not syncing: sysrq triggered crash'
is '… since the attack nothing was pressed but that' \
	"$(pressed | tail -n +"$(($(wc -l <<< "$before") + 1))" |
		sed -E 's/.*(sysrq: |ipt_SYSRQ: )//; s/ (from|:) .*presses/ presses/; s/^HELP.*/HELP/')" \
	"alice presses h
HELP
passwd presses w
Show Blocked State"
as alice b
is 'b is accepted' "$status" 0
ok '… and resets the host' reset
done_testing
