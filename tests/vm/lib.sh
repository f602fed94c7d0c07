# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the VM tests share: TAP for prove, and one guest a script. Sourced.

set -u
TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
BUILD=${BUILD:-$TOP/build}
export BUILD
export SEND_SYSRQ_PASSWORD=my_very_secret_password
VM="$(basename "$0" .t)-$$"
WORK=$(mktemp -d)
PATH=$TOP/lab:$PATH
# Whoever runs the tests may have a configuration for send_sysrq.
export XDG_CONFIG_HOME=$WORK/config

tests=0
failures=0

finish() {
	vm stop "$VM" > "$WORK/stop" 2>&1 || cat "$WORK/stop" >&2
	rm -rf "$WORK"
}
trap finish EXIT
trap 'exit 1' INT TERM

# ok NAME COMMAND…: passes if the command succeeds
ok() {
	local name=$1
	shift
	tests=$((tests + 1))
	if "$@" > "$WORK/out" 2>&1; then
		echo "ok $tests - $name"
	else
		echo "not ok $tests - $name"
		echo "# failed: $*"
		sed 's/^/# /' "$WORK/out"
		failures=$((failures + 1))
	fi
}

# is NAME GOT EXPECTED: if not, shows what the client said last, too
is() {
	ok "$1" test "$2" = "$3"
	[ "$2" = "$3" ] ||
		printf '%s\n' "got: $2" "expected: $3" "out: ${out-}" | note
}

# has NAME TEXT PATTERN: an extended regular expression
has() {
	ok "$1" grep -Eq -- "$3" <<< "$2"
	grep -Eq -- "$3" <<< "$2" ||
		printf '%s\n' "no match for: $3" "in: $2" | sed 's/^/# /'
}

# Standard input, as comments
note() {
	sed 's/^/# /'
}

# On a debug kernel any report is a failure of ours, but for QEMU's (see lab/vm.d/wait).
no_report() {
	! vm console "$VM" |
		grep -aE 'BUG:|WARNING:|KASAN|UBSAN|Oops|general protection|unregister_netdevice|deprecated workqueue|INFO: (possible|suspicious|trying|inconsistent)' |
		grep -v 'Oops: int3: 0000'
}

done_testing() {
	ok 'the kernel has reported nothing' no_report
	echo "1..$tests"
	[ "$failures" -eq 0 ]
	exit
}

bail() {
	vm console "$VM" 2> /dev/null | tail -n 30 | sed 's/^/# /'
	echo "Bail out! $*"
	exit 1
}

# Boots the script's guest; options as of `lab/vm start`. KERNEL=debug, or a
# version, has it boot that kernel.
boot() {
	vm start "$VM" --timeout 180 \
		--params "passwd=$SEND_SYSRQ_PASSWORD mask=1" \
		${KERNEL:+--kernel "$KERNEL"} "$@" ||
		bail "the guest does not start"
}

guest() {
	vm run --timeout 120 "$VM" "$*"
}

# More processes than the guest has room for, until the shell does not answer: it
# need not get as far as to answer this.
fork_bomb() {
	vm run --timeout 10 "$VM" 'echo 1500 > /proc/sys/kernel/pid_max
		bomb() { bomb & bomb & wait; }
		bomb > /dev/null 2>&1 &'
	until_true 60 eval '! vm run --timeout 2 "$VM" true'
}

# Gives the guest, at 192.0.2.7 and 2001:db8::7, another host in a namespace:
# peer, at 192.0.2.1 and 2001:db8::1.
make_peer() {
	guest '
		ip netns add peer
		ip link add veth0 type veth peer name veth1 netns peer
		ip addr add 192.0.2.7/24 dev veth0
		ip -6 addr add 2001:db8::7/64 dev veth0 nodad
		ip link set veth0 up
		ip -n peer addr add 192.0.2.1/24 dev veth1
		ip -n peer -6 addr add 2001:db8::1/64 dev veth1 nodad
		ip -n peer link set veth1 up
		ip -n peer link set lo up' || bail 'no network in the guest'
}

# Gives peer somebody to talk to at 198.51.100.7, whom the guest forwards to.
make_behind() {
	guest '
		ip netns add behind
		ip link add veth2 type veth peer name veth3 netns behind
		ip addr add 198.51.100.1/24 dev veth2
		ip link set veth2 up
		ip -n behind addr add 198.51.100.7/24 dev veth3
		ip -n behind link set veth3 up
		ip -n behind route add default via 198.51.100.1
		ip -n peer route add 198.51.100.0/24 via 192.0.2.7
		echo 1 > /proc/sys/net/ipv4/ip_forward' ||
		bail 'no second network in the guest'
}

# ask ARGUMENT…: send_sysrq from peer
ask() {
	guest "SEND_SYSRQ_PASSWORD='$SEND_SYSRQ_PASSWORD' ip netns exec peer \
		send_sysrq --timeout 5 --no-one-way $*"
}

# How often a line that matches stands in the guest's kernel log
logged() {
	guest dmesg | grep -Ec -- "$1"
}

# send ARGUMENT…: send_sysrq to the guest; output in $out, exit status in $status
send() {
	local address
	address=$(vm address "$VM")
	out=$("$BUILD/send_sysrq" -p "${address##*:}" "${address%:*}" "$@" 2>&1)
	status=$?
}

# new_key NAME: makes $WORK/NAME.key, for --key-file, and prints it
new_key() {
	(umask 077 && "$BUILD/send_sysrq" genkey > "$WORK/$1.key") ||
		bail 'no key is made'
	cat "$WORK/$1.key"
}

# as NAME ARGUMENT…: send, with that key
as() {
	send --key-file "$WORK/$1.key" "${@:2}"
}

# send in the background; its output in $WORK/background, to be ended with
# `kill $client`.
send_in_background() {
	local address
	address=$(vm address "$VM")
	"$BUILD/send_sysrq" -p "${address##*:}" "${address%:*}" "$@" \
		> "$WORK/background" 2>&1 &
	client=$!
}

# until_true SECONDS COMMAND…: polls until it succeeds, or says what it said last
until_true() {
	local end=$((SECONDS + $1))
	shift
	until "$@" > "$WORK/until" 2>&1; do
		[ "$SECONDS" -lt "$end" ] || { cat "$WORK/until"; return 1; }
		sleep 0.2
	done
}
