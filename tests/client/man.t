#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The manual pages are clean, and say all that there is: no option, function,
# keyword, parameter or counter is missing, and none is there that is gone.
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/tap.sh
. tests/tap.sh
build=${BUILD:-build}
client=$build/send_sysrq
for file in "$client" "$build/responder" "$build/libsysrq.a"; do
	[ -e "$file" ] || { echo "Bail out! there is no $file"; exit 1; }
done
dir=$(mktemp -d)
responder=
trap '[ -z "$responder" ] || kill "$responder"; rm -rf "$dir"' EXIT
export LC_ALL=C.UTF-8

# The page as text, in lines so long that no word is broken
text() { # PAGE
	mandoc -T utf8 -O width=1000 "$1" | col -b
}

# Those lines of standard input that a text does not have as words
missing() { # TEXT
	local word any=

	cat < "$1" > "$dir/text"
	while IFS= read -r word; do
		any=1
		grep -qwF -e "$word" "$dir/text" || echo "$word"
	done
	[ "$any" ] || echo 'there is nothing to look for'
}

# --- Their form ---

# mandoc looks for the pages that they refer to, and others' need not be here.
for page in man/*.[1-8]; do
	mkdir -p "$dir/man${page##*.}"
	cp "$page" "$dir/man${page##*.}"
done
ours='libsysrq|ipt_sysrq|iptables-sysrq|send_sysrq|send_sysrq_config'
sed -En 's/^\.Xr ([^ ]+) ([1-8]).*/\1 \2/p' man/*.[1-8] | sort -u > "$dir/xr"
while read -r name section; do
	[[ $name =~ ^($ours)$ ]] && continue
	mkdir -p "$dir/man$section"
	touch "$dir/man$section/$name.$section"
done < "$dir/xr"

for page in send_sysrq.1 libsysrq.3 ipt_sysrq.4 send_sysrq_config.5 \
	iptables-sysrq.8; do
	is "$page: mandoc has nothing to say" \
		"$(MANPATH=$dir mandoc -T lint -W style "man/$page" 2> "$dir/err"
			echo $?)" 0
	is "$page: nor has man" \
		"$(MANWIDTH=80 man -l --warnings "man/$page" 2>&1 > /dev/null
			echo $?)" 0
	is "$page: no line is wider than 80 columns" \
		"$(mandoc -T utf8 "man/$page" | col -bx | grep -E '.{81}')" ''
done

# --- send_sysrq(1) ---

for command in '' status log genkey derive; do
	# shellcheck disable=SC2086
	"$client" $command --help
done > "$dir/help"

options() {
	grep -oE '(^|[^[:alnum:]-])(--[a-z][a-z-]*|-[A-Za-z0-9]\b)' |
		grep -oE -- '--?[A-Za-z0-9].*' | sort -u
}
is 'every option is of some --help, and the other way round' \
	"$(text man/send_sysrq.1 | options)" "$(options < "$dir/help")"
is 'every exit status, with its number' \
	"$(sed -n '/^\.Sh EXIT STATUS/,/^\.El/s/^\.It //p' man/send_sysrq.1)" \
	"$("$client" --help | sed -n '/^Exit status/,$s/^ *\([0-9]\+\)  .*/\1/p')"
is 'every key, with its name' "$("$client" --help |
	sed '1,/^Keys/d; /^Exit status/,$d' |
	sed -E 's/ ([A-Za-z]) ([A-Za-z-]+)/\n\1, \2\n/g' | grep ', ' |
	missing <(text man/send_sysrq.1))" ''
is 'every variable of the environment' \
	"$(grep -hoP '(getenv|variable|variable_name\[\] = )\(?"\K[A-Z_]+' \
		client/*.c | missing <(text man/send_sysrq.1))" ''

# --- libsysrq(3) ---

gcc -fpreprocessed -dD -E -P client/lib/sysrq.h > "$dir/header"
is 'every function of sysrq.h, and no other' \
	"$(sed -En '/^\.Sh SYNOPSIS/,/^\.Sh DESC/s/^\.F[no] ([^ ]+).*/\1/p' \
		man/libsysrq.3 | sort)" \
	"$(grep -oE 'sysrq_[a-z_]+\(' "$dir/header" | tr -d '(' | sort)"
