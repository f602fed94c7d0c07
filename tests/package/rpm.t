#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# make rpm builds packages for Fedora with the rpm of Debian. rpmlint accepts them, they have
# the expected files, and their scripts do the right things in an installation, an upgrade
# and a removal.
# shellcheck source=tests/package/lib.sh
. "$(dirname "$0")/lib.sh"

spec=$work/rpm/ipt-sysrq.spec
run_make BUILD="$work" rpm > "$work/log"
is 'make rpm succeeds' $? 0
[ -e "$spec" ] || tail -n 5 "$work/log" | sed 's/^/# /'
is 'make rpm prints no warning' "$(grep -iE 'warning|error' "$work/log")" ''

# make rpm runs lab/packages first. In this PATH there is no dpkg, as on Fedora.
mkdir "$work/fedora"
for name in bash sed grep id; do
	ln -s "$(command -v "$name")" "$work/fedora/"
done
is 'lab/packages asks for no package of Debian where there is no dpkg' \
	"$(PATH=$work/fedora bash lab/packages package 2>&1; echo $?)" 0

mapfile -t packages < <(find "$work/rpm/RPMS" -name '*.rpm' | sort)
source=$work/rpm/SRPMS/ipt-sysrq-$version-1.src.rpm
is 'make rpm makes seven packages with the version in Makefile' \
	"$(rpm -qp --qf '%{name} %{version}\n' "${packages[@]}" | sort)" \
	"$(printf "%s $version\n" fence-sysrq ipt-sysrq-dkms iptables-sysrq libsysrq \
		libsysrq-devel send-sysrq send-sysrq-exporter)"
is 'the source package has the version in Makefile' \
	"$(rpm -qp --qf '%{name} %{version}' "$source")" "ipt-sysrq $version"
is 'the changelog of the source package begins with the version in Makefile' \
	"$(rpm -qp --qf '%{changelogname}' "$source" | sed 's/.* - //')" "$version-1"
rpmlint -c packaging/rpmlint.toml "$source" "${packages[@]}" "$spec" > "$work/log" 2>&1
is 'rpmlint finds nothing' \
	"$(grep -E ': [EW]: ' "$work/log"; sed -n 's/.* checked; \(.*\), . badness.*/\1/p' "$work/log")" \
	'0 errors, 0 warnings'

# Prints the file name of a package.
package() { # NAME
	find "$work/rpm/RPMS" -name "$1-$version-*"
}
# Prints the files of a package, without its documents and build ids.
files() { # NAME
	rpm -qp --qf '[%{filemodes:perms} %{filenames}\n]' "$(package "$1")" |
		sed -n 's/^[-l]r\(w.\).*r.. / /p' |
		grep -vE '^ /usr/(share/(doc|licenses)/|lib/\.build-id)' | sort |
		sed 's/^ //; s/\.gz$//'
}
# Prints the names of the licenses in a package.
license() { # NAME
	rpm -qpL "$(package "$1")" | sed 's|.*/||'
}
for name in fence-sysrq ipt-sysrq-dkms iptables-sysrq libsysrq libsysrq-devel send-sysrq \
	send-sysrq-exporter; do
	is "$name has the license" "$(license $name)" LICENSE
done
is 'ipt-sysrq-dkms has the expected files' "$(files ipt-sysrq-dkms)" "$(
	{
		module_source
		printf '%s\n' /usr/lib/modprobe.d/ipt-sysrq.conf \
			/usr/share/man/man4/ipt_sysrq.4
	} | sort)"
is 'iptables-sysrq has the expected files' "$(files iptables-sysrq)" "$(printf '%s\n' \
	"$(pkg-config --variable=xtlibdir xtables)/libxt_SYSRQ.so" \
	/usr/lib/systemd/system/ipt-sysrq.service \
	/usr/lib/systemd/system-preset/85-ipt-sysrq.preset \
	/usr/libexec/ipt-sysrq/{add-operator,load,panic,settings,setup,unload} \
	/usr/share/man/man8/iptables-sysrq.8 | sort)"
lib=$(rpm -E '%_libdir')
is 'libsysrq has the expected files' "$(files libsysrq)" \
	"$(printf '%s\n' "$lib"/libsysrq.so.{0,"$version"})"
is 'libsysrq-devel has the expected files' "$(files libsysrq-devel)" "$(printf '%s\n' \
	/usr/include/sysrq.h "$lib"/{libsysrq.so,pkgconfig/libsysrq.pc} \
	/usr/share/man/man3/libsysrq.3 | sort)"
is 'fence-sysrq has the expected files' "$(files fence-sysrq)" "$(printf '%s\n' \
	/usr/sbin/fence_sysrq /usr/share/man/man8/fence_sysrq.8)"
is 'send-sysrq-exporter has the expected files' "$(files send-sysrq-exporter)" "$(printf '%s\n' \
	/usr/lib/systemd/system/send_sysrq-exporter.service \
	/usr/libexec/send_sysrq/exporter \
	/usr/share/send_sysrq/send_sysrq.{dashboard.json,rules.yml} | sort)"
