#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What was recorded, held back, or made for another host presses no key.
#
# A relay between client and host keeps what the client sends (tests/relay.c),
# and tests/replay.c sends all of it again. To each datagram of a key that it
# knows the host answers, a refusal included, so that the answers show that all
# of them were judged, and how: by the codes of docs/protocol.md.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

other=$VM-other
trap 'vm stop "$other"; finish' EXIT
P=/sys/module/ipt_SYSRQ/parameters
declare -A before=([$VM]='' [$other]='')
declare -A address_of=([$VM]=10.0.2.15 [$other]=192.0.2.7)
one_way=(--one-way --host-address "${address_of[$VM]}")
resets=0
patience=180 # seconds for a boot: there are two machines, and debug kernels

# The keys that the guest has pressed since the last keys_are, from its console,
# which all boots share
# Not that it resets, which not every kernel gets to print: resets are counted.
pressed() {
	local all
	all=$(vm console "$VM" | tr -d '\r' |
		sed -n 's/^\[[ 0-9.]*\] sysrq: \([A-Za-z /]*[A-Za-z]\).*/\1/p' |
		grep -v '^Resetting$' | tr '\n' ',')
	echo "${all#"${before[$VM]}"}"
}

keys_are() { # NAME KEYS, an extended regular expression
	local keys
	keys=$(pressed)
	has "$1" "$keys" "^$2\$"
	before[$VM]+=$keys
}

ask_host() { # ARGUMENT…: send_sysrq to the guest, wherever it can be reached
	local address
	address=$(vm address "$VM")
	vm exec-net "$VM" "$BUILD/send_sysrq" -p "${address##*:}" \
		"${address%:*}" "$@"
}

# record TAPE COPIES ARGUMENT…: send_sysrq through the relay, in the background
record() {
	local address
	address=$(vm address "$VM")
	coproc relay {
		exec vm exec-net "$VM" "$BUILD/relay" "${address%:*}" \
			"${address##*:}" 0 1 "$WORK/$1" "$2"
	}
	relay_pid=$relay_PID relay_in=${relay[1]}
	read -r port <&"${relay[0]}" || bail 'no relay'
	vm exec-net "$VM" "$BUILD/send_sysrq" -p "$port" 127.0.0.1 "${@:3}" \
		> "$WORK/recorded" 2>&1 &
	client=$!
}

# Waits for the client; its exit status in $status
recorded() {
	wait "$client"
	status=$?
	exec {relay_in}>&-
	wait "$relay_pid"
}

replay() { # TAPE…
	local address
	address=$(vm address "$VM")
	(cd "$WORK" && cat "$@") > "$WORK/tape"
	vm exec-net "$VM" "$BUILD/replay" "${address%:*}" "${address##*:}" \
		"$WORK/tape"
}

# replayed WHEN ANSWERS TAPE…: that presses nothing
replayed() {
	has "$1: each datagram is answered with $2" "$(replay "${@:3}")" \
		"^([0-9]+) of \1 answered: $2$"
	keys_are '… and no key is pressed' ''
}

# The same way is open to who has the key. One-way it may take a moment: until
# the key is older than the clocks are apart (11).
authentic() {
	ok '… while an authentic command in session is accepted' ask_host h
	until_true 60 eval 'ask_host --one-way \
		--host-address "${address_of[$VM]}" h; status=$?; [ $status != 11 ]'
	is '… and a one-way one' "$status" 0
	keys_are '… and no other key is pressed' HELP,HELP,
}

back() {
	vm wait "$VM" reset && vm wait --timeout "$patience" "$VM" ready
}

# sisub up to i, waiting for the rest: the run is in progress.
half='Emergency Sync,Kill All Tasks,'
rest='Emergency Sync,Emergency Remount R/O,'
# It may reset before its console, which prints from a thread, has got so far.
[[ ${KERNEL:-} != *-rt ]] || rest='(Emergency Sync,(Emergency Remount R/O,)?)?'
record_half() { # TAPE ARGUMENT…
	record "$1" 3 "${@:2}" --wait i=600 sisub
	until_true 60 eval '[[ $(pressed) = *Kill* ]]'
	keys_are "$1: sisub, each datagram three times: s and i are pressed once" \
		"$half"
	kill "$client"
	recorded
	vm wait "$VM" ready
}

