// SPDX-License-Identifier: BSD-2-Clause
/*
 * pci_ecam.h - configuration space in memory: 4 KiB for each function, 1 MiB for each bus.
 *
 * A bus is mapped when it is first looked at.
 *
 * Threading: as drivers/bus/pci.h says. Errors: what cannot be mapped reads as all ones.
 * Ref: PCI Express Base Specification 3.0, 7.2.2.
 */
#pragma once
#include "drivers/bus/pci.h"

#define PCI_ECAM_BUS_BYTES (1ull << 20)

/* pci_ecam_open() - the space at `base`, where bus `first` begins, up to bus `last`. Once. */
void pci_ecam_open(paddr_t base, unsigned first, unsigned last);

/* The operations of struct pci_host. */
uint32_t pci_ecam_read(pci_bdf_t bdf, unsigned reg);
void pci_ecam_write(pci_bdf_t bdf, unsigned reg, uint32_t value);
