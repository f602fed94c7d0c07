#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Of what people type after a host, only the words that mean letters press some; all else is
# refused before anything is sent, with what was probably meant. Letters and slips are no
# hosts, either. unit/words.c has the grammar and a dictionary.
# shellcheck source=tests/client/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/client/bad.sh
. tests/client/bad.sh

at+=(-F none)
list=tests/client/words.list
mapfile -t words < <(grep -v '^#' $list | tr ' ' '\n' | grep .)
ok 'the list has 500 different words' test "$(printf '%s\n' "${words[@]}" | sort -u | wc -l)" -ge 500
ok 'there is a dictionary for unit/words.c' test -e /usr/share/dict/american-english

# --- As letters ---

for word in "${words[@]}"; do
	timeout 10 "$client" "${at[@]}" --dry-run 127.0.0.1 "$word" < /dev/null > "$out" 2> "$err"
	rc=$?
	[ $rc -eq 2 ] && [ ! -s "$out" ] || echo "$word"
done > "$dir/taken"
# su, sb and ub: a rescue without its end, or its end alone
is 'only these words of the list mean letters' "$(sort "$dir/taken" | xargs)" \
	'crash dd esub hq ld poweroff pwd reboot reisub reisuo seisub su sync tmp unmount w www'
grep -vxFf "$dir/taken" <(printf '%s\n' "${words[@]}") > "$dir/refused"
refused=0
while read -r word; do
	"$client" "${at[@]}" 127.0.0.1 "$word" < /dev/null > "$out" 2> "$err"
	[ $? -eq 2 ] && [ ! -s "$out" ] && [ "$(wc -l < "$err")" -eq 1 ] &&
		grep -q '^send_sysrq: .*, expected ' "$err" && refused=$((refused + 1))
done < "$dir/refused"
is 'each of the others costs one sentence' $refused "$(wc -l < "$dir/refused")"

meant() { # WORD REGEX
	press "'$1' given, expected $2" 127.0.0.1 "$1"
}
meant log 'letters: for the subcommand begin with send_sysrq log$'
meant setup 'letters: for the subcommand begin with send_sysrq setup$'
meant statsu 'letters: for the subcommand begin with send_sysrq status$'
meant 's u b' 'no blanks: sub$'
meant 'sub ' 'no blanks: sub$'
meant 's u x' 'letters or names'
press "' u' given, expected no blanks: s,u,b$" 127.0.0.1 's, u, b'
meant test 'h, which is harmless'
meant kill 'i, which kills all processes'
meant help "h, which prints the kernel's help, or send_sysrq help$"
meant debug 'send_sysrq press HOST debug, because'
meant boot 'safe-reboot, or b'
meant halt 'safe-poweroff, or o'
meant ro 'u, which makes all file systems read-only$'
meant iso 'commas between the letters: i,s,o$'
meant usb 'commas between the letters: u,s,b$'
meant so 'commas between the letters: s,o$'
meant wsub 'commas between the letters: w,s,u,b$'
meant web8 'letters or names with commas between them'
meant users 'letters or names with commas between them'
meant md0 'letters or names with commas between them'
meant REISUB 'small letters: reisub$'
meant Reboot 'small letters: reboot$'
press "'U' given, expected small letters: s,u,b$" 127.0.0.1 S,U,B
meant safereboot 'safe-reboot$'
meant snyc 'sync$'
press "'log' given, expected send_sysrq log HOST" 127.0.0.1 s,log,b
press "'wlm' given, expected commas between the letters: w,l,m$" 127.0.0.1 s,wlm
press "'diagnose' given, expected diagnose alone" 127.0.0.1 s,diagnose

# --- As hosts ---

for word in "${words[@]}"; do
	SEND_SYSRQ_PASSWORD=secret timeout 10 "$client" -F none --dry-run "$word" h < /dev/null \
		> "$out" 2> "$err" ||
		echo "$word"
done > "$dir/no-hosts"
is 'these words of the list are no hosts' "$(sort "$dir/no-hosts" | xargs)" \
	"crash debug esub genkey genkye help lgo lo log logg loglevel logs poweroff\
 pres press prss reboot reboot! reisub reisuo seisub setpu setup stats statsu statu status stauts\
 sttaus stup su sync unmount w"

host() { # REGEX ARGUMENT…
	press "$1" "${@:2}"
	bad 2 "$1" press "${at[@]}" "${@:2}"
}
host "host: 's' given, expected a host: letters are one word: sub \(" 127.0.0.1 s u b
host "host: 'wlm' given, expected a host: letters are one word" 127.0.0.1 wlm b
host "host: 's' given, expected a host: letters are one word: s,o \(" 127.0.0.1 s o
host "host: 'sync,' given, .* one word: sync,unmount,reboot \(" 127.0.0.1 sync, unmount, reboot
host "host: 'sync' given, .* one word: sync,unmount,reboot \(" 127.0.0.1 sync unmount reboot
host "host: 's,u' given, .* one word: s,ub \(" 127.0.0.1 s,u b
host "host: 'h' given, .* one word: hm \(" 127.0.0.1 h m
host "host: 'sub' given, .* the last one" sub 127.0.0.1
host "host: 'sub' given, .* the last one" 127.0.0.1 sub b
host "host: 'b' given, .* the last one" 127.0.0.1 b b
host "host: 'safe-reboot' given, .* the last one" 127.0.0.1 safe-reboot 127.0.0.2 h
host "host: '127.0.0.1,b' given, .* the last one" 127.0.0.1,b h
host "host: 'R' given" 127.0.0.1 R b
host "host: '9' given, .* one word: 9w \(" 127.0.0.1 9 w
host "host: '4711' given, expected a name or an address; .* -p 4711, .* --until-back=4711$" \
	127.0.0.1 4711 h
