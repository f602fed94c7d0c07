// SPDX-License-Identifier: GPL-2.0
/*
 * Sends crafted packets to a host from the far end of a cable (wire.h), and shows what
 * comes back. tests/vm/silence.t runs it in the guest, in a network namespace.
 *
 * The same stamp makes the same packets. Two runs get the same answers, but for the id
 * and the header checksum of IPv4, because the host numbers what it sends. Both are
 * shown as zero.
 *
 * After each probe comes a ping. One CPU handles all packets, so they stay in order on
 * the cable. When the ping's answer comes, all answers to the probe have come. So it is
 * certain, without a wait, when there is no answer.
 */
#include <arpa/inet.h>
#include <getopt.h>
#include <linux/if_packet.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/bytes.h"
#include "core/message.h"
#include "tests/guest/wire.h"

enum {
	PACKET_MAX = 2048,
	FENCE_ID = 0x5359,
	FENCE_MS = 10000,
};

/* --- The probes --- */

enum families { V4 = 1, V6 = 2, BOTH = V4 | V6 };

/* With which rule the module takes a probe. */
enum ours {
	NOWHERE,
	AT_INPUT, /* not with a rule in PREROUTING */
	EVERYWHERE,
};

/* The UDP payload. An authentic one is a new one-way command that presses h
 * and names the address that it is sent to. */
enum content {
	JUNK,           /* size bytes */
	MAGIC,          /* size bytes; begins as ours do, with an unknown key */
	AUTHENTIC,      /* with so many bytes more or less (size) at its end */
	FLIPPED,        /* authentic but for one bit of byte number size */
	FLIPPED_LOG,    /* the same of a request for the log, of 1232 bytes */
	OTHER_REALM,    /* with the key of another realm */
	OTHER_PASSWORD, /* with our key id, but sealed with another key */
	HOSTS_OWN,      /* a result, sealed as the host seals it */
	HOSTS_OWN_HELLO, /* a hello, sealed as the host seals its answers */
};

enum checksum { RIGHT, WRONG, ZERO };

enum address {
	UNICAST,
	LINK_LOCAL,
	ANOTHER, /* of the same network, but not the host's */
	LOOPBACK,
	UNSPECIFIED,
	MAPPED,    /* ::ffff:a.b.c.d */
	SUBNET,    /* the subnet's broadcast address */
	LIMITED,   /* 255.255.255.255 */
	GROUP,     /* the group of all hosts */
	SOLICITED, /* the group for neighbour solicitation */
	ROUTERS,   /* a group that the host is not in */
	ADDRESSES
};

enum mac { MAC_OF_ADDRESS, MAC_OTHER, MAC_BROADCAST };

/* Into which fragments a datagram is cut. The last three leave nothing behind for another
 * probe: when a fragment overlaps another one, the host drops the datagram. */
enum split {
	WHOLE,
	TWO,
	TWO_REVERSED,
	THREE,
	THREE_REVERSED,
	OVERLAP,    /* the second begins where the first has not ended */
	FIRST_ONLY, /* the whole datagram, which says that more follow */
	LATER_ONLY, /* the whole datagram, which says that others come before */
};

/* IPv6 */
enum extension {
	NO_EXTENSION,
	HOP_BY_HOP,
	OPTIONS,
	ROUTING_0,
	ROUTING_2,
	ATOMIC, /* the header of a fragment on a whole datagram */
};

/* IPv4 */
enum options { NO_OPTIONS, NOPS, RECORD_ROUTE, MALFORMED };

struct probe {
	const char *name;
	enum families families;
	enum ours ours;
	enum content content;
	int size;
	int udp_len_add; /* to what UDP says of its length */
	bool udp_len_zero;
	int ip_len_add;     /* to what IP says of its length */
	unsigned int trail; /* bytes in the frame behind the packet */
	enum checksum checksum;
	bool ip_checksum_wrong;
	uint8_t ttl; /* 0: 64 */
	enum address from, to;
	enum mac mac;
	enum split split;
	enum options options;
	enum extension extensions[3];
};

/* clang-format off */
#define JUNK_OF(n) { "junk-" #n, BOTH, NOWHERE, JUNK, .size = n }
#define FLIP(what, at) \
	{ "flipped-" what, BOTH, NOWHERE, FLIPPED, .size = at }
/* The additional data: magic, version, key id */
#define FLIP_AD(at) FLIP("ad-" #at, at)

