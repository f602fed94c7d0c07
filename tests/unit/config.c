// SPDX-License-Identifier: GPL-2.0
/*
 * client/hosts/config gives a host the settings that its files have for it. It
 * refuses a file that is bad or unsafe, with one sentence that names the line.
 */
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

/* The tests work in a folder, and have the system's file there. */
#define SYSRQ_SYSCONFDIR "etc"
#include "client/hosts/config.c"

#define SYSTEM_FILE "etc/send_sysrq/config"
#define USER_FILE   "home/.config/send_sysrq/config"
#define XDG_FILE    "xdg/send_sysrq/config"

static struct config *config;
static struct settings settings;
static char folder[] = "/tmp/send_sysrq-config-XXXXXX";
static char path[64];
static char said[8192]; /* the text on stderr */
static FILE *caught;
static int usual_stderr;

static void listen_begin(void)
{
	caught = tmpfile();
	usual_stderr = dup(STDERR_FILENO);
	dup2(fileno(caught), STDERR_FILENO);
}

static void listen_end(void)
{
	dup2(usual_stderr, STDERR_FILENO);
	close(usual_stderr);
	rewind(caught);
	said[fread(said, 1, sizeof(said) - 1, caught)] = '\0';
	fclose(caught);
}

static void write_bytes(const char *file, const char *text, size_t len)
{
	FILE *out;

	unlink(file);
	out = fopen(file, "w");
	assert_non_null(out);
	assert_int_equal(fwrite(text, 1, len, out), len);
	assert_int_equal(fclose(out), 0);
}

static void write_file(const char *file, const char *text)
{
	write_bytes(file, text, strlen(text));
}

static bool load_file(const char *file)
{
	bool ok;

	config_free(config);
	listen_begin();
	ok = config_load(&config, file, false);
	listen_end();
	return ok;
}

static void expect_load(const char *file)
{
	if (!load_file(file))
		fail_msg("%s", said);
	assert_string_equal(said, "");
}

static void load_text(const char *text)
{
	write_file("conf", text);
	expect_load("conf");
}

static bool find(const char *host)
{
	bool ok;

	settings_free(&settings);
	listen_begin();
	ok = config_find(config, host, &settings);
	listen_end();
	return ok;
}

static void expect_text(const char *text, const char *expected)
{
	assert_int_equal(!text, !expected);
	if (text)
		assert_string_equal(text, expected);
}

static void expect(const char *host, const char *address, uint16_t port,
		   const char *key_file, const char *realm)
{
	char addresses[1024] = "";

	if (!find(host))
		fail_msg("%s: %s", host, said);
	assert_string_equal(said, "");
	for (size_t i = 0; i < settings.addresses.count; i++) {
		strcat(addresses, i ? " " : "");
		strcat(addresses, settings.addresses.names[i]);
	}
	expect_text(settings.addresses.count ? addresses : NULL, address);
	assert_int_equal(settings.port, port);
	expect_text(settings.key_file, key_file);
	expect_text(settings.realm, realm);
}

static void expect_sentence(const char *sentence)
{
	assert_string_equal(said, sentence);
	assert_ptr_equal(strchr(said, '\n'), said + strlen(said) - 1);
}

static void expect_fault_of_bytes(const char *text, size_t len,
				  const char *sentence)
{
	write_bytes("conf", text, len);
	if (load_file("conf"))
		fail_msg("loaded: %s", text);
	assert_null(config);
	expect_sentence(sentence);
}

static void expect_fault(const char *text, const char *sentence)
{
	expect_fault_of_bytes(text, strlen(text), sentence);
}

static void test_example(void **state)
{
	(void)state;
	load_text("# special hosts first\n"
		  "Host web7 web8\n"
		  "	Address 192.0.2.7          # %z is a comment\n"
		  "	Port 9999\n"
		  "	KeyFile ~/.sysrq.key\n"
		  "	Realm %h\n"
		  "Host web* !web9\n"
		  "KeyFile master.key\n"
		  "Realm m-%h\n"
		  "Host *\n"
		  "    Port 10\n");
	expect("web7", "192.0.2.7", 9999, "home/.sysrq.key", "web7");
	expect("web8", "192.0.2.7", 9999, "home/.sysrq.key", "web8");
	expect("web1", NULL, 10, "./master.key", "m-web1");
	expect("web9", NULL, 10, NULL, NULL);
	expect("", NULL, 10, NULL, NULL);
}

