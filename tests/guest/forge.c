// SPDX-License-Identifier: GPL-2.0
/*
 * Floods a host over the cable of wire.h with forged datagrams: mutations of authentic
 * ones, most of which would press a letter. tests/debug/forgery.t, tests/debug/races.t
 * and tests/vm/flood.t run it in the guest. tests/debug/panic.t runs it outside: the
 * cable is a socket of QEMU's then, and takes any frame.
 *
 * It seals a stock of authentic datagrams at the start, and none later. After a mutation
 * a datagram is not authentic, or it is in a packet that the module does not take: one
 * with IPv6 extension headers, or with lengths that disagree. Where the host may put the
 * datagram together with others, and where headers are changed at random, the datagram is
 * always spoiled in the same byte, so that no two of them make an authentic one.
 *
 * The same seed makes the same mutations.
 */
#include <errno.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "core/bytes.h"
#include "core/message.h"
#include "tests/guest/wire.h"

enum {
	JUMBO = 8900, /* the cable's MTU is 9000 */
	PORTS = 8192, /* datagrams come from FIRST_PORT and the ports after it */
	NOISE = 1 << 14,
	CHAIN_MAX = 512, /* bytes of IPv6 extension headers */
	PIECES_MAX = 12,
};

static struct srq_keys keys;
static uint8_t noise[NOISE];

/* Both included */
static unsigned int between(unsigned int from, unsigned int to)
{
	return from + below(to - from + 1);
}

/* Of at most NOISE / 2 bytes at once; JUMBO is more. */
static void put_noise(uint8_t *at, size_t len)
{
	while (len > 0) {
		size_t n = len < NOISE / 2 ? len : NOISE / 2;

		memcpy(at, noise + below(NOISE / 2), n);
		at += n;
		len -= n;
	}
}

enum family { V4, V6, FAMILIES };

/* What stands in the IP header of every datagram of a family */
static struct ip_packet ordinary[FAMILIES] = {
	{ .version = 4, .ttl = 64 },
	{ .version = 6, .ttl = 64 },
};

/* Returns the length of the address. */
static size_t put_any_address(uint8_t *at, enum family family)
{
	static const char *const places[FAMILIES][8] = {
		{ HOST_IPV4, "198.51.100.9", "198.51.100.255",
		  "255.255.255.255", "224.0.0.1", "127.0.0.1", "0.0.0.0",
		  "10.0.2.15" },
		{ HOST_IPV6, "2001:db8:77::9", "fe80::1", "ff02::1", "ff05::2",
		  "::1", "::", "::ffff:" HOST_IPV4 },
	};

	return put_address(at, ordinary[family].version,
			   places[family][below(8)]);
}

/* --- The stock of authentic datagrams --- */

enum { STOCK = 64 };

struct sealed {
	size_t len;
	uint8_t bytes[SRQ_LONG];
};

/* For each family; most are of SRQ_SHORT and press h */
static struct sealed stock[FAMILIES][STOCK];

/* Commands that the host has accepted, and what else was recorded with them */
enum { RECORDINGS_MAX = 256 };

static struct sealed recordings[RECORDINGS_MAX];
static unsigned int recorded;

/* The tape has no lengths. Each datagram begins with the same 4 bytes. */
static void load_recordings(const char *path)
{
	static uint8_t tape[RECORDINGS_MAX * SRQ_LONG];
	FILE *file = fopen(path, "rb");
	size_t len, at = 0;

	if (!file)
		die(path);
	len = fread(tape, 1, sizeof(tape), file);
	fclose(file);
	while (recorded < RECORDINGS_MAX && at + SRQ_SHORT <= len) {
		struct sealed *one = &recordings[recorded++];
		size_t next = at + SRQ_SHORT;

		one->len = SRQ_SHORT;
		if (next != len && memcmp(tape + next, tape, 4) != 0)
			one->len = SRQ_LONG;
		memcpy(one->bytes, tape + at, one->len);
		at += one->len;
	}
	if (!recorded || at != len) {
		fprintf(stderr, "forge: %s: 1 to %d datagrams expected\n", path,
			RECORDINGS_MAX);
		exit(1);
	}
}

static void seal(struct sealed *sealed)
{
	uint8_t nonce[SRQ_AEAD_NONCE_LEN];

	fill(nonce, sizeof(nonce), real_time());
	srq_datagram_seal(sealed->bytes, sealed->len, keys.id, keys.request,
			  nonce);
}

static void put_command(struct sealed *sealed, enum family family,
			const struct srq_command *base)
{
	struct srq_command command = *base;

	if (!command.epoch) {
		const struct ip_packet *ip = &ordinary[family];
		size_t len = address_len(ip->version);

		command.order = real_time();
		if (family == V4)
			memset(command.address + 10, 0xff, 2);
		memcpy(command.address + 16 - len, ip->to, len);
	}
	sealed->len = SRQ_SHORT;
	srq_write_command(srq_datagram_body(sealed->bytes), SRQ_SHORT_BODY,
			  real_time(), &command);
	seal(sealed);
}

static void put_log(struct sealed *sealed, const struct srq_log *log)
{
	sealed->len = SRQ_LONG;
	srq_write_log(srq_datagram_body(sealed->bytes), SRQ_LONG_BODY,
		      real_time(), log);
	seal(sealed);
}

static void put_hello(struct sealed *sealed, uint64_t id)
{
	sealed->len = SRQ_SHORT;
	srq_write_hello(srq_datagram_body(sealed->bytes), SRQ_SHORT_BODY, id);
	seal(sealed);
}