static const struct probe probes[] = {
	JUNK_OF(0), JUNK_OF(1), JUNK_OF(7), JUNK_OF(36), JUNK_OF(319),
	JUNK_OF(320), JUNK_OF(321), JUNK_OF(1231), JUNK_OF(1232), JUNK_OF(1233),
	JUNK_OF(1472),
	{ "magic-320", BOTH, NOWHERE, MAGIC, .size = 320 },
	{ "magic-1232", BOTH, NOWHERE, MAGIC, .size = 1232 },

	FLIP_AD(0), FLIP_AD(1), FLIP_AD(2), FLIP_AD(3), FLIP_AD(4), FLIP_AD(5),
	FLIP_AD(6), FLIP_AD(7), FLIP_AD(8), FLIP_AD(9), FLIP_AD(10),
	FLIP_AD(11),
	FLIP("nonce-first", 12), FLIP("nonce-last", 35),
	FLIP("text-first", 36), FLIP("text-last", 303),
	FLIP("tag-first", 304), FLIP("tag-last", 319),
	{ "flipped-log", BOTH, NOWHERE, FLIPPED_LOG, .size = 1231 },
	{ "cut", BOTH, NOWHERE, AUTHENTIC, .size = -1 },
	{ "grown", BOTH, NOWHERE, AUTHENTIC, .size = 1 },
	{ "other-realm", BOTH, NOWHERE, .content = OTHER_REALM },
	{ "other-password", BOTH, NOWHERE, .content = OTHER_PASSWORD },
	{ "hosts-own-result", BOTH, NOWHERE, .content = HOSTS_OWN },
	{ "hosts-own-hello", BOTH, NOWHERE, .content = HOSTS_OWN_HELLO },

	/* The lengths of UDP and IP must agree to the byte. Bytes that Ethernet
	 * puts behind the packet do not count. */
	{ "udp-shorter", BOTH, NOWHERE, AUTHENTIC, .udp_len_add = -1 },
	{ "udp-longer", BOTH, NOWHERE, AUTHENTIC, .udp_len_add = 1 },
	{ "udp-header-only", BOTH, NOWHERE, AUTHENTIC, .udp_len_add = -320 },
	{ "udp-too-short", BOTH, NOWHERE, AUTHENTIC, .udp_len_add = -321 },
	{ "udp-zero", BOTH, NOWHERE, AUTHENTIC, .udp_len_zero = true },
	{ "udp-huge", BOTH, NOWHERE, AUTHENTIC, .udp_len_add = 65000 },
	{ "udp-grown-says-320", BOTH, NOWHERE, AUTHENTIC, .size = 1,
	  .udp_len_add = -1 },
	{ "udp-cut-says-320", BOTH, NOWHERE, AUTHENTIC, .size = -1,
	  .udp_len_add = 1 },
	{ "ip-shorter", BOTH, NOWHERE, AUTHENTIC, .ip_len_add = -1 },
	{ "ip-half-of-udp", BOTH, NOWHERE, AUTHENTIC, .ip_len_add = -324 },
	{ "ip-without-udp", BOTH, NOWHERE, AUTHENTIC, .ip_len_add = -328 },
	{ "ip-longer", BOTH, NOWHERE, AUTHENTIC, .ip_len_add = 1 },
	{ "ip-huge", BOTH, NOWHERE, AUTHENTIC, .ip_len_add = 30000 },
	{ "ip-longer-than-udp", BOTH, NOWHERE, AUTHENTIC, .ip_len_add = 4,
	  .trail = 4 },
	{ "frame-longer", BOTH, EVERYWHERE, AUTHENTIC, .trail = 4 },

	/* The module does not look at UDP's checksum: the datagram's tag proves
	 * more. The host's UDP does, but it comes later. */
	{ "checksum-wrong", BOTH, EVERYWHERE, AUTHENTIC, .checksum = WRONG },
	{ "checksum-zero", BOTH, EVERYWHERE, AUTHENTIC, .checksum = ZERO },
	{ "checksum-wrong-junk", BOTH, NOWHERE, JUNK, .size = 320,
	  .checksum = WRONG },
	{ "checksum-zero-junk", BOTH, NOWHERE, JUNK, .size = 320,
	  .checksum = ZERO },
	{ "ip-checksum-wrong", V4, NOWHERE, AUTHENTIC,
	  .ip_checksum_wrong = true },

	{ "ttl-1", BOTH, EVERYWHERE, AUTHENTIC, .ttl = 1 },
	{ "ttl-1-junk", BOTH, NOWHERE, JUNK, .size = 320, .ttl = 1 },

	{ "to-subnet-broadcast", V4, NOWHERE, AUTHENTIC, .to = SUBNET },
	{ "to-broadcast", V4, NOWHERE, AUTHENTIC, .to = LIMITED },
	{ "to-group", BOTH, NOWHERE, AUTHENTIC, .to = GROUP },
	{ "to-solicited", V6, NOWHERE, AUTHENTIC, .to = SOLICITED },
	{ "to-another", BOTH, NOWHERE, AUTHENTIC, .to = ANOTHER },
	{ "to-loopback", BOTH, NOWHERE, AUTHENTIC, .to = LOOPBACK },
	{ "to-mapped", V6, NOWHERE, AUTHENTIC, .to = MAPPED },
	{ "to-unspecified", BOTH, NOWHERE, AUTHENTIC, .to = UNSPECIFIED },
	{ "to-link-local", V6, EVERYWHERE, AUTHENTIC, .from = LINK_LOCAL,
	  .to = LINK_LOCAL },
	{ "to-another-mac", BOTH, NOWHERE, AUTHENTIC, .mac = MAC_OTHER },
	{ "to-all-macs-junk", BOTH, NOWHERE, JUNK, .size = 320,
	  .mac = MAC_BROADCAST },
	{ "from-group", BOTH, NOWHERE, AUTHENTIC, .from = ROUTERS },
	{ "from-unspecified", BOTH, NOWHERE, AUTHENTIC, .from = UNSPECIFIED },
	{ "from-broadcast", V4, NOWHERE, AUTHENTIC, .from = LIMITED },
	{ "from-subnet-broadcast", V4, NOWHERE, AUTHENTIC, .from = SUBNET },
	{ "from-loopback", BOTH, NOWHERE, AUTHENTIC, .from = LOOPBACK },
	{ "from-mapped", V6, NOWHERE, AUTHENTIC, .from = MAPPED },

	/* Linux puts fragments of IPv4 together before INPUT. It does that for
	 * IPv6 after INPUT, and until then they have a header of their own. */
	{ "fragments-2", V4, AT_INPUT, AUTHENTIC, .split = TWO },
	{ "fragments-2-reversed", V4, AT_INPUT, AUTHENTIC,
	  .split = TWO_REVERSED },
	{ "fragments-3", V4, AT_INPUT, AUTHENTIC, .split = THREE },
	{ "fragments-3-reversed", V4, AT_INPUT, AUTHENTIC,
	  .split = THREE_REVERSED },
	{ "fragments-2", V6, NOWHERE, AUTHENTIC, .split = TWO },
	{ "fragments-2-reversed", V6, NOWHERE, AUTHENTIC,
	  .split = TWO_REVERSED },
	{ "fragments-3", V6, NOWHERE, AUTHENTIC, .split = THREE },
	{ "fragments-3-reversed", V6, NOWHERE, AUTHENTIC,
	  .split = THREE_REVERSED },
	{ "fragments-junk", BOTH, NOWHERE, JUNK, .size = 320, .split = TWO },
	{ "fragments-overlap", BOTH, NOWHERE, AUTHENTIC, .split = OVERLAP },
	{ "fragment-first", BOTH, NOWHERE, AUTHENTIC, .split = FIRST_ONLY },
	{ "fragment-later", BOTH, NOWHERE, AUTHENTIC, .split = LATER_ONLY },

	{ "options", V4, EVERYWHERE, AUTHENTIC, .options = NOPS },
	{ "options-junk", V4, NOWHERE, JUNK, .size = 320, .options = NOPS },
	{ "options-route-junk", V4, NOWHERE, JUNK, .size = 320,
	  .options = RECORD_ROUTE },
	{ "options-malformed-junk", V4, NOWHERE, JUNK, .size = 320,
	  .options = MALFORMED },
	{ "options-fragments", V4, AT_INPUT, AUTHENTIC, .options = NOPS,
	  .split = TWO },
	{ "options-fragments-junk", V4, NOWHERE, JUNK, .size = 320,
	  .options = NOPS, .split = TWO },

	{ "hop-by-hop", V6, NOWHERE, AUTHENTIC, .extensions = { HOP_BY_HOP } },
	{ "destination-options", V6, NOWHERE, AUTHENTIC,
	  .extensions = { OPTIONS } },
	{ "routing-0", V6, NOWHERE, AUTHENTIC, .extensions = { ROUTING_0 } },
	{ "routing-2", V6, NOWHERE, AUTHENTIC, .extensions = { ROUTING_2 } },
	{ "atomic-fragment", V6, NOWHERE, AUTHENTIC, .extensions = { ATOMIC } },
	{ "all-extensions", V6, NOWHERE, AUTHENTIC,
	  .extensions = { HOP_BY_HOP, ATOMIC, OPTIONS } },
	{ "hop-by-hop-fragments", V6, NOWHERE, AUTHENTIC, .split = TWO,
	  .extensions = { HOP_BY_HOP } },
};
/* clang-format on */

