#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A command that somebody recorded, held back, or sent to another host with the same
# password presses no letter: not at once, not after newer commands, not with other
# operators or another clock, and not after a reboot.
#
#   this machine                                             guest replay-PID
#   send_sysrq --> relay (keeps a tape) ------- QEMU ------- eth0 10.0.2.15
#                  replay (sends it again) ----- "
#   namespace sysrq-replay-PID-other                         guest replay-PID-other
#   the same programs --> tap0 192.0.2.1 ------------------- eth0 192.0.2.7
#
# tests/tools/relay.c and replay.c are these programs. The host answers every datagram of a
# key that it knows, also those that it refuses. So the answers show that it has judged
# each datagram of the tape, and how: by the codes of docs/protocol.md.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

other=$VM-other
trap 'vm stop "$other"; finish' EXIT
P=/sys/module/ipt_SYSRQ/parameters
declare -A before=([$VM]='' [$other]='')
declare -A address_of=([$VM]=10.0.2.15 [$other]=192.0.2.7)
one_way=(--one-way --host-address "${address_of[$VM]}")
resets=0
patience=180 # seconds for a boot: there are two machines, and debug kernels are slow

# The letters that the guest has pressed since the last letters_are, as the kernel calls
# them on the console, which has all boots. "Resetting" is left out, because not every
# kernel still prints it; resets are counted instead.
pressed() {
	local all
	all=$(vm console "$VM" | tr -d '\r' |
		sed -n 's/^\[[ 0-9.]*\] sysrq: \([A-Za-z /]*[A-Za-z]\).*/\1/p' |
		grep -v '^Resetting$' | tr '\n' ',')
	echo "${all#"${before[$VM]}"}"
}

letters_are() { # NAME REGEX
	local letters
	letters=$(pressed)
	has "$1" "$letters" "^$2\$"
	before[$VM]+=$letters
}

# send_sysrq to the guest, from where the guest can be reached
ask_host() { # ARGUMENT…
	local address
	address=$(vm address "$VM")
	vm exec-net "$VM" "$BUILD/send_sysrq" -p "${address##*:}" \
		"${address%:*}" "$@"
}

# What the guest pressed, how many packets came, and how the recorded client ended
tap_failed() {
	vm console "$VM" | tail -n 40 | note
	[ -z "${rule-}" ] || note <<< "$rule"
	[ ! -e "$WORK/recorded" ] || note < "$WORK/recorded"
}

# The tapes are answered like this, and press nothing.
replayed() { # WHEN ANSWERS TAPE…
	has "$1: each datagram is answered with $2" "$(replay "${@:3}")" \
		"^([0-9]+) of \1 answered: $2$"
	letters_are '… and no letter is pressed' ''
}

# A one-way command has to wait until the key is older than a minute and the difference of
# the clocks (exit status 11).
until_one_way() {
	until_true 180 eval 'ask_host --one-way \
		--host-address "${address_of[$VM]}" h; status=$?; [ $status != 11 ]'
	is "$1" "$status" 0
}

# The same ways are open to a person with the key.
authentic() {
	ok '… while an authentic command in session is accepted' ask_host h
	until_one_way '… and so is a one-way command'
	letters_are '… and both press their letter, once' HELP,HELP,
}

slowly_back() {
	vm wait "$VM" reset && vm wait --timeout "$patience" "$VM" ready
}

# sisub up to i, then the rest. In between the run is in progress.
half='Emergency Sync,Kill All Tasks,'
rest='Emergency Sync,Emergency Remount R/O,'
# There a thread prints to the console, and the reset may come before it is done.
[[ ${KERNEL:-} != *-rt ]] || rest='(Emergency Sync,(Emergency Remount R/O,)?)?'
record_half() { # TAPE ARGUMENT…
	record "$1" 3 "${@:2}" --wait i=600 sisub
	until_true 60 eval '[[ $(pressed) = *Kill* ]]'
	letters_are "$1: sisub, each datagram three times: s and i are pressed once" \
		"$half"
	kill "$client"
	recorded
	vm wait "$VM" ready
}

