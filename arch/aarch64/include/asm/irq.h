// SPDX-License-Identifier: BSD-2-Clause
/*
 * asm/irq.h - interrupt vectors on AArch64: numbers of ours. The CPU has one entry for all
 * interrupts; the interrupt controller's driver knows which interrupt identifier has which vector.
 */
#pragma once

#define IRQ_VECTOR_FIRST 1
#define IRQ_VECTOR_COUNT 62
#define IRQ_VECTOR_NONE  0

/*
 * irqchip_handle() - take what is pending, call irq_dispatch() or the handler of the CPU's own line
 * for each, and say that it is done. Interrupt context.
 */
void irqchip_handle(void);

/*
 * irqchip_connect_cpu() - let the CPU's own interrupt call handle(); level, unmasked.
 *
 * intid   16..31, a private peripheral interrupt (GICv3 specification, 2.2)
 *
 * Returns 0; -EINVAL no such line; -ENODEV no controller. Interrupts are off.
 */
int irqchip_connect_cpu(unsigned intid, void (*handle)(void)) __attribute__((warn_unused_result));
