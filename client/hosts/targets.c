// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/hosts/elements.h"
#include "client/hosts/keyring.h"
#include "client/hosts/paths.h"
#include "client/hosts/resolve.h"
#include "client/hosts/shared.h"
#include "client/hosts/targets.h"
#include "client/output/tell.h"
#include "lib/sysrq.h"

enum { DEFAULT_PORT = 9 };

static enum exit_status no_memory(void)
{
	tell("out of memory; nothing was sent");
	return EXIT_MACHINE;
}

static bool leave_out(struct hosts *hosts, const struct target_options *common)
{
	struct hosts out = { 0 };
	bool ok = true;

	for (size_t i = 0; i < common->left_out_count && ok; i++)
		ok = elements_exclude(&out, hosts, common->left_out[i]);
	if (ok)
		hosts_leave_out(hosts, &out);
	hosts_free(&out);
	if (ok && !hosts->count)
		tell("-x leaves no host; nothing was sent");
	return ok && hosts->count;
}

static bool only_one(const struct hosts *hosts, const char *option,
		     const char *value)
{
	return !value || hosts->count == 1 ||
	       tell_bad(option, value, "only one remote host with this option");
}

static bool take_names(struct targets *targets,
		       const struct target_options *common, char **names,
		       int count)
{
	struct hosts *hosts = &targets->names;

	for (int i = 0; i < count; i++) {
		if (!hosts_add(hosts, "host", names[i]) ||
		    (common->all_known &&
		     !elements_add_plain(&targets->typed, names[i])))
			return false;
	}
	if (common->hosts_file && !hosts_read(hosts, common->hosts_file))
		return false;
	if (!leave_out(hosts, common))
		return false;
	return only_one(hosts, "--known-as", common->known_as) &&
	       only_one(hosts, "--ethernet", common->ethernet.text);
}

/* The name or address with this index that the target is sent to. */
static const char *address_of(const struct target *target, size_t i)
{
	const struct hosts *addresses = &target->settings.addresses;

	return addresses->count ? addresses->names[i] : target->name;
}

static size_t addresses_of(const struct target *target)
{
	size_t count = target->settings.addresses.count;

	return count ? count : 1;
}

/* Check the names and addresses together. False: the reason has been told. */
static bool check_addresses(const struct target *target)
{
	size_t count = addresses_of(target);

	for (size_t i = 0; i < count; i++) {
		const char *address = address_of(target, i);
		struct in_addr four;

		if (is_address(address))
			continue;
		/* The C library takes 010.0.0.1 for 8.0.0.1. */
		if (inet_aton(address, &four))
			return tell_bad("host", address,
					"four numbers from 0 to 255 without "
					"leading zeros");
		if (count > 1)
			return tell_bad(target->name, address,
					"one name or only addresses as its "
					"Address");
	}
	return true;
}

/* Replace *text by a copy of value. False: out of memory. */
static bool set(char **text, const char *value)
{
	free(*text);
	*text = value ? strdup(value) : NULL;
	return *text || !value;
}

enum exit_status target_settle(struct target *target,
			       const struct target_options *common,
			       const struct config *config)
{
	struct settings *s = &target->settings;

	if (!config_find(config, target->name, s))
		return EXIT_USAGE;
	if (common->address) {
		hosts_free(&s->addresses);
		if (!hosts_add(&s->addresses, "host", common->address))
			return EXIT_USAGE;
	}
	if (common->port)
		s->port = common->port;
	if (!s->port)
		s->port = DEFAULT_PORT;
	if (!check_addresses(target))
		return EXIT_USAGE;
	if ((common->realm && !set(&s->realm, common->realm)) ||
	    (common->key_file && !set(&s->key_file, common->key_file)))
		return no_memory();
	return EXIT_ALL_DONE;
}

static enum exit_status settle_all(struct targets *targets,
				   const struct target_options *common)
{
	struct config *config;
	enum exit_status status = EXIT_ALL_DONE;

	if (!config_load(&config, common->config_file, common->pair_only))
		return EXIT_USAGE;
	targets->list = calloc(targets->names.count, sizeof(*targets->list));
	if (!targets->list)
		status = no_memory();
	for (size_t i = 0; i < targets->names.count && status == EXIT_ALL_DONE;
	     i++) {
		targets->list[i].name = targets->names.names[i];
		targets->count++;
		status = target_settle(&targets->list[i], common, config);
	}
	config_free(config);
	return status;
}

/* --- Keys --- */

static const char not_known[] = "its public key is not known";