record_whole() { # TAPE ARGUMENT…
	record "$1" 3 "${@:2}" sisub
	resets=$((resets + 1))
	ok "$1: sisub, each datagram three times: the host comes back" slowly_back
	letters_are '… and each letter was pressed once' "$half$rest"
	is '… and it was reset once' "$(vm resets "$VM")" "$resets"
	kill "$client" 2> "$WORK/gone"
	recorded
}

# --- Two hosts with the same password, up before anything is recorded ---
VM=$other boot --net tap --no-wait
boot --timeout "$patience"
vm wait --timeout "$patience" "$other" ready || bail 'the other guest does not start'

# --- Held back by the relay, and released after a minute, below ---
hold() { # TAPE LETTERS
	record "$1" 0 --no-one-way --timeout 2 "$2"
	recorded
	is "$2 is held back: the client has seen no end" "$status" 4
	letters_are '… and no letter is pressed' ''
}
delay() {
	hold early h
	has '… and when it is released at once, it is accepted' "$(replay early)" \
		'^([0-9]+) of \1 answered: status 0( 1)?$'
	letters_are '… and pressed once' HELP,
	hold late sisub
	held=$(guest cut -d. -f1 /proc/uptime)
}
VM=$other delay

# --- At once ---
# init starts the shell again after i, so that more can be tried before b.
guest "sed -i s/::once:/::respawn:/ /etc/inittab && kill -HUP 1"
until_one_way 'a one-way command is accepted'
letters_are '… and presses its letter' HELP,
record_half session
replayed 'in session, during its run' 'status 1' session
record_half one-way "${one_way[@]}"
replayed 'one-way, during its run' 'status 1 2' session one-way
authentic
replayed 'after newer commands' 'status 17 20' session one-way

# --- When the operators have changed ---
put_table <<< "alice $(new_key alice) all" ||
	bail 'the operators cannot be changed'
replayed 'with another operator beside it' 'status 17 20' session one-way
authentic

# How many packets have come to the rule
seen_by_rule() {
	guest "iptables-legacy -nvxL INPUT" | tee -a "$WORK/rules" |
		awk '/SYSRQ/ { print $1 }'
}
guest "printf %s another > $P/passwd"
seen=$(seen_by_rule)
answers=$(replay session one-way)
has 'without the key no datagram is answered' "$answers" '^0 of [0-9]+ answered:$'
seen=$(($(seen_by_rule) - seen))
rule=$(cat "$WORK/rules"; guest 'grep Udp: /proc/net/snmp')
is '… though each came to the rule' "0 of $seen answered:" "$answers"
rule=''
letters_are '… and no letter is pressed' ''
guest "printf %s '$SEND_SYSRQ_PASSWORD' > $P/passwd"
replayed 'with the key set again' 'status 16 20' session one-way
authentic

# --- After the reboot ---
record_whole session
replayed 'after the reboot' 'status 16 20' session one-way
authentic
record_whole one-way "${one_way[@]}"
replayed 'after another reboot' 'status 16 20' session one-way
authentic

# --- To the other host ---
VM=$other replayed 'on another host' 'status 16 21' session one-way

# --- With a clock that starts wrong ---
# A new guest knows as little of the past as a guest after a reboot.
start_at() { # DIFFERENCE
	stop_guest
	before[$VM]=''
	boot --timeout "$patience" -- -rtc "base=$(date -u -d "$1" +%FT%T)"
	off=$(($(guest date +%s) - $(date -u -d "$1" +%s)))
	ok "the guest's clock starts at $1" test "${off#-}" -lt 600
}
start_at '-1 hour'
replayed 'with the clock an hour behind' 'status 16 19' session one-way
guest "date -s @$(date +%s)" > "$WORK/date"
replayed '… corrected' 'status 16 20' session one-way
authentic
start_at '+1 hour'
replayed 'with the clock an hour ahead' 'status 16 22' session one-way
guest "date -s @$(date +%s)" > "$WORK/date"
replayed '… corrected' 'status 16 20' session one-way
authentic

# --- What was held back is released ---
release() {
	ok 'a minute has passed on the other host' vm run --timeout 90 "$VM" "
		until read -r now _ < /proc/uptime &&
			[ \${now%.*} -ge $((held + 60)) ]; do sleep 1; done"
	replayed 'a command released after a minute' 'status 22' late
	authentic
	ok 'the kernel of the other host has reported nothing' no_report
}
VM=$other release
done_testing
