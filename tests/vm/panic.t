#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# With port= a host goes on listening when its kernel has panicked, whatever the cause:
# status, the whole log with the reason of the panic, and b. What can do nothing then is
# not pressed, and told so. Nobody else gets an answer.
#
#   this machine                                        guest
#   send_sysrq, askpanic ---------------------- QEMU -- eth0 10.0.2.15
#   send_sysrq --> relay (keeps a tape) -------- "
#   replay (sends it again) -------------------- "
#
# tests/module/sysrq_panic.c, panic.sh and this script make the panics.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/vm/panic.sh
. "$(dirname "$0")/panic.sh"

boot_listening

has 'before a panic, the host says that it would listen' "$(asked)" \
	'^panicked 0, hears 1, reboots in 0, '

for cause in hardirq init spin; do
	survives "$cause"
done

panic "sleep 0.2; echo held > $how" 'a CPU that was stopped holds the locks of the card'
rescued 'another CPU holds the locks'

# --- A card that crashes: the host answers by the other one ---
panic "echo crash > $how; ip link set crash0 up; sleep 0.2; echo c > /proc/sysrq-trigger" \
	'the poll of one of two cards crashes'
rescued 'sysrq triggered crash'

# --- What is pressed after a panic. The letter c is pressed over the network. ---
record first 1 h
recorded
is 'a command is recorded' "$status" 0
send c
ok 'c: the host panics' vm wait --timeout 120 "$VM" panicked
ok '… and answers' until_true 120 eval 'asked | grep "^panicked 1"'
helps() {
	read_log
	grep -c 'sysrq: HELP' "$WORK/log"
}
before=$(helps)
has '… a recording of a command is answered' "$(replay first)" 'answered: .*status'
is '… and presses nothing' "$(helps)" "$before"
send m
is 'm is pressed' "$status" 0
has '… and shows the memory' "$out" 'Mem-Info'
SEND_SYSRQ_PASSWORD=wrong send --timeout 3 --no-one-way h
is 'with a wrong password there is no answer' "$status" 5
send c
has 'c is not pressed, as it has been' "$out" '^  c .* not pressed'
send s,u,e,h,b
has 's,u,e,h,b is accepted' "$status" '^[01]$'
for letter in s u e; do
	has "… $letter is not pressed" "$out" "^  $letter .* not pressed"
done
has '… h is done' "$out" '^  h .* done'
ok '… and b resets the host' reset || bail 'it is not reset'
booted

send c
ok 'c once more: the host panics' vm wait --timeout 120 "$VM" panicked
send o
is 'o is accepted' "$status" 0
ok '… and the host is off' vm wait --timeout 60 "$VM" off
done_testing
