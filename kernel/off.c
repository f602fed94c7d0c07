// SPDX-License-Identifier: GPL-2.0
/*
 * Switches a host off after a panic. The handler of the letter o has a worker do
 * it, and there are no workers then.
 *
 * Only on amd64: with ACPI, too, an arm64 machine is switched off by its firmware's
 * PSCI, which no module can call.
 */
#include "kernel/host.h"
#include "kernel/panic.h"
#include <linux/acpi.h>
#include <linux/irqflags.h>

#if defined(CONFIG_ACPI) && defined(CONFIG_X86_64)
static bool possible;

void srq_off_setup(void)
{
	u8 a, b;

	possible =
		!acpi_disabled &&
		ACPI_SUCCESS(acpi_get_sleep_type_data(ACPI_STATE_S5, &a, &b));
}

bool srq_off_possible(void)
{
	return possible;
}

void srq_off(void)
{
	/* With interrupts off, ACPI's allocations do not sleep. */
	local_irq_disable();
	acpi_enter_sleep_state_prep(ACPI_STATE_S5);
	acpi_enter_sleep_state(ACPI_STATE_S5);
}
#else
void srq_off_setup(void)
{
}

bool srq_off_possible(void)
{
	return false;
}

void srq_off(void)
{
}
#endif
