// SPDX-License-Identifier: GPL-2.0
/*
 * Switches a host off after a panic. The handler of the letter o has a worker do
 * it, and there are no workers then. ACPI's own functions run methods of the firmware,
 * which may sleep or wait for a lock. So the module writes the registers itself.
 *
 * Only on amd64: with ACPI, too, an arm64 machine is switched off by its firmware's
 * PSCI, which no module can call.
 */
#include "kernel/host.h"
#include "kernel/panic.h"
#include <linux/acpi.h>
#include <linux/io.h>

#if defined(CONFIG_ACPI) && defined(CONFIG_X86_64)
enum { TYPE_SHIFT = 10, TYPE = 7 << TYPE_SHIFT, ENABLE = 1 << 13 };

/* Of the control registers PM1a and PM1b, of which most machines have the first. */
static struct {
	u16 port; /* 0: there is none */
	u8 type;
} controls[2];

void srq_off_setup(void)
{
	const struct acpi_table_fadt *fadt = &acpi_gbl_FADT;

	if (acpi_disabled || fadt->flags & ACPI_FADT_HW_REDUCED ||
	    fadt->xpm1a_control_block.space_id != ACPI_ADR_SPACE_SYSTEM_IO ||
	    ACPI_FAILURE(acpi_get_sleep_type_data(
		    ACPI_STATE_S5, &controls[0].type, &controls[1].type)))
		return;
	controls[0].port = fadt->xpm1a_control_block.address;
	controls[1].port = fadt->xpm1b_control_block.address;
}

bool srq_off_possible(void)
{
	return controls[0].port;
}

void srq_off(void)
{
	/* Some hardware wants the type first. */
	for (int i = 0; i < 4; i++) {
		u16 port = controls[i % 2].port;
		u16 bits = controls[i % 2].type << TYPE_SHIFT;

		if (i / 2)
			bits |= ENABLE;
		if (port)
			outw((inw(port) & ~TYPE) | bits, port);
	}
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
