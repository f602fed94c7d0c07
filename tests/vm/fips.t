#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A kernel booted with fips=1, where it knows that: it takes no HMAC key of less than 14 bytes. Operators' keys
# are longer, passwords may not be.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

boot --append fips=1 --params none --no-rule
key=$(new_key alice)
ok 'with it the module loads' guest "modprobe ipt_SYSRQ mask=1 port=9 operators='alice $key all'"
as alice h
is '… and presses a key' "$status" 0

password() {
	guest "printf %s '$1' > /sys/module/ipt_SYSRQ/parameters/passwd"
}

if guest grep -qs 1 /proc/sys/crypto/fips_enabled; then
	ok 'a password of 13 bytes is refused' eval '! password 0123456789abc'
	is '… which the log explains' "$(guest dmesg | grep -c \
		'ipt_SYSRQ: parameter passwd: 13 bytes given, and with fips=1 a password has 14 at least')" 1
else
	# Debian's 7.3 is built without CONFIG_CRYPTO_FIPS.
	ok 'a kernel that does not know fips=1 takes a password of 13 bytes' \
		password 0123456789abc
fi
ok 'one of 14 is taken' password 0123456789abcd
SEND_SYSRQ_PASSWORD=0123456789abcd send h
is '… and presses a key' "$status" 0
done_testing
