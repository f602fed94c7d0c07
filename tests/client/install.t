#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# make install puts every part that is built into its place, below DESTDIR and PREFIX, and
# make uninstall removes all of it. In a folder whose name make cannot handle, make says so
# before it creates anything.
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
	"$(cd "$work/build" && ls -- libxt*.so libsysrq.so libsysrq.a send_sysrq fence_sysrq \
		send_sysrq-exporter)" \
	"fence_sysrq
libsysrq.a
libsysrq.so
libxt_SYSRQ.so
send_sysrq
send_sysrq-exporter"

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
		./opt/libexec/ipt-sysrq/{add-operator,load,panic,settings,setup,unload} \
		./opt/lib/systemd/system/send_sysrq-exporter.service \
		./opt/libexec/send_sysrq/exporter \
		./opt/share/send_sysrq/send_sysrq.{dashboard.json,rules.yml} \
		./lib/modules/9.9/updates/ipt_SYSRQ.ko \
		./opt/include/sysrq.h ./opt/lib/libsysrq.a \
		./opt/lib/libsysrq.so{,.0,".$version"} \
		./opt/lib/pkgconfig/libsysrq.pc \
		./opt/share/man/man{3/libsysrq.3,4/ipt_sysrq.4} \
		./opt/share/man/man8/{fence_sysrq,iptables-sysrq}.8 ./usr/sbin/fence_sysrq \
		".$(pkg-config --variable=xtlibdir xtables)/libxt_SYSRQ.so" | sort)"
is 'the installed client runs' \
	"$("$work/dest/opt/bin/send_sysrq" --version | cut -d' ' -f1)" send_sysrq
mkdir -p "$work/dest/lib/modules/8.8/updates"
touch "$work/dest/lib/modules/8.8/updates/ipt_SYSRQ.ko"
run uninstall PREFIX=/opt > "$work/log"
is 'make uninstall removes all files, of all kernels' "$(files)" ''
run install-client PREFIX=/opt > "$work/log"
is 'make install-client installs the client only' "$(files)" "$client"

# --- The unit of a package is where systemd says ---
cat > "$work/pkg-config" << 'END'
#!/bin/sh
[ "$*" = '--variable=systemdsystemunitdir systemd' ] || exec pkg-config "$@"
echo /the/units
END
chmod +x "$work/pkg-config"
unit_of() { # PREFIX PKG_CONFIG
	rm -rf "$work/dest"
	run install-boot PREFIX="$1" PKG_CONFIG="$2" > "$work/log"
	files | grep '\.service$'
}
is 'the unit of a package is where systemd says' "$(unit_of /usr "$work/pkg-config")" \
	./the/units/ipt-sysrq.service
is '… or, if systemd says nothing, below the prefix' "$(unit_of /usr false)" \
	./usr/lib/systemd/system/ipt-sysrq.service
is 'the unit of /usr/local is there' "$(unit_of /usr/local "$work/pkg-config")" \
	./usr/local/lib/systemd/system/ipt-sysrq.service

# --- Folders with odd names ---
refused() { # WHAT VARIABLE FOLDER ARGUMENT…: make runs in $3
	local before said
	before=$(cd "$work" && find . | sort)
	said=$(run_make -C "$3" "${@:4}" KDIR=/nowhere; echo "status $?")
	has "make refuses $1" "$(tr '\n' ' ' <<< "$said")" \
		"^(make[^ ]* Entering .*)?Makefile:[0-9]+: \*\*\* $2: .* given, expected the name .*Stop\. .*status 2 \$"
	is '… before it creates anything' "$(cd "$work" && find . | sort)" "$before"
}
for name in 'a b' ' a' 'a ' $'a\tb' $'a\nb' "a'b" 'a"b' 'a$b' 'a$(b)' 'a#b' 'a:b' 'a%b' 'a\b' \
	'a`b' 'a;b' 'a&b' 'a|b' 'a,b' 'a*b' 'a?b' 'a!b' 'a=b' 'a<b' 'a>b' 'a(b' 'a)b' 'a[b' 'a]b' \
	'a{b' 'a}b'; do
	mkdir -p "$work/odd/$name/tests"
	cp Makefile "$work/odd/$name"
	cp tests/tests.mk "$work/odd/$name/tests"
	refused "a folder named ${name@Q}" CURDIR "$work/odd/$name"
done
for name in BUILD DESTDIR PREFIX LIBDIR UNITDIR MODPROBEDIR XTLIBDIR; do
	refused "a $name with a blank" $name . "$name=$work/a b" install
done
run_make BUILD="$work/~ü@^+-_." extension > "$work/log"
is 'make works in a folder with other characters' \
	"$(cd "$work/~ü@^+-_." && ls -- *.so)" libxt_SYSRQ.so
done_testing
