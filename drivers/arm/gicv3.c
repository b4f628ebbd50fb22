// SPDX-License-Identifier: BSD-2-Clause
/*
 * gicv3.c - version 3 (and 4) of the interrupt controller: a distributor for shared lines, for
 * each CPU a redistributor for its own, and the CPU interface in system registers.
 * Ref: GICv3 architecture specification (IHI 0069), chapter 12.
 */
#include "arch/cpu.h"
#include "arch/irq.h"
#include "arch/mmio.h"
#include "arch/mmu.h"
#include "drivers/arm/gic.h"
#include "drivers/arm/gic_chip.h"
#include <asm/sysreg.h>

#define GICD_IROUTER     0x6000
#define DISTRIBUTOR_SIZE 0x10000

/* 12.9.4. Seen from the non-secure side; where there is only one side, bit 0 is group 0, of which
 * there are no lines. */
#define CTLR_GROUP1  3u
#define CTLR_ARE     (1u << 4)
#define CTLR_PENDING (1u << 31) /* RWP: writes that have not taken effect */

#define GICR_CTLR          0x00
#define GICR_TYPER         0x08
#define GICR_WAKER         0x14
#define GICR_OWN_LINES     0x10000 /* the second frame, like a distributor for lines 0 to 31 */
#define GICR_SIZE          0x20000
#define GICR_SIZE_V4       0x40000
#define GICR_CTLR_PENDING  (1u << 3)
#define TYPER_VIRTUAL_LPIS (1u << 1)
#define TYPER_LAST         (1u << 4)
#define WAKER_SLEEP        (1u << 1)
#define WAKER_ASLEEP       (1u << 2)

#define PMR_ALL   0xff
#define LOOKS_MAX 1000000

/* System registers, 12.2. */
#define ICC_SRE    S3_0_C12_C12_5
#define ICC_PMR    S3_0_C4_C6_0
#define ICC_BPR1   S3_0_C12_C12_3
#define ICC_CTLR   S3_0_C12_C12_4
#define ICC_GROUP1 S3_0_C12_C12_7
#define ICC_IAR1   S3_0_C12_C12_0
#define ICC_EOIR1  S3_0_C12_C12_1

#define icc_read(reg)         sysreg_read_(reg)
#define icc_write(reg, value) sysreg_write_(reg, value)
#define sysreg_read_(reg)     sysreg_read(reg)
#define sysreg_write_(reg, v) sysreg_write(reg, v)

static char *distributor, *redistributor;

/* Wait until what was written has taken effect; a controller that does not come to it is left. */
static void wait_clear(const char *reg, uint32_t bit)
{
	for (unsigned i = 0; i < LOOKS_MAX && mmio_read32(reg) & bit; i++)
		cpu_relax();
}

static void distributor_wait(void)
{
	wait_clear(distributor + GICD_CTLR, CTLR_PENDING);
}

/* Aff3.Aff2.Aff1.Aff0 in the order of GICR_TYPER's upper word. */
static uint32_t own_affinity(void)
{
	uint64_t mpidr = sysreg_read(mpidr_el1);

	return (uint32_t)(mpidr & 0xffffff) | (uint32_t)(mpidr >> 32 & 0xff) << 24;
}

/* The redistributor of this CPU among those that lie behind one another from pa on. */
static char *find_in_region(uint64_t pa, uint64_t len, uint64_t stride)
{
	while (len >= GICR_SIZE) {
		char *frames = mmu_map_device(pa, GICR_SIZE);
		uint32_t type, step;

		if (!frames)
			return NULL;
		type = mmio_read32(frames + GICR_TYPER);
		if (mmio_read32(frames + GICR_TYPER + 4) == own_affinity())
			return frames;
		step = stride                      ? (uint32_t)stride
		       : type & TYPER_VIRTUAL_LPIS ? GICR_SIZE_V4
						   : GICR_SIZE;
		if (type & TYPER_LAST || step > len)
			return NULL;
		pa += step;
		len -= step;
	}
	return NULL;
}

