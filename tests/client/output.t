#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Under a letter that makes the kernel print, such as w, send_sysrq shows what the kernel
# printed for it, also if the host reboots afterwards. It reads no log for other letters,
# nor with -q.
# shellcheck source=tests/client/lib.sh
. "$(dirname "$0")/lib.sh"

# These take some seconds: they begin now, and are checked later.
serve
start wb "${at[@]}" 127.0.0.1 w,b
serve
start wlm "${at[@]}" 127.0.0.1 wlm

shows() { # NAME EXPECTED: the lines after the first one, which is the status
	is "$1: the output has these lines" "$(timeless "$out" | tail -n +2)" "$2"
	no_error "$1"
}

serve --log 5
press w
exits 'w' 0
shows 'w' "  w  show-blocked-tasks  done T
$(printed w)"
press -q w
shows 'w with -q' '  w  show-blocked-tasks  done T'
press s,w
shows 'sw' "  s  sync                complete T
  w  show-blocked-tasks  done T
$(printed w)"
press --wait 0.1 w,r
shows 'wr, without what the kernel says of r' "  w  show-blocked-tasks  done T
$(printed w)
  r  unraw               done T"
end wlm
exits 'wlm' 0
shows 'wlm, with the output under each letter' \
	"  w  show-blocked-tasks             done T
$(printed w)
  l  show-backtrace-all-active-cpus done T
$(printed l)
  m  show-memory-usage              done T
$(printed m)"
end wb
exits 'wb' 0
shows 'wb, though the host is gone' "  w  show-blocked-tasks  done T
$(printed w)
  b  reboot              accepted"

serve --log 5
press -q r,w
unlike 'with -q send_sysrq does not read the log' "$log" '^log'
press s
unlike 'for s send_sysrq does not read the log' "$log" '^log'
serve --output 2000
press w
is 'send_sysrq shows all of a long output' \
	"$(grep -c '^\[.*\] output of w, line ' "$out")" 2000
serve --no-log
press w
exits 'w, if the log is not permitted' 0
like 'w, if the log is not permitted: the message says so' "$err" \
	'^send_sysrq: 127.0.0.1 does not permit this operator to read its log'

# A host whose output has no end must not use up this machine's memory. Where the client is
# emulated, the emulator's memory counts, too: so it is the client's with nothing to do.
bench/measure "$dir/figures" "$client" --version > "$out" 2> "$err"
read -r _ idle _ < "$dir/figures"
most=$((60 * 1024 + idle))
serve --output 150000
bench/measure "$dir/figures" "$client" "${at[@]}" --wait 0 127.0.0.1 w,l,m,t,p,q,h,z \
	> "$out" 2> "$err"
read -r _ peak _ < "$dir/figures"
is 'eight letters print without end: the client takes less than 60 MiB for it' \
	"$((peak < most ? 1 : peak))" 1
like 'output without end: the message says that it is not complete' "$err" \
	'^send_sysrq: a part of the output of 127.0.0.1 could not be read$'

serve --any --output 150000
bench/measure "$dir/figures" "$client" "${at[@]}" --timeout 40 --wait 0.1 '127.0.0.[1-8]' w \
	> "$out" 2> "$err"
read -r _ peak _ < "$dir/figures"
is 'eight hosts print without end: the client takes less than 60 MiB for it' \
	"$((peak < most ? 1 : peak))" 1
like 'eight hosts without end: the message says that it is not complete' "$err" \
	'^send_sysrq: (the hosts print too much|a part of the output of)'

# A malicious host has one record more, whatever is asked for.
serve --endless
press --timeout 1 w
exits 'a log that is never read to its end' 0
like 'a log that is never read to its end: a part of it is shown' "$out" 'and so on'
serve --any --endless
run "${at[@]}" --timeout 1 '127.0.0.[1-3]' w
exits 'three logs that are never read to their ends' 0
done_testing
