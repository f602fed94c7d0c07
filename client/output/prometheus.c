// SPDX-License-Identifier: GPL-2.0
#include "client/output/prometheus.h"
#include "client/output/text.h"

enum family {
	FAMILY_UP,
	FAMILY_ARMED,
	FAMILY_STATE,
	FAMILY_PANICKED,
	FAMILY_HEARS,
	FAMILY_REBOOTS,
	FAMILY_UPTIME,
	FAMILY_LOAD1,
	FAMILY_LOAD5,
	FAMILY_LOAD15,
	FAMILY_CPUS,
	FAMILY_MEMORY,
	FAMILY_MEMORY_FREE,
	FAMILY_CLOCK_AHEAD,
	FAMILY_LOG_READABLE,
	FAMILY_INFO,
	FAMILIES
};

static const struct {
	const char *name, *help;
} families[FAMILIES] = {
	[FAMILY_UP] = { "up", "Whether the kernel of the host answers, and "
			      "has not panicked." },
	[FAMILY_ARMED] = { "armed",
			   "Whether the host permits the needed letters." },
	[FAMILY_STATE] = { "state",
			   "1 for the state of the host, 0 for each other." },
	[FAMILY_PANICKED] = { "panicked",
			      "Whether the kernel of the host has panicked." },
	[FAMILY_HEARS] = { "hears_after_panic",
			   "Whether the host listens after a panic." },
	[FAMILY_REBOOTS] = { "reboots_in_seconds",
			     "Time until a host that has panicked reboots by "
			     "itself." },
	[FAMILY_UPTIME] = { "uptime_seconds", "Time since the host booted." },
	[FAMILY_LOAD1] = { "load1", "Load average of 1 minute." },
	[FAMILY_LOAD5] = { "load5", "Load average of 5 minutes." },
	[FAMILY_LOAD15] = { "load15", "Load average of 15 minutes." },
	[FAMILY_CPUS] = { "cpus", "Number of CPUs online." },
	[FAMILY_MEMORY] = { "memory_bytes", "Total memory." },
	[FAMILY_MEMORY_FREE] = { "memory_free_bytes", "Free memory." },
	[FAMILY_CLOCK_AHEAD] = { "clock_ahead_seconds",
				 "The host's clock minus this machine's." },
	[FAMILY_LOG_READABLE] = { "log_readable",
				  "Whether this operator may read the log." },
	[FAMILY_INFO] = { "info", "What the host reports about itself." },
};

static double value_of(enum family family, const struct report_host *host)
{
	const struct sysrq_status *status = host->status;

	switch (family) {
	case FAMILY_UP:
		return host->state == REPORT_ALIVE;
	case FAMILY_ARMED:
		return report_answers(host) && host->armed;
	case FAMILY_PANICKED:
		return status->panicked;
	case FAMILY_HEARS:
		return status->hears_after_panic;
	case FAMILY_REBOOTS:
		return (double)status->reboots_in / 1e9;
	case FAMILY_UPTIME:
		return (double)status->boot_time / 1e9;
	case FAMILY_LOAD1:
	case FAMILY_LOAD5:
	case FAMILY_LOAD15:
		return status->load[family - FAMILY_LOAD1] / 1e2;
	case FAMILY_CPUS:
		return status->cpus;
	case FAMILY_MEMORY:
		return (double)status->memory;
	case FAMILY_MEMORY_FREE:
		return (double)status->memory_free;
	case FAMILY_CLOCK_AHEAD:
		return (double)status->clock_ahead / 1e9;
	case FAMILY_LOG_READABLE:
		return status->may_read_log;
	case FAMILY_STATE:
	case FAMILY_INFO:
	case FAMILIES:
		break;
	}
	return 1;
}

/* Does the host have a value of this family? */
static bool has(enum family family, const struct report_host *host)
{
	if (family <= FAMILY_STATE)
		return true;
	return report_answers(host) &&
	       (family != FAMILY_REBOOTS ||
		(host->status->panicked && host->status->reboots_in));
}

static void put_label(FILE *out, const char *name, const char *value)
{
	fprintf(out, "%s=\"", name);
	text_put_utf8(out, value, true);
	fputc('"', out);
}

static void put_info(FILE *out, const struct sysrq_status *status)
{
	char node[sizeof(status->node)], release[sizeof(status->release)];
	char letters[SYSRQ_LETTERS + 1];

	text_printable(node, sizeof(node), status->node);
	text_printable(release, sizeof(release), status->release);
	sysrq_letters_to_text(status->letters, letters);
	put_label(out, ",node", node);
	put_label(out, ",release", release);
	put_label(out, ",letters", letters);
}

static void put_states(FILE *out, const struct report_host *host)
{
	for (enum report_state s = 0; s < REPORT_STATES; s++) {
		fputs("sysrq_state{", out);
		put_label(out, "host", host->name);
		put_label(out, ",state", report_state_text(s));
		fprintf(out, "} %d\n", host->state == s);
	}
}

static void put_sample(FILE *out, enum family f, const struct report_host *host)
{
	fprintf(out, "sysrq_%s{", families[f].name);
	put_label(out, "host", host->name);
	if (f == FAMILY_INFO)
		put_info(out, host->status);
	fprintf(out, "} %.15g\n", value_of(f, host));
}

void prometheus_head(FILE *out, const char *name, const char *help,
		     const char *type)
{
	fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

void prometheus_report(FILE *out, const struct report_host *hosts, size_t count)
{
	for (enum family f = 0; f < FAMILIES; f++) {
		char name[64];

		snprintf(name, sizeof(name), "sysrq_%s", families[f].name);
		prometheus_head(out, name, families[f].help, "gauge");
		for (size_t i = 0; i < count; i++) {
			if (!has(f, &hosts[i]))
				continue;
			if (f == FAMILY_STATE)
				put_states(out, &hosts[i]);
			else
				put_sample(out, f, &hosts[i]);
		}
	}
}
