#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Over a network that loses 30 % of the datagrams each way every command succeeds, and
# every letter is pressed exactly once. Where it loses 60 %, the user still learns that the
# sync and the remount were complete, before the host reboots.
#
#   this machine                                                  guest
#   send_sysrq --> 127.0.0.1 relay: loses 30 % each way -- QEMU -- eth0 10.0.2.15
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

commands=200

boot
address=$(vm address "$VM")
coproc relay { exec "$BUILD/relay" "${address%:*}" "${address##*:}" 30 1; }
read -r port <&"${relay[0]}" || bail 'no relay'

failed=0
for ((i = 0; i < commands; i++)); do
	# 7 sets the console's log level: harmless, and logged each time.
	"$BUILD/send_sysrq" --timeout 60 -p "$port" 127.0.0.1 7 \
		> "$WORK/sent" 2>&1 || {
		failed=$((failed + 1))
		sed 's/^/# /' "$WORK/sent"
	}
done
is "$commands commands at 30 % loss each way: all succeed" "$failed" 0
is '… each letter was pressed exactly once' \
	"$(logged 'sysrq: Loglevel set to 7')" "$commands"
is '… with one audit line each' "$(logged 'presses 7$')" "$commands"

# --- 60 % ---
coproc worse { exec "$BUILD/relay" "${address%:*}" "${address##*:}" 60 1; }
read -r port <&"${worse[0]}" || bail 'no relay'
for ((i = 1; i <= 5; i++)); do
	"$BUILD/send_sysrq" --timeout 60 -p "$port" 127.0.0.1 sub > "$WORK/sent" 2>&1
	is "sub $i at 60 % loss each way succeeds" $? 0
	like '… the sync is complete' "$WORK/sent" '^  s  sync +complete'
	like '… the remount is complete' "$WORK/sent" '^  u  unmount +complete'
	like '… the reboot is accepted' "$WORK/sent" '^  b  reboot +accepted'
	ok '… and the host comes back' back
done
done_testing
