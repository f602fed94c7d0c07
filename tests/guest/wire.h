/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the programs share that send crafted packets to a host: the cable, the headers
 * of a packet, and random numbers that are the same for the same seed.
 *
 *	far end                            host under test
 *	WIRE, without an address  ------   pk0 198.51.100.1, 2001:db8:77::1, fe80::1
 *
 * The cable is a pair of veth. Its far end has no address, so that no other kernel than
 * the host's answers to anything. The program writes every byte of a frame. The host has
 * permanent neighbours *.2 and ::2 at that end. It handles a packet on the CPU that has
 * sent it.
 */
#ifndef WIRE_H
#define WIRE_H

#include <linux/if_ether.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WIRE      "pk1"

#define HOST_IPV4 "198.51.100.1"
#define HOST_IPV6 "2001:db8:77::1"
#define OWN_IPV4  "198.51.100.2"
#define OWN_IPV6  "2001:db8:77::2"

enum {
	HOST_PORT = 9,
	FIRST_PORT = 20000, /* the program sends from this one and later ones */
	UDP_HEADER = 8,
	FRAGMENT_HEADER = 8, /* IPv6 */
};

extern const uint8_t host_mac[ETH_ALEN];

/* Prints what has failed, and errno, and ends the process. */
void die(const char *what);

/* ns since 1970 */
uint64_t real_time(void);

/*
 * A raw socket on WIRE. The process stays on that CPU from here on. protocol: what the
 * socket receives, in host byte order; 0 for nothing.
 */
int plug_in(unsigned int cpu, uint16_t protocol);

/*
 * The cable is a socket of QEMU's instead: -netdev dgram, from path to path.far. Nothing is
 * lost on it, because each end waits for the other one.
 */
int plug_in_segment(const char *path);

/* --- Random numbers --- */

/* The seed of below(); 1 at the start. */
extern uint64_t seed;

/* The next random number of a seed (splitmix64), which it changes. */
uint64_t next(uint64_t *seed);
/* 0 to n - 1 */
unsigned int below(unsigned int n);
void fill(uint8_t *at, size_t len, uint64_t seed);

/* --- Headers --- */

/* What the header of an IP packet, or of a fragment, says. */
struct ip_packet {
	unsigned int version;     /* 4 or 6 */
	uint8_t from[16], to[16]; /* IPv4: in the first 4 bytes */
	uint8_t ttl;
	uint8_t protocol; /* the number of what follows the header */
	size_t options;   /* IPv4: bytes of options, a multiple of 4 */
	uint32_t id;      /* of the datagram that a fragment is of */
	unsigned int at;  /* a fragment's place in the datagram */
	bool more;        /* more fragments follow */
};

/* Of the version: 4 or 16, and 20 or 40. */
size_t address_len(unsigned int version);
size_t ip_header_len(unsigned int version);

/* Dies where the text is no address of that version. Returns address_len(). */
size_t put_address(uint8_t *at, unsigned int version, const char *text);

/* ETH_HLEN bytes, from the far end */
void put_ethernet(uint8_t *at, const uint8_t to[ETH_ALEN],
		  unsigned int version);

/*
 * ip_header_len() bytes. The header says that len bytes follow it, options included.
 * The checksum of IPv4 is 0; mend_checksum() comes when the options are there.
 */
void put_ip(uint8_t *at, const struct ip_packet *ip, size_t len);
/* Makes the checksum of an IPv4 header right, unless its length is absurd. */
void mend_checksum(uint8_t *ip, size_t len);

/* The fragment header of IPv6, FRAGMENT_HEADER bytes. next_header follows it. */
void put_fragment(uint8_t *at, uint8_t next_header, const struct ip_packet *ip);

/*
 * The UDP header of what follows it in memory: from that port to HOST_PORT. It says that
 * UDP has len bytes. The checksum is right for the first `covered` bytes.
 */
void put_udp(uint8_t *at, const struct ip_packet *ip, unsigned int port,
	     size_t len, size_t covered);

/* One's complement sum of big-endian words (RFC 1071), not complemented */
uint32_t sum(const uint8_t *at, size_t len, uint32_t start);

#endif
