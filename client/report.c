// SPDX-License-Identifier: GPL-2.0
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "keyset.h"
#include "ns.h"
#include "report.h"
#include "terminal.h"
#include "text.h"

enum {
	STATES = REPORT_UNKNOWN + 1,
	NAME_MAX_LEN = 1024, /* more of a name is not printed */
	KEYS_MAX = SRQ_KEY_COUNT + 1,
};

static const char *const states[STATES] = {
	[REPORT_ALIVE] = "alive",     [REPORT_SILENT] = "silent",
	[REPORT_CLOSED] = "closed",   [REPORT_UNREACHABLE] = "unreachable",
	[REPORT_UNKNOWN] = "unknown",
};

/* --- Words for people --- */

static const char *state_word(const struct report_host *host)
{
	if (host->state == REPORT_ALIVE && !host->armed)
		return "not armed";
	return states[host->state];
}

/* In a field of that many columns. */
static void put_state(FILE *out, const struct report_host *host, int field,
		      bool colour)
{
	const char *word = state_word(host);
	int blanks = field - (int)strlen(word);

	if (colour)
		fputs(host->state != REPORT_ALIVE ? TERMINAL_RED
		      : host->armed		  ? TERMINAL_GREEN
						  : TERMINAL_YELLOW,
		      out);
	fputs(word, out);
	if (colour)
		fputs(TERMINAL_RESET, out);
	if (blanks > 0)
		fprintf(out, "%*s", blanks, "");
}

enum { ERROR_MAX = 256 };

static void error_text(char out[ERROR_MAX], const struct report_host *host)
{
	static const char *const errors[STATES] = {
		[REPORT_CLOSED] =
			"port closed, or wrong password, key or realm",
		[REPORT_UNREACHABLE] = "no way there",
		[REPORT_UNKNOWN] = "its name has no address",
	};
	char timeout[TEXT_MAX];

	if (host->error) {
		snprintf(out, ERROR_MAX, "%s", host->error);
	} else if (host->state == REPORT_SILENT) {
		text_of_duration(timeout, host->timeout);
		snprintf(out, ERROR_MAX, "no answer within %s", timeout);
	} else {
		snprintf(out, ERROR_MAX, "%s", errors[host->state]);
	}
}

static uint64_t magnitude(int64_t v)
{
	return v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
}

/* One after the other, never "all". */
static void keys_text(char out[KEYS_MAX], uint64_t keys)
{
	for (int i = 0; i < SRQ_KEY_COUNT; i++) {
		if (keys & 1ULL << i)
			*out++ = srq_key_of_index(i);
	}
	*out = '\0';
}

static void missing_text(char out[KEYS_MAX], const struct report_host *host)
{
	keys_text(out, host->needed & ~host->status->keys);
}

/* --- One host --- */

enum { CLOCK_MAX = TEXT_MAX + 40 };

static void clock_text(char out[CLOCK_MAX], int64_t ahead)
{
	uint64_t by = magnitude(ahead);
	char text[TEXT_MAX];

	if (by < MILLISECOND) {
		snprintf(out, CLOCK_MAX, "within 1 ms of this machine's");
		return;
	}
	if (by < SECOND / 10)
		snprintf(text, sizeof(text), "%d ms", (int)(by / MILLISECOND));
	else
		text_of_duration(text, by);
	snprintf(out, CLOCK_MAX, "%s %s this machine's", text,
		 ahead < 0 ? "behind" : "ahead of");
}

static void put_status(FILE *out, const struct report_host *host)
{
	const struct sysrq_status *status = host->status;
	char node[sizeof(status->node)], release[sizeof(status->release)];
	char up[TEXT_MAX], memory[TEXT_MAX], free_memory[TEXT_MAX];
	char clock[CLOCK_MAX], keys[KEYS_MAX];

	text_printable(node, sizeof(node), status->node);
	text_printable(release, sizeof(release), status->release);
	text_of_duration(up, status->boot_time);
	text_of_size(memory, status->memory);
	text_of_size(free_memory, status->memory_free);
	clock_text(clock, status->clock_ahead);
	keys_text(keys, status->keys);
	fprintf(out, "  node     %s\n", node);
	fprintf(out, "  kernel   Linux %s on %u CPU%s\n", release, status->cpus,
		status->cpus == 1 ? "" : "s");
	fprintf(out, "  up       %s\n", up);
	fprintf(out, "  load    ");
	for (int i = 0; i < 3; i++)
		fprintf(out, " %u.%02u", status->load[i] / 100,
			status->load[i] % 100);
	fprintf(out, "\n  memory   %s of %s free\n", free_memory, memory);
	fprintf(out, "  clock    %s\n", clock);
	fprintf(out, "  keys     %s\n", keys[0] ? keys : "none");
	missing_text(keys, host);
	if (keys[0])
		fprintf(out, "  missing  %s\n", keys);
	fprintf(out, "  log      may %sbe read\n",
		status->may_read_log ? "" : "not ");
}

