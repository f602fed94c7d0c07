#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# bash, zsh and fish offer after send_sysrq what fits: subcommands, options, hosts of the
# configuration, letters, names and recipes. Each shell is asked itself.
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/tap.sh
. tests/tap.sh
client=${BUILD:-build}/send_sysrq
[ -x "$client" ] || bail "there is no $client"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

tap_failed() {
	echo '# offered:'
	show "$dir/offered"
}

export HOME=$dir XDG_CONFIG_HOME=$dir/config TERM=dumb
mkdir -p "$dir/config/send_sysrq" "$dir/.ssh" "$dir/zsh"
cat > "$dir/config/send_sysrq/config" << 'EOF'
# Host commented
Port 9
Host web7 web8 db[1,02,3]x,listed1 @rack3,listed2 !web9 # remark
	Port 9999
  host = plain
HOST="quoted1 quoted2"
hOsT	"quoted3"	tabbed
Hosts other-keyword
Host web7$(touch${IFS}$HOME/ran) web7`touch${IFS}$HOME/ran`
Host w* web?
Host *
	Address host%h
EOF
echo 'known9 ssh-ed25519 AAAA' > "$dir/.ssh/known_hosts"
touch "$dir/rack3"

# --- The shells ---

# One script for each shell answers all questions. It reads two lines for each question:
# the type of the completion, which only bash knows, and what the user has typed. It
# prints what the shell offers, and then <END>.

