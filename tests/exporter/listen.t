#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The exporter listens on the address that it is given, by default on 127.0.0.1, and on no
# other one.
#
#   a network namespace with loopback alone: 127.0.0.1, 192.0.2.7 and ::1
if [ "${1:-}" != inside ] && unshare -rn true 2> /dev/null; then
	exec unshare -rn "$0" inside
fi
# shellcheck source=tests/exporter/lib.sh
. "$(dirname "$0")/lib.sh"
if [ "${1:-}" != inside ]; then
	skip 'addresses' 'no namespace can be made'
	done_testing
fi
ip link set lo up
ip address add 192.0.2.7/24 dev lo || bail 'there is no second address'
serve --any

answers() { # NAME
	get '/probe?target=127.0.0.1'
	is "$1" "$rc $(sample probe_success)" '200 1'
}
refuses_at() { # NAME URL
	url=$2 get /
	like "$1" "$err" '^curl: \(7\) '
}

listen=()
expose -p "$port"
is 'by default the exporter listens on 127.0.0.1, port 19009' "$url" http://127.0.0.1:19009
answers '… and answers there'
refuses_at '… and another address refuses' http://192.0.2.7:19009
stop_exporter

listen=(--listen 192.0.2.7:0)
expose -p "$port"
answers 'the other address answers when the exporter is to listen there'
refuses_at '… and 127.0.0.1 refuses' "http://127.0.0.1:${url##*:}"
stop_exporter

if grep -q . /proc/net/if_inet6 2> /dev/null; then
	listen=(--listen '[::1]:0')
	expose -p "$port"
	has 'it listens on an IPv6 address' "$url" '^http://\[::1\]:[0-9]+$'
	answers '… and answers there'
	refuses_at '… and 127.0.0.1 refuses' "http://127.0.0.1:${url##*:}"
else
	skip 'an IPv6 address' 'this machine has no IPv6'
fi
done_testing