void report_block(FILE *out, const struct report_host *host, bool colour)
{
	bool alive = host->state == REPORT_ALIVE;
	char name[NAME_MAX_LEN + 1], text[ERROR_MAX];

	text_printable(name, sizeof(name), host->name);
	fputs(name, out);
	if (alive) {
		text_printable(text, sizeof(text), host->place);
		fprintf(out, " (%s)", text);
	}
	fputs(" is ", out);
	put_state(out, host, 0, colour);
	if (alive) {
		fputc('\n', out);
		put_status(out, host);
	} else {
		error_text(text, host);
		fprintf(out, ": %s\n", text);
	}
}

/* --- Many hosts --- */

/* The keys of a rescue, in the order of need. */
static const char rescue[] = "seiubowtmlc";

/* Columns; those of host and kernel vary. */
enum {
	STATE = 9,
	KERNEL_LEAST = 11,
	KERNEL_MOST = 20,
	UP = 7,
	LOAD = 5,
	FREE = 7,
	CLOCK = 8,
	KEYS = sizeof(rescue) - 1,
	OTHERS = 1 + STATE + 1 + 1 + UP + 1 + LOAD + 1 + FREE + 1 + CLOCK + 1 +
		 KEYS,
	TABLE_LEAST = 80,
};

/* Left in its field, or right where that is below 0. What is cut ends in ~. */
static void put_field(const struct report_table *table, const char *text,
		      int field)
{
	int most = abs(field);

	if (table->width && strlen(text) > (size_t)most)
		fprintf(table->out, "%.*s~ ", most - 1, text);
	else
		fprintf(table->out, "%*s ", -field, text);
}

static void end_line(const struct report_table *table, const char *text,
		     int most)
{
	if (table->width && strlen(text) > (size_t)most)
		fprintf(table->out, "%.*s~\n", most - 1, text);
	else
		fprintf(table->out, "%s\n", text);
}

void report_table_begin(struct report_table *table, FILE *out, bool colour,
			unsigned int terminal, size_t longest)
{
	int room;

	*table = (struct report_table){ .out = out,
					.colour = colour,
					.width = (int)terminal,
					.host = sizeof("HOST") - 1,
					.kernel = KERNEL_MOST };
	if (terminal && terminal < TABLE_LEAST)
		table->width = TABLE_LEAST;
	if (longest > NAME_MAX_LEN)
		longest = NAME_MAX_LEN;
	if (table->host < (int)longest)
		table->host = (int)longest;
	if (terminal) {
		room = table->width - OTHERS;
		if (table->host > room - KERNEL_LEAST)
			table->host = room - KERNEL_LEAST;
		if (table->kernel > room - table->host)
			table->kernel = room - table->host;
	}
	put_field(table, "HOST", table->host);
	put_field(table, "STATE", STATE);
	put_field(table, "KERNEL", table->kernel);
	put_field(table, "UP", -UP);
	put_field(table, "LOAD", -LOAD);
	put_field(table, "FREE", -FREE);
	put_field(table, "CLOCK", -CLOCK);
	end_line(table, "KEYS", KEYS);
}

static void put_clock(const struct report_table *table, int64_t ahead)
{
	uint64_t by = magnitude(ahead);
	char text[TEXT_MAX], field[TEXT_MAX + 1];

	text_short_duration(text, by);
	snprintf(field, sizeof(field), "%s%s",
		 by < SECOND / 10 ? ""
		 : ahead < 0	  ? "-"
				  : "+",
		 text);
	put_field(table, field, -CLOCK);
}