static void fill_stock(void)
{
	static const struct srq_command press_h = {
		.count = 1,
		.steps = { { .letter = 'h' } },
	};
	static const struct srq_log all;

	for (unsigned int family = V4; family < FAMILIES; family++) {
		for (unsigned int i = 0; i < STOCK; i++) {
			if (i % 8)
				put_command(&stock[family][i], family,
					    &press_h);
			else
				put_log(&stock[family][i], &all);
		}
	}
}

/* --- A forgery --- */

struct piece {
	size_t from, to;
	unsigned int at; /* where in the datagram it claims to belong */
	bool more;
};

struct forgery {
	enum family family;
	/* There is room before it for UDP's header and CHAIN_MAX bytes. */
	uint8_t *datagram;
	size_t len;
	int udp_len_add; /* to what UDP says of its length */
	int ip_len_add;  /* to what IP says of its length */
	bool checksum_wrong;
	/* IPv4's options; IPv6's extension headers */
	uint8_t chain[CHAIN_MAX];
	size_t chain_len;
	uint8_t protocol;     /* what IP's header says comes next */
	uint8_t *last_number; /* what says what follows the chain */
	size_t in_each;       /* IPv6: how much of it is in each fragment … */
	uint8_t *fragment_number; /* … and what says that one follows */
	unsigned int udp_cut;     /* bytes of UDP's header, and all behind it */
	unsigned int pieces;      /* 0: it is no fragment */
	struct piece piece[PIECES_MAX];
	unsigned int flips; /* bits of the headers */
	unsigned int ihl;   /* IPv4, if not 0 */
	int version;        /* if not 0 */
	bool addresses;     /* any addresses */
	bool cut;           /* the frame, anywhere */
	unsigned int trail; /* bytes in the frame behind the packet */
	/* The frame's header */
	const uint8_t *to, *from; /* if not NULL */
	unsigned int type;        /* if not 0 */
	unsigned int tags;        /* of VLANs */
	bool bare; /* the datagram is all that follows the frame's header */
	bool runt; /* the frame is cut within that header */
};

/* The authentic datagram's parts */
enum { NONCE_AT = SRQ_HEADER_LEN - SRQ_AEAD_NONCE_LEN };

static void flip(uint8_t *at, size_t len)
{
	at[below((unsigned int)len)] ^= (uint8_t)(1 << below(8));
}

static uint8_t *tag_of(struct forgery *f)
{
	return f->datagram + f->len - SRQ_AEAD_TAG_LEN;
}

/* Always in the same byte: see above. */
static void spoil(struct forgery *f)
{
	f->datagram[SRQ_HEADER_LEN] ^= (uint8_t)between(1, 255);
}

/* --- Kinds: the datagram --- */

static void flipped(struct forgery *f)
{
	flip(f->datagram, f->len);
}

static void flipped_nonce(struct forgery *f)
{
	flip(f->datagram + NONCE_AT, SRQ_AEAD_NONCE_LEN);
}

static void flipped_text(struct forgery *f)
{
	spoil(f);
	for (unsigned int n = below(8); n > 0; n--)
		flip(f->datagram + SRQ_HEADER_LEN + 1,
		     f->len - SRQ_HEADER_LEN - 1);
}

static void flipped_tag(struct forgery *f)
{
	flip(tag_of(f), SRQ_AEAD_TAG_LEN);
}

static void noise_text(struct forgery *f)
{
	put_noise(f->datagram + SRQ_HEADER_LEN, f->len - SRQ_HEADER_LEN);
}

/* The beginning, with the nonce, of one; the end, with the tag, of another */
static void spliced(struct forgery *f)
{
	const struct sealed *other = &stock[f->family][below(STOCK)];
	size_t at = between(SRQ_HEADER_LEN,
			    (unsigned int)f->len - SRQ_AEAD_TAG_LEN);

	if (other->len == f->len &&
	    memcmp(other->bytes, f->datagram, SRQ_HEADER_LEN))
		memcpy(f->datagram + at, other->bytes + at, f->len - at);
	else
		flipped_tag(f);
}

static void other_magic(struct forgery *f)
{
	f->datagram[below(4)] ^= (uint8_t)between(1, 255);
}

static void other_id(struct forgery *f)
{
	put_noise(f->datagram + 4, SRQ_KEY_ID_LEN);
	f->datagram[4] = (uint8_t)~keys.id[0];
}

static void cut_short(struct forgery *f)
{
	f->len = below((unsigned int)f->len);
}

static void empty(struct forgery *f)
{
	f->len = 0;
}

static void grown(struct forgery *f)
{
	unsigned int most = below(16) ? 1400 : JUMBO;
	size_t len = between((unsigned int)f->len + 1, most);

	put_noise(f->datagram + f->len, len - f->len);
	f->len = len;
}

/* --- Kinds: UDP --- */

/* A number that is not 0, but often near it */
static int lie(unsigned int most)
{
	int by = (int)between(1, below(2) ? 16 : most);

	return below(2) ? by : -by;
}

/* One in four times it is right for the other length of datagrams. */
static void udp_length(struct forgery *f)
{
	f->udp_len_add =
		below(4) ? lie(0x7fff) : SRQ_SHORT + SRQ_LONG - 2 * (int)f->len;
}

static void udp_length_absurd(struct forgery *f)
{
	/* Less than UDP's own header */
	f->udp_len_add = -(int)(f->len + between(1, UDP_HEADER));
}

static void udp_cut_short(struct forgery *f)
{
	f->udp_cut = between(1, UDP_HEADER);
}

static void checksum(struct forgery *f)
{
	spoil(f);
	f->checksum_wrong = true;
}

/* --- Kinds: IP --- */

static void ip_length(struct forgery *f)
{
	f->ip_len_add = lie(0x7fff);
}

static void other_version(struct forgery *f)
{
	do
		f->version = (int)between(1, 15);
	while (f->version == (f->family == V4 ? 4 : 6));
}

