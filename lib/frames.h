/* SPDX-License-Identifier: GPL-2.0 */
/*
 * UDP over IPv4 in Ethernet frames of our own making, for a host that has lost
 * its IPv4 address: a frame goes to the hardware address of its card. What comes
 * back is taken from the interface, before routes and firewall of this machine.
 */
#ifndef SRQ_FRAMES_H
#define SRQ_FRAMES_H

#include <netinet/in.h>
#include <netpacket/packet.h>
#include <stdint.h>
#include <sys/types.h>

struct srq_frames {
	int fd; /* a packet socket; -1: not open, and the rest is not set */
	struct sockaddr_ll to;
	struct in_addr own;
	uint16_t first_port; /* of SRQ_SOCKETS ports; host byte order */
};

/*
 * Opens f. Returns a UDP socket that holds the port first_port + *number, or a
 * negative errno value. The caller closes it. -EINVAL: no hardware address of
 * one card. -ENODEV: no such interface. -EMEDIUMTYPE: it is not Ethernet.
 * -EADDRNOTAVAIL: it has no IPv4 address. -EPERM: CAP_NET_RAW is missing.
 */
int srq_frames_open(struct srq_frames *f, const char *interface,
		    const uint8_t hardware[6], unsigned int *number);
void srq_frames_close(struct srq_frames *f);

/*
 * Returns a UDP socket that holds the port first_port + number, and takes no
 * datagram; -1: errno says why not. Else this machine would tell the host that
 * the port is closed, or give the port to another program.
 */
int srq_frames_hold(const struct srq_frames *f, unsigned int number);

/* Sends from the port first_port + number. Returns as sendto() does. */
ssize_t srq_frames_send(const struct srq_frames *f, unsigned int number,
			const struct sockaddr_in *to, const void *data,
			size_t len);

/* Takes the next datagram to the port first_port + *number. Returns its length;
 * -1: there is none. */
ssize_t srq_frames_receive(const struct srq_frames *f, unsigned int *number,
			   struct sockaddr_in *from, void *data, size_t size);

#endif
