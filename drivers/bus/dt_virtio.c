// SPDX-License-Identifier: BSD-2-Clause
/*
 * dt_virtio.c - virtio-mmio devices that the device tree names. Ref: the binding virtio,mmio.
 *
 * There may be dozens: each is looked for behind the one that was found last.
 */
#include "drivers/arm/acpi_tree.h"
#include "drivers/bus/dt.h"
#include "drivers/virtio/virtio_mmio.h"

bool platform_virtio_mmio(unsigned n, paddr_t *base, unsigned *gsi, enum irq_trigger *trigger)
{
	static fdt_node_t node = FDT_NONE; /* of device number `found` - 1 */
	static unsigned found;
	uint64_t len;

	TREE_NEED(virtio);
	if (n < found || found == 0) {
		node = FDT_NONE;
		found = 0;
	}
	while ((node = dt_find(node, "virtio,mmio")) != FDT_NONE) {
		if (fdt_reg(dt_get(), node, 0, base, &len) && found++ == n)
			return !gsi || dt_line(node, 0, gsi, trigger);
	}
	found = 0; /* begin again */
	return false;
}
