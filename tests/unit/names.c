// SPDX-License-Identifier: GPL-2.0
/*
 * client/hosts/names makes the right hosts of patterns and of files. It refuses
 * bad ones with one sentence, and adds no host of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>
#include "client/hosts/most.h"
#include "client/hosts/names.h"

static struct hosts hosts;
static char said[4096]; /* the text on stderr */

static bool add(struct hosts *to, const char *list)
{
	return hosts_add(to, "host", list);
}

static bool hear(bool (*call)(struct hosts *, const char *), const char *arg)
{
	FILE *caught = tmpfile();
	int usual = dup(STDERR_FILENO);
	bool ok;

	dup2(fileno(caught), STDERR_FILENO);
	ok = call(&hosts, arg);
	dup2(usual, STDERR_FILENO);
	close(usual);
	rewind(caught);
	said[fread(said, 1, sizeof(said) - 1, caught)] = '\0';
	fclose(caught);
	return ok;
}

static void expect_hosts(const char *names)
{
	char text[1024] = "";

	for (size_t i = 0; i < hosts.count; i++) {
		strcat(text, i ? " " : "");
		strcat(text, hosts.names[i]);
	}
	assert_string_equal(text, names);
}

/* "first" is there before, and must stay. */
static void expect_pattern(const char *pattern, const char *names)
{
	hosts_free(&hosts);
	assert_true(add(&hosts, "first"));
	if (!hear(add, pattern))
		fail_msg("%s: %s", pattern, said);
	assert_string_equal(said, "");
	expect_hosts(names);
}

static void expect_fault(const char *pattern, const char *sentence)
{
	hosts_free(&hosts);
	assert_true(add(&hosts, "first"));
	assert_false(hear(add, pattern));
	assert_string_equal(said, sentence);
	expect_hosts("first");
}

static void test_names(void **state)
{
	(void)state;
	expect_pattern("web7", "first web7");
	expect_pattern("web7.example.org", "first web7.example.org");
	expect_pattern("192.0.2.7", "first 192.0.2.7");
	expect_pattern("2001:db8::7", "first 2001:db8::7");
	expect_pattern("first", "first");
}

static void test_ranges(void **state)
{
	(void)state;
	expect_pattern("web[1-3]", "first web1 web2 web3");
	expect_pattern("web[1-3,7]", "first web1 web2 web3 web7");
	expect_pattern("web[7,1-3].a", "first web7.a web1.a web2.a web3.a");
	expect_pattern("[5-5]x", "first 5x");
	/* Numbers are as wide as the first one is written. */
	expect_pattern("w[08-11]", "first w08 w09 w10 w11");
	expect_pattern("w[8-11]", "first w8 w9 w10 w11");
	expect_pattern("w[098-101,3,04]", "first w098 w099 w100 w101 w3 w04");
	expect_pattern("w[1-9/4,20]", "first w1 w5 w9 w20");
	expect_pattern("w[01-10/3]", "first w01 w04 w07 w10");
	expect_pattern("w[0-3/5]", "first w0");
	expect_pattern("w[0-1]", "first w0 w1");
	/* The last range changes fastest. */
	expect_pattern("r[1-2]n[09-10]", "first r1n09 r1n10 r2n09 r2n10");
	expect_pattern("r[1,2][3,4]x[5,6]", "first r13x5 r13x6 r14x5 r14x6 "
					    "r23x5 r23x6 r24x5 r24x6");
	expect_pattern("2001:db8::[9-10]", "first 2001:db8::9 2001:db8::10");
	/* The largest numbers */
	expect_pattern("w[999999999999999998-999999999999999999]",
		       "first w999999999999999998 w999999999999999999");
}

