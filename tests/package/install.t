#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# apt installs, upgrades and purges the packages in a Debian that never runs, a chroot.
# DKMS builds the module for the kernel that is there and for one that is installed later.
# ipt_sysrq and xtables-addons can be installed together: iptables then has the target of
# ipt_sysrq, and when ipt_sysrq is removed, the target of xtables-addons comes back. An
# upgrade keeps the configuration and the loaded module, even if the new module does not
# build. No initramfs gets a secret. A purge leaves no file.
. "$(dirname "$0")/../../lab/apt"
# After lab/apt, because both have a function fail.
# shellcheck source=tests/package/lib.sh
. "$(dirname "$0")/lib.sh"
rmdir "$work"
work=$(mktemp -d "$cache/install.XXXXXX")

# This script mounts only in a mount namespace of its own.
if [ "${1:-}" != inside ]; then
	rmdir "$work"
	exec unshare --mount "$0" inside
fi
trap 'umount -R "$root" "$work/memory" 2> /dev/null; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP
root=$work/root

# Runs a command in the chroot. When all is downloaded, $isolate takes the network away:
# a removal deletes rules of iptables, and must not delete those of this machine.
isolate=()
inside() { # COMMAND…
	"${isolate[@]}" chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C \
		DEBIAN_FRONTEND=noninteractive "$@"
}
apt() { # ARGUMENT…
	inside apt-get -qq -y -o Dpkg::Use-Pty=0 --no-install-recommends "$@" \
		< /dev/null
}

# --- A Debian with DKMS and the older of two kernels; apt's cache has the other packages ---

# Prints the two newest kernels of Debian 12, the older one first.
kernels() {
	apt-cache "${apt_options[@]}" pkgnames linux-image- |
		sed -nE 's/^linux-image-(6\.1\.0-[0-9]+-cloud-amd64)$/\1/p' |
		sort -V | tail -n 2
}

make_base() {
	local include=dkms,gcc,make,iptables,kmod,libsodium-dev,libjansson4,libmicrohttpd12
	grep -E ' bookworm(-security)? main$' "$cache/apt/sources.list" \
		> "$work/sources"
	mmdebstrap --quiet --mode=root --variant=minbase \
		--aptopt='APT::Install-Recommends "false"' \
		--include="$include,linux-image-$older,linux-headers-$older" \
		--skip=cleanup/apt/lists bookworm "$base.new" - < "$work/sources" &&
		root=$base.new apt --download-only install "linux-image-$newer" \
			"linux-headers-$newer" xtables-addons-common xtables-addons-dkms &&
		printf '#!/bin/sh\nexit 101\n' > "$base.new/usr/sbin/policy-rc.d" &&
		chmod 755 "$base.new/usr/sbin/policy-rc.d" &&
		mv "$base.new" "$base"
}

private_apt
{ read -r older && read -r newer; } < <(kernels) || bail 'there are no two kernels'
base=$cache/install-$newer
if [ ! -d "$base" ]; then
	rm -rf "$base.new"
	make_base > "$work/log" 2>&1 ||
		bail "no Debian to install on: $(tail -n 3 "$work/log")"
fi

# What the test changes in this Debian stays in memory.
mkdir "$work/memory" "$root"
mount -t tmpfs memory "$work/memory"
mkdir "$work/memory/upper" "$work/memory/work"
mount -t overlay -o "lowerdir=$base,upperdir=$work/memory/upper,workdir=$work/memory/work" \
	overlay "$root" || bail 'no overlay file system'
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
isolate=(unshare --net)

# uname -r in the chroot prints the kernel that boot has named.
printf '#!/bin/sh\n[ "$*" = -r ] || exec uname.real "$@"\ncat /tmp/running\n' \
	> "$work/uname"
mv "$root/usr/bin/uname" "$root/usr/bin/uname.real"
install "$work/uname" "$root/usr/bin/uname"
boot() { # RELEASE
	echo "$1" > "$root/tmp/running"
}
boot "$older"

# The scripts of the packages take this folder for the loaded module, and rmmod in the
# chroot removes the folder.
loaded=$root/sys/module/ipt_SYSRQ
printf '#!/bin/sh\nexec rmdir /sys/module/ipt_SYSRQ\n' > "$work/rmmod"
rm "$root/usr/sbin/rmmod"
install "$work/rmmod" "$root/usr/sbin/rmmod"

# --- The packages of ipt_sysrq in a repository, later with higher versions ---

packages='ipt-sysrq-dkms iptables-sysrq send-sysrq send-sysrq-exporter fence-sysrq libsysrq0 libsysrq-dev'

# Makes a repository of all packages in $work/packages, and apt in the chroot reads it.
publish() {
	(cd "$work/packages" && dpkg-scanpackages -m . 2> /dev/null > Packages)
	mount --bind "$work/packages" "$root/mnt"
	echo 'deb [trusted=yes] file:/mnt ./' \
		> "$root/etc/apt/sources.list.d/sysrq.list"
	apt update -o Dir::Etc::sourcelist=sources.list.d/sysrq.list \
		-o Dir::Etc::sourceparts=- -o APT::Get::List-Cleanup=0
}
mkdir "$work/packages"
run_make BUILD="$work/build" deb > "$work/log" ||
	bail "make deb: $(tail -n 3 "$work/log")"