for word in diagnose last-words Last-Words SUB Sync WLM loglevel; do
	host "host: '$word' given, .* the last one" 127.0.0.1 $word b
done
for word in statsu status sttus log lgo logs genkye press; do
	press "host: '$word' given, expected a host: for the subcommand begin with" \
		127.0.0.1 "$word" h
done
press "host: 'statsu' given, .* begin with send_sysrq status, for a host .* press$" statsu 127.0.0.1
press "'statsu' given, expected letters: for the subcommand begin with send_sysrq status$" statsu

know web8 s u sync reisub diagnose statsu
host "host: 's' given, expected a host: letters are one word: sub \(" 127.0.0.1 s u b
for word in u sync reisub diagnose; do
	host "host: '$word' given, expected a " 127.0.0.1 $word b
done
run --dry-run statsu h
exits 'a slip of a subcommand that is a known host' 0
for word in dmesg web1 press; do
	bad 2 "'web8' given, expected letters: it is a known host, and the letters come last" \
		"$word" 127.0.0.1 web8
done

cat > "$dir/config" << END
Host s reboot other
Host 4711
	Address 127.0.0.1
Host ?
END
for word in s 4711 reboot; do
	SEND_SYSRQ_PASSWORD=secret run -F "$dir/config" --dry-run "$word" h
	exits "a host called $word in the configuration" 0
done
run -F "$dir/config" --dry-run u h
exits 'a host that only a pattern fits' 2
for word in stat blog fog www hq web1 127.0.0.1 ::1 'web[1,2,3]' 's[1-2]'; do
	SEND_SYSRQ_PASSWORD=secret run -F none --dry-run "$word" h
	exits "a host called $word" 0
done

nothing_was_sent

# --- press ---

serve
for word in help debug h; do
	run press "${at[@]}" --wait 0 127.0.0.1 $word
	exits "press: $word" 0
done
is 'press takes the words help and debug' "$(pressed "$log")" hgh

# --- What status needs ---

serve --operator=
while read -r word missing; do
	run status "${at[@]}" --need "$word" 127.0.0.1
	is "--need $word" "$(sed -n 's/^  missing  //p' "$out")" "$missing"
done << 'END'
sub b,s,u
reisub b,e,i,r,s,u
w,s s,w
wlm l,m,w
help h
debug g
loglevel=7,b,s 7,b,s
safe-reboot b,e,i,s,u
END

# --- --dry-run ---

serve --any
know web7 web8
cat > "$dir/config" << END
Host web7
	Address 127.0.0.1
	Port $port
	KeyFile none
	Confirm yes
Host web*
	Port 4711
END
run -F "$dir/config" --dry-run --wait i=0.5 'web[7-8]' h,i,sub
exits '--dry-run' 0
no_error '--dry-run'
is '--dry-run shows letters, waits and hosts' "$(< "$out")" "\
This would press
  h  help                           then a wait of 1 s
  i  kill-all-tasks                 then a wait of 0.5 s
  s  sync                           until complete, at most 10 s
  u  unmount                        until complete, at most 10 s
  b  reboot
on 2 hosts:
  web7 (127.0.0.1, port $port)
  web8 (port 4711)
Nothing was sent."
run -F "$dir/config" --dry-run --one-way web7 l
is '--dry-run says what would be sent one-way' "$(< "$out")" "\
This would press, one-way,
  l  show-backtrace-all-active-cpus
on 1 host:
  web7 (127.0.0.1, port $port)
Nothing was sent."
run -F "$dir/config" --dry-run web7 diagnose
like '--dry-run says that diagnose reads the log' "$out" '^and read the kernel log,$'

refused_as() { # NAME STATUS ARGUMENT…: --dry-run refuses what the real command refuses
	run -F "$dir/config" -y "${@:3}"
	exits "$1" "$2"
	cp "$err" "$dir/real"
	run -F "$dir/config" --dry-run "${@:3}"
	exits "--dry-run, $1" "$2"
	is '… with the same sentence' "$(< "$err")" "$(< "$dir/real")"
	is '… and nothing else' "$(< "$out")" ''
}
refused_as 'a slip in the name' 2 wbe7 sub
like '… which is not known' "$err" "^send_sysrq: 'wbe7' is not known: run send_sysrq known wbe7 KEY"
refused_as 'a slip among several names' 2 web8,wbe7 sub
refused_as '--known-as with a slip' 2 --known-as wbe7 web8 sub
chmod go+w "$config/known_hosts"
refused_as 'known hosts that others may write' 2 web7 sub
chmod go-w "$config/known_hosts"
run -F "$dir/config" --dry-run 'web[7-9]' w
exits 'a range with a host that is not known' 7
is '--dry-run shows who is not asked' "$(sed -n '/^on/,$p' "$out")" "\
on 2 hosts:
  web7 (127.0.0.1, port $port)
  web8 (port 4711)
  web9 (port 4711), not asked: its public key is not known
Nothing was sent."
run -F "$dir/config" --dry-run --known-as web8 wbe7 w
exits '--known-as that is known' 0
SEND_SYSRQ_PASSWORD=secret run -F "$dir/config" --dry-run wbe7 w
exits 'a password in the environment' 0
for option in --password --password-file=none; do
	run -F "$dir/config" --dry-run $option wbe7 w
	exits "$option" 0
	no_error "$option"
done
HOME=$dir/nobody run --dry-run wbe7 w
exits 'without a key of your own, the password would be asked for' 0
unlike '--dry-run sends nothing' "$log" '^(hello|copy|odd)'
done_testing
