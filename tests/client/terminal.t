#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# On a terminal send_sysrq folds lines, colours them unless it is told not to, shows
# control characters as text, and shows how far it is.
# shellcheck source=tests/client/lib.sh
. "$(dirname "$0")/lib.sh"

cat > "$dir/lines" << END
<6>[    1.000000] a line that is longer than this terminal is wide
<3>[    2.000000] $(printf '\033[31m')red
END
serve --any --log-file "$dir/lines" --host 127.0.0.2 --mute
on_terminal 40 NO_COLOR=1 "$client" log "${at[@]}" 127.0.0.1
is 'log folds lines and shows control characters as text' "$(< "$out")" \
	'[    1.000000] a line that is longer
               than this terminal is
               wide
[    2.000000] \x1b[31mred'

# --- Colours ---

for variable in NO_COLOR= NO_COLOR=1 TERM=dumb TERM= TERM=linux; do
	case $variable in
	NO_COLOR= | TERM=linux) expected=colours ;;
	*) expected='no colours' ;;
	esac
	for what in log status; do
		on_terminal 80 "$variable" "$client" $what "${at[@]}" 127.0.0.1
		[ "$rc" = 0 ] && got='no colours' || got="exit $rc"
		grep -q $'\e\[[0-9;]*m' "$out" && got=colours
		is "$what with $variable prints $expected" "$got" "$expected"
	done
done

# --- Progress ---

on_terminal 80 NO_COLOR=1 "$client" status "${at[@]}" --timeout 1 127.0.0.1 127.0.0.2
exits 'status of two hosts on a terminal' 2
like 'status of two hosts shows how far it is' "$out" '1 of 2 answered, 1 to go'
on_terminal 80 NO_COLOR=1 "$client" status "${at[@]}" 127.0.0.1
unlike 'status of one host does not show how far it is' "$out" 'answered'
on_terminal 59 "$client" "${at[@]}" 127.0.0.1 pp
unlike 'a terminal of 59 columns has no line for the running step' "$out" 'running'
on_terminal 60 "$client" "${at[@]}" 127.0.0.1 pp
like 'a terminal of 60 columns has a line for the running step' "$out" 'running'

# The line that shows how far it is must go before a message.
serve --any --host 127.0.0.3 --no-log
on_terminal 80 NO_COLOR=1 "$client" "${at[@]}" --wait 0.5 '127.0.0.[1-3]' wl
like 'on a terminal a message comes between the lines of three hosts' "$out" \
	'send_sysrq: 127\.0\.0\.3 does not permit'
unlike 'a message does not follow the progress on its line' "$out" '[0-9] ssend_sysrq'
done_testing
