#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The packages installed by apt in a Debian that has never run: DKMS builds the module,
# also for a kernel that comes later; xtables-addons keeps out of the way, and gets its
# own back; an upgrade keeps what is configured and what is loaded, also where the module
# does not build; and a purge leaves nothing.
. "$(dirname "$0")/../../lab/apt"
# After lab/apt, because both have a function fail.
# shellcheck source=tests/package/lib.sh
. "$(dirname "$0")/lib.sh"
rmdir "$work"
work=$(mktemp -d "$cache/install.XXXXXX")

# All mounts are in a namespace of this script's own.
if [ "${1:-}" != inside ]; then
	rmdir "$work"
	exec unshare --mount "$0" inside
fi
trap 'umount -R "$root" "$work/memory" 2> /dev/null; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP
root=$work/root

# Once all is downloaded without a network: whose rules would a removal delete?
alone=()
inside() {
	"${alone[@]}" chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C \
		DEBIAN_FRONTEND=noninteractive "$@"
}
apt() {
	inside apt-get -qq -y -o Dpkg::Use-Pty=0 --no-install-recommends "$@" \
		< /dev/null
}

# --- A Debian with DKMS and the older of two kernels; the rest waits in apt's cache ---

kernels() {
	apt-cache "${apt_options[@]}" pkgnames linux-image- |
		sed -nE 's/^linux-image-(6\.1\.0-[0-9]+-cloud-amd64)$/\1/p' |
		sort -V | tail -n 2
}

