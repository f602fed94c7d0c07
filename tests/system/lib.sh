# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the tests on whole Debian systems share. Sourced. The tests take the packages that
# `make deb` has made, or the packages in the folder DEBS.

# shellcheck source=tests/vm/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../vm/lib.sh"

DEBS=${DEBS:-$BUILD/deb}

needs dpkg-scanpackages dpkg-deb
[ "$(id -u)" -eq 0 ] || bail 'only root can run the tests on whole systems'
ls "$DEBS"/send-sysrq_*.deb > "$WORK/found" 2>&1 ||
	bail "there are no packages in $DEBS: run make deb"

# Makes a repository of the packages in the folder
index() { # FOLDER
	(cd "$1" && dpkg-scanpackages . > Packages) 2> "$WORK/index" ||
		bail "no repository: $(cat "$WORK/index")"
}

# Copies our packages from one folder to another, with a higher version
next_version() { # FROM TO VERSION
	local deb tree=$WORK/tree
	mkdir -p "$2"
	for deb in "$1"/*.deb; do
		rm -rf "$tree"
		dpkg-deb -R "$deb" "$tree"
		sed -i -E "s/^Version: .*/Version: $3/; s/\((=) [^)]*sysrq[^)]*\)/(\1 $3)/" \
			"$tree/DEBIAN/control"
		sed -i -E "/^Depends:/s/(sysrq[a-z0-9-]*) \(= [^)]*\)/\1 (= $3)/g" \
			"$tree/DEBIAN/control"
		dpkg-deb --root-owner-group -b "$tree" "$2" > "$WORK/build" ||
			bail "no package: $(cat "$WORK/build")"
	done
	index "$2"
}

# Does what ok does, and prints how long the command took.
took() { # NAME COMMAND…
	local begin=$SECONDS
	ok "$@"
	echo "$1: $((SECONDS - begin)) s" | note
}

# The console shows no report of a fault. Two warnings of the kernel do not count, because the
# module does not cause them: when "Kill All Tasks" ends a process that loads a cipher (two
# functions warn of this), and when a process still writes to ext4 after "Emergency Remount".
no_report() {
	vm console "$VM" | grep -aq . && ! vm console "$VM" | grep -aE 'BUG:|WARNING:|Oops|general protection|deprecated workqueue' |
		grep -vE 'crypto_(wait_for|schedule)_test|ext4_journal_check_start|Oops: int3: 0000'
}

# Runs a command in the guest that may take long: where the machine is emulated, the
# installation of a package takes minutes.
slowly() { # COMMAND…
	vm run --timeout 2400 "$VM" "export DEBIAN_FRONTEND=noninteractive; $*"
}

reboots() {
	# The reboot kills the shell in the guest, so its answer may be lost.
	vm run "$VM" 'systemctl reboot' > "$WORK/reboot" 2>&1
	vm wait --timeout 300 "$VM" reset && back
}

back() {
	vm wait --timeout 600 "$VM" ready &&
		vm run --timeout 600 "$VM" 'systemctl is-system-running --wait'
}

# Makes the operator's machine: a chroot with send-sysrq, without our other packages. Its
# ssh runs a command in the guest, if serve_ssh waits for it.
make_client() {
	client=$WORK/client
	cp -a "$system/client" "$client"
	cp "$DEBS"/send-sysrq_*.deb "$system"/debs/lib*.deb "$client/mnt/files/"
	index "$client/mnt/files"
	mkfifo "$client/command" "$client/output"
	printf '%s\n' '#!/bin/sh' 'shift' 'echo "$*" > /command' 'cat /output' \
		> "$client/usr/bin/ssh"
	chmod 755 "$client/usr/bin/ssh"
	echo '127.0.0.1 web7' > "$client/etc/hosts"
	on_client 'apt-get -qq update' > "$WORK/apt" 2>&1 ||
		bail "no client: $(cat "$WORK/apt")"
}

on_client() { # SHELL-COMMAND
	env -u XDG_CONFIG_HOME -u SEND_SYSRQ_PASSWORD HOME=/root \
		DEBIAN_FRONTEND=noninteractive chroot "$client" sh -c "$1"
}

# Runs one command of ssh. What it says is in $WORK/ssh.
serve_ssh() {
	local command
	read -r command < "$client/command"
	slowly "$command" > "$client/output" 2> "$WORK/ssh"
}

# Runs send_sysrq in this chroot, with its key. The output is in $out, the exit status in
# $status.
client() { # [status] ARGUMENT…
	local address subcommand=()
	address=$(vm address "$VM")
	if [ "$1" = status ]; then
		subcommand=(status)
		shift
	fi
	out=$(on_client "send_sysrq ${subcommand[*]} -p ${address##*:} web7 $*" 2>&1)
	status=$?
}

# Starts more processes than the host has room for. A shell that cannot fork ends, so there
# is room for one more process: the loop takes this room, too.
wedge() {
	vm run "$VM" 'echo 1500 > /proc/sys/kernel/pid_max
		perl -e "for (;;) {
			my \$pid = fork;
			exec qw(sleep 1000000) if defined \$pid && !\$pid;
			sleep 1 if !defined \$pid;
		}" > /dev/null 2>&1 &' > "$WORK/bomb" 2>&1
	until_true 600 eval '! vm run --timeout 2 "$VM" true'
}

answers() {
	client status
	[ "$status" -eq 0 ]
}

rescued() { # WHEN
	ok "$1: a fork bomb has killed the shell" wedge
	presses_sisub "$1"
}

presses_sisub() { # WHEN
	client --timeout 20 sisub
	is "$1: send_sysrq sisub succeeds" "$status" 0
	[ "$status" -eq 0 ] || note <<< "$out"
	has "$1: the last sync is complete" "$(grep '^  s' <<< "$out" | tail -n 1)" complete
	ok "$1: the host resets" vm wait --timeout 300 "$VM" reset
	ok "$1: the host boots again, and no unit of systemd fails" back
}

# Prints every file that belongs to no installed package, without logs, caches, and the
# files that apt, dpkg, systemd and DKMS write for themselves.
files() {
	guest "find / -xdev \( -path /var/log -o -path /var/cache -o -path /var/tmp \
		-o -path /tmp -o -path /var/lib/dpkg -o -path /var/lib/apt \
		-o -path /var/lib/systemd -o -path '/var/lib/dkms/mok.*' \) \
		-prune -o -print | sed 's|^/usr/|/|' | sort -u > /run/found
		sed 's|^/usr/|/|' /var/lib/dpkg/info/*.list | sort -u > /run/owned
		comm -23 /run/found /run/owned"
}
