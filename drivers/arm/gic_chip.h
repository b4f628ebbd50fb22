// SPDX-License-Identifier: BSD-2-Clause
/*
 * gic_chip.h - between gic.c, which knows who is called for an interrupt, and the controllers.
 *
 * Interrupts are identified as the architecture does it: 16 to 31 are a CPU's own, from 32 on they
 * are shared (GICv3 architecture specification, IHI 0069, 2.2; GICv2, IHI 0048, 2.2.1).
 *
 * Threading: acknowledge() and end() in interrupts of the boot CPU; the rest under gic.c's lock.
 */
#pragma once
#include "drivers/bus/dt.h"

#define GIC_PRIVATE_FIRST 16u
#define GIC_SHARED_FIRST  32u
#define GIC_LINES_MAX     1020u /* the identifiers up to 1023 are answers of acknowledge() */
#define GIC_PRIORITY      0xa0a0a0a0u

/* Registers of the distributor that both versions have, in words of 32, 4 or 16 lines. */
#define GICD_CTLR       0x000
#define GICD_TYPER      0x004
#define GICD_IGROUPR    0x080
#define GICD_ISENABLER  0x100
#define GICD_ICENABLER  0x180
#define GICD_ICPENDR    0x280
#define GICD_ICACTIVER  0x380
#define GICD_IPRIORITYR 0x400
#define GICD_ITARGETSR  0x800
#define GICD_ICFGR      0xc00

struct gic_chip {
	/* init() - all lines masked; the CPU takes interrupts. Returns how many identifiers there
	 * are up to the last line, 0 when the device tree is not sound. */
	unsigned (*init)(fdt_node_t node);
	void (*set_edge)(unsigned id, bool edge); /* the line is masked */
	void (*set_mask)(unsigned id, bool masked);
	uint32_t (*acknowledge)(void); /* the identifier in the low 24 bits */
	void (*end)(uint32_t acknowledged);
};

extern const struct gic_chip gicv2, gicv3, bcm2836;

/* gic_set_bit() - write line id's bit into the registers from `reg` on, where zeros do nothing. */
void gic_set_bit(char *regs, unsigned reg, unsigned id);

/* gic_set_trigger() - level or edge, in ICFGR. */
void gic_set_trigger(char *regs, unsigned id, bool edge);

/* gic_reset_lines() - lines [first, end) masked, not pending, level, of one priority; both are
 * multiples of 16. */
void gic_reset_lines(char *regs, unsigned first, unsigned end);

/* gic_line_count() - from the distributor's TYPER. */
unsigned gic_line_count(const char *distributor);

/* gic_start() - the controller of this machine, started once. False: none. */
bool gic_start(void);
