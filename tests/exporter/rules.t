#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# promtool finds nothing in the alerting rules, and they tell what tests/exporter/rules.yml
# expects of hosts in each state. The dashboard asks only for what is told.
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/tap.sh
. tests/tap.sh
# shellcheck source=lab/need
. lab/need
why=$(need promtool 2>&1) || bail "$why"
folder=packaging/prometheus

ok 'promtool finds nothing in the rules' promtool check rules $folder/send_sysrq.rules.yml
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
sed -n '/^```yaml/,/^```$/{/^```/!p}' docs/exporter.md |
	sed "s|/usr/share/send_sysrq|$PWD/$folder|" > "$dir/prometheus.yml"
ok 'promtool finds nothing in the configuration of docs/exporter.md' \
	promtool check config "$dir/prometheus.yml"
has 'it has the rules and both jobs' "$(xargs < "$dir/prometheus.yml")" \
	'job_name: sysrq .*job_name: sysrq_exporter .*send_sysrq.rules.yml$'
ok 'the alerts tell what is expected' promtool test rules tests/exporter/rules.yml

# Names that the exporter prints
told() {
	sed -nE 's/.*\[FAMILY_[A-Z0-9_]+\] = \{ "([a-z0-9_]+)".*/sysrq_\1/p
		s/.*prometheus_head\(out, "([a-z_]+)".*/\1/p' \
		client/output/prometheus.c exporter/*.c
	echo up
}
asked() { # FILE
	grep -oE '\b(sysrq|probe|process)_[a-z0-9_]+' "$1" | grep -vx sysrq_exporter | sort -u
}
for file in $folder/send_sysrq.{rules.yml,dashboard.json}; do
	is "${file##*/} has only names that are told" \
		"$(asked "$file" | grep -vxFf <(told))" ''
done
ok 'the dashboard is JSON' perl -MJSON::PP -0777 -ne 'decode_json($_)' \
	$folder/send_sysrq.dashboard.json
done_testing
