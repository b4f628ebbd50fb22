// SPDX-License-Identifier: BSD-2-Clause
#include "drivers/arm/acpi_tree.h"
#include "drivers/bus/pci_dt.h"

const struct pci_host *platform_pci_host(void)
{
	TREE_NEED(pci);
	return pci_dt_host();
}
