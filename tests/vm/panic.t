#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# With port= a host goes on listening when its kernel has panicked, whatever the cause:
# status, the whole log with the reason of the panic, and b. What can do nothing then is
# not pressed, and told so. Nobody else gets an answer. Operators and mask= permit what they
# did before, and the log says who has asked for what.
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

# As many firmwares have it: the method _PTS, by which they prepare for being switched off,
# sleeps for 100 ms. There is no other task then. It is Sleep(100), as ACPI's byte code.
printf '\x14\x0A_PTS\x01\x5B\x22\x0A\x64' > "$WORK/method"
boot_listening -- -acpitable "sig=SSDT,data=$WORK/method"

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
# 508: all but the letters that set the log level
guest 'echo 508 > /sys/module/ipt_SYSRQ/parameters/mask'
put_table <<< "low $(new_key low) h log" || bail 'no table in the guest'
record first 1 h
recorded
is 'a command is recorded' "$status" 0

# What the client says of a refusal. The host's port is not the same in each test.
refused() { # EXIT STATUS NAME LETTERS
	if [ "$2" = passwd ]; then send "$3"; else as "$2" "$3"; fi
	is "$2 is refused $3" "$status" "$1"
	said+=$(grep '^send_sysrq: ' <<< "$out")$'\n'
}
refusals() {
	said=''
	refused 9 low b
	refused 8 passwd 8
}
refusals
before_panic=$said
send c
ok 'c: the host panics' vm wait --timeout 120 "$VM" panicked
ok '… and answers' until_true 120 eval 'asked | grep "^panicked 1"'
helps() {
	read_log
	grep -c 'sysrq: HELP' "$WORK/log"
}
before=$(helps)
has '… a recording of a command is refused: its number is used up' "$(replay first)" \
	'answered: status 17$'
is '… and presses nothing' "$(helps)" "$before"
refusals
is '… each time in the same words as before the panic' "$said" "$before_panic"
as low h
is 'low presses h' "$status" 0
send m
is 'm is pressed' "$status" 0
has '… and shows the memory' "$out" 'Mem-Info'
SEND_SYSRQ_PASSWORD=wrong send --timeout 3 --no-one-way h
is 'with a wrong password there is no answer' "$status" 5

# Who has asked for what, since the panic. readlog has to ask first which epoch there is.
audit() {
	sed -n '/end Kernel panic/,$ s/.*\] ipt_SYSRQ: //p' "$WORK/log" |
		grep -v 'asks for the log and is refused: it belongs to an earlier boot' | uniq
}
READLOG_KEY=$(shared_key low) read_log
is 'the log, which low may read, says who has asked for what since the panic' "$(audit)" \
	"passwd from 10.0.2.2 is refused h: its sequence number was used before, or is too high
low from 10.0.2.2 is refused b: a letter is not permitted to this operator
passwd from 10.0.2.2 is refused 8: a letter is not permitted by the sysrq mask
low from 10.0.2.2 presses h
passwd from 10.0.2.2 presses m"
has '… before what the letter prints' \
	"$(grep -A 1 'low from .* presses h$' "$WORK/log" | tail -n 1)" 'sysrq: HELP'
mv "$WORK/log" "$WORK/before"
read_log
ok '… and whoever reads the log again gets the same lines' \
	cmp -n "$(stat -c %s "$WORK/before")" "$WORK/before" "$WORK/log"
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

# Of a card that crashes three times nothing more is heard. A letter is not its fault.
guest 'modprobe sysrq_panic'
until_true 60 eval 'send a; [ "$status" -eq 0 ]' || bail 'no letter a in the guest'
send c
ok 'c once more, where the firmware would sleep: the host panics' vm wait --timeout 120 "$VM" panicked
for _ in 1 2 3 4; do
	send --timeout 60 --no-one-way a
	has 'a letter that crashes is answered for' "$out" '^  a .* not complete'
done
send o
is 'o is accepted' "$status" 0
ok '… and the host is off' vm wait --timeout 60 "$VM" off
done_testing
