#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What send_sysrq does beside pressing keys on one host -- it shows who is alive,
# prints logs, takes names, recipes, lists of hosts and configurations, waits for
# a return -- against tests/unit/responder.c. Run by prove; $BUILD has both.
# shellcheck source=tests/client/lib.sh
. "$(dirname "$0")/lib.sh"

umask 077
export SHELL=/bin/bash TZ=TEST-5:30 # of script; of the names of files
unknown=$(printf 'x%.0s' {1..64})   # longer than a name can be
"$client" genkey >"$dir/key"
key=$(cat "$dir/key")

host() { # [OPTION...]: as serve; sets at, too
	serve "$@"
	at=(--key-file "$dir/key" -p "$port")
}

# In the background, with files of its own: NAME.out and NAME.err
declare -A started
start() { # NAME ARG...
	local name=$1
	shift
	: >"$dir/$name.out" # what was there before is waited for by nobody
	env --default-signal=INT timeout 80 "$client" "$@" \
		>"$dir/$name.out" 2>"$dir/$name.err" </dev/null &
	started[$name]=$!
}

end() { # NAME: sets rc, out and err
	wait "${started[$1]}"
	rc=$?
	out=$dir/$1.out
	err=$dir/$1.err
}

interrupt() { # NAME FILE REGEX: once the file has that
	wait_for "$2" "$3" || echo "# no line of $2 matches: $3"
	kill -s INT "${started[$1]}"
	end "$1"
}

# What a terminal shows of a command, after which it is at the end of its input
on_terminal() { # COLUMNS VARIABLE=VALUE... ARG...; sets rc and fills $out
	local columns=$1 command
	shift
	own_files
	command=$(printf ' %q' "$@")
	script -qec "stty cols $columns; exec env$command" /dev/null \
		</dev/null 2>&1 | tr -d '\r' >"$out"
	rc=${PIPESTATUS[0]}
}

# What a line of JSON has, by a Perl expression of the object $o
json() { # FILE EXPRESSION
	perl -MJSON::PP -e '
		my ($file, $expression) = @ARGV;
		my $json = JSON::PP->new->canonical;
		sub text { $json->encode(shift) }
		my $of = eval "sub { my \$o = shift; $expression }" or die $@;
		open my $lines, "<", $file or die;
		print $of->($json->decode($_)), "\n" while <$lines>' "$1" "$2"
}

timeless() { # FILE: without the times in it
	sed -E 's/^((127[^ ]*: )?)\[[ 0-9]+\.[0-9]{6}\]/\1[T]/
		s/ +[0-9]+\.[0-9] s($|  )/ T\1/' "$1"
}

# --- begun now, judged at the end: what takes its time

host --immortal
start immortal "${at[@]}" --until-back 127.0.0.1 b
host --immortal
start alive "${at[@]}" --until-back=2 127.0.0.1 b
host --back 1500 --complete 0
start back "${at[@]}" --until-back=30 127.0.0.1 safe-reboot --wait 0.02
host --back 300
start quick "${at[@]}" --until-back=30 127.0.0.1 b
host --any --back 1500 --host 127.0.0.2 --back -1
start many-back "${at[@]}" --until-back=4 --json 127.0.0.1 127.0.0.2 sb
host
start down "${at[@]}" --until-back=2 127.0.0.1 b
host
start wb "${at[@]}" 127.0.0.1 wb
host
start wlm "${at[@]}" 127.0.0.1 wlm

perl -e 'for my $i (0 .. 1999) {
	my $head = sprintf "<%d>[%5d.%06d] ", $i * 7 % 8 + ($i % 5 ? 0 : 24),
		$i / 100, $i % 100 * 10000;
	print $head, "record $i", " word" x ($i * 31 % 40), "\n";
	print "+${head}more of $i: \x1b[31m\xff\t.\n" x 2 if $i % 10 == 3;
}' >"$dir/source"
plain() { # as dmesg has the lines of a source
	sed -E 's/^\+?<[0-9]+>//' "$@"
}
plain "$dir/source" >"$dir/plain"
host --log-file "$dir/source" --drop-in 20 --drop-out 20 --delay 20
start lossy log "${at[@]}" --timeout 30 127.0.0.1

own_files
for what in status log; do
	"$client" $what --help >"$out" 2>"$err"
	rc=$?
	exits 0 "$what --help"
	like "$out" "^Usage: send_sysrq $what \[" "$what --help: its own"
	is "$(awk 'length > 80' "$out")" '' "$what --help keeps within 80 columns"
	is "$(cat "$err")" '' "$what --help: nothing on stderr"
done

# --- status

host --any --host 127.0.0.2 --mask 16 --no-log --clock-offset -7200 \
	--host 127.0.0.3 --mute --host 127.0.0.4 --operator=
status() { # STATUS NAME ARG...
	local status=$1 name=$2
	shift 2
	run status "${at[@]}" --timeout 1 "$@"
	exits "$status" "status: $name"
}

status 0 'alive' 127.0.0.1
is "$(sed 's/^  clock .*/  clock/' "$out")" "\
127.0.0.1 (127.0.0.1:$port) is alive
  node     web7
  kernel   Linux 6.1.0-56-cloud-amd64 on 4 CPUs
  up       11 days 13 h
  load     312.00 200.00 100.00
  memory   58 MB of 16 GB free
  clock
  keys     0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ
  log      may be read" 'status: a block'
is "$(cat "$err")" '' 'status: no summary of one host'
status 0 'keys needed are permitted' --need sub 127.0.0.1
status 1 'a key needed is not' --need sync,ub 127.0.0.2
like "$out" '^127.0.0.2 \(127.0.0.2:[0-9]+\) is not armed$' 'need: not armed'
like "$out" '^  clock    (2 h 0|1 h 59) min behind this machine' 'clock behind'
like "$out" '^  keys     hs$' 'need: what is permitted'
like "$out" '^  missing  bu$' 'need: what is missing'
like "$out" '^  log      may not be read$' 'log not to be read'
status 0 'some key is permitted' 127.0.0.2
status 1 'no key is' 127.0.0.4
like "$out" '^  keys     none$' 'none is said'
status 2 'silent' 127.0.0.3
is "$(cat "$out")" '127.0.0.3 is silent: no answer within 1.0 s' 'silent: said'
status 2 'port closed' 127.0.0.1 -p 1
is "$(cat "$out")" \
	'127.0.0.1 is closed: port closed, or wrong password, key or realm' \
	'closed: said'
