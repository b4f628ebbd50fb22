// SPDX-License-Identifier: BSD-2-Clause
/*
 * pci.h - a make-believe PCI machine: functions with 256 bytes of configuration each.
 *
 * platform_pci_host() is this. BARs behave as the registers of a function do that decodes so
 * many bytes: bits below the size read as zero. Everything else reads as it was written by the
 * test, so that a function can say what it likes.
 *
 * Threading: one host thread.
 */
#pragma once
#include "drivers/bus/pci.h"
#include "tests/host/fake/fake.h"

#define FAKE_PCI_FUNCTIONS 16

struct fake_pci {
	pci_bdf_t bdf;
	uint8_t config[256];
	uint64_t bar_bytes[6]; /* 0: not there; of a 64-bit BAR in its first register */
};

extern struct pci_host fake_pci_host; /* place() and line() are the test's */
extern struct fake_pci fake_pci[FAKE_PCI_FUNCTIONS];
extern unsigned fake_npci;
extern unsigned fake_pci_reads;  /* since fake_pci_reset() */
extern bool fake_pci_decode_bug; /* a BAR was sized while its function decoded memory */

/* fake_pci_reset() - no functions. fake_pci_add() - one, with these ids. */
void fake_pci_reset(void);
struct fake_pci *fake_pci_add(unsigned bus, unsigned device, unsigned function, uint16_t vendor,
			      uint16_t id);

/* fake_pci_set() - a little-endian field of the configuration space. _get() - read it. */
void fake_pci_set(struct fake_pci *f, unsigned reg, unsigned bytes, uint32_t value);
uint32_t fake_pci_get(const struct fake_pci *f, unsigned reg, unsigned bytes);

/* fake_pci_bar() - a memory BAR. fake_pci_cap() - link a capability in front of the list. */
void fake_pci_bar(struct fake_pci *f, unsigned i, uint64_t base, uint64_t bytes, bool wide);
void fake_pci_cap(struct fake_pci *f, unsigned at, uint8_t id);

/* --- interrupts: irq_connect_*() are these ------------------------------------------------- */

extern struct irq_handler *fake_irq[8]; /* connected, in order; NULL: free again */
extern unsigned fake_irq_gsi[8];        /* the line of it, or FAKE_IRQ_MSI */
#define FAKE_IRQ_MSI 0xffff

extern unsigned fake_irq_fail; /* so many connections from now on give -ENOSPC */

/* fake_irq_connected() - how many. fake_irq_fire() - call one; false: nobody is there. */
unsigned fake_irq_connected(void);
bool fake_irq_fire(unsigned i);
