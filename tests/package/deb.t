#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# make deb builds Debian packages that lintian accepts, with the expected files and the
# version in Makefile. make dist makes the same bytes for the same commit.
# shellcheck source=tests/package/lib.sh
. "$(dirname "$0")/lib.sh"

tarball=ipt-sysrq-$version.tar.gz

# --- Versions ---
is 'debian/changelog begins with the version in Makefile' \
	"$(dpkg-parsechangelog -S Version | sed 's/-[^-]*$//')" "$version"
is 'CHANGELOG.md begins with the version in Makefile' \
	"$(sed -n 's/^## \([^,]*\).*/\1/p' CHANGELOG.md | head -n 1)" "$version"
is 'only compat.h depends on the version of the kernel' \
	"$(git grep -lE 'LINUX_VERSION_CODE|KERNEL_VERSION' -- kernel core tests/module \
		client iptables)" 'kernel/compat.h
tests/module/compat.h'

# --- The tarball ---
run_make BUILD="$work/here" dist > "$work/log"
git clone -q . "$work/clone"
(cd "$work/clone" && umask 027 && run_make BUILD="$work/there" dist) > "$work/log"
if [ -z "$(git status --porcelain)" ]; then
	is 'make dist makes the same tarball in a clone of this folder' \
		"$(cmp "$work/here/$tarball" "$work/there/$tarball" 2>&1)" ''
fi
is 'the tarball has no file of debian/' \
	"$(tar -tf "$work/here/$tarball" | grep -c /debian/)" 0
tar -xf "$work/here/$tarball" -C "$work"
is 'the client builds from the tarball without warnings' \
	"$(run_make -s -C "$work/ipt-sysrq-$version" CFLAGS='-O2 -Werror' send_sysrq)" ''
is 'the client from the tarball prints the version in Makefile' \
	"$("$work/ipt-sysrq-$version/build/send_sysrq" --version | awk '{ print $2 }')" \
	"$version"

# --- The packages ---
# They are not in Debian, so no bug asks for them.
run_make BUILD="$work" deb > "$work/log"
is 'make deb succeeds' $? 0
is 'lintian finds nothing' "$(lintian --allow-root -I --pedantic --show-overrides \
	--suppress-tags initial-upload-closes-no-bugs \
	"$work"/deb/*.changes 2>&1 | grep -v '^[NO]:')" ''

is 'the documents have the names that the manual pages say' \
	"$(for file in "$work"/deb/*.deb; do dpkg-deb -c "$file"; done | grep -F .md.gz)" ''

# Prints the mode and the name of each file of a package, without its documents
files() { # PACKAGE
	dpkg-deb -c "$work"/deb/"$1"_*.deb | awk '!/^d/ { print $1, $6 }' |
		sed 's/ \./ /' | grep -vE ' /usr/share/(doc|lintian)/' | sort -k 2
}
# Prints lines as files does. An x before a name means a program, and an l a link.
list() { # [x|l]FILE…
	local file
	for file in "$@"; do
		case $file in
		x*) echo "-rwxr-xr-x ${file#x}" ;;
		l*) echo "lrwxrwxrwx ${file#l}" ;;
		*) echo "-rw-r--r-- $file" ;;
		esac
	done | sort -k 2
}
units=$(pkg-config --variable=systemdsystemunitdir systemd)
lib=/usr/lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH)
# shellcheck disable=SC2046 # lists of words
is 'ipt-sysrq-dkms has the expected files' "$(files ipt-sysrq-dkms)" "$(list \
	/usr/lib/modprobe.d/ipt-sysrq.conf /usr/share/man/man4/ipt_sysrq.4.gz \
	$(module_source))"
is 'iptables-sysrq has the expected files' "$(files iptables-sysrq)" "$(list \
	"${units:-/usr/lib/systemd/system}/ipt-sysrq.service" "$lib/xtables/libxt_SYSRQ.so" \
	x/usr/libexec/ipt-sysrq/{add-operator,load,panic,settings,setup,unload} \
	/usr/share/man/man8/iptables-sysrq.8.gz)"
is 'send-sysrq has the expected files' "$(files send-sysrq)" "$(list \
	x/usr/bin/send_sysrq \
	/usr/share/bash-completion/completions/send_sysrq \
	/usr/share/fish/vendor_completions.d/send_sysrq.fish \
	/usr/share/man/man{1/send_sysrq.1,5/send_sysrq_config.5}.gz \
	/usr/share/zsh/vendor-completions/_send_sysrq)"
is 'send-sysrq-exporter has the expected files' "$(files send-sysrq-exporter)" "$(list \
	"${units:-/usr/lib/systemd/system}/send_sysrq-exporter.service" \
	x/usr/libexec/send_sysrq/exporter \
	/usr/share/send_sysrq/send_sysrq.{dashboard.json,rules.yml})"
is 'send-sysrq does not depend on libmicrohttpd, and send-sysrq-exporter does' \
	"$(for name in send-sysrq send-sysrq-exporter; do
		dpkg-deb -f "$work"/deb/"$name"_*.deb Depends | grep -c libmicrohttpd
	done | xargs)" '0 1'
is 'fence-sysrq has the expected files' "$(files fence-sysrq)" "$(list \
	x/usr/sbin/fence_sysrq /usr/share/man/man8/fence_sysrq.8.gz)"
is 'libsysrq0 has the expected files' "$(files libsysrq0 | sed 's/ ->.*//')" "$(list \
	"l$lib/libsysrq.so.0" "$lib/libsysrq.so.$version")"
is 'libsysrq-dev has the expected files' "$(files libsysrq-dev)" "$(list \
	/usr/include/sysrq.h "$lib"/{libsysrq.a,pkgconfig/libsysrq.pc} \
	"l$lib/libsysrq.so" /usr/share/man/man3/libsysrq.3.gz)"
# debhelper would use deb-systemd-invoke.
is 'no upgrade starts, stops or restarts the service' "$(
	for script in "$work"/deb/ipt*.deb; do
		dpkg-deb -I "$script" postinst prerm 2> /dev/null
	done | grep -E 'deb-systemd-invoke')" ''

# As the machines of Debian build: the packages of one architecture, or those of all
builds() { # PACKAGE OPTION…
	(cd "$work/deb/ipt-sysrq-$version" && rm -f debian/*.debhelper.log ../*.deb &&
		env -u MAKEFLAGS -u MAKELEVEL -u BUILD DEB_BUILD_OPTIONS=nocheck \
			dpkg-buildpackage -us -uc "${@:2}") > "$work/log" 2>&1 &&
		compgen -G "$work/deb/$1_*.deb"
}
if ! ok 'the packages of one architecture build alone' builds iptables-sysrq -B ||
	! ok 'and those of all architectures' builds ipt-sysrq-dkms -A; then
	tail -n 20 "$work/log" | note
fi
is '… without a compiler' "$(grep -cE '^(cc|gcc) ' "$work/log")" 0
done_testing
