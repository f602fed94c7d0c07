#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A network that loses 30 % each way: every key is pressed exactly once.
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
is "$commands commands at 30 % loss each way: all end well" "$failed" 0
is '… each key was pressed exactly once' \
	"$(logged 'sysrq: Loglevel set to 7')" "$commands"
is '… with one audit line each' "$(logged 'presses 7$')" "$commands"
done_testing
