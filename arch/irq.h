// SPDX-License-Identifier: BSD-2-Clause
/*
 * irq.h - the porting contract, part 3: how interrupts reach the CPU.
 *
 * The CPU sees vectors. The controller for lines (IOAPIC, GIC) is a driver behind irqchip_*();
 * message interrupts are composed by the architecture. <asm/irq.h> gives IRQ_VECTOR_FIRST and
 * IRQ_VECTOR_COUNT, the vectors that devices may have.
 */
#pragma once
#include "kernel/irq.h"
#include <asm/irq.h>

/* irq_msi_compose() - what a device writes to raise `vector` on the boot CPU. */
void irq_msi_compose(unsigned vector, struct msi_message *msg);

/* irqchip_init() - whatever the firmware has left going stops. Once, at boot, interrupts off. */
void irqchip_init(void);

/*
 * irqchip_route() - let line `gsi` raise `vector`; masked. 0, -ENODEV no such line.
 * irqchip_set_mask() - the line raises nothing while masked.
 *
 * `trigger` is what the bus says; a firmware override for this line wins.
 */
int irqchip_route(unsigned gsi, enum irq_trigger trigger, unsigned vector) UNIK_MUST_CHECK;
void irqchip_set_mask(unsigned gsi, bool masked);
