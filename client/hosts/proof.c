// SPDX-License-Identifier: GPL-2.0
#include "client/hosts/proof.h"

bool proof_of_reboot(const struct proof *proof,
		     const struct sysrq_status *status)
{
	return status->epoch != proof->epoch && !status->restored &&
	       proof->asked > proof->sent &&
	       status->boot_time < proof->asked - proof->sent;
}

bool proof_of_on(const struct proof *proof, const struct sysrq_status *status)
{
	return proof_of_reboot(proof, status) && !status->panicked;
}

bool proof_is_off(const struct sysrq_status *status)
{
	return status->panicked && status->cpus == 1;
}

/* Another epoch without a boot is another machine with the same key. */
bool proof_of_off(const struct proof *proof, const struct sysrq_status *status)
{
	return proof->asked > proof->sent && proof_is_off(status) &&
	       (status->epoch == proof->epoch ||
		proof_of_reboot(proof, status));
}
