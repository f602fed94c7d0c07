#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A script of the lab, or a test, that lacks a program names the program's package.
# lab/packages prints the one line that installs what is missing, or installs it for
# root, and the commands that README names begin with that. Nothing is installed here:
# stand-ins answer for dpkg-query, id and apt-get.
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/tap.sh
. tests/tap.sh
# shellcheck source=lab/need
. lab/need
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PATH=$PATH:/usr/sbin:/sbin

# The rows of lab/packages.list
rows() {
	grep -E '^[a-z]' lab/packages.list
}

# --- The table ---
# What scripts give to need, and what lab/initramfs puts into a guest
asked_for() {
	git grep -hE '^[[:space:]]*needs? [^(]|programs(=|\+=)\(' -- lab bench tests \
		':!tests/lab' |
		sed 's/.*(\(.*\))/\1/; s/^[[:space:]]*needs\{0,1\} //; s/||.*//'
	sed -n "/^programs='/,/^'/s|/[a-z/]*/||gp" lab/initramfs
}
programs=$(asked_for | tr -s ' ' '\n' | grep -E '^[a-z]' | sort -u)
is 'every program that a script needs is in the table' "$(
	for program in $programs; do
		need_sentence "$program" | grep -v 'install the package [a-z].* (or'
	done)" ''
ok '… and they are many' test "$(wc -w <<< "$programs")" -ge 30
is 'a package that is installed has the programs of its row' "$(
	rows | while read -r _ package programs _; do
		dpkg-query -W -f '${db:Status-Status}' "$package" 2> /dev/null |
			grep -qx installed || continue
		for program in ${programs//,/ }; do
			[ "$program" = - ] || type -P "$program" > "$work/found" ||
				echo "$package has no $program"
		done
	done)" ''

# --- need ---
is 'need says nothing about what is there' "$(need sh /bin/sh 2>&1; echo $?)" 0
# without PROGRAM… -- COMMAND…: runs it where these programs of /usr/bin are missing
without() {
	local bin=$work/bin
	rm -rf "$bin"
	mkdir "$bin"
	find /usr/bin/ /usr/local/bin/ ! -type d -exec ln -st "$bin" {} + 2> /dev/null
	while [ "$1" != -- ]; do
		rm -f "$bin/$1"
		shift
	done
	shift
	PATH=$bin "$@" 2>&1
	echo "status $?"
}
is 'need names a package for each program that is missing, and fails' \
	"$(without tmux cpio -- bash -c '. lab/need; need tmux sh /x/cpio unheard-of')" \
	'tmux is missing: install the package tmux (or run lab/packages check)
cpio is missing: install the package cpio (or run lab/packages check)
unheard-of is missing: install the package that has it
status 1'

# --- Scripts without a program ---
# lacks PROGRAM PACKAGE GROUP COMMAND…: the command says so, in this one sentence
lacks() {
	local program=$1 package=$2 group=$3
	shift 3
	has "$* without $program" "$(without "$program" -- env \
		XDG_CACHE_HOME="$work/cache" XDG_RUNTIME_DIR="$work" "$@")" \
		"^(not ok 1 - )?$program is missing: install the package $package \(or run lab/packages $group\)\$"
}
lacks qemu-system-x86_64 qemu-system-x86 check lab/vm start machine
lacks cpio cpio check lab/initramfs debug "$work/initramfs"
lacks pkg-config pkgconf build lab/initramfs debug "$work/initramfs"
lacks apt-get apt check lab/kernel 6.1
lacks apt-get apt check lab/cross s390x
lacks unshare util-linux check lab/module 6.1
lacks mmdebstrap mmdebstrap system lab/system bookworm
lacks fping fping check bench/hosts
lacks qemu-s390x qemu-user cross tests/cross/build s390x "$work" "" ""
lacks aarch64-linux-gnu-gcc gcc-aarch64-linux-gnu cross \
	tests/cross/build arm64 "$work" "" ""
lacks qemu-system-x86_64 qemu-system-x86 check tests/vm/log.t
lacks tmux tmux check tests/vm/terminal.t
lacks dpkg-scanpackages dpkg-dev system tests/system/bookworm.t
ok '… and none has made a machine' test ! -e "$work/ipt_sysrq-lab-$UID/machine"

# --- lab/packages ---
mkdir "$work/fake"
stand_in() { # NAME LINE…: a program that comes before the real one
	printf '%s\n' '#!/bin/sh' "${@:2}" > "$work/fake/$1"
	chmod +x "$work/fake/$1"
}
faked() {
	PATH=$work/fake:$PATH env -u MAKEFLAGS -u MAKELEVEL BUILD="$work/build" "$@"
}
# Of GROUP, and of build, each package once
packages() {
	rows | awk -v group="$1" '$1 == "build" || $1 == group { print $2 }' |
		paste -sd ' '
}
line="sudo apt-get install --no-install-recommends $(packages check)"

stand_in dpkg-query 'exit 1'
stand_in id 'echo 1000'
for group in check debug cross package system; do
	is "a user gets one line for the group $group" \
		"$(faked lab/packages "$group" 2>&1; echo "status $?")" \
		"sudo apt-get install --no-install-recommends $(packages "$group")
status 1"
done
for target in demo check check-debug check-kcsan check-unit bench; do
	is "make $target begins with that line" \
		"$(faked make -s "$target" 2> "$work/said")" "$line"
	has '… and ends with it' "$(cat "$work/said")" 'setup\] Error 1$'
done
ok '… before anything is built' test ! -e "$work/build"
# shellcheck disable=SC2016 # the program's own variables
stand_in dpkg-query 'shift 3
	for name; do
		case $name in
		cpio) ;;
		man-db) echo "$name triggers-pending" ;;
		*) echo "$name installed" ;;
		esac
	done'
is 'it names only what is missing' "$(faked lab/packages)" \
	'sudo apt-get install --no-install-recommends cpio'
# shellcheck disable=SC2016 # the program's own variables
stand_in dpkg-query 'shift 3; for name; do echo "$name installed"; done'
is '… and says nothing where nothing is' \
	"$(faked lab/packages 2>&1; echo $?)" 0

stand_in dpkg-query 'exit 1'
stand_in id 'echo 0'
# shellcheck disable=SC2016 # the program's own variables
stand_in apt-get "echo \"\$*\" >> '$work/calls'" \
	"[ \$1 = update ] && touch '$work/updated'; [ -e '$work/updated' ]"
is 'for root it installs the packages, where need be with new lists' \
	"$(faked lab/packages > "$work/said" 2>&1; echo $?; cat "$work/calls")" \
	"0
install -y -qq -o DPkg::Lock::Timeout=600 --no-install-recommends $(packages check)
update -qq
install -y -qq -o DPkg::Lock::Timeout=600 --no-install-recommends $(packages check)"
stand_in apt-get 'echo no network >&2; exit 100'
is '… or says why not' "$(faked lab/packages cross 2>&1 | tail -n 2)" "no network
lab/packages: apt-get could not install $(packages cross)"
done_testing
