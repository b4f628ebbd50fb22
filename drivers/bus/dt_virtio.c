// SPDX-License-Identifier: BSD-2-Clause
/*
 * dt_virtio.c - virtio-mmio devices that the device tree names. Ref: the binding virtio,mmio;
 * virtio 1.2, 4.2.2.
 *
 * There may be dozens of slots, mostly empty: one read tells, before the tree is asked for a line.
 */
#include "arch/mmio.h"
#include "arch/mmu.h"
#include "drivers/arm/acpi_tree.h"
#include "drivers/bus/dt.h"
#include "drivers/virtio/virtio_mmio.h"

#define REG_DEVICE_ID 0x008 /* 0: no device */
#define MIN_BYTES     0x100

/* What the node says; false if it is no device that we could use. */
static bool read_slot(fdt_node_t node, paddr_t *base, unsigned *gsi, enum irq_trigger *trigger)
{
	uint64_t len;
	char *regs;

	if (!fdt_reg(dt_get(), node, 0, base, &len) || len < MIN_BYTES)
		return false;
	regs = mmu_map_device(*base, MIN_BYTES);
	return regs && mmio_read32(regs + REG_DEVICE_ID) && dt_line(node, 0, gsi, trigger);
}

bool platform_virtio_mmio(unsigned n, paddr_t *base, unsigned *gsi, enum irq_trigger *trigger)
{
	static fdt_node_t node = FDT_NONE; /* of device number `found` - 1 */
	static unsigned found;
	enum irq_trigger mode;
	unsigned line;
	paddr_t pa;

	TREE_NEED(virtio);
	if (n < found || found == 0) {
		node = FDT_NONE;
		found = 0;
	}
	while ((node = dt_find(node, "virtio,mmio")) != FDT_NONE) {
		if (!read_slot(node, &pa, &line, &mode) || found++ != n)
			continue;
		*base = pa;
		*gsi = line;
		*trigger = mode;
		return true;
	}
	found = 0; /* begin again */
	return false;
}
