#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# make rpm builds packages for Fedora, with Debian's tools here: their contents,
# scripts, and what installing and erasing them does.
# shellcheck source=tests/package/lib.sh
. "$(dirname "$0")/lib.sh"

spec=$work/rpm/ipt-sysrq.spec
run_make BUILD="$work" rpm > "$work/log"
is 'make rpm' $? 0
[ -e "$spec" ] || tail -n 5 "$work/log" | sed 's/^/# /'
is 'warns of nothing' "$(grep -iE 'warning|error' "$work/log")" ''

# What make rpm asks for first
mkdir "$work/fedora"
for name in bash sed grep id; do
	ln -s "$(command -v "$name")" "$work/fedora/"
done
is 'where there is no dpkg, nobody asks for packages of Debian' \
	"$(PATH=$work/fedora bash lab/packages package 2>&1; echo $?)" 0

mapfile -t packages < <(find "$work/rpm/RPMS" -name '*.rpm' | sort)
source=$work/rpm/SRPMS/ipt-sysrq-$version-1.src.rpm
is 'five packages, of the version in Makefile' \
	"$(rpm -qp --qf '%{name} %{version}\n' "${packages[@]}" | sort)" \
	"$(printf "%s $version\n" ipt-sysrq-dkms iptables-sysrq libsysrq \
		libsysrq-devel send-sysrq)"
is 'so is that of the source' \
	"$(rpm -qp --qf '%{name} %{version}' "$source")" "ipt-sysrq $version"
is 'the changelog begins with it' \
	"$(rpm -qp --qf '%{changelogname}' "$source" | sed 's/.* - //')" "$version-1"
rpmlint -c packaging/rpmlint.toml "$source" "${packages[@]}" "$spec" > "$work/log" 2>&1
is 'rpmlint finds nothing' \
	"$(grep -E ': [EW]: ' "$work/log"; sed -n 's/.* checked; \(.*\), . badness.*/\1/p' "$work/log")" \
	'0 errors, 0 warnings'

# The files of a package, without what is each package's: documents, build ids.
package() {
	find "$work/rpm/RPMS" -name "$1-$version-*"
}
files() {
	rpm -qp --qf '[%{filemodes:perms} %{filenames}\n]' "$(package "$1")" |
		sed -n 's/^[-l]r\(w.\).*r.. / /p' |
		grep -vE '^ /usr/(share/(doc|licenses)/|lib/\.build-id)' | sort |
		sed 's/^ //; s/\.gz$//'
}
license() {
	rpm -qpL "$(package "$1")" | sed 's|.*/||'
}
for name in ipt-sysrq-dkms iptables-sysrq libsysrq libsysrq-devel send-sysrq; do
	is "$name: license" "$(license $name)" LICENSE
done
is 'ipt-sysrq-dkms: what it takes to build the module, and no more' \
	"$(files ipt-sysrq-dkms)" "$(
	{
		printf '%s\n' dkms.conf Kbuild
		git ls-files 'kernel/*.[ch]'
		git ls-files 'core/*.[ch]'
	} | sed "s|^|/usr/src/ipt-sysrq-$version/|" |
		cat - <(printf '%s\n' /usr/lib/modprobe.d/ipt-sysrq.conf \
			/usr/share/man/man4/ipt_sysrq.4) | sort)"
is iptables-sysrq "$(files iptables-sysrq)" "$(printf '%s\n' \
	"$(pkg-config --variable=xtlibdir xtables)/libxt_SYSRQ.so" \
	/usr/lib/systemd/system/ipt-sysrq.service \
	/usr/lib/systemd/system-preset/85-ipt-sysrq.preset \
	/usr/libexec/ipt-sysrq/{load,setup,unload} \
	/usr/share/man/man8/iptables-sysrq.8 | sort)"
lib=$(rpm -E '%_libdir')
is libsysrq "$(files libsysrq)" "$(printf '%s\n' "$lib"/libsysrq.so.{0,"$version"})"
is libsysrq-devel "$(files libsysrq-devel)" "$(printf '%s\n' \
	/usr/include/sysrq.h "$lib"/{libsysrq.so,pkgconfig/libsysrq.pc} \
	/usr/share/man/man3/libsysrq.3 | sort)"
is send-sysrq "$(files send-sysrq)" "$(printf '%s\n' /usr/bin/send_sysrq \
	/usr/share/man/man{1/send_sysrq.1,5/send_sysrq_config.5} \
	/usr/share/bash-completion/completions/send_sysrq \
	/usr/share/fish/vendor_completions.d/send_sysrq.fish \
	/usr/share/zsh/site-functions/_send_sysrq | sort)"

