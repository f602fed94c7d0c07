#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# send_sysrq refuses a key file that others may read or write, and a file that holds no
# key. It refuses the file both to print its public key and to send with it, shows nothing
# of the key, and sends nothing.
# shellcheck source=tests/client/lib.sh
. "$(dirname "$0")/lib.sh"

serve
at+=(127.0.0.1)
private=$(< "$config/key")
secret=${private#sysrq-private:}

bad_file() { # NAME REGEX FILE
	refuses "$1, pubkey" "^send_sysrq: .*$2" pubkey --key-file "$3"
	refuses "$1, send" "^send_sysrq: .*$2" --key-file "$3" "${at[@]}" s
	is "$1: the message is one line" "$(wc -l < "$err")" 1
}

for mode in 0640 0604 0620 0602 0610 0601; do
	cp "$config/key" "$dir/open"
	chmod $mode "$dir/open"
	bad_file "a key file of mode $mode" \
		"mode $mode, .* only its owner .*: run chmod 600 '$dir/open'$" "$dir/open"
done
"$client" pubkey --key-file - < "$dir/open" > "$out" 2> "$err"
rc=$?
exits 'standard input that others may read' 2
like 'standard input that others may read: the message says so' "$err" \
	"'standard input' has mode 0601, .*chmod 600 on that file$"
ln -s "$dir/open" "$dir/link"
bad_file 'a link to a file that others may read' 'mode 0601' "$dir/link"
bad_file 'no key file' '(No such file|there is no key file)' "$dir/none"
bad_file 'a folder' "'$dir' given, expected a regular file" "$dir"
bad_file 'a device' "'/dev/null' given, expected a regular" /dev/null
bad_file 'a device as standard input' \
	"'standard input' given, expected a regular" -

bad_text() { # NAME TEXT [REGEX]: of a key file
	printf '%b' "$2" > "$dir/bad"
	bad_file "$1" "${3:-is not a private key, expected 'sysrq-private:' and 44 characters of base64}" "$dir/bad"
	is "$1: the message does not show the key" "$(grep -cF -- "${secret:10:8}" "$err")" 0
}
word=sysrq-private:
bad_text 'an empty key file' ''
bad_text 'a key file with an empty first line' "\n$private\n"
bad_text 'a private key without its word' "$secret\n" 'a public key, expected a private'
bad_text 'a key with another word' "sysrq-secret:$secret\n"
bad_text 'a key of 43 characters' "${private%=}\n"
bad_text 'a key of 45 characters' "$private=\n"
bad_text 'a key of 31 bytes' "$word${secret:0:40}${secret:40:2}==\n"
bad_text 'a key with a line before it' "# key\n$private\n"
bad_text 'a key after a blank' " $private\n"
bad_text 'a key before a blank' "$private \n"
bad_text 'three keys in one line' "$private$private$private\n"
bad_text 'a key with a character that is not base64' "$word${secret:0:20}-${secret:21}\n"
bad_text 'a key with a NUL' "$word${secret:0:20}\\\\0${secret:21}\n"
bad_text 'a key with too many bits' "$word${secret:0:42}B=\n"
printf '%s\r\n' "$private" > "$dir/bad"
bad_file 'a key with a carriage return' "'$dir/bad' ends with CR LF" "$dir/bad"
unlike 'a key with a carriage return: the message does not show the key' "$err" \
	"${secret:10:8}"
if [ "$(id -u)" -eq 0 ]; then
	cp "$config/key" "$dir/foreign"
	chown 65534 "$dir/foreign"
	bad_file 'a key file of another user' \
		"'$dir/foreign' belongs to the user 65534, .*: run this as that user, or give root a" \
		"$dir/foreign"
else
	skip 'a key file of another user' 'only root can make one'
fi
unlike 'a host hears nothing of bad keys' "$log" '^(hello|copy)'
printf '\xef\xbb\xbf%s\n' "$private" > "$dir/mark"
run --key-file "$dir/mark" "${at[@]}" h
exits 'a key file with a byte-order mark' 0
done_testing
