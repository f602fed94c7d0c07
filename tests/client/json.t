#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# With --json, status and the pressing of letters print one object for each host, which
# has all that the text has.
# shellcheck source=tests/client/lib.sh
. "$(dirname "$0")/lib.sh"

# --- status ---

serve --any --host 127.0.0.2 --mask 16 --no-log --clock-offset -7200 \
	--host 127.0.0.3 --mute --host 127.0.0.4 --operator=
configure_closed
know "$unknown" 255.255.255.255
run status -F "$dir/config" --timeout 1 --need sub --json \
	"$unknown" closed 127.0.0.4 127.0.0.3 127.0.0.2 255.255.255.255 127.0.0.1
exits 'status --json of hosts in all states' 2
is 'status --json prints an object for each host' \
	"$(json "$out" 'delete $o->{error} if $o->{state} =~ /^un/;
		delete @$o{"uptime_seconds", "clock_ahead_seconds"}; text($o)' | sort)" "\
{\"address\":\"127.0.0.1:$port\",\"armed\":true,\"cpus\":4,\"hears_after_panic\":false,\
\"host\":\"127.0.0.1\",\
\"letters\":\"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ\",\
\"load\":[312,200,100],\"may_read_log\":true,\"memory_bytes\":17179869184,\
\"memory_free_bytes\":60817408,\"node\":\"web7\",\
\"release\":\"6.1.0-56-cloud-amd64\",\"state\":\"alive\",\"sysrq_mask\":1,\
\"tolerance_seconds\":60}
{\"address\":\"127.0.0.2:$port\",\"armed\":false,\"cpus\":4,\"hears_after_panic\":false,\
\"host\":\"127.0.0.2\",\
\"letters\":\"hs\",\
\"load\":[312,200,100],\"may_read_log\":false,\"memory_bytes\":17179869184,\
\"memory_free_bytes\":60817408,\"node\":\"n127-0-0-2\",\
\"release\":\"6.1.0-56-cloud-amd64\",\"state\":\"alive\",\"sysrq_mask\":16,\
\"tolerance_seconds\":60}
{\"address\":\"127.0.0.4:$port\",\"armed\":false,\"cpus\":4,\"hears_after_panic\":false,\
\"host\":\"127.0.0.4\",\
\"letters\":\"\",\
\"load\":[312,200,100],\"may_read_log\":true,\"memory_bytes\":17179869184,\
\"memory_free_bytes\":60817408,\"node\":\"n127-0-0-4\",\
\"release\":\"6.1.0-56-cloud-amd64\",\"state\":\"alive\",\"sysrq_mask\":1,\
\"tolerance_seconds\":60}
{\"armed\":false,\"error\":\"no answer within 1.0 s\",\"host\":\"127.0.0.3\",\
\"state\":\"silent\"}
{\"armed\":false,\"error\":\"port closed, or wrong password, key or realm\",\
\"host\":\"closed\",\"state\":\"closed\"}
{\"armed\":false,\"host\":\"255.255.255.255\",\"state\":\"unreachable\"}
{\"armed\":false,\"host\":\"$unknown\",\"state\":\"unknown\"}"
json "$out" '"$o->{host} ", $o->{state} ne "alive" ? length $o->{error} > 5 :
	abs($o->{uptime_seconds} - 1000100) < 100 &&
	abs($o->{clock_ahead_seconds} + 7200 * ($o->{host} =~ /2$/)) < 5' > "$dir/checked"
is 'status --json has the times, or the error' "$(grep -c ' 1$' "$dir/checked")" 7
like 'status --json has its summary on standard error' "$err" '^7 hosts: 3 alive'

# --- Letters ---

serve --any --host 127.0.0.3 --mute --host 127.0.0.4 --operator s
know "$unknown"
run "${at[@]}" --timeout 1 --no-one-way '127.0.0.[1-4]' "$unknown" sb --json
exits '--json of five hosts, with their highest status' 9
is '--json prints an object for each host' "$(json "$out" '
	delete $_->{seconds} for @{$o->{steps}};
	$o->{message} = substr $o->{message}, 0, 20 if $o->{message};
	$o->{result} =~ s/: .*//;
	text($o)' | sort)" "\
{\"address\":\"127.0.0.1:$port\",\"exit\":0,\"host\":\"127.0.0.1\",\
\"message\":null,\"result\":\"carried out, reboots\",\"steps\":\
[{\"fate\":\"complete\",\"letter\":\"s\",\"name\":\"sync\"},\
{\"fate\":\"accepted\",\"letter\":\"b\",\"name\":\"reboot\"}]}
{\"address\":\"127.0.0.2:$port\",\"exit\":0,\"host\":\"127.0.0.2\",\
\"message\":null,\"result\":\"carried out, reboots\",\"steps\":\
[{\"fate\":\"complete\",\"letter\":\"s\",\"name\":\"sync\"},\
{\"fate\":\"accepted\",\"letter\":\"b\",\"name\":\"reboot\"}]}
{\"address\":\"127.0.0.4:$port\",\"exit\":9,\"host\":\"127.0.0.4\",\
\"message\":\"127.0.0.4 does not p\",\
\"result\":\"this operator may not press b\",\"steps\":\
[{\"fate\":\"waiting\",\"letter\":\"s\",\"name\":\"sync\"},\
{\"fate\":\"waiting\",\"letter\":\"b\",\"name\":\"reboot\"}]}
{\"exit\":5,\"host\":\"127.0.0.3\",\"message\":\"no answer from 127.0\",\
\"result\":\"no answer\",\"steps\":\
[{\"fate\":\"waiting\",\"letter\":\"s\",\"name\":\"sync\"},\
{\"fate\":\"waiting\",\"letter\":\"b\",\"name\":\"reboot\"}]}
{\"exit\":7,\"host\":\"$unknown\",\"message\":\"remote host 'xxxxxxx\",\
\"result\":\"not asked\",\"steps\":[]}"
is '--json has the seconds of the steps that ended' \
	"$(json "$out" '0 + grep { $_->{seconds} > 0 && $_->{letter} eq "s" }
		@{$o->{steps}}' | xargs -n 1 | sort | xargs)" '0 0 0 1 1'
is '--json has its summary on standard error' "$(< "$err")" \
	'5 hosts: 2 carried out, 3 not'
serve
press --json w
exits '--json of one host' 0
is '--json of one host prints an object' \
	"$(json "$out" 'text([@$o{"host", "result", "exit", "message"}])')" \
	'["127.0.0.1","carried out",0,null]'
no_error '--json of one host'
"$client" --json "${at[@]}" 127.0.0.1 q > /dev/full 2> "$err"
rc=$?
exits '--json to a full disk' 13
done_testing