status 2 'unreachable' 255.255.255.255
like "$out" '^255.255.255.255 is unreachable: .' 'unreachable: said'
status 2 'unknown name' "$unknown"
like "$out" "^$unknown is unknown: ." 'unknown: said'
is "$(cat "$err")" '' 'unknown: nothing on stderr'

status 0 'all alive' 127.0.0.1 127.0.0.2
is "$(cat "$err")" '2 hosts: 2 alive' 'all alive: summary'
status 1 'some not armed' 127.0.0.1 127.0.0.4 127.0.0.2
is "$(cat "$err")" '3 hosts: 3 alive (1 not armed)' 'not armed: summary'

cat >"$dir/config" <<END
host closed { address = 127.0.0.1  port = 1 }
host * { port = $port }
END
all=("$unknown" closed 127.0.0.4 127.0.0.3 127.0.0.2 255.255.255.255 127.0.0.1)
at=(--key-file "$dir/key" -F "$dir/config")
status 2 'all of them' "${all[@]}" --need sub
is "$(sort "$out" | sed -E "s/ {50,}/ /; s/(unknown|unreachable) .*/\1 E/
	s/ +/ /g; s/ [+-][0-9hm ]+ | 0.0s / C /")" "\
127.0.0.1 alive 6.1.0-56-cloud-amd64 11d 13h 312.0 58 MB C seiubowtmlc
127.0.0.2 not armed 6.1.0-56-cloud-amd64 11d 13h 312.0 58 MB C no bu
127.0.0.3 silent no answer within 1.0 s
127.0.0.4 not armed 6.1.0-56-cloud-amd64 11d 13h 312.0 58 MB C no bsu
255.255.255.255 unreachable E
HOST STATE KERNEL UP LOAD FREE CLOCK KEYS
closed closed port closed, or wrong password, key or realm
$unknown unknown E" 'a table'
is "$(head -1 "$out" | cut -c 66-)" \
	'STATE     KERNEL                    UP  LOAD    FREE    CLOCK KEYS' \
	'its first line'
is "$(tail -1 "$out")" \
	"$(printf '%-64s silent    no answer within 1.0 s' 127.0.0.3)" \
	'as answers come: the silent one is last'
is "$(cat "$err")" '7 hosts: 3 alive (2 not armed), 1 silent, 1 closed,'\
' 1 unreachable, 1 unknown' 'a summary on stderr'

