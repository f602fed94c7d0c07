#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# send_sysrq refuses a key file that others may read or write, and a file that holds no
# key. It refuses the file both to derive from it and to send with it, shows nothing of
# the key, and sends nothing.
# shellcheck source=tests/client/lib.sh
. "$(dirname "$0")/lib.sh"

serve
at=(-p "$port" 127.0.0.1)

bad_file() { # NAME REGEX FILE
	refuses "$1, derive" "^send_sysrq: .*$2" derive --realm web7 --key-file "$3"
	refuses "$1, send" "^send_sysrq: .*$2" --key-file "$3" "${at[@]}" s
	is "$1: the message is one line" "$(wc -l < "$err")" 1
}

for mode in 0640 0604 0620 0602 0610 0601; do
	cp "$config/key" "$dir/open"
	chmod $mode "$dir/open"
	bad_file "a key file of mode $mode" \
		"mode $mode, .* only its owner .*: run chmod 600 '$dir/open'$" "$dir/open"
done
"$client" derive --key-file - --realm web7 < "$dir/open" > "$out" 2> "$err"
rc=$?
exits 'standard input that others may read' 2
like 'standard input that others may read: the message says so' "$err" \
	"'standard input' has mode 0601, .*chmod 600 on that file$"
ln -s "$dir/open" "$dir/link"
bad_file 'a link to a file that others may read' 'mode 0601' "$dir/link"
bad_file 'no key file' 'No such file' "$dir/none"
bad_file 'a folder' "'$dir' given, expected a regular file" "$dir"
bad_file 'a device' "'/dev/null' given, expected a regular" /dev/null
bad_file 'a device as standard input' \
	"'standard input' given, expected a regular" -

bad_text() { # NAME TEXT: of a key file
	printf '%b' "$2" > "$dir/bad"
	bad_file "$1" "'$dir/bad' is not a key, expected 44 characters of base64" "$dir/bad"
	unlike "$1: the message does not show the key" "$err" "${key:10:8}"
}
bad_text 'an empty key file' ''
bad_text 'a key file with an empty first line' "\n$key\n"
bad_text 'a key of 43 characters' "${key%=}\n"
bad_text 'a key of 45 characters' "$key=\n"
bad_text 'a key of 31 bytes' "${key:0:40}${key:40:2}==\n"
bad_text 'a key with a line before it' "# key\n$key\n"
bad_text 'a key after a blank' " $key\n"
bad_text 'a key before a blank' "$key \n"
bad_text 'three keys in one line' "$key$key$key\n"
bad_text 'a key with a character that is not base64' "${key:0:20}-${key:21}\n"
bad_text 'a key with a NUL' "${key:0:20}\\\\0${key:21}\n"
bad_text 'a key with too many bits' "${key:0:42}B=\n"
printf '%s\r\n' "$key" > "$dir/bad"
bad_file 'a key with a carriage return' "'$dir/bad' ends with CR LF" "$dir/bad"
unlike 'a key with a carriage return: the message does not show the key' "$err" \
	"${key:10:8}"
if [ "$(id -u)" -eq 0 ]; then
	cp "$config/key" "$dir/foreign"
	chown 65534 "$dir/foreign"
	bad_file 'a key file of another user' \
		"'$dir/foreign' belongs to the user 65534, .*: run chown 0 '$dir/foreign'$" \
		"$dir/foreign"
else
	skip 'a key file of another user' 'only root can make one'
fi
unlike 'a host hears nothing of bad keys' "$log" '^(hello|copy)'
printf '\xef\xbb\xbf%s\n' "$key" > "$dir/mark"
run --key-file "$dir/mark" "${at[@]}" h
exits 'a key file with a byte-order mark' 0
done_testing
