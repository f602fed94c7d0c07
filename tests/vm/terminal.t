#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What somebody sees who uses send_sysrq on a terminal of 80 columns, in tmux.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

export LC_ALL=C.UTF-8
unset NO_COLOR

# The server is this script's own, and so is all that it knows. It outlives its last
# window, else the next one may find it about to end.
echo 'set -g exit-empty off' > "$WORK/tmux.conf"
terminal() {
	tmux -S "$WORK/tmux" -f "$WORK/tmux.conf" "$@"
}
trap 'terminal kill-server 2> "$WORK/tmux.said"; finish' EXIT

boot
address=$(vm address "$VM")

# web7 is the guest; what is sent to web8 never gets an answer, as it is sealed with
# another key; on web9 nobody listens.
new_key web8 > "$WORK/new"
mkdir -p "$XDG_CONFIG_HOME/send_sysrq"
cat > "$XDG_CONFIG_HOME/send_sysrq/config" << END
host web9 { address = 127.0.0.2 port = 9 }
host web8 { key-file = "$WORK/web8.key" }
host web* { address = ${address%:*} port = ${address##*:} }
END

# open_window NAME COMMAND…: with a shell in it, 80 columns wide, and high enough
# for all of a session. A command may stand before the shell, such as env.
open_window() {
	local name=$1
	shift
	terminal new-session -d -s "$name" -x 80 -y 200 \
		env PATH="$(realpath "$BUILD"):$PATH" PS1='$ ' "$@" sh ||
		bail 'tmux opens no window'
	prompts=1
	wait_in "$name" prompt "$name" "$prompts"
}

pane() {
	terminal capture-pane -t "$1:" -p "${@:2}"
}

# The window ends in the prompt, the one of that number
prompt() {
	pane "$1" | sed '/^$/d' | awk -v wanted="$2" '/^\$/ { n++ } { last = $0 }
		END { exit !(n == wanted && last == "$") }'
}

# wait_in WINDOW COMMAND…: until it succeeds
wait_in() {
	until_true 180 "${@:2}" || {
		pane "$1" | sed '/^$/d' | note
		bail 'what should happen in the window does not'
	}
}

asked() {
	pane "$1" | grep -Fq 'Go on? [y/N]'
}

# try WINDOW COMMAND [ANSWER]: types it, and the answer to what it asks
try() {
	terminal send-keys -t "$1:" -l "$2"
	terminal send-keys -t "$1:" Enter
	if [ $# -gt 2 ]; then
		wait_in "$1" asked "$1"
		terminal send-keys -t "$1:" -l "$3"
		terminal send-keys -t "$1:" Enter
	fi
	prompts=$((prompts + 1))
	wait_in "$1" prompt "$1" "$prompts"
}

# Wrapped lines are one line again with -J, which keeps blanks at their ends, too.
unwrapped() {
	diff <(pane "$1" | sed 's/ *$//') <(pane "$1" -J | sed 's/ *$//')
}

# How many lines of a window match
shown() {
	pane "$1" | grep -Ec -- "$2"
}

coloured() {
	pane "$1" -e | grep -q $'\033\\['
}

# --- A session ---
guest 'echo "<3>a disk has failed, and this tells so much of it that it takes more than the one line which a terminal of 80 columns has for it" > /dev/kmsg
	printf "<4>no bell:\a, no colour:\033[31m\n" > /dev/kmsg'
open_window session
try session 'send_sysrq status web7'
try session 'send_sysrq log -n 20 web7'
try session 'send_sysrq status --timeout 2 web[7-9]'
try session 'send_sysrq --timeout 2 web[7-9] sync,unmount' y
try session 'send_sysrq web7 wm | tail -n 4'
try session 'send_sysrq --until-back web7 safe-reboot'
pane session | sed '/^$/d' | note
ok 'nothing wraps' unwrapped session
ok '… or leaves the 80 columns' eval \
	'! pane session -J | sed "s/ *\$//" | grep -E ".{81}"'

is 'status: alive' "$(shown session \
	'^web7 \(127\.0\.0\.1:[0-9]+\) is alive$')" 1
is '… and what may be pressed' "$(shown session '^  keys     [0-9]+[a-zA-Z]+$')" 1
is 'log: a line too long is folded' \
	"$(shown session '^\[ *[0-9.]+\] a disk has failed, .*[a-z]$')" 1
is '… and its rest indented' "$(shown session '^ {15}[a-z].* 80 columns has for it$')" 1
is '… what would confuse the terminal is escaped' \
	"$(shown session '\] no bell:\\x07, no colour:\\x1b\[31m$')" 1
is 'status of many: a line each' \
	"$(shown session '^web[789] +(alive|silent|closed) ')" 3
is '… and a summary' \
	"$(shown session '^3 hosts: 1 alive, 1 silent, 1 closed$')" 1
is 'many: it asks' "$(shown session '^Go on\? \[y/N\] y$')" 1
is '… a line each' "$(shown session '^web[789] +[0-9.]+ s  [a-z]')" 3
is '… a summary' "$(shown session '^3 hosts: 1 carried out, 2 not$')" 1
is 'safe-reboot: a line for each key' "$(shown session \
	'^  [eisu]  [a-z-]+ +(done|complete) +[0-9.]+ s$|^  b  reboot +accepted$')" 5
is '… and its return' "$(shown session '^.* is back, it was away for ')" 1

# --- Colours ---
ok 'there are colours' coloured session
is '… of a host that is alive, one that is not, errors and warnings' "$(
	pane session -e | grep -c -e $'\033\[32malive' -e $'\033\[31msilent' \
		-e $'\033\[31ma disk' -e $'\033\[33mno bell')" 5

quiet_session() {
	try "$1" "send_sysrq status web7$2"
	try "$1" "send_sysrq log -n 20 web7$2"
	try "$1" "send_sysrq status --timeout 1 web[7-9]$2"
	is "$3: as much is shown" "$(shown "$1" '(web7 .* is|^web7 +) *alive')" 2
	ok "… without colours" eval "! coloured $1"
}

terminal kill-session -t session
open_window no-colour NO_COLOR=1
quiet_session no-colour '' 'NO_COLOR'
ok '… and nothing wraps' unwrapped no-colour
open_window dumb TERM=dumb
quiet_session dumb '' 'TERM=dumb'
open_window pipe
quiet_session pipe ' 2>&1 | cat' 'into a pipe'

# --- Whoever may run a program on a host may give it any name ---
guest 'for cpu in 0 1; do
		(printf "\033[31mevil" > /proc/self/comm; while :; do :; done) &
	done'

# Is one of the CPUs seen running it? Which task they do run is the kernel's choice.
seen_in() { # WINDOW HOSTS PATTERN
	open_window "$1"
	try "$1" "send_sysrq $2 l"
	[ "$(shown "$1" "$3")" -gt 0 ] || {
		terminal kill-session -t "$1"
		return 1
	}
}

ok 'a name of a process is escaped' until_true 60 \
	seen_in names web7 'Comm: \\x1b\[31mevil'
ok '… and nothing wraps' unwrapped names
terminal kill-session -t names
ok '… also of several hosts' until_true 60 \
	seen_in names-of-many 'web[7,9]' '^web7: .*Comm: \\x1b\[31mevil'
ok '… and nothing wraps' unwrapped names-of-many

# --- A sentence stands in lines of its own ---
open_window waits
try waits 'send_sysrq --until-back=1 web7 b'
is 'a sentence begins a line' \
	"$(shown waits '^send_sysrq: .* has not come back within 1\.0 s: it ')" 1
ok '… and nothing wraps' unwrapped waits

# What wraps is found here.
open_window wraps
# shellcheck disable=SC2016 # the window's shell counts
try wraps 'printf "%081d\n" 7'
ok 'what wraps would be seen' eval '! unwrapped wraps'
done_testing
