#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The service gets root's key as systemd passes credentials to a user without privileges: on
# tmpfs by an ACL, on ramfs, which has none, as the owner. Nobody else may have access.
#
#   a mount namespace: tmpfs and ramfs, read-only, with the key and a folder for this user
if [ "${1:-}" != inside ] && [ "$(id -u)" = 0 ] && unshare -m true 2> /dev/null; then
	exec unshare -m "$0" inside
fi
# shellcheck source=tests/exporter/lib.sh
. "$(dirname "$0")/lib.sh"
if [ "${1:-}" != inside ]; then
	skip 'a key as systemd passes it' 'only root can give a file to another user'
	done_testing
fi
why=$(need setfacl setpriv mount 2>&1) || bail "$why"
user=65432
service=(setpriv --reuid "$user" --regid "$user" --clear-groups --no-new-privs
	--bounding-set -all --inh-caps -all)
# The words of the unit behind "exporter", with %d in them
read -ra arguments < <(sed -n 's/^ExecStart=.* exporter //p' packaging/send_sysrq-exporter.service.in)
chmod 711 "$dir"
chmod -R go+rX "$prefix"

serve --any
# A service has no home: what it may read stands in for the files of the system.
chmod -R go+rX "$dir/.config"
chmod 600 "$config/key"

# Makes the folder of credentials as systemd does, and puts the key there.
give() { # TYPE OF THE FILE SYSTEM
	credentials=$dir/$1
	mkdir "$credentials"
	mount -t "$1" -o mode=0700,nodev,noexec,nosuid "$1" "$credentials" || return 1
	(umask 177 && cat "$config/key" > "$credentials/key")
	chmod 400 "$credentials/key"
	chmod 500 "$credentials"
	if [ "$1" = tmpfs ]; then
		setfacl -m "u:$user:r" "$credentials/key" &&
			setfacl -m "u:$user:rx" "$credentials"
	else
		chown "$user:$user" "$credentials/key" "$credentials"
	fi && mount -o remount,ro,nodev,noexec,nosuid "$credentials"
}

for type in tmpfs ramfs; do
	ok "the key is passed on $type" give $type
	EXPORTER_UNDER="${service[*]}" expose "${arguments[@]//%d/$credentials}" -p "$port"
	get '/probe?target=127.0.0.1'
	is "with a key on $type a host is asked" "$rc $(sample probe_success)" '200 1'
	stop_exporter
	is "with a key on $type it ends" "$rc" 0
	if [ $type = tmpfs ]; then
		is 'the key on tmpfs is as systemd makes it: of root, with an ACL' \
			"$(stat -c '%u %a' "$credentials/key") $(getfacl -pcn "$credentials/key" | xargs)" \
			"0 440 user::r-- user:$user:r-- group::--- mask::r-- other::---"
	fi
	umount "$credentials"
done

# --- Other files of root ---

mkdir -m 711 "$dir/keys"
cp "$config/key" "$dir/keys/key"
chgrp $user "$dir/keys/key"
pubkey() {
	out=$dir/out
	err=$dir/err
	"${service[@]}" "$installed" pubkey --key-file "$dir/keys/key" > "$out" 2> "$err"
	rc=$?
}
chmod 440 "$dir/keys/key"
pubkey
is 'a key of root that the group may read is taken' "$rc $(< "$out")" "0 $key"
for mode in 0444 0460 0450 0441 0442; do
	chmod $mode "$dir/keys/key"
	pubkey
	exits "a key of root of mode $mode" 2
	like "a key of root of mode $mode: the message says so" "$err" "has mode $mode, so not only"
done
chmod 440 "$dir/keys/key"
chown 65433 "$dir/keys/key"
pubkey
exits 'a key of another user' 2
like 'a key of another user: the message says so' "$err" 'belongs to the user 65433'
chown $user "$dir/keys/key"
pubkey
exits "an own key that the group may read" 2
done_testing
