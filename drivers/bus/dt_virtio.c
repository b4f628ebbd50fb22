// SPDX-License-Identifier: BSD-2-Clause
/*
 * dt_virtio.c - virtio-mmio devices that the device tree names. Ref: the binding virtio,mmio.
 */
#include "drivers/bus/dt.h"
#include "drivers/virtio/virtio_mmio.h"

/* The tree gives them in any order, each its turn. */
bool platform_virtio_mmio(unsigned n, paddr_t *base, unsigned *gsi)
{
	fdt_node_t node = FDT_NONE;
	enum irq_trigger trigger;
	uint64_t pa, len;
	unsigned line;

	do {
		node = dt_find(node, "virtio,mmio");
		if (node == FDT_NONE)
			return false;
	} while (!fdt_reg(dt_get(), node, 0, &pa, &len) || !dt_line(node, 0, &line, &trigger) ||
		 n-- > 0);
	*base = pa;
	*gsi = line;
	return true;
}
