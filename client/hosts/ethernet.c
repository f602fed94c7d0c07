// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "client/hosts/ethernet.h"
#include "client/output/tell.h"

enum { TEXT_LEN = 17 /* of a hardware address */ };

/* RFC 7600 keeps this address for uses like this one: no host has it. */
static const char dummy[] = "192.0.0.8";

/* Read a hardware address at the beginning of text. */
static bool read_hardware(unsigned char hardware[6], const char *text)
{
	static const char digits[] = "0123456789abcdefABCDEF";

	for (int i = 0; i < 6; i++, text += 3) {
		if (strspn(text, digits) != 2 || (i < 5 && text[2] != ':'))
			return false;
		sscanf(text, "%2hhx", &hardware[i]);
	}
	return true;
}

bool ethernet_read(struct ethernet *ethernet, const char *text)
{
	static const unsigned char none[6];
	const char *rest = strchr(text, '%');

	ethernet->text = text;
	if (!rest || !rest[1])
		return tell_bad("--ethernet", text,
				"a hardware address and an interface of this "
				"machine, as in 52:54:00:12:34:56%eth0");
	ethernet->interface = rest + 1;
	if (rest - text != TEXT_LEN || !read_hardware(ethernet->hardware, text))
		return tell_bad("--ethernet", text,
				"six pairs of hexadecimal digits before the %, "
				"as in 52:54:00:12:34:56%eth0");
	if (ethernet->hardware[0] & 1 ||
	    !memcmp(ethernet->hardware, none, sizeof(none)))
		return tell_bad("--ethernet", text,
				"the hardware address of one network card");
	return true;
}

/* An IPv4 address that one host can have, and not only for itself */
static bool is_usable(const char *text)
{
	struct in_addr address;
	uint32_t first;

	if (inet_pton(AF_INET, text, &address) != 1)
		return false;
	first = ntohl(address.s_addr) >> 24;
	return first && first != IN_LOOPBACKNET && first < 224;
}

/* Choose the address that the frames name. */
static const char *choose(const struct ethernet_host *host)
{
	const struct hosts *addresses = host->addresses;
	const char *known = NULL;

	if (is_usable(host->name))
		return host->name;
	for (size_t i = 0; i < addresses->count; i++) {
		if (is_usable(addresses->names[i]))
			return addresses->names[i];
	}
	while ((known = known_name_of(host->known, host->key, known))) {
		if (is_usable(known))
			return known;
	}
	return dummy;
}

/* Tell why frames cannot be sent; err is of sysrq_use_ethernet(). */
static enum exit_status refuse(const struct ethernet *e, int err,
			       const struct ethernet_host *host,
			       const char *address)
{
	const char *at = e->interface;
	const char *as = host->known_as ? host->known_as : host->name;

	switch (err) {
	case -ENODEV:
		tell("--ethernet: '%s' given, expected an interface of this "
		     "machine, as ip link shows them; nothing was sent",
		     at);
		return EXIT_USAGE;
	case -EMEDIUMTYPE:
		tell("--ethernet: '%s' given, expected an Ethernet interface; "
		     "nothing was sent",
		     at);
		return EXIT_USAGE;
	case -EADDRNOTAVAIL:
		tell("--ethernet: '%s' given, expected an interface with an "
		     "IPv4 address, to which the host answers; nothing was "
		     "sent",
		     at);
		return EXIT_USAGE;
	case -EPERM:
	case -EACCES:
		tell("--ethernet: only root (CAP_NET_RAW) can send such "
		     "frames: as root, run ip neigh replace %s lladdr %.*s dev "
		     "%s && ip route replace %s dev %s, and then send_sysrq "
		     "with --known-as %s %s instead of --ethernet %s %s; "
		     "nothing was sent",
		     address, TEXT_LEN, e->text, at, address, at, as, address,
		     e->text, host->name);
		return EXIT_USAGE;
	default:
		tell("--ethernet: cannot send by '%s': %s; nothing was sent",
		     at, strerror(-err));
		return EXIT_MACHINE;
	}
}

enum exit_status ethernet_begin(const struct ethernet *ethernet,
				struct sysrq *ctx,
				const struct ethernet_host *host)
{
	char address[INET_ADDRSTRLEN];
	int err;

	/* The name may be one of those that are replaced. */
	snprintf(address, sizeof(address), "%s", choose(host));
	err = sysrq_use_ethernet(ctx, ethernet->interface, ethernet->hardware);
	if (err)
		return refuse(ethernet, err, host, address);
	hosts_free(host->addresses);
	return hosts_add(host->addresses, "--ethernet", address) ? EXIT_ALL_DONE
								 : EXIT_MACHINE;
}
