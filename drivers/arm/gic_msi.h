// SPDX-License-Identifier: BSD-2-Clause
/*
 * gic_msi.h - the two ways of message interrupts, for gic_msi.c, which chooses between them.
 *
 * Threading: compose() and release() one at a time (kernel/irq.c). Errors: as irq_msi_compose().
 */
#pragma once
#include "arch/irq.h"
#include "drivers/bus/dt.h"

struct gic_msi {
	const char *compatible;
	/* compose() - `id` is the device's number as this controller's node counts them. */
	int (*compose)(fdt_node_t node, unsigned vector, uint32_t id, struct msi_message *msg);
	void (*release)(unsigned vector);
};

extern const struct gic_msi gic_v2m, gic_its;
