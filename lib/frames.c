// SPDX-License-Identifier: GPL-2.0
#include <assert.h>
#include <errno.h>
#include <linux/filter.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <unistd.h>

#include "lib/sockets.h"

/* What stands before the datagram. An answer has no IP options, either. */
struct headers {
	struct iphdr ip;
	struct udphdr udp;
};

enum { HOPS = 64, RECEIVE_TRIES = 16 };

/* The filter compares the higher bits of a port. */
static_assert(!(SRQ_SOCKETS & (SRQ_SOCKETS - 1)), "a power of two");
static_assert(sizeof(struct headers) == 28, "headers");

static int filter(int fd, struct sock_filter *lines, unsigned short count)
{
	const struct sock_fprog program = { count, lines };

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program,
			  sizeof(program));
}

/* Lets in UDP to our address and ports, unless it is a fragment. */
static int filter_answers(int fd, const struct srq_frames *f)
{
	enum { PORTS = 0x10000 - SRQ_SOCKETS, FRAGMENT = 0x3fff };
	struct sock_filter lines[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 0), /* no IP options */
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x45, 0, 10),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS,
			 offsetof(struct headers, ip.protocol)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_UDP, 0, 8),
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS,
			 offsetof(struct headers, ip.frag_off)),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, FRAGMENT, 6, 0),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct headers, ip.daddr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ntohl(f->own.s_addr), 0, 4),
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS,
			 offsetof(struct headers, udp.dest)),
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, PORTS),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, f->first_port, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, UINT16_MAX),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};

	return filter(fd, lines, sizeof(lines) / sizeof(lines[0]));
}

/* Returns a UDP socket with this port, in host byte order; 0: any port. */
static int hold(const struct srq_frames *f, uint16_t port)
{
	const struct sockaddr_in at = { .sin_family = AF_INET,
					.sin_port = htons(port),
					.sin_addr = f->own };
	struct sock_filter nothing = BPF_STMT(BPF_RET | BPF_K, 0);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int err;

	if (fd < 0 || (!filter(fd, &nothing, 1) &&
		       !bind(fd, (const struct sockaddr *)&at, sizeof(at))))
		return fd;
	err = errno;
	close(fd);
	errno = err;
	return -1;
}

int srq_frames_hold(const struct srq_frames *f, unsigned int number)
{
	return hold(f, (uint16_t)(f->first_port + number));
}

/* Reads what is to be known of the interface. fd: any IPv4 socket. */
static int look_at(struct srq_frames *f, int fd, const char *interface)
{
	struct ifreq r = { .ifr_ifindex = 0 };

	if (strlen(interface) >= sizeof(r.ifr_name))
		return -ENODEV;
	strcpy(r.ifr_name, interface);
	if (ioctl(fd, SIOCGIFINDEX, &r))
		return -errno;
	f->to.sll_ifindex = r.ifr_ifindex;
	if (ioctl(fd, SIOCGIFHWADDR, &r))
		return -errno;
	if (r.ifr_hwaddr.sa_family != ARPHRD_ETHER)
		return -EMEDIUMTYPE;
	r.ifr_addr.sa_family = AF_INET;
	if (ioctl(fd, SIOCGIFADDR, &r))
		return -errno;
	memcpy(&f->own, &((struct sockaddr_in *)&r.ifr_addr)->sin_addr,
	       sizeof(f->own));
	return 0;
}

/* Finds the interface, and free ports there. Returns what srq_frames_open()
 * does. */
static int prepare(struct srq_frames *f, const char *interface,
		   unsigned int *number)
{
	struct sockaddr_in at;
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), err;

	if (fd < 0)
		return -errno;
	err = look_at(f, fd, interface);
	close(fd);
	if (err)
		return err;
	fd = hold(f, 0);
	if (fd < 0)
		return -errno;
	if (getsockname(fd, (struct sockaddr *)&at, &len)) {
		err = -errno;
		close(fd);
		return err;
	}
	*number = ntohs(at.sin_port) % SRQ_SOCKETS;
	f->first_port = (uint16_t)(ntohs(at.sin_port) - *number);
	return fd;
}

