// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/hosts/keyring.h"
#include "client/hosts/resolve.h"
#include "client/hosts/targets.h"
#include "client/output/tell.h"
#include "lib/sysrq.h"

enum { DEFAULT_PORT = 9 };

static enum exit_status no_memory(void)
{
	tell("out of memory; nothing was sent");
	return EXIT_MACHINE;
}

static bool take_names(struct hosts *hosts, const struct target_options *common,
		       char **names, int count)
{
	for (int i = 0; i < count; i++) {
		if (!hosts_add(hosts, names[i]))
			return false;
	}
	return !common->hosts_file || hosts_read(hosts, common->hosts_file);
}

/* Replace *text by a copy of value. False: out of memory. */
static bool set(char **text, const char *value)
{
	free(*text);
	*text = value ? strdup(value) : NULL;
	return *text || !value;
}

/* Join options and configuration. For each setting, an option counts first. */
static enum exit_status settle(struct target *target,
			       const struct target_options *common,
			       const struct config *config)
{
	struct settings *s = &target->settings;

	if (!config_find(config, target->name, s))
		return EXIT_USAGE;
	/* A realm in the configuration belongs to another key. */
	if (common->key_file)
		set(&s->realm, NULL);
	if (common->port)
		s->port = common->port;
	if (!s->port)
		s->port = DEFAULT_PORT;
	if ((common->realm && !set(&s->realm, common->realm)) ||
	    (!s->address && !set(&s->address, target->name)) ||
	    ((common->key_file || common->password_file) &&
	     !set(&s->key_file, common->key_file)))
		return no_memory();
	return EXIT_ALL_DONE;
}

static enum exit_status settle_all(struct targets *targets,
				   const struct target_options *common)
{
	struct config *config;
	enum exit_status status = EXIT_ALL_DONE;

	if (!config_load(&config, common->config_file))
		return EXIT_USAGE;
	targets->list = calloc(targets->names.count, sizeof(*targets->list));
	if (!targets->list)
		status = no_memory();
	for (size_t i = 0; i < targets->names.count && status == EXIT_ALL_DONE;
	     i++) {
		targets->list[i].name = targets->names.names[i];
		targets->count++;
		status = settle(&targets->list[i], common, config);
	}
	config_free(config);
	return status;
}

static enum exit_status no_address(const struct target *target, int family)
{
	tell("remote host '%s' has no %saddress: %s; nothing was sent",
	     target->settings.address,
	     family == AF_INET    ? "IPv4 "
	     : family == AF_INET6 ? "IPv6 "
				  : "",
	     target->problem);
	return EXIT_UNREACHABLE;
}

/* Add addresses to the host, or a problem to target. False: out of memory. */
static bool add_addresses(struct target *target, const struct lookup *lookup)
{
	bool any = false;

	for (struct addrinfo *info = lookup->list; info; info = info->ai_next) {
		if (lacks_zone(info->ai_addr))
			continue;
		/* -E2BIG does not matter: enough addresses are known. */
		if (sysrq_host_add_address(target->host, info->ai_addr,
					   info->ai_addrlen) == -ENOMEM)
			return false;
		any = true;
	}
	if (any)
		return true;
	target->problem = "a link-local address needs an interface, as in "
			  "fe80::1%eth0";
	sysrq_host_free(target->host);
	target->host = NULL;
	return true;
}

static enum exit_status make_host(struct targets *targets,
				  struct target *target,
				  const struct lookup *lookup,
				  struct keyring *ring, uint64_t timeout)
{
	struct sysrq_key key;
	enum exit_status status;
	char who[64];

	snprintf(who, sizeof(who), "%zu hosts", targets->count);
	status = keyring_get(ring, target->settings.key_file,
			     target->settings.realm,
			     targets->count == 1 ? target->name : who, &key);
	if (status == EXIT_MACHINE)
		tell("out of memory: cannot make the key; nothing was sent");
	if (status != EXIT_ALL_DONE)
		return status;
	target->host = sysrq_host_new(targets->ctx, &key);
	sysrq_key_wipe(&key);
	if (!target->host || !add_addresses(target, lookup))
		return no_memory();
	if (!target->host)
		return EXIT_ALL_DONE;
	sysrq_host_set_timeout(target->host, timeout);
	sysrq_host_set_data(target->host, target);
	return EXIT_ALL_DONE;
}

static enum exit_status make_hosts(struct targets *targets,
				   const struct target_options *common,
				   bool alone,
				   const struct password_variable *variable,
				   struct lookup *lookups)
{
	struct keyring ring = { .password_file = common->password_file,
				.variable = variable };
	enum exit_status status = EXIT_ALL_DONE;

	for (size_t i = 0; i < targets->count; i++) {
		lookups[i].name = targets->list[i].settings.address;
		lookups[i].port = targets->list[i].settings.port;
	}
	resolve(lookups, targets->count, common->family);
	for (size_t i = 0; i < targets->count && status == EXIT_ALL_DONE; i++) {
		struct target *target = &targets->list[i];

		target->problem = lookup_problem(&lookups[i]);
		if (!target->problem)
			status = make_host(targets, target, &lookups[i], &ring,
					   common->timeout);
		if (status == EXIT_ALL_DONE && target->problem &&
		    targets->count == 1 && alone)
			status = no_address(target, common->family);
	}
	keyring_clear(&ring);
	return status;
}

enum exit_status targets_make(struct targets *targets,
			      const struct target_options *common, char **names,
			      int count, bool alone,
			      const struct password_variable *variable)
{
	struct lookup *lookups;
	enum exit_status status;

	memset(targets, 0, sizeof(*targets));
	if (!take_names(&targets->names, common, names, count))
		return EXIT_USAGE;
	status = settle_all(targets, common);
	if (status != EXIT_ALL_DONE || common->names_only)
		return status;
	targets->ctx = sysrq_new();
	lookups = calloc(targets->count, sizeof(*lookups));
	if (!targets->ctx || !lookups) {
		free(lookups);
		return no_memory();
	}
	status = make_hosts(targets, common, alone, variable, lookups);
	for (size_t i = 0; i < targets->count; i++) {
		if (lookups[i].list)
			freeaddrinfo(lookups[i].list);
	}
	free(lookups);
	return status;
}

void targets_free(struct targets *targets)
{
	sysrq_free(targets->ctx);
	for (size_t i = 0; i < targets->count; i++)
		settings_free(&targets->list[i].settings);
	free(targets->list);
	hosts_free(&targets->names);
}
