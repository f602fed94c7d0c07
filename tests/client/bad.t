#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Wrong invocations and files: one sentence each on stderr, nothing on stdout,
# the exit status that is meant for it, and nothing sent.
# shellcheck source=tests/client/lib.sh
. "$(dirname "$0")/lib.sh"

umask 077
own=$dir/key
"$client" genkey >"$own"
key=$(cat "$own")
serve --any
at=(-p "$port" --key-file "$own")

# Where it was accepted all the same, a host would hear of it: this names one,
# unless it is wrong itself.
bad() { # STATUS REGEX ARG...
	local status=$1 regex=$2 got name
	shift 2
	name=" $*"
	name=${name/" ${at[*]}"}
	name=$(printf '%.60s | %.40s' "${name//$dir\//}" "$regex" |
		tr -c '[:print:]' '?')
	(unset SEND_SYSRQ_PASSWORD
	 [ "${password-none}" = none ] || export SEND_SYSRQ_PASSWORD=$password
	 setsid -w timeout 10 "$client" "$@" <"${stdin:-/dev/null}" \
		>"$out" 2>"$err")
	got="exit $?, $(wc -l <"$err") line, $(wc -c <"$out") bytes on stdout"
	if [ "$got" = "exit $status, 1 line, 0 bytes on stdout" ] &&
	   grep -Eq -- "^send_sysrq: .*$regex" "$err"; then
		report 1 "${name# }"
	else
		report 0 "${name# }"
		echo "# $got; expected exit $status and: $regex"
		show "$out"
		show "$err"
	fi
}

# --- the command line

press() { # REGEX ARG...: on a host
	local regex=$1
	shift
	bad 2 "$regex" "${at[@]}" "$@"
}

bad 2 '0 arguments given, expected 2: .* see send_sysrq --help$'
press '1 arguments given, expected 2' 127.0.0.1
press '0 arguments given, expected 1' --hosts "$own"
press "'s!b' given, expected keys out of 0-9" 127.0.0.1 's!b'
press "'' given, expected 1 to 16 keys" 127.0.0.1 ''
press "'0{17}' given, expected 1 to 16 keys" 127.0.0.1 "$(printf '0%.0s' {1..17})"
press "'(sync,){16}sync' given, expected 1 to 16 keys" 127.0.0.1 \
	"$(printf 'sync,%.0s' {1..16})sync"
press 'expected 1 to 16 keys' 127.0.0.1 \
	safe-reboot,safe-reboot,safe-reboot,safe-poweroff
press "'safe-rebot' given, expected keys out of" 127.0.0.1 safe-rebot
press "'s,,b' given, expected keys" 127.0.0.1 s,,b
press "'s,' given, expected keys" 127.0.0.1 s,
press "',s' given, expected keys" 127.0.0.1 ,s
press "'s, u' given, expected keys" 127.0.0.1 's, u'
press "diagnose" 127.0.0.1 diagnose,s
press "diagnose" 127.0.0.1 s,diagnose
press "expected" 127.0.0.1 $'s\nu'
press "--port: '0' given, expected a number from 1 to 65535" -p 0 127.0.0.1 s
press "--port: '65536' given" -p 65536 127.0.0.1 s
press "--port: '' given" --port= 127.0.0.1 s
press "--timeout: '0.09' given, expected seconds from 0.1 to 3600" \
	--timeout 0.09 127.0.0.1 s
press "--timeout: '3601' given" --timeout 3601 127.0.0.1 s
press "--wait: 'x' given, expected seconds from 0 to 600" --wait x 127.0.0.1 s
press "--wait: 's=601' given" --wait e=5,s=601 127.0.0.1 s
press "--wait: '' given" --wait 5, 127.0.0.1 s
press "--until-back: '0' given, expected seconds from 1 to 86400" \
	--until-back=0 127.0.0.1 b
press "--until-back: '86401' given" --until-back=86401 127.0.0.1 b
press "--until-back: 'bs' given, expected sysrq commands that end in b" \
	--until-back 127.0.0.1 bs
press "--until-back: 'safe-poweroff' given" --until-back 127.0.0.1 safe-poweroff
press "--host-address: '1.2.3' given, expected an IPv4" \
	--host-address 1.2.3 127.0.0.1 s
press "--host-address: '192.0.2.1' given, expected one host" \
	--host-address 192.0.2.1 127.0.0.1 127.0.0.2 s
press '--one-way and --no-one-way exclude' --one-way --no-one-way 127.0.0.1 s
press 'diagnose and --one-way exclude' --one-way 127.0.0.1 diagnose
press '-4 and -6 exclude' -46 127.0.0.1 s
press '--key-file and --password-file exclude' \
	--password-file "$own" 127.0.0.1 s
press "'--frobnicate' given, expected an option of send_sysrq --help" \
	--frobnicate 127.0.0.1 s
press "'-x' given, expected an option" -x 127.0.0.1 s
press "'--follow' given, expected an option of send_sysrq --help" \
	--follow 127.0.0.1 s