/* A service has no home, and an agent may have none: then the system's file counts. */
static void tell_unknown(const char *name, const struct keyring *ring)
{
	char *own = ring->pair_only ? NULL : path_of_user("known_hosts");

	tell("'%s' is not known: %s%s KEY%s, with the key that send_sysrq "
	     "setup prints on that host%s; nothing was sent",
	     name, own ? "run send_sysrq known " : "write the line '", name,
	     own ? "" : "' into " PATH_OF_SYSTEM "known_hosts",
	     ring->no_password ? ring->no_password : ", or give --password");
	free(own);
}

/*
 * One host that is not known is an error, and so is one that was typed: it may be
 * another word. Of many, the others are asked.
 */
static enum exit_status take_unknown(const struct targets *targets,
				     struct target *target,
				     const struct keyring *ring)
{
	const char *name = ring->known_as ? ring->known_as : target->name;

	target->problem = not_known;
	if (targets->count > 1 && !hosts_has(&targets->typed, target->name))
		return EXIT_ALL_DONE;
	tell_unknown(name, ring);
	return EXIT_USAGE;
}

/* Find what the key of a target is made of. Without it, shared is all 0. */
static enum exit_status find_key(struct targets *targets, struct target *target,
				 struct keyring *ring, struct shared *shared)
{
	const struct keyring_host host = {
		.name = target->name,
		.settings = &target->settings,
	};
	enum exit_status status;
	char who[64];

	snprintf(who, sizeof(who), "%zu hosts", targets->count);
	status = keyring_get(ring, &host,
			     targets->count == 1 ? target->name : who, shared);
	if (status == EXIT_UNREACHABLE)
		status = take_unknown(targets, target, ring);
	return status;
}

enum exit_status target_make_host(struct targets *targets,
				  struct target *target,
				  const struct shared *shared)
{
	if (shared->err == -EINVAL) {
		tell("the known hosts have a key for '%s' that is your own, or "
		     "that no host can have, expected the key of that host; "
		     "nothing was sent",
		     target->name);
		return EXIT_USAGE;
	}
	if (!shared->err) /* one that is not known is never asked */
		target->host = sysrq_host_new(targets->ctx, &shared->key);
	if (!target->host)
		return EXIT_MACHINE;
	target->is_known = shared->host;
	if (shared->host)
		target->public_key = *shared->host;
	sysrq_host_set_timeout(target->host, targets->timeout);
	sysrq_host_set_data(target->host, target);
	return EXIT_ALL_DONE;
}

/* EXIT_MACHINE: out of memory; the caller tells it. */
static enum exit_status make_keys(struct targets *targets, struct keyring *ring)
{
	size_t count = targets->count;
	struct shared *list = calloc(count, sizeof(*list));
	enum exit_status status = list ? EXIT_ALL_DONE : EXIT_MACHINE;

	for (size_t i = 0; i < count && status == EXIT_ALL_DONE; i++)
		status = find_key(targets, &targets->list[i], ring, &list[i]);
	if (ring->names_only)
		count = 0; /* of the keys to make */
	if (status == EXIT_ALL_DONE)
		shared_make(list, count);
	for (size_t i = 0; i < count && status == EXIT_ALL_DONE; i++)
		status = target_make_host(targets, &targets->list[i], &list[i]);
	if (list)
		sodium_memzero(list, count * sizeof(*list));
	free(list);
	return status;
}

static const char *no_password(const struct target_options *common)
{
	if (common->ethernet.text)
		return " (--ethernet needs a key, not a password)";
	return common->pair_only ? "" : NULL;
}

static enum exit_status make_hosts(struct targets *targets,
				   const struct target_options *common,
				   const struct password_variable *variable)
{
	struct keyring ring = { .password_file = common->password_file,
				.ask = common->ask_password,
				.variable = variable,
				.known_as = common->known_as,
				.host = common->host_key,
				.pair = common->pair,
				.pair_only = common->pair_only,
				.no_password = no_password(common),
				.names_only = common->names_only };
	enum exit_status status = make_keys(targets, &ring);

	if (status == EXIT_MACHINE)
		tell("out of memory: cannot make the keys; nothing was sent");
	if (status == EXIT_ALL_DONE && common->ethernet.text)
		status = ethernet_begin(
			&common->ethernet, targets->ctx,
			&(struct ethernet_host){
				.name = targets->list->name,
				.known_as = common->known_as,
				.addresses = &targets->list->settings.addresses,
				.key = &targets->list->public_key,
				.known = ring.known });
	keyring_clear(&ring);
	return status;
}

