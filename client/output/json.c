// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>

#include "client/output/json.h"
#include "client/output/text.h"

json_t *json_text(const char *text)
{
	json_t *json = NULL;
	char *valid = NULL;
	size_t len;
	FILE *stream = open_memstream(&valid, &len);

	if (!stream)
		return NULL;
	text_put_utf8(stream, text, false);
	if (!fclose(stream))
		json = json_stringn(valid, len);
	free(valid);
	return json;
}

/* JSON has no unsigned numbers of 64 bits. */
static json_int_t whole(uint64_t v)
{
	return v > INT64_MAX ? INT64_MAX : (json_int_t)v;
}

static json_t *json_answer(const struct report_host *host)
{
	const struct sysrq_status *status = host->status;
	char letters[SYSRQ_LETTERS + 1];

	sysrq_letters_to_text(status->letters, letters);
	return json_pack(
		"{s:o, s:s, s:o, s:o, s:o, s:f, s:[f, f, f], s:I, s:I, s:I, "
		"s:f, s:s, s:b, s:b, s:I, s:I, s:b}",
		"host", json_text(host->name), "state",
		report_state_text(host->state), "address",
		json_text(host->place), "node", json_text(status->node),
		"release", json_text(status->release), "uptime_seconds",
		(double)status->boot_time / 1e9, "load", status->load[0] / 1e2,
		status->load[1] / 1e2, status->load[2] / 1e2, "cpus",
		whole(status->cpus), "memory_bytes", whole(status->memory),
		"memory_free_bytes", whole(status->memory_free),
		"clock_ahead_seconds", (double)status->clock_ahead / 1e9,
		"letters", letters, "armed", host->armed, "may_read_log",
		status->may_read_log, "sysrq_mask", whole(status->mask),
		"tolerance_seconds", whole(status->tolerance),
		"hears_after_panic", status->hears_after_panic);
}

/* Adds how the panic ends. */
static void add_panic(json_t *json, const struct report_host *host)
{
	double seconds = (double)host->status->reboots_in / 1e9;
	char error[REPORT_ERROR_MAX];

	report_error_text(error, host);
	json_object_set_new(json, "reboots_in_seconds",
			    host->status->reboots_in ? json_real(seconds)
						     : json_null());
	json_object_set_new(json, "error", json_text(error));
}

bool json_report(FILE *out, const struct report_host *host)
{
	char error[REPORT_ERROR_MAX];
	json_t *json;
	int err;

	if (report_answers(host)) {
		json = json_answer(host);
		if (host->state == REPORT_PANICKED)
			add_panic(json, host);
	} else {
		report_error_text(error, host);
		json = json_pack("{s:o, s:s, s:b, s:o}", "host",
				 json_text(host->name), "state",
				 report_state_text(host->state), "armed", false,
				 "error", json_text(error));
	}
	if (!json)
		return false;
	/* ASCII only: this is safe on a terminal, too. */
	err = json_dumpf(json, out,
			 JSON_COMPACT | JSON_ENSURE_ASCII |
				 JSON_REAL_PRECISION(15));
	json_decref(json);
	/* If it fails, what was written of it still ends with its line. */
	return fputc('\n', out) != EOF && !err;
}
