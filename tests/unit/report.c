// SPDX-License-Identifier: GPL-2.0
/*
 * client/output prints reports of hosts, as blocks, a table, JSON, Prometheus
 * metrics and lines for Nagios, and the progress line. Each has the expected text, and
 * nothing that a host sends can spoil the terminal, the columns or the format.
 */
#include <fcntl.h>
#include <jansson.h>
#include <math.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <cmocka.h>
#include "client/output/progress.h"
#include "client/output/json.h"
#include "client/output/nagios.h"
#include "client/output/prometheus.h"
#include "client/output/table.h"
#include "client/output/text.h"
#include "core/letter.h"

#define HOUR     (3600 * SYSRQ_SECOND)
#define DAY      (24 * HOUR)
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static FILE *out;
static char *printed;
static size_t printed_len;

static void begin(void)
{
	out = open_memstream(&printed, &printed_len);
	assert_non_null(out);
}

static void end(void)
{
	assert_int_equal(fclose(out), 0);
	assert_int_equal(strlen(printed), printed_len);
}

/* Compares the text that was printed since begin(). */
static void expect(const char *expected)
{
	end();
	assert_string_equal(printed, expected);
	free(printed);
}

static uint64_t letters_of(const char *text)
{
	uint64_t letters = 0;

	for (; *text; text++) {
		assert_true(sysrq_letter_bit(*text));
		letters |= sysrq_letter_bit(*text);
	}
	return letters;
}

static struct sysrq_status good;
static struct report_host alive;

/* A host that is well */
static int setup(void **state)
{
	(void)state;
	good = (struct sysrq_status){
		.clock_ahead = 200000000,
		.boot_time = 41 * DAY + 3 * HOUR,
		.letters = letters_of("0123456789bcehilmostuwz"),
		.mask = 1,
		.tolerance = 43200,
		.may_read_log = true,
		.hears_after_panic = true,
		.cpus = 4,
		.memory = 469 << 20,
		.memory_free = 243 << 20,
		.load = { 312, 200, 105 },
		.node = "db1",
		.release = "6.1.0-56-cloud-amd64",
	};
	alive = (struct report_host){
		.name = "web7",
		.place = "192.0.2.7:9",
		.status = &good,
		.armed = true,
	};
	return 0;
}

/* All that a host can send to spoil a terminal or a file */
static void make_hostile(struct sysrq_status *status)
{
	memset(status, 0xff, sizeof(*status));
	status->clock_ahead = INT64_MIN;
	status->may_read_log = false;
	status->panicked = false;
	status->hears_after_panic = false;
	for (size_t i = 0; i < sizeof(status->node); i++) {
		status->node[i] = "\x1b[2J\n\"\\\xff"[i % 8];
		status->release[i] = "\xc2\x9b{}\r\t%s"[i % 8];
	}
	status->node[64] = status->release[64] = '\0';
}

static const char hostile_name[] =
	"\x1b]0;title\x07\n"
	"0123456789012345678901234567890123456789012345678901234567890123456789"
	"0123456789012345678901234567890123456789012345678901234567890123456789"
	"0123456789012345678901234567890123456789012345678";

/* The lines have only printable ASCII, and `most` columns at most. */
static void assert_safe(const char *text, size_t most)
{
	size_t columns = 0;

	for (; *text; text++) {
		if (*text == '\n') {
			columns = 0;
			continue;
		}
		assert_in_range((unsigned char)*text, ' ', '~');
		assert_in_range(++columns, 1, most);
	}
	assert_int_equal(columns, 0);
}

/* --- client/output/text --- */

static void test_short_duration(void **state)
{
	static const struct {
		uint64_t ns;
		const char *text;
	} cases[] = {
		{ 0, "0.0s" },
		{ SYSRQ_SECOND - 1, "0.9s" },
		{ 4200000000, "4.2s" },
		{ 60 * SYSRQ_SECOND - 1, "59.9s" },
		{ 60 * SYSRQ_SECOND, "1m 0s" },
		{ 725 * SYSRQ_SECOND, "12m 5s" },
		{ HOUR - 1, "59m 59s" },
		{ HOUR, "1h 0m" },
		{ DAY - 1, "23h 59m" },
		{ DAY, "1d 0h" },
		{ 41 * DAY + 3 * HOUR, "41d 3h" },
		{ 100 * DAY - 1, "99d 23h" },
		{ 100 * DAY, "100d" },
		{ UINT64_MAX, "213503d" },
	};
	char text[TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		text_short_duration(text, cases[i].ns);
		assert_string_equal(text, cases[i].text);
		assert_in_range(strlen(text), 1, 7);
	}
}

