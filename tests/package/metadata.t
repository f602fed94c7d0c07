#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The metadata of fence_sysrq are valid by the schemas of fence-agents in Debian 12 and 13.
# Their packages are unpacked, not installed.
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/tap.sh
. tests/tap.sh
# shellcheck source=lab/apt
. lab/apt
why=$(need xmllint apt-get dpkg-deb 2>&1) || bail "$why"
agent=${BUILD:-build}/fence_sysrq
[ -x "$agent" ] || bail "there is no $agent"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tap_output=$work/out

"$agent" -o metadata > "$work/metadata"
private_apt
for package in fence-agents/bookworm fence-agents-common/trixie; do
	folder=$work/${package#*/}
	mkdir "$folder"
	ok "the archive has $package" \
		eval "cd '$folder' && apt-get \"\${apt_options[@]}\" download -q '$package' &&
			dpkg-deb -x ./*.deb . && cd '$PWD'"
	ok "the metadata are valid by the schema of $package" \
		xmllint --noout --relaxng "$folder/usr/share/cluster/relaxng/metadata.rng" \
		"$work/metadata"
	sed '/vendor-url/d' "$work/metadata" > "$work/wrong"
	ok '… which refuses others' eval '! xmllint --noout --relaxng \
		"$folder/usr/share/cluster/relaxng/metadata.rng" "$work/wrong"'
done
done_testing
