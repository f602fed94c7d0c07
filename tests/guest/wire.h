/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the programs share that send crafted packets to a host: the cable, and
 * what makes two runs alike.
 *
 * The cable is a pair of veth: the host's end has the addresses *.1 and ::1, the
 * far end is WIRE with no address at all, so that no kernel but the host's
 * answers anything, and the host's neighbour entries for *.2 and ::2 are
 * permanent. Every byte is the program's own, the Ethernet header's too. A
 * packet is handled by the host on the CPU that sends it.
 */
#ifndef WIRE_H
#define WIRE_H

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define WIRE "pk1"

enum {
	HOST_PORT = 9,
	UDP_HEADER = 8,
};

static const uint8_t host_mac[ETH_ALEN] = { 2, 0, 0, 0, 0, 1 };
static const uint8_t own_mac[ETH_ALEN] = { 2, 0, 0, 0, 0, 2 };

static inline void die(const char *what)
{
	perror(what);
	exit(1);
}

/* splitmix64 */
static inline uint64_t next(uint64_t *seed)
{
	uint64_t z = *seed += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static inline void fill(uint8_t *at, size_t len, uint64_t seed)
{
	for (size_t i = 0; i < len; i++)
		at[i] = (uint8_t)next(&seed);
}

/* ns since 1970 */
static inline uint64_t real_time(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* One's complement sum of big endian words (RFC 1071), not complemented */
static inline uint32_t sum(const uint8_t *at, size_t len, uint32_t start)
{
	for (size_t i = 0; i < len; i++)
		start += i & 1 ? at[i] : (uint32_t)at[i] << 8;
	while (start >> 16)
		start = (start & 0xffff) + (start >> 16);
	return start;
}

/*
 * A raw socket on WIRE, for this process, which stays on one CPU from here on.
 * protocol: what it receives, in host byte order; 0 for nothing.
 */
static inline int plug_in(unsigned int cpu, uint16_t protocol)
{
	struct sockaddr_ll at = { .sll_family = AF_PACKET,
				  .sll_protocol = htons(protocol),
				  .sll_ifindex = (int)if_nametoindex(WIRE) };
	int wire = socket(AF_PACKET, SOCK_RAW, 0);
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(cpu, &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus))
		die("cannot stay on one CPU");
	if (!at.sll_ifindex)
		die(WIRE);
	if (wire < 0 || bind(wire, (struct sockaddr *)&at, sizeof(at)))
		die("cannot send to " WIRE);
	return wire;
}

#endif
