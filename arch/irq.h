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

/*
 * irq_msi_compose() - what a device writes to raise `vector` on the boot CPU.
 * irq_msi_release() - the device writes it no more.
 *
 * device   who will write it, as the bus numbers its devices: on PCI bus << 8 | devfn. Controllers
 *          that tell devices apart take the message from no other.
 *
 * Returns 0; -ENODEV nobody takes messages; -ENOSPC, -ENOMEM no more of them. Context: thread, one
 * at a time (kernel/irq.c).
 */
int irq_msi_compose(unsigned vector, uint32_t device, struct msi_message *msg) UNIK_MUST_CHECK;
void irq_msi_release(unsigned vector);

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
