#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# `send_sysrq known` notes the public key of a host, and of nothing else, without losing a
# line. A host is known by its names and its addresses in any form.
# shellcheck source=tests/client/lib.sh
. "$(dirname "$0")/lib.sh"

serve
host=$(awk '/^key/ { print $2 }' "$log")
file=$config/known_hosts
: > "$file"
at=(-p "$port" --no-one-way)
for i in 1 2 3; do
	"$client" genkey --key-file "$dir/other.$i" > "$dir/public.$i"
done
other=$(< "$dir/public.1")

# --- The line ---

run known web7,web7.example.org,127.0.0.1 "$host"
exits 'known' 0
no_error 'known'
is 'known writes the line' "$(< "$file")" "web7,web7.example.org,127.0.0.1 $host"
is 'nobody else may write the file' "$(stat -c %a "$file")" 600
run "${at[@]}" 127.0.0.1 h
exits 'a host that is known by its address' 0
run "${at[@]}" ::ffff:127.0.0.1 h
exits 'the same address as IPv6' 0
for name in web7 WEB7.Example.org web7. web7.example.org.; do
	run "${at[@]}" --known-as $name localhost h
	exits "--known-as $name" 0
done
for name in 'web[1-2]' web7,web8 @group ''; do
	run "${at[@]}" --known-as "$name" localhost h
	exits "--known-as '$name'" 2
	is "--known-as '$name': the message says what is expected" "$(< "$err")" \
		"send_sysrq: --known-as: '$name' given, expected the name or address of one host"
done
run known "$host" web7
exits 'known with the key first' 2
is 'known with the key first: the message says so' "$(< "$err")" \
	"send_sysrq: known: 'web7' given, expected a key: the names come first, then the key"
secret=$(< "$config/key")
run known web9 "$secret"
exits 'known with a private key' 2
ok 'known with a private key: it is not shown' eval '! grep -Fq -- "${secret#*:}" "$err"'
HOME=$dir/new "$client" known web7. "$host"
is 'known leaves out a dot at the end of a name' \
	"$(< "$dir/new/.config/send_sysrq/known_hosts")" "web7 $host"
is 'known makes the folder' "$(stat -c %a "$dir/new/.config/send_sysrq")" 700
notes() { # NAME STATUS LINES ARGUMENT…: then the file has these lines
	run known "${@:4}"
	exits "$1" "$2"
	is "$1: the lines of the file" "$(< "$file")" "$3"
}
printf '%s\n' '# my hosts' "a,b $other" 'a bad line' "web7 $(< "$dir/public.2")" \
	"c $(< "$dir/public.3")" > "$file"
cp "$file" "$dir/before"
notes 'a new key of a host' 0 "# my hosts
a,b $other
a bad line
web7,192.0.2.7 $host
c $(< "$dir/public.3")" web7,192.0.2.7 "$host"
is 'a new key of a host: this is said' "$(< "$err")" \
	"send_sysrq: $file, line 4: web7 had another key, and has this one now"
notes 'the same key again, with another name' 0 "# my hosts
a,b $other
a bad line
web7,web7.lan,192.0.2.7 $host
c $(< "$dir/public.3")" web7,web7.lan " $host
"
no_error 'the same key again, with blanks around it'
run genkey --key-file "$dir/other.4"
fourth=$(< "$out")
notes 'one line for two' 0 "# my hosts
b,c $fourth
a bad line
web7,web7.lan,192.0.2.7 $host" b,c "$fourth"
like 'one line for two: the name that is lost is told' "$err" \
	'line 2: b had another key, and has this one now; not known any more: a$'
is 'one line for two: both are named' "$(sed 's/.*, //' "$err" | wc -l)" 2
cp "$file" "$dir/before"

# --- Refused ---

refuses_key() { # NAME REGEX NAMES KEY
	run known "$3" "$4"
	exits "$1" 2
	like "$1: the message says so" "$err" "^send_sysrq: $2"
	is "$1: the message is one line" "$(wc -l < "$err")" 1
	ok "$1: the file is as it was" cmp -s "$file" "$dir/before"
}
refuses_key 'a private key' 'known: .*this is a private key, which nobody else may have' \
	web9 "$(< "$config/key")"
is 'a private key is not shown' "$(grep -cF -- "$(cut -c 15-30 "$config/key")" "$err")" 0
refuses_key "one's own key" 'known: this is your own public key' web9 \
	"$("$client" pubkey)"
refuses_key 'an empty key' 'known: the key is empty: setup printed none$' web9 ''
refuses_key 'a key of blanks' 'known: the key is empty: setup printed none$' web9 ' 
'
refuses_key 'a password' 'known: .*this is not a public key' web9 my_very_secret_password
refuses_key 'a key that is cut' 'known: .*this is not a public key' web9 "${other%?}"
refuses_key 'a key with too many bits' 'known: .*this is not a public key' web9 \
	"${other:0:42}B="