# A prototype that differs from the header's is an error.
text man/libsysrq.3 | sed '1,/^SYNOPSIS/d; /^DESCRIPTION/,$d' > "$dir/proto.c"
is '… with its arguments' \
	"$(gcc -fsyntax-only -Iclient/lib "$dir/proto.c" 2>&1; echo $?)" 0
is 'every constant that comes out' \
	"$(grep -oE 'SYSRQ_(EVENT|WAY|END|FATE|REFUSED)_[A-Z_]+' "$dir/header" |
		missing <(text man/libsysrq.3))" ''
sed -n '/Va /p; /^\t[a-z].*;/p' man/libsysrq.3 > "$dir/fields"
is 'every field of its structures' \
	"$(sed -n '/^struct sysrq_.* {/,/^}/p' "$dir/header" |
		grep -oP '\b[a-z_]+(?=(\[\w+( \+ 1)?\])?;)' |
		missing "$dir/fields")" ''
for renderer in mandoc 'groff -mdoc -P-c'; do
	is "its example is examples/status.c, by $renderer" \
		"$($renderer -T utf8 man/libsysrq.3 | col -bx |
			awk '/SPDX/ { on = 1 } /^ *It is/ { exit } on' |
			sed 's/^     //')" \
		"$(expand examples/status.c)"
done

is '… and is built as it says' "$(gcc -Wall -Wextra -Iclient/lib -L"$build" \
	-o "$dir/status" examples/status.c -l:libsysrq.a -lsodium 2>&1
	echo $?)" 0
umask 077
"$client" genkey > "$dir/.sysrq-master.key"
"$client" derive --key-file "$dir/.sysrq-master.key" --realm web7 > "$dir/key"
"$build/responder" --key "$(cat "$dir/key")" > "$dir/log" 2>&1 &
responder=$!
deadline=$((SECONDS + 10))
until grep -q '^port ' "$dir/log" 2> "$dir/err"; do
	[ "$SECONDS" -lt "$deadline" ] ||
		{ echo 'Bail out! no responder'; exit 1; }
	sleep 0.01
done
port=$(sed -n 's/^port //p' "$dir/log")
is '… asks a host' \
	"$("$dir/status" "$dir/key" 127.0.0.1 "$port" | sed 's/, up .*//'
		echo "${PIPESTATUS[0]}")" 'alive
0'
is '… and another, with a key that is not its own' \
	"$("$dir/status" "$dir/.sysrq-master.key" 127.0.0.1 "$port"; echo $?)" 'no answer
1'

# --- send_sysrq_config(5) ---

text man/send_sysrq_config.5 |
	sed -n 's/192\.0\.2\.7/127.0.0.1/; /^ *# for each/,/^ *With it,/p' |
	sed '$d' > "$dir/config"
is 'its first example is one, and works' "$(
	HOME=$dir "$client" status -F "$dir/config" -p "$port" web7 2>&1 |
		sed -n '1s/ is .*//p')" "web7 (127.0.0.1:$port)"
is 'every keyword of the configuration' \
	"$(grep -oP 'CFG_STR\("\K[a-z-]+' client/config.c |
		missing <(text man/send_sysrq_config.5))" ''

# --- The others ---

is 'every parameter of the module, and no other' \
	"$(sed -n '/^\.Ss Parameters/,/^\.Ss /s/^\.It Va //p' man/ipt_sysrq.4 |
		sort)" \
	"$(cat kernel/*.c | tr -d '\n\t' |
		grep -oP '(module_param_cb|MODULE_PARM_DESC)\(\K\w+' | sort -u)"
is 'every counter of /proc/net/ipt_sysrq' \
	"$(sed -En 's/.*\[SRQ_COUNT_[A-Z_]+\] = "(.*)".*/\1/p
		s/.*\{ SRQ_[A-Z_]+, "([a-z_]+)",.*/refused_\1/p' kernel/audit.c |
		missing <(text man/ipt_sysrq.4))" ''
is 'every option of the target' \
	"$(grep -oP '\.name = "\K[a-z-]+' iptables/libxt_SYSRQ.c |
		sed 's/^/--/' | missing <(text man/iptables-sysrq.8))" ''
done_testing
