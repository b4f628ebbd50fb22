// SPDX-License-Identifier: BSD-2-Clause
/* An object of its own, for tests that have another host between the driver and the functions. */
#include "tests/host/fake/pci.h"

const struct pci_host *platform_pci_host(void)
{
	return &fake_pci_host;
}
