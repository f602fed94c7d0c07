# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the VM tests share: one guest for each script, and what they do with it.
# Sourced.

set -u
TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
BUILD=${BUILD:-$TOP/build}
export BUILD
export SEND_SYSRQ_PASSWORD=my_very_secret_password
VM="$(basename "$0" .t)-$$"
WORK=$(mktemp -d)
PATH=$TOP/lab:$PATH
# Whoever runs the tests may have a configuration for send_sysrq.
export XDG_CONFIG_HOME=$WORK/config XDG_STATE_HOME=$WORK/state

# shellcheck source=tests/tap.sh
. "$TOP/tests/tap.sh"
# shellcheck source=lab/need
. "$TOP/lab/need"
tap_output=$WORK/out

finish() {
	vm stop "$VM" > "$WORK/stop" 2>&1 || cat "$WORK/stop" >&2
	rm -rf "$WORK"
}
trap finish EXIT
trap 'exit 1' INT TERM

# What the client said last
tap_failed() {
	[ -z "${out-}" ] || note <<< "send_sysrq said: $out"
}

tap_bail() {
	vm console "$VM" 2> /dev/null | tail -n 30 | note
}

tap_end() {
	ok 'the kernel has reported nothing' no_report
}

# Stops the guest before the end of the test. Its console is lost then.
stop_guest() {
	ok 'the kernel has reported nothing' no_report
	vm stop "$VM"
}

# The console without the races in which the module has no part
races_of() { # MODULE
	vm console "$VM" | awk -v module="$1" -f "$TOP/tests/vm/kcsan.awk"
}

# A report of the kernel, on a debug kernel as on any other, is a fault of the module.
# One report is a fault of the emulation instead: see by_emulation in lab/vm.d/state.
# A console that is empty or lost has no report either, and fails.
no_report() {
	[ "$(vm console "$VM" | wc -c)" -gt 0 ] && ! races_of ipt_SYSRQ |
		grep -aE 'BUG:|WARNING:|KASAN|UBSAN|Oops|general protection|unregister_netdevice: waiting|deprecated workqueue|INFO: (possible|suspicious|trying|inconsistent)' |
		grep -v 'Oops: int3: 0000'
}

# Bails out where a program is missing, and names the package that has it.
needs() { # PROGRAM…
	local why
	why=$(need "$@" 2>&1) || bail "$why"
}

# Boots the script's guest, with the options of `lab/vm start`. It has a password, a key
# pair, and no other operators. KERNEL names another
# kernel: debug, kcsan, or a version.
boot() {
	needs qemu-system-x86_64
	vm start "$VM" --timeout 400 \
		--params "passwd=$SEND_SYSRQ_PASSWORD key=$(private_key host) mask=1" \
		${KERNEL:+--kernel "$KERNEL"} "$@" ||
		bail "the guest does not start"
}

guest() {
	vm run --timeout 120 "$VM" "$*"
}

# Starts more processes than the guest has room for, and returns when its shell does
# not answer any more. The shell may die before it has answered to this command.
fork_bomb() {
	vm run --timeout 10 "$VM" 'echo 1500 > /proc/sys/kernel/pid_max
		bomb() { bomb & bomb & wait; }
		bomb > /dev/null 2>&1 &'
	until_true 60 eval '! vm run --timeout 2 "$VM" true'
}

