// SPDX-License-Identifier: BSD-2-Clause
/*
 * buses.c - where an ARM machine's device tree says that devices are.
 */
#include "drivers/bus/dt.h"
#include "drivers/bus/pci_dt.h"
#include "drivers/virtio/virtio_mmio.h"

const struct pci_host *platform_pci_host(void)
{
	return pci_dt_host();
}

bool platform_virtio_mmio(unsigned n, paddr_t *base, unsigned *gsi, enum irq_trigger *trigger)
{
	static fdt_node_t at = FDT_NONE; /* number `found` - 1 */
	static unsigned found;
	uint64_t pa, len;

	if (n < found || at == FDT_NONE) {
		at = FDT_NONE;
		found = 0;
	}
	while ((at = dt_find(at, "virtio,mmio")) != FDT_NONE) {
		if (!fdt_reg(dt_get(), at, 0, &pa, &len) || !dt_line(at, 0, gsi, trigger) ||
		    found++ < n)
			continue;
		*base = pa;
		return true;
	}
	return false;
}
