#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The command that the host gets has the waits that were asked for, or the default waits,
# and send_sysrq says when a letter is not complete within its wait.
# shellcheck source=tests/client/lib.sh
. "$(dirname "$0")/lib.sh"

serve --complete 0
press --wait 0.02 --wait e=0.05,s=30 resu
exits '--wait' 0
like '--wait is for all letters or for some' "$log" \
	'^command .* r=20 e=50 s=30000\+ u=20\+$'
press --wait s=0 s
exits '--wait s=0' 0
like 'after --wait s=0 the host does not wait until s is complete' "$log" \
	'^command .* s=0$'
like 'after --wait s=0 send_sysrq shows that s is done' "$out" '^  s  sync                done'

# The client is interrupted, because it need not wait for the end of a command.
waits() { # COMMANDS EXPECTED ARGUMENT…
	local commands=$1
	serve
	start waits "${at[@]}" "${@:3}" 127.0.0.1 "$commands"
	interrupt waits "$log" '^command'
	is "$commands${3:+ with ${*:3}} has these waits" \
		"$(sed -n 's/^command [0-9a-f]* //p' "$log")" "$2"
}
waits safe-reboot 'e=5000 i=2000 s=600000+ u=600000+ b=0'
waits safe-poweroff 'e=5000 i=2000 s=600000+ u=600000+ o=0'
waits r,safe-reboot 'r=1000 e=5000 i=2000 s=600000+ u=600000+ b=0'
waits safe-reboot 'e=100 i=2000 s=30000+ u=600000+ b=0' --wait e=0.1,s=30
waits safe-reboot 'e=3000 i=3000 s=3000+ u=0 b=3000' --wait 3,u=0
waits r,e,i,s,u,q 'r=1000 e=2000 i=1000 s=10000+ u=10000+ q=0'

serve --complete -1
press --wait s=0.3 su --wait u=0.1
exits 'su, if s is never complete' 1
like 'su, if s is never complete: send_sysrq shows that it is not complete' "$out" \
	'^  s  sync                not complete (0\.[3-9]|[1-9][0-9]*\.[0-9]) s$'
like '… and the host has got these waits' "$log" '^command .* s=300\+ u=100\+$'
like '… and what may help' "$err" \
	'end of s .sync. in time: give it longer with --wait, or press n first if '
press --wait s=0.3 n,s
exits 'n,s, if s is never complete' 1
unlike '… send_sysrq does not advise n' "$err" 'press n first'

serve --complete 3000
press sb
exits 'sb, if s takes its time' 0
ok 'send_sysrq asks often while s takes its time' \
	[ "$(sed '/^press b/,$d' "$log" | grep -c '^copy')" -ge 7 ]
done_testing
