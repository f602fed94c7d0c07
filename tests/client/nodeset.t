#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# send_sysrq takes a set of hosts for the same hosts as ClusterShell's nodeset does: 200
# generated sets, each less what -x leaves out. nodeset also says which hosts @group has.
# shellcheck source=tests/client/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lab/need
. lab/need
need nodeset > "$dir/need" 2>&1 || bail "$(< "$dir/need")"

export CLUSTERSHELL_CFGDIR=$dir
cat > "$dir/groups.conf" << END
[Main]
default: local

[local]
map: sed -n 's/^\$GROUP: //p' $dir/groups
list: sed 's/:.*//' $dir/groups
END
cat > "$dir/groups" << END
web: 127.0.0.[1-3,7],127.0.0.9
empty:
END

# --- 200 sets ---

# Each set has a prefix of its own, so one nodeset can expand all of them.
perl -e '
	use strict;
	srand 17;
	sub any { my $most = shift; return int rand $most }
	sub number { # with so many digits, or 0 for any
		my $width = shift;
		return $width ? sprintf "%0${width}d", any(10 ** $width) : any(120);
	}
	sub range {
		my $width = any(3) ? 0 : 2 + any(2);
		my $first = number($width);
		return $first if any(3) == 0;
		my $last = $first + any(12);
		# nodeset knows only ranges whose ends are of one length, if one has zeros.
		$last = $width && $last > 10 ** $width - 1 ? $first :
			sprintf "%0*d", $width || 1, $last;
		return "$first-$last" . (any(4) ? "" : "/" . (1 + any(5)));
	}
	sub brackets { return "[" . join(",", map { range() } 0 .. any(3)) . "]" }
	sub element {
		my $prefix = shift;
		my $name = $prefix . ("", "-", "x", "n", ".a")[any 5];
		return $name . any(20) if any(4) == 0;
		$name .= brackets();
		$name .= ("", "", "", ".example.org", "-ib0", "0")[any 6];
		$name =~ s/0$// if $name =~ m|/.*0$|; # nodeset refuses steps there
		$name .= "r" . brackets() . ("", "z")[any 2] if any(4) == 0;
		return $name;
	}
	for my $i (0 .. 199) {
		my $prefix = "s" . chr(97 + $i / 26) . chr(97 + $i % 26);
		my @set = map { element($prefix) } 0 .. any(4);
		# What is left out has something of the set, and perhaps something else.
		my @out = any(2) ? (element($prefix), $set[any(scalar @set)]) : ();
		print join(",", @set), " ", join(",", @out), "\n";
	}' > "$dir/sets"
is '200 sets are generated' "$(wc -l < "$dir/sets")" 200
mapfile -t sets < <(cut -d ' ' -f 1 "$dir/sets")
mapfile -t outs < <(cut -d ' ' -f 2 "$dir/sets" | grep .)
printf '# such as %s\n' "${sets[@]:0:3}" "-x ${outs[0]}"

nodeset -e -S '\n' "${sets[@]}" -x "$(IFS=,; echo "${outs[*]}")" > "$dir/theirs" ||
	bail 'nodeset does not take the sets'
sort -u -o "$dir/theirs" "$dir/theirs"
# To ask one address, which has all of these names, takes no look-up.
printf 'Address 127.0.0.1\nPort 1\nKeyFile key\n' > "$dir/config"
# What is left out is among the hosts: an element of -x that means no host is refused.
run status -F "$dir/config" --json --timeout 0.2 "${outs[@]/#/-x}" "${sets[@]}" "${outs[@]}"
exits 'the sets' 2
sed -n 's/^{"host":"\([^"]*\)".*/\1/p' "$out" | sort > "$dir/ours"
echo "# $(wc -l < "$dir/ours") hosts"
ok 'the sets have many hosts' [ "$(wc -l < "$dir/ours")" -gt 2000 ]
diff "$dir/theirs" "$dir/ours" > "$dir/different" || note < "$dir/different"
is 'they are the same as those of nodeset -e' "$(head -n 5 "$dir/different")" ''

# What nodeset refuses is refused. n1[8-12] is n18 to n112 for nodeset: this, too.
run status -F "$dir/config" 'n1[8-12]'
exits "'n1[8-12]'" 3
like "'n1[8-12]': the message says so" "$err" 'expected numbers of the same length after a digit'

for set in 'w[8-0011]' 'w[01-100]' 'w[3-1]' 'w[1-3' 'w1]' 'w[]' 'w[1/2]' 'w[1-3/0]' a,,b 'a,'; do
	nodeset -e -- "$set" > "$dir/refusal" 2>&1
	is "nodeset refuses '$set'" $? 1
	run status -F "$dir/config" -- "$set"
	exits "'$set'" 3
done

# --- Groups ---

