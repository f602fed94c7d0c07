#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# fence_sysrq fences a real guest: by a reboot while its processes take all, by a panic that
# the guest attests, and it turns the guest on again. A guest that stands still, or that is
# cut off, is never told as fenced, nor as off.
#
#   this machine                     guest
#   fence_sysrq --------------- QEMU -- eth0 10.0.2.15
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/vm/panic.sh
. "$(dirname "$0")/panic.sh"
[ -x "$BUILD/fence_sysrq" ] || bail "there is no $BUILD/fence_sysrq"

# The operator of the cluster is there after each boot.
cat > "$WORK/script" << END
echo 'cluster $(new_key cluster) b,c,s,u' > /proc/net/ipt_sysrq
END
boot_listening --script "$WORK/script" "$@"

# An action on the guest. Its output is in $out, its exit status in $status.
fence() { # ACTION [OPTION…]
	out=$("$BUILD/fence_sysrq" -o "$1" -n host -a "${address%:*}" -u "${address##*:}" \
		--key-file "$WORK/cluster.key" --power-timeout=600 "${@:2}" 2>&1)
	status=$?
}
succeeds() { # WHAT TEXT
	is "$1" "$status $out" "0 $2"
}
fails() { # WHAT REGEX
	is "$1: exit 1" "$status" 1
	has "$1: it says why" "$out" "^fence_sysrq: .*$2"
	unlike "$1: no success" <(echo "$out") 'Success|Status'
}

fence validate-all
succeeds 'the guest can be fenced' ''
fence status
succeeds 'status' 'Status: ON'

# --- reboot, where no process can be started ---
fork_bomb
fence reboot
succeeds 'reboot of a guest with a fork bomb' 'Success: Rebooted'
ok '… the guest was reset' vm wait "$VM" reset
ok '… and is back' vm wait "$VM" ready
fence reboot --sync-timeout=10
succeeds 'reboot with sync_timeout' 'Success: Rebooted'
ok '… the guest was reset' vm wait "$VM" reset
ok '… and is back' vm wait "$VM" ready

# --- A guest that answers nothing ---
resets() {
	vm events "$VM" | grep -c ' RESET guest'
}
before=$(resets)
vm qmp "$VM" stop > "$WORK/qmp" || bail 'the guest does not stand still'
for action in status reboot off on monitor validate-all; do
	fence "$action"
	fails "$action of a guest that stands still" 'no answer from host'
done
vm qmp "$VM" cont > "$WORK/qmp" || bail 'the guest does not go on'
until_true 60 eval 'fence status; [ "$status" -eq 0 ]' || bail 'the guest does not answer'
vm link "$VM" down
fence reboot
fails 'reboot of a guest that is cut off' 'nothing was sent'
fence off
fails 'off of a guest that is cut off' 'nothing was sent'
vm link "$VM" up
until_true 60 eval 'fence status; [ "$status" -eq 0 ]' || bail 'the guest does not answer'
is 'nothing of that has reset the guest' "$(resets)" "$before"

# --- off and on ---
fence off
succeeds 'off' 'Success: Powered OFF'
ok '… the kernel has panicked' vm wait "$VM" panicked
fence status
is 'status of the guest that is off' "$status $out" '2 Status: OFF'
fence off
succeeds 'off once more' 'Success: Already OFF'
vm qmp "$VM" stop > "$WORK/qmp"
fence off
fails 'off of a guest that has panicked, and stands still' 'no answer from host'
vm qmp "$VM" cont > "$WORK/qmp"
fence on
succeeds 'on' 'Success: Powered ON'
ok '… the guest was reset' vm wait "$VM" reset
ok '… and is back' vm wait "$VM" ready

# --- A guest that would not listen after a panic ---
guest 'echo 10 > /proc/sys/kernel/panic'
fence validate-all
fails 'validate-all of a guest that would not listen after a panic' 'would not listen after a panic'
fence off
fails 'off of this guest' 'would not listen after a panic'
fence status
succeeds '… which runs on' 'Status: ON'
done_testing
