# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the tests of send_sysrq share: TAP for prove, hosts, which
# tests/unit/responder.c is, and the client. Sourced.

set -u
build=$(realpath "${BUILD:-build}")
client=$build/send_sysrq
responder=$build/responder
for file in "$client" "$responder"; do
	[ -x "$file" ] || { echo "Bail out! there is no $file"; exit 1; }
done
dir=$(mktemp -d)
pids=()
count=0
failed=0

# Whoever runs the tests has a configuration and a terminal of his own.
export HOME=$dir TERM=xterm
unset XDG_CONFIG_HOME NO_COLOR

cleanup() {
	[ ${#pids[@]} -eq 0 ] || kill "${pids[@]}" 2>/dev/null
	rm -rf "$dir"
}
trap cleanup EXIT

# --- TAP

report() { # OK NAME
	count=$((count + 1))
	if [ "$1" = 1 ]; then
		echo "ok $count - $2"
	else
		failed=$((failed + 1))
		echo "not ok $count - $2"
	fi
}

skip() { # WHY
	count=$((count + 1))
	echo "ok $count # skip $1"
}

show() { # FILE: as a comment
	sed 's/^/#   /' "$1"
}

is() { # GOT EXPECTED NAME
	if [ "$1" = "$2" ]; then
		report 1 "$3"
	else
		report 0 "$3"
		printf 'got:      %s\nexpected: %s\n' "$1" "$2" | sed 's/^/# /'
	fi
}

like() { # FILE REGEX NAME
	if grep -Eq -- "$2" "$1"; then
		report 1 "$3"
	else
		report 0 "$3"
		echo "# no line matches: $2"
		show "$1"
	fi
}

unlike() { # FILE REGEX NAME
	if grep -Eq -- "$2" "$1"; then
		report 0 "$3"
		show "$1"
	else
		report 1 "$3"
	fi
}

done_testing() {
	echo "1..$count"
	[ $failed -eq 0 ]
}

# --- the two ends

wait_for() { # FILE REGEX: at most 10 s
	local end=$((SECONDS + 10))
	until grep -Eq -- "$2" "$1" 2>/dev/null; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.01
	done
}

key=
served=0
serve() { # [OPTION...]: sets port, log
	log=$dir/log.$((++served))
	# shellcheck disable=SC2086
	"$responder" ${key:+--key $key} "$@" >"$log" 2>&1 &
	pids+=($!)
	wait_for "$log" '^port ' || { echo "Bail out! no responder"; exit 1; }
	port=$(awk '/^port/ { print $2 }' "$log")
}

# A test may look at other files for a while.
own_files() {
	out=$dir/out
	err=$dir/err
}
own_files

# The arguments; sets rc and fills $out and $err.
run() {
	own_files
	SEND_SYSRQ_PASSWORD=${password-test} timeout 30 "$client" "$@" \
		>"$out" 2>"$err" </dev/null
	rc=$?
}

exits() { # STATUS NAME
	is "$rc" "$1" "$2: exit $1"
	[ "$rc" = "$1" ] || { show "$out"; show "$err"; }
}

refuses() { # REGEX NAME ARG...: without password and terminal
	local regex=$1 name=$2
	shift 2
	(unset SEND_SYSRQ_PASSWORD
	 setsid -w "$client" "$@" >"$out" 2>"$err" </dev/null)
	is $? 2 "$name: exit 2"
	like "$err" "$regex" "$name: says so"
}

pressed() { # LOG: the keys, in order
	awk '/^press/ { printf "%s", $2 }' "$1"
}
