// SPDX-License-Identifier: BSD-2-Clause
/*
 * gic_its.c - GICv3's interrupt translation service: a message names an event of a device, and
 * tables in memory say which LPI that is and which CPU takes it.
 *
 * Every device gets a table of ITS_EVENTS; all interrupts go to one collection, the boot CPU.
 * Tables and queue must be in memory that the ITS shares coherently with the CPU; where it does
 * not, there are no messages, and devices use their lines.
 *
 * Ref: GICv3 architecture specification (IHI 0069), chapters 5 and 6 and 12.11 to 12.19.
 */
#include <errno.h>
#include "arch/cpu.h"
#include "arch/mmio.h"
#include "arch/mmu.h"
#include "drivers/arm/gic.h"
#include "drivers/arm/gic_msi.h"
#include "kernel/log.h"
#include "kernel/page.h"

#define MAP_BYTES 0x20000

#define GITS_CTLR       0x000
#define GITS_TYPER      0x008
#define GITS_CBASER     0x080
#define GITS_CWRITER    0x088
#define GITS_CREADR     0x090
#define GITS_BASER      0x100
#define GITS_BASERS     8
#define GITS_TRANSLATER 0x10040

#define CTLR_ENABLE    (1u << 0)
#define CTLR_QUIESCENT (1u << 31)

#define TYPER_PHYSICAL       (1ull << 0)
#define TYPER_ENTRY(t)       (((t) >> 4 & 0xf) + 1) /* bytes of a translation */
#define TYPER_EVENT_BITS(t)  (((t) >> 8 & 0x1f) + 1)
#define TYPER_DEVICE_BITS(t) (((t) >> 13 & 0x1f) + 1)
#define TYPER_PTA            (1ull << 19)       /* targets are addresses, not numbers */
#define TYPER_HELD(t)        ((t) >> 24 & 0xff) /* collections that need no table */

#define BASER_VALID      (1ull << 63)
#define BASER_TYPE(b)    ((b) >> 56 & 7)
#define BASER_ENTRY(b)   (((b) >> 48 & 0x1f) + 1)
#define BASER_PAGE_SHIFT 8
#define BASER_PAGE(b)    ((b) >> BASER_PAGE_SHIFT & 3)
#define TYPE_DEVICES     1
#define TYPE_COLLECTIONS 4

/* Cacheability and shareability, in the same bits of GITS_BASER and GITS_CBASER, and of
 * GICR_PROPBASER and GICR_PENDBASER. */
#define ITS_CACHED  (7ull << 59)
#define LPI_CACHED  (7ull << 7)
#define SHARED      (1ull << 10)
#define SHARED_MASK (3ull << 10)

#define GICR_CTLR      0x00
#define GICR_TYPER     0x08
#define GICR_PROPBASER 0x70
#define GICR_PENDBASER 0x78
#define GICR_LPIS      (1ull << 0) /* of TYPER: there are any; of CTLR: they are on */
#define GICR_NUMBER(t) ((t) >> 8 & 0xffff)
#define PENDING_ZERO   (1ull << 62)

#define LPI_ID_BITS      14 /* the fewest with which there are LPIs */
#define LPI_CONFIG_BYTES ((1u << LPI_ID_BITS) - GIC_LPI_FIRST)
#define LPI_CONFIG       0xa3 /* priority 0xa0, enabled; bit 1 is one (5.1.1) */
#define PENDING_ORDER    4    /* the table is small, but aligned to 64 KiB */

#define QUEUE_PAGES   1
#define COMMAND_BYTES 32
#define QUEUE_BYTES   (QUEUE_PAGES * PAGE_SIZE)
#define LOOKS_MAX     1000000

#define ITS_DEVICES 16
#define EVENT_BITS  5
#define ITS_EVENTS  (1u << EVENT_BITS)
#define DEVICE_BITS 12 /* of PCI: 16 buses. More make the table larger */

enum command {
	CMD_SYNC = 0x05,
	CMD_MAPD = 0x08,
	CMD_MAPC,
	CMD_MAPTI,
	CMD_INV = 0x0c,
	CMD_DISCARD = 0x0f
};

struct its_device {
	uint32_t id;
	uint32_t events; /* in use, one bit each */
	bool used;
};

static struct {
	char *regs;
	paddr_t base;
	char *queue;
	uint32_t write;  /* offset in the queue */
	uint64_t target; /* the boot CPU, as commands name it */
	unsigned entry_bytes, device_bits;
	bool looked, works;
	struct its_device device[ITS_DEVICES];
	struct {
		struct its_device *device; /* NULL: none */
		uint8_t event;
	} of[IRQ_VECTOR_COUNT];
} its;