# tests/vectors.json has keys of low order, and others that are not canonical.
perl -MJSON::PP -MMIME::Base64 -0777 -ne 'print map { encode_base64(pack("H*", $_)) }
	@{decode_json($_)->{refused_publics}}' tests/vectors.json > "$dir/publics"
ok 'several refused keys are published' [ "$(wc -l < "$dir/publics")" -ge 5 ]
while read -r public; do
	refuses_key "$public" 'known: .*no host can have this key' web9 "$public"
done < "$dir/publics"
for name in 'web*' 'web?' '10.0.0.0/24' '10.0.0.1-9' 'web[1-3]' '@rack' web9:9 ''; do
	refuses_key "the name '$name'" "known: .*is not the name or address of one host|known: no name given" \
		"$name" "$(< "$dir/public.1")"
done
refuses_key 'a name with a blank' \
	"known: 'web 9' given, expected names with commas and without a blank between them$" \
	'web 9' "$other"
refuses_key 'the key of another host' \
	"$file, line 4: web7 has this key already, and two machines may not have one key" \
	web9 "$host"
refuses_key 'the key of another host for a host that has one' \
	"$file, line 4: web7 has this key already" b "$host"

# --- The file of all users ---

# shellcheck disable=SC2016 # its own arguments
in_etc='mount -t tmpfs none /etc && mkdir /etc/send_sysrq &&
	cp "$1" /etc/send_sysrq/known_hosts && eval "$2" && shift 2 && exec setpriv \
	--bounding-set=-dac_override,-dac_read_search "$@"'
# $spoil: commands before; root may not open all files.
both() { # NAME STATUS OWN SYSTEM ARGUMENT…: what the two files have; web7 is asked
	printf '%s\n' "$3" > "$file"
	printf '%s\n' "$4" > "$dir/system"
	timeout 30 unshare -rm sh -c "$in_etc" sh "$dir/system" "${spoil:-:}" "$client" \
		"${at[@]}" --known-as web7 "${@:5}" 127.0.0.1 h > "$out" 2> "$err" < /dev/null
	rc=$?
	exits "$1" "$2"
}
if unshare -rm true 2> /dev/null; then
	both 'a line in /etc/send_sysrq' 0 "web8 $other" "web7 $host"
	both "one's own line and another key in /etc/send_sysrq" 0 "web7 $host" "web7 $other"
	no_error "one's own line and another key in /etc/send_sysrq"
	both "one's own line has another key, which counts" 5 "web7 $other" "web7 $host" \
		--timeout 0.3
	both 'one key of one host in both files' 0 "web7.lan $host" "web7,web7.lan $host"
	no_error 'one key of one host in both files'
	both 'one key of two hosts in the two files' 2 "web8 $host" "web7 $host"
	like 'one key of two hosts in the two files: that in /etc/send_sysrq is skipped' "$err" \
		"/etc/send_sysrq/known_hosts, line 1: the key is that of line 1 of $file too, .*skipped"

	spoiled() { # NAME COMMANDS REGEX: of the only message
		spoil=$2
		both "$1" 0 "web7 $host" "web8 $other"
		like "$1: one message says so" "$err" "^send_sysrq: $3"
		is "$1: it is the only one" "$(wc -l < "$err")" 1
		both "$1, and the host is only there" 2 "web8 $other" "web7 $host"
		like '… the host is not known' "$err" "'web7' is not known"
		spoil=
	}
	system=/etc/send_sysrq/known_hosts
	spoiled 'a file of all users that others may write' "chmod 664 $system" \
		"known hosts \(skipped\): '$system' has mode 0664, .*: run chmod go-w '$system'$"
	spoiled 'a file of all users that cannot be read' "chmod 0 $system" \
		"cannot read known hosts \(skipped\) $system: Permission denied$"
	spoiled 'a pipe' "rm $system && mkfifo $system" \
		"known hosts \(skipped\): '$system' given, expected a regular file"
else
	skip 'the file of all users' 'no user namespaces'
fi

# --- Lines that others have written ---

ask() { # NAME STATUS LINES: of the file; web7 is asked
	printf '%s\n' "$3" > "$file"
	run "${at[@]}" --known-as web7 127.0.0.1 h
	exits "$1" "$2"
}
ask 'a bad line' 0 "web8 nonsense
web7 $host"
is 'a bad line is named and skipped' "$(grep -c "^send_sysrq: $file, line 1: .*; the line is skipped$" "$err")" 1
ask 'a pattern' 2 "web* $host"
like 'a pattern: the line is named' "$err" "line 1: 'web\\*' is not the name .* skipped"
ask 'one key in two lines' 0 "web7 $host
web8 $host"
like 'one key in two lines: the second is skipped' "$err" \
	"line 2: the key is that of line 1 of .*copies of one machine .*skipped"