static char *find_redistributor(fdt_node_t node)
{
	uint64_t stride = 0, pa, len;
	char *found = NULL;

	if (fdt_prop_u64(dt_get(), node, "redistributor-stride", &stride) &&
	    (stride < GICR_SIZE || stride % 0x10000 || stride > 1u << 20))
		return NULL;
	for (unsigned i = 1; !found && fdt_reg(dt_get(), node, i, &pa, &len) && len <= 1u << 30;
	     i++)
		found = find_in_region(pa, len, stride);
	return found;
}

static void distributor_init(unsigned nline)
{
	uint32_t affinity = own_affinity();

	mmio_write32(distributor + GICD_CTLR, 0);
	distributor_wait();
	gic_reset_lines(distributor, GIC_SHARED_FIRST, nline);
	for (unsigned id = GIC_SHARED_FIRST; id < nline; id += 32)
		mmio_write32(distributor + GICD_IGROUPR + id / 8, UINT32_MAX);
	distributor_wait();
	mmio_write32(distributor + GICD_CTLR, CTLR_ARE);
	distributor_wait();
	mmio_write32(distributor + GICD_CTLR, CTLR_ARE | CTLR_GROUP1);
	distributor_wait();
	for (unsigned id = GIC_SHARED_FIRST; id < nline; id++) {
		mmio_write32(distributor + GICD_IROUTER + 8 * id, affinity & 0xffffff);
		mmio_write32(distributor + GICD_IROUTER + 8 * id + 4, affinity >> 24);
	}
}

static void redistributor_init(void)
{
	char *own = redistributor + GICR_OWN_LINES;
	uint32_t waker = mmio_read32(redistributor + GICR_WAKER);

	mmio_write32(redistributor + GICR_WAKER, waker & ~WAKER_SLEEP);
	wait_clear(redistributor + GICR_WAKER, WAKER_ASLEEP);
	mmio_write32(own + GICD_IGROUPR, UINT32_MAX);
	gic_reset_lines(own, 0, GIC_SHARED_FIRST);
	wait_clear(redistributor + GICR_CTLR, GICR_CTLR_PENDING);
}

static void interface_init(void)
{
	icc_write(ICC_SRE, icc_read(ICC_SRE) | 1);
	sysreg_sync();
	icc_write(ICC_PMR, PMR_ALL);
	icc_write(ICC_BPR1, 0);
	icc_write(ICC_CTLR, 0); /* one write ends an interrupt */
	icc_write(ICC_GROUP1, 1);
	sysreg_sync();
}

static unsigned gicv3_init(fdt_node_t node)
{
	unsigned nline;

	distributor = dt_map(node, 0, DISTRIBUTOR_SIZE);
	redistributor = find_redistributor(node);
	if (!distributor || !redistributor)
		return 0;
	nline = gic_line_count(distributor);
	distributor_init(nline);
	redistributor_init();
	interface_init();
	return nline;
}

static char *frame_of(unsigned id)
{
	return id < GIC_SHARED_FIRST ? redistributor + GICR_OWN_LINES : distributor;
}

static void gicv3_set_edge(unsigned id, bool edge)
{
	gic_set_trigger(frame_of(id), id, edge);
}

static void gicv3_set_mask(unsigned id, bool masked)
{
	gic_set_bit(frame_of(id), masked ? GICD_ICENABLER : GICD_ISENABLER, id);
	if (masked && id < GIC_SHARED_FIRST)
		wait_clear(redistributor + GICR_CTLR, GICR_CTLR_PENDING);
	else if (masked)
		distributor_wait();
}

/* The barrier: what the device wrote before it interrupted is seen after (IHI 0069, 4.1.2). */
static uint32_t gicv3_acknowledge(void)
{
	uint32_t id = (uint32_t)icc_read(ICC_IAR1);

	sysreg_memory_sync();
	return id;
}

static void gicv3_end(uint32_t acknowledged)
{
	icc_write(ICC_EOIR1, acknowledged);
	sysreg_sync();
}

void *gicv3_redistributor(void)
{
	return gic_start() ? redistributor : NULL;
}

const struct gic_chip gicv3 = {
	.init = gicv3_init,
	.set_edge = gicv3_set_edge,
	.set_mask = gicv3_set_mask,
	.acknowledge = gicv3_acknowledge,
	.end = gicv3_end,
};
