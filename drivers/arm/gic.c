// SPDX-License-Identifier: BSD-2-Clause
/*
 * gic.c - Arm's interrupt controller: which handler an interrupt has, and what the versions of the
 * controller have in common.
 *
 * The controller is started by the first who wants an interrupt.
 */
#include "drivers/arm/gic.h"
#include <errno.h>
#include "arch/irq.h"
#include "arch/mmio.h"
#include "drivers/arm/gic_chip.h"
#include "kernel/log.h"
#include "kernel/sealed.h"
#include "kernel/spinlock.h"
#include <asm/sysreg.h>

#define PFR0_GIC_SHIFT 24 /* system registers are there */

static const struct gic_chip *SEALED chip; /* NULL until it has been started */
static unsigned nline;
static uint8_t vector_of[GIC_LINES_MAX]; /* of shared lines; IRQ_VECTOR_NONE */
static void (*SEALED private_handler[GIC_SHARED_FIRST])(void);
static struct spinlock lock;

void gic_set_bit(char *regs, unsigned reg, unsigned id)
{
	mmio_write32(regs + reg + id / 32 * 4, 1u << id % 32);
}

void gic_set_trigger(char *regs, unsigned id, bool edge)
{
	char *reg = regs + GICD_ICFGR + id / 16 * 4;
	uint32_t bit = 2u << id % 16 * 2;

	mmio_write32(reg, (mmio_read32(reg) & ~bit) | (edge ? bit : 0));
}

void gic_reset_lines(char *regs, unsigned first, unsigned end)
{
	for (unsigned id = first; id < end; id += 32) {
		mmio_write32(regs + GICD_ICENABLER + id / 8, UINT32_MAX);
		mmio_write32(regs + GICD_ICPENDR + id / 8, UINT32_MAX);
		mmio_write32(regs + GICD_ICACTIVER + id / 8, UINT32_MAX);
	}
	for (unsigned id = first; id < end; id += 4)
		mmio_write32(regs + GICD_IPRIORITYR + id, GIC_PRIORITY);
	for (unsigned id = MAX(first, GIC_PRIVATE_FIRST); id < end; id += 16)
		mmio_write32(regs + GICD_ICFGR + id / 4, 0);
}

unsigned gic_line_count(const char *distributor)
{
	return MIN(32 * ((mmio_read32(distributor + GICD_TYPER) & 0x1f) + 1), GIC_LINES_MAX);
}

static bool start_as(const struct gic_chip *c, const char *compatible)
{
	fdt_node_t node = dt_find(FDT_NONE, compatible);

	if (node == FDT_NONE)
		return false;
	nline = c->init(node);
	if (nline == 0) {
		log_err("gic: the device tree describes it wrongly");
		return false;
	}
	sealed_set(&chip, c);
	return true;
}

/* The names of version 2 are those of its implementations, which differ in nothing here. */
bool gic_start(void)
{
	if (chip)
		return true;
	return start_as(&gicv3, "arm,gic-v3") || start_as(&gicv2, "arm,cortex-a15-gic") ||
	       start_as(&gicv2, "arm,gic-400") || start_as(&gicv2, "arm,cortex-a9-gic") ||
	       start_as(&bcm2836, "brcm,bcm2836-l1-intc");
}

/* Where the CPU interface can be reached without a map, no interrupt of the firmware's comes. */
void irqchip_init(void)
{
	if (sysreg_field(sysreg_read(id_aa64pfr0_el1), PFR0_GIC_SHIFT) &&
	    sysreg_read(S3_0_C12_C12_5) & 1)     /* ICC_SRE_EL1.SRE */
		sysreg_write(S3_0_C12_C12_7, 0); /* ICC_IGRPEN1_EL1 */
}

int irqchip_route(unsigned gsi, enum irq_trigger trigger, unsigned vector)
{
	irq_state_t s;

	if (!gic_start() || gsi < GIC_SHARED_FIRST || gsi >= nline)
		return -ENODEV;
	s = spin_lock_irqsave(&lock);
	chip->set_mask(gsi, true);
	chip->set_edge(gsi, trigger == IRQ_EDGE_HIGH || trigger == IRQ_EDGE_LOW);
	vector_of[gsi] = (uint8_t)vector;
	spin_unlock_irqrestore(&lock, s);
	return 0;
}

void irqchip_set_mask(unsigned gsi, bool masked)
{
	irq_state_t s;

	if (!chip || gsi >= nline)
		return;
	s = spin_lock_irqsave(&lock);
	chip->set_mask(gsi, masked);
	spin_unlock_irqrestore(&lock, s);
}

int irqchip_connect_cpu(unsigned intid, void (*handle)(void))
{
	irq_state_t s;

	if (intid < GIC_PRIVATE_FIRST || intid >= GIC_SHARED_FIRST)
		return -EINVAL;
	if (!gic_start())
		return -ENODEV;
	s = spin_lock_irqsave(&lock);
	sealed_set(&private_handler[intid], handle);
	chip->set_mask(intid, false);
	spin_unlock_irqrestore(&lock, s);
	return 0;
}

/* The end is told after the handlers, which have quieted the device: before that, a level line
 * would be delivered again at once. */
void irqchip_handle(void)
{
	uint32_t acknowledged, id;

	/* Something that the firmware has left going: starting the controller masks it. */
	if (unlikely(!chip) && !gic_start())
		return;
	acknowledged = chip->acknowledge();
	id = acknowledged & 0xffffff;
	if (id >= GIC_LPI_FIRST)
		irq_dispatch(id - GIC_LPI_FIRST);
	else if (id >= GIC_LINES_MAX)
		return; /* nothing pending any more: IHI 0069, 2.2.1 */
	else if (id >= GIC_SHARED_FIRST)
		irq_dispatch(vector_of[id]);
	else if (private_handler[id])
		private_handler[id]();
	chip->end(acknowledged);
}