static void other_header_length(struct forgery *f)
{
	do
		f->ihl = between(1, 15);
	while (f->ihl == 5);
}

static void other_protocol(struct forgery *f)
{
	static const uint8_t protocols[] = { 1,  2,  4,  6,  33,  41,  47,
					     50, 51, 58, 59, 132, 136, 255 };

	f->protocol = protocols[below(sizeof(protocols))];
}

/* Options that hosts know, with lengths that fit, and noise */
static void put_ipv4_options(struct forgery *f)
{
	static const uint8_t known[] = { 0, 1, 7, 68, 130, 131, 137, 148, 255 };
	size_t at = 0;

	f->chain_len = 4 * between(1, 10);
	put_noise(f->chain, f->chain_len);
	while (below(4) && at < f->chain_len) {
		f->chain[at] = known[below(sizeof(known))];
		if (f->chain[at] > 1 && at + 2 < f->chain_len) {
			f->chain[at + 1] = (uint8_t)(4 * below(4) + 3);
			f->chain[at + 2] = 4;
			at += f->chain[at + 1];
		} else {
			at++;
		}
	}
}

static void ipv4_options(struct forgery *f)
{
	spoil(f);
	put_ipv4_options(f);
}

static void any_address(struct forgery *f)
{
	spoil(f);
	f->addresses = true;
}

static void flipped_headers(struct forgery *f)
{
	spoil(f);
	f->flips = between(1, 4);
}

/* --- Kinds: IPv6 extension headers --- */

static const uint8_t extension_numbers[] = {
	IPPROTO_HOPOPTS,    IPPROTO_ROUTING, IPPROTO_DSTOPTS, IPPROTO_AH,
	135 /* mobility */, 139 /* HIP */,   140 /* shim6 */,
};

static void put_options(uint8_t *at, size_t len)
{
	static const uint8_t known[] = { 0, 1, 1, 1, 4, 5, 0x8a, 0xc2, 0xc9 };

	while (len > 1) {
		size_t n = between(0, 6);

		at[0] = known[below(sizeof(known))];
		if (n + 2 > len)
			n = len - 2;
		at[1] = (uint8_t)n;
		memset(at + 2, 0, n);
		at += n + 2;
		len -= n + 2;
	}
	if (len)
		*at = 0;
}

/* One more header behind the others, before UDP */
static void put_extension(struct forgery *f, uint8_t number, size_t len)
{
	uint8_t *at = f->chain + f->chain_len;

	put_noise(at, len);
	if (number == IPPROTO_HOPOPTS || number == IPPROTO_DSTOPTS)
		put_options(at + 2, len - 2);
	if (number == IPPROTO_ROUTING) {
		at[2] = (uint8_t)below(5);
		at[3] = (uint8_t)below(3);
	}
	at[0] = IPPROTO_UDP;
	at[1] = (uint8_t)(number == IPPROTO_AH ? len / 4 - 2 : len / 8 - 1);
	*f->last_number = number;
	f->last_number = at;
	f->chain_len += len;
}

static void some_extensions(struct forgery *f, unsigned int most)
{
	unsigned int n = between(1, most);

	/* Hosts look at hop-by-hop options only where they come first. */
	if (below(2))
		put_extension(f, IPPROTO_HOPOPTS, 8 * between(1, 3));
	while (n-- > 0) {
		unsigned int i = below(sizeof(extension_numbers));

		put_extension(f, extension_numbers[i], 8 * between(1, 5));
	}
}

static void extensions(struct forgery *f)
{
	some_extensions(f, 6);
}

static void extensions_that_lie(struct forgery *f)
{
	some_extensions(f, 4);
	f->chain[below((unsigned int)f->chain_len)] ^= (uint8_t)between(1, 255);
	f->chain[1] = (uint8_t)below(256);
}

static void put_fragment_header(struct forgery *f, unsigned int at, bool more,
				uint32_t id)
{
	uint8_t *header = f->chain + f->chain_len;

	put_extension(f, IPPROTO_FRAGMENT, FRAGMENT_HEADER);
	put_fragment(header, header[0],
		     &(struct ip_packet){ .at = at, .more = more, .id = id });
}

/* Headers that say that a whole datagram is a fragment, or that it is not */
static void fragment_headers(struct forgery *f)
{
	spoil(f);
	for (unsigned int n = between(1, 3); n > 0; n--) {
		if (below(2))
			some_extensions(f, 2);
		put_fragment_header(f, below(2) ? 0 : 8 * below(0x2000),
				    below(2), below(1 << 16));
	}
}

/* --- Kinds: fragments --- */

/* Pieces in order, which make the whole datagram of len bytes */
static void cut_up(struct forgery *f, unsigned int pieces, size_t len,
		   bool tiny)
{
	size_t at = 0;

	f->pieces = pieces;
	for (unsigned int i = 0; i < pieces; i++) {
		size_t left = len - at, n = left;

		if (i + 1 < pieces && left > 16)
			n = tiny ? 8 : 8 * between(1, (unsigned int)left / 16);
		else
			f->pieces = i + 1;
		f->piece[i] = (struct piece){ .from = at,
					      .to = at + n,
					      .at = (unsigned int)at,
					      .more = n < left };
		at += n;
		if (f->pieces == i + 1)
			break;
	}
}

static void shuffle(struct forgery *f)
{
	bool reversed = below(2);

	for (unsigned int i = 0; i < f->pieces; i++) {
		unsigned int j =
			reversed ? f->pieces - 1 - i : below(f->pieces);
		struct piece other = f->piece[j];

		if (reversed && j <= i)
			break;
		f->piece[j] = f->piece[i];
		f->piece[i] = other;
	}
}

