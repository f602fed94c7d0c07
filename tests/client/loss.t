#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# If 30 % of the datagrams get lost each way, a command is still carried out, and once.
# shellcheck source=tests/client/lib.sh
. "$(dirname "$0")/lib.sh"

logs=()
for i in {1..30}; do
	serve --drop-in 30 --drop-out 30 --seed "$i"
	logs+=("$log")
	start "$i" "${at[@]}" --timeout 30 127.0.0.1 h
done
for i in {1..30}; do
	end "$i"
	echo "$rc $(pressed "${logs[i - 1]}")"
done > "$dir/results"
is '30 commands, each carried out once' "$(sort "$dir/results" | uniq -c | tr -s ' ')" \
	' 30 0 h'
done_testing
