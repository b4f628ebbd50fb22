// SPDX-License-Identifier: BSD-2-Clause
/*
 * pci.h - PCI functions: finding them, their capabilities, memory BARs and interrupts.
 *
 * Configuration space is reached through the host that the platform supplies (CF8 ports on a PC,
 * ECAM elsewhere), a 32-bit word at a time. Bus numbers are those that the firmware assigned; so
 * are BARs, unless the host can place those that have none. What a function says about itself is
 * checked before use: a capability list that loops ends, a BAR or table that does not fit is
 * refused.
 *
 * Threading: a device belongs to the driver that found it; its calls are not concurrent. Config
 * accesses are serialised inside. Errors: -ENODEV not there, -EIO the device contradicts itself,
 * -ENOMEM no room to map it.
 *
 * Ref: PCI Local Bus Specification 3.0, chapter 6.
 */
#pragma once
#include "kernel/irq.h"
#include "kernel/page.h"

/* Offsets in configuration space; all a multiple of 4 (6.1). */
#define PCI_ID      0x00 /* vendor, device << 16 */
#define PCI_COMMAND 0x04
#define PCI_HEADER  0x0c /* header type << 16 */
#define PCI_BAR0    0x10
#define PCI_BUSES   0x18 /* of a bridge: secondary bus << 8 */
#define PCI_CAPS    0x34
#define PCI_INTR    0x3c /* line, pin << 8 */

#define PCI_COMMAND_IO       (1u << 0)
#define PCI_COMMAND_MEMORY   (1u << 1)
#define PCI_COMMAND_MASTER   (1u << 2)
#define PCI_COMMAND_INTX_OFF (1u << 10)

#define PCI_CAP_VENDOR 0x09
#define PCI_CAP_MSIX   0x11

/* Where a function is: bus << 8 | device << 3 | function. */
typedef uint16_t pci_bdf_t;

struct pci_bar {
	paddr_t base;  /* as the CPU sees it */
	uint64_t size; /* bytes; 0: not looked at yet */
};

struct pci_dev {
	pci_bdf_t bdf;
	uint16_t vendor, device;
	struct pci_bar bar[6];
	void *msix_table; /* mapped by pci_msix_init() */
	unsigned nmsix;
};

/* What connects the CPU and the buses. */
struct pci_host {
	/* reg is a multiple of 4 below 256; what is not there reads as all ones. */
	uint32_t (*read)(pci_bdf_t bdf, unsigned reg);
	void (*write)(pci_bdf_t bdf, unsigned reg, uint32_t value);
	/* place() - where the CPU sees memory BAR i, whose size and value are in *b; one that has
	 * no value, 0, is given a place. Returns 0 or -EIO. NULL: the firmware has placed all of
	 * them, and the CPU sees them where they are on the bus. */
	int (*place)(struct pci_dev *d, unsigned i, bool wide, struct pci_bar *b);
	/* line() - the line that a function's pin, 1 to 4, is connected to. Returns 0 or -ENODEV.
	 * NULL: what the firmware has written into PCI_INTR. */
	int (*line)(const struct pci_dev *d, unsigned pin, unsigned *gsi,
		    enum irq_trigger *trigger);
};

/* platform_pci_host() - the machine's; NULL: no PCI. */
const struct pci_host *platform_pci_host(void);

/*
 * pci_find() - look through all functions, by bus and number, bridges followed.
 *
 * match   shown each function in turn; true ends the search. Only bdf, vendor and device of the
 *         struct are set then.
 *
 * Returns whether a match was found, *out being it. Context: thread.
 */
bool pci_find(bool (*match)(const struct pci_dev *d, void *arg), void *arg, struct pci_dev *out);

uint32_t pci_read(const struct pci_dev *d, unsigned reg);
void pci_write(const struct pci_dev *d, unsigned reg, uint32_t value);

/* A walk through the capability list; all zero to begin. */
struct pci_cap_walk {
	uint8_t next;  /* offset of the capability to look at */
	uint8_t steps; /* made so far; the list cannot be longer than the space it lies in */
};

/* pci_cap_next() - the next capability with this id. Returns its offset, or 0: no more. */
unsigned pci_cap_next(const struct pci_dev *d, unsigned id, struct pci_cap_walk *w);

/* pci_bar_write() - put memory BAR i to a bus address, the function not decoding meanwhile. */
void pci_bar_write(struct pci_dev *d, unsigned i, bool wide, uint64_t base);

/* pci_enable() - let the function decode memory and use DMA. */
void pci_enable(struct pci_dev *d);

/*
 * pci_map() - make part of a memory BAR reachable.
 *
 * bar, offset, len   as the device says: checked against the BAR's size
 *
 * Returns 0 and *out; -EIO no such memory BAR, not assigned, or outside; -ENOMEM.
 */
int pci_map(struct pci_dev *d, unsigned bar, uint64_t offset, uint64_t len,
	    void **out) UNIK_MUST_CHECK;

/*
 * pci_msix_init()    - switch message interrupts on, all vectors masked. Returns how many vectors
 *                      there are, >= 1; -ENODEV no such capability; -EIO; -ENOMEM.
 * pci_msix_connect() - vector `entry` of the device calls h; unmasked. 0 or -errno.
 * pci_intx_connect() - the device's line calls h. 0; -ENODEV it has none.
 * pci_irq_off()      - neither lines nor messages from this device any more.
 */
int pci_msix_init(struct pci_dev *d) UNIK_MUST_CHECK;
int pci_msix_connect(struct pci_dev *d, unsigned entry, struct irq_handler *h) UNIK_MUST_CHECK;
int pci_intx_connect(struct pci_dev *d, struct irq_handler *h) UNIK_MUST_CHECK;
void pci_irq_off(struct pci_dev *d);