/* The length of what the host puts together: UDP's header, and IPv6's chain before it */
static size_t whole(const struct forgery *f)
{
	return UDP_HEADER + f->len +
	       (f->family == V6 ? f->chain_len - f->in_each : 0);
}

static void fragments(struct forgery *f)
{
	spoil(f);
	cut_up(f, between(2, 6), whole(f), false);
	if (below(2))
		shuffle(f);
}

static void fragments_tiny(struct forgery *f)
{
	spoil(f);
	cut_up(f, between(3, PIECES_MAX), whole(f), true);
	if (below(2))
		shuffle(f);
}

static void fragments_overlapping(struct forgery *f)
{
	struct piece *piece;

	fragments(f);
	piece = &f->piece[below(f->pieces)];
	if (below(2)) {
		piece->at = 8 * below((unsigned int)f->len / 8);
	} else if (piece->from) {
		piece->from -= 8;
		piece->at -= 8;
	} else {
		piece->to = whole(f);
	}
}

static void fragments_missing(struct forgery *f)
{
	fragments(f);
	f->pieces--;
	f->piece[below(f->pieces)] = f->piece[f->pieces];
}

static void fragments_twice(struct forgery *f)
{
	fragments(f);
	f->piece[f->pieces] = f->piece[below(f->pieces)];
	f->pieces++;
}

/* A piece at, or beyond, the greatest length of a datagram */
static void fragments_beyond(struct forgery *f)
{
	fragments(f);
	f->piece[below(f->pieces)].at = 8 * between(0x1f80, 0x1fff);
}

static void fragments_with_headers(struct forgery *f)
{
	if (f->family == V4) {
		put_ipv4_options(f);
	} else {
		some_extensions(f, 1);
		f->in_each = f->chain_len;
		f->fragment_number = f->last_number;
		if (below(2))
			some_extensions(f, 2);
	}
	fragments(f);
}

/* --- Kinds: the frame --- */

static void frame_cut(struct forgery *f)
{
	f->cut = true;
}

static void frame_grown(struct forgery *f)
{
	flipped_tag(f);
	f->trail = between(1, 64);
}

/* --- Kinds: what only a segment brings to a host --- */

static void junk(struct forgery *f)
{
	static unsigned int len;

	f->len = len++ % 1473;
	put_noise(f->datagram, f->len);
}

/* Unchanged, which the host has carried out long ago */
static void recording(struct forgery *f)
{
	const struct sealed *one = &recordings[below(recorded)];

	f->len = one->len;
	memcpy(f->datagram, one->bytes, f->len);
	f->addresses = below(2);
}

static void tagged(struct forgery *f)
{
	spoil(f);
	f->tags = between(1, 3);
}

static const uint8_t hardware[][ETH_ALEN] = {
	{ 0xff, 0xff, 0xff, 0xff, 0xff, 0xff },
	{ 0x01, 0x00, 0x5e, 0x00, 0x00, 0x01 }, /* 224.0.0.1 */
	{ 0x33, 0x33, 0x00, 0x00, 0x00, 0x01 }, /* ff02::1 */
	{ 0x33, 0x33, 0xff, 0x00, 0x00, 0x01 }, /* who has …:1? */
	{ 0x01, 0x80, 0xc2, 0x00, 0x00, 0x00 }, /* bridges, flow control … */
	{ 0x01, 0x80, 0xc2, 0x00, 0x00, 0x02 }, /* LACP */
	{ 2, 0, 0, 0, 0, 1 },                   /* the host */
	{ 2, 0, 0, 0, 0, 9 },
	{ 0 },
};

static const uint8_t *any_hardware(void)
{
	return hardware[below(sizeof(hardware) / sizeof(hardware[0]))];
}

static void hardware_addresses(struct forgery *f)
{
	spoil(f);
	f->to = any_hardware();
	if (below(2))
		f->from = any_hardware();
}

static unsigned int any_type(void)
{
	static const uint16_t types[] = {
		ETH_P_IP,   ETH_P_IPV6,     ETH_P_ARP,   ETH_P_8021Q,
		0x88a8,     ETH_P_PPP_SES,  ETH_P_PAUSE, ETH_P_SLOW,
		ETH_P_LLDP, ETH_P_MPLS_UC,  ETH_P_RARP,  ETH_P_PAE,
		ETH_P_TEB,  ETH_P_LOOPBACK, 0x9100,      0xffff,
	};

	/* One in two is a length, of 802.3 */
	return below(2) ? between(1, 1535)
			: types[below(sizeof(types) / sizeof(types[0]))];
}

static void ethernet_type(struct forgery *f)
{
	spoil(f);
	f->type = any_type();
}

static void junk_frame(struct forgery *f)
{
	f->bare = true;
	f->len = below(1501);
	f->type = any_type();
	f->runt = !below(8);
	put_noise(f->datagram, f->len);
}

/* Changes some bits, or the length, of most. */
static void spoil_bare(struct forgery *f)
{
	f->bare = true;
	if (below(4))
		f->to = any_hardware();
	if (below(2))
		f->from = any_hardware();
	for (unsigned int n = below(4); n > 0; n--)
		flip(f->datagram, f->len);
	if (!below(4))
		f->len = below((unsigned int)f->len);
}

/* Questions and answers, from and for any address */
static void arp(struct forgery *f)
{
	uint8_t *at = f->datagram;

	f->type = ETH_P_ARP;
	f->len = below(2) ? 28 : 46;
	put_noise(at, f->len);
	srq_put16(at, 1); /* Ethernet */
	srq_put16(at + 2, ETH_P_IP);
	at[4] = ETH_ALEN;
	at[5] = 4;
	srq_put16(at + 6, (uint16_t)between(1, 2));
	put_any_address(at + 14, V4);
	put_any_address(at + 24, V4);
	spoil_bare(f);
}

