// SPDX-License-Identifier: GPL-2.0
#include "fence/proof.h"

bool proof_of_reboot(const struct proof *proof,
		     const struct sysrq_status *status)
{
	return status->epoch != proof->epoch && proof->asked > proof->sent &&
	       status->boot_time < proof->asked - proof->sent;
}

bool proof_of_on(const struct proof *proof, const struct sysrq_status *status)
{
	return proof_of_reboot(proof, status) && !status->panicked;
}

bool proof_of_off(const struct proof *proof, const struct sysrq_status *status)
{
	return proof->asked > proof->sent && status->panicked;
}
