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
#include <linux/init.h>
#include <linux/io.h>

#if defined(CONFIG_ACPI) && defined(CONFIG_X86_64)
enum { TYPE_SHIFT = 10, TYPE = 7 << TYPE_SHIFT, ENABLE = 1 << 13 };

/* Of the control registers PM1a and PM1b, of which most machines have the first. */
static struct {
	u16 port; /* 0: there is none */
	u8 type;
} controls[2];

/* What may wake the machine: each block has what has happened, then what may wake. */
static struct {
	u16 port; /* 0: there is none */
	u8 length;
} events[4];

static void __init note_events(int i, const struct acpi_generic_address *block,
			       u8 length)
{
	if (block->space_id != ACPI_ADR_SPACE_SYSTEM_IO)
		return;
	events[i].port = block->address;
	events[i].length = length;
}

void __init srq_off_setup(void)
{
	const struct acpi_table_fadt *fadt = &acpi_gbl_FADT;

	if (acpi_disabled || fadt->flags & ACPI_FADT_HW_REDUCED ||
	    fadt->xpm1a_control_block.space_id != ACPI_ADR_SPACE_SYSTEM_IO ||
	    ACPI_FAILURE(acpi_get_sleep_type_data(
		    ACPI_STATE_S5, &controls[0].type, &controls[1].type)))
		return;
	controls[0].port = fadt->xpm1a_control_block.address;
	controls[1].port = fadt->xpm1b_control_block.address;
	note_events(0, &fadt->xpm1a_event_block, fadt->pm1_event_length);
	note_events(1, &fadt->xpm1b_event_block, fadt->pm1_event_length);
	note_events(2, &fadt->xgpe0_block, fadt->gpe0_block_length);
	note_events(3, &fadt->xgpe1_block, fadt->gpe1_block_length);
}

bool srq_off_possible(void)
{
	return controls[0].port;
}

/* Somebody may have pressed the power button before. A bit that is written is cleared. */
static void forget_events(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(events); i++) {
		u8 half = events[i].length / 2;

		for (u8 at = 0; events[i].port && at < half; at++) {
			outb(0, events[i].port + half + at);
			outb(0xff, events[i].port + at);
		}
	}
}

void srq_off(void)
{
	forget_events();
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
void __init srq_off_setup(void)
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