ask 'one key in two lines, and the name in the second' 2 "web8 $host
web7 $host"
ask 'one name in two lines' 0 "web7 $host
web7 $other"
like 'one name in two lines: the first counts' "$err" 'line 2: web7 is in line 1 too, which counts'
printf '\xef\xbb\xbf' > "$dir/mark"
ask 'a byte-order mark before the first line' 0 "$(< "$dir/mark")web7 $host"
no_error 'a byte-order mark before the first line'
ask 'a comment behind a line, and blanks' 0 " 	web6,web7 	$host  # of rack 2"
no_error 'a comment behind a line, and blanks'
ask 'a carriage return' 0 "web7 $host"$'\r'
no_error 'a carriage return'
echo "fe80::1%eth0,2001:DB8:0::7 $host" > "$file"
for name in fe80::1 fe80::1%eth9 2001:db8::7 '[2001:db8::7]'; do
	run "${at[@]}" --known-as "$name" 127.0.0.1 h
	exits "the address $name" 0
done
"$client" pubkey > "$out"
ask "one's own key" 2 "web7 $(< "$out")"
like "one's own key: the message says so" "$err" 'have a key for .* that is your own'
echo "web7 $host" > "$file"
chmod g+w "$file"
run "${at[@]}" --known-as web7 127.0.0.1 h
exits 'a file that its group may write' 2
like 'a file that its group may write: the message says so' "$err" 'has mode 0620, .*chmod go-w'
cp "$file" "$dir/before"
refuses_key 'known with a file that its group may write' \
	"known hosts: '$file' has mode 0620, .*chmod go-w" web9 "$other"
if [ "$(id -u)" = 0 ]; then
	chmod 600 "$file"
	chown 65532 "$file"
	refuses_key 'known with a file of another user' \
		"known hosts: '$file' belongs to the user 65532" web9 "$other"
	chown 0 "$file"
fi
chmod 600 "$file"

# --- Nothing is lost ---

: > "$file"
for i in {1..20}; do
	"$client" genkey --key-file "$dir/many.$i" > "$dir/many.$i.public"
done
racers=()
for i in {1..20}; do
	"$client" known "host-$i" "$(< "$dir/many.$i.public")" &
	racers+=($!)
done
wait "${racers[@]}"
is 'twenty commands at once lose no line' "$(sort -u "$file" | wc -l)" 20

mv "$file" "$dir/elsewhere"
ln -s "$dir/elsewhere" "$file"
run known linked "$host"
exits 'a file behind a link' 0
ok 'the link stays' [ -L "$file" ]
is 'the line is in the file behind the link' "$(tail -n 1 "$dir/elsewhere")" "linked $host"
ok 'nothing else is left' [ ! -e "$dir/elsewhere.new" ]

ln -s "$dir/victim" "$dir/elsewhere.new"
echo victim > "$dir/victim"
run known linked "$host"
exits 'a link in the place of the new file' 0
is '… is not followed' "$(< "$dir/victim")" victim
ok '… and is gone' [ ! -L "$dir/elsewhere" ]
echo stale > "$dir/elsewhere.new"
run known linked "$host"
exits 'what an interrupted command has left' 0
is '… counts for nothing' "$(grep -c stale "$dir/elsewhere")" 0
if [ "$(id -u)" = 0 ]; then
	cp "$dir/elsewhere" "$dir/before"
	chown -h 65532 "$file"
	run known web9 "$other"
	exits "another user's link to the file" 2
	is '… the message says so' "$(< "$err")" \
		"send_sysrq: known hosts: '$file' is a link of the user 65532, expected a link of your own or of root"
	ok '… the file behind it is as it was' cmp -s "$dir/elsewhere" "$dir/before"
	chown -h 0 "$file"
fi

cp "$dir/elsewhere" "$dir/before"
# The limit is for all files, so standard error must be a pipe.
(trap '' XFSZ; exec prlimit --fsize=100 "$client" known last "$other") \
	2>&1 > /dev/null | cat > "$err"
rc=${PIPESTATUS[0]}
exits 'a full disk' 13
like 'a full disk: the message says so' "$err" "^send_sysrq: cannot write $dir/elsewhere: "
ok 'a full disk: the file is as it was' cmp -s "$dir/elsewhere" "$dir/before"
ok 'a full disk: nothing is left' [ ! -e "$dir/elsewhere.new" ]
run known last "$other"
exits 'the disk has room again' 0
done_testing