static void test_lists(void **state)
{
	struct hosts out = { 0 };

	(void)state;
	expect_pattern("sh-[15-16],db1", "first sh-15 sh-16 db1");
	expect_pattern("a,w[1,3],[::1],a,b", "first a w1 w3 ::1 b");
	assert_true(add(&out, "w[2-3],first,nobody"));
	hosts_leave_out(&hosts, &out);
	expect_hosts("a w1 ::1 b");
	assert_true(add(&hosts, "w3"));
	expect_hosts("a w1 ::1 b w3");
	hosts_leave_out(&hosts, &hosts);
	expect_hosts("");
	hosts_free(&out);
}

static void test_addresses(void **state)
{
	(void)state;
	expect_pattern("[2001:db8::7]", "first 2001:db8::7");
	expect_pattern("[::]", "first ::");
	expect_pattern("[::ffff:192.0.2.7]", "first 192.0.2.7");
	expect_pattern("2001:DB8:0::7", "first 2001:db8::7");
	expect_pattern("FE80:0::1%Eth0", "first fe80::1%Eth0");
	expect_pattern("WEB[1-2].Example,First,web1.EXAMPLE",
		       "first web1.example web2.example");
	expect_pattern("Web7.,web7,web8.example.org.,r[1-2].",
		       "first web7 web8.example.org r1 r2");
	expect_pattern("[fe80::1%eth0]", "first fe80::1%eth0");
	hosts_free(&hosts);
	assert_true(add(&hosts, "2001:db8::7"));
	assert_true(add(&hosts, "[2001:db8::7]"));
	expect_hosts("2001:db8::7");
}

static void test_once(void **state)
{
	(void)state;
	expect_pattern("w[1-3,2,1-4]", "first w1 w2 w3 w4");
	assert_true(add(&hosts, "w[3-6]"));
	assert_true(add(&hosts, "first"));
	assert_true(add(&hosts, "w01"));
	expect_hosts("first w1 w2 w3 w4 w5 w6 w01");
}

