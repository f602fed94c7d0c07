// SPDX-License-Identifier: GPL-2.0
/*
 * Makes a gate of the table of operators, the host's key pair and the password,
 * and installs it. A table without a key pair is kept until there is one.
 */
#include "kernel/host.h"
#include "core/operators.h"
#include <linux/fips.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/slab.h>

enum {
	/* 112 bits: with fips=1 crypto/hmac.c refuses a shorter key. */
	FIPS_PASSWORD_MIN = 14, /* bytes */
	PASSWORD_GOOD = 12,     /* characters */
};

struct srq_table {
	struct srq_operators_reader reader;
	unsigned int count;
	struct row {
		struct srq_operators_line who;
		unsigned int line; /* its number */
	} rows[];
};

struct settings {
	struct srq_table *table; /* NULL: none */
	bool has_pair;
	struct srq_pair pair; /* the host's */
};

static DEFINE_MUTEX(table_mutex);
static struct settings present; /* under table_mutex */
/* The present public key, as text. Under srq_lock(), which is held for a short
 * time only. */
static char public_text[SRQ_KEY_TEXT_LEN + 1] = "none";

static const char own_key[] =
	"the key is this host's own public key: expected the operator's";

static void tell_fault(unsigned int line, const char *fault)
{
	pr_err("operators: line %u: %s\n", line, fault);
}

struct srq_table *srq_table_new(void)
{
	struct srq_table *table = kvzalloc(
		struct_size(table, rows, SRQ_OPERATORS_MAX), GFP_KERNEL);

	if (table)
		srq_operators_begin(&table->reader, "", 0);
	return table;
}

void srq_table_free(struct srq_table *table)
{
	if (table)
		kvfree_sensitive(table, struct_size(table, rows, table->count));
}

/* Returns the table, in as little memory as it needs if there is memory for that. */
static struct srq_table *shrunk(struct srq_table *table)
{
	size_t size = struct_size(table, rows, table->count);
	struct srq_table *small = kvmalloc(size, GFP_KERNEL);

	if (!small)
		return table;
	memcpy(small, table, size);
	srq_table_free(table);
	return small;
}

static bool is_own(const struct settings *settings, const u8 *key)
{
	return settings->has_pair &&
	       !memcmp(key, settings->pair.public, SRQ_KEY_LEN);
}

/* Returns NULL, or a sentence. */
static const char *key_fault(const u8 *key)
{
	bool own;

	mutex_lock(&table_mutex);
	own = is_own(&present, key);
	mutex_unlock(&table_mutex);
	if (own)
		return own_key;
	if (!srq_public_key_ok(NULL, key))
		return "the key is not valid: expected one that send_sysrq pubkey has printed";
	return NULL;
}

static int add_row(struct srq_table *table,
		   const struct srq_operators_line *who)
{
	unsigned int line = table->reader.line;
	const char *fault = key_fault(who->key);

	if (fault) {
		tell_fault(line, fault);
		return -EINVAL;
	}
	for (unsigned int i = 0; i < table->count; i++) {
		const struct row *row = &table->rows[i];

		if (memcmp(row->who.key, who->key, SRQ_KEY_LEN))
			continue;
		pr_err("operators: line %u: the key is that of line %u too, but each line has a key of its own\n",
		       line, row->line);
		return -EINVAL;
	}
	table->rows[table->count++] = (struct row){ .who = *who, .line = line };
	return 0;
}

int srq_table_read(struct srq_table *table, const char *text, size_t len)
{
	struct srq_operators_reader *reader = &table->reader;
	struct srq_operators_line who;
	enum srq_operators_read read;
	const char *fault;
	int err = 0;

	reader->text = text;
	reader->end = text + len;
	do {
		read = srq_operators_next(reader, &who, &fault);
		if (read == SRQ_OPERATORS_LINE)
			err = add_row(table, &who);
	} while (read == SRQ_OPERATORS_LINE && !err);
	if (read != SRQ_OPERATORS_FAULT)
		return err;
	tell_fault(reader->line, fault);
	return -EINVAL;
}

