#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The packages in a Debian system: DKMS builds for the kernel that is there and for the
# next one, upgrades unload and forget nothing, xtables-addons may be beside them, and
# a purge leaves nothing.
set -u
cd "$(dirname "$0")/../.." || exit 1
work=$(mktemp -d)
tests=0

bail() {
	echo "Bail out! $*"
	exit 1
}

# In namespaces of its own, without a network: no rule and no mount is the host's.
if [ -z "${WORK-}" ]; then
	trap 'rm -rf "$work"' EXIT
	trap 'exit 1' INT TERM
	[ "$(id -u)" -eq 0 ] || bail 'it installs packages into a root of its own as root'
	made=$(lab/root) || bail 'no system to install on'
	WORK=$work FROM=$made unshare --mount --net --ipc --pid --fork --kill-child \
		tests/package/install.t
	exit
fi
rmdir "$work"
work=$WORK
root=$work/root
version=$(sed -n 's/^VERSION := //p' Makefile)
older=$(cat "$FROM/older")
newer=$(cat "$FROM/newer")

# ok NAME COMMAND…; its output, where it fails
ok() {
	local name=$1
	shift
	tests=$((tests + 1))
	if "$@" > "$work/out" 2>&1; then
		echo "ok $tests - $name"
	else
		echo "not ok $tests - $name"
		tail -n 30 "$work/out" | sed 's/^/# /'
	fi
}
is() { # NAME GOT EXPECTED
	ok "$1" test "$2" = "$3"
	[ "$2" = "$3" ] || printf '%s\n' "got: $2" "expected: $3" | sed 's/^/# /'
}
fails() {
	! "$@"
}