/* The same of IPv6, and what routers say */
static void neighbour(struct forgery *f)
{
	uint8_t *at = f->datagram, *icmp = at + ip_header_len(6);
	struct ip_packet ip = ordinary[V6];
	size_t len = below(4) ? 24 + 8 * below(6) : between(4, 200);
	uint32_t check = IPPROTO_ICMPV6 + (uint32_t)len;

	ip.protocol = IPPROTO_ICMPV6;
	ip.ttl = below(8) ? 255 : 64;
	put_any_address(ip.from, V6);
	if (below(2))
		put_any_address(ip.to, V6);
	put_ip(at, &ip, below(8) ? len : between(0, 1500));
	put_noise(icmp, len);
	icmp[0] = (uint8_t)between(133, 137);
	icmp[1] = below(8) ? 0 : (uint8_t)below(256);
	srq_put16(icmp + 2, 0);
	if (len >= 24)
		put_any_address(icmp + 8, V6);
	check = sum(at + 8, 32, check);
	srq_put16(icmp + 2, (uint16_t)~sum(icmp, len, check));
	f->type = ETH_P_IPV6;
	f->len = ip_header_len(6) + len;
	spoil_bare(f);
}

/* --- All kinds --- */

/* How far a kind comes at least: to the rule in PREROUTING, or everywhere to the rule, and
 * the module looks at its tag. */
enum reach { ANY, RULE, TAG };

/* clang-format off */
static const struct kind {
	const char *name;
	bool v4, v6;
	enum reach reach;
	bool rare; /* as it takes several packets */
	void (*make)(struct forgery *f);
} kinds[] = {
	{ "flipped-bit", true, true, RULE, false, flipped },
	{ "flipped-nonce", true, true, TAG, false, flipped_nonce },
	{ "flipped-text", true, true, TAG, false, flipped_text },
	{ "flipped-tag", true, true, TAG, false, flipped_tag },
	{ "noise", true, true, TAG, false, noise_text },
	{ "spliced", true, true, TAG, false, spliced },
	{ "other-magic", true, true, RULE, false, other_magic },
	{ "other-id", true, true, RULE, false, other_id },
	{ "cut", true, true, RULE, false, cut_short },
	{ "empty", true, true, RULE, false, empty },
	{ "grown", true, true, RULE, false, grown },
	{ "udp-length", true, true, RULE, false, udp_length },
	{ "udp-length-absurd", true, true, RULE, false, udp_length_absurd },
	{ "udp-cut", true, true, RULE, false, udp_cut_short },
	{ "checksum", true, true, TAG, false, checksum },
	{ "ip-length", true, true, ANY, false, ip_length },
	{ "version", true, true, ANY, false, other_version },
	{ "header-length", true, false, ANY, false, other_header_length },
	{ "protocol", true, true, ANY, false, other_protocol },
	{ "options", true, false, RULE, false, ipv4_options },
	{ "addresses", true, true, ANY, false, any_address },
	{ "flipped-headers", true, true, ANY, false, flipped_headers },
	{ "extensions", false, true, ANY, false, extensions },
	{ "extensions-that-lie", false, true, ANY, false, extensions_that_lie },
	{ "fragment-headers", false, true, ANY, false, fragment_headers },
	{ "fragments", true, true, ANY, true, fragments },
	{ "fragments-tiny", true, true, ANY, true, fragments_tiny },
	{ "fragments-overlapping", true, true, ANY, true, fragments_overlapping },
	{ "fragments-missing", true, true, ANY, true, fragments_missing },
	{ "fragments-twice", true, true, ANY, true, fragments_twice },
	{ "fragments-beyond", true, true, ANY, true, fragments_beyond },
	{ "fragments-with-headers", true, true, ANY, true, fragments_with_headers },
	{ "frame-cut", true, true, ANY, false, frame_cut },
	{ "frame-grown", true, true, TAG, false, frame_grown },
	/* Only where the cable is a segment */
	{ "junk", true, true, ANY, false, junk },
	{ "recording", true, true, ANY, false, recording },
	{ "tagged", true, true, ANY, false, tagged },
	{ "hardware-addresses", true, true, ANY, false, hardware_addresses },
	{ "ethernet-type", true, true, ANY, false, ethernet_type },
	{ "junk-frame", true, true, ANY, false, junk_frame },
	{ "arp", true, false, ANY, false, arp },
	{ "neighbour", false, true, ANY, false, neighbour },
};
/* clang-format on */

enum {
	KINDS = sizeof(kinds) / sizeof(kinds[0]),
	SEGMENT_KINDS = 8,
};

/* Is the cable a segment? */
static bool segment;

/* --- The wire --- */

enum {
	BATCH = 64,
	/* Ethernet, IP with all that may follow, the end of the frame */
	FRAME_MAX =
		ETH_HLEN + 12 + 40 + CHAIN_MAX + 8 + UDP_HEADER + JUMBO + 64,
};

static int wire;
static uint8_t frames[BATCH][FRAME_MAX];
static size_t frame_len[BATCH];
static unsigned int batched;
static unsigned long frames_sent;

static void flush(void)
{
	struct mmsghdr messages[BATCH] = { 0 };
	struct iovec bytes[BATCH];
	unsigned int sent = 0;

	for (unsigned int i = 0; i < batched; i++) {
		bytes[i] = (struct iovec){ frames[i], frame_len[i] };
		messages[i].msg_hdr.msg_iov = &bytes[i];
		messages[i].msg_hdr.msg_iovlen = 1;
	}
	while (sent < batched) {
		int n = sendmmsg(wire, messages + sent, batched - sent, 0);

		if (n < 0 && errno != EINTR)
			die("forge: send");
		if (n > 0)
			sent += (unsigned int)n;
	}
	frames_sent += batched;
	batched = 0;
}

