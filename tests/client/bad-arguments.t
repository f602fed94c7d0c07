#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A wrong argument or host costs one sentence on standard error and nothing on standard
# output, with the exit status that is meant for it, and nothing is sent, although key and
# host are good.
# shellcheck source=tests/client/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/client/bad.sh
. tests/client/bad.sh

log() { # REGEX ARGUMENT…
	bad 2 "$1" log "${at[@]}" "${@:2}"
}

# --- Letters and their options ---

bad 2 '0 arguments given, expected at least 2: .* see send_sysrq --help$'
press '1 argument given, expected at least 2' 127.0.0.1
press '0 arguments given, expected at least 1' --hosts "$config/key"
press "'s!b' given, expected letters or names with commas" 127.0.0.1 's!b'
press "'' given, expected 1 to 16 letters" 127.0.0.1 ''
press "'h{17}' given, expected 1 to 16 letters" 127.0.0.1 "$(printf 'h%.0s' {1..17})"
press "'(sync,){16}sync' given, expected 1 to 16 letters" 127.0.0.1 \
	"$(printf 'sync,%.0s' {1..16})sync"
press 'expected 1 to 16 letters' 127.0.0.1 reisu,reisu,reisu,safe-poweroff
press "'safe-rebot' given, expected safe-reboot" 127.0.0.1 safe-rebot
press "'s,,b' given, expected a word on each side of each comma" 127.0.0.1 s,,b
press "'s,' given, expected a word on each side" 127.0.0.1 s,
press "',s' given, expected a word on each side" 127.0.0.1 ,s
press "' u' given, expected no blanks: s,u" 127.0.0.1 's, u'
press "diagnose" 127.0.0.1 diagnose,s
press "diagnose" 127.0.0.1 s,diagnose
press "expected" 127.0.0.1 $'s\nu'
press "--port: '0' given, expected a number from 1 to 65535" -p 0 127.0.0.1 s
press "--port: '65536' given" -p 65536 127.0.0.1 s
press "--port: '' given" --port= 127.0.0.1 s
for option in --config --key-file --password-file --hosts; do
	press "$option: '' given, expected the name of a file$" "$option=" 127.0.0.1 s
done
press "--timeout: '0.09' given, expected seconds from 0.1 to 3600" --timeout 0.09 127.0.0.1 s
press "--timeout: '3601' given" --timeout 3601 127.0.0.1 s
press "--wait: 'x' given, expected seconds from 0 to 600" --wait x 127.0.0.1 s
press "--wait: 's=601' given" --wait e=5,s=601 127.0.0.1 s
press "--wait: '' given" --wait 5, 127.0.0.1 s
press "--until-back: '0' given, expected seconds from 1 to 86400" --until-back=0 127.0.0.1 b
press "--until-back: '86401' given" --until-back=86401 127.0.0.1 b
press "--until-back: 'su' given, expected sysrq commands that end in b \(reboot\) or c \(crash\)" \
	--until-back 127.0.0.1 su
press "'b,s' given, expected nothing behind b \(reboot\), which ends the host" 127.0.0.1 b,s
press "'safe-poweroff,s' given, expected nothing behind o \(poweroff\)" 127.0.0.1 safe-poweroff,s
press "'c,b' given, expected nothing behind c \(crash\)" 127.0.0.1 c,b
press '--dry-run and --json cannot be combined' --dry-run --json 127.0.0.1 s
press "--until-back: 'safe-poweroff' given" --until-back 127.0.0.1 safe-poweroff
press "--host-address: '1.2.3' given, expected an IPv4" --host-address 1.2.3 127.0.0.1 s
press "--host-address: '192.0.2.1' given, expected only one remote host" \
	--host-address 192.0.2.1 127.0.0.1 127.0.0.2 s
press '--one-way and --no-one-way cannot be combined' --one-way --no-one-way 127.0.0.1 s
press 'diagnose and --one-way cannot be combined' --one-way 127.0.0.1 diagnose
press '-4 and -6 cannot be combined' -46 127.0.0.1 s
press '--known-as and --password-file cannot be combined' --known-as w \
	--password-file "$config/key" 127.0.0.1 s
