#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A kernel booted with fips=1 (where it knows that): it takes no HMAC key of less than
# 14 bytes, and operators' keys are longer.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

boot --append fips=1 --params none --no-rule
key=$(new_key alice)
ok 'with fips=1 it loads' guest "modprobe ipt_SYSRQ mask=1 port=9 operators='alice $key all'"
as alice h
is '… and presses a key' "$status" 0
done_testing
