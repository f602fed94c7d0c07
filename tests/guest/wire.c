// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "core/bytes.h"
#include "tests/guest/wire.h"

const uint8_t host_mac[ETH_ALEN] = { 2, 0, 0, 0, 0, 1 };
static const uint8_t own_mac[ETH_ALEN] = { 2, 0, 0, 0, 0, 2 };

uint64_t seed = 1;

void die(const char *what)
{
	perror(what);
	exit(1);
}

uint64_t real_time(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

int plug_in(unsigned int cpu, uint16_t protocol)
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

int plug_in_segment(const char *path)
{
	struct sockaddr_un own = { .sun_family = AF_UNIX },
			   qemu = { .sun_family = AF_UNIX };
	int wire = socket(AF_UNIX, SOCK_DGRAM, 0);

	snprintf(qemu.sun_path, sizeof(qemu.sun_path), "%s", path);
	snprintf(own.sun_path, sizeof(own.sun_path), "%s.far", path);
	unlink(own.sun_path);
	if (wire < 0 || bind(wire, (struct sockaddr *)&own, sizeof(own)) ||
	    connect(wire, (struct sockaddr *)&qemu, sizeof(qemu)))
		die(path);
	return wire;
}

uint64_t next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

unsigned int below(unsigned int n)
{
	return (unsigned int)(next(&seed) % n);
}

void fill(uint8_t *at, size_t len, uint64_t state)
{
	for (size_t i = 0; i < len; i++)
		at[i] = (uint8_t)next(&state);
}

uint32_t sum(const uint8_t *at, size_t len, uint32_t start)
{
	for (size_t i = 0; i < len; i++)
		start += i & 1 ? at[i] : (uint32_t)at[i] << 8;
	while (start >> 16)
		start = (start & 0xffff) + (start >> 16);
	return start;
}

size_t address_len(unsigned int version)
{
	return version == 4 ? 4 : 16;
}

size_t ip_header_len(unsigned int version)
{
	return version == 4 ? 20 : 40;
}

size_t put_address(uint8_t *at, unsigned int version, const char *text)
{
	if (inet_pton(version == 4 ? AF_INET : AF_INET6, text, at) != 1)
		die(text);
	return address_len(version);
}

void put_ethernet(uint8_t *at, const uint8_t to[ETH_ALEN], unsigned int version)
{
	memcpy(at, to, ETH_ALEN);
	memcpy(at + ETH_ALEN, own_mac, ETH_ALEN);
	srq_put16(at + 2 * ETH_ALEN, version == 4 ? ETH_P_IP : ETH_P_IPV6);
}

static void put_ipv4(uint8_t *at, const struct ip_packet *ip, size_t len)
{
	at[0] = (uint8_t)(0x40 | (20 + ip->options) / 4);
	srq_put16(at + 2, (uint16_t)(20 + len));
	srq_put16(at + 4, (uint16_t)ip->id);
	srq_put16(at + 6, (uint16_t)(ip->at / 8 | (ip->more ? 0x2000 : 0)));
	at[8] = ip->ttl;
	at[9] = ip->protocol;
	memcpy(at + 12, ip->from, 4);
	memcpy(at + 16, ip->to, 4);
}

static void put_ipv6(uint8_t *at, const struct ip_packet *ip, size_t len)
{
	at[0] = 0x60;
	srq_put16(at + 4, (uint16_t)len);
	at[6] = ip->protocol;
	at[7] = ip->ttl;
	memcpy(at + 8, ip->from, 16);
	memcpy(at + 24, ip->to, 16);
}

void put_ip(uint8_t *at, const struct ip_packet *ip, size_t len)
{
	memset(at, 0, ip_header_len(ip->version));
	if (ip->version == 4)
		put_ipv4(at, ip, len);
	else
		put_ipv6(at, ip, len);
}

void mend_checksum(uint8_t *ip, size_t len)
{
	size_t header = (ip[0] & 15) * 4U;

	if (header < 20 || header > len)
		return;
	srq_put16(ip + 10, 0);
	srq_put16(ip + 10, (uint16_t)~sum(ip, header, 0));
}

void put_fragment(uint8_t *at, uint8_t next_header, const struct ip_packet *ip)
{
	at[0] = next_header;
	at[1] = 0;
	srq_put16(at + 2, (uint16_t)(ip->at | ip->more));
	srq_put32(at + 4, ip->id);
}

void put_udp(uint8_t *at, const struct ip_packet *ip, unsigned int port,
	     size_t len, size_t covered)
{
	size_t n = address_len(ip->version);
	uint32_t check = IPPROTO_UDP + (uint32_t)covered;

	srq_put16(at, (uint16_t)port);
	srq_put16(at + 2, HOST_PORT);
	srq_put16(at + 4, (uint16_t)len);
	srq_put16(at + 6, 0);
	check = sum(ip->from, n, check);
	check = sum(ip->to, n, check);
	check = ~sum(at, covered, check) & 0xffff;
	/* 0 would mean that there is none. */
	srq_put16(at + 6, check ? (uint16_t)check : 0xffff);
}
