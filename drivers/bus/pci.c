// SPDX-License-Identifier: BSD-2-Clause
/*
 * pci.c - finding PCI functions, BARs, message interrupts.
 */
#include <errno.h>
#include "arch/mmio.h"
#include "arch/mmu.h"
#include "drivers/bus/pci.h"
#include "kernel/sealed.h"

#define PCI_NONE         0xffffffffu /* PCI_ID where there is no function */
#define PCI_MULTI        (0x80u << 16)
#define PCI_TYPE(header) ((header) >> 16 & 0x7f)
#define PCI_TYPE_BRIDGE  1
#define PCI_STATUS_CAPS  (1u << 20) /* of PCI_COMMAND: there is a capability list */
#define PCI_CAPS_AT      0x40       /* capabilities lie behind the header */
#define PCI_MAX_CAPS     48         /* (256 - 0x40) / 4: more do not fit */
#define PCI_ADDRESS_END  (1ull << 52)

#define BAR_IO     (1u << 0)
#define BAR_TYPE   (3u << 1)
#define BAR_TYPE64 (2u << 1)
#define BAR_FLAGS  0xfu

#define MSIX_ENABLE      (1u << 31) /* of the capability's first word */
#define MSIX_MASK_ALL    (1u << 30)
#define MSIX_COUNT(w)    (((w) >> 16 & 0x7ff) + 1)
#define MSIX_TABLE       4 /* offset in the capability: table offset | BAR */
#define MSIX_ENTRY_BYTES 16
#define MSIX_ENTRY_MASK  1u

/* The entry of the MSI-X table (6.8.2.7 ff.). */
struct msix_entry {
	uint32_t address_lo, address_hi, data, control;
};

static const struct pci_host *SEALED host;

uint32_t pci_read(const struct pci_dev *d, unsigned reg)
{
	return host->read(d->bdf, reg);
}

void pci_write(const struct pci_dev *d, unsigned reg, uint32_t value)
{
	host->write(d->bdf, reg, value);
}

/* The buses that are known to exist, one bit each. A bridge may only add buses above its own, so
 * that one pass in rising order sees each once, whatever the bridges claim. */
struct bus_set {
	uint64_t bit[4];
};

struct pci_search {
	bool (*match)(const struct pci_dev *d, void *arg);
	void *arg;
	struct bus_set buses;
};

static void bus_add_behind(struct bus_set *s, const struct pci_dev *bridge)
{
	unsigned bus = pci_read(bridge, PCI_BUSES) >> 8 & 0xff;

	if (bus > (unsigned)bridge->bdf >> 8)
		s->bit[bus / 64] |= 1ull << bus % 64;
}

/* The up to eight functions of one device. */
static bool scan_device(struct pci_search *s, struct pci_dev *d, unsigned first)
{
	unsigned nfunction = 1;

	for (unsigned i = 0; i < nfunction; i++) {
		d->bdf = (pci_bdf_t)(first + i);
		uint32_t id = pci_read(d, PCI_ID);

		if (id == PCI_NONE) {
			if (i == 0)
				return false;
			continue;
		}
		d->vendor = (uint16_t)id;
		d->device = (uint16_t)(id >> 16);
		if (s->match(d, s->arg))
			return true;
		uint32_t header = pci_read(d, PCI_HEADER);

		if (i == 0 && (header & PCI_MULTI))
			nfunction = 8;
		if (PCI_TYPE(header) == PCI_TYPE_BRIDGE)
			bus_add_behind(&s->buses, d);
	}
	return false;
}

bool pci_find(bool (*match)(const struct pci_dev *d, void *arg), void *arg, struct pci_dev *out)
{
	struct pci_search s = { match, arg, { { 1, 0, 0, 0 } } };

	if (!host)
		sealed_set(&host, platform_pci_host());
	if (!host)
		return false;
	*out = (struct pci_dev){ 0 };
	for (unsigned bus = 0; bus < 256; bus++) {
		if (!(s.buses.bit[bus / 64] >> bus % 64 & 1))
			continue;
		for (unsigned device = 0; device < 32; device++)
			if (scan_device(&s, out, bus << 8 | device << 3))
				return true;
	}
	return false;
}

static unsigned cap_first(const struct pci_dev *d)
{
	if (!(pci_read(d, PCI_COMMAND) & PCI_STATUS_CAPS))
		return 0;
	return pci_read(d, PCI_CAPS) & 0xfc;
}

unsigned pci_cap_next(const struct pci_dev *d, unsigned id, struct pci_cap_walk *w)
{
	if (w->steps == 0)
		w->next = (uint8_t)cap_first(d);
	while (w->next >= PCI_CAPS_AT && w->steps++ < PCI_MAX_CAPS) {
		unsigned at = w->next;
		uint32_t word = pci_read(d, at);

		w->next = word >> 8 & 0xfc;
		if ((word & 0xff) == id)
			return at;
	}
	return 0;
}

static void command_change(struct pci_dev *d, uint32_t clear, uint32_t set)
{
	/* The upper half is status bits that a 1 would clear. */
	pci_write(d, PCI_COMMAND, (pci_read(d, PCI_COMMAND) & 0xffff & ~clear) | set);
}

