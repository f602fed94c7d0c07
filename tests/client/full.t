#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What cannot be written is told in one sentence, and with the exit status for it: on a
# full disk, without standard output, into a closed pipe. Letters are pressed all the same.
# shellcheck source=tests/client/lib.sh
. "$(dirname "$0")/lib.sh"

lost() { # NAME STATUS REGEX ARGUMENT…
	local to
	for to in /dev/full closed; do
		if [ $to = closed ]; then
			timeout 30 "$client" "${@:4}" >&- 2> "$err" < /dev/null
		else
			timeout 30 "$client" "${@:4}" > $to 2> "$err" < /dev/null
		fi
		rc=$?
		exits "$1 to $to" "$2"
		is "$1 to $to: this is told once" \
			"$(grep -cE "^send_sysrq: cannot write $3: (No space left|Bad file)" "$err")" 1
	done
}

serve --log 20
host=("${at[@]}" 127.0.0.1)
lost 'pressing' 13 'the results' "${host[@]}" w
is 'the host presses the letter nevertheless' "$(pressed "$log")" ww
lost 'pressing with --json' 13 'the results' --json "${host[@]}" h
lost 'pressing one-way' 13 'the results' "${host[@]}" --one-way h
pushd "$dir" > "$out" || exit
lost 'diagnose' 13 'the results' "${host[@]}" diagnose
popd > "$out" || exit
lost '--dry-run' 13 'the output' "${host[@]}" --dry-run h
for option in '' --json --prometheus; do
	lost "status $option" 3 'the status' status $option "${host[@]}"
done
lost 'log' 13 'the log' log "${host[@]}"
lost 'log -n' 13 'the log' log -n 3 "${host[@]}"
lost 'log --follow' 13 'the log' log --follow "${host[@]}"
lost 'pubkey' 13 'the key' pubkey
lost '--version' 13 'the output' --version
for command in '' press log genkey pubkey known history; do
	lost "$command --help" 13 'the output' $command --help
done
lost 'status --help' 3 'the output' status --help

serve --any
lost 'several hosts' 13 'the results' "${at[@]}" '127.0.0.[1-3]' h
lost 'several hosts that print' 13 'the results' "${at[@]}" '127.0.0.[1-3]' w
lost '--dry-run of several hosts' 13 'the output' "${at[@]}" --dry-run '127.0.0.[1-3]' w
lost 'status of several hosts' 3 'the status' status "${at[@]}" '127.0.0.[1-3]'
lost 'status --json of several hosts' 3 'the status' status --json "${at[@]}" '127.0.0.[1-3]'

# A pipe that nobody reads any more must not end a rescue.
serve
{
	timeout 30 "$client" "${at[@]}" --wait 0.2 127.0.0.1 s,h,h,h,b 2> "$err"
	echo $? > "$dir/rc"
} | head -n 1 > "$out"
rc=$(< "$dir/rc")
exits 'a closed pipe' 13
is 'a closed pipe: the host presses all letters' "$(pressed "$log")" shhhb
like 'a closed pipe: this is told' "$err" '^send_sysrq: cannot write the results: Broken pipe$'
exec {gone}> >(:)
wait $!
"$client" --help 1>&"$gone" 2> "$err"
is '--help ends by the signal where nobody reads it' $? $((128 + $(kill -l PIPE)))
is '… without a complaint' "$(< "$err")" ''

# A reader that does not read, such as a pager, must not keep the other hosts from their
# letters. A pipe has room for some 2,000 lines. Each host also costs a sentence on stderr.
key=''
serve --any --no-log
mkfifo "$dir/pipe"
echo test > "$dir/password"
"$client" "${at[@]}" -y --password-file "$dir/password" '127.0.[1-12].[1-250]' w \
	> "$dir/pipe" 2>&1 &
pid=$!
exec {pipe}< "$dir/pipe"
all_pressed() {
	[ "$(grep -c '^press w' "$log")" -ge 3000 ]
}
deadline=$((SECONDS + 120))
until all_pressed || [ "$SECONDS" -gt "$deadline" ]; do
	sleep 0.2
done
ok 'while nobody reads, all 3,000 hosts press the letter' all_pressed
cat <&"$pipe" > "$out"
wait "$pid"
is '… and then the command ends well' $? 0
is '… and the reader gets a line for each' "$(grep -c '^127.*carried out' "$out")" 3000
is '… and a sentence for each' "$(grep -c '^send_sysrq: 127.* does not permit' "$out")" 3000
like '… and the last line is that of the end' <(tail -n 1 "$out") '^3000 hosts: 3000 carried out'
done_testing
