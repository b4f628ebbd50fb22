// SPDX-License-Identifier: BSD-2-Clause
/*
 * gicv2.c - version 2 of the interrupt controller: distributor and CPU interface in memory.
 * Ref: GICv2 architecture specification (IHI 0048B), chapter 4.
 */
#include "arch/mmio.h"
#include "drivers/arm/gic_chip.h"

#define GICC_CTLR 0x00
#define GICC_PMR  0x04
#define GICC_BPR  0x08
#define GICC_IAR  0x0c
#define GICC_EOIR 0x10
#define CTLR_ON   1
#define PMR_ALL   0xff

static char *distributor, *interface;

/* The CPU's number, as a mask in each byte: what its own lines are targeted at (4.3.12). A
 * machine with one CPU has zeros there, and needs none. */
static uint32_t own_targets(void)
{
	uint32_t mask = 0;

	for (unsigned id = 0; id < GIC_SHARED_FIRST && !mask; id += 4)
		mask = mmio_read32(distributor + GICD_ITARGETSR + id);
	mask |= mask >> 16;
	mask = (mask | mask >> 8) & 0xff;
	return mask * 0x01010101;
}

static unsigned gicv2_init(fdt_node_t node)
{
	uint32_t targets;
	unsigned nline;

	distributor = dt_map(node, 0, 0x1000);
	interface = dt_map(node, 1, 0x100);
	if (!distributor || !interface)
		return 0;
	nline = gic_line_count(distributor);
	mmio_write32(interface + GICC_CTLR, 0);
	mmio_write32(distributor + GICD_CTLR, 0);
	gic_reset_lines(distributor, 0, nline);
	targets = own_targets();
	for (unsigned id = GIC_SHARED_FIRST; id < nline; id += 4)
		mmio_write32(distributor + GICD_ITARGETSR + id, targets);
	mmio_write32(interface + GICC_PMR, PMR_ALL);
	mmio_write32(interface + GICC_BPR, 0);
	mmio_write32(interface + GICC_CTLR, CTLR_ON);
	mmio_write32(distributor + GICD_CTLR, CTLR_ON);
	return nline;
}

static void gicv2_set_edge(unsigned id, bool edge)
{
	gic_set_trigger(distributor, id, edge);
}

static void gicv2_set_mask(unsigned id, bool masked)
{
	gic_set_bit(distributor, masked ? GICD_ICENABLER : GICD_ISENABLER, id);
}

/* With the CPU's number for software interrupts in bits 10 to 12 (4.4.4), which are not used. */
static uint32_t gicv2_acknowledge(void)
{
	return mmio_read32(interface + GICC_IAR) & 0x3ff;
}

static void gicv2_end(uint32_t acknowledged)
{
	mmio_write32(interface + GICC_EOIR, acknowledged);
}

const struct gic_chip gicv2 = {
	.init = gicv2_init,
	.set_edge = gicv2_set_edge,
	.set_mask = gicv2_set_mask,
	.acknowledge = gicv2_acknowledge,
	.end = gicv2_end,
};