enum { PROBES = sizeof(probes) / sizeof(probes[0]) };

/* --- Addresses --- */

struct place {
	const char *v4, *v6;
};

static const struct place host_places[ADDRESSES] = {
	[UNICAST] = { HOST_IPV4, HOST_IPV6 },
	[LINK_LOCAL] = { NULL, "fe80::1" },
	[ANOTHER] = { "198.51.100.9", "2001:db8:77::9" },
	[LOOPBACK] = { "127.0.0.1", "::1" },
	[UNSPECIFIED] = { "0.0.0.0", "::" },
	[MAPPED] = { NULL, "::ffff:" HOST_IPV4 },
	[SUBNET] = { "198.51.100.255", NULL },
	[LIMITED] = { "255.255.255.255", NULL },
	[GROUP] = { "224.0.0.1", "ff02::1" },
	[SOLICITED] = { NULL, "ff02::1:ff00:1" },
};

static const struct place own_places[ADDRESSES] = {
	[UNICAST] = { OWN_IPV4, OWN_IPV6 },
	[LINK_LOCAL] = { NULL, "fe80::2" },
	[LOOPBACK] = { "127.0.0.1", "::1" },
	[UNSPECIFIED] = { "0.0.0.0", "::" },
	[MAPPED] = { NULL, "::ffff:" OWN_IPV4 },
	[SUBNET] = { "198.51.100.255", NULL },
	[LIMITED] = { "255.255.255.255", NULL },
	[ROUTERS] = { "224.0.0.2", "ff02::2" },
};

static size_t put_place(uint8_t *at, const struct place *place,
			enum families family)
{
	return family == V4 ? put_address(at, 4, place->v4)
			    : put_address(at, 6, place->v6);
}

/* The MAC address for the IP address to */
static void put_mac(uint8_t mac[ETH_ALEN], const struct probe *probe,
		    const uint8_t *to, enum families family)
{
	memcpy(mac, host_mac, ETH_ALEN);
	if (probe->mac == MAC_OTHER)
		mac[5] = 9;
	else if (probe->mac == MAC_BROADCAST || probe->to == SUBNET ||
		 probe->to == LIMITED)
		memset(mac, 0xff, ETH_ALEN);
	else if (family == V4 && probe->to == GROUP)
		memcpy(mac,
		       (uint8_t[]){ 1, 0, 0x5e, to[1] & 0x7f, to[2], to[3] },
		       ETH_ALEN);
	else if (probe->to == GROUP || probe->to == SOLICITED)
		memcpy(mac,
		       (uint8_t[]){ 0x33, 0x33, to[12], to[13], to[14],
				    to[15] },
		       ETH_ALEN);
}

