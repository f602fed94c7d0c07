#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Hosts come from arguments, ranges and --hosts, less those of -x. They keep their order,
# and each is asked once, whatever names and addresses it is given by.
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
asks 'two ranges in one name' '0.18 0.19 0.28 0.29' '127.0.0.[1-2][8-9]'
if has_ipv6; then
	status 'an IPv6 address in brackets' 0 '[::1]'
	like 'brackets around an IPv6 address are no range' "$out" \
		'^::1 \(\[::1\]:[0-9]+\) is alive$'
else
	skip 'brackets around an IPv6 address are no range' 'this machine has no ::1'
fi
status 'a range of names without addresses' 2 --json 'w[08-10,9]'
is 'numbers of a range are as wide as the first one' \
	"$(json "$out" '$o->{host}' | sort | xargs)" 'w08 w09 w10 w9'
asks 'a list' '0.5 0.6 0.1' '127.0.0.[5-6],127.0.0.1'
asks 'a step' '0.1 0.4 0.7' '127.0.0.[1-9/3]'
asks '-x leaves hosts out' '0.2 0.4' '127.0.0.[1-4]' -x '127.0.0.[1,9]' \
	-x ::FFFF:127.0.0.3
asks '-x leaves hosts of --hosts out' '0.1 0.6' --hosts "$dir/hosts" \
	--exclude='127.0.0.[4-5]'
printf '\xef\xbb\xbf127.0.0.1\r\n127.0.0.[3-4],127.0.0.2\r\n' > "$dir/windows"
asks 'a file with a byte-order mark and carriage returns' '0.1 0.3 0.4 0.2' \
	--hosts "$dir/windows"

# --- Several names of one host ---

same() { # NAME HOST…: the first is asked, the others are the same
	run "${at[@]}" -y "${@:2}" sisub
	exits "$1" 0
	is "$1: each letter is pressed once" "$(pressed "$log")" sisub
	is "$1: the others are named as the same host" \
		"$(sed -E 's/ +[0-9.]+ s  / /' "$out" | sort)" \
		"$({
			echo "$2 carried out, reboots"
			printf "%s the same host as $2\n" "${@:3}"
		} | sort)"
}
serve --any
same 'a name and its address' 127.0.0.1 localhost
serve --any
run "${at[@]}" --json 127.0.0.3 ::ffff:127.0.0.3 '[::FFFF:7f00:3]' h
is 'an IPv4 address as IPv6 is the same name' "$(json "$out" '$o->{host}')" 127.0.0.3
serve --any
run "${at[@]}" --json LocalHost localhost localhost. h
is 'a name with capital letters, or a dot at its end, is the same name' "$(json "$out" '$o->{host}')" localhost
serve --any
cat > "$dir/config" << END
Host WEB7 web7-old
	Address 127.0.0.7
Host *
	Port $port
END
at=(-F "$dir/config")
same 'two names with one address' web7 web7-old 127.0.0.7
echo test > "$dir/password"
key='' serve --any --password test
at=(-F "$dir/config" -p "$port" --password-file "$dir/password")
same 'two names with one address, with a password' web7 web7-old 127.0.0.7
serve --any
run -F "$dir/config" -p "$port" -y --json web7 web7-old h
is 'JSON names the same host' \
	"$(json "$out" '"$o->{host} $o->{exit} $o->{result}"' | sort)" \
	"web7 0 carried out
web7-old 0 the same host as web7"
run status -F "$dir/config" -p "$port" --json web7 web7-old 127.0.0.8
is 'status: the same host is shown by each name' \
	"$(json "$out" '"$o->{host} $o->{state} $o->{address}"' | sort)" \
	"127.0.0.8 alive 127.0.0.8:$port
web7 alive 127.0.0.7:$port
web7-old alive 127.0.0.7:$port"
is 'status: the same host is asked once' "$(grep -c '^hello' "$log")" 3
{
	printf 'Host web7-old\n\tPort 1\nHost *\n\tPort %s\n' "$port"
	cat "$dir/config"
} > "$dir/apart"
run status -F "$dir/apart" --json web7-old web7 127.0.0.7
is 'status: where a name of the host does not reach it, the next one is asked' \
	"$(json "$out" '"$o->{host} $o->{state}"' | sort)" \
	'127.0.0.7 alive
web7 alive
web7-old closed'

# --- Several hosts at one address ---

serve --any
know other
sed -i 's/^Host WEB7.*/Host other web7/' "$dir/config"
run -F "$dir/config" -p "$port" --no-one-way --timeout 1 -y 127.0.0.7 other web7 h
is 'another key is another host at the same address, and is asked' \
	"$(sed -E 's/ +[0-9.]+ s  / /' "$out" | grep -E '^[a-z0-9.]+ ' | sort)" \
	'127.0.0.7 carried out
other no answer
web7 the same host as 127.0.0.7'
done_testing
