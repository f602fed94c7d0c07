# SPDX-License-Identifier: GPL-2.0
#
# Prints a console, but not the head of a report of KCSAN in which the module has no part:
# the kernel has many races of its own.
#
#   awk -v module=ipt_SYSRQ -f tests/vm/kcsan.awk < CONSOLE
#
# A report begins with its head, and ends with a line of "=". It has the stacks of one or
# two CPUs. The module has a part in it where a function of the module stands in one.

/BUG: KCSAN:/ { head = $0; next }
/=====/ || /Linux version / { head = "" }
head != "" && index($0, "[" module "]") { print head; head = "" }
{ print }
