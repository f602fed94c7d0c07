#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# send_sysrq presses its letters also without open streams, after it was stopped, and with
# few file descriptors.
# shellcheck source=tests/client/lib.sh
. "$(dirname "$0")/lib.sh"

# --- Streams ---

serve
"$client" "${at[@]}" 127.0.0.1 r,q <&- >&- 2>&-
rc=$?
exits 'no open stream' 13
is 'no open stream: the letters are pressed' "$(pressed "$log")" rq
unlike 'no open stream: send_sysrq sends nothing else' "$log" '^odd'
serve
"$client" "${at[@]}" 127.0.0.1 r,q | :
rc=${PIPESTATUS[0]}
exits 'a closed pipe' 13
is 'a closed pipe: the letters are pressed' "$(pressed "$log")" rq

# --- A stop ---

# The client stands still for longer than it would wait for an answer.
serve
"$client" --timeout 0.5 --wait 0.5 --no-one-way "${at[@]}" 127.0.0.1 1,2,3,4 \
	> "$out" 2> "$err" &
pid=$!
wait_for "$log" '^press 1'
kill -STOP $pid
wait_for "$log" '^press 4'
sleep 3 # as long as its steps and its timeout take
kill -CONT $pid
wait $pid
rc=$?
exits 'a client that was stopped for seconds, and follows the command to its end' 0

# --- File descriptors ---

serve
(ulimit -n 10 && exec "$client" "${at[@]}" --wait r=1.5 127.0.0.1 r,b) > "$out" 2> "$err"
rc=$?
exits 'ten file descriptors' 0
# The client may open no file any more when it has the password.
serve
mkfifo "$dir/secret"
"$client" --password-file "$dir/secret" --one-way -p "$port" 127.0.0.1 h \
	> "$out" 2> "$err" &
pid=$!
exec 3> "$dir/secret"
prlimit --pid $pid --nofile=3
echo test >&3
exec 3>&-
wait $pid
rc=$?
exits 'no file descriptor, one-way' 7
like 'no file descriptor, one-way: the message says so' "$err" \
	'Too many open files; nothing was sent'
done_testing