status 2 '--json' "${all[@]}" --need sub --json
is "$(json "$out" 'delete $o->{error} if $o->{state} =~ /^un/;
	delete @$o{"uptime_seconds", "clock_ahead_seconds"}; text($o)' |
	sort)" "\
{\"address\":\"127.0.0.1:$port\",\"armed\":true,\"cpus\":4,\"host\":\"127.0.0.1\",\
\"keys\":\"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ\",\
\"load\":[312,200,100],\"may_read_log\":true,\"memory_bytes\":17179869184,\
\"memory_free_bytes\":60817408,\"node\":\"web7\",\
\"release\":\"6.1.0-56-cloud-amd64\",\"state\":\"alive\",\"sysrq_mask\":1,\
\"tolerance_seconds\":60}
{\"address\":\"127.0.0.2:$port\",\"armed\":false,\"cpus\":4,\"host\":\"127.0.0.2\",\
\"keys\":\"hs\",\
\"load\":[312,200,100],\"may_read_log\":false,\"memory_bytes\":17179869184,\
\"memory_free_bytes\":60817408,\"node\":\"n127-0-0-2\",\
\"release\":\"6.1.0-56-cloud-amd64\",\"state\":\"alive\",\"sysrq_mask\":16,\
\"tolerance_seconds\":60}
{\"address\":\"127.0.0.4:$port\",\"armed\":false,\"cpus\":4,\"host\":\"127.0.0.4\",\
\"keys\":\"\",\
\"load\":[312,200,100],\"may_read_log\":true,\"memory_bytes\":17179869184,\
\"memory_free_bytes\":60817408,\"node\":\"n127-0-0-4\",\
\"release\":\"6.1.0-56-cloud-amd64\",\"state\":\"alive\",\"sysrq_mask\":1,\
\"tolerance_seconds\":60}
{\"armed\":false,\"error\":\"no answer within 1.0 s\",\"host\":\"127.0.0.3\",\
\"state\":\"silent\"}
{\"armed\":false,\"error\":\"port closed, or wrong password, key or realm\",\
\"host\":\"closed\",\"state\":\"closed\"}
{\"armed\":false,\"host\":\"255.255.255.255\",\"state\":\"unreachable\"}
{\"armed\":false,\"host\":\"$unknown\",\"state\":\"unknown\"}" \
	'--json: an object a line'
json "$out" '"$o->{host} ", $o->{state} ne "alive" ? length $o->{error} > 5 :
	abs($o->{uptime_seconds} - 1000100) < 100 &&
	abs($o->{clock_ahead_seconds} + 7200 * ($o->{host} =~ /2$/)) < 5' \
	>"$dir/checked"
is "$(grep -c ' 1$' "$dir/checked")" 7 '--json: times, and why'
like "$err" '^7 hosts: 3 alive' '--json: the summary is on stderr'

status 2 '--prometheus' 127.0.0.4 'a"b\c' 127.0.0.1 --need s --prometheus
is "$(grep -v '^#' "$out" | sed -E 's/(uptime|clock)(.*) [-0-9.e]+$/\1\2 N/')" \
"sysrq_up{host=\"127.0.0.4\"} 1
sysrq_up{host=\"a\\\"b\\\\c\"} 0
sysrq_up{host=\"127.0.0.1\"} 1
sysrq_armed{host=\"127.0.0.4\"} 0
sysrq_armed{host=\"a\\\"b\\\\c\"} 0
sysrq_armed{host=\"127.0.0.1\"} 1
$(for sample in 'uptime_seconds N' 'load1 312' 'load5 200' 'load15 100' \
	'cpus 4' 'memory_bytes 17179869184' 'memory_free_bytes 60817408' \
	'clock_ahead_seconds N' 'log_readable 1'; do
	for name in 127.0.0.4 127.0.0.1; do
		echo "sysrq_${sample% *}{host=\"$name\"} ${sample#* }"
	done
done)
sysrq_info{host=\"127.0.0.4\",node=\"n127-0-0-4\",\
release=\"6.1.0-56-cloud-amd64\",keys=\"\"} 1
sysrq_info{host=\"127.0.0.1\",node=\"web7\",release=\"6.1.0-56-cloud-amd64\",\
keys=\"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ\"} 1" \
	'--prometheus: samples, as the hosts were named'
is "$(awk '/^# HELP/ { name = $3; n++; if (NF > 3) next }
	/^# TYPE/ && $3 == name && $4 == "gauge" { typed = name; next }
	/^sysrq_/ && typed == name && index($0, name "{") == 1 { next }
	{ print }
	END { print n " families" }' "$out")" '12 families' \
	'--prometheus: families together, each with HELP and TYPE'

run status --key-file "$dir/key" -p 1 --timeout 20 127.0.0.1 127.0.0.2
exits 2 'status: ports closed'
is "$(tail -n +2 "$out" | grep -c ' closed    port closed, or wrong ')" 2 \
	'status: closed is known before the timeout'
host --mute
start asking status "${at[@]}" --timeout 30 127.0.0.1
interrupt asking "$log" '^hello'
exits 130 'status: interrupted'

# --- hosts

host --any
cat >"$dir/hosts" <<END
# those of rack 2
127.0.0.[4-5]  # a range

  127.0.0.1
127.0.0.6
END
up() { # NAME EXPECTED ARG...: the hosts, in their order
	local name=$1 expected=$2
	shift 2
	status 0 "$name" --prometheus "$@"
	is "$(sed -n 's/^sysrq_up{host="127\.0\.\(.*\)"} 1$/\1/p' "$out" |
		xargs)" "$expected" "$name: their order"
}
up 'arguments, then --hosts' '0.9 0.4 0.5 0.1 0.6' \
	127.0.0.9 --hosts "$dir/hosts" 127.0.0.4
status 0 'who is named twice' --json 127.0.0.9 --hosts "$dir/hosts" 127.0.0.4
is "$(json "$out" '$o->{host}' | sort | xargs)" \
	'127.0.0.1 127.0.0.4 127.0.0.5 127.0.0.6 127.0.0.9' \
	'who is named twice is asked once'
"$client" status "${at[@]}" --hosts - --prometheus <"$dir/hosts" >"$out" \
	2>"$err"
is "$(grep -c '^sysrq_up.* 1$' "$out")" 4 '--hosts -: standard input'
up 'ranges' '1.8 1.9 1.10 1.30 2.8 2.9 2.10 2.30' '127.0.[1-2].[8-10,30]'
status 0 '[::1]' '[::1]'
like "$out" '^::1 \(\[::1\]:[0-9]+\) is alive$' 'an address in brackets'
status 2 'as wide as the first' --json 'w[08-10,9]' # no address is there
is "$(json "$out" '$o->{host}' | sort | xargs)" 'w08 w09 w10 w9' \
	'numbers as wide as the first'

# --- log

host --log-file "$dir/source"
log() { # STATUS NAME ARG...
	local status=$1 name=$2
	shift 2
	run log "${at[@]}" "$@" 127.0.0.1
	exits "$status" "log: $name"
}
prints() { # EXPECTED NAME: what was printed, and nothing was said
	cmp -s "$1" "$out"
	is $? 0 "log: $2"
	is "$(cat "$err")" '' "log: $2: nothing on stderr"
}
# Those of the source's lines that a Perl expression of $n (record), $level and
# $time holds for, as dmesg has them
those() { # EXPRESSION
	perl -ne '/^(\+?)<(\d+)>\[ *([0-9.]+)\]/ or die;
		($level, $time) = ($2 % 8, $3);
		$n += $1 eq "" if $. > 1;
		next unless '"$1"';
		s/^\+?<\d+>//;
		print' "$dir/source"
}

log 0 'all of it'
prints "$dir/plain" 'byte for byte'
for lines in 0 1 5 1000 999999; do
	log 0 "-n $lines" -n $lines
	tail -n $lines "$dir/plain" >"$dir/expected"
	prints "$dir/expected" "-n $lines"
done
for level in emerg:0 err:3 info:6 debug:7; do
	those '$level <= '${level#*:} >"$dir/expected"
	log 0 "--level ${level%:*}" --level "${level%:*}"
	prints "$dir/expected" "--level ${level%:*}"
	log 0 "--level ${level#*:}" --level "${level#*:}"
	prints "$dir/expected" "--level ${level#*:}"
done
for since in 0 7 12.35 12.350001 19.99 20; do
	those '$time >= '$since >"$dir/expected"
	log 0 "--since-boot-seconds $since" --since-boot-seconds $since
	prints "$dir/expected" "--since-boot-seconds $since"
done
those '$time >= 10.5 && $level <= 4' | tail -n 7 >"$dir/expected"
log 0 'all three' --level warn -n 7 --since-boot-seconds 10.5
prints "$dir/expected" 'all three'
"$client" log "${at[@]}" 127.0.0.1 2>"$err" | head -n 1 >"$out"
head -n 1 "$dir/plain" >"$dir/expected"
prints "$dir/expected" 'a reader that has enough'
"$client" log "${at[@]}" 127.0.0.1 2>"$err" >/dev/full
rc=$?
exits 13 'log: full disk'
like "$err" '^send_sysrq: cannot write the log: No space' 'full disk: said'
is "$(wc -l <"$err")" 1 'full disk: one sentence'

host --log-file "$dir/source" --log-cut 1500
those '$n >= 1500' >"$dir/expected"
log 0 'overwritten before'
prints "$dir/expected" 'overwritten before'
log 0 'the last lines of those that are left' -n 700
prints "$dir/expected" 'the last lines of those that are left'
perl -e 'print "<6>[    0.000001] short\n<4>[    0.000002] ", "long " x 500,
	"\n<6>[    0.000003] last\n"' >"$dir/cut"
host --log-file "$dir/cut"
log 0 'cut'
is "$(sed -E 's/(long ){200,300}l?o?n?g?$/long .../' "$out")" \
	'[    0.000001] short
[    0.000002] long ...
[    0.000003] last' 'log: a record too long for a datagram is cut'
host
log 0 'empty'
prints /dev/null 'empty'

host --log-file "$dir/source" --no-log
log 9 'not permitted'
is "$(cat "$err")" \
	'send_sysrq: web7 does not permit this operator to read its log' \
	'not permitted: said'
is "$(cat "$out")" '' 'not permitted: nothing printed'
host --log-file "$dir/source" --silent-after 20
log 4 'silent half way' --timeout 1
is "$(cat "$err")" \
	'send_sysrq: web7 answers no more: the log above is not all of it' \
	'half way: said'
head -n "$(wc -l <"$out")" "$dir/plain" >"$dir/expected"
cmp -s "$dir/expected" "$out" && [ -s "$out" ]
is $? 0 'half way: the lines that were read, without a gap'
host --mute
log 5 'silent' --timeout 0.3
like "$err" '^send_sysrq: no answer from 127.0.0.1 within 0.3 s' 'silent: said'
log 6 'port closed' -p 1
like "$err" '^send_sysrq: .* nothing on port 1 takes this password or key' \
	'port closed: said'
unlike "$err" '--' 'port closed: no option is named, as log has none for it'
run log "${at[@]}" 255.255.255.255
exits 7 'log: unreachable'
run log "${at[@]}" "$unknown"
exits 7 'log: unknown name'
like "$err" "^send_sysrq: remote host '$unknown' has no address" 'unknown: said'

# --- log --follow

# Are the lines records 0, 1, and so on, with the kernel's own between?
in_order() { # FILE
	awk '/\] record [0-9]+/ { sub(".*\\] record ", ""); bad += $1 + 0 != NR - 1
				  n++ }
	     END { exit bad || n < 100 }' "$1"
}

host --log 50 --log-grow 20
start follow log "${at[@]}" --follow 127.0.0.1
start last log "${at[@]}" -f -n 5 127.0.0.1
interrupt follow "$dir/follow.out" '\] record 130'
exits 130 'follow: interrupted'
in_order "$out"
is $? 0 'follow: goes on, without gap or repeat'
is "$(cat "$err")" '' 'follow: nothing on stderr'
first=$(sed -n '1s/.*record \([0-9]*\).*/\1/p' "$dir/last.out")
interrupt last "$dir/last.out" "\] record $((first + 100))"
awk -v first="$first" '{ sub(".*\\] record ", ""); bad += $1 + 0 != first + NR - 1 }
	END { exit bad || NR < 100 }' "$out"
is $? 0 "follow: the last 5, and those to come"
is $((first >= 45)) 1 'follow: no more than the last 5'

host --log 50 --log-grow 20 --new-epoch-after 300
start rekeyed log "${at[@]}" --follow 127.0.0.1
wait_for "$dir/rekeyed.out" '\] record 60'
run "${at[@]}" 127.0.0.1 r
exits 0 'follow: another presses a key'
wait_for "$dir/rekeyed.out" '\] record 130'
run "${at[@]}" 127.0.0.1 r
is "$(awk '/^copy/ { print $4 }' "$log" | sort -u | wc -l)" 2 \
	'follow: keys were changed'
interrupt rekeyed "$dir/rekeyed.out" '\] record 150'
in_order "$out"
is $? 0 'follow: keys changed: goes on, without gap or repeat'
is "$(cat "$err")" '' 'follow: keys changed: nothing on stderr'

restart() { # NAME BACK UPTIME ARG...
	: >"$dir/after"
	host --log 50 --log-grow 20 --back "$2" --uptime "$3"
	start restarted log "${at[@]}" --follow "${@:4}" 127.0.0.1
	wait_for "$dir/restarted.out" '\] record 110'
	run "${at[@]}" 127.0.0.1 b
	interrupt restarted "$dir/restarted.out" '^\[    2\.[0-9]+\] record 15'
	is "$(cat "$err")" 'send_sysrq: web7 has restarted' "$1: says so"
	awk -v after="$dir/after" '/\] record 0/ && n++ { behind = 1 }
		{ print >(behind ? after : "/dev/stdout") }' \
		"$out" >"$dir/before"
	in_order "$dir/before"
	is $? 0 "$1: the log before, without gap or repeat"
	in_order "$dir/after"
	is $? 0 "$1: the new log from its beginning, without gap or repeat"
}
restart 'follow: restarted' 900 5 --timeout 0.4
restart 'follow: restarted, had been up for longer than this machine' \
	900 1000000 --timeout 0.4
restart 'follow: restarted within the timeout' 200 5

# Another responder in its place, which has been up for longer
host --log 100
start missed log "${at[@]}" --follow 127.0.0.1
wait_for "$dir/missed.out" '\] record 99'
kill "${pids[-1]}"
wait "${pids[-1]}" 2>/dev/null
host --log 300 --log-cut 250 --port "$port" --uptime 2000000
interrupt missed "$dir/missed.out" '\] record 299'
is "$(cat "$err")" 'send_sysrq: 150 records were overwritten before they could'\
' be read' 'overwritten meanwhile: says how many'
is "$(sed -E 's/.*\] record ([0-9]+).*/\1/' "$out" | xargs)" \
	"$(echo {0..99} {250..299})" 'overwritten meanwhile: the rest is printed'

end lossy
exits 0 'log: 20 % loss each way'
prints "$dir/plain" '20 % loss each way'

# --- on a terminal

cat >"$dir/lines" <<END
<6>[    1.000000] a line that is longer than this terminal is wide
<3>[    2.000000] $(printf '\033[31m')red
END
host --any --log-file "$dir/lines" --host 127.0.0.2 --mute
on_terminal 40 NO_COLOR=1 "$client" log "${at[@]}" 127.0.0.1
is "$(cat "$out")" '[    1.000000] a line that is longer
               than this terminal is
               wide
[    2.000000] \x1b[31mred' 'log: folded, and without control characters'
for variable in NO_COLOR= NO_COLOR=1 TERM=dumb TERM= TERM=linux; do
	case $variable in
	NO_COLOR= | TERM=linux) expected=colours ;;
	*) expected='no colours' ;;
	esac
	for what in log status; do
		on_terminal 80 "$variable" "$client" $what "${at[@]}" 127.0.0.1
		[ "$rc" = 0 ] && got='no colours' || got="exit $rc"
		grep -q $'\e\[[0-9;]*m' "$out" && got=colours
		is "$got" "$expected" "$what with $variable: $expected"
	done
done

on_terminal 80 NO_COLOR=1 "$client" status "${at[@]}" --timeout 1 \
	127.0.0.1 127.0.0.2
is "$rc" 2 'status on a terminal: exit 2'
like "$out" '1 of 2 answered, 1 to go' 'status on a terminal: how far it is'
on_terminal 80 NO_COLOR=1 "$client" status "${at[@]}" 127.0.0.1
unlike "$out" 'answered' 'but not of one host'

# --- what the kernel prints

shows() { # EXPECTED NAME: the lines behind the status line
	is "$(timeless "$out" | tail -n +2)" "$1" "$2"
	is "$(cat "$err")" '' "$2: nothing on stderr"
}
printed() { # KEY: what it prints
	printf '[T] sysrq: Show %s\n' "$1"
	printf "[T] output of $1, line %d\n" 1 2 3
}

host --log 5
run "${at[@]}" 127.0.0.1 w
exits 0 'w'
shows "  w  show-blocked-tasks  done T
$(printed w)" 'w: what the kernel prints'
run "${at[@]}" -q 127.0.0.1 w
shows '  w  show-blocked-tasks  done T' '-q: not'
run "${at[@]}" 127.0.0.1 sw
shows "  s  sync                complete T
  w  show-blocked-tasks  done T
$(printed w)" 'sw'
run "${at[@]}" --wait 0.1 127.0.0.1 wr
shows "  w  show-blocked-tasks  done T
$(printed w)
  r  unraw               done T" "wr: not what the kernel says of r"
end wlm
exits 0 'wlm'
shows "  w  show-blocked-tasks             done T
$(printed w)
  l  show-backtrace-all-active-cpus done T
$(printed l)
  m  show-memory-usage              done T
$(printed m)" 'wlm: under each key its own'
end wb
exits 0 'wb'
shows "  w  show-blocked-tasks  done T
$(printed w)
  b  reboot              accepted" 'wb: though the host is gone'
host --log 5
run "${at[@]}" -q 127.0.0.1 r,w
unlike "$log" '^log' '-q: the log is not read'
run "${at[@]}" 127.0.0.1 s
unlike "$log" '^log' 's: the log is not read'
host --output 2000
run "${at[@]}" 127.0.0.1 w
is "$(grep -c '^\[.*\] output of w, line ' "$out")" 2000 'w: long output'
host --no-log
run "${at[@]}" 127.0.0.1 w
exits 0 'w, log not permitted'
like "$err" '^send_sysrq: web7 does not permit this operator to read its log' \
	'w, log not permitted: says so'

# --- names and recipes

host --operator=
names='reboot crash show-all-locks terminate-all-tasks memory-full-oom-kill
debug help kill-all-tasks thaw-filesystems sak show-backtrace-all-active-cpus
show-memory-usage nice-all-RT-tasks poweroff show-registers show-all-timers unraw
sync show-task-states unmount force-fb show-blocked-tasks dump-ftrace-buffer
dump-sched-ext replay-kernel-logs reset-sched-ext'
for name in $names; do
	run status "${at[@]}" --need "$name" 127.0.0.1
	sed -n 's/^  missing  //p' "$out"
done >"$dir/letters"
is "$(tr -d '\n' <"$dir/letters")" bcdefghijklmnopqrstuvwzDRS \
	'every name is its key'

presses() { # KEYS EXPECTED
	host --complete 0
	run "${at[@]}" --wait 0.02 127.0.0.1 "$1"
	exits 0 "$1"
	is "$(pressed "$log")" "$2" "$1 presses $2"
}
presses sync s
presses sync,unmount,reboot sub
presses s,ub sub
presses s,show-registers,rq sprq
presses snyc snyc
presses safe-reboot eisub
presses safe-poweroff eisuo
presses h,safe-reboot heisub

waits() { # KEYS EXPECTED ARG...
	local keys=$1 expected=$2
	shift 2
	host
	start waits "${at[@]}" "$@" 127.0.0.1 "$keys"
	interrupt waits "$log" '^command'
	is "$(sed -n 's/^command [0-9a-f]* //p' "$log")" "$expected" \
		"$keys${*:+ with $*}: its waits"
}
waits safe-reboot 'e=5000 i=2000 s=600000+ u=600000+ b=0'
waits safe-poweroff 'e=5000 i=2000 s=600000+ u=600000+ o=0'
waits r,safe-reboot 'r=1000 e=5000 i=2000 s=600000+ u=600000+ b=0'
waits safe-reboot 'e=100 i=2000 s=30000+ u=600000+ b=0' --wait e=0.1,s=30
waits safe-reboot 'e=3000 i=3000 s=3000+ u=0 b=3000' --wait 3,u=0

# --- diagnose

host --any --log-file "$dir/source" --host 127.0.0.2 --no-log
mkdir "$dir/work" "$dir/many"
cd "$dir/work" || exit 1
before=$(date +%Y%m%d-%H%M%S)
umask 0
run "${at[@]}" --wait 0.1 127.0.0.1 diagnose
umask 077
after=$(date +%Y%m%d-%H%M%S)
exits 0 'diagnose'
name=$(echo 127.0.0.1-*.log)
[[ $name =~ ^127\.0\.0\.1-([0-9]{8}-[0-9]{6})\.log$ &&
   ! ${BASH_REMATCH[1]} < $before && ! ${BASH_REMATCH[1]} > $after ]]
is $? 0 'diagnose: a file, named after host and local time'
like "$out" "^  written to $name$" 'diagnose: says its name'
is "$(stat -c %a "$name")" 600 'diagnose: nobody else may read it'
(cat "$dir/plain"; printed w; printed l; printed m) >"$dir/expected"
tail -n 12 "$name" | sed -E 's/^\[[0-9.]+\]/[T]/' >"$dir/end"
(head -n -12 "$name"; cat "$dir/end") | cmp -s - "$dir/expected"
is $? 0 'diagnose: the log, and what w, l and m print'
is "$(pressed "$log")" wlm 'diagnose: these were pressed'
is "$(timeless "$out" | sed -n 2,4p)" \
	'  w  show-blocked-tasks             done T
  l  show-backtrace-all-active-cpus done T
  m  show-memory-usage              done T' 'diagnose: their lines'

cd "$dir/many" || exit 1
run "${at[@]}" --wait 0.1 127.0.0.1 127.0.0.2 127.0.0.3 diagnose
exits 9 'diagnose: three hosts'
is "$(echo -- *)" "-- $(echo 127.0.0.1-*.log 127.0.0.3-*.log)" \
	'diagnose: a file for each that may'
is "$(timeless "$out" | tr -s ' ' | sort | sed 's/-[0-9]*-[0-9]*.log/-X.log/')" \
	'127.0.0.1 T 127.0.0.1-X.log
127.0.0.2 T may not read its log
127.0.0.3 T 127.0.0.3-X.log' 'diagnose: rows that name it'

host --log 5
cd /sys || exit 1 # where not even root makes a file
run "${at[@]}" 127.0.0.1 diagnose
exits 13 'diagnose: folder not writable'
like "$err" "^send_sysrq: cannot write '127.0.0.1-[-0-9]+.log': ." \
	'not writable: says so'
is "$(pressed "$log")" '' 'not writable: nothing was pressed'
mkdir "$dir/half"
cd "$dir/half" || exit 1
run "${at[@]}" -p 1 127.0.0.1 diagnose
exits 6 'diagnose: port closed'
host --mute
run "${at[@]}" --timeout 0.3 127.0.0.1 diagnose
exits 5 'diagnose: silent, so not one-way'
is "$(echo -- *)" '-- *' 'diagnose: no file then'
host --log-file "$dir/source" --silent-after 20
run "${at[@]}" --timeout 1 127.0.0.1 diagnose
exits 4 'diagnose: silent while the log is read'
like "$out" "^  written to $(echo 127.0.0.1-*.log)$" 'half a log: says where'
is "$(cat "$err")" 'send_sysrq: web7 answers no more: its log is not all there' \
	'half a log: says so'
is "$(pressed "$log")" '' 'half a log: nothing was pressed'
lines=$(wc -l <"$(echo 127.0.0.1-*.log)")
head -n "$lines" "$dir/plain" | cmp -s - 127.0.0.1-*.log && [ "$lines" -gt 0 ]
is $? 0 'half a log: the first lines of it'
host --silent-after 1
run "${at[@]}" --timeout 0.3 127.0.0.1 diagnose
exits 5 'diagnose: silent after the log'
is "$(pressed "$log")" '' 'silent after the log: nothing was sent one-way'
cd "$dir/work" || exit 1
host --no-log
run "${at[@]}" 127.0.0.1 diagnose
exits 9 'diagnose: log not permitted'
is "$(pressed "$log")" '' 'log not permitted: nothing was pressed'

# --- many hosts

host --any --host 127.0.0.3 --mute --host 127.0.0.4 --operator s
run "${at[@]}" --timeout 1 --no-one-way '127.0.0.[1-4]' "$unknown" sb
exits 9 'many: the highest status'
is "$(timeless "$out" | tr -s ' ' | sed 's/\(no address:\).*/\1/' | sort)" \
	"127.0.0.1 T carried out, reboots
127.0.0.2 T carried out, reboots
127.0.0.3 T no answer
127.0.0.4 T this operator may not press b
${unknown} T no address:" 'many: a row for each'
is "$(cat "$err")" '5 hosts: 2 carried out, 3 not' 'many: a summary on stderr'
is "$(awk '/^press/ { print $3, $2 }' "$log" | sort | xargs)" \
	'127.0.0.1 b 127.0.0.1 s 127.0.0.2 b 127.0.0.2 s' \
	'many: pressed by each that may, once'
like "$out" '^127\.0\.0\.3 +[0-9]+\.[0-9] s  no answer$' 'many: columns'

host --any --host 127.0.0.3 --mute --host 127.0.0.4 --operator s
run "${at[@]}" --timeout 1 --no-one-way '127.0.0.[1-4]' "$unknown" sb --json
exits 9 'many, --json: the highest status'
is "$(json "$out" '
	delete $_->{seconds} for @{$o->{steps}};
	$o->{message} = substr $o->{message}, 0, 20 if $o->{message};
	$o->{result} =~ s/: .*//;
	text($o)' | sort)" "\
{\"address\":\"127.0.0.1:$port\",\"exit\":0,\"host\":\"127.0.0.1\",\
\"message\":null,\"result\":\"carried out, reboots\",\"steps\":\
[{\"fate\":\"complete\",\"key\":\"s\",\"name\":\"sync\"},\
{\"fate\":\"accepted\",\"key\":\"b\",\"name\":\"reboot\"}]}
{\"address\":\"127.0.0.2:$port\",\"exit\":0,\"host\":\"127.0.0.2\",\
\"message\":null,\"result\":\"carried out, reboots\",\"steps\":\
[{\"fate\":\"complete\",\"key\":\"s\",\"name\":\"sync\"},\
{\"fate\":\"accepted\",\"key\":\"b\",\"name\":\"reboot\"}]}
{\"address\":\"127.0.0.4:$port\",\"exit\":9,\"host\":\"127.0.0.4\",\
\"message\":\"127.0.0.4 does not p\",\
\"result\":\"this operator may not press b\",\"steps\":\
[{\"fate\":\"waiting\",\"key\":\"s\",\"name\":\"sync\"},\
{\"fate\":\"waiting\",\"key\":\"b\",\"name\":\"reboot\"}]}
{\"exit\":5,\"host\":\"127.0.0.3\",\"message\":\"no answer from 127.0\",\
\"result\":\"no answer\",\"steps\":\
[{\"fate\":\"waiting\",\"key\":\"s\",\"name\":\"sync\"},\
{\"fate\":\"waiting\",\"key\":\"b\",\"name\":\"reboot\"}]}
{\"exit\":7,\"host\":\"$unknown\",\"message\":\"remote host 'xxxxxxx\",\
\"result\":\"no address\",\"steps\":[]}" 'many, --json: an object a line'
is "$(json "$out" '0 + grep { $_->{seconds} > 0 && $_->{key} eq "s" }
	@{$o->{steps}}' | xargs -n 1 | sort | xargs)" '0 0 0 1 1' \
	'many, --json: seconds of the steps that ended'
is "$(cat "$err")" '5 hosts: 2 carried out, 3 not' 'many, --json: summary'
host
run "${at[@]}" --json 127.0.0.1 w
exits 0 '--json of one host'
is "$(json "$out" 'text([@$o{"host", "result", "exit", "message"}])')" \
	'["127.0.0.1","carried out",0,null]' '--json of one host: an object'
is "$(cat "$err")" '' '--json of one host: nothing on stderr'

host --any --log 5 --host 127.0.0.2 --no-log
run "${at[@]}" 127.0.0.1 127.0.0.2 w
exits 0 'many: w'
is "$(timeless "$out" | tr -s ' ' | sort)" "$(sort <<END
127.0.0.1 T carried out
$(printed w | sed 's/^/127.0.0.1: /')
127.0.0.2 T carried out
END
)" 'many: what the kernel prints, behind the name of the host'

# --- asked to confirm

# Types that once it is asked.
typed() { # ANSWER ARG...: sets rc, fills $out
	local answer=$1
	shift
	own_files
	: >"$out"
	# shellcheck disable=SC2094 # the question comes first
	(wait_for "$out" 'Go on'; echo "$answer") |
		script -qefc "$(printf '%q ' "$client" "${at[@]}" "$@")" \
			/dev/null >"$out" 2>&1
	rc=$?
	tr -d '\r' <"$out" >"$out.plain"
	mv "$out.plain" "$out"
}
host --any
for answer in n '' yess no; do
	typed "$answer" '127.0.0.[1-2]' sub
	exits 2 "answered '$answer'"
	like "$out" '^send_sysrq: not confirmed; nothing was sent$' \
		"answered '$answer': says so"
done
is "$(sed -n '/^This/,/^Go on/p' "$out")" \
	'This will press
  s (sync), u (unmount), b (reboot)
on 2 hosts:
  127.0.0.1 127.0.0.2
Go on? [y/N] no' 'shown: keys and hosts'
unlike "$log" '^(hello|copy)' 'not confirmed: nothing was sent'
for answer in y yes Y; do
	host --any
	typed "$answer" '127.0.0.[1-2]' u
	exits 0 "answered '$answer'"
	is "$(pressed "$log")" uu "answered '$answer': pressed"
done

at_once() { # NAME ARG...: on a terminal at its end, so not asked
	on_terminal 80 "$client" "${at[@]}" "${@:2}"
	exits 0 "not asked: $1"
	unlike "$out" 'Go on' "not asked: $1: no question"
}
host --any
at_once 'w' 127.0.0.1 127.0.0.2 w
at_once 'harmless keys' --wait 0 127.0.0.1 127.0.0.2 0123456789dhlm
at_once 'more of them' --wait 0 127.0.0.1 127.0.0.2 pqrstwzDR
at_once 'one host' --wait 0 127.0.0.1 f
at_once '--yes' --yes --wait 0 127.0.0.1 127.0.0.2 f
at_once '-y' -y --wait 0 127.0.0.1 127.0.0.2 f
run "${at[@]}" --wait 0 127.0.0.1 127.0.0.2 f
exits 0 'not asked: stdin is no terminal'
for key_asked in a b c e f g i j k n o u v x y A C E S Z; do
	on_terminal 80 "$client" "${at[@]}" 127.0.0.1 127.0.0.2 h$key_asked
	grep -q 'Go on' "$out" || printf %s "$key_asked"
done >"$dir/unasked"
is "$(cat "$dir/unasked")" '' 'asked for every other key'

# --- interrupted

host --any --host 127.0.0.3 --mute
start many "${at[@]}" --timeout 20 '127.0.0.[1-3]' ri
wait_for "$log" '^press r 127.0.0.2'
wait_for "$log" '^hello .* 127.0.0.3'
interrupt many "$log" '^press r 127.0.0.1'
exits 5 'many, interrupted: the highest'
is "$(timeless "$out" | tr -s ' ' | sort)" \
	'127.0.0.1 T interrupted, end not seen
127.0.0.2 T interrupted, end not seen
127.0.0.3 T interrupted, nothing was sent' 'many, interrupted: a row for each'
is "$(cat "$err")" '3 hosts: 0 carried out, 3 not' \
	'many, interrupted: a summary'
start asked "${at[@]}" --timeout 20 127.0.0.3 127.0.0.30 diagnose
interrupt asked "$log" '^press w 127.0.0.30'
exits 5 'many, interrupted while one is asked: the highest'
is "$(timeless "$out" | tr -s ' ' | sort)" \
	'127.0.0.3 T interrupted, nothing was sent
127.0.0.30 T interrupted, end not seen' 'interrupted while one is asked: rows'
host --any --mute
start nobody "${at[@]}" --timeout 20 127.0.0.1 127.0.0.2 b
interrupt nobody "$log" '^hello .* 127.0.0.2'
exits 5 'many, interrupted while all are asked'
is "$(timeless "$out" | tr -s ' ' | sort)" \
	'127.0.0.1 T interrupted, nothing was sent
127.0.0.2 T interrupted, nothing was sent' 'while all are asked: rows'
host
start early "${at[@]}" 127.0.0.1 rq
interrupt early "$log" '^press r'
exits 4 'interrupted before q'
unlike "$out" 'Show r' "interrupted before q: nothing of r's is shown as q's"
host
start waiting "${at[@]}" --until-back 127.0.0.1 b
interrupt waiting "$dir/waiting.out" 'b  reboot  .*accepted'
exits 14 'interrupted while it is down'
is "$(cat "$err")" 'send_sysrq: interrupted: web7 was not back yet' \
	'interrupted while it is down: says so'

# --- configuration

"$client" genkey >"$dir/master"
derived=$("$client" derive --key-file "$dir/master" --realm web7)
mkdir -p "$dir/.config/send_sysrq" "$dir/xdg/send_sysrq"
key='' serve --any --password test --realm web6
port6=$port
host --any --host 127.0.0.7 --key "$derived"
cat >"$dir/config" <<END
host [1-5] { address = "127.0.0.%h" }	# by its name
host web7 { address = 127.0.0.7 key-file = "~/master" realm = "%h" }
host "web6 alias*" { address = 127.0.0.6 port = $port6 }
host "web* !web7" { realm = "%h" }
host 127.0.0.9 { port = 1 key-file = "$dir/none" }
host "* !web6" { key-file = key }	# beside this file
host * { port = $port }
host 3 { address = 127.0.0.33 }
END
at_config() { # NAME EXPECTED ARG...: it is alive at that address
	run status -F "$dir/config" "${@:3}"
	exits 0 "config: $1"
	like "$out" "\\(127\\.0\\.0\\.$2:[0-9]+\\) is alive$" "config: $1"
}
at_config 'an address with %h, port, key' 2 2
at_config 'the first value counts' 3 3
at_config 'another host' 8 127.0.0.8
at_config 'key of a realm' 7 web7
at_config 'password, and realm' 6 web6
at_config 'realm of the command line first' 6 --password-file \
	<(echo test) --realm web6 alias6
at_config '--key-file first, which makes realms void' 7 \
	--key-file <(echo "$derived") web7
at_config '--key-file and --realm' 7 --key-file "$dir/master" --realm web7 \
	127.0.0.7
at_config '--port and --key-file' 9 -p "$port" --key-file "$dir/key" 127.0.0.9
(SEND_SYSRQ_PASSWORD=wrong "$client" status -F "$dir/config" 2 >"$out" 2>"$err")
is $? 0 'config: its key comes before the password of the environment'
run status -F "$dir/config" --password-file <(echo test) --timeout 0.3 2
exits 2 'config: but not before --password-file'

(cd "$dir" && run status -F config 2)
like "$out" 'is alive' 'config: a key beside a file without a folder'
cp "$dir/config" "$dir/.config/send_sysrq/config"
cp "$dir/key" "$dir/.config/send_sysrq/key"
run status 2
like "$out" '\(127.0.0.2:' "the user's own file"
cat >"$dir/xdg/send_sysrq/config" <<END
host 2 { address = 127.0.0.22 port = $port key-file = ../../key }
END
XDG_CONFIG_HOME=$dir/xdg run status 2
like "$out" '^2 \(127.0.0.22:' '$XDG_CONFIG_HOME/send_sysrq/config'
XDG_CONFIG_HOME=$dir/none run status "${at[@]}" 2 --timeout 0.3
unlike "$out" '127.0.0.2' 'no file there: no configuration'
run status -F none "${at[@]}" 2 --timeout 0.3
unlike "$out" '127.0.0.2' '-F none: no configuration'
chmod g+w "$dir/.config/send_sysrq/config"
run 2 h
exits 2 'a file that its group may write'
like "$err" "^send_sysrq: .*/config' has mode 0620, .* chmod go-w" \
	'may write: says so'
run -F "$dir/config" 2 h
exits 0 'another file instead'
rm "$dir/.config/send_sysrq/config"

# --- hosts that are called as subcommands are

host
cat >"$dir/config" <<END
host "log status genkey derive" { address = 127.0.0.1 port = $port }
END
at=(--key-file "$dir/key")
for name in log status genkey derive; do
	run -F "$dir/config" "${at[@]}" $name h
	exits 0 "an option before a host called $name"
done
is "$(pressed "$log")" hhhh 'hosts called so: pressed'
for name in log status; do
	run $name -F "$dir/config" "${at[@]}" $name
	exits 0 "$name of a host called $name"
done
unlike "$log" '^odd' 'nothing odd was sent'

# --- its return

end down
exits 14 '--until-back=2: still down'
is "$(cut -d : -f 1-2 "$err")" \
	'send_sysrq: web7 has not come back within 2.0 s' 'still down: says so'
end alive
exits 1 '--until-back=2: answers all the time'
like "$err" '^send_sysrq: web7 never went down' 'answers all the time: says so'
end back
exits 0 '--until-back: rebooted'
like "$out" '^web7 is back, it was away for (0\.[1-9]|[1-9][0-9]*\.[0-9]) s and has been up for [0-9]+\.[0-9] s$' \
	'rebooted: says how long it was away'
is "$(cat "$err")" '' 'rebooted: nothing on stderr'
end quick
exits 0 '--until-back: rebooted in no time'
like "$out" '^web7 is back, it was away for (0\.[1-9]|[1-9][0-9]*\.[0-9]) s and' \
	'in no time: says how long it was away'
end many-back
exits 14 '--until-back: two hosts, the highest'
is "$(json "$out" 'my $away = delete $o->{away_seconds};
	$away = $away > 0 if defined $away;
	text([@$o{"host", "exit", "result"}, $away])' |
	sed -E 's/away for [0-9.]+ s/away/' | sort)" \
	'["127.0.0.1",0,"back, was away",1]
["127.0.0.2",14,"not back yet",null]' '--until-back: two objects'
host --operator s
run "${at[@]}" --until-back 127.0.0.1 b
exits 9 '--until-back: refused'
host --mute
run "${at[@]}" --until-back --no-one-way --timeout 0.3 127.0.0.1 b
exits 5 '--until-back: silent from the beginning'
end immortal
exits 1 '--until-back: never went down'
like "$err" '^send_sysrq: web7 never went down: it goes on answering' \
	'never went down: says so'

done_testing
