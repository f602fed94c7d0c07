#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Programs find the installed libsysrq by pkg-config, build with the shared and the static
# library in C and C++, and ask a host without losing memory.
# shellcheck source=tests/package/lib.sh
. "$(dirname "$0")/../package/lib.sh"
build=${BUILD:-build}
responder=
cleanup() {
	[ -z "$responder" ] || kill "$responder"
	rm -rf "$work"
}
trap cleanup EXIT

run_make install BUILD="$build" DESTDIR="$work/dest" PREFIX=/opt KDIR=/nowhere \
	> "$work/log" || note < "$work/log"
lib=$work/dest/opt/lib
export PKG_CONFIG_PATH=$lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$work/dest

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
	> "$work/header.c"
cp "$work/header.c" "$work/header.cc"
# shellcheck disable=SC2046 # a list of words
cflags=$(pkg-config --cflags libsysrq)
# shellcheck disable=SC2086
is 'the header is C99' "$(compile gcc -std=c99 $cflags -c "$work/header.c" \
	-o "$work/header.o")" ''
# shellcheck disable=SC2086
is 'the header is C++' "$(compile g++ -std=c++11 $cflags -c "$work/header.cc" \
	-o "$work/header.o")" ''

flags=(-std=c11 -D_GNU_SOURCE examples/status.c)
# shellcheck disable=SC2046
is 'the example builds with the shared library' \
	"$(compile gcc "${flags[@]}" -o "$work/shared" \
		$(pkg-config --cflags --libs libsysrq))" ''
# shellcheck disable=SC2046
is 'the example builds with the static library' \
	"$(compile gcc "${flags[@]}" -o "$work/static" \
		$(pkg-config --cflags libsysrq) -Wl,-Bstatic \
		$(pkg-config --static --libs libsysrq) -Wl,-Bdynamic)" ''
is 'the static example needs no shared libsysrq or libsodium' \
	"$(ldd "$work/static" | grep -c -e sysrq -e sodium)" 0

# What Debian runs on the installed packages, with what was built here
mkdir "$work/autopkgtest"
sed "s|/usr/share/doc/libsysrq-dev/examples|$PWD/examples|" debian/tests/library > "$work/library"
ok 'the test of the Debian package does what it says' env AUTOPKGTEST_TMP="$work/autopkgtest" \
	PATH="$(readlink -f "$build"):$PATH" LD_LIBRARY_PATH="$lib" sh "$work/library"

operator=$("$build/send_sysrq" genkey --key-file "$work/key")
"$build/send_sysrq" genkey --key-file "$work/host" > "$work/out"
"$build/responder" --key "$operator" --any --host-key "$(head -n 1 "$work/host")" \
	--host 127.0.0.2 --panicked > "$work/responder" &
responder=$!
deadline=$((SECONDS + 10))
until grep -q '^port ' "$work/responder" || [ "$SECONDS" -gt "$deadline" ]; do
	:
done
port=$(sed -n 's/^port //p' "$work/responder")
host=$(sed -n 's/^key //p' "$work/responder")
for kind in shared static; do
	is "the $kind example says that a host is alive" "$(LD_LIBRARY_PATH=$lib \
		"$work/$kind" "$work/key" "$host" 127.0.0.1 "$port" |
		sed 's/up [0-9]* s/up N s/'; echo "${PIPESTATUS[0]}")" \
		"alive, up N s, load 312.00, s permitted
0"
done
is 'the example says of another one that it has panicked' "$(LD_LIBRARY_PATH=$lib \
	"$work/shared" "$work/key" "$host" 127.0.0.2 "$port" | cut -d, -f 1)" panicked
is 'the example loses no memory' "$(LD_LIBRARY_PATH=$lib valgrind -q --leak-check=full \
	--show-leak-kinds=all --error-exitcode=9 "$work/shared" "$work/key" \
	"$host" 127.0.0.1 "$port" > "$work/out" 2> "$work/err"; echo $?
	cat "$work/err")" 0
done_testing