/* --- The keys --- */

static struct srq_keys our_keys, other_keys;

static void need(int err)
{
	if (err) {
		fprintf(stderr, "packets: cannot make a key\n");
		exit(1);
	}
}

static void key_from_password(uint8_t key[SRQ_KEY_LEN], const char *password,
			      const char *realm)
{
	need(srq_key_from_password(key, password, strlen(password), realm,
				   strlen(realm)));
}

/* The default key takes a second or more in an emulated machine. */
static void set_keys(const char *text)
{
	uint8_t key[SRQ_KEY_LEN];

	if (!text)
		key_from_password(key, "test", "");
	else if (!srq_key_from_text(key, text, strlen(text)))
		need(1);
	need(srq_keys_derive(&our_keys, key));
	/* Another realm and another password each make another key. To make one
	 * takes a second, so a bit of ours is changed instead. */
	key[0] ^= 1;
	need(srq_keys_derive(&other_keys, key));
}

/* --- Contents --- */

static void command(uint8_t *body, const struct probe *probe,
		    enum families family, uint64_t stamp)
{
	struct srq_command command = {
		.order = stamp,
		.address = { [10] = 0xff, 0xff },
		.count = 1,
		.steps = { { .letter = 'h' } },
	};

	put_place(command.address + (family == V4 ? 12 : 0),
		  &host_places[probe->to], family);
	srq_write_command(body, SRQ_SHORT_BODY, stamp, &command);
}

static void seal(uint8_t *datagram, size_t len, const uint8_t *id,
		 const uint8_t *key, uint64_t nonce_seed)
{
	uint8_t nonce[SRQ_AEAD_NONCE_LEN];

	fill(nonce, sizeof(nonce), nonce_seed);
	srq_datagram_seal(datagram, len, id, key, nonce);
}

/* Returns the length. */
static size_t put_content(uint8_t *at, const struct probe *probe,
			  enum families family, uint64_t stamp)
{
	static const struct srq_result result;
	static const struct srq_log log;
	uint8_t *body = srq_datagram_body(at);
	const struct srq_keys *keys = &our_keys;
	const uint8_t *key = keys->request;
	size_t len = SRQ_SHORT;

	if (probe->content == JUNK || probe->content == MAGIC) {
		fill(at, (size_t)probe->size, (uint64_t)probe->size);
		if (probe->content == MAGIC)
			memcpy(at, "SRQ\2", 4);
		return (size_t)probe->size;
	}
	command(body, probe, family, stamp);
	if (probe->content == FLIPPED_LOG) {
		len = SRQ_LONG;
		srq_write_log(body, SRQ_LONG_BODY, stamp, &log);
	} else if (probe->content == HOSTS_OWN) {
		key = keys->reply;
		srq_write_result(body, SRQ_SHORT_BODY, stamp, SRQ_OK, &result);
	} else if (probe->content == HOSTS_OWN_HELLO) {
		key = keys->reply;
		srq_write_hello(body, SRQ_SHORT_BODY, stamp);
	} else if (probe->content == OTHER_REALM) {
		keys = &other_keys;
		key = keys->request;
	} else if (probe->content == OTHER_PASSWORD) {
		key = other_keys.request;
	}
	seal(at, len, keys->id, key, stamp ^ (uint64_t)family << 60);
	if (probe->content == FLIPPED || probe->content == FLIPPED_LOG) {
		at[probe->size] ^= 0x10;
	} else if (probe->content == AUTHENTIC) {
		at[len] = 0;
		len += (size_t)probe->size;
	}
	return len;
}

/* --- Headers --- */

/* The IP header of a probe. Its number makes the id. */
static struct ip_packet ip_of(const struct probe *probe, unsigned int number,
			      enum families family)
{
	struct ip_packet ip = {
		.version = family == V4 ? 4 : 6,
		.ttl = probe->ttl ?: 64,
		.protocol = IPPROTO_UDP,
		.id = number + 1,
	};

	put_place(ip.from, &own_places[probe->from], family);
	put_place(ip.to, &host_places[probe->to], family);
	return ip;
}

/* Turns the payload at at + UDP_HEADER into UDP. Returns the length. */
static size_t make_udp(uint8_t *at, size_t payload, const struct probe *probe,
		       unsigned int number, const struct ip_packet *ip)
{
	size_t len = UDP_HEADER + payload;
	uint16_t says = probe->udp_len_zero
				? 0
				: (uint16_t)((int)len + probe->udp_len_add);
	/* The checksum is right for the length that UDP says, so that the host does
	 * not ignore the datagram for its checksum. IPv6 takes 0 for the whole. */
	size_t covered = says == 0 || says > len ? len : says;
	uint16_t check;

	put_udp(at, ip, FIRST_PORT + number, says, covered);
	check = srq_get16(at + 6);
	if (probe->checksum == ZERO)
		srq_put16(at + 6, 0);
	else if (probe->checksum == WRONG)
		srq_put16(at + 6, (uint16_t)(check ^ 0x0101) ?: 0xffff);
	return len;
}

