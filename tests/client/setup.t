#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# send_sysrq setup judges its arguments before it looks at the host, shows no private key,
# changes a table of operators in the right line, asks with the right defaults, and undoes all or
# nothing where it is interrupted or a disk is full.
# tests/vm/setup.t sets a host up.
# shellcheck source=tests/client/lib.sh
. "$(dirname "$0")/lib.sh"

bad() { # NAME REGEX ARGUMENT…
	sh packaging/setup "$client" "${@:3}" > "$out" 2> "$err" < /dev/null
	rc=$?
	exits "$1" 2
	is "$1: one line says so" "$(wc -l < "$err")" 1
	like "$1: the message says why" "$err" "^send_sysrq: $2"
	is "$1: nothing is on standard output" "$(< "$out")" ''
}
other=$("$client" genkey --key-file "$dir/other")
private=$(< "$dir/other")

bad 'another option' "setup: '--no' given" --no
bad 'an argument' "setup: 'web7' given" --yes web7
bad '--operator without --key' 'setup: --key is missing$' --yes --operator alice
bad '--key without --operator' 'setup: --operator is missing$' --yes --key "$key"
for name in operator key permissions port from; do
	bad "--$name at the end" "setup: --$name given without a value" --yes "--$name"
done
bad 'no name' "operator: '' given" --operator ''
bad 'a name with a blank' "operator: 'a b' given" --operator 'a b'
bad 'a name of 32 letters' 'operator: .* given, expected a name of at most 31 letters' \
	--operator 12345678901234567890123456789012
bad 'the name of the password' "operator: 'passwd' given" --operator=passwd
bad 'a key that is too short' 'key: this is no public key, expected 44' --key "${key#?}"
bad 'a key with a blank' 'key: this is no public key' "--key= ${key#?}"
bad 'no permission' "permissions: '' given" --permissions ''
bad 'a comment in permissions' "permissions: 's#' given" --permissions 's#'
bad 'a semicolon in permissions' "permissions: 's;u' given" --permissions 's;u'
for port in 0 65536 9x -1 ''; do
	bad "port '$port'" "port: '$port' given, expected a number from 1 to 65535" --port "$port"
done
bad 'a name in from' "from: 'web7' given, expected networks" --from web7
for option in --key --operator --permissions --port --from; do
	bad "a private key after $option" 'a private key given, which its owner shows to nobody' \
		"$option" "$private"
	ok "… is not shown" eval '! grep -F "${private#*:}" "$err"'
done
bad 'a private key alone' 'a private key given' "$private"
ok '… is not shown' eval '! grep -F "${private#*:}" "$err"'

# --- The table ---
table() { # NAME KEY PERMISSIONS [FILE]
	name=$1 key=$2 words=$3 said=$err table=TABLE \
		awk -f packaging/add-operator "$dir/${4-table}" > "$out"
}
printf '%s' "# mine

  alice	$key  s, u # remark
bob $other all" > "$dir/table"
table carol new 'all log'
is 'another operator is added at the end, and nothing else is changed' "$(< "$out")" \
	"$(< "$dir/table")
carol new all log"
no_error 'another operator'
table alice "$key" 's u'
is 'the same operator changes nothing' "$(< "$out")" "$(< "$dir/table")"
no_error 'the same operator'
table alice new all
is 'another key of an operator is added' "$(tail -n 1 "$out")" 'alice new all'
is '… the old one is named' "$(< "$err")" \
	"alice has another key, $key, in line 3 of TABLE: remove that line if it is no longer used."
table alice "$key" 'all log'
is 'other permissions take the place of the old ones, and a remark stays' "$(sed -n 3p "$out")" \
	"alice $key all log # remark"
is '… in this line only' "$(sed 3d "$out")" "$(sed 3d "$dir/table")"
is '… which is told' "$(< "$err")" \
	"The key is in line 3 of TABLE already: the line was 'alice s,u', and is 'alice all,log' now."
table dave "$other" all
is 'another name takes the place of the old one' "$(sed -n 4p "$out")" "dave $other all"
echo "007 $key all" > "$dir/digits"
table 7 "$key" all digits
is 'names of digits are no numbers' "$(< "$out")" "7 $key all"
table '' '' 'all log'
is 'without an operator the table stays' "$(< "$out")" "$(< "$dir/table")"