press '--key-file and --password cannot be combined' --key-file "$config/key" \
	--password 127.0.0.1 s
press "'--frobnicate' is not an option; see send_sysrq --help" --frobnicate 127.0.0.1 s
press "'-z' is not an option" -z 127.0.0.1 s
press "'--follow' is not an option; see send_sysrq --help" --follow 127.0.0.1 s
press "'--yes' takes no value" --yes=1 127.0.0.1 s
press '--realm: no value given' 127.0.0.1 s --realm
press "--realm: .* expected at most 255 bytes" \
	--realm "$(printf 'x%.0s' {1..256})" 127.0.0.1 s

# --- Subcommands and their options ---

bad 3 'no remote host given, expected .* see send_sysrq status --help$' status
status '--json and --nagios cannot be combined' --json --nagios 127.0.0.1
status '--json and --prometheus cannot be combined' --json --prometheus 127.0.0.1
status "--need: '' given, expected 1 to 16 letters" --need '' 127.0.0.1
status "--need: 'U' given, expected small letters: s,u" --need s,U 127.0.0.1
status "--need: 's!' given, expected letters" --need 's!' 127.0.0.1
status "--need" --need diagnose 127.0.0.1
status "--port: '9x' given" -p 9x 127.0.0.1
status "'--until-back' is not an option; see send_sysrq status --help" \
	--until-back 127.0.0.1
status "'-q' is not an option" -q 127.0.0.1

bad 2 '0 arguments given, expected 1: .* see send_sysrq log --help$' log
log '2 arguments given, expected 1' 127.0.0.1 127.0.0.2
log "'127.0.0.\[1-2\]' given, expected only one host" '127.0.0.[1-2]'
log "--lines: '-1' given, expected a number from 0" -n -1 127.0.0.1
log "--lines: '' given" --lines= 127.0.0.1
log "--level: '8' given, expected emerg, alert" --level 8 127.0.0.1
log "--level: 'error' given" --level error 127.0.0.1
log "--since-boot-seconds: '1:30' given, expected seconds from 0" \
	--since-boot-seconds 1:30 127.0.0.1
log "'--hosts' is not an option; see send_sysrq log --help" \
	--hosts "$config/key" 127.0.0.1
log "'--json' is not an option" --json 127.0.0.1

bad 2 "'-x' is not an option; see send_sysrq genkey --help" genkey -x
bad 2 "genkey: 'web7' given, expected no argument" genkey -- web7
bad 2 "genkey: 'h' given, expected no argument" genkey h
bad 2 "'-z' is not an option; see send_sysrq pubkey --help" pubkey -z
bad 2 "pubkey: 'web7' given, expected no argument" pubkey -- web7
bad 2 'known: the names and the key are missing: .* see send_sysrq known --help$' known
bad 2 'known: the key is missing: ' known web7
bad 2 "known: 'x' given, expected two arguments" known web7 "$key" x
bad 13 'run send_sysrq setup on the host .*there is no .*/libexec/ipt-sysrq/setup\)$' setup --yes

# --- Hosts ---

host() { # REGEX HOST: a good host comes before it
	press "host: $1" 127.0.0.1 "$2" s
	status "host: $1" 127.0.0.1 "$2"
	press "-x: $1" -x "$2" 127.0.0.1 s
}
host "'' given, expected a name or an address" ''
host "'a b' given, expected a name without blanks" 'a b'
host "'a.b' given, expected a name without blanks or control" $'a\nb'
host "'w\[1-3' given, expected a \] after each \[" 'w[1-3'
host "'w1\]' given, expected a \[ before" 'w1]'
host "'w\[3-1\]' given, expected ranges from a lower" 'w[3-1]'
host "'w\[a-c\]' given, expected numbers and ranges" 'w[a-c]'
host "'w\[\]' given, expected numbers" 'w[]'
host "'w\[1-3/0\]' given, expected a step of at least 1" 'w[1-3/0]'
host "'w\[8-010\]' given, expected numbers of the same length" 'w[8-010]'
host "'w\[1-4000000000000\]' given, expected at most [0-9]+ hosts: there is no memory" \
	'w[1-4000000000000]'