struct piece {
	const uint8_t *data;
	size_t len;
	unsigned int at; /* within the datagram */
	bool more;
};

static size_t make_ipv4(uint8_t *at, struct ip_packet *ip,
			const struct piece *piece, const struct probe *probe)
{
	static const uint8_t options[][8] = {
		[NOPS] = { 1, 1, 1, 1, 1, 1, 1, 0 },
		[RECORD_ROUTE] = { 7, 7, 4, 0, 0, 0, 0, 0 },
		[MALFORMED] = { 7, 99, 4, 0, 0, 0, 0, 0 },
	};
	size_t len = ip_header_len(4);

	ip->options = probe->options ? sizeof(options[0]) : 0;
	put_ip(at, ip,
	       (size_t)((int)(ip->options + piece->len) + probe->ip_len_add));
	memcpy(at + len, options[probe->options], ip->options);
	len += ip->options;
	mend_checksum(at, len);
	at[10] ^= probe->ip_checksum_wrong;
	memcpy(at + len, piece->data, piece->len);
	return len + piece->len;
}

struct extension_header {
	uint8_t number, len;
	uint8_t bytes[24]; /* the first one will be the next header's number */
};

/* Behind the header whose number stands at *number. Returns its length. */
static size_t put_extension(uint8_t *at, uint8_t **number,
			    const struct extension_header *header)
{
	memcpy(at, header->bytes, header->len);
	at[0] = **number;
	**number = header->number;
	*number = at;
	return header->len;
}

static size_t make_ipv6(uint8_t *at, struct ip_packet *ip,
			const struct piece *piece, const struct probe *probe)
{
	static const struct extension_header extensions[] = {
		[HOP_BY_HOP] = { IPPROTO_HOPOPTS, 8, { 0, 0, 1, 4 } },
		[OPTIONS] = { IPPROTO_DSTOPTS, 8, { 0, 0, 1, 4 } },
		[ROUTING_0] = { IPPROTO_ROUTING, 8, { 0 } },
		[ROUTING_2] = { IPPROTO_ROUTING,
				24,
				{ 0, 2, 2, 0, 0, 0, 0, 0, 0x20, 1, 13, 0xb8 } },
		[ATOMIC] = { IPPROTO_FRAGMENT, 8, { 0, 0, 0, 0, 9, 9, 9, 9 } },
	};
	struct extension_header fragment = { IPPROTO_FRAGMENT,
					     FRAGMENT_HEADER,
					     { 0 } };
	uint8_t *number = &ip->protocol;
	size_t header = ip_header_len(6), len = header;

	ip->protocol = IPPROTO_UDP;
	for (size_t i = 0; i < 3 && probe->extensions[i]; i++)
		len += put_extension(at + len, &number,
				     &extensions[probe->extensions[i]]);
	if (ip->at || ip->more) {
		put_fragment(fragment.bytes, 0, ip);
		len += put_extension(at + len, &number, &fragment);
	}
	memcpy(at + len, piece->data, piece->len);
	len += piece->len;
	put_ip(at, ip, (size_t)((int)(len - header) + probe->ip_len_add));
	return len;
}

enum { PIECES_MAX = 3, REST = 0xffff };

/* Each piece has the bytes from..to of UDP, and says that they belong at that place. The
 * pieces are sent in this order. */
static const struct {
	uint16_t from, to, at;
	bool more;
} cuts[][PIECES_MAX] = {
	[WHOLE] = { { 0, REST, 0, false } },
	[TWO] = { { 0, 168, 0, true }, { 168, REST, 168, false } },
	[TWO_REVERSED] = { { 168, REST, 168, false }, { 0, 168, 0, true } },
	[THREE] = { { 0, 8, 0, true },
		    { 8, 248, 8, true },
		    { 248, REST, 248, false } },
	[THREE_REVERSED] = { { 208, REST, 208, false },
			     { 104, 208, 104, true },
			     { 0, 104, 0, true } },
	[OVERLAP] = { { 0, 168, 0, true }, { 160, REST, 160, false } },
	[FIRST_ONLY] = { { 0, REST, 0, true }, { 0, REST, 16, true } },
	[LATER_ONLY] = { { 0, REST, 64, true }, { 0, REST, 80, true } },
};

/* Returns how many pieces there are. */
static size_t cut_up(struct piece pieces[PIECES_MAX], enum split split,
		     const uint8_t *data, size_t len)
{
	size_t n;

	for (n = 0; n < PIECES_MAX && cuts[split][n].to; n++) {
		size_t from = cuts[split][n].from, to = cuts[split][n].to;

		pieces[n].data = data + from;
		pieces[n].len = (to < len ? to : len) - from;
		pieces[n].at = cuts[split][n].at;
		pieces[n].more = cuts[split][n].more;
	}
	return n;
}

/* --- The wire --- */

static int wire;

static void open_wire(void)
{
	int bytes = 4 << 20;

	/* On one CPU, so that packets stay in order: see above. */
	wire = plug_in(0, ETH_P_ALL);
	setsockopt(wire, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes));
}

/* frame has ETH_HLEN bytes of room before the len bytes of the packet. */
static void transmit(uint8_t *frame, size_t len, const uint8_t mac[ETH_ALEN],
		     enum families family)
{
	put_ethernet(frame, mac, family == V4 ? 4 : 6);
	if (send(wire, frame, ETH_HLEN + len, 0) < 0)
		die("packets: send");
}

