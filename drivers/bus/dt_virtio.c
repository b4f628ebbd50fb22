// SPDX-License-Identifier: BSD-2-Clause
/*
 * dt_virtio.c - virtio-mmio devices that the device tree names. Ref: the binding virtio,mmio.
 *
 * There may be dozens: one walk finds them all.
 */
#include "drivers/arm/acpi_tree.h"
#include "drivers/bus/dt.h"
#include "drivers/virtio/virtio_mmio.h"

/* What the node at which the walk stands says; false if it is no device that we could use. */
static bool read_place(const struct fdt *f, const struct fdt_walk *w, paddr_t *base, unsigned *gsi,
		       enum irq_trigger *trigger)
{
	unsigned n = (unsigned)w->depth + 1;
	struct fdt_interrupt line;
	uint64_t len;

	return fdt_is_compatible(f, w->node, "virtio,mmio") && fdt_is_available(f, w->node) &&
	       fdt_interrupt_at(f, w->path, n, 0, &line) && dt_line_of(&line, gsi, trigger) &&
	       fdt_reg_at(f, w->path, n, 0, base, &len);
}

bool platform_virtio_mmio(unsigned n, paddr_t *base, unsigned *gsi, enum irq_trigger *trigger)
{
	static const struct fdt_walk start = FDT_WALK_INIT;
	static struct fdt_walk w; /* at device number `found` - 1 */
	static unsigned found = UINT32_MAX;
	const struct fdt *f = dt_get();
	paddr_t pa;
	unsigned line;
	enum irq_trigger mode;

	TREE_NEED(virtio);
	if (n < found) {
		w = start;
		found = 0;
	}
	while (f && fdt_walk_next(f, &w)) {
		if (!read_place(f, &w, &pa, &line, &mode) || found++ < n)
			continue;
		*base = pa;
		*gsi = line;
		*trigger = mode;
		return true;
	}
	found = UINT32_MAX; /* begin again */
	return false;
}
