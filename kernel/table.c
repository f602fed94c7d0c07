// SPDX-License-Identifier: GPL-2.0
/* Makes a gate of the operators' text and the password, and installs it. */
#include "kernel/host.h"
#include "core/operators.h"
#include <linux/fips.h>
#include <linux/mm.h>
#include <linux/slab.h>

/* 112 bits: with fips=1 crypto/hmac.c refuses a shorter key. */
enum { FIPS_PASSWORD_MIN = 14 };

/* Fills the next place of the gate. Wipes the key. NULL: no memory. */
static struct srq_operator *add(struct srq_gate *gate, const char *name,
				u8 key[SRQ_KEY_LEN])
{
	struct srq_operator *who = &gate->operators[gate->count++];
	int err = srq_keys_derive(&who->keys, key);

	srq_wipe(key, SRQ_KEY_LEN);
	if (err)
		return NULL;
	strscpy(who->name, name, sizeof(who->name));
	return who;
}

/* Returns the operator before this one with the same key, or NULL. */
static const struct srq_operator *same_key(struct srq_gate *gate,
					   const struct srq_operator *who)
{
	const struct srq_operator *first = srq_gate_find(gate, who->keys.id);

	return first == who ? NULL : first;
}

/* Returns the number of operators in the text, or a negative error number. */
static int count_operators(const char *text)
{
	struct srq_operators_reader reader;
	struct srq_operators_line line;
	enum srq_operators_read read;
	const char *fault;

	srq_operators_begin(&reader, text, strlen(text));
	do {
		read = srq_operators_next(&reader, &line, &fault);
		srq_wipe(&line, sizeof(line));
	} while (read == SRQ_OPERATORS_LINE);
	if (read == SRQ_OPERATORS_END)
		return reader.count;
	pr_err("parameter operators: line %u: %s\n", reader.line, fault);
	return -EINVAL;
}

/* The text is good: count_operators() has read it to its end. */
static int add_operators(struct srq_gate *gate, const char *text)
{
	struct srq_operators_reader reader;
	struct srq_operators_line line;
	const char *fault;

	srq_operators_begin(&reader, text, strlen(text));
	while (srq_operators_next(&reader, &line, &fault) ==
	       SRQ_OPERATORS_LINE) {
		struct srq_operator *who = add(gate, line.name, line.key);
		const struct srq_operator *same;

		if (!who)
			return -ENOMEM;
		same = same_key(gate, who);
		if (same) {
			pr_err("parameter operators: line %u: the key is that of '%s' too, but a key belongs to one operator\n",
			       reader.line, same->name);
			return -EINVAL;
		}
		who->permitted = line.permitted;
		who->may_read_log = line.may_read_log;
	}
	return 0;
}

/* The password's operator may press all letters, and read the log. */
static int add_password(struct srq_gate *gate, const char *password)
{
	const char *realm = srq_param_realm();
	const struct srq_operator *same;
	struct srq_operator *who;
	u8 key[SRQ_KEY_LEN];

	if (!*password)
		return 0;
	if (fips_enabled && strlen(password) < FIPS_PASSWORD_MIN) {
		pr_err("parameter passwd: %zu bytes given, and with fips=1 a password has %d at least\n",
		       strlen(password), FIPS_PASSWORD_MIN);
		return -EINVAL;
	}
	if (srq_key_from_password(key, password, strlen(password), realm,
				  strlen(realm)))
		return -ENOMEM;
	who = add(gate, SRQ_PASSWORD_OPERATOR, key);
	if (!who)
		return -ENOMEM;
	same = same_key(gate, who);
	if (same) {
		pr_err("parameter passwd: the password makes the key of '%s', but a key belongs to one operator\n",
		       same->name);
		return -EINVAL;
	}
	who->permitted = SRQ_ALL_LETTERS;
	who->may_read_log = true;
	return 0;
}

/*
 * Takes over either the password's operator or the others. A datagram may
 * change their stamps meanwhile, so srq_gate_inherit() copies those, later.
 */
static void keep(struct srq_gate *gate, const struct srq_gate *from,
		 bool password)
{
	for (unsigned int i = 0; i < from->count; i++) {
		const struct srq_operator *who = &from->operators[i];
		struct srq_operator *to = &gate->operators[gate->count];

		if (!strcmp(who->name, SRQ_PASSWORD_OPERATOR) != password)
			continue;
		memcpy(to->name, who->name, sizeof(to->name));
		to->keys = who->keys;
		to->permitted = who->permitted;
		to->may_read_log = who->may_read_log;
		gate->count++;
	}
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

/* present may be NULL if both texts are given. */
static int fill(struct srq_gate *gate, const struct srq_gate *present,
		const char *operators, const char *password)
{
	int err = 0;

	if (operators)
		err = add_operators(gate, operators);
	else
		keep(gate, present, false);
	if (err)
		return err;
	if (password)
		return add_password(gate, password);
	keep(gate, present, true);
	return 0;
}

int srq_table_apply(const char *operators, const char *password)
{
	const struct srq_gate *present = srq_gate_present_locked();
	int count =
		operators ? count_operators(operators) : (int)present->count;
	struct srq_gate *gate;
	int err;

	if (count < 0)
		return count;
	/* One place more, for the password's operator. */
	gate = kvzalloc(struct_size(gate, operators, count + 1), GFP_KERNEL);
	if (!gate)
		return -ENOMEM;
	err = fill(gate, present, operators, password);
	/* The same text once more must not make commands under way void. */
	if (err || same_gate(gate, present)) {
		srq_gate_free(gate);
		return err;
	}
	count = gate->count;
	err = srq_gate_install(gate);
	if (!err && present)
		pr_notice("the table has changed: %d keys are accepted\n",
			  count);
	return err;
}
