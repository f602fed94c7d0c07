#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Before send_sysrq presses letters that do harm on several hosts, it shows letters and
# hosts, and asks, with standard error in a file on the terminal all the same. Without a yes
# it sends nothing. It does not ask for harmless letters, for one host, with --yes, or without
# a terminal. Where the configuration says Confirm, it also asks for one host, and refuses
# without a terminal.
# shellcheck source=tests/client/lib.sh
. "$(dirname "$0")/lib.sh"

# Types an answer when send_sysrq asks. Sets rc, and fills $out.
answer() { # ANSWER ARGUMENT…
	: > "$out"
	# shellcheck disable=SC2094 # the question comes first
	(wait_for "$out" 'Go on'; echo "$1") |
		script -qefc "$(printf '%q ' "$client" "${at[@]}" "${@:2}")" \
			/dev/null > "$out" 2>&1
	rc=$?
	tr -d '\r' < "$out" > "$dir/plain"
	cp "$dir/plain" "$out"
}

# --- Answers ---

serve --any
for answer in n '' yess no; do
	answer "$answer" '127.0.0.[1-2]' sub
	exits "the answer '$answer'" 2
	like "the answer '$answer': the message says that nothing was sent" "$out" \
		'^send_sysrq: not confirmed; nothing was sent$'
done
is 'the question shows letters and hosts' "$(sed -n '/^This/,/^Go on/p' "$out")" \
	'This will press
  s (sync), u (unmount), b (reboot)
on 2 hosts:
  127.0.0.1 127.0.0.2
Go on? [y/N] no'
unlike 'a host hears nothing without a yes' "$log" '^(hello|copy)'
for answer in y yes Y; do
	serve --any
	answer "$answer" '127.0.0.[1-2]' u
	exits "the answer '$answer'" 0
	is "the answer '$answer': both hosts press u" "$(pressed "$log")" uu
done

# --- Standard error in a file ---

# The command stands in $client, because answer() wants a program.
real=$client
client=$dir/to-file
printf '#!/bin/sh\nexec %q "$@" 2> %q\n' "$real" "$err" > "$client"
chmod u+x "$client"
serve --any
answer n 127.0.0.1 127.0.0.2 sub
exits 'standard error in a file, the answer n' 2
is 'the question is on the terminal' "$(sed -n '/^This/,/^Go on/p' "$out")" \
	'This will press
  s (sync), u (unmount), b (reboot)
on 2 hosts:
  127.0.0.1 127.0.0.2
Go on? [y/N] n'
is '… and not in the file' "$(< "$err")" 'send_sysrq: not confirmed; nothing was sent'
answer y 127.0.0.1 127.0.0.2 u
exits 'standard error in a file, the answer y' 0
is 'standard error in a file, the answer y: both hosts press u' "$(pressed "$log")" uu
on_terminal 80 setsid -w "$client" "${at[@]}" 127.0.0.1 127.0.0.2 u
exits 'no terminal to ask on' 2
like 'no terminal to ask on: the message says what to do' "$err" \
	'^send_sysrq: cannot ask on /dev/tty .*: No such device .*: give --yes; nothing was sent$'
is 'no terminal to ask on: no host presses u again' "$(pressed "$log")" uu
client=$real

# --- No question ---

# The terminal is at the end of its input, so a question would end the command.
at_once() { # NAME ARGUMENT…
	on_terminal 80 "$client" "${at[@]}" "${@:2}"
	exits "$1" 0
	unlike "$1: send_sysrq does not ask" "$out" 'Go on'
}
serve --any
at_once 'w' 127.0.0.1 127.0.0.2 w
at_once 'harmless letters' --wait 0 127.0.0.1 127.0.0.2 0,1,2,3,4,5,6,7,8,9,d,h,l,m
at_once 'more harmless letters' --wait 0 127.0.0.1 127.0.0.2 p,q,r,s,t,w,z,D,R
at_once 'one host' --wait 0 127.0.0.1 f
at_once '--yes' --yes --wait 0 127.0.0.1 127.0.0.2 f
at_once '-y' -y --wait 0 127.0.0.1 127.0.0.2 f
run "${at[@]}" --wait 0 127.0.0.1 127.0.0.2 f
exits 'no terminal' 0
for letter in a b c e f g i j k n o u v x y S; do
	on_terminal 80 "$client" "${at[@]}" 127.0.0.1 127.0.0.2 h,$letter
	grep -q 'Go on' "$out" || printf %s "$letter"
