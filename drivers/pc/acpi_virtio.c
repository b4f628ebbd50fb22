// SPDX-License-Identifier: BSD-2-Clause
#include "drivers/bus/acpi.h"
#include "drivers/virtio/virtio_mmio.h"

bool platform_virtio_mmio(unsigned n, paddr_t *base, unsigned *gsi, enum irq_trigger *trigger)
{
	return acpi_virtio_mmio(n, base, gsi, trigger);
}
