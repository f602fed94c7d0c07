#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Without privileges, as in a container: the user 65532 without a home, a root file system
# that is read-only and has nothing but the agent and its libraries, and all that the agent
# knows comes by options and the environment.
#
#   root file system with fence_sysrq alone    this machine
#   fence_sysrq ------------------------------ responder
# shellcheck source=tests/fence/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lab/need
. lab/need
why=$(need ldd mount unshare 2>&1) || bail "$why"

root=$dir/root
mkdir -p "$root/bin"
cp "$agent" "$root/bin"
for library in $(ldd "$agent" | grep -o '/[^ ]*'); do
	mkdir -p "$root$(dirname "$library")"
	cp -L "$library" "$root$library"
done
chmod -R go+rX "$dir" "$root"

# Runs the agent there, with the key in the environment if it is given
contained() { # [-k KEY] OPTION…
	local variables=()
	if [ "$1" = -k ]; then
		variables=("FENCE_SYSRQ_KEY=$2")
		shift 2
	fi
	# shellcheck disable=SC2016 # the inner shell's variables
	timeout 60 env -i PATH="$PATH" "${variables[@]}" \
		unshare --user --map-root-user --mount sh -c '
		mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" || exit 99
		root=$1
		shift
		exec unshare --user --map-user=65532 --map-group=65532 --root="$root" \
			/bin/fence_sysrq "$@"' sh "$root" "$@" > "$out" 2> "$err" < /dev/null
	rc=$?
}

serve --back 500 --listens 0
secret=$(< "$config/key")
public=$(awk '{ print $2 }' "$config/known_hosts")
node=(--ip=127.0.0.1 --ipport="$port" --plug=web7 --host-key="$public")

contained -k "$secret" --action=status "${node[@]}"
succeeds 'status' 'Status: ON'
contained -k "$secret" "${node[@]}"
succeeds 'reboot' 'Success: Rebooted'
contained -k "$secret" --action=off "${node[@]}"
succeeds 'off' 'Success: Powered OFF'
contained -k "$secret" --action=status "${node[@]}" --debug-file=/debug
is 'status of the node that is off: exit 2' "$rc" 2
is '… it says so' "$(< "$out")" 'Status: OFF'
like '… though nothing can be written' "$err" \
	'^fence_sysrq: cannot write the debug file /debug: Read-only file system$'
contained --action=status "${node[@]}"
fails 'without a key' 'HOME is not set, so give --key-file'
contained -k "$secret" --action=status --ip=127.0.0.1 --ipport="$port" --plug=web7
fails 'without the public key of the node' "'web7' is not known"
contained --action=status "${node[@]}" --quiet
is 'quiet, where there is no /dev/null: exit 1, and no word' "$rc $(< "$out")$(< "$err")" '1 '
contained --action=metadata
is 'metadata: exit 0' "$rc" 0
done_testing
