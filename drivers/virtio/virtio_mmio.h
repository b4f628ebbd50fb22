// SPDX-License-Identifier: BSD-2-Clause
/*
 * virtio_mmio.h - where virtio devices outside of PCI are found.
 *
 * Either the command line names them, in words `virtio_mmio.device=SIZE@BASE:IRQ` as hypervisors
 * without firmware tables write them, or else the platform does (ACPI, device tree).
 */
#pragma once
#include "drivers/virtio/virtio.h"

/*
 * platform_virtio_mmio() - the n-th place where a virtio device may be.
 *
 * n     0, 1, … until false; cheapest in this order
 * base  physical address of its registers
 * gsi   its interrupt line, for irq_connect_line()
 *
 * Returns false when there are no more; nothing is then written. Context: thread; one at a time.
 */
bool platform_virtio_mmio(unsigned n, paddr_t *base, unsigned *gsi, enum irq_trigger *trigger);