rm "$work"/build/deb/*-dbgsym_*
cp "$work"/build/deb/*.deb "$work/packages/"

# Prints all files and folders in the chroot that packages may have made, without what
# apt, dpkg and depmod keep for themselves.
files() {
	inside find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /mnt -o -path /tmp \
		-o -path /var/lib/dpkg -o -path /var/lib/apt -o -path /var/log \
		-o -path /var/cache -o -path /etc/apt \) -prune -o -print |
		grep -vE '/modules\.[a-z.]+$|^/etc/ld\.so\.cache$' | sort
}
# Prints how many files of the module a kernel has.
modules() { # RELEASE
	inside find "/lib/modules/$1" -name 'ipt_SYSRQ.ko*' | wc -l
}

# With its first module, of whichever package, DKMS makes a key to sign modules, and keeps
# the key. The list of files has to have it.
ok 'apt installs xtables-addons' apt install --no-download xtables-addons-dkms
ok 'apt purges xtables-addons' apt purge xtables-addons-dkms xtables-addons-common
mkdir -p "$root/etc/sysctl.d"
files > "$work/before"

ok 'apt reads a repository with the packages of ipt_sysrq' publish
# shellcheck disable=SC2086 # a list of words
ok 'apt installs the packages of ipt_sysrq' apt install $packages
is 'DKMS has built the module' "$(modules "$older")" 1
ok 'modinfo finds the module by its name' inside modinfo -k "$older" ipt_SYSRQ
ok 'iptables has the target of ipt_sysrq' \
	inside sh -c 'iptables -j SYSRQ --help | grep allow-keys'
ok 'the service is enabled' test -h \
	"$root/etc/systemd/system/sysinit.target.wants/ipt-sysrq.service"
ok 'the packages have written no configuration' \
	inside sh -c '! ls /etc/ipt_sysrq /etc/modprobe.d/ipt_SYSRQ.conf /etc/sysctl.d/60-*'

# --- The initramfs, which all users may read ---
mkdir -p "$root/etc/ipt_sysrq" "$loaded/parameters"
cp packaging/ipt_SYSRQ.conf "$root/etc/modprobe.d/"
: > "$root/etc/sysctl.d/60-ipt_SYSRQ.conf" # as setup --panic-on-lockup writes it
for name in passwd key; do
	echo "secret-$name" > "$root/etc/ipt_sysrq/$name"
	: > "$loaded/parameters/$name"
done
chmod 600 "$root"/etc/ipt_sysrq/*
# Prints the files in a new initramfs whose text matches, without its own folder.
initramfs() { # REGEX
	rm -rf "$root/tmp/initramfs"
	inside mkinitramfs -o /tmp/image "$older" > "$work/log" 2>&1 &&
		inside unmkinitramfs /tmp/image /tmp/initramfs
	(cd "$root/tmp/initramfs" && grep -rlE "$1" . | sort)
}
is 'the initramfs has the options of the module, and no secret' \
	"$(initramfs 'secret-|options ipt_SYSRQ')" ./etc/modprobe.d/ipt_SYSRQ.conf
is '… all users may read it' "$(stat -c %A "$root/tmp/image")" -rw-r--r--
is '… load gives the secrets to the module, and says nothing' \
	"$(inside /usr/libexec/ipt-sysrq/load 2>&1; cat "$loaded"/parameters/*)" \
	'secret-key
secret-passwd'
echo 'options ipt_SYSRQ passwd=secret-old' >> "$root/etc/modprobe.d/ipt_SYSRQ.conf"
is 'a password in modprobe.d is in the initramfs' "$(initramfs secret-)" \
	./etc/modprobe.d/ipt_SYSRQ.conf
has '… load says so' "$(inside /usr/libexec/ipt-sysrq/load 2>&1)" \
	'/etc/modprobe.d/ipt_SYSRQ.conf holds a secret .*initramfs'
rm -r "$root/tmp/image" "$root/tmp/initramfs" "$root/etc/ipt_sysrq" "$loaded" \
	"$root/etc/modprobe.d/ipt_SYSRQ.conf"

ok 'apt installs a newer kernel' apt install --no-download "linux-image-$newer" \
	"linux-headers-$newer"
is 'the newer kernel has the module' "$(modules "$newer")" 1
is 'the older kernel still has the module' "$(modules "$older")" 1
boot "$newer"

# --- Beside xtables-addons ---
# Prints 1 if iptables has the target of ipt_sysrq, the one with --allow-keys, else 0.
target() {
	inside iptables -j SYSRQ --help 2> /dev/null | grep -c allow-keys
}
# Prints which module the kernel gets when iptables or ip6tables asks for the target.
resolves() {
	for name in ipt_SYSRQ ip6t_SYSRQ; do
		inside modprobe -S "$newer" --resolve-alias "$name"
	done | sort -u
}
ok 'apt installs xtables-addons beside ipt_sysrq' \
	apt install --no-download xtables-addons-dkms
is 'beside xtables-addons, iptables has the target of ipt_sysrq' "$(target)" 1
is 'beside xtables-addons, the kernel gets the module of ipt_sysrq' \
	"$(resolves)" ipt_SYSRQ
ok 'beside ipt_sysrq, iptables has the other targets of xtables-addons' \
	inside iptables -j TARPIT --help
ok 'apt removes ipt_sysrq, and xtables-addons stays' \
	apt remove iptables-sysrq ipt-sysrq-dkms
is 'iptables no longer has the target of ipt_sysrq' "$(target)" 0
is 'the kernel gets the module of xtables-addons' "$(resolves)" xt_SYSRQ
ok 'apt installs ipt_sysrq after xtables-addons' apt install iptables-sysrq ipt-sysrq-dkms
is 'iptables has the target of ipt_sysrq again' "$(target)" 1
is 'the kernel gets the module of ipt_sysrq again' "$(resolves)" ipt_SYSRQ
ok 'apt removes xtables-addons' apt purge xtables-addons-dkms xtables-addons-common
is 'iptables still has the target of ipt_sysrq' "$(target)" 1

# --- Upgrades ---
mkdir -p "$root/etc/ipt_sysrq"
echo '# mine' > "$root/etc/ipt_sysrq/operators"
echo '# mine' > "$root/etc/modprobe.d/ipt_SYSRQ.conf"
mkdir -p "$loaded"

# Puts copies of the packages with a higher version into the repository. The command changes
# the source of the module in them.
higher() { # NUMBER [COMMAND…]: .NUMBER is added to the version
	local deb
	for deb in "$work"/build/deb/*.deb; do
		dpkg-deb -R "$deb" "$work/higher"
		sed -i "s/^Version: .*/&.$1/; s/\(\(libsysrq0\|send-sysrq\) (= [^)]*\))/\1.$1)/" \
			"$work/higher/DEBIAN/control"
		if [ $# -gt 1 ] && [ -d "$work/higher/usr/src" ]; then
			(cd "$work"/higher/usr/src/* && "${@:2}")
		fi
		dpkg-deb --root-owner-group -b "$work/higher" "$work/packages" > "$work/log"
		rm -r "$work/higher"
	done
	publish
}
unharmed() { # WHEN
	is "$1 the configuration is as before" "$(cat "$root/etc/ipt_sysrq/operators" \
		"$root/etc/modprobe.d/ipt_SYSRQ.conf" | grep -c mine)" 2
	ok "$1 the module is still loaded" test -d "$loaded"
}
succeeds() { # NUMBER WHICH
	ok "the repository has a version .$1, $2" higher "$1"
	# shellcheck disable=SC2086 # a list of words
	ok "apt upgrades to version .$1" apt install $packages
	# shellcheck disable=SC2086 # a list of words
	is "all packages have version .$1" "$(inside dpkg-query -W -f '${Version}\n' $packages |
		grep -c "\.$1\$")" 7
	is "both kernels have the module of version .$1" \
		"$(modules "$older") $(modules "$newer")" '1 1'
	unharmed "after the upgrade to version .$1"
}
fails() { # NUMBER WHICH COMMAND…
	ok "the repository has a version .$1, $2" higher "$1" "${@:3}"
	# shellcheck disable=SC2086 # a list of words
	is "apt fails to upgrade to version .$1" \
		"$(apt install $packages > "$work/log" 2>&1; echo $?)" 100
	unharmed "after the failure of version .$1"
}
succeeds 1 'which is good'

fails 2 'whose module does not build' sed -i '1i #error broken' kernel/main.c
is 'no kernel has a file of the module, as docs/install.md says' \
	"$(modules "$older") $(modules "$newer")" '0 0'
succeeds 3 'which is good'

# /usr/bin/make belongs to the package make.
fails 4 'which dpkg cannot unpack' sh -c 'mkdir ../../bin && : > ../../bin/make'
is 'both kernels have the module of the version before' \
	"$(modules "$older") $(modules "$newer")" '1 1'
succeeds 5 'which is good'

# --- A removal keeps the configuration, a purge leaves no file ---
# shellcheck disable=SC2086 # a list of words
ok 'apt removes the packages of ipt_sysrq' apt remove $packages
ok 'the removal unloads the module' test ! -d "$loaded"
is 'the removal keeps the configuration' "$(cat "$root/etc/ipt_sysrq/operators" \
	"$root/etc/modprobe.d/ipt_SYSRQ.conf" | grep -c mine)" 2
is 'the removal leaves no file of the module' \
	"$(modules "$older") $(modules "$newer")" '0 0'
# shellcheck disable=SC2086 # a list of words
ok 'apt purges the packages of ipt_sysrq, and the newer kernel' \
	apt purge $packages "linux-image-$newer" "linux-headers-$newer" \
	linux-headers-"${newer%-cloud-amd64}"-common
files > "$work/after"
is 'the purge leaves no file' "$(diff "$work/before" "$work/after")" ''
done_testing
