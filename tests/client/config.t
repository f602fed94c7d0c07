#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The configuration gives a host its address, port, key and realm. Its syntax is that of
# ssh_config, the first value counts, and the command line counts more than the file.
# shellcheck source=tests/client/lib.sh
. "$(dirname "$0")/lib.sh"

other=$("$client" genkey --key-file "$dir/other.key")
cp "$config/key" "$dir/key"
key='' serve --any --password test --realm web6
port6=$port
serve --any --host 127.0.0.7 --key "$other"
know web3 a2
cat > "$dir/config" << END
# Host 1 is in a comment.
Host [1-5]	# by its name
	Address "127.0.0.%h"
Host web7
	address = 127.0.0.7
	KEYFILE=~/other.key

Host web6 alias*
Address 127.0.1.6 # it is not known
Port=$port6
Host "web*" !web7
	Realm %h
Host 127.0.0.9
	Port 1
	KeyFile $dir/none
Host * !web6
	KeyFile key	# beside this file
Host *
	Port $port
Host 3
	Address 127.0.0.33
END

export SEND_SYSRQ_PASSWORD=test
alive() { # NAME NUMBER ARGUMENT…: the host is alive at 127.0.NUMBER
	run status -F "$dir/config" "${@:3}"
	exits "$1" 0
	like "$1: the host is alive at 127.0.0.$2" "$out" \
		"\\(127\\.0\\.$2:[0-9]+\\) is alive$"
}

# --- Which value counts ---

alive 'an address with %h, a port and a key' 0.2 2
alive 'a second address, which does not count' 0.3 3
alive 'a host that only Host * matches' 0.8 127.0.0.8
alive 'a key of its own' 0.7 web7
alive 'a password and a realm' 1.6 web6
alive '--realm before the realm of the file' 1.6 --password-file <(echo test) \
	--realm web6 alias6
alive '--key-file before the key of the file' 0.7 --key-file "$dir/other.key" 127.0.0.7
alive '--port and --key-file' 0.9 -p "$port" --key-file "$config/key" 127.0.0.9
alive '--known-as' 0.2 --known-as 127.0.0.2 2
run status -F "$dir/config" --known-as 127.0.0.3 --timeout 0.3 2
exits '--known-as with the name of another host' 2
SEND_SYSRQ_PASSWORD=wrong run status -F "$dir/config" 2
exits 'a key of the file before the password of the environment' 0
run status -F "$dir/config" --password-file <(echo test) --timeout 0.3 2
exits 'a key of the file, but not before --password-file' 2

# What stands before the first Host line is for all hosts.
printf '\r\nPort %s\r\nAddress 127.0.0.8\r\nHost 2\r\nKeyFile key\r\n' "$port" \
	> "$dir/short"
run status -F "$dir/short" 2
exits 'lines before the first Host line' 0
like 'lines before the first Host line are for all hosts' "$out" '^2 \(127.0.0.8:.*alive$'
cat > "$dir/percent" << END
Host 2
	Address 127.0.0.2
	KeyFile %h%%.key
	Port $port
END
cp "$dir/key" "$dir/2%.key"
run status -F "$dir/percent" 2
exits 'a key file with %h and %%' 0

# A title is read as a host on the command line is.
cat > "$dir/ranges" << END
Host web[01-40],db1
	Address 127.0.0.4
Host a[1-2]* !a2
	Address 127.0.0.5
Host both
	Address 192.0.2.1 127.0.0.6
Host web*
	Port 1
Host *
	KeyFile key
	Port $port
END
ranges() { # HOST NUMBER: the host is asked at 127.0.0.NUMBER
	run status -F "$dir/ranges" -p "$port" "$1"
	like "Host with a range: $1 is at 127.0.0.$2" "$out" "\\(127\\.0\\.0\\.$2:[0-9]+\\) is alive$"
}
ranges web17 4
ranges db1 4
ranges a1x 5
ranges both 6
for host in web3 a2; do
	run status -F "$dir/ranges" --timeout 0.3 $host
	like "Host with a range: $host has no address" "$out" 'is unknown'
done
printf '\xef\xbb\xbfHost 2\r\nAddress 127.0.0.2\r\nKeyFile key\r\nPort %s\r\n' "$port" \
	> "$dir/mark"
run status -F "$dir/mark" 2
exits 'a configuration with a byte-order mark' 0

# --- Which file counts ---

(cd "$dir" && run status -F config 2)
like 'a key beside a configuration that is named without a folder' "$out" 'is alive'
mkdir -p "$dir/.config/send_sysrq" "$dir/xdg/send_sysrq"
cp "$dir/config" "$dir/.config/send_sysrq/config"
run status 2
like "send_sysrq reads the user's own file" "$out" '\(127.0.0.2:'
cp "$config/known_hosts" "$dir/xdg/send_sysrq"
cat > "$dir/xdg/send_sysrq/config" << END
Host 2
Address 127.0.0.22
Port $port
KeyFile ../../key
END
XDG_CONFIG_HOME=$dir/xdg run status 2
like 'send_sysrq reads $XDG_CONFIG_HOME/send_sysrq/config' "$out" '^2 \(127.0.0.22:'
XDG_CONFIG_HOME=$dir/none run status "${at[@]}" 2 --timeout 0.3
unlike 'send_sysrq needs no configuration' "$out" '127.0.0.2'
run status -F none "${at[@]}" 2 --timeout 0.3
unlike '-F none: send_sysrq reads no configuration' "$out" '127.0.0.2'
chmod g+w "$dir/.config/send_sysrq/config"
run 2 h
exits 'a file that its group may write' 2
like 'a file that its group may write: the message says so' "$err" \
	"^send_sysrq: .*/config' has mode 0620, .* chmod go-w"
run -F "$dir/config" web7 h
exits 'another file instead' 0
rm "$dir/.config/send_sysrq/config"
done_testing