# What a guest of 2 CPUs does to have a real-time task take all of each CPU for ever, a
# moment after this command. From Linux 6.12 on, the fair server would give the other tasks
# a part of each CPU all the same.
real_time_spinners='echo -1 > /proc/sys/kernel/sched_rt_runtime_us
	for runtime in /sys/kernel/debug/sched/fair_server/*/runtime; do
		[ ! -e "$runtime" ] || echo 0 > "$runtime"
	done
	for cpu in 0 1; do
		setsid sh -c "sleep 1; exec chrt -f 99 taskset \$((1 << $cpu)) \
			sh -c \"while :; do :; done\"" > /dev/null 2>&1 &
	done'

# Gives the guest a neighbour, peer, which is a network namespace inside the guest:
#
#   namespace peer             guest                     this machine
#   veth1 192.0.2.1    ------  veth0 192.0.2.7
#         2001:db8::1                2001:db8::7
#                              eth0 10.0.2.15   ------  127.0.0.1 (by QEMU)
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

# Gives peer another host to talk to, the namespace behind. The guest is the router:
#
#   namespace peer       guest                                  namespace behind
#   veth1 192.0.2.1 ---- veth0 192.0.2.7 | veth2 198.51.100.1 ---- veth3 198.51.100.7
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

# send_sysrq from peer
ask() { # ARGUMENT…
	guest "SEND_SYSRQ_PASSWORD='$SEND_SYSRQ_PASSWORD' ip netns exec peer \
		send_sysrq --timeout 5 --no-one-way $*"
}

# How many lines of the guest's kernel log match, or a sentence if it cannot be read
logged() { # REGEX
	local log
	if log=$(guest dmesg); then
		grep -Ec -- "$1" <<< "$log"
	else
		echo 'the log cannot be read'
	fi
}

# send_sysrq to the guest. Its output is in $out, its exit status in $status.
send() { # ARGUMENT…
	local address
	address=$(vm address "$VM")
	out=$("$BUILD/send_sysrq" -p "${address##*:}" "${address%:*}" "$@" 2>&1)
	status=$?
}

# --- Key pairs. The host's is "host", and by this name the client knows it, too ---

# Makes the key pair $WORK/NAME.key, and prints its public key.
new_key() { # NAME
	"$BUILD/send_sysrq" genkey --key-file "$WORK/$1.key" ||
		bail 'no key is made'
}
mkdir -p "$XDG_CONFIG_HOME/send_sysrq"
host_public=$(new_key host)
echo "host $host_public" > "$XDG_CONFIG_HOME/send_sysrq/known_hosts"

# Prints the private key, such as that of the host, for the module's parameter key.
private_key() { # NAME
	head -n 1 "$WORK/$1.key"
}

# Prints what this operator and the host share, for programs that make datagrams.
shared_key() { # NAME
	"$BUILD/sharedkey" "$(private_key "$1")" "$host_public"
}

# send_sysrq with a pair: "${pair[@]}" "$WORK/NAME.key" …
pair=(--known-as host --key-file)

# send, with the key of that name
as() { # NAME ARGUMENT…
	send "${pair[@]}" "$WORK/$1.key" "${@:2}"
}

# Puts standard input in force as the table of operators.
put_table() {
	guest "echo '$(base64 -w 0)' | base64 -d > /tmp/operators
		cat /tmp/operators > /proc/net/ipt_sysrq"
}

# send in the background. Its output is in $WORK/background; `kill $client` ends it.
send_in_background() { # ARGUMENT…
	local address
	address=$(vm address "$VM")
	"$BUILD/send_sysrq" -p "${address##*:}" "${address%:*}" "$@" \
		> "$WORK/background" 2>&1 &
	client=$!
}

# send_sysrq through the relay, in the background. See tests/tools/relay.c.
record() { # TAPE COPIES ARGUMENT…
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

# Waits for the client. Its exit status is in $status.
recorded() {
	wait "$client"
	status=$?
	exec {relay_in}>&-
	wait "$relay_pid"
}

# Sends the tapes again to the guest, and prints the answers. See tests/tools/replay.c.
replay() { # TAPE…
	local address
	address=$(vm address "$VM")
	(cd "$WORK" && cat "$@") > "$WORK/tape"
	vm exec-net "$VM" "$BUILD/replay" "${address%:*}" "${address##*:}" \
		"$WORK/tape"
}

# Repeats the command until it succeeds. In the end it prints what the command said
# last, and fails.
until_true() { # SECONDS COMMAND…
	local end=$((SECONDS + $1))
	shift
	until "$@" > "$WORK/until" 2>&1; do
		[ "$SECONDS" -lt "$end" ] || { cat "$WORK/until"; return 1; }
		sleep 0.2
	done
}

# Waits until the guest was reset and is there again.
back() {
	vm wait "$VM" reset && vm wait "$VM" ready
}
