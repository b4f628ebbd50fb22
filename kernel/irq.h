// SPDX-License-Identifier: BSD-2-Clause
/*
 * irq.h - device interrupts: lines (shared, level or edge) and messages (MSI, never shared).
 *
 * A handler runs with interrupts off on the interrupt stack: it acknowledges, wakes and returns;
 * it does not allocate, log through a lock, or call into the network.
 *
 * Threading: set-up from threads. Errors: -ENOSPC no vector left, -ENODEV no such line, or nobody
 * takes messages.
 */
#pragma once
#include "lib/base/compiler.h"
#include "lib/base/list.h"

struct irq_handler {
	struct list node;
	/* Returns whether the device had asked for it (lines are shared). */
	bool (*handle)(void *arg);
	void *arg;
	unsigned vector; /* set by irq_connect_*() */
};

enum irq_trigger { IRQ_EDGE_HIGH, IRQ_EDGE_LOW, IRQ_LEVEL_HIGH, IRQ_LEVEL_LOW };

struct msi_message {
	uint64_t address;
	uint32_t data;
};

/*
 * irq_connect_line() - call h for global system interrupt `gsi`, and unmask it.
 * irq_connect_msi()  - a vector of its own for h; *msg is what the device must be told to write.
 *                      `device` is its number on its bus (arch/irq.h).
 * irq_disconnect()   - no more calls after it returns.
 */
int irq_connect_line(unsigned gsi, enum irq_trigger trigger, struct irq_handler *h) UNIK_MUST_CHECK;
int irq_connect_msi(uint32_t device, struct irq_handler *h,
		    struct msi_message *msg) UNIK_MUST_CHECK;
void irq_disconnect(struct irq_handler *h);

/* irq_dispatch() - called by the architecture's interrupt entry. */
void irq_dispatch(unsigned vector);
