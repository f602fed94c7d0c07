#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The manual pages have no errors, and they name every option, function, keyword,
# parameter and counter of the sources. Their examples work.
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/tap.sh
. tests/tap.sh
build=${BUILD:-build}
client=$build/send_sysrq
for file in "$client" "$build/fence_sysrq" "$build/responder" "$build/libsysrq.a"; do
	[ -e "$file" ] || bail "there is no $file"
done
dir=$(mktemp -d)
responder=
trap '[ -z "$responder" ] || kill "$responder"; rm -rf "$dir"' EXIT

# The page as text, in lines so long that no word is broken
text() { # PAGE
	mandoc -T utf8 -O width=1000 "$1" | col -b
}

# Prints those lines of standard input that a text does not have as words.
missing() { # TEXT
	local word any=

	cat < "$1" > "$dir/text"
	while IFS= read -r word; do
		any=1
		grep -qwF -e "$word" "$dir/text" || echo "$word"
	done
	[ "$any" ] || echo 'standard input is empty'
}

# --- Their form ---

# mandoc looks for the pages that ours refer to. Other pages need not be installed.
for page in man/*.[1-8]; do
	mkdir -p "$dir/man${page##*.}"
	cp "$page" "$dir/man${page##*.}"
done
ours='libsysrq|ipt_sysrq|iptables-sysrq|fence_sysrq|send_sysrq|send_sysrq_config'
sed -En 's/^\.Xr ([^ ]+) ([1-8]).*/\1 \2/p' man/*.[1-8] | sort -u > "$dir/xr"
while read -r name section; do
	[[ $name =~ ^($ours)$ ]] && continue
	mkdir -p "$dir/man$section"
	touch "$dir/man$section/$name.$section"
done < "$dir/xr"

for page in send_sysrq.1 libsysrq.3 ipt_sysrq.4 send_sysrq_config.5 \
	iptables-sysrq.8 fence_sysrq.8; do
	is "$page: mandoc finds no error" \
		"$(MANPATH=$dir mandoc -T lint -W style "man/$page" 2> "$dir/err"
			echo $?)" 0
	is "$page: man finds no error" \
		"$(MANWIDTH=80 man -l --warnings "man/$page" 2>&1 > /dev/null
			echo $?)" 0
	is "$page: no line is wider than 80 columns" \
		"$(mandoc -T utf8 "man/$page" | col -bx | grep -E '.{81}')" ''
done

# --- send_sysrq(1) ---

{
	for command in '' status log genkey pubkey known history exporter; do
		# shellcheck disable=SC2086
		"$client" $command --help
	done
	sh packaging/setup "$client" --help
} > "$dir/help"

options() {
	grep -oE '(^|[^[:alnum:]-])(--[a-z][a-z-]*|-[A-Za-z0-9]\b)' |
		grep -oE -- '--?[A-Za-z0-9].*' | sort -u
}
# It also has a command with options of setpriv.
is 'send_sysrq(1) has the options of all --help texts, and no other' \
	"$(text man/send_sysrq.1 | sed '/# setpriv /,/-caps /d' | options)" "$(options < "$dir/help")"
is 'send_sysrq(1) has every exit status' \
	"$(sed -n '/^\.Sh EXIT STATUS/,/^\.El/s/^\.It //p' man/send_sysrq.1)" \
	"$("$client" --help | sed -n '/^Exit status/,$s/^ *\([0-9]\+\)  .*/\1/p')"
is 'send_sysrq(1) has every letter with its name' "$("$client" --help |
	sed -E '1,/^(Keys|Letters)/d; /^Exit status/,$d' |
	sed -E 's/ ([A-Za-z]) ([A-Za-z-]+)/\n\1, \2\n/g' | grep ', ' |
	missing <(text man/send_sysrq.1))" ''
is 'send_sysrq(1) has every variable of the environment, and no other' \
	"$(sed -n '/^\.Sh ENVIRONMENT/,/^\.El/s/^\.\(It \)\?Ev //p' man/send_sysrq.1 | sort -u)" \
	"$(grep -hoP '(getenv|variable|path_of|variable_name\[\] = )\(?"\K[A-Z_]+' \
		client/*.c client/*/*.c | sort -u)"

# --- libsysrq(3) ---

gcc -fpreprocessed -dD -E -P lib/sysrq.h > "$dir/header"
is 'libsysrq(3) has every function of sysrq.h, and no other' \
	"$(sed -En '/^\.Sh SYNOPSIS/,/^\.Sh DESC/s/^\.F[no] ([^ ]+).*/\1/p' \
		man/libsysrq.3 | sort)" \
	"$(grep -oE 'sysrq_[a-z_]+\(' "$dir/header" | tr -d '(' | sort)"
# A prototype that differs from the header's is an error.
text man/libsysrq.3 | sed '1,/^SYNOPSIS/d; /^DESCRIPTION/,$d' > "$dir/proto.c"
is 'libsysrq(3) has the arguments of the functions' \
	"$(gcc -fsyntax-only -Ilib "$dir/proto.c" 2>&1; echo $?)" 0
is 'libsysrq(3) has every constant that a program gets' \
	"$(grep -oE 'SYSRQ_(EVENT|WAY|END|FATE|REFUSED)_[A-Z_]+' "$dir/header" |
		missing <(text man/libsysrq.3))" ''
sed -n '/Va /p; /^\t[a-z].*;/p' man/libsysrq.3 > "$dir/fields"
is 'libsysrq(3) has every field of the structures' \
	"$(sed -n '/^struct sysrq_.* {/,/^}/p' "$dir/header" |
		grep -oP '\b[a-z_]+(?=(\[\w+( \+ 1)?\])?;)' |
		missing "$dir/fields")" ''