static void test_nothing(void **state)
{
	(void)state;
	expect_load("none");
	expect("web7", NULL, 0, NULL, NULL);
	load_text("");
	expect("web7", NULL, 0, NULL, NULL);
	load_text("\n# Host *\n  #Port 9\n \t\n");
	expect("web7", NULL, 0, NULL, NULL);
	load_text("Host web7\n");
	expect("web7", NULL, 0, NULL, NULL);
}

/* As with ssh, settings before the first Host are for all hosts. */
static void test_before_host(void **state)
{
	(void)state;
	load_text("Port 1\nHost web7\nPort 2\nRealm r\n");
	expect("web7", NULL, 1, NULL, "r");
	expect("web8", NULL, 1, NULL, NULL);
}

static void test_patterns(void **state)
{
	(void)state;
	load_text("Host web?\nPort 1\n"
		  "Host db[1-3].*\nPort 2\n"
		  "Host   !*.old\track*   \nPort 3\n"
		  "Host x !x1 \"!x2\" \"x?\"\nPort 4\n"
		  "Host 2001:db8::*\nPort 5\n"
		  "Host=z\nPort 7\n");
	expect("web7", NULL, 1, NULL, NULL);
	expect("web", NULL, 0, NULL, NULL);
	expect("web77", NULL, 0, NULL, NULL);
	expect("WEB7", NULL, 0, NULL, NULL);
	expect("db2.a", NULL, 2, NULL, NULL);
	expect("db4.a", NULL, 0, NULL, NULL);
	expect("rack7", NULL, 3, NULL, NULL);
	expect("rack7.old", NULL, 0, NULL, NULL);
	expect("x", NULL, 4, NULL, NULL);
	expect("x1", NULL, 0, NULL, NULL);
	expect("x2", NULL, 0, NULL, NULL);
	expect("x3", NULL, 4, NULL, NULL);
	expect("2001:db8::7", NULL, 5, NULL, NULL);
	expect("*", NULL, 0, NULL, NULL);
	expect("y", NULL, 0, NULL, NULL);
	expect("z", NULL, 7, NULL, NULL);
	load_text("Host web7.\nPort 1\n"
		  "Host db[1-3]. *.old.\nPort 2\n"
		  "Host * !no.\nPort 3\n");
	expect("web7", NULL, 1, NULL, NULL);
	expect("db2", NULL, 2, NULL, NULL);
	expect("a.old", NULL, 2, NULL, NULL);
	expect("no", NULL, 0, NULL, NULL);
}

/* What stands before a host is the same on the command line. */
static void test_ranges(void **state)
{
	(void)state;
	load_text("Host web[01-40,50],db1 x[1-9/2]y\nPort 1\n"
		  "Host n[8-11]0,!n100\nPort 2\n"
		  "Host [2001:db8::7]\nPort 3\n"
		  "Host r[1-2]n[1-3]*\nPort 4\n"
		  "Host [7,9]\nPort 5\n"
		  "Host *[1-3].a\nPort 6\n");
	expect("web17", NULL, 1, NULL, NULL);
	expect("web40", NULL, 1, NULL, NULL);
	expect("web50", NULL, 1, NULL, NULL);
	expect("db1", NULL, 1, NULL, NULL);
	expect("web3", NULL, 0, NULL, NULL);
	expect("web41", NULL, 0, NULL, NULL);
	expect("web003", NULL, 0, NULL, NULL);
	expect("web017", NULL, 0, NULL, NULL);
	expect("web4", NULL, 0, NULL, NULL);
	expect("web", NULL, 0, NULL, NULL);
	expect("x3y", NULL, 1, NULL, NULL);
	expect("x4y", NULL, 0, NULL, NULL);
	expect("x3", NULL, 0, NULL, NULL);
	expect("n80", NULL, 2, NULL, NULL);
	expect("n110", NULL, 2, NULL, NULL);
	expect("n100", NULL, 0, NULL, NULL);
	expect("n1100", NULL, 0, NULL, NULL);
	expect("n080", NULL, 0, NULL, NULL);
	expect("2001:db8::7", NULL, 3, NULL, NULL);
	expect("2001:db8::", NULL, 0, NULL, NULL);
	expect("r2n3", NULL, 4, NULL, NULL);
	expect("r2n3-ipmi", NULL, 4, NULL, NULL);
	expect("r2n4", NULL, 0, NULL, NULL);
	expect("9", NULL, 5, NULL, NULL);
	expect("8", NULL, 0, NULL, NULL);
	expect("web12.a", NULL, 6, NULL, NULL);
	expect("web4.a", NULL, 0, NULL, NULL);

	expect_fault("Host web[a-f]\n",
		     "send_sysrq: conf:1: Host: 'web[a-f]' given, expected "
		     "numbers and ranges in the brackets, such as [01-40,50] "
		     "or [1-9/2]\n");
	expect_fault("Host a* web*[1-\n",
		     "send_sysrq: conf:1: Host: 'a* web*[1-' given, expected a "
		     "] after each [\n");
	expect_fault("Host alice@web7\n",
		     "send_sysrq: conf:1: Host: 'alice@web7' given, expected a "
		     "name without a user: your key says who you are "
		     "(--key-file)\n");
	expect_fault("Host web7:9\n",
		     "send_sysrq: conf:1: Host: 'web7:9' given, expected a "
		     "name without a port: give the port with --port, or with "
		     "Port in the configuration\n");
	expect_fault("Host a,,b\n",
		     "send_sysrq: conf:1: Host: 'a,,b' given, expected a name "
		     "or an address\n");
}