serve --any
ask() { # NAME STATUS ARGUMENT…
	run status "${at[@]}" --json "${@:3}"
	exits "$1" "$2"
}
hosts() {
	json "$out" '$o->{host}' | sort | xargs
}
ask 'a group' 0 127.0.0.4,@web,127.0.0.2
is 'a group has its hosts' "$(hosts)" '127.0.0.1 127.0.0.2 127.0.0.3 127.0.0.4 127.0.0.7 127.0.0.9'
ask '-x with a group' 0 '127.0.0.[1-5]' -x @web
is '-x with a group: the rest' "$(hosts)" '127.0.0.4 127.0.0.5'
echo '@web' > "$dir/list"
ask 'a group in --hosts' 0 --hosts "$dir/list"
is 'a group in --hosts has its hosts' "$(hosts)" '127.0.0.1 127.0.0.2 127.0.0.3 127.0.0.7 127.0.0.9'
printf 'Host @web !127.0.0.9\nPort %s\nHost *\nPort 1\n' "$port" > "$dir/config"
run status -F "$dir/config" --key-file "$config/key" --json '127.0.0.[7-9]'
is 'a group in a Host line' "$(json "$out" '"$o->{host} $o->{state}"' | sort | xargs)" \
	'127.0.0.7 alive 127.0.0.8 closed 127.0.0.9 closed'
printf 'Host * !@web\nPort 1\nHost *\nPort %s\n' "$port" > "$dir/config"
run status -F "$dir/config" --key-file "$config/key" --json '127.0.0.[7-9]'
is 'a group after ! in a Host line' \
	"$(json "$out" '"$o->{host} $o->{state}"' | sort | xargs)" \
	'127.0.0.7 alive 127.0.0.8 closed 127.0.0.9 alive'
echo 'Host @web;x' > "$dir/config"
run status -F "$dir/config" 127.0.0.1
exits 'a bad group in a Host line' 3
ask 'a group without hosts' 3 @empty
like 'a group without hosts: the message says so' "$err" \
	"^send_sysrq: host: '@empty' given, expected a group that has hosts$"
ask 'a source of groups that there is not' 3 @none:web
like 'a source of groups that there is not: nodeset says so' "$err" \
	"^send_sysrq: host: '@none:web' given, expected a group that nodeset knows \(.*none.*\)$"
# shellcheck disable=SC2016
for group in @ '@web;touch build/x' '@$(touch build/x)' '@`touch build/x`' '@a b' '@--help@' '@web&@web'; do
	ask "'$group'" 3 "$group"
done
ok 'no shell has read the groups' [ ! -e build/x ]
PATH=$dir "$client" status "${at[@]}" @web > "$out" 2> "$err"
is 'a group without nodeset: send_sysrq exits with 3' $? 3
like 'a group without nodeset: the message names the package' "$err" \
	"expected hosts without @: nodeset.* is not installed \(package clustershell\)$"

# --- A nodeset that is a script of this test ---

mkdir "$dir/bin"
fake() { # SCRIPT
	printf '#!/bin/sh\n%s\n' "$1" > "$dir/bin/nodeset"
	chmod +x "$dir/bin/nodeset"
}
export PATH=$dir/bin:$PATH
fake "sed -n 's/^SigBlk:.//p; s/^SigIgn:.//p' /proc/self/status | paste -sd, >&2; exit 1"
timeout 30 env --block-signal --ignore-signal=INT "$client" status "${at[@]}" @web > "$out" 2> "$err"
# The C library has the signals 32 and 33 for itself.
like 'nodeset blocks and ignores no signal' "$err" '\(0{16},[0-9a-f]{9}0{7}\)$'

# What it starts would hang, too: a question to a directory that does not answer.
fake "cat '$dir/held' & echo \$\$ \$! > '$dir/hung'; wait"
mkfifo "$dir/held"
run status "${at[@]}" @web
exits 'a nodeset that hangs' 3
like 'a nodeset that hangs: the message says so' "$err" \
	"^send_sysrq: host: '@web' given, expected hosts without @: nodeset did not answer within 5 s$"
read -r hung started_by_it < "$dir/hung"
gone() { # PROCESS: perhaps nobody has taken its status yet
	local end=$((SECONDS + 20))
	while grep -q '^State:.[^Z]' "/proc/$1/status"; do
		[ "$SECONDS" -lt "$end" ] || return 1
		nap
	done
}
ok 'a nodeset that hangs is ended' gone "$hung"
ok '… and what it has started' gone "$started_by_it"

fake 'echo 127.0.0.5'
timeout 30 env --ignore-signal=CHLD "$client" status "${at[@]}" --json @web > "$out" 2> "$err"
rc=$?
exits 'a group if the program before ignored the end of its children' 0
read_only='mount --bind /tmp /tmp && mount -o remount,bind,ro /tmp && [ ! -w /tmp ] || exit 99
	exec timeout 30 "$@"'
if unshare -rm true 2> /dev/null; then
	unshare -rm sh -c "$read_only" sh "$client" status "${at[@]}" --json @web \
		> "$out" 2> "$err"
	rc=$?
	exits 'a group if /tmp is read-only' 0
	is 'a group if /tmp is read-only has its host' "$(hosts)" 127.0.0.5
else
	skip 'a group if /tmp is read-only' 'unshare -rm does not work here'
fi
for files in 4 5; do
	(ulimit -n "$files" && exec timeout 30 "$client" status "${at[@]}" @web) > "$out" 2> "$err"
	rc=$?
	exits "a group with $files files" 3
	like "a group with $files files: the message says why" "$err" \
		'expected hosts without @: nodeset cannot run \(Too many open files\)$'
done
done_testing
