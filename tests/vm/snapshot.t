#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A machine that is restored from a snapshot with its memory takes no command that was
# recorded since the snapshot, from the moment when the kernel notices. The kernel notices
# by the generation ID of the virtual machine (vmgenid), which the hypervisor changes then.
#
#   this machine                                             guest
#   send_sysrq --> relay (keeps a tape) ------- QEMU ------- eth0 10.0.2.15
#                  replay (sends it again) ----- "
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

needs qemu-img
qemu-img create -q -f qcow2 "$WORK/snapshots" 1M || bail 'no disk is made'

# Boots the guest as a machine with this generation ID.
boot_as() { # ID QEMU-ARGUMENT…
	boot -- -drive "if=none,file=$WORK/snapshots,format=qcow2" \
		-device "vmgenid,guid=00000000-0000-0000-0000-00000000000$1" "${@:2}"
}

restore_as() { # ID
	stop_guest
	boot_as "$1" -loadvm before
}

pressed() {
	logged 'sysrq: HELP'
}

key_id() {
	guest "sed -n 's/^operator passwd //p' /proc/net/ipt_sysrq" | cut -d ' ' -f 1
}

# Asks for the status first, so that QEMU knows the guest's hardware address again.
answers_to() { # TAPE…
	send_status && replay "$@"
}

# What the status has of this, and of a panic
asked() {
	local address
	address=$(vm address "$VM")
	"$BUILD/askpanic" "${address%:*}" "${address##*:}"
}

send_status() {
	local address
	address=$(vm address "$VM")
	"$BUILD/send_sysrq" status -p "${address##*:}" "${address%:*}" > "$WORK/status"
}

one_way=(--one-way --host-address 10.0.2.15)

boot_as 1
if ! guest 'ls -d /sys/bus/*/drivers/vmgenid' > "$WORK/driver"; then
	skip 'a machine that was restored takes no recording' \
		'this kernel has no driver for vmgenid'
	done_testing
	exit
fi

# A new key takes no command that may be older than itself.
ok 'a one-way command is accepted' until_true 180 eval \
	'send "${one_way[@]}" h; [ "$status" = 0 ]'
vm save "$VM" before || bail 'the machine is not saved'
# With -q the client does not ask for the log: a tape has short datagrams only.
record session 2 -q h
recorded
is 'after the snapshot, a command in session is recorded' "$status" 0
record one-way 2 "${one_way[@]}" -q h
recorded
is '… and a one-way command' "$status" 0
is '… and each has pressed its letter' "$(pressed)" 3
id=$(key_id)

# With the same ID the kernel cannot notice. This shows that the tape is good.
restore_as 1
is 'the snapshot is restored: one letter was pressed' "$(pressed)" 1
has 'a kernel that does not notice it takes both recordings' \
	"$(answers_to session one-way)" '^([0-9]+) of \1 answered: status 0( 1)?$'
is '… and presses the letters' "$(pressed)" 3
has '… and its status says nothing of it' "$(asked)" 'answered after [0-9.]+ s$'

restore_as 2
ok 'a kernel that notices it says so' until_true 60 eval \
	'[ "$(logged "ipt_SYSRQ: the machine was cloned or restored")" = 1 ]'
has '… and takes neither recording' "$(answers_to session one-way)" \
	'^([0-9]+) of \1 answered: status 16 (19|20)$'
is '… and presses no letter' "$(pressed)" 1
is '… the key is the same' "$(key_id)" "$id"
has '… its status says that it was restored' "$(asked)" ' s, restored$'
send h
is '… and a new command is carried out' "$status" 0

# --- A run in progress ---
printf '%s\n' "bob $(new_key bob) all log" "low $(new_key low) h" | put_table || bail 'no table'
send_in_background "${pair[@]}" "$WORK/bob.key" --wait 300 h,s
until_true 60 eval '[ "$(logged "presses hs")" = 1 ]' || bail 'no run'
vm save "$VM" before || bail 'the machine is not saved'
kill "$client"
restore_as 2
as low h
is 'a run in progress goes on, if the kernel does not notice: who may not end it is refused' "$status" 12
restore_as 4
until_true 60 eval '[ "$(logged "ipt_SYSRQ: the machine was cloned or restored")" = 2 ]' ||
	bail 'the kernel does not notice'
as low h
is '… and ends, if the kernel notices' "$status" 0
done_testing
