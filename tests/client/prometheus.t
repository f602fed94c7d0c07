#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# status --prometheus prints samples that node_exporter's textfile collector takes: each
# family in one piece, with HELP and TYPE before it, and hosts in the order of the
# arguments.
# shellcheck source=tests/client/lib.sh
. "$(dirname "$0")/lib.sh"

serve --any --host 127.0.0.4 --operator=
run status "${at[@]}" --timeout 1 127.0.0.4 "$unknown" 127.0.0.1 --need s --prometheus
exits '--prometheus, with a name that has no address' 2
is '--prometheus prints the samples' "$(grep -v '^#' "$out" |
	sed -E 's/(uptime|clock)(.*) [-0-9.e]+$/\1\2 N/')" \
"sysrq_up{host=\"127.0.0.4\"} 1
sysrq_up{host=\"$unknown\"} 0
sysrq_up{host=\"127.0.0.1\"} 1
sysrq_armed{host=\"127.0.0.4\"} 0
sysrq_armed{host=\"$unknown\"} 0
sysrq_armed{host=\"127.0.0.1\"} 1
$(for name in 127.0.0.4 "$unknown" 127.0.0.1; do
	for state in alive panicked silent closed unreachable unknown; do
		is=$([ "$name" = "$unknown" ] && echo unknown || echo alive)
		echo "sysrq_state{host=\"$name\",state=\"$state\"} $([ "$is" = "$state" ] && echo 1 || echo 0)"
	done
done
for sample in 'panicked 0' 'hears_after_panic 0' 'uptime_seconds N' 'load1 312' 'load5 200' 'load15 100' \
	'cpus 4' 'memory_bytes 17179869184' 'memory_free_bytes 60817408' \
	'clock_ahead_seconds N' 'log_readable 1'; do
	for name in 127.0.0.4 127.0.0.1; do
		echo "sysrq_${sample% *}{host=\"$name\"} ${sample#* }"
	done
done)
sysrq_info{host=\"127.0.0.4\",node=\"n127-0-0-4\",\
release=\"6.1.0-56-cloud-amd64\",letters=\"\"} 1
sysrq_info{host=\"127.0.0.1\",node=\"web7\",release=\"6.1.0-56-cloud-amd64\",\
letters=\"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ\"} 1"
is '--prometheus keeps families together, each with HELP and TYPE' \
	"$(awk '/^# HELP/ { name = $3; n++; if (NF > 3) next }
	/^# TYPE/ && $3 == name && $4 == "gauge" { typed = name; next }
	/^sysrq_/ && typed == name && index($0, name "{") == 1 { next }
	{ print }
	END { print n " families" }' "$out")" '16 families'
done_testing
