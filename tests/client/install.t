#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# make install puts every part that is built into its place, below DESTDIR and PREFIX, and
# make uninstall removes all of it.
# shellcheck source=tests/package/lib.sh
. "$(dirname "$0")/../package/lib.sh"

files() {
	(cd "$work/dest" 2> /dev/null && find . ! -type d | sort)
}

run() {
	run_make BUILD="$work/build" DESTDIR="$work/dest" "$@"
}

# Headers of a kernel that does not exist, which have no more than its release
kdir=$work/headers
mkdir -p "$kdir/include/generated" "$work/build/module-9.9"
echo '#define UTS_RELEASE "9.9"' > "$kdir/include/generated/utsrelease.h"
touch "$kdir/Makefile"

is 'make install fails and installs nothing if nothing is built' \
	"$(run install > /dev/null; echo $?; files)" 2
is 'make names the package of the headers if they are missing' \
	"$(run module KDIR=/nowhere | grep -c "package linux-headers-$(uname -r)")" 1
run all KDIR=/nowhere > "$work/log" || sed 's/^/# /' "$work/log"
is 'make builds everything but the module without headers' \
	"$(cd "$work/build" && ls -- libxt*.so libsysrq.so libsysrq.a send_sysrq)" \
	"libsysrq.a
libsysrq.so
libxt_SYSRQ.so
send_sysrq"

touch "$work/build/module-9.9/ipt_SYSRQ.ko"
run install KDIR="$kdir" PREFIX=/opt > "$work/log"
client='./opt/bin/send_sysrq
./opt/share/bash-completion/completions/send_sysrq
./opt/share/fish/vendor_completions.d/send_sysrq.fish
./opt/share/man/man1/send_sysrq.1
./opt/share/man/man5/send_sysrq_config.5
./opt/share/zsh/site-functions/_send_sysrq'
version=$(sed -n 's/^VERSION := //p' Makefile)
is 'make install installs all that is built, below DESTDIR and PREFIX' "$(files)" "$(
	printf '%s\n' "$client" ./opt/lib/systemd/system/ipt-sysrq.service \
		./opt/libexec/ipt-sysrq/{load,setup,unload} \
		./lib/modules/9.9/updates/ipt_SYSRQ.ko \
		./opt/include/sysrq.h ./opt/lib/libsysrq.a \
		./opt/lib/libsysrq.so{,.0,".$version"} \
		./opt/lib/pkgconfig/libsysrq.pc \
		./opt/share/man/man{3/libsysrq.3,4/ipt_sysrq.4} \
		./opt/share/man/man8/iptables-sysrq.8 \
		".$(pkg-config --variable=xtlibdir xtables)/libxt_SYSRQ.so" | sort)"
is 'the installed client runs' \
	"$("$work/dest/opt/bin/send_sysrq" --version | cut -d' ' -f1)" send_sysrq
mkdir -p "$work/dest/lib/modules/8.8/updates"
touch "$work/dest/lib/modules/8.8/updates/ipt_SYSRQ.ko"
run uninstall PREFIX=/opt > "$work/log"
is 'make uninstall removes all files, of all kernels' "$(files)" ''
run install-client PREFIX=/opt > "$work/log"
is 'make install-client installs the client only' "$(files)" "$client"
done_testing
