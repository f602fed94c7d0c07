#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Programs find the installed libsysrq by pkg-config, build with the shared and the static
# library in C and C++, and ask a host without losing memory.
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/tap.sh
. tests/tap.sh
build=${BUILD:-build}
root=$(mktemp -d)
responder=
cleanup() {
	[ -z "$responder" ] || kill "$responder"
	rm -rf "$root"
}
trap cleanup EXIT

# What an outer make hands down would have this one behave as its part.
env -u MAKEFLAGS -u MAKELEVEL make --no-print-directory install BUILD="$build" \
	DESTDIR="$root/dest" PREFIX=/opt KDIR=/nowhere > "$root/log" 2>&1 ||
	sed 's/^/# /' "$root/log"
lib=$root/dest/opt/lib
export PKG_CONFIG_PATH=$lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$root/dest
version=$(sed -n 's/^VERSION := //p' Makefile)

is 'pkg-config knows the version' "$(pkg-config --modversion libsysrq)" \
	"$version"
is 'pkg-config adds libsodium for static programs only' \
	"$(pkg-config --libs libsysrq | grep -c sodium; pkg-config --static --libs libsysrq | grep -c sodium)" \
	"0
1"
is 'the name of the shared library has the number of the interface' \
	"$(readelf -d "$lib/libsysrq.so" | sed -n 's/.*SONAME.*\[\(.*\)\]/\1/p')" \
	libsysrq.so.0

declared=$(sed -n 's/.*[ *]\(sysrq_[a-z_]*\)(.*/\1/p' lib/sysrq.h | sort -u)
exported=$(nm -D --defined-only "$lib/libsysrq.so" |
	sed -n 's/.* T \(.*\)/\1/p')
# Comments name functions too, but only declared ones.
# shellcheck disable=SC2086 # a list of words
is 'the library exports what its header declares, each with a version' \
	"$(sort -u <<< "$exported")" \
	"$(printf '%s@@LIBSYSRQ_0.1\n' $declared)"

compile() { # COMPILER ARGUMENT...: warnings are errors
	"$@" -Wall -Wextra -Werror -pedantic 2>&1
}
printf '#include <sysrq.h>\nint main(void) { return !sysrq_version(); }\n' \
	> "$root/header.c"
cp "$root/header.c" "$root/header.cc"
# shellcheck disable=SC2046 # a list of words
cflags=$(pkg-config --cflags libsysrq)
# shellcheck disable=SC2086
is 'the header is C99' "$(compile gcc -std=c99 $cflags -c "$root/header.c" \
	-o "$root/header.o")" ''
# shellcheck disable=SC2086
is 'the header is C++' "$(compile g++ -std=c++11 $cflags -c "$root/header.cc" \
	-o "$root/header.o")" ''

flags=(-std=c11 -D_GNU_SOURCE examples/status.c)
# shellcheck disable=SC2046
is 'the example builds with the shared library' \
	"$(compile gcc "${flags[@]}" -o "$root/shared" \
		$(pkg-config --cflags --libs libsysrq))" ''
# shellcheck disable=SC2046
is 'the example builds with the static library' \
	"$(compile gcc "${flags[@]}" -o "$root/static" \
		$(pkg-config --cflags libsysrq) -Wl,-Bstatic \
		$(pkg-config --static --libs libsysrq) -Wl,-Bdynamic)" ''
is 'the static example needs no shared libsysrq or libsodium' \
	"$(ldd "$root/static" | grep -c -e sysrq -e sodium)" 0

(umask 077; "$build/send_sysrq" genkey > "$root/key")
"$build/responder" --key "$(cat "$root/key")" > "$root/responder" &
responder=$!
deadline=$((SECONDS + 10))
until grep -q '^port ' "$root/responder" || [ "$SECONDS" -gt "$deadline" ]; do
	:
done
port=$(sed -n 's/^port //p' "$root/responder")
for kind in shared static; do
	is "the $kind example says that a host is alive" "$(LD_LIBRARY_PATH=$lib \
		"$root/$kind" "$root/key" 127.0.0.1 "$port" |
		sed 's/up [0-9]* s/up N s/'; echo "${PIPESTATUS[0]}")" \
		"alive, up N s, load 312.00, s permitted
0"
done
is 'the example loses no memory' "$(LD_LIBRARY_PATH=$lib valgrind -q --leak-check=full \
	--show-leak-kinds=all --error-exitcode=9 "$root/shared" "$root/key" \
	127.0.0.1 "$port" > "$root/out" 2> "$root/err"; echo $?
	cat "$root/err")" 0
done_testing
