// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "client/output/table.h"
#include "client/output/terminal.h"
#include "client/output/text.h"

/* The letters of a rescue; the most important letters come first. */
static const char rescue[] = "seiubowtmlc";

/* Widths of the columns. Those of host and kernel vary. */
enum {
	STATE = 9,
	KERNEL_LEAST = 11,
	KERNEL_MOST = 20,
	UP = 7,
	LOAD = 5,
	FREE = 7,
	CLOCK = 8,
	LETTERS = sizeof(rescue) - 1,
	OTHERS = 1 + STATE + 1 + 1 + UP + 1 + LOAD + 1 + FREE + 1 + CLOCK + 1 +
		 LETTERS,
	TABLE_LEAST = 80,
};

/*
 * Print text in a field: at its left, or at its right if field is below 0. A
 * text that is cut ends with ~.
 */
static void put_field(const struct table *table, const char *text, int field)
{
	int most = abs(field);

	if (table->width && strlen(text) > (size_t)most)
		fprintf(table->out, "%.*s~ ", most - 1, text);
	else
		fprintf(table->out, "%*s ", -field, text);
}

static void end_line(const struct table *table, const char *text, int most)
{
	if (table->width && strlen(text) > (size_t)most)
		fprintf(table->out, "%.*s~\n", most - 1, text);
	else
		fprintf(table->out, "%s\n", text);
}

void table_begin(struct table *table, FILE *out, bool colour,
		 unsigned int terminal, size_t longest)
{
	int room;

	*table = (struct table){ .out = out,
				 .colour = colour,
				 .width = (int)terminal,
				 .host = sizeof("HOST") - 1,
				 .kernel = KERNEL_MOST };
	if (terminal && terminal < TABLE_LEAST)
		table->width = TABLE_LEAST;
	if (longest > REPORT_NAME_MAX)
		longest = REPORT_NAME_MAX;
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
	end_line(table, "LETTERS", LETTERS);
}

static void put_clock(const struct table *table, int64_t ahead)
{
	uint64_t by = text_magnitude(ahead);
	char text[TEXT_MAX], field[TEXT_MAX + 1];

	text_short_duration(text, by);
	snprintf(field, sizeof(field), "%s%s",
		 by < SYSRQ_SECOND / 10 ? ""
		 : ahead < 0            ? "-"
					: "+",
		 text);
	put_field(table, field, -CLOCK);
}

/* Print the permitted letters of a rescue, or the missing needed letters. */
static void put_letters(const struct table *table,
			const struct report_host *host)
{
	char text[sizeof("no ") + SYSRQ_WORDS_MAX] = "no ";
	int room =
		table->width - table->host - table->kernel - (OTHERS - LETTERS);

	report_missing_text(text + strlen(text), host);
	if (!text[strlen("no ")]) {
		for (int i = 0; i < LETTERS; i++)
			text[i] = host->status->letters &
						  sysrq_letter_bit(rescue[i])
					  ? rescue[i]
					  : '-';
		text[LETTERS] = '\0';
	}
	end_line(table, text, room);
}

static void put_row(const struct table *table, const struct report_host *host)
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
	put_letters(table, host);
}

void table_row(const struct table *table, const struct report_host *host)
{
	char name[REPORT_NAME_MAX + 1], error[REPORT_ERROR_MAX];
	int state = (int)strlen(report_word(host));

	text_printable(name, sizeof(name), host->name);
	if (table->width)
		text_fit(name, (size_t)table->host);
	put_field(table, name, table->host);
	report_put_word(table->out, host, STATE, table->colour);
	fputc(' ', table->out);
	if (host->state == REPORT_ALIVE) {
		put_row(table, host);
	} else {
		report_error_text(error, host);
		end_line(table, error,
			 table->width - table->host - 2 -
				 (state > STATE ? state : STATE));
	}
}

void table_summary(FILE *out, const struct report_host *hosts, size_t count)
{
	size_t counts[REPORT_STATES] = { 0 }, not_armed = 0;
	const char *between = ":";

	for (size_t i = 0; i < count; i++) {
		counts[hosts[i].state]++;
		not_armed += hosts[i].state == REPORT_ALIVE && !hosts[i].armed;
	}
	fprintf(out, "%zu hosts", count);
	for (int i = 0; i < REPORT_STATES; i++) {
		if (!counts[i])
			continue;
		fprintf(out, "%s %zu %s", between, counts[i],
			report_state_text(i));
		if (i == REPORT_ALIVE && not_armed)
			fprintf(out, " (%zu not armed)", not_armed);
		between = ",";
	}
	fputc('\n', out);
}