cat > "$dir/ask.bash" << 'EOF'
. /usr/share/bash-completion/bash_completion
. completions/send_sysrq.bash
while read -r COMP_TYPE && IFS= read -r COMP_LINE; do
	COMP_POINT=${#COMP_LINE} COMP_KEY=9 COMPREPLY=()
	read -ra COMP_WORDS <<< "${COMP_LINE//=/ = }"
	[[ $COMP_LINE != *[\ =] ]] || COMP_WORDS+=('')
	COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
	_send_sysrq send_sysrq "${COMP_WORDS[COMP_CWORD]}" \
		"${COMP_WORDS[COMP_CWORD-1]}" < /dev/null
	[[ ${#COMPREPLY[@]} -eq 0 ]] || printf '%s\n' "${COMPREPLY[@]}"
	echo '<END>'
done
EOF

cat > "$dir/ask.fish" << 'EOF'
source completions/send_sysrq.fish
while read -l type; and read -l line
    complete -C $line </dev/null
    echo '<END>'
end
EOF

# zsh completes in its line editor only, which needs a terminal.
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
print -r '<''END>'
EOF
cat > "$dir/ask.zsh" << 'EOF'
zmodload zsh/zpty zsh/system
zpty shell "ZDOTDIR=$HOME/zsh exec zsh -d -i"
terminal=$REPLY
take_answer() {
	answer=
	until [[ $answer == *'<END>'* ]]; do
		sysread -i $terminal chunk || exit
		answer+=$chunk
	done
}
take_answer
while read -r type && IFS= read -r line; do
	zpty -w -n shell $line$'\x14\x07'
	take_answer
	print -r -- $answer
done
EOF

# What the shell offers: words, each with a tab and its meaning if it has one
words_bash() {
	sed 's/  (\(.*\))$/\t\1/'
}
words_fish() {
	cat
}
words_zsh() {
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

start() { # SHELL
	shell=$1
	case $1 in
	bash) command=(bash --norc) ;;
	zsh) command=(zsh -f) ;;
	fish) command=(fish --no-config) ;;
	esac
	coproc asked { exec timeout 300 "${command[@]}" "$dir/ask.$shell"; }
	exec {questions}>&"${asked[1]}"- {answers}<&"${asked[0]}"-
}

end() {
	exec {questions}>&- {answers}<&-
	wait
}

# Fills $dir/offered.
ask() { # LINE [TYPE]
	local line
	printf '%s\n' "${2:-9}" "$1" >&"$questions"
	while IFS= read -r line <&"$answers" && [[ $line != *'<END>'* ]]; do
		printf '%s\n' "$line"
	done | "words_$shell" > "$dir/offered"
}

offers() { # NAME REGEX: of a whole line
	ok "$shell offers $1" grep -qxP -e "$2" "$dir/offered"
}

offers_not() { # NAME REGEX
	ok "$shell does not offer $1" eval "! grep -qxP -e $(printf %q "$2") '$dir/offered'"
}

# --- The questions ---

options() {
	grep -oE '(^|[^[:alnum:]-])(--[a-z][a-z-]*|-[A-Za-z0-9]\b)' |
		grep -oE -- '--?[A-Za-z0-9].*' | grep -vx -e --help | sort -u
}
declare -A options
for command in '' press status log genkey pubkey known history exporter; do
	# shellcheck disable=SC2086 # no word or one
	options[x$command]=$("$client" $command --help | sed "/^  (umask/d
		/^  send_sysrq /d; /^send_sysrq /d; /^Print /d; /^  ssh /d
		/^      --/d" | options)
done

for name in bash zsh fish; do
	start $name
	ask 'send_sysrq '
	for word in press status log genkey pubkey known history exporter setup help; do
		offers "the subcommand $word" "$word(\t.*)?"
	done
	for word in web7 web8 listed1 listed2 plain quoted1 quoted2 quoted3 tabbed; do
		offers "the host $word of the configuration" "$word(\t.*)?"
	done
	offers_not 'a pattern' '[^\t]*[][*!?].*'
	offers_not 'a commented host' 'commented.*'
	offers_not 'a comment behind a host' '#.*|remark.*'
	offers_not 'a quotation mark or an equals sign' '[^\t]*["=].*'
	offers_not 'words behind another keyword' 'other-keyword.*|9(\t.*)?|host%h.*'
	offers 'a host that the shell knows' 'known9(\t.*)?'
	offers_not 'a letter before a host' 'sync.*'

	ask 'send_sysrq web7 '
	offers 'a letter with its meaning' 's\tsync'
	offers 'a digit with its meaning' '0\tloglevel.*'
	offers 'a recipe with its meaning' 'safe-reboot\te, i, .*'
	offers 'diagnose with its meaning' 'diagnose\t.*'
	offers 'last-words with its meaning' 'last-words\t.*'
	offers 'more hosts' 'web8(\t.*)?'
	offers_not 'a subcommand after a host' 'genkey.*'
	ask 'send_sysrq web7 s'
	offers 'the name of a letter with the letter' 'sync\ts'
	ask 'send_sysrq web7 sync,un'
	offers 'a name behind a comma' '(sync,)?unmount\tu'
	ask 'send_sysrq web7 h,'
	offers 'a recipe behind a comma' '(h,)?safe-reboot\t.*'
	offers_not 'diagnose behind a comma' '(h,)?diagnose.*'
	offers_not 'last-words behind a comma' '(h,)?last-words.*'
	ask 'send_sysrq -p 9 web7 sa'
	offers 'a recipe after an option with its value and a host' 'safe-reboot\t.*'
	ask 'send_sysrq -p 9 sa'
	offers_not 'a recipe after an option with its value' 'safe-reboot.*'
	ask "send_sysrq --hosts $dir/rack3 sa"
	offers 'a recipe after --hosts' 'safe-reboot\t.*'

	ask 'send_sysrq -p 9 st'
	offers 'a subcommand after an option with its value' 'status(\t.*)?'
	ask 'send_sysrq -p 9 status we'
	offers 'a host after an option and status' 'web7(\t.*)?'
	ask 'send_sysrq -p 9 status web7 s'
	offers_not 'a letter after an option, status and a host' 'sync.*'
	ask 'send_sysrq press we'
	offers 'a host after press' 'web7(\t.*)?'
	ask 'send_sysrq press s'
	offers_not 'a subcommand after press' 'status.*'
	ask 'send_sysrq press web7 sa'
	offers 'a recipe after press and a host' 'safe-reboot\t.*'
	ask 'send_sysrq help st'
	offers 'a subcommand after help' 'status(\t.*)?'

	ask 'send_sysrq status we'
	offers 'a host after status' 'web7(\t.*)?'
	ask 'send_sysrq status web7 s'
	offers_not 'a letter after status and a host' 'sync.*'
	ask 'send_sysrq status --need s'
	offers 'a letter after --need' 'sync\ts'
	offers_not 'a recipe after --need' 'safe-.*'
	ask 'send_sysrq status -x we'
	offers 'a host after -x' 'web7(\t.*)?'
	ask 'send_sysrq -x web8 web7 sa'
	offers 'a recipe after -x with its value and a host' 'safe-reboot\t.*'
	ask 'send_sysrq known we'
	offers 'a host after known' 'web7(\t.*)?'
	ask 'send_sysrq status --known-as we'
	offers 'a host after --known-as' 'web7(\t.*)?'
	ask 'send_sysrq --known-as web8 --one-way-for 60 web7 sa'
	offers 'a recipe after options with values and a host' 'safe-reboot\t.*'
	ask 'send_sysrq log '
	offers 'a host after log' 'web7(\t.*)?'
	ask 'send_sysrq log web7 we'
	offers_not 'a second host after log' 'web8.*'
	for option in '--level ' '--level=w'; do
		ask "send_sysrq log $option"
		offers "a level after $option" '(--level=)?warn(\t.*)?'
	done

	for option in --hosts --password-file --key-file --config -F; do
		ask "send_sysrq $option $dir/ra"
		offers "a file after $option" '(.*/)?rack3(\t.*)?'
	done
	ask 'send_sysrq --config n'
	offers 'none after --config' 'none(\t.*)?'

	for command in '' press status log genkey pubkey known history exporter; do
		ask "send_sysrq $command${command:+ }-"
		is "$shell offers the options of send_sysrq $command, and no other" \
			"$(cut -f 1 "$dir/offered" | options)" "${options[x$command]}"
		offers "--help of send_sysrq $command" '--help(\t.*)?'
	done
	ask 'send_sysrq setup -'
	is "$shell offers the options of send_sysrq setup, and no other" \
		"$(cut -f 1 "$dir/offered" | options)" "$(sh packaging/setup "$client" --help | options)"
	ask 'send_sysrq setup --operator alice --per'
	offers 'an option of setup behind another one' '--permissions(\t.*)?'
	end
done
ok 'no shell runs what stands in the configuration' test ! -e "$dir/ran"

# --- bash shows a meaning only behind the word itself ---

start bash
ask 'send_sysrq web7 sy'
is 'bash inserts a word without its meaning' "$(< "$dir/offered")" sync
ask 'send_sysrq web7 unm' 37
is 'bash inserts each word in turn without its meaning' "$(< "$dir/offered")" unmount
ask 'send_sysrq web7 safe-' 37
is 'bash inserts each of several words without its meaning' "$(< "$dir/offered")" \
	'safe-reboot
safe-poweroff'
end
done_testing