void pci_enable(struct pci_dev *d)
{
	command_change(d, 0, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
}

/* The bits of one BAR register that can be set (6.2.5.1). */
static uint32_t bar_probe(struct pci_dev *d, unsigned reg, uint32_t value)
{
	pci_write(d, reg, 0xffffffff);
	uint32_t mask = pci_read(d, reg);

	pci_write(d, reg, value);
	return mask;
}

/* Size and place of memory BAR i, whose first word reads `low`. */
static void bar_size(struct pci_dev *d, unsigned i, uint32_t low, struct pci_bar *out)
{
	unsigned reg = PCI_BAR0 + 4 * i;
	uint64_t mask = 0xffffffff00000000ull;

	/* Being sized, it decodes at an address that is not its own. */
	uint32_t command = pci_read(d, PCI_COMMAND) & 0xffff;
	pci_write(d, PCI_COMMAND, command & ~(PCI_COMMAND_IO | PCI_COMMAND_MEMORY));
	out->base = low & ~BAR_FLAGS;
	if ((low & BAR_TYPE) == BAR_TYPE64) {
		uint32_t high = pci_read(d, reg + 4);

		out->base |= (uint64_t)high << 32;
		mask = (uint64_t)bar_probe(d, reg + 4, high) << 32;
	}
	mask |= bar_probe(d, reg, low) & ~BAR_FLAGS;
	pci_write(d, PCI_COMMAND, command);
	out->size = -mask;
}

void pci_bar_write(struct pci_dev *d, unsigned i, bool wide, uint64_t base)
{
	uint32_t command = pci_read(d, PCI_COMMAND) & 0xffff;

	pci_write(d, PCI_COMMAND, command & ~(PCI_COMMAND_IO | PCI_COMMAND_MEMORY));
	pci_write(d, PCI_BAR0 + 4 * i, (uint32_t)base);
	if (wide)
		pci_write(d, PCI_BAR0 + 4 * i + 4, (uint32_t)(base >> 32));
	pci_write(d, PCI_COMMAND, command);
}

static int bar_get(struct pci_dev *d, unsigned i, struct pci_bar **out)
{
	if (i >= ARRAY_SIZE(d->bar))
		return -EIO;
	struct pci_bar *b = &d->bar[i];

	*out = b;
	if (b->size)
		return 0;
	uint32_t low = pci_read(d, PCI_BAR0 + 4 * i);
	bool wide = (low & BAR_TYPE) == BAR_TYPE64;
	struct pci_bar found;

	if ((low & BAR_IO) || ((low & BAR_TYPE) && !wide) || (wide && i == ARRAY_SIZE(d->bar) - 1))
		return -EIO;
	bar_size(d, i, low, &found);
	if (!IS_POW2(found.size) || (host->place && host->place(d, i, wide, &found)) ||
	    found.base == 0 || (found.base & (found.size - 1)) || found.base >= PCI_ADDRESS_END ||
	    found.size > PCI_ADDRESS_END - found.base)
		return -EIO;
	*b = found;
	return 0;
}

int pci_map(struct pci_dev *d, unsigned bar, uint64_t offset, uint64_t len, void **out)
{
	struct pci_bar *b;
	int ret = bar_get(d, bar, &b);

	if (ret)
		return ret;
	if (len == 0 || len > b->size || offset > b->size - len)
		return -EIO;
	*out = mmu_map_device(b->base + offset, len);
	return *out ? 0 : -ENOMEM;
}

int pci_msix_init(struct pci_dev *d)
{
	struct pci_cap_walk walk = { 0 };
	unsigned cap = pci_cap_next(d, PCI_CAP_MSIX, &walk);

	if (cap == 0)
		return -ENODEV;
	uint32_t word = pci_read(d, cap);
	uint32_t table = pci_read(d, cap + MSIX_TABLE);
	unsigned count = MSIX_COUNT(word);
	int ret = pci_map(d, table & 7, table & ~7u, count * MSIX_ENTRY_BYTES, &d->msix_table);

	if (ret)
		return ret;
	/* Reset left every vector masked (6.8.2.9); a loader need not have. */
	for (unsigned i = 0; i < count; i++)
		mmio_write32(&((struct msix_entry *)d->msix_table)[i].control, MSIX_ENTRY_MASK);
	d->nmsix = count;
	pci_write(d, cap, (word & ~MSIX_MASK_ALL) | MSIX_ENABLE);
	command_change(d, 0, PCI_COMMAND_INTX_OFF);
	return (int)count;
}

int pci_msix_connect(struct pci_dev *d, unsigned entry, struct irq_handler *h)
{
	struct msi_message msg;

	if (entry >= d->nmsix)
		return -ENODEV;
	int ret = irq_connect_msi(d->bdf, h, &msg);

	if (ret)
		return ret;
	struct msix_entry *e = (struct msix_entry *)d->msix_table + entry;

	mmio_write32(&e->address_lo, (uint32_t)msg.address);
	mmio_write32(&e->address_hi, (uint32_t)(msg.address >> 32));
	mmio_write32(&e->data, msg.data);
	mmio_write32(&e->control, 0);
	return 0;
}

int pci_intx_connect(struct pci_dev *d, struct irq_handler *h)
{
	uint32_t intr = pci_read(d, PCI_INTR);
	unsigned line = intr & 0xff, pin = intr >> 8 & 0xff;
	/* Lines of PCI are level, active low (2.2.6), unless the firmware says otherwise. */
	enum irq_trigger trigger = IRQ_LEVEL_LOW;

	if (pin == 0 || pin > 4 ||
	    (host->line ? host->line(d, pin, &line, &trigger) : line == 0xff))
		return -ENODEV;
	command_change(d, PCI_COMMAND_INTX_OFF, 0);
	return irq_connect_line(line, trigger, h);
}

void pci_irq_off(struct pci_dev *d)
{
	struct pci_cap_walk walk = { 0 };
	unsigned cap = pci_cap_next(d, PCI_CAP_MSIX, &walk);

	command_change(d, 0, PCI_COMMAND_INTX_OFF);
	if (cap)
		pci_write(d, cap, pci_read(d, cap) & ~MSIX_ENABLE);
}