/* --- memory ------------------------------------------------------------------------------- */

static void *alloc_zeroed(unsigned order)
{
	void *p = page_alloc(order);

	if (p)
		__builtin_memset(p, 0, PAGE_SIZE << order);
	return p;
}

static bool wait_for(const char *reg, uint32_t mask, uint32_t value)
{
	for (unsigned i = 0; i < LOOKS_MAX; i++) {
		if ((mmio_read32(reg) & mask) == value)
			return true;
		cpu_relax();
	}
	return false;
}

/* --- commands ----------------------------------------------------------------------------- */

/* One command, and wait until it has been taken (5.3). False when the ITS stands still. */
static bool command(uint64_t w0, uint64_t w1, uint64_t w2)
{
	uint64_t *at = (uint64_t *)(its.queue + its.write);

	at[0] = w0;
	at[1] = w1;
	at[2] = w2;
	at[3] = 0;
	dma_wmb(); /* before the ITS is told, which reads the queue */
	its.write = (its.write + COMMAND_BYTES) % QUEUE_BYTES;
	mmio_write64(its.regs + GITS_CWRITER, its.write);
	return wait_for(its.regs + GITS_CREADR, UINT32_MAX, its.write);
}

static bool sync(void)
{
	return command(CMD_SYNC, 0, its.target);
}

static uint64_t for_device(enum command c, const struct its_device *d)
{
	return c | (uint64_t)d->id << 32;
}

/* --- set-up ------------------------------------------------------------------------------- */

/* LPIs of the boot CPU: their configuration, and where those that wait are noted. Once they are
 * on the tables cannot be changed (5.1): then somebody else's are in use. */
static bool start_lpis(void)
{
	char *redistributor = gicv3_redistributor();
	char *config, *pending;
	uint64_t table;

	if (!redistributor || !(mmio_read64(redistributor + GICR_TYPER) & GICR_LPIS) ||
	    (mmio_read32(redistributor + GICR_CTLR) & GICR_LPIS))
		return false;
	config = page_alloc_exact(LPI_CONFIG_BYTES / PAGE_SIZE);
	pending = alloc_zeroed(PENDING_ORDER);
	if (!config || !pending)
		return false;
	__builtin_memset(config, LPI_CONFIG, LPI_CONFIG_BYTES);
	page_free_exact(pending + PAGE_SIZE, (1u << PENDING_ORDER) - 1);
	dma_wmb(); /* before the redistributor reads them */
	table = mmu_dma_addr(config) | LPI_CACHED | SHARED | (LPI_ID_BITS - 1);
	mmio_write64(redistributor + GICR_PROPBASER, table);
	mmio_write64(redistributor + GICR_PENDBASER,
		     mmu_dma_addr(pending) | LPI_CACHED | SHARED | PENDING_ZERO);
	if ((mmio_read64(redistributor + GICR_PROPBASER) & SHARED_MASK) != SHARED ||
	    (mmio_read64(redistributor + GICR_PENDBASER) & SHARED_MASK) != SHARED)
		return false;
	mmio_write32(redistributor + GICR_CTLR,
		     mmio_read32(redistributor + GICR_CTLR) | (uint32_t)GICR_LPIS);
	its.target = GICR_NUMBER(mmio_read64(redistributor + GICR_TYPER)) << 16;
	return true;
}

/* A table of `bytes`, in pages of whatever size the ITS can (12.19.1). */
static bool give_table(char *reg, uint64_t want_bytes)
{
	static const uint8_t page_shift[] = { 12, 14, 16 };

	for (unsigned size = 0; size < ARRAY_SIZE(page_shift); size++) {
		uint64_t page = 1ull << page_shift[size];
		uint64_t bytes = ALIGN_UP(want_bytes, page), value;
		unsigned order = (unsigned)page_order_for(bytes / PAGE_SIZE);
		void *table = alloc_zeroed(order);

		if (!table)
			return false;
		dma_wmb(); /* before the ITS reads it */
		value = BASER_VALID | ITS_CACHED | SHARED | mmu_dma_addr(table) |
			(uint64_t)size << BASER_PAGE_SHIFT | (bytes / page - 1);
		mmio_write64(reg, value);
		value = mmio_read64(reg);
		if (BASER_PAGE(value) == size)
			return (value & SHARED_MASK) == SHARED;
		mmio_write64(reg, 0);
		page_free(table, order);
	}
	return false;
}

static bool give_tables(uint64_t type)
{
	bool devices = false, collections = TYPER_HELD(type) > 0;

	for (unsigned i = 0; i < GITS_BASERS; i++) {
		char *reg = its.regs + GITS_BASER + 8 * i;
		uint64_t baser = mmio_read64(reg);

		if (BASER_TYPE(baser) == TYPE_DEVICES)
			devices = give_table(reg, BASER_ENTRY(baser) << its.device_bits);
		else if (BASER_TYPE(baser) == TYPE_COLLECTIONS)
			collections = give_table(reg, BASER_ENTRY(baser));
	}
	return devices && collections;
}

