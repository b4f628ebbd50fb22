// SPDX-License-Identifier: BSD-2-Clause
#include "drivers/bus/pci_ecam.h"
#include "arch/mmio.h"
#include "arch/mmu.h"

static struct {
	paddr_t base;
	unsigned first, last;
	char *bus[256]; /* once mapped: maps stay */
} ecam;

void pci_ecam_open(paddr_t base, unsigned first, unsigned last)
{
	ecam.base = base;
	ecam.first = first;
	ecam.last = MIN(last, 255u);
}

static char *config_at(pci_bdf_t bdf, unsigned reg)
{
	unsigned bus = bdf >> 8;

	if (!ecam.base || bus < ecam.first || bus > ecam.last)
		return NULL;
	if (!ecam.bus[bus])
		ecam.bus[bus] = mmu_map_device(ecam.base + (bus - ecam.first) * PCI_ECAM_BUS_BYTES,
					       PCI_ECAM_BUS_BYTES);
	return ecam.bus[bus] ? ecam.bus[bus] + ((bdf & 0xffu) << 12 | reg) : NULL;
}

uint32_t pci_ecam_read(pci_bdf_t bdf, unsigned reg)
{
	char *at = config_at(bdf, reg);

	return at ? mmio_read32(at) : UINT32_MAX;
}

void pci_ecam_write(pci_bdf_t bdf, unsigned reg, uint32_t value)
{
	char *at = config_at(bdf, reg);

	if (at)
		mmio_write32(at, value);
}