/* Those of a rescue that may be pressed, or what is needed and may not. */
static void put_keys(const struct report_table *table,
		     const struct report_host *host)
{
	char text[sizeof("no ") + KEYS_MAX] = "no ";

	missing_text(text + strlen(text), host);
	if (!text[strlen("no ")]) {
		for (int i = 0; i < KEYS; i++)
			text[i] = host->status->keys & srq_key_bit(rescue[i])
					  ? rescue[i]
					  : '-';
		text[KEYS] = '\0';
	}
	end_line(table, text, KEYS);
}

static void put_row(const struct report_table *table,
		    const struct report_host *host)
{
	const struct sysrq_status *status = host->status;
	char text[TEXT_MAX], release[sizeof(status->release)];

	text_printable(release, sizeof(release), status->release);
	put_field(table, release, table->kernel);
	text_short_duration(text, status->boot_time);
	put_field(table, text, -UP);
	snprintf(text, sizeof(text), "%u.%u", status->load[0] / 100,
		 status->load[0] % 100 / 10);
	put_field(table, text, -LOAD);
	text_of_size(text, status->memory_free);
	put_field(table, text, -FREE);
	put_clock(table, status->clock_ahead);
	put_keys(table, host);
}

void report_row(const struct report_table *table,
		const struct report_host *host)
{
	char name[NAME_MAX_LEN + 1], error[ERROR_MAX];
	int state = (int)strlen(state_word(host));

	text_printable(name, sizeof(name), host->name);
	if (table->width)
		text_fit(name, (size_t)table->host);
	put_field(table, name, table->host);
	put_state(table->out, host, STATE, table->colour);
	fputc(' ', table->out);
	if (host->state == REPORT_ALIVE) {
		put_row(table, host);
	} else {
		error_text(error, host);
		end_line(table, error,
			 table->width - table->host - 2 -
				 (state > STATE ? state : STATE));
	}
}

void report_summary(FILE *out, const struct report_host *hosts, size_t count)
{
	size_t counts[STATES] = { 0 }, not_armed = 0;
	const char *between = ":";

	for (size_t i = 0; i < count; i++) {
		counts[hosts[i].state]++;
		not_armed += hosts[i].state == REPORT_ALIVE && !hosts[i].armed;
	}
	fprintf(out, "%zu hosts", count);
	for (int i = 0; i < STATES; i++) {
		if (!counts[i])
			continue;
		fprintf(out, "%s %zu %s", between, counts[i], states[i]);
		if (i == REPORT_ALIVE && not_armed)
			fprintf(out, " (%zu not armed)", not_armed);
		between = ",";
	}
	fputc('\n', out);
}

/* --- For programs --- */

/* As valid UTF-8, with U+FFFD for what is none; escaped as a label's value. */
static void put_utf8(FILE *out, const char *text, bool label)
{
	while (*text) {
		size_t len = text_utf8(text);

		if (!len || (label && (unsigned char)*text < ' ')) {
			fputs("\xef\xbf\xbd", out);
			text++;
			continue;
		}
		if (label && (*text == '"' || *text == '\\'))
			fputc('\\', out);
		fwrite(text, 1, len, out);
		text += len;
	}
}

json_t *report_json_text(const char *text)
{
	json_t *json = NULL;
	char *valid = NULL;
	size_t len;
	FILE *stream = open_memstream(&valid, &len);

	if (!stream)
		return NULL;
	put_utf8(stream, text, false);
	if (!fclose(stream))
		json = json_stringn(valid, len);
	free(valid);
	return json;
}

static json_int_t whole(uint64_t v)
{
	return v > INT64_MAX ? INT64_MAX : (json_int_t)v;
}

static json_t *json_alive(const struct report_host *host)
{
	const struct sysrq_status *status = host->status;
	char keys[KEYS_MAX];

	keys_text(keys, status->keys);
	return json_pack(
		"{s:o, s:s, s:o, s:o, s:o, s:f, s:[f, f, f], s:I, s:I, s:I, "
		"s:f, s:s, s:b, s:b, s:I, s:I}",
		"host", report_json_text(host->name), "state",
		states[host->state], "address", report_json_text(host->place),
		"node", report_json_text(status->node), "release",
		report_json_text(status->release), "uptime_seconds",
		(double)status->boot_time / 1e9, "load", status->load[0] / 1e2,
		status->load[1] / 1e2, status->load[2] / 1e2, "cpus",
		whole(status->cpus), "memory_bytes", whole(status->memory),
		"memory_free_bytes", whole(status->memory_free),
		"clock_ahead_seconds", (double)status->clock_ahead / 1e9,
		"keys", keys, "armed", host->armed, "may_read_log",
		status->may_read_log, "sysrq_mask", whole(status->mask),
		"tolerance_seconds", whole(status->tolerance));
}

