// SPDX-License-Identifier: BSD-2-Clause
/*
 * bcm2836.c - the interrupt controllers of a Raspberry Pi 2 and 3: one beside the CPUs for their
 * timers, and behind one of its inputs that of the peripherals.
 *
 * Identifiers are given as a GIC has them: the first controller's inputs from 16 on, the second's
 * three banks of 32 from 32 on.
 *
 * Ref: BCM2836 ARM quad-A7 core peripherals (QA7_rev3.4), 4; BCM2835 ARM Peripherals, 7.5; the
 * bindings brcm,bcm2836-l1-intc and brcm,bcm2835-armctrl-ic.
 */
#include "arch/mmio.h"
#include "drivers/arm/gic_chip.h"
#include <asm/sysreg.h>

#define LOCAL_GPU_ROUTE    0x0c /* 0: to CPU 0, as an ordinary interrupt */
#define LOCAL_TIMERS(cpu)  (0x40 + 4 * (cpu))
#define LOCAL_PENDING(cpu) (0x60 + 4 * (cpu))
#define LOCAL_BYTES        0x70
#define LOCAL_NTIMER       4u
#define LOCAL_GPU          (1u << 8)

#define NBANK        3u
#define BANK_BYTES   0x28
#define NOTHING_LEFT 1023u

/* The first bank is that of the CPUs' own peripherals, eight lines; some of its other bits repeat
 * lines of the other two. */
static const struct {
	uint8_t pending, enable, disable;
	uint32_t lines;
} banks[NBANK] = {
	{ 0x00, 0x18, 0x24, 0xff },
	{ 0x04, 0x10, 0x1c, UINT32_MAX },
	{ 0x08, 0x14, 0x20, UINT32_MAX },
};

static char *local, *peripherals;
static unsigned cpu;
static uint32_t enabled[NBANK];

static unsigned bcm2836_init(fdt_node_t node)
{
	local = dt_map(node, 0, LOCAL_BYTES);
	peripherals = dt_map(dt_find(FDT_NONE, "brcm,bcm2836-armctrl-ic"), 0, BANK_BYTES);
	if (!local || !peripherals)
		return 0;
	cpu = sysreg_read(mpidr_el1) & 3;
	for (unsigned i = 0; i < NBANK; i++)
		mmio_write32(peripherals + banks[i].disable, banks[i].lines);
	mmio_write32(local + LOCAL_TIMERS(cpu), 0);
	mmio_write32(local + LOCAL_GPU_ROUTE, cpu);
	return GIC_SHARED_FIRST + 32 * NBANK;
}

/* Lines of these controllers are levels. */
static void bcm2836_set_edge(unsigned id UNIK_UNUSED, bool edge UNIK_UNUSED)
{
}

static void mask_timer(unsigned n, bool masked)
{
	uint32_t bit = 1u << n, on;

	if (n >= LOCAL_NTIMER)
		return;
	on = mmio_read32(local + LOCAL_TIMERS(cpu));
	mmio_write32(local + LOCAL_TIMERS(cpu), masked ? on & ~bit : on | bit);
}

static void bcm2836_set_mask(unsigned id, bool masked)
{
	unsigned i = (id - GIC_SHARED_FIRST) / 32;
	uint32_t bit = 1u << id % 32;

	if (id < GIC_SHARED_FIRST) {
		mask_timer(id - GIC_PRIVATE_FIRST, masked);
		return;
	}
	enabled[i] = (enabled[i] & ~bit) | (masked ? 0 : bit & banks[i].lines);
	mmio_write32(peripherals + (masked ? banks[i].disable : banks[i].enable), bit);
}

static uint32_t bcm2836_acknowledge(void)
{
	uint32_t pending = mmio_read32(local + LOCAL_PENDING(cpu));
	uint32_t timers = pending & ((1u << LOCAL_NTIMER) - 1);

	if (timers)
		return GIC_PRIVATE_FIRST + (unsigned)__builtin_ctz(timers);
	for (unsigned i = 0; pending & LOCAL_GPU && i < NBANK; i++) {
		uint32_t lines = mmio_read32(peripherals + banks[i].pending) & enabled[i];

		if (lines)
			return GIC_SHARED_FIRST + 32 * i + (unsigned)__builtin_ctz(lines);
	}
	return NOTHING_LEFT;
}

static void bcm2836_end(uint32_t acknowledged UNIK_UNUSED)
{
}

const struct gic_chip bcm2836 = {
	.init = bcm2836_init,
	.set_edge = bcm2836_set_edge,
	.set_mask = bcm2836_set_mask,
	.acknowledge = bcm2836_acknowledge,
	.end = bcm2836_end,
};