press "'--yes=1' given, expected an option" --yes=1 127.0.0.1 s
press '--realm: nothing given, expected a value' 127.0.0.1 s --realm
press "--realm: .* expected at most 255 bytes" \
	--realm "$(printf 'x%.0s' {1..256})" 127.0.0.1 s

status() { # REGEX ARG...: of a host
	local regex=$1
	shift
	bad 3 "$regex" status "${at[@]}" "$@"
}

bad 3 'no host given, expected .* see send_sysrq status --help$' status
status '--json and --prometheus exclude' --json --prometheus 127.0.0.1
status "--need: '' given, expected 1 to 16 keys" --need '' 127.0.0.1
status "--need: 's!' given, expected keys" --need 's!' 127.0.0.1
status "--need" --need diagnose 127.0.0.1
status "--port: '9x' given" -p 9x 127.0.0.1
status "'--until-back' given, expected an option of send_sysrq status --help" \
	--until-back 127.0.0.1
status "'-q' given, expected an option" -q 127.0.0.1

log() { # REGEX ARG...: of a host
	local regex=$1
	shift
	bad 2 "$regex" log "${at[@]}" "$@"
}

bad 2 '0 arguments given, expected 1: .* see send_sysrq log --help$' log
log '2 arguments given, expected 1' 127.0.0.1 127.0.0.2
log "'127.0.0.\[1-2\]' given, expected one host" '127.0.0.[1-2]'
log "--lines: '-1' given, expected a number from 0" -n -1 127.0.0.1
log "--lines: '' given" --lines= 127.0.0.1
log "--level: '8' given, expected emerg, alert" --level 8 127.0.0.1
log "--level: 'error' given" --level error 127.0.0.1
log "--since-boot-seconds: '1:30' given, expected seconds from 0" \
	--since-boot-seconds 1:30 127.0.0.1
log "'--hosts' given, expected an option of send_sysrq log --help" \
	--hosts "$own" 127.0.0.1
log "'--json' given, expected an option" --json 127.0.0.1

bad 2 "'-x' given, expected an option of send_sysrq genkey --help" genkey -x
bad 2 "genkey: 'web7' given, expected no argument" genkey -- web7
bad 2 '--realm: nothing given, expected the host' derive --key-file "$own"
bad 2 '--key-file: nothing given, expected the file' derive --realm web7
bad 2 "derive: 'web7' given, expected no argument" \
	derive --key-file "$own" --realm web7 web7
bad 13 'setup is of the host .* there is no .*/libexec/ipt-sysrq/setup$' setup --yes

# --- hosts

hosts() { # REGEX HOST: a good one comes before it
	press "$1" 127.0.0.1 "$2" s
	status "$1" 127.0.0.1 "$2"
}

hosts "host: '' given, expected a name or an address" ''
hosts "host: 'a b' given, expected a name without blanks" 'a b'
hosts "host: 'a.b' given, expected a name without blanks and control" $'a\nb'
hosts "host: 'w\[1-3' given, expected a \] after its \[" 'w[1-3'
hosts "host: 'w1\]' given, expected a \[ before" 'w1]'
hosts "host: 'w\[3-1\]' given, expected ranges from a lower" 'w[3-1]'
hosts "host: 'w\[a-c\]' given, expected numbers and ranges" 'w[a-c]'
hosts "host: 'w\[\]' given, expected numbers" 'w[]'
hosts "host: 'w\[1-65537\]' given, expected at most 65536 hosts" 'w[1-65537]'
hosts "host: 'w\[0-255\]x\[0-256\]' given, expected at most 65536 hosts" \
	'w[0-255]x[0-256]'
hosts "expected a name of at most 253 bytes" "$(printf 'x%.0s' {1..254})"
press "host: '-x' given, expected a name that does not begin with -" -- -x s

list() { # REGEX LINES: after a good one
	printf '127.0.0.1\n%b' "$2" >"$dir/list"
	press "$1" --hosts "$dir/list" s
	status "$1" --hosts "$dir/list"
	stdin=$dir/list press "${1/list:/standard input:}" --hosts - s
}

list "list:2: 'w\[2-1\]' given, expected ranges" 'w[2-1]\n127.0.0.2\n'
list "list:4: 'a b' given, expected a name without" '\n# a b\na b # c\n'
list "list:2: 'a.b' given, expected a name without" 'a\0b\n'
list "list:2: '-x' given, expected a name that does not begin with -" '-x\n'
list "list:2: 'x+\.\.\.' given, expected a name of at most 253" \
	"$(printf 'x%.0s' {1..9999})"
: >"$dir/list"
press "--hosts: '.*/list' given, expected a file with a host" \
	--hosts "$dir/list" s
press 'cannot read --hosts .*/none: No such file' \
	--hosts "$dir/none" 127.0.0.1 s
