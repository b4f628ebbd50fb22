// SPDX-License-Identifier: BSD-2-Clause
/*
 * pl011.c - the serial port of most ARM machines. Ref: Arm DDI 0183, 3.3.
 */
#include "arch/mmio.h"
#include "drivers/arm/consoles.h"
#include "drivers/bus/dt.h"

#define REG_DATA  0x00
#define REG_FLAGS 0x18

#define FLAG_TX_FULL (1u << 5)
#define LOOKS_MAX    100000

static char *regs;

static bool pl011_probe(struct console *c UNIK_UNUSED)
{
	regs = dt_map(dt_find(FDT_NONE, "arm,pl011"), 0, 0x1000);
	return regs;
}

static void pl011_write(struct console *c UNIK_UNUSED, const char *text, size_t len)
{
	while (len-- > 0) {
		for (unsigned i = 0; i < LOOKS_MAX && mmio_read32(regs + REG_FLAGS) & FLAG_TX_FULL; i++)
			;
		mmio_write32(regs + REG_DATA, (uint8_t)*text++);
	}
}

struct console pl011 = { .name = "pl011", .probe = pl011_probe, .write = pl011_write };