# --- The questions ---
settings() { # COMMANDS [ANSWERS]: prints the permissions and the networks
	printf '%b' "${2-}" | table=$dir/table key=$key sh -c '
		its_key=$key
		. packaging/settings
		key=$its_key
		'"$1"'
		echo "$permissions|$from"' > "$out" 2> "$err"
}
settings default_permissions
is 'a key that the table has keeps its permissions' "$(< "$out")" 's, u|'
settings "key=$other; default_permissions"
is '… also one in another line' "$(< "$out")" 'all|'
settings 'key=new; default_permissions'
is 'a new key gets all permissions' "$(< "$out")" 'all log|'
settings 'table=$table.none; default_permissions'
is '… also where there is no table' "$(< "$out")" 'all log|'
settings ask_permissions '\n'
is 'an empty answer keeps them' "$(< "$out")" 's, u|'
like '… the question shows them' "$err" 'Permissions: .* \[s, u\]: $'
settings 'permissions=sub; ask_permissions' '\n'
is 'permissions that the module has refused are no default' "$(< "$out")" 's, u|'
settings 'from=10.0.0.1/8; ask_from' '\n'
is 'neither are networks' "$(< "$out")" 'all log|'
unlike '… the question does not show them' "$err" '10\.0\.0\.1/8\]'
settings 'ask_from' 'web7\n\n'
unlike 'networks that setup has refused are no default' "$err" '\[web7\]'