is 'send-sysrq has the expected files' "$(files send-sysrq)" "$(printf '%s\n' \
	/usr/bin/send_sysrq \
	/usr/share/man/man{1/send_sysrq.1,5/send_sysrq_config.5} \
	/usr/share/bash-completion/completions/send_sysrq \
	/usr/share/fish/vendor_completions.d/send_sysrq.fish \
	/usr/share/zsh/site-functions/_send_sysrq | sort)"

# Prints a script of a package.
script_of() { # PACKAGE SCRIPT
	rpm -qp --qf "%{$2}" "$(package "$1")"
}
for name in iptables-sysrq send-sysrq-exporter; do
	for script in postin preun postun; do
		is "sh can read the script $script of $name" \
			"$(script_of $name $script | sh -n 2>&1; echo $?)" 0
	done
done
for name in postin preun; do
	is "sh can read the script $name of ipt-sysrq-dkms" \
		"$(script_of ipt-sysrq-dkms $name | sh -n 2>&1; echo $?)" 0
done
is 'rpmbuild has expanded every macro in the scripts' \
	"$(rpm -qp --scripts "${packages[@]}" | grep '%')" ''

# The scripts run these programs instead of dkms, systemctl and unload. A program prints its
# arguments, and fails if $fails contains the first of them.
mkdir "$work/bin"
for name in dkms systemctl unload; do
	printf '%s\n' '#!/bin/sh' "echo $name \"\$@\"" \
		'case "$fails" in *"$1"*) exit 1 ;; esac' > "$work/bin/$name"
done
export fails='add install remove enable disable'
chmod +x "$work/bin"/*
mkdir -p "$work/modules"/{1-older,2-newer}/build/include "$work/modules/3-no-headers"
# Runs a script of a package, and prints which of these programs it has run.
done_by() { # PACKAGE SCRIPT COUNT: how many versions are installed afterwards, as rpm says it
	script_of "$1" "$2" | sed "s|/usr/libexec/ipt-sysrq/|$work/bin/|
		s|/lib/modules/|$work/modules/|" |
		PATH=$work/bin:$PATH sh -s "$3"
	echo "exit $?"
}
dkms="-q -m ipt-sysrq -v $version --force -k"
is 'an installation builds the module for each kernel with headers, even if commands fail' \
	"$(done_by ipt-sysrq-dkms postin 1)" "\
dkms add -q -m ipt-sysrq -v $version --rpm_safe_upgrade
dkms build $dkms 1-older
dkms install $dkms 1-older
dkms build $dkms 2-newer
dkms install $dkms 2-newer
exit 0"
is 'an installation replaces no module if the build fails' \
	"$(fails=build done_by ipt-sysrq-dkms postin 1)" "\
dkms add -q -m ipt-sysrq -v $version --rpm_safe_upgrade
dkms build $dkms 1-older
dkms build $dkms 2-newer
exit 0"
is 'a removal removes the module from DKMS' "$(done_by ipt-sysrq-dkms preun 0)" "\
dkms remove -q -m ipt-sysrq -v $version --all --rpm_safe_upgrade
exit 0"
is 'an upgrade keeps the rules and the module' \
	"$(done_by iptables-sysrq preun 1 | grep -c unload)" 0
is 'a removal deletes the rules and unloads the module' \
	"$(done_by iptables-sysrq preun 0 | grep -E 'unload|exit')" "\
unload
exit 0"

# rpm installs the packages into a folder, which also holds its database.
root=$work/root
mkdir "$root"
# Without --force-debian the rpm of Debian refuses, and names alien.
rpm=(rpm --force-debian --root "$root" --dbpath /db --nodeps --noscripts)
# Prints every installed file.
all() {
	(cd "$root" && find . -path ./db -prune -o ! -type d -print | sort)
}
"${rpm[@]}" -i "${packages[@]}" > "$work/log" 2>&1
is 'rpm installs the packages without a message' "$? $(cat "$work/log")" '0 '
is 'rpm has installed exactly the files of the packages' \
	"$(all | sed 's/^\.//')" "$(rpm -qp --qf '[%{filemodes:perms} %{filenames}\n]' \
		"${packages[@]}" | sed -n 's/^[-l][^ ]* //p' | sort -u)"
is 'the installed send_sysrq runs' \
	"$(LD_LIBRARY_PATH=$root$lib "$root/usr/bin/send_sysrq" --version |
		cut -d' ' -f1)" send_sysrq
mapfile -t names < <(rpm -qp --qf '%{name}\n' "${packages[@]}")
"${rpm[@]}" -e "${names[@]}" > "$work/log" 2>&1
is 'rpm erases the packages without a message' "$? $(cat "$work/log")" '0 '
is 'rpm leaves nothing of the packages' "$(cd "$root" && find . -path ./db -prune -o -print |
	grep -iE 'sysrq')" ''

rpmbuild --rebuild --quiet --nodeps --load packaging/macros.debian \
	--define "_topdir $work/again" "$source" > "$work/log" 2>&1
is 'the source package builds without anything else' "$?" 0
is 'the source package makes the same packages' \
	"$(find "$work/again/RPMS" -name '*.rpm' |
	sed 's|.*/||' | sort)" "$(printf '%s\n' "${packages[@]##*/}" | sort)"
done_testing
