#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Who has a host's files and an image of its memory, such as a crash dump, has the private key
# of this host. But nothing is in it of which the keys for other hosts are made: neither an
# operator's private key, nor what the two share (K).
#
# The guest's memory is a file of this machine.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

boot --memory 512 -- -object \
	"memory-backend-file,id=image,size=512M,mem-path=$WORK/image,share=on" \
	-machine memory-backend=image
public=$(new_key alice)
put_table <<< "alice $public all log" || bail 'no table'
as alice h
is 'alice presses a letter' "$status" 0

# How often the guest's memory has these 32 bytes
count() { # BASE64
	perl -MMIME::Base64 -e '
		my ($key, $kept, $n) = (decode_base64($ARGV[1]), "", 0);
		die unless length $key == 32;
		open my $in, "<:raw", $ARGV[0] or die;
		while (read $in, my $part, 1 << 20) {
			my $text = $kept . $part;
			$n++ while $text =~ /\Q$key\E/g;
			$kept = substr $text, -31;
		}
		print $n' "$WORK/image" "${1#sysrq-private:}"
}

ok "the image has the host's private key" test "$(count "$(private_key host)")" -ge 1
is '… and no private key of an operator' "$(count "$(private_key alice)")" 0
is '… nor what alice and the host share' "$(count "$(shared_key alice)")" 0
done_testing