static void test_addresses(void **state)
{
	(void)state;
	load_text("Host a\nAddress 192.0.2.7 2001:db8::7\t[2001:db8::8]\n"
		  "Host b\nAddress fe80::1%eth0\n"
		  "Host c\nAddress [fe80::1%hme0],192.0.2.[8-9]\n"
		  "Host 1*\nAddress \"10.0.0.%h 10.0.1.%h\"\n");
	expect("a", "192.0.2.7 2001:db8::7 2001:db8::8", 0, NULL, NULL);
	expect("b", "fe80::1%eth0", 0, NULL, NULL);
	expect("c", "fe80::1%hme0 192.0.2.8 192.0.2.9", 0, NULL, NULL);
	expect("17", "10.0.0.17 10.0.1.17", 0, NULL, NULL);
	assert_false(find("1:9"));
	expect_sentence("send_sysrq: conf:8: Address: '10.0.0.1:9' given, "
			"expected a name without a port: give the port with "
			"--port, or with Port in the configuration\n");

	expect_fault("Address 2001:db8::%h\n",
		     "send_sysrq: conf:1: Address: '2001:db8::%h' given, "
		     "expected an interface after % only behind a link-local "
		     "address, such as fe80::1%eth0\n");
	expect_fault("Address a b@c\n",
		     "send_sysrq: conf:1: Address: 'b@c' given, expected a "
		     "name without a user: your key says who you are "
		     "(--key-file)\n");
	expect_fault("Address @web\n",
		     "send_sysrq: conf:1: Address: '@web' given, expected "
		     "names and addresses\n");
}

/* An editor's byte-order mark is not of the first word. */
static void test_mark(void **state)
{
	(void)state;
	load_text("\xef\xbb\xbfPort 7\r\nHost web7\r\n");
	expect("x", NULL, 7, NULL, NULL);
	load_text("\xef\xbb\xbf");
	expect_fault(
		"Port 7\n\xef\xbb\xbfPort 7\n",
		"send_sysrq: conf:2: '\xef\xbb\xbfPort' given, expected Host, "
		"Address, Port, KeyFile, Realm, Confirm or Log\n");
}