scripts() {
	rpm -qp --qf "%{$2}" "$(package "$1")"
}
for script in postin preun postun; do
	is "iptables-sysrq: $script is shell" \
		"$(scripts iptables-sysrq $script | sh -n 2>&1; echo $?)" 0
done
for script in postin preun; do
	is "ipt-sysrq-dkms: $script is shell" \
		"$(scripts ipt-sysrq-dkms $script | sh -n 2>&1; echo $?)" 0
done
is 'every macro is expanded' \
	"$(rpm -qp --scripts "${packages[@]}" | grep '%')" ''

# Stand-ins write down what is done to dkms and the service, and fail, as does what $fails
# names.
mkdir "$work/bin"
for name in dkms systemctl unload; do
	printf '%s\n' '#!/bin/sh' "echo $name \"\$@\"" \
		'case "$fails" in *"$1"*) exit 1 ;; esac' > "$work/bin/$name"
done
export fails='add install remove enable disable'
chmod +x "$work/bin"/*
mkdir -p "$work/modules"/{1-older,2-newer}/build/include "$work/modules/3-no-headers"
done_by() { # PACKAGE SCRIPT COUNT: of versions that are then installed
	scripts "$1" "$2" | sed "s|/usr/libexec/ipt-sysrq/|$work/bin/|
		s|/lib/modules/|$work/modules/|" |
		PATH=$work/bin:$PATH sh -s "$3"
	echo "exit $?"
}
dkms="-q -m ipt-sysrq -v $version --force -k"
is 'installed: the module is built anew for each kernel, whatever fails' \
	"$(done_by ipt-sysrq-dkms postin 1)" "\
dkms add -q -m ipt-sysrq -v $version --rpm_safe_upgrade
dkms build $dkms 1-older
dkms install $dkms 1-older
dkms build $dkms 2-newer
dkms install $dkms 2-newer
exit 0"
is '… where it does not build, the one before stays' \
	"$(fails=build done_by ipt-sysrq-dkms postin 1)" "\
dkms add -q -m ipt-sysrq -v $version --rpm_safe_upgrade
dkms build $dkms 1-older
dkms build $dkms 2-newer
exit 0"
is 'erased: it is taken away' "$(done_by ipt-sysrq-dkms preun 0)" "\
dkms remove -q -m ipt-sysrq -v $version --all --rpm_safe_upgrade
exit 0"
is 'upgraded: rules and module stay' \
	"$(done_by iptables-sysrq preun 1 | grep -c unload)" 0
is 'erased: they go' \
	"$(done_by iptables-sysrq preun 0 | grep -E 'unload|exit')" "\
unload
exit 0"

# Into a root of its own, of which rpm's database is a part.
root=$work/root
mkdir "$root"
# Debian would have alien install them.
rpm=(rpm --force-debian --root "$root" --dbpath /db --nodeps --noscripts)
all() {
	(cd "$root" && find . -path ./db -prune -o ! -type d -print | sort)
}
"${rpm[@]}" -i "${packages[@]}" > "$work/log" 2>&1
is 'installed' "$? $(cat "$work/log")" '0 '
is 'what is installed is what is packaged' \
	"$(all | sed 's/^\.//')" "$(rpm -qp --qf '[%{filemodes:perms} %{filenames}\n]' \
		"${packages[@]}" | sed -n 's/^[-l][^ ]* //p' | sort -u)"
is 'what is installed runs' \
	"$(LD_LIBRARY_PATH=$root$lib "$root/usr/bin/send_sysrq" --version |
		cut -d' ' -f1)" send_sysrq
mapfile -t names < <(rpm -qp --qf '%{name}\n' "${packages[@]}")
"${rpm[@]}" -e "${names[@]}" > "$work/log" 2>&1
is 'erased' "$? $(cat "$work/log")" '0 '
is 'nothing is left' "$(cd "$root" && find . -path ./db -prune -o -print |
	grep -iE 'sysrq')" ''

rpmbuild --rebuild --quiet --nodeps --load packaging/macros.debian \
	--define "_topdir $work/again" "$source" > "$work/log" 2>&1
is 'the source package builds, alone' "$?" 0
is 'into the same packages' "$(find "$work/again/RPMS" -name '*.rpm' |
	sed 's|.*/||' | sort)" "$(printf '%s\n' "${packages[@]##*/}" | sort)"
done_testing
