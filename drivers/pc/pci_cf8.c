// SPDX-License-Identifier: BSD-2-Clause
/*
 * pci_cf8.c - PCI configuration space through ports CF8 and CFC, configuration mechanism #1
 * (PCI Local Bus Specification 3.0, 3.2.2.3.2). An address and its data are two accesses, so
 * they are made with interrupts off, under a lock.
 */
#include <asm/port.h>
#include "drivers/bus/pci.h"
#include "kernel/spinlock.h"

#define CF8_ADDRESS 0xcf8
#define CF8_DATA    0xcfc
#define CF8_ENABLE  (1u << 31)

static struct spinlock cf8_lock = SPINLOCK_INIT; /* guards the pair of ports */

static uint32_t cf8_read(pci_bdf_t bdf, unsigned reg)
{
	irq_state_t s = spin_lock_irqsave(&cf8_lock);

	port_out32(CF8_ADDRESS, CF8_ENABLE | (uint32_t)bdf << 8 | reg);
	uint32_t v = port_in32(CF8_DATA);
	spin_unlock_irqrestore(&cf8_lock, s);
	return v;
}

static void cf8_write(pci_bdf_t bdf, unsigned reg, uint32_t value)
{
	irq_state_t s = spin_lock_irqsave(&cf8_lock);

	port_out32(CF8_ADDRESS, CF8_ENABLE | (uint32_t)bdf << 8 | reg);
	port_out32(CF8_DATA, value);
	spin_unlock_irqrestore(&cf8_lock, s);
}

static const struct pci_host cf8_host = { .read = cf8_read, .write = cf8_write };

/* The address port of a host bridge can be read back; nothing answers where there is none. */
const struct pci_host *platform_pci_host(void)
{
	irq_state_t s = spin_lock_irqsave(&cf8_lock);

	port_out32(CF8_ADDRESS, CF8_ENABLE);
	bool present = port_in32(CF8_ADDRESS) == CF8_ENABLE;
	spin_unlock_irqrestore(&cf8_lock, s);
	return present ? &cf8_host : NULL;
}