/* --- Headers --- */

/* Puts UDP's header and IPv6's chain before the datagram. Returns where they
 * begin, and their length with the datagram's in *len. */
static uint8_t *put_before(struct forgery *f, size_t *len)
{
	uint8_t *udp = f->datagram - UDP_HEADER, *start = udp;
	size_t udp_len = UDP_HEADER + f->len;

	put_udp(udp, &ordinary[f->family], FIRST_PORT + below(PORTS),
		(size_t)((int)udp_len + f->udp_len_add), udp_len);
	if (f->checksum_wrong)
		srq_put16(udp + 6, (uint16_t)below(1 << 16));

	*len = f->udp_cut ? UDP_HEADER - f->udp_cut : udp_len;
	if (f->family == V6) {
		start -= f->chain_len;
		memcpy(start, f->chain, f->chain_len);
		*len += f->chain_len;
	}
	return start;
}

/* Each returns the length of the headers before a piece of len bytes. */
static size_t make_ipv4(uint8_t *at, const struct forgery *f,
			struct ip_packet *ip, size_t len)
{
	size_t header = ip_header_len(4);

	ip->options = f->chain_len;
	put_ip(at, ip, (size_t)((int)(f->chain_len + len) + f->ip_len_add));
	memcpy(at + header, f->chain, f->chain_len);
	if (f->version)
		at[0] = (uint8_t)(f->version << 4 | (at[0] & 15));
	if (f->ihl)
		at[0] = (uint8_t)((at[0] & 0xf0) | f->ihl);
	return header + f->chain_len;
}

static size_t make_ipv6(uint8_t *at, const struct forgery *f,
			const struct ip_packet *ip, size_t len)
{
	size_t fixed = ip_header_len(6), header = fixed;
	uint8_t *number = at + 6;

	if (f->pieces)
		header += f->in_each + FRAGMENT_HEADER;
	put_ip(at, ip, (size_t)((int)(header - fixed + len) + f->ip_len_add));
	if (f->version)
		at[0] = (uint8_t)(f->version << 4);
	if (f->pieces) {
		memcpy(at + fixed, f->chain, f->in_each);
		if (f->in_each)
			number = at + fixed + (f->fragment_number - f->chain);
		put_fragment(at + fixed + f->in_each, *number, ip);
		*number = IPPROTO_FRAGMENT;
	}
	return header;
}

/* Changes a packet that is otherwise complete. Returns its length. */
static size_t meddle(const struct forgery *f, uint8_t *ip, size_t len)
{
	size_t headers = ip_header_len(ordinary[f->family].version);

	if (f->addresses) {
		uint8_t *at = ip + (f->family == V4 ? 12 : 8);

		put_any_address(at + put_any_address(at, f->family), f->family);
	}
	/* Up to the byte that spoil() has changed */
	for (unsigned int n = f->flips; n > 0; n--)
		flip(ip, headers + UDP_HEADER + SRQ_HEADER_LEN);
	if (f->family == V4 && (!f->flips || below(8)))
		mend_checksum(ip, len);
	put_noise(ip + len, f->trail);
	if (f->cut)
		return between(1, (unsigned int)len - 1);
	return len + f->trail;
}

static void put_tags(uint8_t *frame, size_t len, unsigned int tags)
{
	static const uint16_t types[] = { ETH_P_8021Q, 0x88a8, 0x9100 };
	uint8_t *at = frame + 2 * ETH_ALEN;
	size_t room = 4 * (size_t)tags;

	memmove(at + room, at, len - 2 * ETH_ALEN);
	for (; tags > 0; tags--, at += 4) {
		srq_put16(at, types[below(2) ? 0 : below(3)]);
		/* 5 is a VLAN of the host, 0 is none. */
		srq_put16(at + 2,
			  (uint16_t)(below(2) ? 5 * below(2) : below(1 << 16)));
	}
}

/* The frame of len bytes is complete but for what f says of its header. */
static void end_frame(const struct forgery *f, size_t len)
{
	uint8_t *frame = frames[batched];

	if (f->to)
		memcpy(frame, f->to, ETH_ALEN);
	if (f->from)
		memcpy(frame + ETH_ALEN, f->from, ETH_ALEN);
	if (f->type)
		srq_put16(frame + 2 * ETH_ALEN, (uint16_t)f->type);
	put_tags(frame, len, f->tags);
	len += 4 * (size_t)f->tags;
	frame_len[batched] = f->runt ? between(1, ETH_HLEN) : len;
	if (++batched == BATCH)
		flush();
}

static void put_bare(const struct forgery *f)
{
	uint8_t *frame = frames[batched];

	put_ethernet(frame, host_mac, 4);
	memcpy(frame + ETH_HLEN, f->datagram, f->len);
	end_frame(f, ETH_HLEN + f->len);
}

static void put_frame(const struct forgery *f, const uint8_t *data,
		      const struct piece *piece, uint16_t id)
{
	uint8_t *frame = frames[batched], *packet = frame + ETH_HLEN;
	size_t len = piece->to - piece->from, header;
	struct ip_packet ip = ordinary[f->family];

	ip.protocol = f->protocol;
	ip.id = id;
	ip.at = piece->at;
	ip.more = piece->more;
	put_ethernet(frame, host_mac, ip.version);
	header = f->family == V4 ? make_ipv4(packet, f, &ip, len)
				 : make_ipv6(packet, f, &ip, len);
	memcpy(packet + header, data + piece->from, len);
	end_frame(f, ETH_HLEN + meddle(f, packet, header + len));
}

