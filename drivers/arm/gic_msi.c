// SPDX-License-Identifier: BSD-2-Clause
/*
 * gic_msi.c - who takes the messages of PCI functions: what the host's node says (binding pci-msi).
 */
#include "drivers/arm/gic_msi.h"
#include <errno.h>
#include "drivers/bus/pci_dt.h"
#include "kernel/sealed.h"

static const struct gic_msi *const ways[] = { &gic_v2m, &gic_its };
static const struct gic_msi *SEALED way; /* of all messages: there is one host */

int irq_msi_compose(unsigned vector, uint32_t device, struct msi_message *msg)
{
	fdt_node_t host = pci_dt_node(), node;
	uint32_t id;

	if (host == FDT_NONE)
		return -ENODEV;
	node = fdt_msi_map(dt_get(), host, device, &id);
	for (unsigned i = 0; i < ARRAY_SIZE(ways); i++) {
		if (node == FDT_NONE || !fdt_is_compatible(dt_get(), node, ways[i]->compatible))
			continue;
		sealed_set(&way, ways[i]);
		return way->compose(node, vector, id, msg);
	}
	return -ENODEV;
}

void irq_msi_release(unsigned vector)
{
	if (way)
		way->release(vector);
}