/* Sends the payload at udp + UDP_HEADER. If meddle is not NULL, it may change every packet
 * before it is sent, and returns the packet's length. */
static void send_payload(uint8_t *udp, size_t payload,
			 const struct probe *probe, unsigned int number,
			 enum families family,
			 size_t (*meddle)(uint8_t *packet, size_t len,
					  enum families family))
{
	struct ip_packet ip = ip_of(probe, number, family);
	size_t len = make_udp(udp, payload, probe, number, &ip);
	struct piece pieces[PIECES_MAX];
	size_t count = cut_up(pieces, probe->split, udp, len);
	uint8_t mac[ETH_ALEN];

	put_mac(mac, probe, ip.to, family);
	for (size_t i = 0; i < count; i++) {
		uint8_t frame[PACKET_MAX + 128] = { 0 };
		uint8_t *packet = frame + ETH_HLEN;

		ip.at = pieces[i].at;
		ip.more = pieces[i].more;
		len = family == V4 ? make_ipv4(packet, &ip, &pieces[i], probe)
				   : make_ipv6(packet, &ip, &pieces[i], probe);
		if (meddle)
			len = meddle(packet, len, family);
		transmit(frame, len + probe->trail, mac, family);
	}
}

static void send_probe(const struct probe *probe, unsigned int number,
		       enum families family, uint64_t stamp)
{
	uint8_t udp[PACKET_MAX];
	size_t len = put_content(udp + UDP_HEADER, probe, family, stamp);

	send_payload(udp, len, probe, number, family, NULL);
}

/* --- Answers --- */

/* A ping */
static void send_fence(uint16_t sequence)
{
	enum { ICMP_LEN = 8, ECHO_REQUEST = 8 };
	static const struct probe plain;
	struct ip_packet ip = ip_of(&plain, 0, V4);
	uint8_t frame[ETH_HLEN + 28] = { 0 }, *packet = frame + ETH_HLEN;
	size_t header = ip_header_len(4);
	uint8_t *icmp = packet + header;

	ip.protocol = IPPROTO_ICMP;
	put_ip(packet, &ip, ICMP_LEN);
	mend_checksum(packet, header);
	icmp[0] = ECHO_REQUEST;
	srq_put16(icmp + 4, FENCE_ID);
	srq_put16(icmp + 6, sequence);
	srq_put16(icmp + 2, (uint16_t)~sum(icmp, ICMP_LEN, 0));
	transmit(frame, header + ICMP_LEN, host_mac, V4);
}

static bool is_fence(const uint8_t *packet, size_t len, uint16_t sequence)
{
	return len >= 28 && packet[0] == 0x45 && packet[9] == IPPROTO_ICMP &&
	       packet[20] == 0 && srq_get16(packet + 24) == FENCE_ID &&
	       srq_get16(packet + 26) == sequence;
}

/* What a host says unasked: IGMP, MLD, router and neighbour discovery; and, half a minute
 * or a minute later, that the rest of a datagram's fragments has not come */
static bool is_noise(const uint8_t *packet, size_t len)
{
	size_t at = 40;
	uint8_t type;

	if (len < 20)
		return true;
	if (packet[0] >> 4 == 4)
		return packet[9] == IPPROTO_IGMP ||
		       (packet[9] == IPPROTO_ICMP && len >= 28 &&
			packet[20] == ICMP_TIME_EXCEEDED &&
			packet[21] == ICMP_EXC_FRAGTIME);
	if (len < 56)
		return false;
	if (packet[6] == IPPROTO_HOPOPTS)
		at += 8;
	else if (packet[6] == IPPROTO_ICMPV6 &&
		 packet[at] == ICMP6_TIME_EXCEEDED &&
		 packet[at + 1] == ICMP6_TIME_EXCEED_REASSEMBLY)
		return true;
	type = packet[at];
	return (packet[6] == IPPROTO_ICMPV6 ||
		(at > 40 && packet[40] == IPPROTO_ICMPV6)) &&
	       ((type >= 130 && type <= 137) || type == 143);
}

static void still_there(void)
{
	struct pollfd fd = { wire, POLLIN, 0 };

	if (poll(&fd, 1, FENCE_MS) > 0)
		return;
	fprintf(stderr, "packets: the host does not answer any more\n");
	exit(1);
}

/* The next answer to what was sent before the fence. 0: no answer is left. */
static size_t next_answer(uint8_t *packet, uint16_t fence)
{
	for (;;) {
		uint8_t frame[ETH_HLEN + PACKET_MAX];
		struct sockaddr_ll from;
		socklen_t from_len = sizeof(from);
		ssize_t got;
		size_t len;
		uint16_t type;

		still_there();
		got = recvfrom(wire, frame, sizeof(frame), 0,
			       (struct sockaddr *)&from, &from_len);
		if (got < ETH_HLEN || from.sll_pkttype == PACKET_OUTGOING)
			continue;
		len = (size_t)got - ETH_HLEN;
		type = srq_get16(frame + 2 * ETH_ALEN);
		memcpy(packet, frame + ETH_HLEN, len);
		if ((type != ETH_P_IP && type != ETH_P_IPV6) ||
		    is_noise(packet, len))
			continue;
		return is_fence(packet, len, fence) ? 0 : len;
	}
}

