// SPDX-License-Identifier: BSD-2-Clause
#include "drivers/bus/pci_dt.h"

const struct pci_host *platform_pci_host(void)
{
	return pci_dt_host();
}
