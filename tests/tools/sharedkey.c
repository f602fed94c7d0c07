// SPDX-License-Identifier: GPL-2.0
/*
 * `sharedkey PRIVATE PUBLIC` prints as base64 the key K that the operator with
 * this private key shares with the host that has this public key: for programs
 * that make datagrams of their own.
 */
#include <sodium.h>
#include <stdio.h>
#include "core/key.h"

int main(int argc, char **argv)
{
	uint8_t host[SRQ_KEY_LEN], key[SRQ_KEY_LEN];
	char text[SRQ_KEY_TEXT_LEN + 1];
	struct srq_pair operator;

	if (argc != 3 || sodium_init() < 0 ||
	    !srq_private_from_text(operator.private, argv[1],
				   strlen(argv[1])) ||
	    !srq_key_from_text(host, argv[2], strlen(argv[2])))
		return 2;
	srq_pair_complete(&operator);
	if (srq_key_from_pair(key, &operator, SRQ_OPERATOR, host))
		return 1;
	srq_key_to_text(text, key);
	puts(text);
	return 0;
}
