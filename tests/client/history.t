#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What was pressed is noted in the user's file, and, with Log in the configuration, in the
# system's log. history prints the file. A file that cannot be written keeps nobody from
# pressing.
# shellcheck source=tests/client/lib.sh
. "$(dirname "$0")/lib.sh"

file=$HOME/.local/state/send_sysrq/history

# Its lines, without the time: yesterday's and today's are the same
lines() {
	sed -E 's/^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[-+][0-9]{4}\t/T\t/' "$file"
}
me=$(id -un)
place="(127.0.0.1:\$port)"

run history
exits 'history before anything was pressed' 0
is '… prints nothing' "$(< "$out")" ''
is '… and says so' "$(< "$err")" "send_sysrq: the history $file has no line"

serve --any --host 127.0.0.2 --operator=s --host 127.0.0.3 --mute
eval "place=\"$place\""
run status "${at[@]}" 127.0.0.1
run log "${at[@]}" 127.0.0.1
run "${at[@]}" --dry-run 127.0.0.1 s
run "${at[@]}" --timeout 0.3 --no-one-way 127.0.0.3 s
ok 'where nothing was pressed, nothing is noted' test ! -e "$file"
run "${at[@]}" 127.0.0.1 s,w
exits 's,w' 0
is '… is noted: who, where, what, and how it ended' "$(lines)" \
	"T	$me	127.0.0.1 $place	s complete, w done	carried out"