static void test_bad(void **state)
{
#define NUMBERS \
	"numbers and ranges in the brackets, such as [01-40,50] or [1-9/2]"
#define BAD_SIX "an IPv6 address in the brackets, such as [2001:db8::7]"
#define PORT \
	"a name without a port: give the port with --port, or with Port in the configuration"
#define USER    "a name without a user: your key says who you are (--key-file)"
#define NETWORK "hosts and not a network, such as 10.0.0.[1-20]"
#define ZONE \
	"an interface after % only behind a link-local address, such as fe80::1%eth0"
#define LIST    "a list with commas; -x leaves hosts out of it"
#define LETTERS "names of letters, digits, '-', '_' and '.'"
#define ZEROS \
	"numbers of the same length in a range with leading zeros, such as [08-11]"
	static const struct {
		const char *pattern, *shown, *expected;
	} cases[] = {
		{ "", "", "a name or an address" },
		{ "-x", "-x", "a name that does not begin with -" },
		{ "web 7", "web 7",
		  "a name without blanks or control characters" },
		{ "web7 ", "web7 ",
		  "a name without blanks or control characters" },
		{ "web7\n", "web7?",
		  "a name without blanks or control characters" },
		{ "\x1b[31mx", "?[31mx",
		  "a name without blanks or control characters" },
		{ "x\x7f", "x?",
		  "a name without blanks or control characters" },
		{ "web[1-3", "web[1-3", "a ] after each [" },
		{ "web[", "web[", "a ] after each [" },
		{ "web[1]x[2", "web[1]x[2", "a ] after each [" },
		{ "web1-3]", "web1-3]", "a [ before each ]" },
		{ "web[1]]", "web[1]]", "a [ before each ]" },
		{ "web[]", "web[]", NUMBERS },
		{ "web[,]", "web[,]", NUMBERS },
		{ "web[1,]", "web[1,]", NUMBERS },
		{ "web[,1]", "web[,1]", NUMBERS },
		{ "web[-3]", "web[-3]", NUMBERS },
		{ "web[1-]", "web[1-]", NUMBERS },
		{ "web[1-2-3]", "web[1-2-3]", NUMBERS },
		{ "web[a-c]", "web[a-c]", NUMBERS },
		{ "web[1-c]", "web[1-c]", NUMBERS },
		{ "web[0x1]", "web[0x1]", NUMBERS },
		{ "web[+1]", "web[+1]", NUMBERS },
		{ "web[1[2]]", "web[1[2]]", NUMBERS },
		{ "web[1/2]", "web[1/2]", NUMBERS },
		{ "web[1-3/]", "web[1-3/]", NUMBERS },
		{ "web[1-3/+2]", "web[1-3/+2]", NUMBERS },
		{ "web[1-3/0]", "web[1-3/0]", "a step of at least 1" },
		{ "web[8-0011]", "web[8-0011]", ZEROS },
		{ "web[08-111]", "web[08-111]", ZEROS },
		{ "web[00-3]", "web[00-3]", ZEROS },
		{ "[2001:db8::7]:9", "[2001:db8::7]:9", PORT },
		{ "web7:9999", "web7:9999", PORT },
		{ "10.0.0.7:9", "10.0.0.7:9", PORT },
		{ "web[1-2]:9", "web[1-2]:9", PORT },
		{ "2001:db8:::7", "2001:db8:::7",
		  "an IPv6 address, such as 2001:db8::7" },
		{ "[2001:db8:::7]", "[2001:db8:::7]", BAD_SIX },
		{ "[2001:db8::7", "[2001:db8::7", BAD_SIX },
		{ "x[2001:db8::7]", "x[2001:db8::7]", BAD_SIX },
		{ "[fe80::1%a][1-2]", "[fe80::1%a][1-2]", BAD_SIX },
		{ "[::1%lo]", "[::1%lo]", ZONE },
		{ "fe80::1%", "fe80::1%", ZONE },
		{ "web%7", "web%7", ZONE },
		{ "alice@web7", "alice@web7", USER },
		{ "10.0.0.0/24", "10.0.0.0/24", NETWORK },
		{ "2001:db8::/64", "2001:db8::/64", NETWORK },
		{ "10.0.0.1-20", "10.0.0.1-20",
		  "a range in brackets, such as 10.0.0.[1-20]" },
		{ "10.0.0.1-10.0.0.20", "10.0.0.1-10.0.0.20",
		  "a range in brackets, such as 10.0.0.[1-20]" },
		{ "web[1-9]!web5", "web[1-9]!web5", LIST },
		{ "a&b", "a&b", LIST },
		{ "a^b", "a^b", LIST },
		{ "web*", "web*", LETTERS },
		{ "web;7", "web;7", LETTERS },
		{ "k\xc3\xb6ln", "k\xc3\xb6ln", LETTERS },
		{ "\xe2\x80\x93-yes", "\xe2\x80\x93-yes", LETTERS },
		{ "[fe80::1%\xc3\xb6]", "[fe80::1%\xc3\xb6]", LETTERS },
		{ "web[1\xe2\x80\x93"
		  "3]",
		  "web[1\xe2\x80\x93"
		  "3]",
		  LETTERS },
		{ "https://web7", "https://web7", LETTERS },
		{ "a,,b", "a,,b", "a name or an address" },
		{ "a,", "a,", "a name or an address" },
		{ ",a", ",a", "a name or an address" },
		{ "a,-x", "a,-x", "a name that does not begin with -" },
		{ "@a@b", "@a@b", USER },
		{ "@a;b", "@a;b", LETTERS },
		{ "[fe80::1%a b]", "[fe80::1%a b]",
		  "a name without blanks or control characters" },
		{ "web[3-1]", "web[3-1]",
		  "ranges from a lower to a higher number" },
		{ "web[1-3,010-009]", "web[1-3,010-009]",
		  "ranges from a lower to a higher number" },
		{ "web[1000000000000000000]", "web[1000000000000000000]",
		  "numbers of at most 18 digits in the brackets" },
		{ "web[1-99999999999999999999999]",
		  "web[1-99999999999999999999999]",
		  "numbers of at most 18 digits in the brackets" },
	};
	char sentence[512];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(sentence, sizeof(sentence),
			 "send_sysrq: host: '%s' given, expected %s\n",
			 cases[i].shown, cases[i].expected);
		expect_fault(cases[i].pattern, sentence);
	}
}

