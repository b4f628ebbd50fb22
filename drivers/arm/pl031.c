// SPDX-License-Identifier: BSD-2-Clause
/*
 * pl031.c - the PrimeCell real-time clock: one register that counts seconds since 1970.
 * Ref: Arm DDI 0224, 3.3.
 *
 * It is taken to run in UTC.
 */
#include "arch/mmio.h"
#include "drivers/arm/clocks.h"
#include "drivers/bus/dt.h"

#define REG_DATA  0x000
#define MAP_BYTES 0x1000

static bool pl031_read(const struct wallclock *c UNIK_UNUSED, ns_t *wall)
{
	static char *regs;
	uint32_t seconds;

	if (!regs)
		regs = dt_map(dt_find(FDT_NONE, "arm,pl031"), 0, MAP_BYTES);
	if (!regs)
		return false;
	seconds = mmio_read32(regs + REG_DATA);
	if (seconds == 0) /* not set, or not running */
		return false;
	*wall = seconds * NS_PER_S;
	return true;
}

const struct wallclock pl031 = { .name = "pl031", .read = pl031_read };