/* Fills the next place of the gate. Wipes the key. NULL: no memory. */
static struct srq_operator *add(struct srq_gate *gate, u8 key[SRQ_KEY_LEN])
{
	struct srq_operator *who = &gate->operators[gate->count++];
	int err = srq_keys_derive(&who->keys, key);

	srq_wipe(key, SRQ_KEY_LEN);
	return err ? NULL : who;
}

static int add_operators(struct srq_gate *gate, const struct settings *from)
{
	for (unsigned int i = 0; i < from->table->count; i++) {
		const struct row *row = &from->table->rows[i];
		struct srq_operator *who;
		u8 key[SRQ_KEY_LEN];

		/* The pair may be newer than the table. */
		if (is_own(from, row->who.key)) {
			tell_fault(row->line, own_key);
			return -EINVAL;
		}
		if (srq_key_from_pair(key, &from->pair, SRQ_HOST, row->who.key))
			return -ENOMEM;
		who = add(gate, key);
		if (!who)
			return -ENOMEM;
		memcpy(who->name, row->who.name, sizeof(who->name));
		who->permitted = row->who.permitted;
		who->may_read_log = row->who.may_read_log;
	}
	return 0;
}

static void warn_of_short_password(const char *password)
{
	unsigned int count = 0;

	/* In UTF-8 each character has one byte that is not 10xxxxxx. */
	for (; *password; password++)
		count += (*password & 0xc0) != 0x80;
	if (count < PASSWORD_GOOD)
		pr_warn("parameter passwd: %u %s too few: whoever records one datagram can try passwords until one fits; use %d at least\n",
			count, count == 1 ? "character is" : "characters are",
			PASSWORD_GOOD);
}

/* The password's operator may press all letters, and read the log. */
static int add_password(struct srq_gate *gate, const char *password)
{
	const char *realm = srq_param_realm();
	struct srq_operator *who;
	u8 key[SRQ_KEY_LEN];

	if (!*password)
		return 0;
	if (fips_enabled && strlen(password) < FIPS_PASSWORD_MIN) {
		pr_err("parameter passwd: %zu bytes given, and with fips=1 a password has %d at least\n",
		       strlen(password), FIPS_PASSWORD_MIN);
		return -EINVAL;
	}
	warn_of_short_password(password);
	if (srq_key_from_password(key, password, strlen(password), realm,
				  strlen(realm)))
		return -ENOMEM;
	who = add(gate, key);
	if (!who)
		return -ENOMEM;
	strcpy(who->name, SRQ_PASSWORD_OPERATOR);
	who->permitted = SRQ_ALL_LETTERS;
	who->may_read_log = true;
	return 0;
}

/* gate may be NULL. Returns NULL if there is none. */
static const struct srq_operator *password_of(const struct srq_gate *gate)
{
	for (unsigned int i = 0; gate && i < gate->count; i++) {
		if (!strcmp(gate->operators[i].name, SRQ_PASSWORD_OPERATOR))
			return &gate->operators[i];
	}
	return NULL;
}

/*
 * Takes the password's operator over. A datagram may change its stamps
 * meanwhile, so srq_gate_inherit() copies those, later.
 */
static void keep_password(struct srq_gate *gate, const struct srq_operator *who)
{
	struct srq_operator *to = &gate->operators[gate->count++];

	memcpy(to->name, who->name, sizeof(to->name));
	to->keys = who->keys;
	to->permitted = who->permitted;
	to->may_read_log = who->may_read_log;
}

static bool same_operator(const struct srq_operator *a,
			  const struct srq_operator *b)
{
	return !strcmp(a->name, b->name) && a->permitted == b->permitted &&
	       a->may_read_log == b->may_read_log &&
	       !memcmp(a->keys.id, b->keys.id, SRQ_KEY_ID_LEN);
}

static bool same_gate(const struct srq_gate *a, const struct srq_gate *b)
{
	if (!b || a->count != b->count)
		return false;
	for (unsigned int i = 0; i < a->count; i++) {
		if (!same_operator(&a->operators[i], &b->operators[i]))
			return false;
	}
	return true;
}