for renderer in mandoc 'groff -mdoc -P-c'; do
	is "libsysrq(3) has examples/status.c as its example, by $renderer" \
		"$($renderer -T utf8 man/libsysrq.3 | col -bx |
			awk '/SPDX/ { on = 1 } /^ *It is/ { exit } on' |
			sed 's/^     //')" \
		"$(expand examples/status.c)"
done

is 'the example can be built' "$(gcc -Wall -Wextra -Ilib -L"$build" \
	-o "$dir/status" examples/status.c -l:libsysrq.a -lsodium 2>&1
	echo $?)" 0
umask 077
export HOME=$dir
unset XDG_CONFIG_HOME SEND_SYSRQ_PASSWORD
"$build/responder" --key "$("$client" genkey)" > "$dir/log" 2>&1 &
responder=$!
deadline=$((SECONDS + 10))
until grep -q '^port ' "$dir/log" 2> "$dir/err"; do
	[ "$SECONDS" -lt "$deadline" ] || bail 'the responder does not start'
	sleep 0.01
done
port=$(sed -n 's/^port //p' "$dir/log")
host=$(sed -n 's/^key //p' "$dir/log")
key=$dir/.config/send_sysrq/key
is 'the example asks a host' \
	"$("$dir/status" "$key" "$host" 127.0.0.1 "$port" | sed 's/, up .*//'
		echo "${PIPESTATUS[0]}")" 'alive
0'
"$client" genkey --key-file "$dir/other" > /dev/null
is 'the example gets no answer with a wrong key' \
	"$("$dir/status" "$dir/other" "$host" 127.0.0.1 "$port"; echo $?)" 'no answer
1'

# --- send_sysrq_config(5) ---

"$client" known web7 "$host"
cp "$key" "$dir/.sysrq.key"
text man/send_sysrq_config.5 |
	sed -n 's/192\.0\.2\.7/127.0.0.1/; /^ *# for each/,/^ *With it,/p' |
	sed '$d' > "$dir/config"
is 'the first example of send_sysrq_config(5) works' "$(
	"$client" status -F "$dir/config" -p "$port" web7 2>&1 |
		sed -n '1s/ is .*//p')" "web7 (127.0.0.1:$port)"
is 'send_sysrq_config(5) has every keyword' \
	"$(grep -oP '\[[A-Z_]+\] = "\K[A-Za-z]+' client/hosts/config.c |
		missing <(text man/send_sysrq_config.5))" ''

# --- fence_sysrq(8) ---

"$build/fence_sysrq" --help > "$dir/help"
is 'fence_sysrq(8) has the options of --help, and no other' \
	"$(sed -n '/^\.Ss Options/,/^\.Ss Actions/s/^\.It Fl //p' man/fence_sysrq.8 |
		sed -E 's/ Ns = Ns Ar ([a-z/]+)/=[\1]/; s/(^| , Fl )(.)( |$)/\1\2\3/; s/^-/--/
			s/^(.) , Fl -/-\1, --/')" \
	"$(sed -n '/^Options:/,/^$/s/^  \(-.*[^ ]\)   *[A-Z].*/\1/p' "$dir/help")"
is 'fence_sysrq(8) has the actions of --help, and no other' \
	"$(sed -n '/^\.Ss Actions/,/^\.Sh /s/^\.It Cm //p' man/fence_sysrq.8)" \
	"$(sed -n '/^Actions:/,/^$/s/^  \([a-z-]*\) .*/\1/p' "$dir/help")"
is 'fence_sysrq(8) has each default' "$(sed -nE \
	's/^ .*--([a-z-]+)=.*default: ([0-9]+)\)$/\1 \2/p' "$dir/help" |
	while read -r name value; do
		[ "$name" = disable-timeout ] || [ "$name" = verbose-level ] ||
			text man/fence_sysrq.8 | tr -s ' ' |
			grep -A 3 -e "^ --$name=" | grep -q "default is $value\b" ||
			echo "$name $value"
	done)" ''
is 'fence_sysrq(8) has the exit statuses of --help' \
	"$(sed -n '/^\.Sh EXIT STATUS/,/^\.El/s/^\.It //p' man/fence_sysrq.8)" \
	"$(sed -n '/^Exit status/,$s/^  \([0-9]\)  .*/\1/p' "$dir/help")"
is 'fence_sysrq(8) has the secrets that are no options, and the environment' \
	"$(grep -hoP '(\[OPTION_\w+\] = \{ "\K\w+(?=", \.secret)|variable\[\] = "\K\w+)' \
		fence/*.c | missing <(text man/fence_sysrq.8))" ''

# --- The others ---

is 'ipt_sysrq(4) has every parameter of the module, and no other' \
	"$(sed -n '/^\.Ss Parameters/,/^\.Ss /s/^\.It Va //p' man/ipt_sysrq.4 |
		sort)" \
	"$(cat kernel/*.c | tr -d '\n\t' |
		grep -oP '(module_param_cb|MODULE_PARM_DESC)\(\K\w+' | sort -u)"
is 'ipt_sysrq(4) has every counter of /proc/net/ipt_sysrq' \
	"$(sed -En 's/.*\[SRQ_COUNT_[A-Z_]+\] = "(.*)".*/\1/p
		s/.*\{ SRQ_[A-Z_]+, "([a-z_]+)",.*/refused_\1/p' kernel/audit.c |
		missing <(text man/ipt_sysrq.4))" ''
is 'iptables-sysrq(8) has every option of the target' \
	"$(grep -oP '\.name = "\K[a-z-]+' iptables/libxt_SYSRQ.c |
		sed 's/^/--/' | missing <(text man/iptables-sysrq.8))" ''
done_testing