static void send_forgery(struct forgery *f)
{
	size_t len;
	const uint8_t *data = put_before(f, &len);
	uint16_t id = (uint16_t)below(1 << 16);

	if (f->bare) {
		put_bare(f);
		return;
	}
	if (!f->pieces)
		put_frame(f, data, &(struct piece){ .to = len }, id);
	/* data begins with the headers that each fragment has. */
	for (unsigned int i = 0; i < f->pieces; i++)
		put_frame(f, data + f->in_each, &f->piece[i], id);
}

/* An authentic datagram in a right packet, to be changed */
static struct forgery *begin(enum family family, const struct sealed *sealed)
{
	static uint8_t room[CHAIN_MAX + UDP_HEADER + JUMBO];
	static struct forgery f;

	f = (struct forgery){
		.family = family,
		.datagram = room + CHAIN_MAX + UDP_HEADER,
		.len = sealed->len,
		.protocol = IPPROTO_UDP,
		.last_number = &f.protocol,
	};
	memcpy(f.datagram, sealed->bytes, sealed->len);
	return &f;
}

/* --- Forgeries of all kinds --- */

static unsigned long counts[KINDS][FAMILIES];

static void forge_one(void)
{
	enum family family = below(2) ? V4 : V6;
	const struct kind *kind;
	struct forgery *f;
	unsigned int i;

	do {
		i = below(segment ? KINDS : KINDS - SEGMENT_KINDS);
		kind = &kinds[i];
	} while (kind->rare && below(4));
	if (family == V4 ? !kind->v4 : !kind->v6)
		family = !family;
	f = begin(family, &stock[family][below(STOCK)]);
	kind->make(f);
	if (segment && !below(16))
		f->tags = between(1, 2);
	send_forgery(f);
	counts[i][family]++;
}

/* How many came at least so far */
static unsigned long reached(enum reach reach, enum family family)
{
	unsigned long n = 0;

	for (size_t i = 0; i < KINDS; i++) {
		if (kinds[i].reach >= reach)
			n += counts[i][family];
	}
	return n;
}

static void show_counts(void)
{
	for (size_t i = 0; i < KINDS - (segment ? 0 : SEGMENT_KINDS); i++)
		printf("kind %s %lu %lu\n", kinds[i].name, counts[i][V4],
		       counts[i][V6]);
	printf("all %lu %lu\n", reached(ANY, V4), reached(ANY, V6));
	printf("rule %lu %lu\n", reached(RULE, V4), reached(RULE, V6));
	printf("tag %lu %lu\n", reached(TAG, V4), reached(TAG, V6));
}

/* --- The most expensive ones to judge: all is right but the tag --- */

static void flood_one(void)
{
	enum family family = below(2) ? V4 : V6;
	struct forgery *f = begin(family, &stock[family][below(STOCK)]);

	flipped_tag(f);
	send_forgery(f);
}

/* --- Authentic ones among forged ones --- */

enum {
	MIXED_BATCH = 16, /* few, because the epoch may change at any time */
	STEPS = 4,
	STEP_MS = 20,
};

/* What the last status told */
static uint64_t epoch, sequence;
static unsigned long heard[SRQ_LOGDATA + 1], accepted;
/* The numbers of the last question that was put between forgeries, and of the last
 * one that was answered; and how many were answered */
static uint64_t asked, answered;
static unsigned long answers;

/* The body of the reply in a frame of len bytes. NULL: the frame has none. */
static uint8_t *reply_in(uint8_t *frame, size_t len, size_t *reply_len)
{
	bool ipv4 = srq_get16(frame + 2 * ETH_ALEN) == ETH_P_IP;
	size_t at = ETH_HLEN + ip_header_len(ipv4 ? 4 : 6) + UDP_HEADER;

	*reply_len = len - at;
	if (len < at || !srq_datagram_length_ok(*reply_len) ||
	    frame[ETH_HLEN + (ipv4 ? 9 : 6)] != IPPROTO_UDP ||
	    !srq_datagram_open(frame + at, *reply_len, keys.reply))
		return NULL;
	return srq_datagram_body(frame + at);
}

static void hear(uint8_t *frame, size_t len)
{
	struct srq_header header;
	struct srq_status status;
	size_t n;
	uint8_t *body = reply_in(frame, len, &n);

	if (!body || !srq_read_header(body, srq_body_length(n), &header))
		return;
	if (header.type <= SRQ_LOGDATA)
		heard[header.type]++;
	if (header.type == SRQ_RESULT && header.code <= SRQ_WITHDRAWN)
		accepted++;
	if (srq_read_status(body, srq_body_length(n), &status)) {
		epoch = status.epoch;
		sequence = status.sequence;
		/* Recordings have random ones. */
		if (header.id > answered && header.id <= asked) {
			answered = header.id;
			answers++;
		}
	}
}

static void hear_all(void)
{
	uint8_t frame[ETH_HLEN + 2048];
	ssize_t len;

	while ((len = recv(wire, frame, sizeof(frame), MSG_DONTWAIT)) > 0)
		hear(frame, (size_t)len);
}

/* A one-way command or, when an epoch is known, one in session. Its steps press the same
 * harmless letter, which sets the console's log level to what races.t has set. So a run is
 * always in progress. */
static void put_new_command(struct sealed *sealed, enum family family)
{
	struct srq_command command = { .count = STEPS };

	for (unsigned int i = 0; i < STEPS; i++)
		command.steps[i] = (struct srq_step){
			.letter = '5',
			.wait_ms = STEP_MS,
		};
	if (epoch && below(2)) {
		struct timespec now;

		clock_gettime(CLOCK_BOOTTIME, &now);
		command.epoch = epoch;
		command.order = ++sequence;
		command.deadline = (uint64_t)(now.tv_sec + 30) * 1000000000;
	}
	put_command(sealed, family, &command);
}