/* The sentence shows 253 bytes of a pattern. */
static void expect_too_long(const char *pattern)
{
	char sentence[512];

	snprintf(sentence, sizeof(sentence),
		 "send_sysrq: host: '%.253s...' given, expected a name of at "
		 "most 253 bytes\n",
		 pattern);
	expect_fault(pattern, sentence);
}

static void test_long(void **state)
{
	char pattern[1024], names[512];

	(void)state;
	memset(pattern, 'x', sizeof(pattern));
	pattern[253] = '\0';
	snprintf(names, sizeof(names), "first %.253s", pattern);
	expect_pattern(pattern, names);
	pattern[253] = 'x';
	pattern[254] = '\0';
	expect_too_long(pattern);

	/* The length of the names counts, and not that of the pattern. */
	strcpy(pattern + 250, "[1-100]");
	assert_true(add(&hosts, pattern));
	assert_int_equal(strlen(hosts.names[hosts.count - 1]), 253);
	strcpy(pattern + 250, "[1-1000]");
	expect_too_long(pattern);
	strcpy(pattern + 250, "[0001-0002]");
	expect_too_long(pattern);
	strcpy(pattern + 250, "[1-100,5]");
	assert_true(add(&hosts, pattern));
	strcpy(pattern + 250, "[1-100,1000,5]");
	expect_too_long(pattern);
	for (int i = 0; i < 254; i++)
		strcpy(pattern + 3 * i, "[1]");
	expect_too_long(pattern);
	pattern[3 * 253] = '\0';
	assert_true(add(&hosts, pattern));
	assert_int_equal(strlen(hosts.names[hosts.count - 1]), 253);

	/* An address, with its zone */
	memset(pattern, 'x', sizeof(pattern));
	memcpy(pattern, "[fe80::1%", 9);
	strcpy(pattern + 254, "]");
	assert_true(add(&hosts, pattern));
	assert_int_equal(strlen(hosts.names[hosts.count - 1]), 253);
	strcpy(pattern + 254, "x]");
	assert_false(hear(add, pattern));
}

static void expect_too_many(const char *pattern)
{
	char sentence[512];

	snprintf(sentence, sizeof(sentence),
		 "send_sysrq: host: '%.253s%s' given, expected at most %zu "
		 "hosts: there is no memory for more\n",
		 pattern, strlen(pattern) > 253 ? "..." : "", hosts_most());
	assert_false(hear(add, pattern));
	assert_string_equal(said, sentence);
}

#define TEN_18 "0-999999999999999999," /* 10^18 numbers */
#define SIX    TEN_18 TEN_18 TEN_18 TEN_18 TEN_18 TEN_18

/* What a typing error makes of a range is refused at once. */
static void test_typing_error(void **state)
{
	(void)state;
	assert_in_range(hosts_most(), 65536, 1ULL << 36);
	hosts_free(&hosts);
	expect_too_many("web[1-4000000000000]");
	expect_too_many("web[1-2000000][1-2000000]");
	assert_null(hosts.names);
}

/* Leave memory for 65,536 hosts; 0: for as many as before. Skips the test where
 * the emulator of another machine permits no limit. */
static void limit_hosts(rlim_t most)
{
	static struct rlimit usual;
	struct rlimit limit;

	if (!most) {
		setrlimit(RLIMIT_DATA, &usual);
		return;
	}
	getrlimit(RLIMIT_DATA, &usual);
	limit = (struct rlimit){ most * HOST_MEMORY, usual.rlim_max };
	setrlimit(RLIMIT_DATA, &limit);
	if (hosts_most() != most)
		skip();
}

