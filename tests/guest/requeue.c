// SPDX-License-Identifier: GPL-2.0
/*
 * Gives every packet of NFQUEUE 0 back to the kernel, as an intrusion prevention
 * system does with a good packet, and prints a line for each. tests/vm/queue.t runs
 * it in the guest.
 */
#include <arpa/inet.h>
#include <libnetfilter_queue/libnetfilter_queue.h>
#include <linux/netfilter.h>
#include <stdio.h>
#include <sys/socket.h>

static int give_back(struct nfq_q_handle *queue, struct nfgenmsg *message,
		     struct nfq_data *data, void *context)
{
	struct nfqnl_msg_packet_hdr *header = nfq_get_msg_packet_hdr(data);

	(void)message;
	(void)context;
	if (!header)
		return -1;
	puts("given back");
	return nfq_set_verdict(queue, ntohl(header->packet_id), NF_ACCEPT, 0,
			       NULL);
}

int main(void)
{
	struct nfq_handle *handle = nfq_open();
	struct nfq_q_handle *queue;
	char buffer[4096];
	ssize_t len;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!handle ||
	    !(queue = nfq_create_queue(handle, 0, give_back, NULL)) ||
	    nfq_set_mode(queue, NFQNL_COPY_META, 0)) {
		perror("requeue");
		return 1;
	}
	puts("ready");
	while ((len = recv(nfq_fd(handle), buffer, sizeof(buffer), 0)) > 0)
		nfq_handle_packet(handle, buffer, (int)len);
	perror("requeue");
	return 1;
}