void target_options_free(struct target_options *options)
{
	free(options->left_out);
	options->left_out = NULL;
	options->left_out_count = 0;
}

enum exit_status targets_make(struct targets *targets,
			      struct target_options *common, char **names,
			      int count,
			      const struct password_variable *variable)
{
	enum exit_status status;
	bool ok;

	*targets = (struct targets){ .family = common->family,
				     .timeout = common->timeout,
				     .look_up = common->look_up_least };
	if (targets->look_up < targets->timeout)
		targets->look_up = targets->timeout;
	ok = take_names(targets, common, names, count);
	target_options_free(common);
	if (!ok)
		return EXIT_USAGE;
	status = settle_all(targets, common);
	if (status != EXIT_ALL_DONE)
		return status;
	targets->ctx = common->names_only ? NULL : sysrq_new();
	return targets->ctx || common->names_only
		       ? make_hosts(targets, common, variable)
		       : no_memory();
}

/* --- Addresses --- */

static const char no_room[] =
	"this machine has too little memory, or room for threads, to find it";

/* Add the addresses that were found to the host, or note what is wrong. */
static void take_addresses(struct targets *targets, struct target *target,
			   const struct lookup *lookup)
{
	target->problem = lookup->problem;
	target->of_here = lookup->of_here;
	if (lookup->list)
		target->problem = "a link-local address needs an interface, "
				  "as in fe80::1%eth0";
	for (struct addrinfo *info = lookup->list; info; info = info->ai_next) {
		if (lacks_zone(info->ai_addr))
			continue;
		target->problem = NULL;
		/* -E2BIG does not matter: enough addresses are known. */
		if (sysrq_host_add_address(target->host, info->ai_addr,
					   info->ai_addrlen) != -ENOMEM &&
		    (targets->apart ||
		     same_note(&targets->same, target, info->ai_addr)))
			continue;
		target->problem = no_room;
		target->of_here = true;
		break;
	}
	if (lookup->list)
		freeaddrinfo(lookup->list);
}

bool target_find(struct targets *targets, struct target *target)
{
	const char *problem = NULL;
	bool any = false;

	if (!is_address(address_of(target, 0))) {
		if (!targets->resolver)
			targets->resolver =
				resolver_new(targets->family, targets->look_up);
		if (targets->resolver &&
		    resolver_add(targets->resolver, address_of(target, 0),
				 target->settings.port, target))
			return false;
		target->problem = no_room;
		target->of_here = true;
		return true;
	}
	for (size_t i = 0; i < addresses_of(target); i++) {
		struct lookup lookup;

		resolve_address(&lookup, address_of(target, i),
				target->settings.port, targets->family);
		take_addresses(targets, target, &lookup);
		any |= !target->problem;
		problem = target->problem ? target->problem : problem;
	}
	target->problem = any ? NULL : problem;
	return true;
}

struct target *targets_next(struct targets *targets, uint64_t now)
{
	struct target *target;
	struct lookup lookup;

	while (targets->next < targets->count) {
		target = &targets->list[targets->next++];

		if (target->problem || !target->host ||
		    target_find(targets, target))
			return target;
	}
	if (!targets->resolver ||
	    !resolver_next(targets->resolver, now, &lookup))
		return NULL;
	target = lookup.data;
	if (target->host)
		take_addresses(targets, target, &lookup);
	else if (lookup.list)
		freeaddrinfo(lookup.list);
	return target;
}

int targets_fd(const struct targets *targets)
{
	return targets->resolver ? resolver_fd(targets->resolver) : -1;
}

uint64_t targets_deadline(const struct targets *targets)
{
	if (targets->next < targets->count)
		return 0;
	return targets->resolver ? resolver_deadline(targets->resolver)
				 : UINT64_MAX;
}

void target_problem(FILE *out, const void *data)
{
	const struct target *target = data;
	const char *address = address_of(target, 0);

	fprintf(out, "remote host '%s'", target->name);
	if (strcmp(address, target->name))
		fprintf(out, " (%s)", address);
	fprintf(out, " cannot be asked: %s; nothing was sent", target->problem);
}

void targets_free(struct targets *targets)
{
	resolver_free(targets->resolver);
	same_free(&targets->same);
	sysrq_free(targets->ctx);
	for (size_t i = 0; i < targets->count; i++)
		settings_free(&targets->list[i].settings);
	free(targets->list);
	hosts_free(&targets->typed);
	hosts_free(&targets->names);
}