static void test_too_many(void **state)
{
	(void)state;
	limit_hosts(65536);
	/* Such a pattern is refused before any name is made. */
	hosts_free(&hosts);
	expect_too_many("web[1-99999999999]");
	expect_too_many("web[0-999999999999999999]");
	expect_too_many("web[1-65537]");
	expect_too_many("web[1-65536,1]");
	expect_too_many("web[1-256][1-256][1-2]");
	expect_too_many("w[1-60000][1-60000][1-60000][1-60000][1-60000]");
	/* 2^64 + 1 hosts */
	expect_too_many("w[" SIX SIX SIX "0-446744073709551616]");
	assert_null(hosts.names);

	assert_true(add(&hosts, "web[1-256]-[1-256]"));
	assert_int_equal(hosts.count, 65536);
	assert_string_equal(hosts.names[65535], "web256-256");
	assert_true(add(&hosts, "web7-7"));
	expect_too_many("db");
	/* The last host of the pattern is there already. */
	expect_too_many("web[0-1]-1");
	expect_too_many("web[0,1]-1");
	assert_int_equal(hosts.count, 65536);

	hosts_free(&hosts);
	assert_true(add(&hosts, "web[1-65536]"));

	/* Only half of the hosts would fit. */
	hosts_free(&hosts);
	assert_true(add(&hosts, "web[1-65534]"));
	expect_too_many("db[1-4]");
	assert_int_equal(hosts.count, 65534);
	assert_string_equal(hosts.names[65533], "web65534");
	/* None of those hosts was added. */
	assert_true(add(&hosts, "db[2-3]"));
	assert_int_equal(hosts.count, 65536);
	assert_string_equal(hosts.names[65535], "db3");
	limit_hosts(0);
}

/* 150,000 hosts are more than were permitted once. */
static void test_many(void **state)
{
	struct hosts out = { 0 };

	(void)state;
	hosts_free(&hosts);
	assert_true(add(&hosts, "web[1-100000],db[1-50000],web[1-100000]"));
	assert_int_equal(hosts.count, 150000);
	assert_string_equal(hosts.names[0], "web1");
	assert_string_equal(hosts.names[99999], "web100000");
	assert_string_equal(hosts.names[149999], "db50000");
	assert_true(hosts_has(&hosts, "db50000"));
	assert_true(add(&out, "web[1-100000],db7"));
	hosts_leave_out(&hosts, &out);
	hosts_free(&out);
	assert_int_equal(hosts.count, 49999);
	assert_string_equal(hosts.names[6], "db8");
	assert_false(hosts_has(&hosts, "web1"));
	assert_true(hosts_has(&hosts, "db8"));
	assert_true(add(&hosts, "db7,web1"));
	assert_int_equal(hosts.count, 50001);
}

/* Comparing every host with every other would take minutes. */
static void test_fast(void **state)
{
	char name[32];
	clock_t begun = clock();

	(void)state;
	hosts_free(&hosts);
	for (int round = 0; round < 10; round++) {
		for (int i = 0; i < 65536; i++) {
			snprintf(name, sizeof(name), "web%d.example.org", i);
			assert_true(add(&hosts, name));
		}
	}
	assert_int_equal(hosts.count, 65536);
	assert_true((clock() - begun) / CLOCKS_PER_SEC < 30);
}

static char path[] = "/tmp/send_sysrq-hosts-XXXXXX"; /* of a file */

static void write_file(const char *text, size_t len)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

