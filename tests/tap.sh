# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# TAP for prove, which every shell test sources. The name of a check is always
# the first argument. A check that fails returns 1. The shell expands the name first: do
# not run a command in it if a later argument has $?.
#
# A test, or the lib.sh that it shares with others, may set and define, after it
# has sourced this file:
#
#   tap_output   the file that takes what the command of `ok` prints
#   tap_failed   runs after each check that failed, and prints more about it
#   tap_bail     runs before the test ends by bail, and prints more about the cause
#   tap_end      runs when all checks are done, and may make some more

# The order of sorted lines and the words of messages depend on it.
export LC_ALL=C.UTF-8

tests=0
failures=0

# Standard input, as comments
note() {
	sed 's/^/# /'
}

# The end of a file, as comments
show() { # FILE
	tail -n 100 -- "$1" | note
}

pass() { # NAME
	tests=$((tests + 1))
	echo "ok $tests - $1"
}

fail() { # NAME [TEXT…]: each text says why, and is shown
	tests=$((tests + 1))
	failures=$((failures + 1))
	echo "not ok $tests - $1"
	shift
	[ $# -eq 0 ] || printf '%s\n' "$@" | note
	tap_failed
	return 1
}

skip() { # NAME WHY
	tests=$((tests + 1))
	echo "ok $tests - $1 # SKIP $2"
}

# The command succeeds. It runs in this shell; a failure shows what it printed.
ok() { # NAME COMMAND…
	local tap_name=$1
	shift
	if "$@" > "$tap_output" 2>&1; then
		pass "$tap_name"
	else
		fail "$tap_name" "failed: $*" "$(tail -n 100 "$tap_output")"
	fi
}

# Both texts are the same.
is() { # NAME GOT EXPECTED
	if [ "$2" = "$3" ]; then
		pass "$1"
	else
		fail "$1" "got: $2" "expected: $3"
	fi
}

# A line of the text matches the extended regular expression.
has() { # NAME TEXT REGEX
	if grep -Eq -- "$3" <<< "$2"; then
		pass "$1"
	else
		fail "$1" "no line matches: $3" "$2"
	fi
}

# A line of the file matches the extended regular expression.
like() { # NAME FILE REGEX
	if grep -Eq -- "$3" "$2"; then
		pass "$1"
	else
		fail "$1" "no line of $2 matches: $3" "$(tail -n 100 "$2")"
	fi
}

# The file is there, and none of its lines matches the extended regular expression.
unlike() { # NAME FILE REGEX
	grep -Eq -- "$3" "$2"
	if [ $? -eq 1 ]; then
		pass "$1"
	else
		fail "$1" "a line of $2 matches: $3" "$(tail -n 100 "$2")"
	fi
}

done_testing() {
	tap_end
	echo "1..$tests"
	[ "$failures" -eq 0 ]
	exit
}

# The test cannot go on. Without a plan it has failed, and prove runs the other tests.
bail() { # WHY…
	fail "$*"
	tap_bail
	exit 1
}

tap_failed() { :; }
tap_bail() { :; }
tap_end() { :; }

# By default a file that has no name any more, so that nobody has to remove it
tap_file=$(mktemp)
exec {tap_fd}<> "$tap_file"
rm "$tap_file"
tap_output=/proc/self/fd/$tap_fd
