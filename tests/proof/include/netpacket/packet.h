/* SPDX-License-Identifier: GPL-2.0 */
/* All of it that a host has, and that nothing here reads */
#ifndef SRQ_PROOF_PACKET_H
#define SRQ_PROOF_PACKET_H

struct sockaddr_ll {
	unsigned char sll_addr[8];
};

#endif
