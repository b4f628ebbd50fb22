// SPDX-License-Identifier: BSD-2-Clause
/*
 * Ref: the binding brcm,bcm2835-pm-wdt; Raspberry Pi firmware: partition 63 to start from means to
 * stay off. The manual does not describe these registers.
 */
#include "drivers/arm/bcm2835_pm.h"
#include "arch/mmio.h"
#include "drivers/bus/dt.h"

#define PM_CONTROL       0x1c
#define PM_STATUS        0x20
#define PM_WATCHDOG      0x24
#define PM_BYTES         0x28
#define PASSWORD         0x5a000000u
#define VALUE            0x00ffffffu /* what is not the password */
#define CONTROL_MASK     0x30u
#define CONTROL_RESET    0x20u
#define STATUS_PARTITION 0x555u /* every second bit: 63 */
#define WATCHDOG_TICKS   10     /* of 2^-16 s */
#define LOOKS            100000 /* some milliseconds */

void bcm2835_pm_restart(bool stay_off)
{
	char *regs = dt_map(dt_find(FDT_NONE, "brcm,bcm2835-pm-wdt"), 0, PM_BYTES);
	uint32_t v;

	if (!regs)
		return;
	v = mmio_read32(regs + PM_STATUS) & VALUE & ~STATUS_PARTITION;
	mmio_write32(regs + PM_STATUS, PASSWORD | v | (stay_off ? STATUS_PARTITION : 0));
	mmio_write32(regs + PM_WATCHDOG, PASSWORD | WATCHDOG_TICKS);
	v = mmio_read32(regs + PM_CONTROL) & VALUE & ~CONTROL_MASK;
	mmio_write32(regs + PM_CONTROL, PASSWORD | v | CONTROL_RESET);
	for (unsigned i = 0; i < LOOKS; i++)
		mmio_read32(regs + PM_CONTROL);
}