static void test_file(void **state)
{
	static const char text[] = "\xef\xbb\xbf# the racks\n"
				   "\n"
				   "r[1-2]n1\n"
				   "  \t\n"
				   "\tdb1 \t# the old one\n"
				   "db2#x[\n"
				   "db[2-3],db1\r\n"
				   "   # r[1-\n"
				   "db1\r\n"
				   "[2001:db8::7]";

	(void)state;
	write_file(text, strlen(text));
	hosts_free(&hosts);
	assert_true(add(&hosts, "r2n1"));
	assert_true(hear(hosts_read, path));
	assert_string_equal(said, "");
	expect_hosts("r2n1 r1n1 db1 db2 db3 2001:db8::7");

	/* A file with known hosts only is no empty file. */
	assert_true(hosts_read(&hosts, path));
	assert_int_equal(hosts.count, 6);

	assert_non_null(freopen(path, "r", stdin));
	hosts_free(&hosts);
	assert_true(hear(hosts_read, "-"));
	assert_string_equal(said, "");
	expect_hosts("r1n1 r2n1 db1 db2 db3 2001:db8::7");
}

static void expect_file_fault(const char *text, size_t len,
			      const char *sentence)
{
	char expected[512];

	write_file(text, len);
	hosts_free(&hosts);
	assert_true(add(&hosts, "first"));
	assert_false(hear(hosts_read, path));
	snprintf(expected, sizeof(expected), sentence, path);
	assert_string_equal(said, expected);
	expect_hosts("first");
}

static void test_bad_file(void **state)
{
	static const char zero[] = "ok\nweb\0[1-\n";
	char expected[512];

	(void)state;
	snprintf(expected, sizeof(expected),
		 "send_sysrq: %%s:2: 'no[1-4000000000000]' given, expected at "
		 "most %zu hosts: there is no memory for more\n",
		 hosts_most());
	expect_file_fault("ok[1-65535]\nno[1-4000000000000]\n", 32, expected);
	expect_file_fault("ok\n# and\nweb[1-\nweb[2-\n", 24,
			  "send_sysrq: %s:3: 'web[1-' given, expected a ] "
			  "after each [\n");
	expect_file_fault("ok1 ok2\n", 8,
			  "send_sysrq: %s:1: 'ok1 ok2' given, expected a name "
			  "without blanks or control characters\n");
	expect_file_fault(zero, sizeof(zero) - 1,
			  "send_sysrq: %s:2: 'web?[1-' given, expected a name "
			  "without blanks or control characters\n");
	expect_file_fault("", 0,
			  "send_sysrq: --hosts: '%s' given, expected a file "
			  "with one host on each line\n");
	expect_file_fault("\n# web7\n \t", 10,
			  "send_sysrq: --hosts: '%s' given, expected a file "
			  "with one host on each line\n");

	/* Not even a file */
	assert_false(hear(hosts_read, "/nonexistent/hosts"));
	assert_string_equal(said, "send_sysrq: cannot read --hosts "
				  "/nonexistent/hosts: No such file or "
				  "directory\n");
	assert_false(hear(hosts_read, "/"));
	assert_string_equal(said, "send_sysrq: --hosts: '/' given, expected a "
				  "regular file\n");
	write_file("web7\n", 5);
	assert_int_equal(chmod(path, 0660), 0);
	assert_false(hear(hosts_read, path));
	snprintf(expected, sizeof(expected),
		 "send_sysrq: --hosts: '%s' has mode 0660, so not only its "
		 "owner can write it: run chmod go-w '%s'\n",
		 path, path);
	assert_string_equal(said, expected);
	assert_int_equal(chmod(path, 0600), 0);

	write_file("web[1-\n", 7);
	assert_non_null(freopen(path, "r", stdin));
	assert_false(hear(hosts_read, "-"));
	assert_string_equal(said, "send_sysrq: standard input:1: 'web[1-' "
				  "given, expected a ] after each [\n");
}

static int make_file(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	return fd < 0 || close(fd);
}

static int remove_file(void **state)
{
	(void)state;
	hosts_free(&hosts);
	return unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_once),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_typing_error),
		cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_fast),
		cmocka_unit_test(test_file),
		cmocka_unit_test(test_bad_file),
	};

	return cmocka_run_group_tests_name("names", tests, make_file,
					   remove_file);
}
