#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What bash, zsh and fish offer after send_sysrq: each shell is asked itself.
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/tap.sh
. tests/tap.sh
client=${BUILD:-build}/send_sysrq
[ -x "$client" ] || { echo "Bail out! there is no $client"; exit 1; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

ok() { # NAME COMMAND...
	local name=$1

	shift
	tests=$((tests + 1))
	if "$@"; then
		echo "ok $tests - $name"
	else
		echo "not ok $tests - $name"
		failures=$((failures + 1))
		sed 's/^/# offered: /' "$dir/offered"
	fi
}

# --- The shells: each offers lines of a word, and perhaps a tab and a meaning

export HOME=$dir XDG_CONFIG_HOME=$dir/config TERM=dumb LC_ALL=C.UTF-8
mkdir -p "$dir/config/send_sysrq" "$dir/.ssh"
cat > "$dir/config/send_sysrq/config" << 'EOF'
# host commented { }
host "web7 web8 db[12] !web9" {
	port = 9999
}
  host plain { realm = "host" }
host * { port = 9 }
EOF
echo 'known9 ssh-ed25519 AAAA' > "$dir/.ssh/known_hosts"
touch "$dir/rack3"

cat > "$dir/ask.bash" << 'EOF'
. /usr/share/bash-completion/bash_completion
. completions/send_sysrq.bash
COMP_LINE=$1 COMP_POINT=${#1} COMP_TYPE=${2:-9} COMP_KEY=9
read -ra COMP_WORDS <<< "${COMP_LINE//=/ = }"
[[ $COMP_LINE != *[\ =] ]] || COMP_WORDS+=('')
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_send_sysrq send_sysrq "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
[[ ${#COMPREPLY[@]} -eq 0 ]] || printf '%s\n' "${COMPREPLY[@]}"
EOF
ask_bash() {
	bash --norc "$dir/ask.bash" "$@" | sed 's/  (\(.*\))$/\t\1/'
}

cat > "$dir/ask.fish" << 'EOF'
source completions/send_sysrq.fish
complete -C "$argv[1]"
EOF
ask_fish() {
	fish --no-config "$dir/ask.fish" "$1"
}

# zsh completes in its line editor only, and that wants a terminal.
mkdir "$dir/zsh"
cat > "$dir/zsh/.zshrc" << EOF
stty rows 250 cols 200
unset zle_bracketed_paste
unsetopt prompt_sp prompt_cr
PROMPT= LISTMAX=10000
fpath=($PWD/completions \$fpath)
autoload -Uz compinit
compinit -D -u
finish() { zle kill-buffer; print -r '<''END>' }
zle -N finish
bindkey '^T' list-choices '^G' finish
print -r '<''READY>'
EOF
cat > "$dir/ask.zsh" << 'EOF'
zmodload zsh/zpty
until_mark() {
	local chunk text= deadline=$((SECONDS + 60))

	until [[ $text == *$1* ]]; do
		(( SECONDS < deadline )) || exit 1
		if zpty -r -t shell chunk; then
			text+=$chunk
		else
			sleep 0.01
		fi
	done
	print -r -- ${text%%$1*}
}
zpty -b shell "ZDOTDIR=$HOME/zsh exec zsh -d -i"
until_mark '<READY>' > /dev/null
zpty -w -n shell $1$'\x14\x07'
until_mark '<END>'
zpty -d shell
EOF
ask_zsh() {
	zsh -f "$dir/ask.zsh" "$1" |
		sed 's/\x1b[^a-z]*[a-z]//g; s/[\r\a]//g; /^ *send_sysrq/d' |
		awk '{
			n = index($0, " -- ")
			meaning = n ? "\t" substr($0, n + 4) : ""
			sub(/ +$/, "", meaning)
			words = split(n ? substr($0, 1, n) : $0, word, " ")
			for (i = 1; i <= words; i++)
				print word[i] meaning
		}'
}

ask() { # SHELL LINE
	"ask_$1" "$2" > "$dir/offered"
}

offered() { # REGEX: of a whole line
	grep -qxP -e "$1" "$dir/offered"
}

not_offered() { # REGEX
	! offered "$1"
}

# --- What is asked of each ---

options() {
	grep -oE '(^|[^[:alnum:]-])(--[a-z][a-z-]*|-[A-Za-z0-9]\b)' |
		grep -oE -- '--?[A-Za-z0-9].*' | grep -vx -e --help | sort -u
}

for shell in bash zsh fish; do
	ask $shell 'send_sysrq '
	for word in status log genkey derive; do
		ok "$shell: subcommand $word" offered "$word(\t.*)?"
	done
	for word in web7 web8 plain; do
		ok "$shell: host $word of the configuration" \
			offered "$word(\t.*)?"
	done
	ok "$shell: … and no pattern" not_offered '.*[][*!].*'
	ok "$shell: … nor a comment" not_offered 'commented.*'
	ok "$shell: a host that the shell knows" offered 'known9(\t.*)?'
	ok "$shell: no key before a host" not_offered 'sync.*'

	ask $shell 'send_sysrq web7 '
	ok "$shell: a key with its meaning" offered 's\tsync'
	ok "$shell: … a digit" offered '0\tloglevel.*'
	ok "$shell: a recipe with its meaning" offered 'safe-reboot\te, i, .*'
	ok "$shell: … diagnose" offered 'diagnose\t.*'
	ok "$shell: more hosts" offered 'web8(\t.*)?'
	ok "$shell: no more subcommands" not_offered 'genkey.*'
	ask $shell 'send_sysrq web7 s'
	ok "$shell: the name of a key with its letter" offered 'sync\ts'
	ask $shell 'send_sysrq web7 sync,un'
	ok "$shell: a name behind a comma" offered '(sync,)?unmount\tu'
	ask $shell 'send_sysrq web7 h,'
	ok "$shell: a recipe behind a comma" offered '(h,)?safe-reboot\t.*'
	ok "$shell: … but diagnose, which stands alone" \
		not_offered '(h,)?diagnose.*'
	ask $shell 'send_sysrq -p 9 web7 sa'
	ok "$shell: the value of an option is no host" offered 'safe-reboot\t.*'
	ask $shell 'send_sysrq -p 9 sa'
	ok "$shell: … and no host is no key" not_offered 'safe-reboot.*'
	ask $shell "send_sysrq --hosts $dir/rack3 sa"
	ok "$shell: --hosts is as good as a host" offered 'safe-reboot\t.*'

	ask $shell 'send_sysrq status we'
	ok "$shell: status: a host" offered 'web7(\t.*)?'
	ask $shell 'send_sysrq status web7 s'
	ok "$shell: status: no key" not_offered 'sync.*'
	ask $shell 'send_sysrq status --need s'
	ok "$shell: status --need: a key" offered 'sync\ts'
	ok "$shell: … and no recipe" not_offered 'safe-.*'
	ask $shell 'send_sysrq log '
	ok "$shell: log: a host" offered 'web7(\t.*)?'
	ask $shell 'send_sysrq log web7 we'
	ok "$shell: … and no second one" not_offered 'web8.*'
	for line in '--level ' '--level=w'; do
		ask $shell "send_sysrq log $line"
		ok "$shell: log $line: a level" offered '(--level=)?warn(\t.*)?'
	done

	for option in --hosts --password-file --key-file --config -F; do
		ask $shell "send_sysrq $option $dir/ra"
		ok "$shell: $option: a file" offered '(.*/)?rack3(\t.*)?'
	done
	ask $shell 'send_sysrq --config n'
	ok "$shell: --config: none" offered 'none(\t.*)?'

	for command in '' status log genkey derive; do
		ask $shell "send_sysrq $command${command:+ }-"
		# shellcheck disable=SC2086
		is "$shell: the options of send_sysrq $command, and no other" \
			"$(cut -f 1 "$dir/offered" | options)" \
			"$("$client" $command --help | sed "/^  (umask/d
				/^  send_sysrq /d; /^send_sysrq /d
				/^Print /d" | options)"
		ok "$shell: … and --help" offered '--help(\t.*)?'
	done
done

# --- bash has no place for a meaning but the word itself ---

is 'bash: no meaning in what is inserted' \
	"$(ask_bash 'send_sysrq web7 sy')" sync
is 'bash: nor where each is inserted in its turn' \
	"$(ask_bash 'send_sysrq web7 unm' 37)" unmount
is 'bash: so for several' \
	"$(ask_bash 'send_sysrq web7 safe-' 37)" 'safe-reboot
safe-poweroff'
done_testing