press "cannot read --hosts $dir: Is a directory" --hosts "$dir" 127.0.0.1 s
status 'cannot read --hosts .*/none: No such file' --hosts "$dir/none"
press "--hosts: '/dev/null' given, expected one such option" \
	--hosts "$own" --hosts /dev/null 127.0.0.1 s
stdin=$own bad 2 "--hosts: '-' given, expected a file, where standard input" \
	-p "$port" --key-file - --hosts - s

# --- secrets

secret() { # REGEX ARG...: in all that take one
	local regex=$1
	shift
	bad 2 "$regex" -p "$port" "$@" 127.0.0.1 s
	bad 3 "$regex" status -p "$port" "$@" 127.0.0.1
	bad 2 "$regex" log -p "$port" "$@" 127.0.0.1
}

secret 'no terminal to ask for the password .*: give --key-file, --password'
password='' secret 'SEND_SYSRQ_PASSWORD: password of 0 bytes given'
secret 'cannot read --key-file .*/none: No such file' --key-file "$dir/none"
secret 'cannot read --password-file .*/none: No such file' \
	--password-file "$dir/none"
secret "--key-file: '$dir' given, which is not a regular" --key-file "$dir"
secret "--key-file: '/dev/null' given, which is not" --key-file /dev/null
secret "--key-file: 'standard input' given, which is not" --key-file -
cp "$own" "$dir/open"
chmod 640 "$dir/open"
secret "'.*/open' has mode 0640, .* chmod 600" --key-file "$dir/open"
secret "'.*/open' has mode 0640, .* chmod 600" --password-file "$dir/open"
echo 'my password' >"$dir/word"
secret "first line of '.*/word' is no key, expected 44" --key-file "$dir/word"
printf '%s\r\n' "$key" >"$dir/cr"
secret "first line of '.*/cr' ends in a carriage return" --key-file "$dir/cr"
: >"$dir/empty"
secret 'password of 0 bytes given, expected 1 to 255' \
	--password-file "$dir/empty"
printf 'x%.0s' {1..256} >"$dir/long"
secret 'password of more than 255 bytes given' --password-file "$dir/long"

# --- configuration files

file=$dir/config
config() { # REGEX TEXT: of a file with a good section before the bad one
	printf 'host 127.0.0.1 { port = %s\n key-file = "key" }\n%b' "$port" \
		"$2" >"$file"
	bad 2 "$1" -F "$file" 127.0.0.1 s
	bad 3 "$1" status -F "$file" 127.0.0.1
	bad 2 "$1" log -F "$file" 127.0.0.1
}

config "/config:3: .*'prt'.* expected sections such as" 'host w { prt = 9 }'
config "/config:3: .* expected sections such as" 'hosts w { port = 9 }'
config "/config:3: .* expected sections such as" 'host { port = 9 }'
config "/config:3: .* expected sections such as" 'port = 9'
config "/config:3: port: '0' given, expected a number from 1" \
	'host w { port = 0 }'
config "/config:4: port: '9x' given, expected a number from 1" \
	'host w {\n port = 9x }'
config "/config:5: port: '7' given, expected no second one" \
	'host w {\n port = 9\n port = 7\n}'
config "/config:3: realm: '%n' given, expected no % but %h" \
	'host w { realm = "%n" }'
config "/config:3: key-file: '' given, expected what is not empty" \
	'host w { key-file = "" }'
config "/config:3: '\{' given, expected a \} after it" 'host w { port = 9\n'
config "/config:3: ''w \{.*' given, expected its quote closed" \
	"host 'w { port = 9 }\n"
config "/config:3: '!w' given, expected patterns of hosts, not all" \
	'host !w { port = 9 }'
config "/config:3: '' given, expected a name" 'host "" { port = 9 }'
config "/config:4: '.x07' given, expected no control characters" \
	'host w {\n port = "\a" }'
config "/config:3: realm: .* given, expected at most 255 bytes" \
	"host w { realm = $(printf 'x%.0s' {1..256}) }"

echo 'host * { key-file = none }' >"$file"
secret 'cannot read --key-file .*/none: No such file' -F "$file"
bad 2 "configuration .*/none: No such file" -F "$dir/none" 127.0.0.1 s
bad 3 "configuration .*/none: No such file" status -F "$dir/none" 127.0.0.1
bad 2 "configuration: '$dir' given, expected a regular file" \
	-F "$dir" 127.0.0.1 s
for mode in 620 602; do
	echo "host * { port = $port }" >"$file"
	chmod $mode "$file"
	bad 2 "'.*/config' has mode 0$mode, .* chmod go-w" \
		-F "$file" 127.0.0.1 s
	bad 3 "'.*/config' has mode 0$mode, .* chmod go-w" \
		status -F "$file" 127.0.0.1
done

# --- none of it was sent

unlike "$log" '^(hello|copy|log|odd|press)' 'nothing was sent'
run "${at[@]}" 127.0.0.1 h
exits 0 'a good invocation'
like "$log" '^hello' 'that was heard'

done_testing