is '… for this user only' "$(stat -c %a "$file" "${file%/*}" | xargs)" '600 700'
before=$(date +%s)
run "${at[@]}" 127.0.0.2 h
exits 'h, which is not permitted' 9
is '… a refusal is noted' "$(lines | sed -n 2p)" \
	"T	$me	127.0.0.2 (127.0.0.2:$port)	h	this operator may not press h"
noted=$(date -d "$(sed -n '2s/	.*//p' "$file")" +%s)
ok '… with the time' test "$noted" -ge $((before - 2)) -a "$noted" -le $((before + 60))
run "${at[@]}" --timeout 0.3 127.0.0.3 s
exits 's, one-way' 3
like 'a command that was sent one-way is noted' "$file" \
	'	127\.0\.0\.3	s sent	sent one-way, outcome unknown$'

# --- Who ---

SUDO_USER=alice run "${at[@]}" 127.0.0.1 h
if [ "$(id -u)" = 0 ]; then
	like 'who became root by sudo is noted, too' "$file" "	root \(alice\)	127\.0\.0\.1 "
else
	like 'only root may be somebody else' "$file" "	$me	127\.0\.0\.1 .*	h done"
fi

# A directory of users that does not answer must not hold up the letters.
echo '#include <pwd.h>
#include <unistd.h>
struct passwd *getpwuid(uid_t uid) { (void)uid; sleep(20); return NULL; }
int getpwuid_r(uid_t uid, struct passwd *entry, char *room, size_t size, struct passwd **found)
{ (void)uid; (void)entry; (void)room; (void)size; *found = NULL; sleep(20); return 0; }' \
	> "$dir/slow.c"
gcc -shared -fPIC -o "$dir/slow.so" "$dir/slow.c" || bail 'slow.so cannot be built'
begun=$SECONDS
LD_PRELOAD=$dir/slow.so run "${at[@]}" 127.0.0.1 h
exits 'a directory of users that does not answer' 0
ok '… holds nothing up' [ $((SECONDS - begun)) -lt 10 ]
is '… and the number of the user is noted' "$(lines | tail -n 1 | cut -f 2)" "uid $(id -u)"

# --- history ---

run history
exits 'history' 0
is '… prints all lines' "$(wc -l < "$out")" "$(wc -l < "$file")"
is '… without tabs' "$(tr -cd '\t' < "$out")" ''
run history -n 1
is 'history -n 1 prints the newest line' "$(< "$out")" "$(tail -n 1 "$file" | sed 's/\t/  /g')"
run history 127.0.0.2 127.0.0.3
is 'history of two hosts' "$(grep -c '127\.0\.0\.[23] ' "$out") of $(wc -l < "$out")" '2 of 2'
for hosts in '127.0.0.[2-3]' 127.0.0.2,127.0.0.3; do
	run history "$hosts"
	is "history $hosts" "$(grep -c '127\.0\.0\.[23] ' "$out") of $(wc -l < "$out")" '2 of 2'
done
run history 127.0.0.1 'web[1-'
exits 'history of what is no host' 2
is '… the message says so, and nothing is printed' "$(cat "$out" "$err")" \
	"send_sysrq: host: 'web[1-' given, expected a ] after each ["
run history 127.0.0
is 'a part of a name is no name' "$(< "$out")" ''
is '… as the message says' "$(< "$err")" "send_sysrq: the history $file has no line of these hosts"
printf 'T\tx\tweb7\t\e[2Jb done\tcarried out\n' >> "$file"
run history WEB7.
is 'nothing in the file steers the terminal' "$(< "$out")" 'T  x  web7  ?[2Jb done  carried out'
printf 'T\tx\tfe80::1%%eth0 ([fe80::1%%eth0]:9)\tb done\tcarried out\n' >> "$file"
for host in fe80::1%eth0 FE80::1 fe80:0::1%eth0; do
	run history "$host"
	is "$host: an address with a zone is found" "$(wc -l < "$out")" 1
done
for host in fe80::1%eth1 fe80::1%eth fe80::; do
	run history "$host"
	is "$host: … and no other one" "$(< "$out")" ''
done
run history -n 0
exits 'history -n 0' 2
like '… is refused' "$err" "^send_sysrq: --lines: '0' given, expected a number from 1 to 999999999"

# --- Several hosts, and the end ---

: > "$file"
run "${at[@]}" -y '127.0.0.[1-2]' s
is 'each of several hosts has its line' "$(lines | sort)" \
	"T	$me	127.0.0.1 $place	s complete	carried out
T	$me	127.0.0.2 (127.0.0.2:$port)	s complete	carried out"

# --- --until-back: a line before the wait, and one after it ---

serve --back 300
: > "$file"
run "${at[@]}" --until-back=20 127.0.0.1 b
is '--until-back: what was pressed is noted, and that the host is back' \
	"$(lines | sed -E 's/[0-9.]+ s/N s/g')" \
	"T	$me	127.0.0.1 (127.0.0.1:$port)	b accepted	carried out, reboots
T	$me	127.0.0.1 (127.0.0.1:$port)	b accepted	127.0.0.1 is back, it was away for N s and has been up for N s"
serve --immortal
run "${at[@]}" --until-back=1 127.0.0.1 b
exits 'a host that never goes down' 1
like '… is noted as such' <(tail -n 1 "$file") \
	'	127\.0\.0\.1 never went down: it still answers, and has not rebooted$'
serve
run "${at[@]}" --until-back=1 127.0.0.1 c
exits 'a host that does not come back' 14
like '… is noted as such' <(tail -n 1 "$file") \
	'	c accepted	127\.0\.0\.1 has not come back within 1\.0 s: '
: > "$file"
serve
start waiting "${at[@]}" --until-back=60 127.0.0.1 b
interrupt waiting "$file" '	b accepted	carried out, reboots'
exits 'an interrupted wait, whose first line is there before its end' 14
like '… is noted as such' <(tail -n 1 "$file") '	interrupted: 127\.0\.0\.1 was not back yet$'
is '… in two lines' "$(wc -l < "$file")" 2

# --- The log of the system, here busybox's ---

cat > "$dir/own-dev" << 'END'
mkdir -p "$1/dev" && mount -t tmpfs none "$1/dev" || exit
for device in null zero urandom tty; do
	touch "$1/dev/$device" && mount --bind "/dev/$device" "$1/dev/$device" || exit
done
mount --move "$1/dev" /dev || exit
"${@:2}"
END
cat > "$dir/logged" << 'END'
busybox syslogd -n -O "$1/messages" &
logger=$!
while [ ! -S /dev/log ]; do sleep 0.1; done
"${@:2}"
while ! grep -q send_sysrq "$1/messages"; do sleep 0.1; done
kill $logger
END
# Nobody takes the messages, and there is no room for one more.
cat > "$dir/hung" << 'END'
use Socket;
socket($log, AF_UNIX, SOCK_DGRAM, 0) or die;
bind($log, sockaddr_un("/dev/log")) or die;
do {
	socket($one, AF_UNIX, SOCK_DGRAM, 0) or die;
} while (defined send($one, "x", MSG_DONTWAIT, sockaddr_un("/dev/log")));
system(@ARGV);
exit($? >> 8 || $?);
END
own_dev() { # COMMAND…
	timeout 60 unshare -m bash "$dir/own-dev" "$dir" "$@" > "$out" 2> "$err"
	rc=$?
}
can_mount() {
	[ "$(id -u)" = 0 ] && unshare -m true 2> /dev/null
}
why='this needs root, and a mount namespace'
serve --any
if can_mount; then
	printf 'Host *\n\tLog yes\n' > "$dir/with-log"
	command=("$client" -F "$dir/with-log" "${at[@]}")
	place="(127.0.0.1:$port)"
	own_dev bash "$dir/logged" "$dir" "${command[@]}" 127.0.0.1 h
	no_error 'Log yes'
	like 'Log yes: the log of the system has it' "$dir/messages" \
		" authpriv\.notice send_sysrq: root: 127\.0\.0\.1 \(127\.0\.0\.1:$port\): h done: carried out$"
	: > "$file"
	own_dev perl "$dir/hung" timeout -s KILL 20 "${command[@]}" '127.0.0.[1-2]' h
	exits 'a log that hangs' 0
	is '… is told once' "$(< "$err")" \
		'send_sysrq: cannot write to the log of this system, /dev/log: Resource temporarily unavailable
2 hosts: 2 carried out'
	is '… all hosts get their letters, and have their lines' "$(lines | sort)" \
		"T	$me	127.0.0.1 $place	h done	carried out
T	$me	127.0.0.2 (127.0.0.2:$port)	h done	carried out"
else
	skip 'Log yes: the log of the system has it' "$why"
	skip 'a log that hangs' "$why"
fi

# --- Root with the home folder of another user, as after sudo -E ---

cat > "$dir/as-root" << 'END'
mount -t tmpfs none "$1" || exit
"${@:3}"
cp "$1/.local/state/send_sysrq/history" "$2"
END
if can_mount; then
	cp "$client" "$dir/send_sysrq" # root's home folder is hidden
	mkdir "$dir/alice" "$dir/alice/state" "$dir/trap"
	chown 65532 "$dir/alice"
	as_root() { # WHAT VARIABLE=VALUE…
		rm -f "$dir/of-root"
		env "${@:2}" XDG_CONFIG_HOME="$dir/.config" timeout 60 \
			unshare -m bash "$dir/as-root" "$(getent passwd 0 | cut -d : -f 6)" \
			"$dir/of-root" "$dir/send_sysrq" "${at[@]}" 127.0.0.1 h > "$out" 2> "$err"
		like "$1: root's own folder has the line" "$dir/of-root" '	h done	'
		is "… the user's folder is as it was" \
			"$(find "$dir/alice" "$dir/trap" | wc -l)" "$files"
	}
	files=3
	as_root 'HOME of a user' HOME="$dir/alice"
	as_root 'a folder of root in it' XDG_STATE_HOME="$dir/alice/state"
	as_root 'a folder that is not there' XDG_STATE_HOME="$dir/alice/none"
	ln -s "$dir/trap" "$dir/alice/.local"
	files=4
	as_root 'a link of the user' HOME="$dir/alice"
	ln -s "$dir/trap" "$dir/link-of-alice"
	chown -h 65532 "$dir/link-of-alice"
	as_root 'a HOME that is a link of a user' HOME="$dir/link-of-alice"
	as_root 'no HOME at all' -u HOME
elif [ "$(id -u)" = 0 ]; then
	skip "root's own folder has the line" "$why"
else
	env -u HOME XDG_CONFIG_HOME="$dir/.config" "$client" "${at[@]}" 127.0.0.1 h \
		> "$out" 2> "$err"
	is 'no HOME at all: one sentence says so' "$(< "$err")" \
		'send_sysrq: cannot write the history: there is no home folder'
fi

# --- A folder of its own, and one that takes no file ---

XDG_STATE_HOME=$dir/state run "${at[@]}" 127.0.0.1 h
ok 'XDG_STATE_HOME has the folder' grep -q '	h done	' "$dir/state/send_sysrq/history"
XDG_STATE_HOME=/proc/none run "${at[@]}" 127.0.0.1 h
exits 'a folder that takes no file' 0
is '… one sentence says so' "$(< "$err")" \
	"send_sysrq: cannot write the history /proc/none/send_sysrq/history: No such file or directory"
XDG_STATE_HOME=/proc/none run history
exits 'history of a folder that is not there' 0
mkdir -p "$dir/link/send_sysrq"
ln -s "$dir/elsewhere" "$dir/link/send_sysrq/history"
if [ "$(id -u)" = 0 ]; then
	XDG_STATE_HOME=$dir/link run "${at[@]}" 127.0.0.1 h
	exits 'a link in the place of the file, for root' 0
	ok '… is not followed' test ! -e "$dir/elsewhere"
	is '… the message says so' "$(< "$err")" \
		"send_sysrq: cannot write the history $dir/link/send_sysrq/history: it is a symbolic link, which root does not follow"
	user=(unshare --map-user=65532) # root's files are this user's there
else
	user=()
fi
if "${user[@]}" true 2> "$err"; then
	XDG_STATE_HOME=$dir/link timeout 30 "${user[@]}" "$client" "${at[@]}" 127.0.0.1 h \
		> "$out" 2> "$err"
	no_error 'a link in the place of the file, for a user'
	like '… is followed' "$dir/elsewhere" '	h done	carried out$'
	ok '… and stays' test -L "$dir/link/send_sysrq/history"
else
	skip 'a link in the place of the file, for a user' "$(< "$err")"
fi
mkdir -p "$dir/torn/send_sysrq"
printf 'T\tx\tweb7\tb do' > "$dir/torn/send_sysrq/history"
XDG_STATE_HOME=$dir/torn run "${at[@]}" 127.0.0.1 h
is 'a line that was cut by a full disk keeps its place' \
	"$(sed 's/^2[^\t]*/T/; s/ ([^)]*)//' "$dir/torn/send_sysrq/history")" \
	"T	x	web7	b do
T	$me	127.0.0.1	h done	carried out"
if can_mount; then
	cat > "$dir/on-full" << 'END'
mkdir -p "$1/send_sysrq"
mount -t tmpfs -o size=4k none "$1/send_sysrq" || exit
head -c 4090 /dev/zero | tr '\0' '\n' > "$1/send_sysrq/history"
"${@:2}"
END
	XDG_STATE_HOME=$dir/full timeout 60 unshare -m bash "$dir/on-full" "$dir/full" \
		"$client" "${at[@]}" 127.0.0.1 h > "$out" 2> "$err"
	is 'a full disk: the message says so' "$(< "$err")" \
		"send_sysrq: cannot write the history $dir/full/send_sysrq/history: No space left on device"
else
	skip 'a full disk: the message says so' "$why"
fi
mkdir -p "$dir/odd/send_sysrq/history"
XDG_STATE_HOME=$dir/odd run history
exits 'a history that is no file' 13
like '… the message says so' "$err" "^send_sysrq: cannot read the history $dir/odd/send_sysrq/history: "
done_testing