host "'w\[0-2000000\]x\[0-2000000\]' given, expected at most [0-9]+ hosts: there is no" \
	'w[0-2000000]x[0-2000000]'
host "'db1,,db2' given, expected a name or an address" db1,,db2
host "'web7:9999' given, expected a name without a port: .* --port" web7:9999
host "'\[::1\]:9' given, expected a name without a port: .* --port" '[::1]:9'
host "'root@web7' given, expected a name without a user: .* \(--key-file\)" root@web7
host "'10.0.0.0/24' given, expected hosts and not a network, such as 10.0.0.\[1-20\]" 10.0.0.0/24
host "'2001:db8::/64' given, expected hosts and not a network" 2001:db8::/64
host "'10.0.0.1-20' given, expected a range in brackets, such as 10.0.0.\[1-20\]" 10.0.0.1-20
host "'web\[1-9\]!web5' given, expected a list with commas; -x leaves" 'web[1-9]!web5'
host "'web\*' given, expected names of letters, digits" 'web*'
host "'.+-dry-run' given, expected names of letters, digits" –-dry-run
host "'k.+ln' given, expected names of letters, digits" köln
host "'\[2001:db8:::1\]' given, expected an IPv6 address in the brackets" '[2001:db8:::1]'
host "'2001:db8::1%eth0' given, expected an interface after % only" 2001:db8::1%eth0
host "'x+\.\.\.' given, expected a name of at most 253 bytes" "$(printf 'x%.0s' {1..254})"
press "host: '-x' given, expected a name that does not begin with -" -- -x s
echo köln > "$dir/cities"
press "$dir/cities:1: 'k.+ln' given, expected names of letters" --hosts "$dir/cities" s
press "host: '127.0.0.010' given, expected four numbers .* without leading zeros" \
	'127.0.0.[008-010]' s
know web1
press "--known-as: 'web1' given, expected only one remote host with this option" \
	--known-as web1 '127.0.0.[1-2]' b
status "--known-as: 'web1' given, expected only one remote host" --known-as web1 \
	127.0.0.1 127.0.0.2
for absent in web01 127.0.0.1,web01 web01,WEB1 '127.0.0.[1-2],web0[1-9]'; do
	press "-x: 'web0(1|\[1-9\])' given, expected a host that would be asked; nothing" \
		-x 127.0.0.2 -x "$absent" '127.0.0.[1-3],web1' b
done
press "-x: 'web1,' given, expected a name or an address" -x web1, web1 127.0.0.1 s
press "'-9' is not an option" -x web1 -9 web1 127.0.0.1 s

# --- Hosts that were meant for something else ---

for slip in STATUS Log sudo and; do
	press "'${slip,,}' is not known: run send_sysrq known ${slip,,} KEY, .* nothing was" \
		press "$slip" 127.0.0.1 b
	press "nothing was sent$|begin with send_sysrq" 127.0.0.1,127.0.0.2 "$slip" b
done
press "'STATUS' given, expected a host: for the subcommand begin with send_sysrq status" \
	STATUS 127.0.0.1 b
press "'Log' given, expected a host: for the subcommand begin with send_sysrq log" \
	Log 127.0.0.1 b
press "'Sub' given, expected a host: letters are one word" 127.0.0.1,127.0.0.2 Sub b
press "'web9' is not known" -y web9 '127.0.0.[1-9],web[8-9]' b
press "'::2' is not known" '[::2]' 127.0.0.1 b
press '-x leaves no host; nothing was sent' -x '127.0.0.[1-9]' 127.0.0.1,127.0.0.2 s
status '-x leaves no host' -x 127.0.0.1 127.0.0.1
log "'-x' is not an option" -x 127.0.0.2 127.0.0.1

nothing_was_sent
done_testing