# --- A system, and a repository that has all it will need ---
cp -a "$FROM/root" "$root"
mkdir "$root/repository"
ln "$FROM"/debs/* "$root/repository/" 2> /dev/null || cp "$FROM"/debs/* "$root/repository/"
mount -t proc proc "$root/proc"
mount -t tmpfs tmpfs "$root/dev"
for device in null zero urandom tty; do
	touch "$root/dev/$device"
	mount --bind "/dev/$device" "$root/dev/$device"
done
ln -s /proc/self/fd "$root/dev/fd"
printf '#!/bin/sh\nexit 101\n' > "$root/usr/sbin/policy-rc.d"
chmod +x "$root/usr/sbin/policy-rc.d"

inside() {
	chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
		LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"
}
get() { # APT-GET'S ARGUMENT…
	inside apt-get -qq -y --no-install-recommends "$@"
}
publish() {
	(cd "$root/repository" && dpkg-scanpackages --multiversion . > Packages) \
		2> "$work/out" || bail 'no repository'
	get update > "$work/out" 2>&1 || bail 'apt does not take the repository'
}
# A module that is loaded, to what packages can see of one; rmmod writes down who ran it.
load() {
	mkdir -p "$root/sys/module/ipt_SYSRQ"
}
rm "$root/usr/sbin/rmmod"
cat > "$root/usr/sbin/rmmod" << 'END'
#!/bin/sh
exec rmdir /sys/module/ipt_SYSRQ
END
chmod +x "$root/usr/sbin/rmmod"
# The kernel that runs, to what asks uname -r
mv "$root/usr/bin/uname" "$root/usr/bin/uname.real"
cat > "$root/usr/bin/uname" << 'END'
#!/bin/sh
[ "$*" = -r ] || exec uname.real "$@"
cat /tmp/running
END
chmod +x "$root/usr/bin/uname"
run() { # RELEASE
	echo "$1" > "$root/tmp/running"
}

# The packages as a later revision of them, which differs in what COMMAND… does to the
# source for DKMS.
revise() { # REVISION COMMAND…
	local deb tree=$work/tree
	for deb in "$work"/deb/*"_$version-1_"*.deb; do
		dpkg-deb -R "$deb" "$tree"
		sed -i "s/$version-1\>/$version-$1/" "$tree/DEBIAN/control"
		if [ -d "$tree/usr/src" ] && [ $# -gt 1 ]; then
			(cd "$tree/usr/src/"* && "${@:2}")
		fi
		dpkg-deb -b "$tree" "$root/repository" > "$work/out" || bail 'dpkg-deb'
		rm -rf "$tree"
	done
	publish
}

env -u MAKEFLAGS -u MAKELEVEL make BUILD="$work" deb > "$work/out" 2>&1 ||
	bail "make deb: $(tail -n 5 "$work/out")"
rm "$work"/deb/*-dbgsym_*.deb
cp "$work"/deb/*.deb "$root/repository/"
publish

ours=(ipt-sysrq-dkms iptables-sysrq send-sysrq libsysrq-dev libsysrq0)
lib=/usr/lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH)/xtables/libxt_SYSRQ.so

# What packages leave alone, or write for themselves
all() {
	inside find / -xdev \( -path /proc -o -path /dev -o -path /sys -o -path /repository \
		-o -path /tmp -o -path /var/log -o -path /var/cache -o -path '/var/lib/apt' \
		-o -path '/var/lib/dpkg/*-old' \) -prune -o -print | sort
}
# Of which kernels the module that DKMS has built is there, and of which version
modules() {
	local kernel
	for kernel in "$older" "$newer"; do
		echo "$kernel $(inside modinfo -k "$kernel" -F version ipt_SYSRQ 2> /dev/null)"
	done
}
knows_target() {
	inside iptables -j SYSRQ --help | grep 'SYSRQ target'
}
# Whose file iptables loads for -j SYSRQ, and which module the kernel asks for gets
whose() {
	local name
	for name in iptables-sysrq xtables-addons-common; do
		! dpkg-deb --fsys-tarfile "$(find "$root/repository" -name "${name}_*" |
			sort -V | tail -n 1)" | tar -xO ".$lib" | cmp -s - "$root$lib" || echo $name
	done
}
loads() { # ALIAS
	inside modprobe -S "$newer" --show-depends "$1" | sed -n 's|.*/\(.*SYSRQ\).*|\1|p'
}
kept() {
	(cd "$root/etc" && stat -c '%n %a' ipt_sysrq ipt_sysrq/* modprobe.d/ipt_SYSRQ.conf &&
		cat ipt_sysrq/* modprobe.d/ipt_SYSRQ.conf)
}

run "$older"
all > "$work/before"

# --- Installed ---
ok 'installed' get install "${ours[@]}"
is 'the module is built for the kernel that is there' "$(modules)" \
	"$(printf '%s\n' "$older $version" "$newer ")"
is '… into a folder that comes before the kernel'\''s own' \
	"$(cd "$root/lib/modules/$older" && find . -name 'ipt_SYSRQ*')" \
	./updates/dkms/ipt_SYSRQ.ko
ok '… and signed' grep -aq 'Module signature appended' \
	"$root/lib/modules/$older/updates/dkms/ipt_SYSRQ.ko"
ok 'the service is enabled' \
	test -L "$root/etc/systemd/system/sysinit.target.wants/ipt-sysrq.service"
is '… and does nothing before a key is set' "$(inside /usr/libexec/ipt-sysrq/load 2>&1)" \
	'ipt-sysrq: no key is set up, so nothing is loaded: see send_sysrq setup'
ok 'iptables knows the target' knows_target
ok 'another kernel is installed' get install "linux-image-$newer" "linux-headers-$newer"
is '… and the module is built for it' "$(modules)" \
	"$(printf '%s\n' "$older $version" "$newer $version")"

# --- Upgraded: that the kernel before the one that runs has it, too, is our doing ---
run "$newer"
mkdir -m 700 "$root/etc/ipt_sysrq"
(umask 077 && echo 'alice key all' > "$root/etc/ipt_sysrq/operators" &&
	echo 'options ipt_SYSRQ port=9' > "$root/etc/modprobe.d/ipt_SYSRQ.conf")
configuration=$(kept)
load
revise 2 sed -i "s/^PACKAGE_VERSION=.*/&\n# revised/" dkms.conf
ok 'upgraded' get dist-upgrade
is '… all of it' "$(inside dpkg-query -W -f '${Version}\n' "${ours[@]}" | uniq)" "$version-2"
is '… the configuration is kept' "$(kept)" "$configuration"
ok '… what is loaded stays loaded' test -d "$root/sys/module/ipt_SYSRQ"
is '… the module is there for both kernels' "$(modules)" \
	"$(printf '%s\n' "$older $version" "$newer $version")"
ok '… and the target' knows_target

revise 3 sed -i '1i #error broken' main.c
ok 'a version that does not build is no success' fails get dist-upgrade
ok '… what is loaded stays loaded' test -d "$root/sys/module/ipt_SYSRQ"
is '… though its file is gone, as docs/install.md says' "$(modules)" \
	"$(printf '%s\n' "$older " "$newer ")"
is '… the configuration is kept' "$(kept)" "$configuration"
revise 4
ok 'one that builds again mends that' get dist-upgrade
is '… for both kernels' "$(modules)" \
	"$(printf '%s\n' "$older $version" "$newer $version")"

# --- Beside xtables-addons ---
# All that it has takes long to build, and one kernel will do.
touch "$root/etc/dkms/no-autoinstall"
ok 'xtables-addons comes second' get install xtables-addons-common xtables-addons-dkms
rm "$root/etc/dkms/no-autoinstall"
xtables=xtables-addons/$(inside dpkg-query -W -f '${Version}' xtables-addons-dkms |
	sed 's/-.*//')
inside dkms status "$xtables" | grep -q . || inside dkms add "$xtables" > "$work/out" 2>&1
ok '… with its module of that name' inside dkms install "$xtables" -k "$newer"
is '… whose target it would be' "$(inside modinfo -k "$newer" -F alias xt_SYSRQ | sort)" \
	"$(printf '%s\n' ip6t_SYSRQ ipt_SYSRQ)"
is '… the target is ours' "$(whose)" iptables-sysrq
ok '… which iptables knows' knows_target
is '… and so is the module, for iptables' "$(loads ipt_SYSRQ)" ipt_SYSRQ
is '… and for ip6tables' "$(loads ip6t_SYSRQ)" ipt_SYSRQ

ok 'ours are removed' get remove "${ours[@]}"
is '… their target is theirs' "$(whose)" xtables-addons-common
is '… and their module, for iptables' "$(loads ipt_SYSRQ)" xt_SYSRQ
is '… and for ip6tables' "$(loads ip6t_SYSRQ)" xt_SYSRQ
ok '… what was loaded is not' test ! -d "$root/sys/module/ipt_SYSRQ"
is '… the configuration is kept' "$(kept)" "$configuration"

ok 'ours come second' get install "${ours[@]}"
is '… the target is ours' "$(whose)" iptables-sysrq
is '… and so is the module, for iptables' "$(loads ipt_SYSRQ)" ipt_SYSRQ
is '… and for ip6tables' "$(loads ip6t_SYSRQ)" ipt_SYSRQ
ok 'xtables-addons is removed' get purge xtables-addons-common xtables-addons-dkms
is '… the target is ours' "$(whose)" iptables-sysrq
is '… and so is the module' "$(loads ip6t_SYSRQ)" ipt_SYSRQ

# --- Purged ---
load
ok 'purged' get purge "${ours[@]}"
ok '… what was loaded is not' test ! -d "$root/sys/module/ipt_SYSRQ"
is '… nothing is left' "$(all | diff "$work/before" - |
	grep -vE "^[0-9]|^> .*${newer%-cloud-amd64}")" ''
is '… of any kernel' "$(all | grep -v '^/usr/src/linux-headers' | grep -i sysrq)" ''
is '… and nothing is diverted' "$(inside dpkg-divert --list '*SYSRQ*')" ''
echo "1..$tests"