static uint16_t new_fence(void)
{
	static uint16_t sequence;

	send_fence(++sequence);
	return sequence;
}

/* --- The modes --- */

static enum ours place_of(const char *name)
{
	if (!strcmp(name, "prerouting"))
		return EVERYWHERE;
	if (!strcmp(name, "input"))
		return AT_INPUT;
	fprintf(stderr, "packets: a rule is at input or prerouting, not '%s'\n",
		name);
	exit(2);
}

static bool ours_at(const struct probe *probe, enum ours place)
{
	return probe->ours && probe->ours >= place;
}

/* Calls f for every probe and family that is ours at this place, or that is not. */
static void each(enum ours place, bool ours, uint64_t stamp,
		 void (*f)(const struct probe *probe, unsigned int number,
			   enum families family, uint64_t stamp))
{
	for (unsigned int i = 0; i < PROBES; i++) {
		const struct probe *p = &probes[i];

		for (unsigned int family = V4; family <= V6; family++) {
			if (!(p->families & family) ||
			    ours_at(p, place) != ours)
				continue;
			f(p, 2 * i + (family == V6), family,
			  stamp + 2 * i + (family == V6));
		}
	}
}

static void show_name(const struct probe *probe, enum families family)
{
	printf("%s-%s", probe->name, family == V4 ? "v4" : "v6");
}

static void probe_one(const struct probe *probe, unsigned int number,
		      enum families family, uint64_t stamp)
{
	uint8_t answer[PACKET_MAX];
	bool any = false;
	uint16_t fence;
	size_t len;

	send_probe(probe, number, family, stamp);
	fence = new_fence();
	show_name(probe, family);
	while ((len = next_answer(answer, fence)) > 0) {
		if (answer[0] >> 4 == 4) {
			srq_put16(answer + 4, 0);
			srq_put16(answer + 10, 0);
		}
		putchar(' ');
		for (size_t i = 0; i < len; i++)
			printf("%02x", answer[i]);
		any = true;
	}
	puts(any ? "" : " -");
}

static bool failed;

/* Prints what the host answers to the authentic datagram that was just sent. */
static void show_reply(enum families family)
{
	size_t at = ip_header_len(family == V4 ? 4 : 6) + UDP_HEADER, len;
	uint16_t fence = new_fence();
	struct srq_header header = { .type = 0 };
	uint8_t answer[PACKET_MAX];
	unsigned int count = 0;

	while ((len = next_answer(answer, fence)) > 0) {
		count++;
		if (len != at + SRQ_SHORT ||
		    !srq_datagram_open(answer + at, SRQ_SHORT,
				       our_keys.reply) ||
		    !srq_read_header(srq_datagram_body(answer + at),
				     SRQ_SHORT_BODY, &header))
			header.type = 0;
	}
	if (count == 1 && header.type == SRQ_STATUS)
		puts(" answered");
	else if (count == 1 && header.type == SRQ_RESULT && header.code <= 1)
		puts(" accepted");
	else if (count == 1 && header.type == SRQ_RESULT)
		printf(" refused %u\n", header.code);
	else
		puts(" not taken for ours");
	failed |= header.type == 0 || header.code > 1;
}

static void press_one(const struct probe *probe, unsigned int number,
		      enum families family, uint64_t stamp)
{
	send_probe(probe, number, family, stamp);
	show_name(probe, family);
	show_reply(family);
}

static void good(void)
{
	static const struct probe plain = { .content = AUTHENTIC };
	uint8_t udp[PACKET_MAX], *datagram = udp + UDP_HEADER;

	for (unsigned int family = V4; family <= V6; family++) {
		uint64_t now = real_time();

		srq_write_hello(srq_datagram_body(datagram), SRQ_SHORT_BODY,
				now);
		seal(datagram, SRQ_SHORT, our_keys.id, our_keys.request, now);
		send_payload(udp, SRQ_SHORT, &plain, 0, family, NULL);
		printf("hello-v%u", family == V4 ? 4 : 6);
		show_reply(family);

		send_probe(&plain, 0, family, real_time());
		printf("command-v%u", family == V4 ? 4 : 6);
		show_reply(family);
	}
}

/* --- The flood --- */

/* Flips a few bits of the headers, and of the payload's first 36 bytes at most. Mostly it
 * makes the checksum of IPv4 right again. Returns the length. */
static size_t spoil_header(uint8_t *packet, size_t len, enum families family)
{
	if (below(2))
		return len;
	for (unsigned int n = 1 + below(3); n > 0; n--)
		packet[below(len < 64 ? (unsigned int)len : 64)] ^=
			(uint8_t)(1 << below(8));
	if (family == V4 && below(8))
		mend_checksum(packet, len);
	return below(8) ? len : below((unsigned int)len) + 1;
}

/* Returns a new length, or len itself. */
static size_t resize(uint8_t *datagram, size_t len)
{
	switch (below(4)) {
	case 0:
		return below((unsigned int)len);
	case 1:
		fill(datagram + len, 1400 - len, next(&seed));
		return len + 1 + below(1400 - (unsigned int)len);
	default:
		return len;
	}
}

/*
 * No datagram of the flood is authentic. It has another length, or a bit is flipped in a
 * place where spoil_header() cannot flip it back. spoil_header() reaches into every
 * fragment, and two halves of the same datagram may meet; so each half has more bits
 * flipped than spoil_header() can flip back.
 */