record_whole() { # TAPE ARGUMENT…
	record "$1" 3 "${@:2}" sisub
	resets=$((resets + 1))
	ok "$1: sisub, each datagram three times: the host comes back" back
	keys_are '… each key was pressed once' "$half$rest"
	is '… it was reset once' "$(vm resets "$VM")" "$resets"
	kill "$client" 2> "$WORK/gone"
	recorded
}

# --- Two hosts with one password, both up before anything is recorded ---
VM=$other boot --net tap --no-wait
boot --timeout "$patience"
vm wait --timeout "$patience" "$other" ready || bail 'the other guest does not start'

# --- Held back: released after a minute, below ---
hold() { # TAPE KEYS
	record "$1" 0 --no-one-way --timeout 2 "$2"
	recorded
	is "a held back $2: the client gives up" "$status" 4
	keys_are '… and no key is pressed' ''
}
delay() {
	hold early h
	has '… released at once it is accepted' "$(replay early)" \
		'^([0-9]+) of \1 answered: status 0( 1)?$'
	keys_are '… and pressed once' HELP,
	hold late sisub
	held=$(guest cut -d. -f1 /proc/uptime)
}
VM=$other delay

# --- At once ---
# The shell comes back after i, so that there is more to try before b.
guest "sed -i s/::once:/::respawn:/ /etc/inittab && kill -HUP 1"
record_half session
replayed 'in session, in the midst of its run' 'status 1' session
record_half one-way "${one_way[@]}"
replayed 'one-way, in the midst of its run' 'status 1 2' session one-way
authentic
replayed 'after newer commands' 'status 17 20' session one-way

# --- When the operators have changed ---
guest "echo 'alice $(head -c 32 /dev/urandom | base64) all' > $P/operators" ||
	bail 'the operators cannot be changed'
replayed 'with one operator more' 'status 16 20' session one-way
authentic

seen_by_rule() {
	guest "iptables-legacy -nvxL INPUT" | awk '/SYSRQ/ { print $1 }'
}
guest "printf %s another > $P/passwd"
seen=$(seen_by_rule)
answers=$(replay session one-way)
has 'without the key none is answered' "$answers" '^0 of [0-9]+ answered:$'
is '… though each came to the rule' \
	"0 of $(($(seen_by_rule) - seen)) answered:" "$answers"
keys_are '… and no key is pressed' ''
guest "printf %s '$SEND_SYSRQ_PASSWORD' > $P/passwd"
replayed 'with the key given back' 'status 16 20' session one-way
authentic

# --- After the reboot ---
record_whole session
replayed 'after the reboot' 'status 16 20' session one-way
authentic
record_whole one-way "${one_way[@]}"
replayed 'after one more' 'status 16 20' session one-way
authentic

# --- To the other host ---
VM=$other replayed 'on another host' 'status 16 21' session one-way

# --- With a clock that starts wrong ---
# A new guest knows no more of what was than one that was rebooted.
start_at() { # DIFFERENCE
	# Its console is lost with it.
	ok 'the kernel has reported nothing' no_report
	vm stop "$VM"
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
replayed 'with the clock an hour ahead' 'status 16 20' session one-way
guest "date -s @$(date +%s)" > "$WORK/date"
replayed '… corrected' 'status 16 20' session one-way
authentic

# --- What was held back is released ---
release() {
	ok 'a minute has passed on the host' vm run --timeout 90 "$VM" "
		until read -r now _ < /proc/uptime &&
			[ \${now%.*} -ge $((held + 60)) ]; do sleep 1; done"
	replayed 'a command released after a minute' 'status 22' late
	authentic
	ok 'the kernel of the other has reported nothing' no_report
}
VM=$other release
done_testing
