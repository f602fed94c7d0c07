# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the tests of send_sysrq exporter share: the program, started as it is installed, and
# requests to it. Sourced. $installed is the client below a prefix of its own.

# shellcheck source=tests/client/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../client/lib.sh"
# shellcheck source=lab/need
. lab/need
why=$(need curl 2>&1) || bail "$why"
program=$build/send_sysrq-exporter
[ -x "$program" ] || bail "there is no $program: install libmicrohttpd-dev"
prefix=$dir/prefix
installed=$prefix/bin/send_sysrq
install -D "$client" "$installed"
install -D "$program" "$prefix/libexec/send_sysrq/exporter"

# Starts an exporter on a free port. Sets url, exporter (its process) and exporter_err.
# EXPORTER_UNDER: a command that starts it. listen: the options that say where it listens.
exporters=0
listen=(--listen 127.0.0.1:0)
expose() { # OPTION…
	local log=$dir/exporter.$((++exporters))
	exporter_err=$log.err
	# shellcheck disable=SC2086 # a list of words
	${EXPORTER_UNDER:-} "$installed" exporter "${listen[@]}" "$@" \
		> "$log" 2> "$exporter_err" < /dev/null &
	exporter=$!
	pids+=("$exporter")
	wait_for "$log" '^listens on http' || bail "the exporter does not start: $(< "$exporter_err")"
	url=${matched#listens on }
}

# Gets a page. Sets rc (the status of HTTP) and fills $out.
get() { # PATH [OPTION OF CURL…]
	rc=$(curl -gsS -m 60 -o "$out" -w '%{http_code}' "${@:2}" "$url$1" 2> "$err")
}

# The value of a sample in $out
sample() { # NAME AND LABELS
	awk -v name="$1" '$1 == name { print $2 }' "$out"
}

# Ends the exporter by a signal. Sets rc.
stop_exporter() { # [SIGNAL]
	kill -s "${1:-TERM}" "$exporter"
	wait "$exporter"
	rc=$?
}
