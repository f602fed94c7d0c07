# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the tests of fence_sysrq share: they ask hosts of tests/client/lib.sh, each known by
# the name host1, host2 and so on. Sourced.

# shellcheck source=tests/client/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../client/lib.sh"
agent=$build/fence_sysrq
[ -x "$agent" ] || bail "there is no $agent"
unset FENCE_SYSRQ_KEY

# Runs the agent with options. Sets rc, and fills $out and $err.
agent() { # OPTION…
	timeout 60 "$agent" "$@" > "$out" 2> "$err" < /dev/null
	rc=$?
}

# The same with lines on standard input
lines() { # NAME=VALUE…
	printf '%s\n' "$@" | timeout 60 "$agent" > "$out" 2> "$err"
	rc=${PIPESTATUS[1]}
}

# An action on the host that was started last
fence() { # ACTION [OPTION…]
	agent -o "$1" -n "host$served" -a 127.0.0.1 -u "$port" "${@:2}"
}

# The same in the background, for finish
start_fence() { # NAME ACTION [OPTION…]
	timeout 60 "$agent" -o "$2" -n "host$served" -a 127.0.0.1 -u "$port" "${@:3}" \
		> "$dir/$1.out" 2> "$dir/$1.err" < /dev/null &
	started[$1]=$!
}

finish() { # NAME
	end "$1"
}

# The agent has failed, without a word of success, and has said one sentence.
fails() { # NAME REGEX
	is "$1: exit 1" "$rc" 1
	is "$1: nothing is printed" "$(< "$out")" ''
	is "$1: one sentence" "$(wc -l < "$err")" 1
	like "$1: it says why" "$err" "^fence_sysrq: .*$2"
}

succeeds() { # NAME TEXT
	is "$1: exit 0" "$rc" 0
	is "$1: it says so" "$(< "$out")" "$2"
	is "$1: no complaint" "$(< "$err")" ''
}
