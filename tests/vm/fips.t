#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# With fips=1 a kernel that was built for FIPS takes no HMAC key of less than 14 bytes.
# There the module refuses a shorter password, and says why. Operators' keys are long
# enough.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

boot --append fips=1 --params none --no-rule
ok 'with fips=1 the module loads' guest "
	modprobe ipt_SYSRQ mask=1 port=9 key=$(private_key host) operators='alice $(new_key alice) all'"
as alice h
is '… and presses a letter' "$status" 0

password() { # TEXT
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
is '… and presses a letter' "$status" 0
done_testing