int srq_frames_open(struct srq_frames *f, const char *interface,
		    const uint8_t hardware[6], unsigned int *number)
{
	static const uint8_t none[6];
	int held, err;

	if (hardware[0] & 1 || !memcmp(hardware, none, sizeof(none)))
		return -EINVAL;
	*f = (struct srq_frames){
		.fd = -1,
		.to = { .sll_family = AF_PACKET,
			.sll_protocol = htons(ETHERTYPE_IP),
			.sll_halen = sizeof(none) },
	};
	memcpy(f->to.sll_addr, hardware, sizeof(none));
	held = prepare(f, interface, number);
	if (held < 0)
		return held;
	/* Without a protocol it takes nothing before it has its filter. */
	f->fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (f->fd >= 0 && !filter_answers(f->fd, f) &&
	    !bind(f->fd, (struct sockaddr *)&f->to, sizeof(f->to)))
		return held;
	err = -errno;
	srq_frames_close(f);
	close(held);
	return err;
}

void srq_frames_close(struct srq_frames *f)
{
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
}

/* Returns the checksum of an IP header without options. */
static uint16_t checksum(const struct iphdr *ip)
{
	uint16_t words[sizeof(*ip) / 2];
	uint32_t sum = 0;

	memcpy(words, ip, sizeof(words));
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		sum += words[i];
	sum = (sum & 0xffff) + (sum >> 16);
	sum += sum >> 16;
	return (uint16_t)~sum;
}

ssize_t srq_frames_send(const struct srq_frames *f, unsigned int number,
			const struct sockaddr_in *to, const void *data,
			size_t len)
{
	struct headers h = {
		.ip = { .version = IPVERSION,
			.ihl = sizeof(h.ip) / 4,
			.tot_len = htons((uint16_t)(sizeof(h) + len)),
			.frag_off = htons(IP_DF),
			.ttl = HOPS,
			.protocol = IPPROTO_UDP,
			.saddr = f->own.s_addr,
			.daddr = to->sin_addr.s_addr },
		/* No UDP checksum: the datagram is authentic or worthless. */
		.udp = { .source = htons((uint16_t)(f->first_port + number)),
			 .dest = to->sin_port,
			 .len = htons((uint16_t)(sizeof(h.udp) + len)) },
	};
	struct iovec parts[] = { { &h, sizeof(h) }, { (void *)data, len } };
	struct sockaddr_ll at = f->to;
	const struct msghdr msg = { .msg_name = &at,
				    .msg_namelen = sizeof(at),
				    .msg_iov = parts,
				    .msg_iovlen = 2 };

	h.ip.check = checksum(&h.ip);
	return sendmsg(f->fd, &msg, 0);
}

ssize_t srq_frames_receive(const struct srq_frames *f, unsigned int *number,
			   struct sockaddr_in *from, void *data, size_t size)
{
	for (int i = 0; i < RECEIVE_TRIES; i++) {
		struct headers h;
		struct iovec parts[] = { { &h, sizeof(h) }, { data, size } };
		ssize_t n = readv(f->fd, parts, 2);
		size_t len;

		if (n < 0 && errno == EAGAIN)
			return -1;
		if (n < (ssize_t)sizeof(h))
			continue; /* or the interface went down */
		/* The frame may have padding behind the datagram. */
		len = ntohs(h.udp.len) - sizeof(h.udp);
		if (len > (size_t)n - sizeof(h))
			continue;
		*number = ntohs(h.udp.dest) % SRQ_SOCKETS;
		*from = (struct sockaddr_in){ .sin_family = AF_INET,
					      .sin_port = h.udp.source,
					      .sin_addr.s_addr = h.ip.saddr };
		return (ssize_t)len;
	}
	return -1;
}