/* A word has no escapes, whatever characters it has. */
static void test_words(void **state)
{
	static const struct {
		const char *text, *realm;
	} cases[] = {
		{ "Realm a+b(c),d/*e*///f", "a+b(c),d/*e*///f" },
		{ "Realm $HOME", "$HOME" },
		{ "Realm \"$ {HOME} ${HOME}\"", "$ {HOME} ${HOME}" },
		{ "Realm '${HOME} \"\\'", "${HOME} \"\\" },
		{ "Realm \"\\n\\x41\\101\\\"", "\\n\\x41\\101\\" },
		{ "Realm \\", "\\" },
		{ "Realm \"it's # { = }\"\r\n", "it's # { = }" },
		{ "Realm it#s\n", "it#s" },
		{ "Realm it #s\n", "it" },
		{ "Realm \"it's\"\n", "it's" },
		{ "Realm ''", "" },
		{ "Realm \"\"", "" },
		{ "Realm=\"\"", "" },
		{ "realm = 3\n", "3" },
		{ "REALM  =3  # three\n", "3" },
		{ "Realm\t= =\n", "=" },
		{ "Realm a=b\n", "a=b" },
		{ "  \tRealm\tx\t\n", "x" },
		{ "Realm \"a\tb\"", "a\tb" },
		{ "Realm k\xc3\xb6ln", "k\xc3\xb6ln" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		load_text(cases[i].text);
		expect("x", NULL, 0, NULL, cases[i].realm);
	}
}

static void test_escapes(void **state)
{
	(void)state;
	load_text("Host a*\nAddress %h.example.org\nRealm 100%%%h%%x\n"
		  "Host b\nAddress %h%h\nKeyFile %%h/%h.key\n"
		  "Host *\nAddress %h\n");
	expect("a1", "a1.example.org", 0, NULL, "100%a1%x");
	expect("b", "bb", 0, "./%h/b.key", NULL);
	/* A % in the name of the host is no escape. */
	expect("fe80::1%eth0", "fe80::1%eth0", 0, NULL, NULL);
}

static void test_first_counts(void **state)
{
	(void)state;
	load_text("Host w1\nPort 1\nPort 9\n"
		  "Host w*\nPort 2\nRealm w\n"
		  "Host *\nPort 3\nRealm \"\"\nAddress first\n"
		  "Host *\nPort 4\nRealm last\nKeyFile k\nAddress last\n"
		  "Host w1\nAddress later\n");
	expect("w1", "first", 1, "./k", "w");
	expect("w2", "first", 2, "./k", "w");
	/* An empty realm is a realm. */
	expect("x", "first", 3, "./k", "");
}

static void test_usual_files(void **state)
{
	(void)state;
	write_file(
		SYSTEM_FILE,
		"Host w1\nPort 1\nHost *\nPort 2\nRealm system\nKeyFile k\n");
	expect_load(NULL);
	expect("w1", NULL, 1, "etc/send_sysrq/k", "system");

	write_file(USER_FILE, "Host w*\nPort 3\n");
	expect_load(NULL);
	expect("w1", NULL, 3, "etc/send_sysrq/k", "system");
	expect("x", NULL, 2, "etc/send_sysrq/k", "system");

	write_file(XDG_FILE, "Host w*\nPort 4\nKeyFile %h\n");
	setenv("XDG_CONFIG_HOME", "xdg", 1); /* not an absolute path */
	expect_load(NULL);
	expect("w1", NULL, 3, "etc/send_sysrq/k", "system");
	setenv("XDG_CONFIG_HOME", "", 1);
	expect_load(NULL);
	expect("w1", NULL, 3, "etc/send_sysrq/k", "system");
	snprintf(path, sizeof(path), "%s/xdg", folder);
	setenv("XDG_CONFIG_HOME", path, 1);
	expect_load(NULL);
	strcat(path, "/send_sysrq/w1");
	expect("w1", NULL, 4, path, "system");

	/* No file has to exist, and no home. */
	unlink(XDG_FILE);
	expect_load(NULL);
	expect("w1", NULL, 1, "etc/send_sysrq/k", "system");
	unsetenv("XDG_CONFIG_HOME");
	unlink(SYSTEM_FILE);
	expect_load(NULL);
	expect("w1", NULL, 3, NULL, NULL);
	unlink(USER_FILE);
	expect_load(NULL);
	expect("w1", NULL, 0, NULL, NULL);
	setenv("HOME", "/dev/null", 1);
	expect_load(NULL);
	unsetenv("HOME");
	expect_load(NULL);
	expect("w1", NULL, 0, NULL, NULL);

	/* No usual file is read if another file is named, or none. */
	write_file(SYSTEM_FILE, "Host *\nPort 2\n");
	expect_load(NULL);
	expect("w1", NULL, 2, NULL, NULL);
	expect_load("none");
	expect("w1", NULL, 0, NULL, NULL);
	load_text("Host *\nRealm r\n");
	expect("w1", NULL, 0, NULL, "r");

	/* Both files must be good. */
	setenv("HOME", "home", 1);
	write_file(USER_FILE, "Host *\nPort 3\n");
	write_file(SYSTEM_FILE, "\nHost *\nPort 0\n");
	assert_false(load_file(NULL));
	expect_sentence(
		"send_sysrq: " SYSTEM_FILE
		":3: Port: '0' given, expected a number from 1 to 65535\n");
	write_file(USER_FILE, "Host *\nPort 0\n");
	assert_false(load_file(NULL));
	expect_sentence(
		"send_sysrq: " USER_FILE
		":2: Port: '0' given, expected a number from 1 to 65535\n");
}

static void test_key_file(void **state)
{
	static const char text[] = "Host f\nRealm ~/r\nKeyFile /";
	char long_name[sizeof(text) - 1 + 299 + sizeof("\n")];

	(void)state;
	write_file("etc/conf", "Host a\nKeyFile /k/%h\nHost b\nKeyFile ~/k/%h\n"
			       "Host c\nKeyFile k/%h\nHost d\nKeyFile -\n"
			       "Host e\nKeyFile ~d/k\n");
	expect_load("etc/conf");
	expect("a", NULL, 0, "/k/a", NULL);
	expect("b", NULL, 0, "home/k/b", NULL);
	expect("c", NULL, 0, "etc/k/c", NULL);
	/* "-" is a file, and not standard input. */
	expect("d", NULL, 0, "etc/-", NULL);
	expect("e", NULL, 0, "etc/~d/k", NULL);
	load_text("Host d\nKeyFile -\n");
	expect("d", NULL, 0, "./-", NULL);

	/* In a realm, ~ is just text. The name of a file may be long. */
	memset(long_name, 'k', sizeof(long_name));
	strcpy(long_name + sizeof(long_name) - 2, "\n");
	memcpy(long_name, text, strlen(text));
	load_text(long_name);
	assert_true(find("f"));
	assert_string_equal(settings.realm, "~/r");
	assert_int_equal(strlen(settings.key_file), 300);

	/* A % in the name of a folder is no escape. */
	setenv("HOME", "/home/100%h", 1);
	load_text("Host b\nKeyFile ~/%h\n");
	expect("b", NULL, 0, "/home/100%h/b", NULL);
	unsetenv("HOME");
	expect_fault("\nHost b\nKeyFile ~/k\n",
		     "send_sysrq: conf:3: KeyFile: '~/k' given, expected the "
		     "environment variable HOME, because ~ stands for it\n");
}

static void test_realm(void **state)
{
	char text[512], sentence[1024], x[257];

	(void)state;
	memset(x, 'x', sizeof(x));
	x[255] = '\0';
	snprintf(text, sizeof(text), "Host *\nRealm %s\n", x);
	load_text(text);
	expect("a", NULL, 0, NULL, x);
	snprintf(text, sizeof(text), "\nHost *\nRealm %sx\n", x);
	snprintf(sentence, sizeof(sentence),
		 "send_sysrq: conf:3: Realm: '%sx' given, expected at most "
		 "255 bytes after %%h is replaced\n",
		 x);
	expect_fault(text, sentence);

	/* The name of the host may make it too long. */
	x[254] = '\0';
	snprintf(text, sizeof(text), "\nHost *\nAddress a\nRealm %s%%h\n", x);
	load_text(text);
	assert_true(find("y"));
	assert_int_equal(strlen(settings.realm), 255);
	snprintf(sentence, sizeof(sentence),
		 "send_sysrq: conf:4: Realm: '%s%%h' given, expected at most "
		 "255 bytes after %%h is replaced\n",
		 x);
	assert_false(find("yy"));
	expect_sentence(sentence);
	assert_int_equal(settings.addresses.count, 0);
	assert_null(settings.realm);
}

static void test_confirm(void **state)
{
	(void)state;
	load_text("Host a b\nConfirm no\nHost *\nCONFIRM=Yes\n");
	assert_true(find("a"));
	assert_int_equal(settings.confirm, SETTING_NO);
	assert_true(find("c"));
	assert_int_equal(settings.confirm, SETTING_YES);
	load_text("Host a\nConfirm yes\n");
	assert_true(find("b"));
	assert_int_equal(settings.confirm, 0);
	expect_fault("Confirm maybe\n",
		     "send_sysrq: conf:1: Confirm: 'maybe' given, expected yes "
		     "or no\n");
	expect_fault("Confirm \"\"\n",
		     "send_sysrq: conf:1: Confirm: '' given, expected yes or "
		     "no\n");
}

static void test_names(void **state)
{
	(void)state;
	load_text("Host web7 web8\nPort 9\nHost w* !db1 web[12]\n");
	assert_true(config_names(config, "web7"));
	assert_true(config_names(config, "web8"));
	assert_false(config_names(config, "web"));
	assert_false(config_names(config, "web77"));
	assert_false(config_names(config, "web1"));
	assert_false(config_names(config, "db1"));
	assert_false(config_names(config, "9"));
	assert_false(config_names(config, ""));
}

#define KEYWORD_FAULT(line, given)                \
	"send_sysrq: conf:" line ": '" given      \
	"' given, expected Host, Address, Port, " \
	"KeyFile, Realm, Confirm or Log\n"

static void test_bad_lines(void **state)
{
	static const char zero[] = "Host x\nPort 9\0 1\n";

	(void)state;
	expect_fault("# a\n# b\n\nHost x\n# c\n Prot 1\n",
		     KEYWORD_FAULT("6", "Prot"));
	expect_fault("=9\n", KEYWORD_FAULT("1", ""));
	expect_fault("Include /etc/passwd\n", KEYWORD_FAULT("1", "Include"));
	expect_fault("Key-File k\n", KEYWORD_FAULT("1", "Key-File"));
	expect_fault("\"Port\" 9\n", KEYWORD_FAULT("1", "\"Port\""));
	/* The syntax of an earlier version */
	expect_fault("host x {\n	port = 9\n}\n",
		     "send_sysrq: conf:1: Host: 'x {' given, expected names "
		     "of letters, digits, '-', '_' and '.'\n");
	expect_fault("host x\n{\n	port = 9\n}\n",
		     KEYWORD_FAULT("2", "{"));

	expect_fault("Host x\nPort\n",
		     "send_sysrq: conf:2: Port: '' given, expected a value\n");
	expect_fault("Host x\nRealm = # r\n",
		     "send_sysrq: conf:2: Realm: '' given, expected a "
		     "value\n");
	expect_fault("Host\n",
		     "send_sysrq: conf:1: Host: '' given, expected a value\n");
	expect_fault("Realm two words\n",
		     "send_sysrq: conf:1: Realm: 'words' given, expected only "
		     "one value; a value with blanks needs quotation marks\n");
	expect_fault("Port = = 9\n",
		     "send_sysrq: conf:1: Port: '9' given, expected only one "
		     "value; a value with blanks needs quotation marks\n");
	expect_fault("\n\nRealm \"r\n\"\n",
		     "send_sysrq: conf:3: Realm: 'r' given, expected a closing "
		     "quotation mark\n");
	expect_fault("Realm it's\n",
		     "send_sysrq: conf:1: Realm: 'it's' given, expected "
		     "quotation marks around the whole value\n");
	expect_fault("Host web\"7\"\n",
		     "send_sysrq: conf:1: Host: 'web\"7\"' given, expected "
		     "quotation marks around the whole value\n");
	expect_fault("Realm \"a\"b\n",
		     "send_sysrq: conf:1: Realm: 'a\"b' given, expected "
		     "quotation marks around the whole value\n");
	expect_fault("Realm 'r\"\n",
		     "send_sysrq: conf:1: Realm: 'r\"' given, expected a "
		     "closing quotation mark\n");
	expect_fault("Host a \"\"\n",
		     "send_sysrq: conf:1: Host: '' given, expected a value "
		     "that is not empty\n");
	/* Of two faults, the first one is told. */
	expect_fault("Port 0\nfoo\n",
		     "send_sysrq: conf:1: Port: '0' given, expected a number "
		     "from 1 to 65535\n");

	expect_fault_of_bytes(zero, sizeof(zero) - 1,
			      "send_sysrq: conf:2: '\\x00' given, expected no "
			      "control characters\n");
	expect_fault("# \x1b[31m\n",
		     "send_sysrq: conf:1: '\\x1b' given, expected no control "
		     "characters\n");
	expect_fault("# a\rb\n",
		     "send_sysrq: conf:1: '\\x0d' given, expected no control "
		     "characters\n");
}

static void test_bad_values(void **state)
{
#define PORT_FAULT(value)                   \
	"send_sysrq: conf:2: Port: '" value \
	"' given, expected a number from 1 to 65535\n"
#define ESCAPE_FAULT(what)          \
	"send_sysrq: conf:1: " what \
	" given, expected no % except in %h (the host) and %% (a %)\n"
#define PATTERN_FAULT(patterns)                \
	"send_sysrq: conf:2: Host: '" patterns \
	"' given, expected at least one pattern without !\n"
	char text[512];

	(void)state;
	expect_fault("Host x\nPort 0", PORT_FAULT("0"));
	expect_fault("Host x\nPort 65536", PORT_FAULT("65536"));
	expect_fault("Host x\nPort -1", PORT_FAULT("-1"));
	expect_fault("Host x\nPort 0x9", PORT_FAULT("0x9"));
	expect_fault("Host x\nPort 9.0", PORT_FAULT("9.0"));
	expect_fault("Host x\nPort discard", PORT_FAULT("discard"));
	expect_fault("Host x\nPort \"\"", PORT_FAULT(""));
	expect_fault("Host x\nPort %h", PORT_FAULT("%h"));
	load_text("Host x\nPort 010\n");
	expect("x", NULL, 10, NULL, NULL);
	load_text("Host x\nPort 65535");
	expect("x", NULL, 65535, NULL, NULL);

	expect_fault("Address %n.org\n", ESCAPE_FAULT("Address: '%n.org'"));
	expect_fault("Realm 100%\n", ESCAPE_FAULT("Realm: '100%'"));
	expect_fault("KeyFile %%%H\n", ESCAPE_FAULT("KeyFile: '%%%H'"));
	expect_fault("Address \"\"\n",
		     "send_sysrq: conf:1: Address: '' given, expected a value "
		     "that is not empty\n");
	expect_fault("KeyFile \"\"\n",
		     "send_sysrq: conf:1: KeyFile: '' given, expected a value "
		     "that is not empty\n");

	expect_fault("\nHost !x !y\n", PATTERN_FAULT("!x !y"));
	expect_fault("\nHost x !\n",
		     "send_sysrq: conf:2: Host: 'x !' given, expected a name "
		     "or an address\n");
	expect_fault("\nHost \" \"\n", PATTERN_FAULT(" "));
	snprintf(text, sizeof(text), "Host %0254d\n", 0);
	write_file("conf", text);
	assert_false(load_file("conf"));
	snprintf(text, sizeof(text), "Host %0253d *\nPort 1\n", 0);
	load_text(text);
	expect("x", NULL, 1, NULL, NULL);
}

/* A block for each of many hosts, between blocks with patterns */
static void test_many_blocks(void **state)
{
	char *text, host[32];
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	fputs("Realm first\nHost web[1-4000000] !web7\nAddress 192.0.2.1\n",
	      out);
	for (int i = 0; i < 30000; i++)
		fprintf(out,
			"Host web%d db%d.example\nPort %d\nAddress 192.0.2.2\n",
			i, i, i + 1);
	fputs("Host web9*\nPort 9\nKeyFile /k\nHost web7 web8\nPort 4\n"
	      "KeyFile /seven\n",
	      out);
	assert_int_equal(fclose(out), 0);
	load_text(text);
	free(text);
	for (int i = 0; i < 30000; i++) {
		snprintf(host, sizeof(host), "db%d.example", i);
		expect(host, "192.0.2.2", (uint16_t)(i + 1), NULL, "first");
	}
	/* The first line counts, whichever way its block was found. */
	expect("web1", "192.0.2.1", 2, NULL, "first");
	expect("web7", "192.0.2.2", 8, "/seven", "first");
	expect("web9", "192.0.2.1", 10, "/k", "first");
	expect("web90000", "192.0.2.1", 9, "/k", "first");
	expect("web90000x", NULL, 9, "/k", "first");
	expect("db", NULL, 0, NULL, "first");
}

static void expect_mode_fault(mode_t mode, const char *sentence)
{
	assert_int_equal(chmod("conf", mode), 0);
	assert_false(load_file("conf"));
	expect_sentence(sentence);
}

static void test_access(void **state)
{
	static const char text[] = "Host *\nPort 7\n";

	(void)state;
	load_text(text);
	assert_int_equal(chmod("conf", 0755), 0);
	expect_load("conf");
	expect_mode_fault(
		0620,
		"send_sysrq: configuration: 'conf' has mode 0620, so not only its owner can write it: run chmod go-w 'conf'\n");
	expect_mode_fault(
		0602,
		"send_sysrq: configuration: 'conf' has mode 0602, so not only its owner can write it: run chmod go-w 'conf'\n");

	/* Of a link, the mode of its file counts, and the folder of the
	 * link. */
	unlink("etc/link");
	assert_int_equal(symlink("../conf", "etc/link"), 0);
	assert_false(load_file("etc/link"));
	expect_sentence(
		"send_sysrq: configuration: 'etc/link' has mode 0602, so not only its owner can write it: run chmod go-w 'etc/link'\n");
	load_text("Host *\nKeyFile k\n");
	expect_load("etc/link");
	expect("x", NULL, 0, "etc/k", NULL);

	/* The usual files too */
	write_file(USER_FILE, text);
	assert_int_equal(chmod(USER_FILE, 0666), 0);
	assert_false(load_file(NULL));
	expect_sentence(
		"send_sysrq: configuration: '" USER_FILE
		"' has mode 0666, so not only its owner can write it: run chmod go-w '" USER_FILE
		"'\n");
	unlink(USER_FILE);

	assert_false(load_file("etc"));
	expect_sentence(
		"send_sysrq: configuration: 'etc' given, expected a regular file\n");
	assert_false(load_file("/dev/null"));
	expect_sentence(
		"send_sysrq: configuration: '/dev/null' given, expected a regular file\n");
	assert_false(load_file("etc/missing"));
	expect_sentence(
		"send_sysrq: cannot read the configuration etc/missing: No such file or directory\n");

	assert_false(load_file("/proc/self/mem"));
	expect_sentence(
		"send_sysrq: cannot read the configuration /proc/self/mem: Input/output error\n");

	/* Nobody may ever write to a pipe. */
	assert_int_equal(mkfifo("etc/pipe", 0600), 0);
	assert_false(load_file("etc/pipe"));
	expect_sentence(
		"send_sysrq: configuration: 'etc/pipe' given, expected a regular file\n");
	unlink("etc/pipe");
}

/* The user must not be root: root can read a file of any mode. */
static void test_unreadable(void **state)
{
	uid_t uid = geteuid();
	bool ok, usual_ok;
	char first[256];

	(void)state;
	write_file("conf", "Host *\nPort 7\n");
	write_file(USER_FILE, "Host *\nPort 7\n");
	assert_int_equal(chmod("conf", 0), 0);
	assert_int_equal(chmod(USER_FILE, 0), 0);
	assert_int_equal(uid ? 0 : seteuid(65534), 0);
	usual_ok = load_file(NULL);
	snprintf(first, sizeof(first), "%.255s", said);
	ok = load_file("conf");
	assert_int_equal(seteuid(uid), 0);
	assert_false(usual_ok || ok);
	assert_string_equal(
		first, "send_sysrq: cannot read the configuration " USER_FILE
		       ": Permission denied\n");
	expect_sentence(
		"send_sysrq: cannot read the configuration conf: Permission denied\n");
}

static int begin(void **state)
{
	(void)state;
	setenv("HOME", "home", 1);
	unsetenv("XDG_CONFIG_HOME");
	unlink(SYSTEM_FILE);
	unlink(USER_FILE);
	return 0;
}

static int make_folders(void **state)
{
	static const char *const folders[] = {
		"etc",
		"etc/send_sysrq",
		"home",
		"home/.config",
		"home/.config/send_sysrq",
		"xdg",
		"xdg/send_sysrq",
	};

	(void)state;
	umask(022);
	if (!mkdtemp(folder) || chdir(folder) || chmod(".", 0755))
		return -1;
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		if (mkdir(folders[i], 0755))
			return -1;
	}
	return 0;
}