static bool start_queue(void)
{
	its.queue = alloc_zeroed(0);
	if (!its.queue)
		return false;
	mmio_write64(its.regs + GITS_CBASER, BASER_VALID | ITS_CACHED | SHARED |
						     mmu_dma_addr(its.queue) | (QUEUE_PAGES - 1));
	mmio_write64(its.regs + GITS_CWRITER, 0);
	return (mmio_read64(its.regs + GITS_CBASER) & SHARED_MASK) == SHARED;
}

/* What there is is never given back: a controller that has seen memory may write to it. */
static bool its_start(fdt_node_t node)
{
	uint64_t type, len;

	its.regs = dt_map(node, 0, MAP_BYTES);
	if (!its.regs || !fdt_reg(dt_get(), node, 0, &its.base, &len))
		return false;
	type = mmio_read64(its.regs + GITS_TYPER);
	if (!(type & TYPER_PHYSICAL) || (type & TYPER_PTA) || TYPER_EVENT_BITS(type) < EVENT_BITS)
		return false;
	its.entry_bytes = TYPER_ENTRY(type);
	its.device_bits = (unsigned)MIN(TYPER_DEVICE_BITS(type), (uint64_t)DEVICE_BITS);
	mmio_write32(its.regs + GITS_CTLR, 0);
	if (!wait_for(its.regs + GITS_CTLR, CTLR_QUIESCENT, CTLR_QUIESCENT) || !start_lpis() ||
	    !give_tables(type) || !start_queue())
		return false;
	mmio_write32(its.regs + GITS_CTLR, CTLR_ENABLE);
	return command(CMD_MAPC, 0, BASER_VALID | its.target) && sync();
}

static bool its_ready(fdt_node_t node)
{
	if (!its.looked) {
		its.looked = true;
		its.works = its_start(node);
		if (!its.works)
			log_warn("its: cannot be used; devices interrupt by line");
	}
	return its.works;
}

/* --- messages ----------------------------------------------------------------------------- */

/* A device's table is never smaller than a page, so there is room for any entry size. */
static int device_map(struct its_device *d, uint32_t id)
{
	void *table = alloc_zeroed(0);

	if (!table)
		return -ENOMEM;
	*d = (struct its_device){ .id = id };
	if (!command(for_device(CMD_MAPD, d), EVENT_BITS - 1, BASER_VALID | mmu_dma_addr(table)))
		return -EIO; /* and the table stays the controller's */
	d->used = true;
	return 0;
}

static int device_get(uint32_t id, struct its_device **out)
{
	struct its_device *d = its.device;

	if (id >> its.device_bits)
		return -ENOSPC;
	while (d < its.device + ITS_DEVICES && d->used && d->id != id)
		d++;
	if (d == its.device + ITS_DEVICES)
		return -ENOSPC;
	*out = d;
	return d->used ? 0 : device_map(d, id);
}

static int its_compose(fdt_node_t node, unsigned vector, uint32_t id, struct msi_message *msg)
{
	struct its_device *d;
	unsigned event;
	uint64_t lpi = GIC_LPI_FIRST + vector;
	int ret;

	if (!its_ready(node))
		return -ENODEV;
	ret = device_get(id, &d);
	if (ret)
		return ret;
	if (d->events == UINT32_MAX)
		return -ENOSPC;
	event = (unsigned)__builtin_ctz(~d->events);
	if (!command(for_device(CMD_MAPTI, d), event | lpi << 32, 0) ||
	    !command(for_device(CMD_INV, d), event, 0) || !sync())
		return -EIO;
	d->events |= 1u << event;
	its.of[vector - IRQ_VECTOR_FIRST].device = d;
	its.of[vector - IRQ_VECTOR_FIRST].event = (uint8_t)event;
	*msg = (struct msi_message){ its.base + GITS_TRANSLATER, event };
	return 0;
}

static void its_release(unsigned vector)
{
	unsigned i = vector - IRQ_VECTOR_FIRST;
	struct its_device *d = its.of[i].device;

	if (!d)
		return;
	its.of[i].device = NULL;
	/* An event that could not be taken back stays in use, so that it cannot mean two things. */
	if (command(for_device(CMD_DISCARD, d), its.of[i].event, 0) && sync())
		d->events &= ~(1u << its.of[i].event);
}

const struct gic_msi gic_its = { "arm,gic-v3-its", its_compose, its_release };