done > "$dir/unasked"
is 'send_sysrq asks for every other letter' "$(< "$dir/unasked")" ''

# --- Confirm in the configuration ---

serve --any
cat > "$dir/config" << END
Host plain
	Confirm no
Host Dear plain 192.0.2.7 2001:db8:0::[7-9] Rack? RACK[10-12]
	Confirm yes
Host *
	Address 127.0.0.1
	Port $port
END
at=(-F "$dir/config" --wait 0)
for letter in b o c e i f; do
	run "${at[@]}" dear h,$letter
	exits "Confirm, $letter, no terminal" 2
	like "Confirm, $letter, no terminal: the message names the host" "$err" \
		'^send_sysrq: the configuration of dear has Confirm, but standard input is not'
done
for name in DEAR ::ffff:192.0.2.7 '[2001:DB8:0::7]' 2001:db8::9 rack7 RACK12; do
	run "${at[@]}" "$name" b
	exits "Confirm, another form of a name: $name" 2
	like "Confirm, another form of a name: $name: the message says so" "$err" ' has Confirm'
done
run "${at[@]}" plain dear sub
exits 'Confirm for one of two hosts' 2
answer n dear safe-reboot
exits 'Confirm, the answer n' 2
is 'the question names the host' "$(sed -n '/^on /,/^Go on/p' "$out")" 'on 1 host:
  dear
Go on? [y/N] n'
unlike 'the host hears nothing without a yes' "$log" '^(hello|copy)'
answer y dear f
exits 'Confirm, the answer y' 0
run "${at[@]}" -y dear f
exits 'Confirm, but -y' 0
run "${at[@]}" plain f
exits 'an earlier Confirm no' 0
run "${at[@]}" dear s,u,h,k
exits 'Confirm, but other letters' 0
is 'the hosts press what was confirmed' "$(pressed "$log")" fffsuhk

# --- A configuration of the system that may not be used ---

# shellcheck disable=SC2016 # its own arguments
in_etc='mount -t tmpfs none /etc && mkdir /etc/send_sysrq && echo "$1" > /etc/send_sysrq/config &&
	chmod "$2" /etc/send_sysrq/config && shift 2 &&
	exec setpriv --bounding-set=-dac_override,-dac_read_search "$@"'
mode=0
with_etc() { # NAME STATUS ARGUMENT…
	timeout 30 unshare -rm sh -c "$in_etc" sh "${text-Confirm no}" "$mode" "$client" -p "$port" \
		--wait 0 "${@:3}" > "$out" 2> "$err" < /dev/null
	rc=$?
	exits "$1" "$2"
}
if unshare -rm true 2> /dev/null; then
	serve --any
	mode=644 with_etc 'a good configuration of the system' 0 127.0.0.1 f
	with_etc 'one that cannot be read: harmless letters' 0 127.0.0.1 h
	is 'two messages say so' "$(< "$err")" \
		'send_sysrq: cannot read the configuration /etc/send_sysrq/config: Permission denied
send_sysrq: this file is left out: Confirm is yes unless your own file says no, and no password is used'
	with_etc 'other letters' 2 127.0.0.1 f
	like '… need a yes' "$err" 'has Confirm, but standard input is not a terminal: give --yes'
	with_etc '… and are pressed with --yes' 0 --yes 127.0.0.1 f
	with_etc '… and without the configuration' 0 -F none 127.0.0.1 f
	mode=664 with_etc 'one that others may write' 2 127.0.0.1 f
	like '… is told' "$err" "configuration: '/etc/send_sysrq/config' has mode 0664"
	echo test > "$dir/password"
	with_etc 'a password could be that of another host' 2 --password-file "$dir/password" 127.0.0.1 h
	like '… so it is not used' "$err" 'no password is used without the system.s configuration'
	SEND_SYSRQ_PASSWORD='test' with_etc 'a password in the environment' 2 192.0.2.1 h
	like '… is not used for a host that is not known' "$err" "'192.0.2.1' is not known"
	echo 'Confirm no' > "$config/config"
	with_etc "one's own Confirm no counts" 0 127.0.0.1 f
	rm "$config/config"
	text='Confirm maybe' mode=644 with_etc 'a bad line of a good file stops all' 2 127.0.0.1 h
	is 'only these letters were pressed' "$(pressed "$log")" fhfff
else
	skip 'the configuration of the system' 'no user namespaces'
fi
done_testing