/* A new command, hello or request for the log, or the last one again */
static void authentic_one(void)
{
	struct srq_log all = { .epoch = epoch };
	static struct sealed sealed;
	enum family family = below(2) ? V4 : V6;

	switch (below(4)) {
	case 0:
		put_new_command(&sealed, family);
		break;
	case 1:
		put_hello(&sealed, real_time());
		break;
	case 2:
		put_log(&sealed, &all);
		break;
	}
	if (sealed.len)
		send_forgery(begin(family, &sealed));
}

static void mix_one(void)
{
	if (below(8))
		forge_one();
	else
		authentic_one();
	if (batched >= MIXED_BATCH)
		flush();
	if (!batched)
		hear_all();
}

static void show_heard(void)
{
	printf("statuses %lu\nlogs %lu\nresults %lu\naccepted %lu\n",
	       heard[SRQ_STATUS], heard[SRQ_LOGDATA], heard[SRQ_RESULT],
	       accepted);
}

/* --- Forgeries over a segment, and a question now and then --- */

enum { ASK_EVERY = 1000, LAST_WAIT = 120 /* s */ };

static void ask(void)
{
	struct sealed sealed;

	put_hello(&sealed, ++asked);
	send_forgery(begin(below(2) ? V4 : V6, &sealed));
	flush();
}

static void assault_one(void)
{
	static unsigned int n;

	forge_one();
	if (++n % ASK_EVERY == 0)
		ask();
	if (!batched)
		hear_all();
}

/* The host has taken all that came before the last question that it answers. */
static void wait_for_last_answer(void)
{
	struct pollfd fd = { wire, POLLIN, 0 };
	uint64_t before = asked, second = 0, begun = real_time();

	while (answered <= before && second < LAST_WAIT) {
		if (real_time() >= begun + second * 1000000000) {
			ask();
			second++;
		}
		if (poll(&fd, 1, 100) > 0)
			hear_all();
	}
	printf("asked %llu\nanswers %lu\nlast %d\n", (unsigned long long)asked,
	       answers, answered > before);
}

static volatile sig_atomic_t ended;

static void end(int signal)
{
	(void)signal;
	ended = 1;
}

/* --- Questions, whose answers nobody takes from the segment --- */

static void wait_for_end(void)
{
	puts("sent");
	fflush(stdout);
	while (!ended)
		pause();
}

/* --- */

static void usage(void)
{
	fputs("forge KEY CPU forge COUNT [SEED]\n"
	      "    sends forgeries of all kinds from this CPU; prints how many of\n"
	      "    each it has sent in IPv4 and IPv6, and how far they come at least\n"
	      "forge KEY CPU flood\n"
	      "    sends those that are most expensive to judge, until it is ended\n"
	      "forge KEY CPU mixed\n"
	      "    sends authentic ones among all kinds, until it is ended; prints\n"
	      "    how many answers have come\n"
	      "forge KEY SOCKET segment COUNT SEED TAPE\n"
	      "    sends forgeries, broken frames and the recordings of relay's TAPE\n"
	      "    over a socket of QEMU's; prints, too, how often it has asked for\n"
	      "    the status and got it, and whether it got it at last\n"
	      "forge KEY SOCKET pester COUNT\n"
	      "    asks so often for the status, takes no answer, prints \"sent\", and\n"
	      "    waits until it is ended\n",
	      stderr);
	exit(2);
}

int main(int argc, char **argv)
{
	uint64_t count = UINT64_MAX, begun;
	uint8_t key[SRQ_KEY_LEN];
	void (*one)(void);

	if (argc < 4)
		usage();
	if (argc > 4)
		count = strtoull(argv[4], NULL, 10);
	if (argc > 5)
		seed = strtoull(argv[5], NULL, 10);
	if (!strcmp(argv[3], "forge") && argc > 4) {
		one = forge_one;
	} else if (!strcmp(argv[3], "segment") && argc > 6) {
		one = assault_one;
		load_recordings(argv[6]);
	} else if (!strcmp(argv[3], "pester") && argc > 4) {
		one = ask;
	} else if (!strcmp(argv[3], "flood")) {
		one = flood_one;
	} else if (!strcmp(argv[3], "mixed")) {
		one = mix_one;
	} else {
		usage();
	}
	if (!srq_key_from_text(key, argv[1], strlen(argv[1])) ||
	    srq_keys_derive(&keys, key))
		usage();
	put_address(ordinary[V4].from, 4, OWN_IPV4);
	put_address(ordinary[V4].to, 4, HOST_IPV4);
	put_address(ordinary[V6].from, 6, OWN_IPV6);
	put_address(ordinary[V6].to, 6, HOST_IPV6);
	fill(noise, sizeof(noise), seed);
	fill_stock();
	segment = one == assault_one || one == ask;
	if (segment) {
		wire = plug_in_segment(argv[2]);
	} else {
		wire = plug_in((unsigned int)atoi(argv[2]),
			       one == mix_one ? ETH_P_ALL : 0);
		setsockopt(wire, SOL_PACKET, PACKET_IGNORE_OUTGOING,
			   &(int){ 1 }, sizeof(int));
	}
	signal(SIGTERM, end);

	begun = real_time();
	for (uint64_t n = 0; n < count && !ended; n++)
		one();
	flush();
	if (one == mix_one)
		hear_all();
	if (one == assault_one)
		wait_for_last_answer();
	if (one == ask)
		wait_for_end();
	show_counts();
	if (one == mix_one)
		show_heard();
	printf("frames %lu\nms %llu\n", frames_sent,
	       (unsigned long long)(real_time() - begun) / 1000000);
}