static void test_utf8(void **state)
{
	static const struct {
		const char *text;
		size_t len;
	} cases[] = {
		{ "a", 1 },
		{ "\x7f", 1 },
		{ "\xc2\x80", 2 },
		{ "\xdf\xbf.", 2 },
		{ "\xe0\xa0\x80", 3 },
		{ "\xed\x9f\xbf", 3 },
		{ "\xee\x80\x80", 3 },
		{ "\xef\xbf\xbf", 3 },
		{ "\xf0\x90\x80\x80", 4 },
		{ "\xf4\x8f\xbf\xbf", 4 },
		/* Forms that are too long */
		{ "\xc0\x80", 0 },
		{ "\xc1\xbf", 0 },
		{ "\xe0\x9f\xbf", 0 },
		{ "\xf0\x8f\xbf\xbf", 0 },
		/* Surrogates, and numbers that are too large */
		{ "\xed\xa0\x80", 0 },
		{ "\xed\xbf\xbf", 0 },
		{ "\xf4\x90\x80\x80", 0 },
		{ "\xf7\xbf\xbf\xbf", 0 },
		{ "\xf8\x90\x80\x80", 0 },
		{ "\xff\xbf\xbf\xbf", 0 },
		/* Not a first byte, or cut short */
		{ "\x80", 0 },
		{ "\xbf\xbf", 0 },
		{ "\xc3", 0 },
		{ "\xc3\xc3", 0 },
		{ "\xe2\x82", 0 },
		{ "\xe2\x82.", 0 },
		{ "\xf0\x9f\x98", 0 },
		{ "\xf0\x9f.\x80", 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(text_utf8(cases[i].text), cases[i].len);
}

/* --- One host --- */

static void test_block(void **state)
{
	(void)state;
	begin();
	report_block(out, &alive, false);
	expect("web7 (192.0.2.7:9) is alive\n"
	       "  node     db1\n"
	       "  kernel   Linux 6.1.0-56-cloud-amd64 on 4 CPUs\n"
	       "  up       41 days 3 h\n"
	       "  load     3.12 2.00 1.05\n"
	       "  memory   243 MB of 469 MB free\n"
	       "  clock    0.2 s ahead of this machine's\n"
	       "  letters  loglevel,b,c,e,h,i,l,m,o,s,t,u,w,z\n"
	       "  log      may be read\n"
	       "  panic    would go on listening after it\n");
	/* A needed letter that is there is not missing. */
	alive.needed = letters_of("subx9Z");
	alive.armed = false;
	good.cpus = 1;
	good.may_read_log = false;
	good.hears_after_panic = false;
	begin();
	report_block(out, &alive, false);
	expect("web7 (192.0.2.7:9) is not armed\n"
	       "  node     db1\n"
	       "  kernel   Linux 6.1.0-56-cloud-amd64 on 1 CPU\n"
	       "  up       41 days 3 h\n"
	       "  load     3.12 2.00 1.05\n"
	       "  memory   243 MB of 469 MB free\n"
	       "  clock    0.2 s ahead of this machine's\n"
	       "  letters  loglevel,b,c,e,h,i,l,m,o,s,t,u,w,z\n"
	       "  missing  x,Z\n"
	       "  log      may not be read\n"
	       "  panic    would hear nothing after it\n");
	memset(&good, 0, sizeof(good));
	alive.needed = 0;
	begin();
	report_block(out, &alive, false);
	expect("web7 (192.0.2.7:9) is not armed\n"
	       "  node     \n"
	       "  kernel   Linux  on 0 CPUs\n"
	       "  up       0.0 s\n"
	       "  load     0.00 0.00 0.00\n"
	       "  memory   0 kB of 0 kB free\n"
	       "  clock    within 1 ms of this machine's\n"
	       "  letters  none\n"
	       "  log      may not be read\n"
	       "  panic    would hear nothing after it\n");
}

static void test_block_clock(void **state)
{
	static const struct {
		int64_t ahead;
		const char *text;
	} cases[] = {
		{ 999999, "within 1 ms of this machine's" },
		{ -999999, "within 1 ms of this machine's" },
		{ 1000000, "1 ms ahead of this machine's" },
		{ -99999999, "99 ms behind this machine's" },
		{ 100000000, "0.1 s ahead of this machine's" },
		{ -725 * (int64_t)SYSRQ_SECOND,
		  "12 min 5 s behind this machine's" },
		{ INT64_MAX, "106751 days 23 h ahead of this machine's" },
		{ INT64_MIN, "106751 days 23 h behind this machine's" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char line[80];

		good.clock_ahead = cases[i].ahead;
		begin();
		report_block(out, &alive, false);
		end();
		snprintf(line, sizeof(line), "\n  clock    %s\n",
			 cases[i].text);
		assert_non_null(strstr(printed, line));
		free(printed);
	}
}

static const struct {
	struct report_host host;
	const char *word, *error;
} bad[] = {
	{ { .name = "a", .state = REPORT_SILENT, .timeout = 5 * SYSRQ_SECOND },
	  "silent",
	  "no answer within 5.0 s" },
	{ { .name = "a", .state = REPORT_CLOSED },
	  "closed",
	  "port closed, or wrong password, key or realm" },
	{ { .name = "a", .state = REPORT_UNREACHABLE },
	  "unreachable",
	  "cannot be reached" },
	{ { .name = "a",
	    .state = REPORT_UNREACHABLE,
	    .error = "No route to host" },
	  "unreachable",
	  "No route to host" },
	{ { .name = "a", .state = REPORT_UNKNOWN },
	  "unknown",
	  "its name has no address" },
	{ { .name = "a",
	    .state = REPORT_UNKNOWN,
	    .error = "Name or service not known" },
	  "unknown",
	  "Name or service not known" },
};

/* Makes alive a host that has panicked. */
static void panic(uint64_t reboots_in)
{
	good.panicked = true;
	good.reboots_in = reboots_in;
	alive.state = REPORT_PANICKED;
}

/* A host that has panicked answers: its block is whole, and tells how it ends. */
static void test_block_panicked(void **state)
{
	(void)state;
	panic(8 * SYSRQ_SECOND);
	begin();
	report_block(out, &alive, true);
	expect("web7 (192.0.2.7:9) has \033[31mpanicked\033[0m\n"
	       "  node     db1\n"
	       "  kernel   Linux 6.1.0-56-cloud-amd64 on 4 CPUs\n"
	       "  up       41 days 3 h\n"
	       "  load     3.12 2.00 1.05\n"
	       "  memory   243 MB of 469 MB free\n"
	       "  clock    0.2 s ahead of this machine's\n"
	       "  letters  loglevel,b,c,e,h,i,l,m,o,s,t,u,w,z\n"
	       "  log      may be read\n"
	       "  panic    reboots by itself in 8.0 s\n");
	panic(0);
	begin();
	report_block(out, &alive, false);
	end();
	assert_non_null(strstr(printed, "\n  panic    does not reboot by "
					"itself\n"));
	free(printed);
}

static void test_block_not_alive(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		char line[200];

		snprintf(line, sizeof(line),
			 "a is %s: %s\na is \033[31m%s\033[0m: %s\n",
			 bad[i].word, bad[i].error, bad[i].word, bad[i].error);
		begin();
		report_block(out, &bad[i].host, false);
		report_block(out, &bad[i].host, true);
		expect(line);
	}
}

static void test_block_colour(void **state)
{
	static const char green[] = "web7 (192.0.2.7:9) is \033[32malive"
				    "\033[0m\n  node ",
			  yellow[] = "web7 (192.0.2.7:9) is \033[33mnot armed"
				     "\033[0m\n  node ";

	(void)state;
	begin();
	report_block(out, &alive, true);
	end();
	assert_memory_equal(printed, green, strlen(green));
	free(printed);
	alive.armed = false;
	begin();
	report_block(out, &alive, true);
	end();
	assert_memory_equal(printed, yellow, strlen(yellow));
	free(printed);
}

static void test_block_hostile(void **state)
{
	static const char first[] = "?]0;title??01234567";

	(void)state;
	make_hostile(&good);
	alive.name = hostile_name;
	alive.place = "[fe80::1%\x1b[m]:9";
	begin();
	report_block(out, &alive, false);
	end();
	assert_memory_equal(printed, first, strlen(first));
	assert_safe(printed, 240);
	free(printed);
}

static void test_fit(void **state)
{
	static const struct {
		size_t width;
		const char *text;
	} cases[] = {
		{ 20, "db.example-7" },
		{ 12, "db.example-7" },
		{ 11, "db.ex~ple-7" },
		{ 4, "d~-7" },
		{ 3, "d~7" },
		{ 2, "~7" },
		{ 1, "~" },
		{ 0, "db.example-7" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char name[] = "db.example-7";

		text_fit(name, cases[i].width);
		assert_string_equal(name, cases[i].text);
	}
}

/* --- Many hosts --- */

static void print_table(unsigned int terminal, size_t longest, bool colour)
{
	struct report_host not_armed = alive;
	struct sysrq_status other = good;
	struct table table;

	other.letters = letters_of("sur0");
	other.clock_ahead = -(int64_t)(20600 * DAY);
	other.boot_time = 14900000000;
	other.load[0] = 5549;
	other.memory_free = 3ULL << 30;
	not_armed.name = "web8.dc1.example.org";
	not_armed.status = &other;
	not_armed.needed = letters_of("sub");
	not_armed.armed = false;
	begin();
	table_begin(&table, out, colour, terminal, longest);
	table_row(&table, &alive);
	table_row(&table, &not_armed);
	for (size_t i = 0; i < 3; i++)
		table_row(&table, &bad[i].host);
}

static void test_table(void **state)
{
	(void)state;
	print_table(80, strlen("web8.dc1.example.org"), false);
	expect("HOST            STATE     KERNEL           UP  LOAD    FREE"
	       "    CLOCK LETTERS\n"
	       "web7            alive     6.1.0-56-c~  41d 3h   3.1  243 MB"
	       "    +0.2s seiubowtmlc\n"
	       "web8.dc~ple.org not armed 6.1.0-56-c~   14.9s  55.4  3.0 GB"
	       "  -20600d no b\n"
	       "a               silent    no answer within 5.0 s\n"
	       "a               closed    port closed, or wrong password, key "
	       "or realm\n"
	       "a               unreachable cannot be reached\n");
	/* Short names leave their room to the names of the kernels. A terminal
	 * of less than 80 columns counts as one of 80. */
	print_table(10, 4, false);
	expect("HOST STATE     KERNEL                    UP  LOAD    FREE"
	       "    CLOCK LETTERS\n"
	       "web7 alive     6.1.0-56-cloud-amd64  41d 3h   3.1  243 MB"
	       "    +0.2s seiubowtmlc\n"
	       "w~rg not armed 6.1.0-56-cloud-amd64   14.9s  55.4  3.0 GB"
	       "  -20600d no b\n"
	       "a    silent    no answer within 5.0 s\n"
	       "a    closed    port closed, or wrong password, key or realm\n"
	       "a    unreachable cannot be reached\n");
	print_table(200, strlen("web8.dc1.example.org"), false);
	end();
	assert_non_null(strstr(printed, "\nweb8.dc1.example.org not armed "
					"6.1.0-56-cloud-amd64   14.9s "));
	free(printed);
}

static void test_table_colour(void **state)
{
	(void)state;
	print_table(80, 4, true);
	expect("HOST STATE     KERNEL                    UP  LOAD    FREE"
	       "    CLOCK LETTERS\n"
	       "web7 \033[32malive\033[0m     6.1.0-56-cloud-amd64  41d 3h   "
	       "3.1  243 MB    +0.2s seiubowtmlc\n"
	       "w~rg \033[33mnot armed\033[0m 6.1.0-56-cloud-amd64   14.9s  "
	       "55.4  3.0 GB  -20600d no b\n"
	       "a    \033[31msilent\033[0m    no answer within 5.0 s\n"
	       "a    \033[31mclosed\033[0m    port closed, or wrong password, "
	       "key or realm\n"
	       "a    \033[31munreachable\033[0m cannot be reached\n");
}

/* A pipe gets the same columns, but nothing is cut. */
static void test_table_pipe(void **state)
{
	static const char release[] = "5.14.0-427.13.1.el9_4.x86_64";

	(void)state;
	strcpy(good.release, release);
	print_table(0, 4, false);
	expect("HOST STATE     KERNEL                    UP  LOAD    FREE"
	       "    CLOCK LETTERS\n"
	       "web7 alive     5.14.0-427.13.1.el9_4.x86_64  41d 3h   3.1"
	       "  243 MB    +0.2s seiubowtmlc\n"
	       "web8.dc1.example.org not armed 5.14.0-427.13.1.el9_4.x86_64"
	       "   14.9s  55.4  3.0 GB  -20600d no b\n"
	       "a    silent    no answer within 5.0 s\n"
	       "a    closed    port closed, or wrong password, key or realm\n"
	       "a    unreachable cannot be reached\n");
}

static void test_table_pipe_last(void **state)
{
	struct report_host silent = bad[0].host;
	struct table table;
	char error[201];

	(void)state;
	memset(error, 'e', 200);
	error[200] = '\0';
	silent.error = error;
	alive.needed = letters_of("ABCDEFGHIJK");
	begin();
	table_begin(&table, out, false, 0, 4);
	table_row(&table, &alive);
	table_row(&table, &silent);
	end();
	assert_non_null(strstr(printed, " no A,B,C,D,E,F,G,H,I,J,K\n"));
	assert_int_equal(printed[printed_len - 202], ' ');
	assert_memory_equal(printed + printed_len - 201, error, 200);
	free(printed);
}

static void test_table_letters(void **state)
{
	static const struct {
		const char *letters, *needed, *text;
	} cases[] = {
		{ "sub", NULL, "s--ub------\n" },
		{ "sub", "sub", "s--ub------\n" },
		{ "0", NULL, "-----------\n" },
		{ "seiubowtmlc", NULL, "seiubowtmlc\n" },
		{ "cbs", NULL, "s---b-----c\n" },
		{ "sub", "suboi", "no i,o\n" },
		{ "0", "reisu", "no e,i,r,s,u\n" },
		{ "0", "reisub", "no b,e,i,r,s~\n" },
		{ "0", "123456789b", "no 1,2,3,4,5~\n" },
		{ "s", "0123456789b", "no loglevel,b\n" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct table table;
		size_t len = strlen(cases[i].text);

		good.letters = letters_of(cases[i].letters);
		alive.needed =
			cases[i].needed ? letters_of(cases[i].needed) : 0;
		begin();
		table_begin(&table, out, false, 80, 4);
		table_row(&table, &alive);
		end();
		assert_string_equal(printed + printed_len - len, cases[i].text);
		assert_int_equal(printed[printed_len - len - 1], ' ');
		free(printed);
	}
}

static void test_table_hostile(void **state)
{
	struct table table;
	char error[300];

	(void)state;
	make_hostile(&good);
	assert_int_equal(strlen(hostile_name), 200);
	alive.name = hostile_name;
	begin();
	table_begin(&table, out, false, 80, strlen(hostile_name));
	table_row(&table, &alive);
	alive.needed = SRQ_ALL_LETTERS;
	good.letters = 0;
	good.clock_ahead = INT64_MAX;
	table_row(&table, &alive);
	memset(error, 'e', sizeof(error));
	error[sizeof(error) - 1] = '\0';
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct report_host host = bad[i].host;

		table_row(&table, &host);
		host.error = error;
		host.name = hostile_name;
		table_row(&table, &host);
	}
	end();
	assert_safe(printed, 80);
	assert_non_null(strstr(printed,
			       "\n"
			       "?]0;tit~2345678 alive     ??{}??%s??~ 213503d"
			       " 4294~ 16384 ~ -106751d seiubowtmlc\n"
			       "?]0;tit~2345678 alive     ??{}??%s??~ 213503d"
			       " 4294~ 16384 ~ +106751d no all\n"));
	free(printed);

	/* A name of any length is safe in a pipe, too. */
	begin();
	table_begin(&table, out, false, 0, 5000);
	table_row(&table, &alive);
	end();
	assert_safe(printed, 1300);
	free(printed);
}

static void test_table_zero(void **state)
{
	struct table table;

	(void)state;
	memset(&good, 0, sizeof(good));
	alive.armed = false;
	alive.name = "";
	begin();
	table_begin(&table, out, false, 80, 0);
	table_row(&table, &alive);
	good.clock_ahead = -99999999;
	table_row(&table, &alive);
	good.clock_ahead = -100000000;
	table_row(&table, &alive);
	expect("HOST STATE     KERNEL                    UP  LOAD    FREE"
	       "    CLOCK LETTERS\n"
	       "     not armed                         0.0s   0.0    0 kB"
	       "     0.0s -----------\n"
	       "     not armed                         0.0s   0.0    0 kB"
	       "     0.0s -----------\n"
	       "     not armed                         0.0s   0.0    0 kB"
	       "    -0.1s -----------\n");
}

static void test_table_panicked(void **state)
{
	struct table table;

	(void)state;
	begin();
	table_begin(&table, out, false, 80, 4);
	panic(90 * SYSRQ_SECOND);
	table_row(&table, &alive);
	alive.armed = false;
	panic(0);
	table_row(&table, &alive);
	expect("HOST STATE     KERNEL                    UP  LOAD    FREE"
	       "    CLOCK LETTERS\n"
	       "web7 panicked  reboots by itself in 1 min 30 s\n"
	       "web7 panicked  does not reboot by itself\n");
}

static void test_summary(void **state)
{
	struct report_host hosts[40];

	(void)state;
	for (size_t i = 0; i < COUNT(hosts); i++)
		hosts[i] = alive;
	begin();
	table_summary(out, hosts, 40);
	hosts[0].state = hosts[39].state = REPORT_SILENT;
	table_summary(out, hosts, 40);
	/* Of a silent host it is not known whether it is armed. */
	hosts[0].armed = false;
	table_summary(out, hosts, 40);
	hosts[7].armed = false;
	table_summary(out, hosts, 40);
	hosts[1].state = REPORT_CLOSED;
	hosts[2].state = REPORT_UNREACHABLE;
	hosts[3].state = REPORT_UNKNOWN;
	table_summary(out, hosts, 40);
	table_summary(out, hosts, 2);
	hosts[0].state = REPORT_PANICKED;
	table_summary(out, hosts, 2);
	expect("40 hosts: 40 alive\n"
	       "40 hosts: 38 alive, 2 silent\n"
	       "40 hosts: 38 alive, 2 silent\n"
	       "40 hosts: 38 alive (1 not armed), 2 silent\n"
	       "40 hosts: 35 alive (1 not armed), 2 silent, 1 closed, "
	       "1 unreachable, 1 unknown\n"
	       "2 hosts: 1 silent, 1 closed\n"
	       "2 hosts: 1 panicked, 1 closed\n");
}

/* --- JSON --- */

static void test_json(void **state)
{
	(void)state;
	good.boot_time = 1234500000000;
	begin();
	assert_true(json_report(out, &alive));
	alive.armed = false;
	good.may_read_log = false;
	good.hears_after_panic = false;
	good.letters = 0;
	good.clock_ahead = -1;
	assert_true(json_report(out, &alive));
	expect("{\"host\":\"web7\",\"state\":\"alive\","
	       "\"address\":\"192.0.2.7:9\",\"node\":\"db1\","
	       "\"release\":\"6.1.0-56-cloud-amd64\","
	       "\"uptime_seconds\":1234.5,\"load\":[3.12,2.0,1.05],\"cpus\":4,"
	       "\"memory_bytes\":491782144,\"memory_free_bytes\":254803968,"
	       "\"clock_ahead_seconds\":0.2,"
	       "\"letters\":\"0123456789bcehilmostuwz\",\"armed\":true,"
	       "\"may_read_log\":true,\"sysrq_mask\":1,"
	       "\"tolerance_seconds\":43200,"
	       "\"hears_after_panic\":true}\n"
	       "{\"host\":\"web7\",\"state\":\"alive\","
	       "\"address\":\"192.0.2.7:9\",\"node\":\"db1\","
	       "\"release\":\"6.1.0-56-cloud-amd64\","
	       "\"uptime_seconds\":1234.5,\"load\":[3.12,2.0,1.05],\"cpus\":4,"
	       "\"memory_bytes\":491782144,\"memory_free_bytes\":254803968,"
	       "\"clock_ahead_seconds\":-1e-9,\"letters\":\"\",\"armed\":false,"
	       "\"may_read_log\":false,\"sysrq_mask\":1,"
	       "\"tolerance_seconds\":43200,"
	       "\"hears_after_panic\":false}\n");
}

static void test_json_panicked(void **state)
{
	(void)state;
	for (uint64_t seconds = 0; seconds < 9; seconds += 8) {
		char end_of_line[200];

		panic(seconds * SYSRQ_SECOND);
		snprintf(end_of_line, sizeof(end_of_line),
			 "\"hears_after_panic\":true,"
			 "\"reboots_in_seconds\":%s,\"error\":\"%s\"}\n",
			 seconds ? "8.0" : "null",
			 seconds ? "reboots by itself in 8.0 s"
				 : "does not reboot by itself");
		begin();
		assert_true(json_report(out, &alive));
		end();
		assert_non_null(strstr(printed, "\"state\":\"panicked\","
						"\"address\":"));
		assert_non_null(strstr(printed, "\"armed\":true,"));
		assert_string_equal(printed + printed_len - strlen(end_of_line),
				    end_of_line);
		free(printed);
	}
}

static void test_json_not_alive(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		char line[200];

		snprintf(line, sizeof(line),
			 "{\"host\":\"a\",\"state\":\"%s\",\"armed\":false,"
			 "\"error\":\"%s\"}\n",
			 bad[i].word, bad[i].error);
		begin();
		assert_true(json_report(out, &bad[i].host));
		expect(line);
	}
}

static void test_json_hostile(void **state)
{
	const json_t *letters, *memory;
	json_error_t error;
	json_t *json;

	(void)state;
	make_hostile(&good);
	alive.name = "m\xc3\xbcn\xff.\xe2\x82\x1b\"\\";
	alive.place = "[fe80::1%\xff]:9";
	begin();
	assert_true(json_report(out, &alive));
	end();
	/* One line, and safe on a terminal */
	assert_safe(printed, 2000);
	json = json_loads(printed, JSON_REJECT_DUPLICATES, &error);
	assert_non_null(json);
	assert_string_equal(json_string_value(json_object_get(json, "host")),
			    "m\xc3\xbcn\xef\xbf\xbd.\xef\xbf\xbd\xef\xbf\xbd"
			    "\x1b\"\\");
	assert_memory_equal(json_string_value(json_object_get(json, "node")),
			    "\x1b[2J\n\"\\\xef\xbf\xbd\x1b[2J", 14);
	/* Larger numbers are too large for other readers of JSON. */
	memory = json_object_get(json, "memory_bytes");
	assert_true(json_is_integer(memory));
	assert_int_equal(json_integer_value(memory), INT64_MAX);
	assert_int_equal(json_integer_value(json_object_get(json, "cpus")),
			 UINT32_MAX);
	assert_true(json_real_value(json_object_get(json, "uptime_seconds")) >
		    1.8e10);
	/* The set of all letters is not the text "all". */
	letters = json_object_get(json, "letters");
	assert_int_equal(json_string_length(letters), SRQ_LETTERS);
	json_decref(json);
	free(printed);
}

/* Writes all but the first piece. */
static ssize_t refuse_once(void *refused, const char *piece, size_t len)
{
	(void)piece;
	if (*(bool *)refused)
		return (ssize_t)len;
	*(bool *)refused = true;
	return 0;
}

static void test_json_not_written(void **state)
{
	static const cookie_io_functions_t functions = { .write = refuse_once };
	bool refused = false;
	FILE *full = fopen("/dev/full", "w");
	FILE *once = fopencookie(&refused, "w", functions);

	(void)state;
	assert_non_null(full);
	assert_non_null(once);
	setvbuf(full, NULL, _IONBF, 0);
	setvbuf(once, NULL, _IONBF, 0);
	assert_false(json_report(full, &alive));
	assert_false(json_report(once, &alive));
	assert_true(json_report(once, &alive));
	fclose(full);
	fclose(once);
}

/* --- Prometheus --- */

static const char *const families[] = {
	"sysrq_up",
	"sysrq_armed",
	"sysrq_state",
	"sysrq_panicked",
	"sysrq_hears_after_panic",
	"sysrq_reboots_in_seconds",
	"sysrq_uptime_seconds",
	"sysrq_load1",
	"sysrq_load5",
	"sysrq_load15",
	"sysrq_cpus",
	"sysrq_memory_bytes",
	"sysrq_memory_free_bytes",
	"sysrq_clock_ahead_seconds",
	"sysrq_log_readable",
	"sysrq_info",
};

/* Takes this text, and returns the place behind it. */
static const char *take(const char *at, const char *text)
{
	if (strncmp(at, text, strlen(text)) != 0)
		fail_msg("'%s' expected, not: %.40s", text, at);
	return at + strlen(text);
}

/* Takes name="value". The value must be valid UTF-8, and escaped. */
static const char *take_label(const char *at, const char *name)
{
	at = take(take(at, name), "=\"");
	while (*at != '"') {
		if (*at == '\\') {
			at++;
			assert_true(*at == '\\' || *at == '"' || *at == 'n');
		}
		assert_true((unsigned char)*at >= ' ');
		assert_int_not_equal(text_utf8(at), 0);
		at += text_utf8(at);
	}
	return at + 1;
}

/* Takes a sample of this family. */
static const char *take_sample(const char *at, const char *family)
{
	char *number_end;
	double value;

	at = take_label(take(take(at, family), "{"), "host");
	if (!strcmp(family, "sysrq_state"))
		at = take_label(take(at, ","), "state");
	if (!strcmp(family, "sysrq_info")) {
		at = take_label(take(at, ","), "node");
		at = take_label(take(at, ","), "release");
		at = take_label(take(at, ","), "letters");
	}
	at = take(at, "} ");
	assert_true(*at == '-' || (*at >= '0' && *at <= '9'));
	value = strtod(at, &number_end);
	assert_true(isfinite(value));
	return take(number_end, "\n");
}

/* Takes the whole text. */
static void check_prometheus(const char *at, size_t hosts, size_t alive_hosts,
			     size_t rebooting)
{
	for (size_t i = 0; i < COUNT(families); i++) {
		size_t samples = i < 2    ? hosts
				 : i == 2 ? hosts * REPORT_STATES
				 : i == 5 ? rebooting
					  : alive_hosts;
		const char *help;

		help = at = take(take(take(at, "# HELP "), families[i]), " ");
		at += strcspn(at, "\n\\");
		assert_true(at > help);
		at = take(at, "\n# TYPE ");
		at = take(take(at, families[i]), " gauge\n");
		while (samples--)
			at = take_sample(at, families[i]);
	}
	assert_string_equal(at, "");
}

static void expect_line(const char *line)
{
	const char *found = strstr(printed, line);

	if (!found || found == printed || found[-1] != '\n' ||
	    found[strlen(line)] != '\n')
		fail_msg("no line: %s", line);
}

static void test_prometheus(void **state)
{
	struct report_host hosts[3] = { alive, bad[0].host, alive };
	struct sysrq_status other = good;

	(void)state;
	other.clock_ahead = -1500000000;
	other.may_read_log = false;
	other.hears_after_panic = false;
	other.boot_time = 14900000000;
	other.letters = 0;
	hosts[1].armed = true; /* not known, as it is silent */
	hosts[2].name = "web8";
	hosts[2].armed = false;
	hosts[2].status = &other;
	begin();
	prometheus_report(out, hosts, 3);
	end();
	check_prometheus(printed, 3, 2, 0);
	expect_line("sysrq_up{host=\"web7\"} 1");
	expect_line("sysrq_up{host=\"a\"} 0");
	expect_line("sysrq_up{host=\"web8\"} 1");
	expect_line("sysrq_armed{host=\"web7\"} 1");
	expect_line("sysrq_armed{host=\"a\"} 0");
	expect_line("sysrq_armed{host=\"web8\"} 0");
	expect_line("sysrq_state{host=\"web7\",state=\"alive\"} 1");
	expect_line("sysrq_state{host=\"web7\",state=\"panicked\"} 0");
	expect_line("sysrq_state{host=\"a\",state=\"silent\"} 1");
	expect_line("sysrq_state{host=\"a\",state=\"alive\"} 0");
	expect_line("sysrq_panicked{host=\"web7\"} 0");
	expect_line("sysrq_hears_after_panic{host=\"web7\"} 1");
	expect_line("sysrq_hears_after_panic{host=\"web8\"} 0");
	expect_line("sysrq_uptime_seconds{host=\"web7\"} 3553200");
	expect_line("sysrq_uptime_seconds{host=\"web8\"} 14.9");
	expect_line("sysrq_load1{host=\"web7\"} 3.12");
	expect_line("sysrq_load5{host=\"web7\"} 2");
	expect_line("sysrq_load15{host=\"web7\"} 1.05");
	expect_line("sysrq_cpus{host=\"web7\"} 4");
	expect_line("sysrq_memory_bytes{host=\"web7\"} 491782144");
	expect_line("sysrq_memory_free_bytes{host=\"web7\"} 254803968");
	expect_line("sysrq_clock_ahead_seconds{host=\"web7\"} 0.2");
	expect_line("sysrq_clock_ahead_seconds{host=\"web8\"} -1.5");
	expect_line("sysrq_log_readable{host=\"web7\"} 1");
	expect_line("sysrq_log_readable{host=\"web8\"} 0");
	expect_line("sysrq_info{host=\"web7\",node=\"db1\","
		    "release=\"6.1.0-56-cloud-amd64\","
		    "letters=\"0123456789bcehilmostuwz\"} 1");
	expect_line("sysrq_info{host=\"web8\",node=\"db1\","
		    "release=\"6.1.0-56-cloud-amd64\",letters=\"\"} 1");
	free(printed);
	/* No host is alive; no host at all */
	begin();
	prometheus_report(out, hosts + 1, 1);
	end();
	check_prometheus(printed, 1, 0, 0);
	free(printed);
	begin();
	prometheus_report(out, hosts, 0);
	end();
	check_prometheus(printed, 0, 0, 0);
	free(printed);
}

/* It is not up, and all else that it tells is there. */
static void test_prometheus_panicked(void **state)
{
	(void)state;
	panic(8 * SYSRQ_SECOND);
	begin();
	prometheus_report(out, &alive, 1);
	end();
	check_prometheus(printed, 1, 1, 1);
	expect_line("sysrq_up{host=\"web7\"} 0");
	expect_line("sysrq_armed{host=\"web7\"} 1");
	expect_line("sysrq_state{host=\"web7\",state=\"panicked\"} 1");
	expect_line("sysrq_panicked{host=\"web7\"} 1");
	expect_line("sysrq_reboots_in_seconds{host=\"web7\"} 8");
	free(printed);
	panic(0);
	begin();
	prometheus_report(out, &alive, 1);
	end();
	check_prometheus(printed, 1, 1, 0);
	free(printed);
}

static void test_prometheus_hostile(void **state)
{
	struct report_host hosts[3] = { alive, alive, bad[0].host };

	(void)state;
	make_hostile(&good);
	hosts[0].name = "m\xc3\xbcn \"\\\n\x1b\xff.} 1";
	hosts[1].name = hostile_name;
	hosts[2].name = "\\";
	begin();
	prometheus_report(out, hosts, 3);
	end();
	check_prometheus(printed, 3, 2, 0);
	expect_line("sysrq_up{host=\"m\xc3\xbcn \\\"\\\\\xef\xbf\xbd"
		    "\xef\xbf\xbd\xef\xbf\xbd.} 1\"} 1");
	expect_line("sysrq_up{host=\"\\\\\"} 0");
	assert_non_null(strstr(printed, ",node=\"?[2J?\\\"\\\\??[2J"));
	free(printed);
}

/* --- Nagios --- */

static void test_nagios_hostile(void **state)
{
	const char *bar;

	(void)state;
	make_hostile(&good);
	good.release[3] = '|';
	alive.name = "web7|uptime=1s";
	begin();
	nagios_report(out, &alive);
	end();
	assert_safe(printed, 600);
	assert_ptr_equal(strchr(printed, '\n'), printed + printed_len - 1);
	bar = strchr(printed, '|');
	assert_non_null(bar);
	assert_ptr_equal(bar, strrchr(printed, '|'));
	assert_ptr_equal(strstr(printed, "| uptime="), bar);
	free(printed);
}

/* --- The progress line --- */

static int master;

/* Returns a terminal with so many columns. It changes nothing of its text. */
static struct progress terminal(unsigned short columns)
{
	struct winsize size = { .ws_row = 25, .ws_col = columns };
	struct progress progress = { 0 };
	struct termios raw;
	int slave;

	master = posix_openpt(O_RDWR | O_NOCTTY);
	assert_true(master >= 0);
	assert_int_equal(grantpt(master) | unlockpt(master), 0);
	slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	assert_true(slave >= 0);
	assert_int_equal(tcgetattr(slave, &raw), 0);
	cfmakeraw(&raw);
	assert_int_equal(tcsetattr(slave, TCSANOW, &raw), 0);
	assert_int_equal(ioctl(slave, TIOCSWINSZ, &size), 0);
	progress.out = fdopen(slave, "w");
	assert_non_null(progress.out);
	return progress;
}

static void expect_on_terminal(const char *expected)
{
	struct pollfd readable = { .fd = master, .events = POLLIN };
	char got[200];
	size_t len = 0;

	while (len < strlen(expected)) {
		ssize_t n;

		assert_int_equal(poll(&readable, 1, 10000), 1);
		n = read(master, got + len, sizeof(got) - 1 - len);
		assert_true(n > 0);
		len += (size_t)n;
	}
	got[len] = '\0';
	assert_string_equal(got, expected);
}

static void test_progress(void **state)
{
	struct progress progress = terminal(80);

	(void)state;
	/* Without a line there is nothing to erase. */
	progress_erase(&progress);
	progress_draw(&progress, 0, 40, 40, 0);
	expect_on_terminal("\r0 of 40 answered, 40 to go, 0.0 s");
	progress_draw(&progress, 12, 40, 28, 3200000000);
	expect_on_terminal("\r12 of 40 answered, 28 to go, 3.2 s");
	/* Blanks cover the rest of a longer line. */
	progress_draw(&progress, 12, 40, 1, 3300000000);
	expect_on_terminal("\r12 of 40 answered, 1 to go, 3.3 s ");
	progress_erase(&progress);
	expect_on_terminal("\r                                 \r");
	progress_erase(&progress);
	progress_draw(&progress, 40, 40, 0, 70 * SYSRQ_SECOND);
	expect_on_terminal("\r40 of 40 answered, 0 to go, 1 min 10 s");
	fclose(progress.out);
	close(master);
}

static void test_progress_narrow(void **state)
{
	struct winsize size = { .ws_row = 25, .ws_col = 10 };
	struct progress progress = terminal(20);

	(void)state;
	/* The last column stays free: a terminal may wrap behind it. */
	progress_draw(&progress, 12, 40, 28, 0);
	expect_on_terminal("\r12 of 40 answered, ");
	/* The terminal may become narrower. */
	assert_int_equal(ioctl(master, TIOCSWINSZ, &size), 0);
	progress_draw(&progress, 13, 40, 27, 0);
	expect_on_terminal("\r13 of 40 ");
	progress_erase(&progress);
	expect_on_terminal("\r         \r");
	size.ws_col = 1;
	assert_int_equal(ioctl(master, TIOCSWINSZ, &size), 0);
	progress_draw(&progress, 13, 40, 27, 0);
	expect_on_terminal("\r");
	fclose(progress.out);
	close(master);
}

static void test_progress_pipe(void **state)
{
	struct progress progress = { 0 };

	(void)state;
	progress.out = tmpfile();
	assert_non_null(progress.out);
	progress_draw(&progress, 12, 40, 28, 0);
	progress_erase(&progress);
	assert_int_equal(ftell(progress.out), 0);
	fclose(progress.out);
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_short_duration),
		TEST(test_utf8),
		TEST(test_fit),
		TEST(test_block),
		TEST(test_block_clock),
		TEST(test_block_panicked),
		TEST(test_block_not_alive),
		TEST(test_block_colour),
		TEST(test_block_hostile),
		TEST(test_table),
		TEST(test_table_colour),
		TEST(test_table_pipe),
		TEST(test_table_pipe_last),
		TEST(test_table_letters),
		TEST(test_table_hostile),
		TEST(test_table_zero),
		TEST(test_table_panicked),
		TEST(test_summary),
		TEST(test_json),
		TEST(test_json_panicked),
		TEST(test_json_not_alive),
		TEST(test_json_hostile),
		TEST(test_json_not_written),
		TEST(test_prometheus),
		TEST(test_prometheus_panicked),
		TEST(test_prometheus_hostile),
		TEST(test_nagios_hostile),
		TEST(test_progress),
		TEST(test_progress_narrow),
		TEST(test_progress_pipe),
	};

	return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