static void flood_one(const uint8_t *authentic, size_t len)
{
	const struct probe *p = &probes[below(PROBES)];
	enum families family =
		p->families == BOTH ? 1U << below(2) : p->families;
	uint8_t udp[PACKET_MAX], *datagram = udp + UDP_HEADER;
	size_t size;

	memcpy(datagram, authentic, len);
	if (p->split != WHOLE) {
		for (size_t at = 40; at + 32 <= len; at += 32)
			datagram[at + below(32)] ^= 0x0f;
		/* Each fragment must have some bytes. */
		size = resize(datagram, len);
		size = size < SRQ_SHORT ? SRQ_SHORT : size;
		send_payload(udp, size, p, below(1 << 14), family,
			     spoil_header);
		return;
	}
	if (!below(4)) {
		do
			size = resize(datagram, len);
		while (size == len);
		send_payload(udp, size, p, below(1 << 14), family, NULL);
		return;
	}
	datagram[40 + below((unsigned int)len - 40)] ^=
		(uint8_t)(1 << below(8));
	size = resize(datagram, len);
	send_payload(udp, size, p, below(1 << 14), family, spoil_header);
}

/* Waits until the host has handled all that was sent */
static void wait_for_host(void)
{
	uint8_t answer[PACKET_MAX];
	uint16_t fence = new_fence();

	while (next_answer(answer, fence) > 0)
		;
}

static void flood(unsigned int seconds)
{
	enum { STOCK = 16 };
	static uint8_t stock[STOCK][SRQ_LONG];
	static const struct probe plain = { .content = AUTHENTIC };
	static const struct srq_log log;
	uint64_t start = real_time(), stamp = start, count = 0;

	for (unsigned int i = 0; i < STOCK; i++) {
		uint8_t *body = srq_datagram_body(stock[i]);

		stamp++;
		if (i & 1) {
			srq_write_log(body, SRQ_LONG_BODY, stamp, &log);
			seal(stock[i], SRQ_LONG, our_keys.id, our_keys.request,
			     stamp);
		} else {
			command(body, &plain, i & 2 ? V4 : V6, stamp);
			seal(stock[i], SRQ_SHORT, our_keys.id, our_keys.request,
			     stamp);
		}
	}
	while (real_time() < start + seconds * 1000000000ULL) {
		for (unsigned int n = 0; n < 64; n++) {
			unsigned int i = below(STOCK);

			flood_one(stock[i], i & 1 ? SRQ_LONG : SRQ_SHORT);
		}
		wait_for_host();
		count += 64;
	}
	printf("%llu datagrams\n", (unsigned long long)count);
}

/* --- */

static void usage(void)
{
	fputs("packets [-k KEY] good\n"
	      "    one hello and one command to press h for each of IPv4, IPv6\n"
	      "packets [-k KEY] probe input|prerouting [STAMP]\n"
	      "    all that the module does not take with a rule there, and the answers\n"
	      "packets [-k KEY] ours input|prerouting\n"
	      "    all that it takes: each presses h\n"
	      "packets [-k KEY] flood SECONDS [SEED]\n"
	      "packets key PASSWORD [REALM]\n"
	      "    prints the KEY of this password; without -k it is \"test\"\n"
	      "packets list\n"
	      "    prints the probes, and with which rule the module takes each\n",
	      stderr);
	exit(2);
}

static void list(void)
{
	static const char *const where[] = {
		[NOWHERE] = "nowhere",
		[AT_INPUT] = "input",
		[EVERYWHERE] = "everywhere",
	};

	for (size_t i = 0; i < PROBES; i++) {
		const struct probe *p = &probes[i];

		printf("%s %s%s %s\n", p->name, p->families & V4 ? "v4" : "",
		       p->families & V6 ? "v6" : "", where[p->ours]);
	}
}

static void print_key(const char *password, const char *realm)
{
	char text[SRQ_KEY_TEXT_LEN + 1];
	uint8_t key[SRQ_KEY_LEN];

	key_from_password(key, password, realm);
	srq_key_to_text(text, key);
	puts(text);
}

int main(int argc, char **argv)
{
	const char *key = NULL, *mode, *arg, *arg2;
	int c;

	while ((c = getopt(argc, argv, "+k:")) != -1) {
		if (c != 'k')
			usage();
		key = optarg;
	}
	if (optind == argc)
		usage();
	mode = argv[optind];
	arg = optind + 1 < argc ? argv[optind + 1] : NULL;
	arg2 = optind + 2 < argc ? argv[optind + 2] : NULL;

	if (!strcmp(mode, "list")) {
		list();
		return 0;
	}
	if (!strcmp(mode, "key") && arg) {
		print_key(arg, arg2 ?: "");
		return 0;
	}
	set_keys(key);
	open_wire();
	if (!strcmp(mode, "good"))
		good();
	else if (!strcmp(mode, "probe") && arg)
		each(place_of(arg), false,
		     arg2 ? strtoull(arg2, NULL, 10) : real_time(), probe_one);
	else if (!strcmp(mode, "ours") && arg)
		each(place_of(arg), true, real_time(), press_one);
	else if (!strcmp(mode, "flood") && arg) {
		seed = arg2 ? strtoull(arg2, NULL, 10) : 1;
		flood((unsigned int)strtoul(arg, NULL, 10));
	} else {
		usage();
	}
	return failed;
}
