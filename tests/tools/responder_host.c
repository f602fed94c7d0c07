// SPDX-License-Identifier: GPL-2.0
/* The hosts: one for each address that is asked. */
#include <arpa/inet.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "tests/tools/responder.h"

uint64_t clock_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * SECOND + (uint64_t)t.tv_nsec;
}

uint64_t boot_time(const struct host *host)
{
	return clock_ns(CLOCK_MONOTONIC) - host->booted +
	       (uint64_t)host->opt.uptime * SECOND;
}

uint64_t real_time(const struct host *host)
{
	return clock_ns(CLOCK_REALTIME) +
	       (uint64_t)host->opt.clock_offset * SECOND;
}

static struct host *new_host(in_addr_t address)
{
	struct host *host = calloc(1, sizeof(*host));

	if (!host)
		exit(1);
	host->address = address;
	host->booted = clock_ns(CLOCK_MONOTONIC);
	return host;
}

struct host *home(void)
{
	static struct host *first;

	if (!first)
		first = host_options(htonl(INADDR_LOOPBACK));
	return first;
}

struct host *host_options(in_addr_t address)
{
	/* by the last three bytes; only what is used takes memory */
	static struct host *hosts[1 << 24];
	struct host **host = &hosts[ntohl(address) & 0xffffff];

	if (*host)
		return *host;
	*host = new_host(address);
	if (address != htonl(INADDR_LOOPBACK))
		(*host)->opt = home()->opt;
	return *host;
}

static void bad(const char *option)
{
	fprintf(stderr, "responder: bad %s\n", option);
	exit(2);
}

/* The host's pair: that of --host-key, or a random one. */
static const struct srq_pair *pair_of(const struct host *host)
{
	static struct srq_pair pair;
	static uint8_t seed[SRQ_KEY_LEN];
	static in_addr_t last; /* whose pair it is */
	const char *text = host->opt.host_key;

	if (!text && last == host->address)
		return &pair;
	last = text ? 0 : host->address;
	if (sodium_is_zero(seed, sizeof(seed)))
		randombytes_buf(seed, sizeof(seed));
	if (!text) {
		memcpy(pair.private, seed, sizeof(seed));
		memcpy(pair.private + 8, &host->address, sizeof(in_addr_t));
	} else if (!srq_private_from_text(pair.private, text, strlen(text))) {
		bad("--host-key");
	}
	srq_pair_complete(&pair);
	return &pair;
}

void print_public_key(in_addr_t address)
{
	const struct host host = { .address = address, .opt = home()->opt };
	char text[SRQ_KEY_TEXT_LEN + 1], name[INET_ADDRSTRLEN];

	srq_key_to_text(text, pair_of(&host)->public);
	printf("known %s %s\n",
	       inet_ntop(AF_INET, &address, name, sizeof(name)), text);
}

/* Makes K, and shown: the text of the line "key". */
static void set_key(const struct host *host, uint8_t key[SRQ_KEY_LEN],
		    char shown[SRQ_KEY_TEXT_LEN + 1])
{
	const struct options *opt = &host->opt;
	const struct srq_pair *pair;
	uint8_t public[SRQ_KEY_LEN];

	if (opt->key) {
		pair = pair_of(host);
		if (!srq_key_from_text(public, opt->key, strlen(opt->key)) ||
		    !srq_public_key_ok(pair, public) ||
		    srq_key_from_pair(key, pair, SRQ_HOST, public))
			bad("--key");
		srq_key_to_text(shown, pair->public);
		return;
	}
	if (opt->shared) {
		if (!srq_key_from_text(key, opt->shared, strlen(opt->shared)))
			bad("--shared");
	} else if (srq_key_from_password(key, opt->password,
					 strlen(opt->password), opt->realm,
					 strlen(opt->realm))) {
		exit(1);
	}
	srq_key_to_text(shown, key);
}

/* A password takes time, so hosts with the same one share the derived keys. */
static void set_keys(const struct host *host, struct srq_keys *keys)
{
	const struct options *opt = &host->opt, *first = &home()->opt;
	uint8_t key[SRQ_KEY_LEN];
	char text[SRQ_KEY_TEXT_LEN + 1];

	if (host != home() && !opt->key && !first->key &&
	    opt->shared == first->shared && opt->password == first->password &&
	    opt->realm == first->realm) {
		*keys = host_at(home()->address)->gate->operators[0].keys;
		return;
	}
	set_key(host, key, text);
	if (srq_keys_derive(keys, key))
		exit(1);
	if (host == home())
		printf("key %s\n", text);
}

static void start(struct host *host)
{
	struct srq_gate *gate =
		calloc(1, sizeof(*gate) + sizeof(gate->operators[0]));

	if (!gate)
		exit(1);
	randombytes_buf(&gate->operators[0].epoch, sizeof(uint64_t));
	gate->operators[0].epoch |= 1;
	gate->count = 1;
	gate->operators[0].permitted = host->opt.operator_letters;
	gate->operators[0].may_read_log = !host->opt.no_log;
	set_keys(host, &gate->operators[0].keys);
	host->gate = gate;
	log_begin(&host->log, host->opt.log, (uint64_t)host->opt.log_cut);

	host->shown[0] = ' ';
	inet_ntop(AF_INET, &host->address, host->shown + 1, INET_ADDRSTRLEN);
	snprintf(host->node, sizeof(host->node), "n%s", host->shown + 1);
	for (char *c = host->node; *c; c++)
		*c = *c == '.' ? '-' : *c;
	if (host == home())
		snprintf(host->node, sizeof(host->node), "web7");
	if (!common.any)
		host->shown[0] = '\0';
}

struct host *host_at(in_addr_t address)
{
	struct host *host = host_options(address);

	if (!host->gate)
		start(host);
	return host;
}

struct log *host_log(struct host *host)
{
	uint64_t every = (uint64_t)host->opt.log_grow * MILLISECOND;
	uint64_t up = boot_time(host);
	uint64_t first = (uint64_t)host->opt.uptime * SECOND;

	while (every && first + (host->grown + 1) * every <= up) {
		host->grown++;
		log_append(&host->log, first + host->grown * every,
			   "record %llu, grown",
			   (unsigned long long)log_next(&host->log));
	}
	return &host->log;
}

void change_epoch(struct host *host)
{
	struct srq_operator *who = &host->gate->operators[0];

	host->gate->operators[0].epoch++;
	memset(&who->session, 0, sizeof(who->session));
	memset(&who->one_way, 0, sizeof(who->one_way));
	who->since = boot_time(host);
	if (host->opt.restart_log)
		log_begin(&host->log, host->opt.log, 0);
}
