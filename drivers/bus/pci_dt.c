// SPDX-License-Identifier: BSD-2-Clause
/*
 * Ref: PCI Bus Binding to IEEE 1275, 2.2.1.1 (addresses), 7 (interrupts).
 */
#include "drivers/bus/pci_dt.h"
#include <errno.h>
#include "drivers/bus/dt.h"
#include "drivers/bus/pci_ecam.h"
#include "lib/base/ranges.h"

#define SPACE(hi) ((hi) >> 24 & 3)
#define SPACE_32  2 /* memory that a 32-bit BAR reaches */
#define SPACE_64  3

#define MAX_WINDOWS 8

static struct fdt_range window[MAX_WINDOWS]; /* of memory, by bus address */
static unsigned nwindow;
static struct range_set room; /* bus addresses that no BAR has */
static bool looked_at_bars;

fdt_node_t pci_dt_node(void)
{
	return dt_find(FDT_NONE, "pci-host-ecam-generic");
}

/* --- BARs --------------------------------------------------------------------------------- */

static bool bar_is_memory(uint32_t low)
{
	return (low & 1) == 0;
}

/* Ends the search at a function that somebody has placed. */
static bool has_place(const struct pci_dev *d, void *arg UNIK_UNUSED)
{
	unsigned nbar = pci_read(d, PCI_HEADER) >> 16 & 0x7f ? 2 : 6; /* a bridge has two */

	for (unsigned i = 0; i < nbar; i++) {
		uint32_t low = pci_read(d, PCI_BAR0 + 4 * i);

		if (!bar_is_memory(low))
			continue;
		if (low & ~0xfu)
			return true;
		if ((low & 6) == 4 && ++i < nbar && pci_read(d, PCI_BAR0 + 4 * i))
			return true;
	}
	return false;
}

/* The windows are ours only if the firmware has placed nothing: what it did place cannot be
 * measured while its drivers work. */
static void find_room(void)
{
	struct pci_dev placed;

	if (looked_at_bars)
		return;
	looked_at_bars = true;
	if (pci_find(has_place, NULL, &placed))
		return;
	for (unsigned i = 0; i < nwindow; i++)
		ranges_add(&room, window[i].child, window[i].child + window[i].len);
}

/* Room for a BAR, aligned to its size, below a limit; 0: there is none. */
static uint64_t take_room(uint64_t size, uint64_t limit)
{
	for (unsigned i = 0; i < room.n; i++) {
		uint64_t start = ALIGN_UP(MAX(room.r[i].start, size), size);
		uint64_t end = MIN(room.r[i].end, limit);

		if (start >= room.r[i].start && start < end && size <= end - start &&
		    ranges_remove(&room, start, start + size))
			return start;
	}
	return 0;
}

static bool to_cpu(uint64_t bus, uint64_t size, paddr_t *out)
{
	for (unsigned i = 0; i < nwindow; i++) {
		const struct fdt_range *w = &window[i];

		if (bus >= w->child && bus - w->child < w->len &&
		    size <= w->len - (bus - w->child)) {
			*out = w->cpu + (bus - w->child);
			return true;
		}
	}
	return false;
}

static int place(struct pci_dev *d, unsigned i, bool wide, struct pci_bar *b)
{
	uint64_t bus = b->base;

	if (bus == 0) {
		find_room();
		bus = take_room(b->size, wide ? UINT64_MAX : 1ull << 32);
		if (bus == 0)
			return -EIO;
		pci_bar_write(d, i, wide, bus);
	}
	return to_cpu(bus, b->size, &b->base) ? 0 : -EIO;
}

/* --- lines -------------------------------------------------------------------------------- */

/* Behind a bridge a pin comes out as another; only the host's own bus is looked at. */
static int line(const struct pci_dev *d, unsigned pin, unsigned *gsi, enum irq_trigger *trigger)
{
	const uint32_t unit[FDT_MAX_CELLS] = { (uint32_t)d->bdf << 8 };
	const uint32_t spec[FDT_MAX_CELLS] = { pin };
	struct fdt_interrupt i;

	if (d->bdf >> 8 != 0 || !fdt_interrupt_map(dt_get(), pci_dt_node(), unit, spec, &i) ||
	    !dt_line_of(&i, gsi, trigger))
		return -ENODEV;
	return 0;
}

/* --- the host ----------------------------------------------------------------------------- */

static void read_windows(fdt_node_t node)
{
	struct fdt_range r;

	for (unsigned i = 0; nwindow < MAX_WINDOWS && fdt_range(dt_get(), node, i, &r); i++) {
		if ((SPACE(r.pci_space) != SPACE_32 && SPACE(r.pci_space) != SPACE_64) ||
		    r.len == 0 || r.len > UINT64_MAX - r.child || r.len > UINT64_MAX - r.cpu)
			continue;
		window[nwindow++] = r;
	}
}

static bool open_config(fdt_node_t node)
{
	const struct fdt *f = dt_get();
	uint32_t len, first = 0, last = 255;
	const void *range = fdt_prop(f, node, "bus-range", &len);
	uint64_t base, bytes;

	if (range && len == 8) {
		first = fdt_cell(range, 0);
		last = fdt_cell(range, 1);
	}
	if (!fdt_reg(f, node, 0, &base, &bytes) || bytes < PCI_ECAM_BUS_BYTES || first > 255)
		return false;
	last = (uint32_t)MIN((uint64_t)last, first + bytes / PCI_ECAM_BUS_BYTES - 1);
	pci_ecam_open(base, first, last);
	return true;
}

const struct pci_host *pci_dt_host(void)
{
	static const struct pci_host host = { pci_ecam_read, pci_ecam_write, place, line };
	static bool open;
	fdt_node_t node;

	if (open)
		return &host;
	node = pci_dt_node();
	if (node == FDT_NONE || !open_config(node))
		return NULL;
	read_windows(node);
	open = true;
	return &host;
}
