# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the tests of send_sysrq share: checks, hosts to ask, and the client. Sourced.
# A host is tests/tools/responder.c. Each test has a folder of its own, $dir, which is its
# HOME, and an operator whose public key all of its hosts know, $key.

set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
# shellcheck source=tests/tap.sh
. tests/tap.sh
build=$(realpath "${BUILD:-build}")
client=$build/send_sysrq
responder=$build/responder
liar=$build/liar
for file in "$client" "$responder" "$liar"; do
	[ -x "$file" ] || bail "there is no $file"
done
dir=$(mktemp -d)
out=$dir/out
err=$dir/err
pids=()
cleanup() {
	[ ${#pids[@]} -eq 0 ] || kill "${pids[@]}" 2> /dev/null
	rm -rf "$dir"
}
trap cleanup EXIT

# What the user who runs the tests has configured does not matter. What the machine has does.
[ ! -e /etc/send_sysrq ] ||
	bail '/etc/send_sysrq exists, and send_sysrq reads it: move it away for these tests'
export HOME=$dir TERM=xterm SHELL=/bin/bash
unset XDG_CONFIG_HOME XDG_STATE_HOME SUDO_USER NO_COLOR SEND_SYSRQ_PASSWORD
umask 077
: > "$out"
: > "$err"
key=$("$client" genkey)
config=$dir/.config/send_sysrq

# --- Checks ---

# A failure shows what the client printed last.
tap_failed() {
	[ ! -s "$out" ] || { echo '# standard output:'; show "$out"; }
	[ ! -s "$err" ] || { echo '# standard error:'; show "$err"; }
}

exits() { # NAME STATUS
	is "$1: send_sysrq exits with $2" "$rc" "$2"
}

no_error() { # NAME
	is "$1: standard error is empty" "$(< "$err")" ''
}

# Runs the client without terminal.
refuses() { # NAME REGEX ARGUMENT…
	setsid -w "$client" "${@:3}" > "$out" 2> "$err" < /dev/null
	rc=$?
	exits "$1" 2
	like "$1: the message says so" "$err" "$2"
}

# --- Hosts ---

# Waits 10 ms, without a process.
exec {never}<> <(:)
nap() {
	read -rt 0.01 -u "$never"
}

# Waits until a line of the file matches, at most 60 s, and not after the end of the process;
# sets matched to that line.
wait_for() { # FILE REGEX [PROCESS]
	local end=$((SECONDS + 60)) file part whole found=1
	until [ -e "$1" ]; do
		[ $SECONDS -lt $end ] || return 1
		nap
	done
	exec {file}< "$1"
	matched=
	while [ $SECONDS -lt $end ]; do
		IFS= read -r part <&"$file"
		whole=$?
		matched+=$part
		if [[ $matched =~ $2 ]]; then
			found=0
			break
		fi
		if [ $whole -eq 0 ]; then
			matched=
		elif [ -n "${3-}" ] && ! kill -0 "$3" 2> /dev/null; then
			break
		else
			nap
		fi
	done
	exec {file}<&-
	return $found
}

# Starts a host, which is known by a name of its own. Sets port, log and at: the options
# for the client. With an empty $key the host has a password.
# With --any each address from 127.0.0.1 to 127.0.0.254 is known as itself.
served=0
serve() { # [OPTION…]
	local any=
	log=$dir/log.$((++served))
	[[ -z $key || " $* " != *' --any '* ]] || any=$dir/addresses
	[ -z "$any" ] || printf '127.0.0.%d\n' {1..254} > "$any"
	# shellcheck disable=SC2086
	"$responder" ${key:+--key $key} ${any:+--list "$any"} "$@" > "$log" 2>&1 &
	pids+=($!)
	wait_for "$log" '^port ' $! || { show "$log"; bail 'the responder does not start'; }
	port=${matched#port }
	at=(-p "$port")
	if [ "$any" ]; then
		# A client that was started before may still have to read its host's line.
		{
			sed -n '/^host[0-9]/p' "$config/known_hosts" 2> /dev/null
			awk '/^known/ { print ($2 == "127.0.0.1" ? "localhost,::1," : "") $2, $3 }' \
				"$log"
		} > "$config/new"
		mv "$config/new" "$config/known_hosts"
	elif [ "$key" ]; then
		at+=(--known-as "host$served")
		echo "host$served $(awk '/^key/ { print $2 }' "$log")" >> "$config/known_hosts"
	fi
}

# These hosts, which may not be there, are known from now on, each by a key of its own.
keys=0
know() { # NAMES…
	local names
	for names; do
		: $((++keys))
		echo "$names $("$client" genkey --key-file "$dir/key.$keys")" \
			>> "$config/known_hosts"
	done
}

# Writes $dir/config: the host closed has a closed port, and every other host has $port.
configure_closed() {
	cat > "$dir/config" <<- END
		Host closed
			Address 127.0.0.99
			Port 1
		Host *
			Port $port
	END
}

# Ends the host that was started last.
end_host() {
	kill "${pids[-1]}"
	wait "${pids[-1]}" 2> /dev/null
	unset 'pids[-1]'
}

# Puts a liar between the client and the host that was started last, which must have a
# name of its own: see tests/tools/liar.c. Sets port and at.
lie() { # MODE [TAPE]
	local lies=$dir/liar.$((++lied))
	[ -p "$dir/open" ] || {
		mkfifo "$dir/open"
		exec {held_open}<> "$dir/open"
	}
	"$liar" "$port" "$@" > "$lies" < "$dir/open" &
	pids+=($!)
	wait_for "$lies" '^port ' || bail 'the liar does not start'
	port=${matched#port }
	at=(-p "$port" --known-as "host$served")
}
lied=0

# The letters that the host pressed, in order
pressed() { # LOG
	awk '/^press/ { printf "%s", $2 }' "$1"
}

# How many different texts a host wrote into these columns of its lines
count_different() { # LOG WORD COLUMN…
	local columns
	columns=$(printf ', $%s' "${@:3}")
	awk "/^$2/ { print ${columns#, } }" "$1" | sort -u | wc -l
}

# Has this machine the address ::1? Containers often have no IPv6.
has_ipv6() {
	grep -q '^0\{31\}1 ' /proc/net/if_inet6 2> /dev/null
}

# Longer than a name can be
unknown=$(printf 'x%.0s' {1..64})

# --- The client ---

# Sets rc, and fills $out and $err.
run() { # ARGUMENT…
	out=$dir/out
	err=$dir/err
	timeout 30 "$client" "$@" > "$out" 2> "$err" < /dev/null
	rc=$?
}

# The same for one host
press() { # ARGUMENT…
	run "${at[@]}" 127.0.0.1 "$@"
}

# Runs the client in the background. Its output goes to $dir/NAME.out and NAME.err.
declare -A started
start() { # NAME ARGUMENT…
	# What an earlier one has printed must not be waited for.
	: > "$dir/$1.out"
	env --default-signal=INT timeout 80 "$client" "${@:2}" \
		> "$dir/$1.out" 2> "$dir/$1.err" < /dev/null &
	started[$1]=$!
}

# Waits for the end of that client. Sets rc, out and err.
end() { # NAME
	wait "${started[$1]}"
	rc=$?
	out=$dir/$1.out
	err=$dir/$1.err
}

# Interrupts that client as soon as a line of the file matches. The signal goes to the
# child of timeout, which may not know yet that it has one.
interrupt() { # NAME FILE REGEX
	local child
	wait_for "$2" "$3" || echo "# no line of $2 matches: $3"
	read -r child < "/proc/${started[$1]}/task/${started[$1]}/children"
	kill -s INT "$child"
	end "$1"
}

# Runs a command on a terminal, where it finds the end of its input. Sets rc, and fills
# $out.
on_terminal() { # COLUMNS [VARIABLE=VALUE…] ARGUMENT…
	local command
	out=$dir/out
	command=$(printf ' %q' "${@:2}")
	script -qec "stty cols $1; exec env$command" /dev/null \
		< /dev/null 2>&1 | tr -d '\r' > "$out"
	rc=${PIPESTATUS[0]}
}

# --- What they print ---

# Prints a Perl expression of each line of JSON, which is the object $o.
json() { # FILE EXPRESSION
	perl -MJSON::PP -e '
		my ($file, $expression) = @ARGV;
		my $json = JSON::PP->new->canonical;
		sub text { $json->encode(shift) }
		my $of = eval "sub { my \$o = shift; $expression }" or die $@;
		open my $lines, "<", $file or die;
		print $of->($json->decode($_)), "\n" while <$lines>' "$1" "$2"
}

# The text of a file, with T for each time
timeless() { # FILE
	sed -E 's/^((127[^ ]*: )?)\[[ 0-9]+\.[0-9]{6}\]/\1[T]/
		s/ +[0-9]+\.[0-9] s($|  )/ T\1/' "$1"
}

# What a letter makes the responder's kernel print
printed() { # LETTER
	printf '[T] sysrq: Show %s\n' "$1"
	printf "[T] output of $1, line %d\n" 1 2 3
}

# Makes a log for a host, $dir/source, and the same log as dmesg prints it, $dir/plain.
make_source() {
	perl -e 'for my $i (0 .. 1999) {
		my $head = sprintf "<%d>[%5d.%06d] ", $i * 7 % 8 + ($i % 5 ? 0 : 24),
			$i / 100, $i % 100 * 10000;
		print $head, "record $i", " word" x ($i * 31 % 40), "\n";
		print "+${head}more of $i: \x1b[31m\xff\t.\n" x 2 if $i % 10 == 3;
	}' > "$dir/source"
	sed -E 's/^\+?<[0-9]+>//' "$dir/source" > "$dir/plain"
}