/* Returns how many rows of the table can be in force. GCC 14 makes "is_usable ?
 * count : 0" a load through NULL. */
static unsigned int usable_rows(const struct settings *settings)
{
	if (!settings->table)
		return 0;
	return settings->has_pair ? settings->table->count : 0;
}

/* password: NULL if it stays as it is */
static int install(const struct settings *settings, const char *password)
{
	const struct srq_gate *before = srq_gate_present_locked();
	const struct srq_operator *kept = password ? NULL : password_of(before);
	unsigned int rows = usable_rows(settings), places = rows;
	struct srq_gate *gate;
	int err = 0;

	if (kept || (password && *password))
		places++;
	gate = kvzalloc(struct_size(gate, operators, places), GFP_KERNEL);
	if (!gate)
		return -ENOMEM;
	if (rows)
		err = add_operators(gate, settings);
	if (!err && password)
		err = add_password(gate, password);
	else if (!err && kept)
		keep_password(gate, kept);
	/* The same table once more is no change. */
	if (err || same_gate(gate, before)) {
		srq_gate_free(gate);
		return err;
	}
	err = srq_gate_install(gate);
	if (err)
		return err;
	if (before)
		pr_notice("the table has changed: %u %s accepted\n", places,
			  places == 1 ? "key is" : "keys are");
	else if (!places && !settings->table)
		pr_warn("neither operators nor passwd is set: nothing is accepted\n");
	return 0;
}

/* Never quotes the text: it may be a secret that is nearly right. */
static int read_pair(struct settings *settings, const char *text)
{
	size_t len = strlen(text);
	u8 public[SRQ_KEY_LEN];

	settings->has_pair =
		srq_private_from_text(settings->pair.private, text, len);
	if (settings->has_pair) {
		srq_pair_complete(&settings->pair);
		return 0;
	}
	if (srq_key_from_text(public, text, len))
		pr_err("parameter key: a public key given, expected the host's private key, which begins with " SRQ_PRIVATE_PREFIX
		       "\n");
	else
		pr_err("parameter key: expected the host's private key, " SRQ_PRIVATE_PREFIX
		       " and 44 characters of base64\n");
	srq_wipe(public, sizeof(public));
	return -EINVAL;
}

/* The new settings are in force. */
static void keep(const struct settings *settings)
{
	char text[sizeof(public_text)] = "none";
	unsigned long flags;

	if (present.table != settings->table)
		srq_table_free(present.table);
	present = *settings;
	if (present.has_pair)
		srq_key_to_text(text, present.pair.public);
	flags = srq_lock();
	memcpy(public_text, text, sizeof(text));
	srq_unlock(flags);
}

int srq_table_apply(struct srq_table *table, const char *key,
		    const char *password)
{
	struct settings settings;
	int err = 0;

	mutex_lock(&table_mutex);
	settings = present;
	if (table)
		settings.table = table = shrunk(table);
	if (key)
		err = read_pair(&settings, key);
	if (!err)
		err = install(&settings, password);
	if (err)
		srq_table_free(table);
	else
		keep(&settings);
	if (!err && table && table->count && !settings.has_pair)
		pr_warn("no host key is set (parameter key): the %u %s for it\n",
			table->count,
			table->count == 1 ? "operator of the table waits"
					  : "operators of the table wait");
	mutex_unlock(&table_mutex);
	srq_wipe(&settings, sizeof(settings));
	return err;
}

void srq_table_public_key(char text[SRQ_KEY_TEXT_LEN + 1])
{
	unsigned long flags = srq_lock();

	memcpy(text, public_text, sizeof(public_text));
	srq_unlock(flags);
}

void srq_table_teardown(void)
{
	mutex_lock(&table_mutex);
	srq_table_free(present.table);
	srq_wipe(&present, sizeof(present));
	srq_gate_remove();
	mutex_unlock(&table_mutex);
}
