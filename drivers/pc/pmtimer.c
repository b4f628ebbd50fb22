// SPDX-License-Identifier: BSD-2-Clause
/* pmtimer.c - the ACPI power management timer: 24 or 32 bits. Ref: ACPI 4.8.3.3. */
#include "drivers/bus/acpi.h"
#include "drivers/pc/clocks.h"
#include <asm/port.h>

static uint16_t port;
static struct refclock_rate rate = { .hz = 3579545 };

static uint64_t pmtimer_read(const struct refclock *c UNIK_UNUSED)
{
	return port_in32(port);
}

static bool pmtimer_probe(const struct refclock *c UNIK_UNUSED)
{
	uint32_t flags = acpi_fadt(FADT_FLAGS, 4);
	struct acpi_register r;

	if (flags & FADT_FLAG_HW_REDUCED || !acpi_fadt_register(FADT_X_PM_TMR, FADT_PM_TMR, &r) ||
	    r.space != ACPI_SPACE_IO)
		return false;
	port = (uint16_t)r.address;
	rate.mask = flags & FADT_FLAG_TMR_32BIT ? UINT32_MAX : 0xffffff;
	return port_in32(port) != UINT32_MAX;
}

const struct refclock pmtimer = {
	.name = "pmtimer",
	.rate = &rate,
	.probe = pmtimer_probe,
	.read = pmtimer_read,
};