make_base() {
	local include=dkms,gcc,make,iptables,kmod,libsodium-dev,libjansson4
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

# What is done to it stays in memory.
mkdir "$work/memory" "$root"
mount -t tmpfs memory "$work/memory"
mkdir "$work/memory/upper" "$work/memory/work"
mount -t overlay -o "lowerdir=$base,upperdir=$work/memory/upper,workdir=$work/memory/work" \
	overlay "$root" || bail 'no overlay file system'
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
alone=(unshare --net)

# The kernel that runs, to what asks for it
printf '#!/bin/sh\n[ "$*" = -r ] || exec uname.real "$@"\ncat /tmp/running\n' \
	> "$work/uname"
mv "$root/usr/bin/uname" "$root/usr/bin/uname.real"
install "$work/uname" "$root/usr/bin/uname"
boot() { # RELEASE
	echo "$1" > "$root/tmp/running"
}
boot "$older"

# The module, loaded, as far as packages see
loaded=$root/sys/module/ipt_SYSRQ
printf '#!/bin/sh\nexec rmdir /sys/module/ipt_SYSRQ\n' > "$work/rmmod"
rm "$root/usr/sbin/rmmod"
install "$work/rmmod" "$root/usr/sbin/rmmod"

# --- The packages, and those of a later version ---

packages() { # VERSION
	(cd "$work/packages" && dpkg-scanpackages -m . 2> /dev/null > Packages)
	mount --bind "$work/packages" "$root/mnt"
	echo 'deb [trusted=yes] file:/mnt ./' \
		> "$root/etc/apt/sources.list.d/ours.list"
	apt update -o Dir::Etc::sourcelist=sources.list.d/ours.list \
		-o Dir::Etc::sourceparts=- -o APT::Get::List-Cleanup=0
}
mkdir "$work/packages"
run_make BUILD="$work/build" deb > "$work/log" ||
	bail "make deb: $(tail -n 3 "$work/log")"
rm "$work"/build/deb/*-dbgsym_*
cp "$work"/build/deb/*.deb "$work/packages/"
ours='ipt-sysrq-dkms iptables-sysrq send-sysrq libsysrq0 libsysrq-dev'

files() {
	inside find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /mnt -o -path /tmp \
		-o -path /var/lib/dpkg -o -path /var/lib/apt -o -path /var/log \
		-o -path /var/cache -o -path /etc/apt \) -prune -o -print |
		grep -vE '/modules\.[a-z.]+$|^/etc/ld\.so\.cache$' | sort
}
ko() { # RELEASE
	inside find "/lib/modules/$1" -name 'ipt_SYSRQ.ko*' | wc -l
}

# DKMS keeps a key for what it signs, made with the first module, whichever that is.
ok 'xtables-addons, for what it leaves' apt install --no-download xtables-addons-dkms
ok '… and away' apt purge xtables-addons-dkms xtables-addons-common
files > "$work/before"

ok 'a repository of our packages' packages
# shellcheck disable=SC2086 # a list of words
ok 'they are installed' apt install $ours
is 'DKMS has built the module' "$(ko "$older")" 1
ok '… and depmod knows it' inside modinfo -k "$older" ipt_SYSRQ
ok 'iptables knows the target' inside sh -c 'iptables -j SYSRQ --help | grep allow-keys'
ok 'the service is enabled' test -h \
	"$root/etc/systemd/system/sysinit.target.wants/ipt-sysrq.service"
ok '… and nothing is' inside sh -c '! ls /etc/ipt_sysrq /etc/modprobe.d/ipt_SYSRQ.conf'

ok 'a newer kernel is installed' apt install --no-download "linux-image-$newer" \
	"linux-headers-$newer"
is '… and the module is there for it' "$(ko "$newer")" 1
is '… and for the older' "$(ko "$older")" 1
boot "$newer"

# --- Beside xtables-addons ---
target() {
	inside iptables -j SYSRQ --help 2> /dev/null | grep -c allow-keys
}
resolves() {
	for name in ipt_SYSRQ ip6t_SYSRQ; do
		inside modprobe -S "$newer" --resolve-alias "$name"
	done | sort -u
}
ok 'xtables-addons beside it' apt install --no-download xtables-addons-dkms
is '… the target is ours' "$(target)" 1
is '… for the kernel, too' "$(resolves)" ipt_SYSRQ
ok '… the others are theirs' inside iptables -j TARPIT --help
ok 'without ours' apt remove iptables-sysrq ipt-sysrq-dkms
is '… it is theirs' "$(target)" 0
is '… for the kernel, too' "$(resolves)" xt_SYSRQ
ok 'ours after theirs' apt install iptables-sysrq ipt-sysrq-dkms
is '… the target is ours again' "$(target)" 1
is '… for the kernel, too' "$(resolves)" ipt_SYSRQ
ok 'theirs away' apt purge xtables-addons-dkms xtables-addons-common
is '… it stays ours' "$(target)" 1

# --- An upgrade ---
mkdir -p "$root/etc/ipt_sysrq"
echo '# mine' > "$root/etc/ipt_sysrq/operators"
echo '# mine' > "$root/etc/modprobe.d/ipt_SYSRQ.conf"
mkdir -p "$loaded"
later() { # NUMBER [COMMAND…]: done to the source of the module
	local deb
	for deb in "$work"/build/deb/*.deb; do
		dpkg-deb -R "$deb" "$work/later"
		sed -i "s/^Version: .*/&.$1/; s/\(libsysrq0 (= [^)]*\))/\1.$1)/" \
			"$work/later/DEBIAN/control"
		if [ $# -gt 1 ] && [ -d "$work/later/usr/src" ]; then
			(cd "$work"/later/usr/src/* && "${@:2}")
		fi
		dpkg-deb --root-owner-group -b "$work/later" "$work/packages" > "$work/log"
		rm -r "$work/later"
	done
	packages
}
upgraded() { # NUMBER
	# shellcheck disable=SC2086 # a list of words
	is '… all of it' "$(inside dpkg-query -W -f '${Version}\n' $ours |
		grep -c "\.$1\$")" 5
	is '… the module is there, also for the kernel that ran before' \
		"$(ko "$older") $(ko "$newer")" '1 1'
	unharmed
}
unharmed() {
	is '… the configuration stays' "$(cat "$root/etc/ipt_sysrq/operators" \
		"$root/etc/modprobe.d/ipt_SYSRQ.conf" | grep -c mine)" 2
	ok '… the module stays loaded' test -d "$loaded"
}
ok 'a later version' later 1
# shellcheck disable=SC2086 # a list of words
ok '… is installed' apt install $ours
upgraded 1

fails() {
	# shellcheck disable=SC2086 # a list of words
	is '… cannot be installed' "$(apt install $ours > "$work/log" 2>&1; echo $?)" 100
	unharmed
}
mends() { # NUMBER
	ok 'a version that is good' later "$1"
	# shellcheck disable=SC2086 # a list of words
	ok '… is installed' apt install $ours
	upgraded "$1"
}
ok 'a version that does not build' later 2 sed -i '1i #error broken' kernel/main.c
fails
is '… though its file is gone, as docs/install.md says' "$(ko "$older") $(ko "$newer")" '0 0'
mends 3

ok 'one that cannot be unpacked' later 4 sh -c 'mkdir ../../bin && : > ../../bin/make'
fails
is '… the module that was there is there again' "$(ko "$older") $(ko "$newer")" '1 1'
mends 5

# --- A removal keeps what is configured, a purge leaves no trace ---
# shellcheck disable=SC2086 # a list of words
ok 'they are removed' apt remove $ours
ok '… and the module unloaded' test ! -d "$loaded"
is '… the configuration stays' "$(cat "$root/etc/ipt_sysrq/operators" \
	"$root/etc/modprobe.d/ipt_SYSRQ.conf" | grep -c mine)" 2
is '… no module is left' "$(ko "$older") $(ko "$newer")" '0 0'
# shellcheck disable=SC2086 # a list of words
ok 'they are purged' apt purge $ours "linux-image-$newer" "linux-headers-$newer" \
	linux-headers-"${newer%-cloud-amd64}"-common
files > "$work/after"
is '… no file is left' "$(diff "$work/before" "$work/after")" ''
done_testing