bool report_json(FILE *out, const struct report_host *host)
{
	char error[ERROR_MAX];
	json_t *json;
	int err;

	if (host->state == REPORT_ALIVE) {
		json = json_alive(host);
	} else {
		error_text(error, host);
		json = json_pack("{s:o, s:s, s:b, s:o}", "host",
				 report_json_text(host->name), "state",
				 states[host->state], "armed", false, "error",
				 report_json_text(error));
	}
	if (!json)
		return false;
	/* ASCII alone is safe on a terminal, too. */
	err = json_dumpf(json, out,
			 JSON_COMPACT | JSON_ENSURE_ASCII |
				 JSON_REAL_PRECISION(15));
	json_decref(json);
	return !err && fputc('\n', out) != EOF;
}

enum family {
	FAMILY_UP,
	FAMILY_ARMED,
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
	[FAMILY_UP] = { "up", "Whether the host answers below userspace." },
	[FAMILY_ARMED] = { "armed", "Whether the keys needed may be pressed." },
	[FAMILY_UPTIME] = { "uptime_seconds", "Time since the host's boot." },
	[FAMILY_LOAD1] = { "load1", "Load average of 1 minute." },
	[FAMILY_LOAD5] = { "load5", "Load average of 5 minutes." },
	[FAMILY_LOAD15] = { "load15", "Load average of 15 minutes." },
	[FAMILY_CPUS] = { "cpus", "CPUs online." },
	[FAMILY_MEMORY] = { "memory_bytes", "Memory in all." },
	[FAMILY_MEMORY_FREE] = { "memory_free_bytes", "Memory free." },
	[FAMILY_CLOCK_AHEAD] = { "clock_ahead_seconds",
				 "The host's clock minus this machine's." },
	[FAMILY_LOG_READABLE] = { "log_readable",
				  "Whether the kernel log may be read." },
	[FAMILY_INFO] = { "info", "What the host says of itself." },
};

static double value_of(enum family family, const struct report_host *host)
{
	const struct sysrq_status *status = host->status;

	switch (family) {
	case FAMILY_UP:
		return host->state == REPORT_ALIVE;
	case FAMILY_ARMED:
		return host->state == REPORT_ALIVE && host->armed;
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
	case FAMILY_INFO:
	case FAMILIES:
		break;
	}
	return 1;
}

static void put_label(FILE *out, const char *name, const char *value)
{
	fprintf(out, "%s=\"", name);
	put_utf8(out, value, true);
	fputc('"', out);
}

static void put_info(FILE *out, const struct sysrq_status *status)
{
	char node[sizeof(status->node)], release[sizeof(status->release)];
	char keys[KEYS_MAX];

	text_printable(node, sizeof(node), status->node);
	text_printable(release, sizeof(release), status->release);
	keys_text(keys, status->keys);
	put_label(out, ",node", node);
	put_label(out, ",release", release);
	put_label(out, ",keys", keys);
}

void report_prometheus(FILE *out, const struct report_host *hosts, size_t count)
{
	for (enum family f = 0; f < FAMILIES; f++) {
		const char *name = families[f].name;

		fprintf(out, "# HELP sysrq_%s %s\n", name, families[f].help);
		fprintf(out, "# TYPE sysrq_%s gauge\n", name);
		for (size_t i = 0; i < count; i++) {
			if (f > FAMILY_ARMED && hosts[i].state != REPORT_ALIVE)
				continue;
			fprintf(out, "sysrq_%s{", name);
			put_label(out, "host", hosts[i].name);
			if (f == FAMILY_INFO)
				put_info(out, hosts[i].status);
			fprintf(out, "} %.15g\n", value_of(f, &hosts[i]));
		}
	}
}
