#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Hosts come from arguments, ranges and --hosts, keep their order, and are asked once.
# shellcheck source=tests/client/lib.sh
. "$(dirname "$0")/lib.sh"

serve --any
cat > "$dir/hosts" << END
# those of rack 2
127.0.0.[4-5]  # a range

  127.0.0.1
127.0.0.6
END

status() { # NAME STATUS ARGUMENT…
	run status "${at[@]}" --timeout 1 "${@:3}"
	exits "$1" "$2"
}
asks() { # NAME HOSTS ARGUMENT…: asks these hosts in this order, without 127.0.
	status "$1" 0 --prometheus "${@:3}"
	is "$1: the hosts keep their order" \
		"$(sed -n 's/^sysrq_up{host="127\.0\.\(.*\)"} 1$/\1/p' "$out" | xargs)" "$2"
}

asks 'arguments and --hosts' '0.9 0.4 0.5 0.1 0.6' \
	127.0.0.9 --hosts "$dir/hosts" 127.0.0.4
status 'a host that is named twice' 0 --json 127.0.0.9 --hosts "$dir/hosts" 127.0.0.4
is 'a host that is named twice is asked once' \
	"$(json "$out" '$o->{host}' | sort | xargs)" \
	'127.0.0.1 127.0.0.4 127.0.0.5 127.0.0.6 127.0.0.9'
"$client" status "${at[@]}" --hosts - --prometheus < "$dir/hosts" > "$out" 2> "$err"
is '--hosts - takes standard input' "$(grep -c '^sysrq_up.* 1$' "$out")" 4
asks 'two ranges in one name' '1.8 1.9 1.10 1.30 2.8 2.9 2.10 2.30' \
	'127.0.[1-2].[8-10,30]'
status 'an IPv6 address in brackets' 0 '[::1]'
like 'brackets around an IPv6 address are no range' "$out" \
	'^::1 \(\[::1\]:[0-9]+\) is alive$'
status 'a range of names without addresses' 2 --json 'w[08-10,9]'
is 'numbers of a range are as wide as the first one' \
	"$(json "$out" '$o->{host}' | sort | xargs)" 'w08 w09 w10 w9'
done_testing
