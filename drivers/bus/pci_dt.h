// SPDX-License-Identifier: BSD-2-Clause
/*
 * pci_dt.h - the PCI host that the device tree describes (binding pci-host-ecam-generic). One:
 * further ones are further domains, which nothing here can name.
 *
 * Where no firmware has placed BARs they are placed here, in the host's memory windows.
 */
#pragma once
#include "drivers/bus/pci.h"
#include "lib/base/fdt.h"

/* pci_dt_node() - the host's node; FDT_NONE: no PCI. */
fdt_node_t pci_dt_node(void);

/* pci_dt_host() - its operations; NULL: no PCI. */
const struct pci_host *pci_dt_host(void);
