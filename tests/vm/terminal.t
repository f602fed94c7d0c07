#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# On a terminal of 80 columns (in tmux) no line of send_sysrq wraps. Colours are there only
# where the terminal has them and nothing turns them off. What a program on a host could
# write to confuse the terminal is escaped.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

needs tmux
unset NO_COLOR

# tmux gets a server and a configuration of its own here. The server does not end with its
# last window, so that the next window finds it.
echo 'set -g exit-empty off' > "$WORK/tmux.conf"
terminal() {
	tmux -S "$WORK/tmux" -f "$WORK/tmux.conf" "$@"
}
trap 'terminal kill-server 2> "$WORK/tmux.said"; finish' EXIT

boot
address=$(vm address "$VM")

# web7 is the guest. web8 never answers, because the guest has another key than it. On web9
# nobody listens.
echo "web8 $(new_key web8)" >> "$XDG_CONFIG_HOME/send_sysrq/known_hosts"
new_key operator > "$WORK/new"
cat > "$XDG_CONFIG_HOME/send_sysrq/config" << END
Host web9
    Address 127.0.0.2
    Port 9
Host web8
    KeyFile $WORK/operator.key
Host web*
    Address ${address%:*}
    Port ${address##*:}
END

# Opens a window with a shell in it, 80 columns wide, and high enough for a whole session.
# The words, such as NAME=VALUE, stand before the shell in its command.
open_window() { # NAME [WORD…]
	local name=$1
	shift
	terminal new-session -d -s "$name" -x 80 -y 200 \
		env PATH="$(realpath "$BUILD"):$PATH" PS1='$ ' "$@" sh ||
		bail 'tmux opens no window'
	prompts=1
	wait_in "$name" prompt "$name" "$prompts"
}

# What a window shows
pane() { # WINDOW [OPTION…]
	terminal capture-pane -t "$1:" -p "${@:2}"
}

# The window ends with the prompt of that number.
prompt() { # WINDOW NUMBER
	pane "$1" | sed '/^$/d' | awk -v wanted="$2" '/^\$/ { n++ } { last = $0 }
		END { exit !(n == wanted && last == "$") }'
}

# Waits until the command succeeds
wait_in() { # WINDOW COMMAND…
	until_true 180 "${@:2}" || {
		pane "$1" | sed '/^$/d' | note
		bail 'what should happen in the window does not'
	}
}

asked() { # WINDOW
	pane "$1" | grep -Fq 'Go on? [y/N]'
}

# Types the command, and the answer to its question
try() { # WINDOW COMMAND [ANSWER]
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

# No line of the window wraps: with -J tmux would show a wrapped line as one. -J also keeps
# blanks at the ends of lines.
unwrapped() { # WINDOW
	diff <(pane "$1" | sed 's/ *$//') <(pane "$1" -J | sed 's/ *$//')
}

# How many lines of a window match
shown() { # WINDOW REGEX
	pane "$1" | grep -Ec -- "$2"
}

coloured() { # WINDOW
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
ok 'in a session no line wraps' unwrapped session
ok '… and no line is longer than 80 columns' eval \
	'! pane session -J | sed "s/ *\$//" | grep -E ".{81}"'

is 'status says that the host is alive' "$(shown session \
	'^web7 \(127\.0\.0\.1:[0-9]+\) is alive$')" 1
is '… and which letters may be pressed' "$(shown session '^  letters  loglevel(,[a-zA-Z])+$')" 1
is 'log folds a line that is too long' \
	"$(shown session '^\[ *[0-9.]+\] a disk has failed, .*[a-z]$')" 1
is '… and indents the rest of it' "$(shown session '^ {15}[a-z].* 80 columns has for it$')" 1
is '… and escapes what would confuse the terminal' \
	"$(shown session '\] no bell:\\x07, no colour:\\x1b\[31m$')" 1
is 'status of several hosts has a line for each' \
	"$(shown session '^web[789] +(alive|silent|closed) ')" 3
is '… and a summary' \
	"$(shown session '^3 hosts: 1 alive, 1 silent, 1 closed$')" 1
is 'before it presses on several hosts, send_sysrq asks' "$(shown session '^Go on\? \[y/N\] y$')" 1
is '… there is a line for each host' "$(shown session '^web[789] +[0-9.]+ s  [a-z]')" 3
is '… and a summary after that' "$(shown session '^3 hosts: 1 carried out, 2 not$')" 1
is 'safe-reboot has a line for each letter' "$(shown session \
	'^  [eisu]  [a-z-]+ +(done|complete) +[0-9.]+ s$|^  b  reboot +accepted$')" 5
is '… and one for the return of the host' "$(shown session '^.* is back, it was away for ')" 1

# --- Colours ---
ok 'there are colours' coloured session
is '… for a host that is alive, one that is silent, errors and warnings' "$(
	pane session -e | grep -c -e $'\033\[32malive' -e $'\033\[31msilent' \
		-e $'\033\[31ma disk' -e $'\033\[33mno bell')" 5

quiet_session() { # WINDOW SUFFIX NAME
	try "$1" "send_sysrq status web7$2"
	try "$1" "send_sysrq log -n 20 web7$2"
	try "$1" "send_sysrq status --timeout 1 web[7-9]$2"
	is "$3: the same lines are shown" "$(shown "$1" '(web7 .* is|^web7 +) *alive')" 2
	ok '… without colours' eval "! coloured $1"
}

terminal kill-session -t session
open_window no-colour NO_COLOR=1
quiet_session no-colour '' 'NO_COLOR'
ok '… and no line wraps' unwrapped no-colour
open_window dumb TERM=dumb
quiet_session dumb '' 'TERM=dumb'
open_window pipe
quiet_session pipe ' 2>&1 | cat' 'into a pipe'

# --- A program on a host may have any name ---
guest 'for cpu in 0 1; do
		(printf "\033[31mevil" > /proc/self/comm; while :; do :; done) &
	done'

# Does the answer to l show that program on a CPU? The kernel chooses what a CPU runs.
seen_in() { # WINDOW HOSTS PATTERN
	open_window "$1"
	try "$1" "send_sysrq $2 l"
	[ "$(shown "$1" "$3")" -gt 0 ] || {
		terminal kill-session -t "$1"
		return 1
	}
}

ok 'the name of a program is escaped' until_true 60 \
	seen_in names web7 'Comm: \\x1b\[31mevil'
ok '… and no line wraps' unwrapped names
terminal kill-session -t names
ok '… also when several hosts are asked' until_true 60 \
	seen_in names-of-many 'web[7,9]' '^web7: .*Comm: \\x1b\[31mevil'
ok '… and no line wraps' unwrapped names-of-many

# --- A message begins a line of its own ---
open_window waits
try waits 'send_sysrq --until-back=1 web7 b'
is 'a message begins a line' \
	"$(shown waits '^send_sysrq: .* has not come back within 1\.0 s: the host ')" 1
ok '… and no line wraps' unwrapped waits

# --- The check itself ---
open_window wraps
# shellcheck disable=SC2016 # the window's shell counts
try wraps 'printf "%081d\n" 7'
ok 'a line that wraps would be found' eval '! unwrapped wraps'
done_testing