static int remove_one(const char *name, const struct stat *st, int type,
		      struct FTW *at)
{
	(void)st, (void)type, (void)at;
	return remove(name);
}

static int remove_folders(void **state)
{
	(void)state;
	config_free(config);
	settings_free(&settings);
	return nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_example, begin),
		cmocka_unit_test_setup(test_nothing, begin),
		cmocka_unit_test_setup(test_before_host, begin),
		cmocka_unit_test_setup(test_patterns, begin),
		cmocka_unit_test_setup(test_ranges, begin),
		cmocka_unit_test_setup(test_addresses, begin),
		cmocka_unit_test_setup(test_mark, begin),
		cmocka_unit_test_setup(test_words, begin),
		cmocka_unit_test_setup(test_escapes, begin),
		cmocka_unit_test_setup(test_first_counts, begin),
		cmocka_unit_test_setup(test_usual_files, begin),
		cmocka_unit_test_setup(test_key_file, begin),
		cmocka_unit_test_setup(test_realm, begin),
		cmocka_unit_test_setup(test_confirm, begin),
		cmocka_unit_test_setup(test_names, begin),
		cmocka_unit_test_setup(test_bad_lines, begin),
		cmocka_unit_test_setup(test_bad_values, begin),
		cmocka_unit_test_setup(test_many_blocks, begin),
		cmocka_unit_test_setup(test_access, begin),
		cmocka_unit_test_setup(test_unreadable, begin),
	};

	return cmocka_run_group_tests_name("config", tests, make_folders,
					   remove_folders);
}