# --- Panics ---
kernel=$dir/kernel
mkdir "$kernel"
panics() { # COMMANDS [ANSWERS]: prints both settings
	printf '%b' "${2-}" | sysctl=$kernel kdump=$dir/kdump parameters=$dir/parameters \
		lockups=$dir/lockups work=$dir/run sh -c '
		. packaging/settings
		. packaging/panic
		change() { ! cmp -s "$1" "$2" || return 0; echo changed; cat "$2" > "$1"; }
		'"$1"'
		echo "$panic_on_lockup|$after_panic"' > "$out" 2> "$err"
	rc=$?
}
has_settings() { # NAME VALUE…
	rm "$kernel"/* 2> /dev/null
	while [ $# -gt 0 ]; do
		echo "$2" > "$kernel/$1"
		shift 2
	done
}
bad 'a value of a flag' "setup: '--panic-on-lockup=yes' given, expected an option" \
	--panic-on-lockup=yes
all=(softlockup_panic 0 hardlockup_panic 0 panic_on_rcu_stall 0 panic_on_oops 0 panic)
has_settings "${all[@]}" 0
panics panic_text
is 'the file for sysctl.d has four settings' "$(grep ^kernel "$out")" 'kernel.softlockup_panic = 1
kernel.hardlockup_panic = 1
kernel.panic_on_rcu_stall = 1
kernel.panic_on_oops = 1'
is '… each with what it means, in a paragraph' \
	"$(awk 'BEGIN { RS = "" } /^# [^\n]+\n(# .*\n)?kernel/' "$out" | grep -c ^kernel)" 4
like '… and why hung_task_panic is none of them' "$out" '^# kernel.hung_task_panic is left out: '
has_settings panic_on_oops 0 hung_task_panic 0 panic 0
panics panic_text
is 'what the kernel does not have is left out' "$(grep ^kernel "$out")" 'kernel.panic_on_oops = 1'
is '… with its meaning' "$(grep -c '' "$out")" 11
panics ask_panic '\n'
is 'the default answer is no' "$(< "$out")" 'no|no'
like '… the question says what happens after a panic' "$err" 'does not reboot \(kernel.panic=0\): the module can go on'
panics ask_panic 'y\nyes\n'
is 'yes is asked for as a word' "$(< "$out")" 'yes|no'
like '… as setup says' "$err" "panic on lockup: 'y' given, expected yes or no"
: > "$dir/lockups"
panics ask_panic
is 'where the file exists, nothing is asked' "$(< "$out")" 'no|no'
rm "$dir/lockups"
has_settings panic_on_oops 0 panic 10
panics ask_panic '\nyes\n'
is 'where the host reboots after a panic, after_panic is asked for' "$(< "$out")" 'no|yes'
like '… and what it does is told' "$err" \
	'reboots in 10 s \(kernel.panic=10\): until then .* only with after_panic=1 .* may keep'
mkdir "$dir/parameters"
echo Y > "$dir/parameters/after_panic"
panics ask_panic '\n'
is '… but not where the module was told to' "$(< "$out")" 'no|no'
like '… as setup says' "$err" 'the module listens until then \(after_panic=1\)'
echo 1 > "$dir/kdump"
panics ask_panic '\n'
like 'with kdump nothing listens' "$err" 'kdump takes this host over, and nothing listens'
panics 'set_parameter() { echo "set $*"; }; set_after_panic'
is 'without a yes after_panic is not set' "$(< "$out")" 'no|no'
panics 'set_parameter() { echo "set $*"; }; after_panic=yes; set_after_panic'
is '… with a yes it is' "$(< "$out")" 'set after_panic 1
no|yes'
rm -r "$dir/kdump" "$dir/parameters"
panics 'after_panic=yes; set_after_panic'
is 'a module without the parameter cannot do it' "$rc" 1
like '… as setup says' "$err" 'cannot listen after a panic, because it is an older one: nothing'
has_settings panic_on_oops 0 panic -1
panics ask_panic '\n'
is 'where the host reboots at once, after_panic is not asked for' "$(< "$out")" 'no|no'
like '… as setup says' "$err" 'reboots at once \(kernel.panic=-1\), and nothing listens'

has_settings softlockup_panic 1 panic_on_oops 0 panic 0
mkdir -p "$dir/run/sysctl"
echo '  panic    would go on listening after it' > "$dir/run/status"
panics write_lockups
is 'without a yes nothing is written' "$(< "$out")" 'no|no'
panics 'panic_on_lockup=yes; write_lockups'
is 'with a yes the file is written' "$(cat "$out"; grep ^kernel "$dir/lockups")" 'changed
yes|no
kernel.softlockup_panic = 1
kernel.panic_on_oops = 1'
is '… and is in force' "$(cat "$kernel"/{softlockup_panic,panic_on_oops})" '1
1'
is '… one sentence says what happens after a panic' "$(grep -c '' "$err")" 1
panics undo_lockups
is 'it can be undone: only what was 0 is 0 again' \
	"$(cat "$kernel"/{softlockup_panic,panic_on_oops})" '1
0'
panics 'panic_on_lockup=yes; write_lockups'
is 'the second time the file stays' "$(< "$out")" 'yes|no'
is '… and nothing is said' "$(< "$err")" ''
rm "$dir/lockups"
echo '  panic    would hear nothing after it' > "$dir/run/status"
panics 'panic_on_lockup=yes; write_lockups'
like 'where the host would hear nothing, setup says so' "$err" 'would hear nothing after a panic: see'

# --- What is undone, and what is not ---
# A copy of setup whose /etc, /run, /sys and /proc are below $host, and whose module and
# client are these. `ask` in $host makes the client interrupt setup, and PATH has $host/bin.
host=$dir/host
mkdir "$dir/pkg" "$host"
for file in settings panic setup add-operator; do
	sed -E "s#/(etc|run|sys|proc)/#$host&#g; s#^export PATH=#&$host/bin:#" "packaging/$file" \
		> "$dir/pkg/$file"
done
printf '#!/bin/sh\nexit 0\n' > "$dir/pkg/load"
cat > "$dir/pkg/client" << 'END'
#!/bin/sh
case $1 in
genkey) echo pair ;;
status) echo 'the host is alive' || exit 3 ;;
esac
END
chmod +x "$dir/pkg/load" "$dir/pkg/client"
table=$host/etc/ipt_sysrq/operators
modprobe=$host/etc/modprobe.d/ipt_SYSRQ.conf
proc=$host/proc/net/ipt_sysrq

# A host that is set up, with 300 operators: the table has several pages of memory.
new_host() {
	rm -rf "$host"
	mkdir -p "$host"/{bin,run,etc/{ipt_sysrq,modprobe.d,sysctl.d},proc/{net,sys/kernel}} \
		"$host/sys/module/ipt_SYSRQ/parameters"
	echo 'options ipt_SYSRQ mask=1 port=9 tolerance=300' > "$modprobe"
	for number in {1..300}; do
		echo "op$number $number${other:3} all log"
	done > "$table"
	echo 'the old table' > "$proc"
	: > "$host/etc/ipt_sysrq/key"
	echo 438 > "$host/proc/sys/kernel/sysrq"
	echo 9 > "$host/sys/module/ipt_SYSRQ/parameters/port"
	: > "$host/sys/module/ipt_SYSRQ/parameters/from"
	cat "$table" "$modprobe" > "$dir/as-it-was"
}

# Each time that PROGRAM is called by setup, COMMANDS come first.
instead() { # PROGRAM COMMANDS
	printf '#!/bin/sh\n%s\nexec %s "$@"\n' "$2" "$(command -v "$1")" > "$host/bin/$1"
	chmod +x "$host/bin/$1"
}

# Sets rc.
on_host() { # [COMMANDS OPTION…]: root's commands before setup
	timeout 60 unshare -rm sh -c "${1-:}
		shift
		exec sh '$dir/pkg/setup' '$dir/pkg/client' --yes --operator bob --key '$key' \"\$@\"" \
		sh "$@" > "${to:-$out}" 2> "$err" < /dev/null
	rc=$?
}

is_as_it_was() { # NAME
	ok "$1: the files are as they were" eval \
		'cat "$table" "$modprobe" 2> /dev/null | cmp -s - "$dir/as-it-was"'
	is '… nothing else is left' "$(find "$host/etc" -name '*.new'; ls -d "$host"/run/*.?????? 2> /dev/null)" ''
}
if unshare -rm true 2> /dev/null; then
	new_host
	on_host :
	is 'an operator is added' "$rc$(tail -n 1 "$table")" "0bob $key all log"
	is '… the module has the table' "$(cmp "$table" "$proc" 2>&1)" ''

	new_host
	instead mkdir "kill -INT \$PPID"
	on_host :
	is 'an interrupt before the copies are made ends setup' "$rc" 1
	is_as_it_was '… then'
	is '… the module keeps its table' "$(< "$proc")" 'the old table'

	# The key cannot be printed, so all is undone. A second Ctrl-C comes then.
	new_host
	instead cmp "[ ! -e '$host/last' ] || kill -INT \$PPID"
	instead sync ": > '$host/last'"
	to=/dev/full on_host :
	is 'where the key cannot be printed, setup fails' "$rc" 13
	is_as_it_was '… and a second interrupt does not stop its undoing'
	is '… the module has its table again' "$(cmp "$table" "$proc" 2>&1)" ''

	new_host
	instead cp "[ ! -e '$host/last' ] || exit 1"
	instead sync ": > '$host/last'"
	to=/dev/full on_host :
	like 'what cannot be written back is told' "$err" \
		"^send_sysrq: cannot write $table as it was: its old text is in $host/run/[^ ]*/kept/operators$"
	ok '… and kept' eval 'cat "$host"/run/*/kept/operators "$modprobe" | cmp -s - "$dir/as-it-was"'
	ok '… the module has the old table' cmp -s "$host"/run/*/kept/operators "$proc"

	# /run has too little room, or enough.
	full() { # NAME OPTIONS COMMAND
		new_host
		on_host "mount -t tmpfs -o $2 none '$host/run' && { $3; }" --port 10
		if [ "$rc" -eq 0 ]; then
			enough=1
			ok "$1: the table has all operators" eval \
				'head -n -1 "$table" | cmp -s - <(head -n -1 "$dir/as-it-was") &&
				[ "$(tail -n 1 "$table")" = "bob $key all log" ]'
			return
		fi
		like "$1: setup fails, and says so" "$err" '^send_sysrq: .*: nothing was changed$'
		is_as_it_was "$1"
		is '… so is the port' "$(< "$host/sys/module/ipt_SYSRQ/parameters/port")" 9
		ok '… the module has its table' eval \
			'[ "$(< "$proc")" = "the old table" ] || cmp -s "$table" "$proc"'
	}
	full 'no file can be made in /run' size=1m,nr_inodes=4 :
	enough=
	for ((pages = 0; pages < 80 && !enough; pages++)); do
		full "$pages pages free in /run" size=1m \
			"head -c $((4096 * (256 - pages))) /dev/zero > '$host/run/filler'"
	done
	is 'with enough room setup succeeds' "$enough" 1
else
	skip 'what setup undoes' 'no user namespaces'
fi
done_testing
