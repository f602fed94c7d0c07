// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include <unistd.h>

#include "client/output/prometheus.h"
#include "exporter/metrics.h"
#include "exporter/probe.h"
#include "lib/sysrq.h"

/* The result of a probe, as a label has it */
static const char *result_text(int result)
{
	if (result == PROBES_REFUSED)
		return "refused";
	return result == PROBES_FAILED
		       ? "failed"
		       : report_state_text((enum report_state)result);
}

static void put_probes(FILE *out, const struct prober *prober)
{
	prometheus_head(out, "sysrq_exporter_probes_total",
			"Probes that have ended, by their result.", "counter");
	for (int i = 0; i < PROBES_RESULTS; i++)
		fprintf(out,
			"sysrq_exporter_probes_total{result=\"%s\"} %" PRIu64
			"\n",
			result_text(i), prober->results[i]);
}

/* The pages of memory that are resident; 0: it is not known. */
static unsigned long resident(void)
{
	FILE *in = fopen("/proc/self/statm", "re");
	unsigned long pages = 0;

	if (in && fscanf(in, "%*s %lu", &pages) != 1)
		pages = 0;
	if (in)
		fclose(in);
	return pages;
}

void metrics_write(FILE *out, const void *data)
{
	const struct prober *prober = data;

	prometheus_head(out, "sysrq_exporter_build_info",
			"The version of the exporter.", "gauge");
	fprintf(out, "sysrq_exporter_build_info{version=\"%s\"} 1\n",
		sysrq_version());
	prometheus_head(out, "sysrq_exporter_files_good",
			"Whether the configuration and the known hosts could "
			"be read.",
			"gauge");
	fprintf(out, "sysrq_exporter_files_good %d\n", prober->files.good);
	put_probes(out, prober);
	prometheus_head(out, "sysrq_exporter_probes_running",
			"Probes that wait for an answer.", "gauge");
	fprintf(out, "sysrq_exporter_probes_running %zu\n", prober->running);
	prometheus_head(out, "process_resident_memory_bytes",
			"Resident memory of the exporter.", "gauge");
	fprintf(out, "process_resident_memory_bytes %lu\n",
		resident() * (unsigned long)sysconf(_SC_PAGESIZE));
}
