// SPDX-License-Identifier: BSD-2-Clause
#include "arch/mmio.h"
#include "tests/host/fake/virtio.h"

struct fake_virtio fake_virtio;

static paddr_t mapped[64]; /* pages that the driver has mapped */
static unsigned nmapped;
static bool on_mmio;

/* --- rings --------------------------------------------------------------------------------- */

struct vring_used *fake_queue_used(const struct fake_queue *q)
{
	return (struct vring_used *)(uintptr_t)q->used;
}

struct vring_avail *fake_queue_avail(const struct fake_queue *q)
{
	return (struct vring_avail *)(uintptr_t)q->avail;
}

uint16_t *fake_queue_avail_event(const struct fake_queue *q)
{
	return (uint16_t *)&fake_queue_used(q)->ring[q->size];
}

uint16_t *fake_queue_used_event(const struct fake_queue *q)
{
	return &fake_queue_avail(q)->ring[q->size];
}

int fake_queue_pop(struct fake_queue *q)
{
	struct vring_avail *a = fake_queue_avail(q);

	if (!q->ready || a->idx == q->next_avail)
		return -1;
	if ((uint16_t)(a->idx - q->next_avail) > q->size)
		CHECK_FAIL("more is available than the ring holds");
	return a->ring[q->next_avail++ % q->size];
}

struct vring_desc fake_queue_desc(const struct fake_queue *q, unsigned id)
{
	if (id >= q->size)
		CHECK_FAIL("descriptor %u of %u", id, q->size);
	return ((struct vring_desc *)(uintptr_t)q->desc)[id % q->size];
}

uint8_t *fake_desc_data(struct vring_desc d)
{
	return (uint8_t *)(uintptr_t)d.addr;
}

void fake_queue_push(struct fake_queue *q, uint32_t id, uint32_t len)
{
	struct vring_used *u = fake_queue_used(q);

	u->ring[u->idx % q->size] = (struct vring_used_elem){ id, len };
	u->idx++;
}

/* --- what both faces have ------------------------------------------------------------------ */

static void reset(struct fake_virtio *d)
{
	d->resets++;
	if (d->never_resets)
		return;
	d->status = 0;
	d->accepted = 0;
	d->isr = 0;
	for (unsigned i = 0; i < FAKE_QUEUES; i++) {
		struct fake_queue *q = &d->queue[i];

		*q = (struct fake_queue){ .max = q->max, .notified = q->notified };
	}
}

static void write_status(struct fake_virtio *d, uint32_t value)
{
	if (value == 0) {
		reset(d);
		return;
	}
	if (d->refuses_features)
		value &= ~VIRTIO_STATUS_FEATURES_OK;
	if ((value & VIRTIO_STATUS_FEATURES_OK) && (d->accepted & ~d->offered))
		CHECK_FAIL("features are accepted that were not offered");
	if ((d->status & ~value) && value)
		CHECK_FAIL("status bits are taken back: %x, %x", d->status, value);
	d->status = (uint8_t)value;
}

static uint32_t half(uint64_t v, uint32_t upper)
{
	return upper > 1 ? 0 : (uint32_t)(v >> 32 * upper);
}

static void set_half(uint64_t *v, uint32_t upper, uint32_t to)
{
	uint64_t mask = 0xffffffffull << (upper ? 32 : 0);

	*v = (*v & ~mask) | (((uint64_t)to << (upper ? 32 : 0)) & mask);
}

static struct fake_queue *selected(struct fake_virtio *d)
{
	static struct fake_queue none;

	none = (struct fake_queue){ 0 };
	return d->select_queue < FAKE_QUEUES ? &d->queue[d->select_queue] : &none;
}

static uint32_t read_generation(struct fake_virtio *d)
{
	return d->generation_runs ? d->generation++ : d->generation;
}

static void notify(struct fake_virtio *d, uint32_t queue)
{
	if (queue >= FAKE_QUEUES || !d->queue[queue].ready) {
		CHECK_FAIL("queue %u is notified", queue);
		return;
	}
	d->queue[queue].notified++;
	if (d->on_notify)
		d->on_notify(d, queue);
}

static uint64_t read_config(struct fake_virtio *d, uint64_t offset, unsigned width)
{
	uint64_t v = 0;

	if (offset + width > d->config_bytes)
		CHECK_FAIL("configuration is read at %u", (unsigned)offset);
	else
		memcpy(&v, &d->config[offset], width);
	return v;
}

/* --- MMIO (4.2.2) -------------------------------------------------------------------------- */

static uint64_t mmio_get(struct fake_virtio *d, uint64_t reg)
{
	switch (reg) {
	case 0x000:
		return d->magic;
	case 0x004:
		return d->version;
	case 0x008:
		return d->type;
	case 0x010:
		return half(d->offered, d->select_offered);
	case 0x034:
		return selected(d)->max;
	case 0x044:
		return d->stays_ready ? 1 : selected(d)->ready;
	case 0x060:
		return d->isr;
	case 0x070:
		return d->status;
	case 0x0fc:
		return read_generation(d);
	}
	CHECK_FAIL("register %x is read", (unsigned)reg);
	return 0;
}

static void mmio_put(struct fake_virtio *d, uint64_t reg, uint32_t v)
{
	struct fake_queue *q = selected(d);

	switch (reg) {
	case 0x014:
		d->select_offered = v;
		return;
	case 0x020:
		set_half(&d->accepted, d->select_accepted, v);
		return;
	case 0x024:
		d->select_accepted = v;
		return;
	case 0x030:
		d->select_queue = v;
		return;
	case 0x038:
		q->size = v;
		return;
	case 0x044:
		q->ready = v;
		return;
	case 0x050:
		notify(d, v);
		return;
	case 0x064:
		d->isr &= ~v;
		return;
	case 0x070:
		write_status(d, v);
		return;
	case 0x080:
	case 0x084:
		set_half(&q->desc, reg & 4, v);
		return;
	case 0x090:
	case 0x094:
		set_half(&q->avail, reg & 4, v);
		return;
	case 0x0a0:
	case 0x0a4:
		set_half(&q->used, reg & 4, v);
		return;
	}
	CHECK_FAIL("register %x is written", (unsigned)reg);
}

/* --- PCI: the common configuration (4.1.4.3) ----------------------------------------------- */

static uint64_t common_get(struct fake_virtio *d, uint64_t reg)
{
	struct fake_queue *q = selected(d);

	switch (reg) {
	case 0x04:
		return half(d->offered, d->select_offered);
	case 0x10:
		return d->config_vector;
	case 0x12:
		return d->nqueue;
	case 0x14:
		return d->status;
	case 0x15:
		return read_generation(d);
	case 0x18:
		return q->size ? q->size : q->max;
	case 0x1a:
		return q->vector;
	case 0x1c:
		return q->ready;
	case 0x1e:
		return d->notify_off + d->select_queue;
	}
	CHECK_FAIL("common configuration is read at %x", (unsigned)reg);
	return 0;
}

static void common_put(struct fake_virtio *d, uint64_t reg, uint32_t v)
{
	struct fake_queue *q = selected(d);

	switch (reg) {
	case 0x00:
		d->select_offered = v;
		return;
	case 0x08:
		d->select_accepted = v;
		return;
	case 0x0c:
		set_half(&d->accepted, d->select_accepted, v);
		return;
	case 0x10:
		d->config_vector = d->refuses_vectors ? 0xffff : (uint16_t)v;
		return;
	case 0x14:
		write_status(d, v);
		return;
	case 0x16:
		d->select_queue = v;
		return;
	case 0x18:
		q->size = v;
		return;
	case 0x1a:
		q->vector = d->refuses_vectors || v >= d->nvector ? 0xffff : v;
		return;
	case 0x1c:
		q->ready = v;
		return;
	case 0x20:
	case 0x24:
		set_half(&q->desc, reg & 4, v);
		return;
	case 0x28:
	case 0x2c:
		set_half(&q->avail, reg & 4, v);
		return;
	case 0x30:
	case 0x34:
		set_half(&q->used, reg & 4, v);
		return;
	}
	CHECK_FAIL("common configuration is written at %x", (unsigned)reg);
}

static uint64_t read_isr(struct fake_virtio *d)
{
	uint64_t v = d->isr;

	d->isr = 0;
	return v;
}

static uint64_t bar_get(struct fake_virtio *d, uint64_t at, unsigned width)
{
	if (at < FAKE_ISR)
		return common_get(d, at);
	if (at == FAKE_ISR)
		return read_isr(d);
	if (at >= FAKE_DEVICE && at < FAKE_NOTIFY)
		return read_config(d, at - FAKE_DEVICE, width);
	CHECK_FAIL("BAR is read at %x", (unsigned)at);
	return 0;
}

static void bar_put(struct fake_virtio *d, uint64_t at, unsigned width, uint32_t v)
{
	if (at < FAKE_ISR)
		common_put(d, at, v);
	else if (at >= FAKE_NOTIFY && at < FAKE_MSIX && width == 2)
		notify(d, v);
	else if (at < FAKE_MSIX || at >= FAKE_MSIX + 16u * d->nvector || width != 4)
		CHECK_FAIL("BAR is written at %x", (unsigned)at);
}

/* --- the bus ------------------------------------------------------------------------------- */

static bool is_mapped(uintptr_t addr)
{
	for (unsigned i = 0; i < nmapped; i++)
		if (mapped[i] == ALIGN_DOWN(addr, PAGE_SIZE))
			return true;
	return false;
}

static bool access_device(uintptr_t addr, unsigned width, bool write, uint64_t *v)
{
	struct fake_virtio *d = &fake_virtio;
	uint64_t at = addr - (on_mmio ? FAKE_MMIO_BASE : FAKE_BAR_BASE);

	if (!on_mmio && addr - FAKE_MMIO_BASE < 0x200)
		return true; /* the place is there, but no device in it */
	if (at >= (on_mmio ? 0x200 : FAKE_BAR_BYTES))
		return false;
	if (!is_mapped(addr) || addr % width)
		CHECK_FAIL("access to %lx, not mapped or not aligned", (long)addr);
	if (on_mmio && at >= 0x100 && !write)
		*v = read_config(d, at - 0x100, width);
	else if (on_mmio && width != 4)
		CHECK_FAIL("registers are 32 bits wide");
	else if (on_mmio && write)
		mmio_put(d, at, (uint32_t)*v);
	else if (on_mmio)
		*v = mmio_get(d, at);
	else if (write)
		bar_put(d, at, width, (uint32_t)*v);
	else
		*v = bar_get(d, at, width);
	return true;
}

static void *map_device(paddr_t pa, size_t len)
{
	if (!fake_alloc_allowed())
		return NULL;
	for (paddr_t p = ALIGN_DOWN(pa, PAGE_SIZE); p < pa + len; p += PAGE_SIZE)
		mapped[nmapped++ % ARRAY_SIZE(mapped)] = p;
	return (void *)(uintptr_t)pa;
}

bool platform_virtio_mmio(unsigned n, paddr_t *base, unsigned *gsi, enum irq_trigger *trigger)
{
	if (n)
		return false;
	*base = FAKE_MMIO_BASE;
	*gsi = FAKE_MMIO_GSI;
	*trigger = IRQ_LEVEL_HIGH;
	return true;
}

static void start(uint32_t type, uint64_t features)
{
	fake_virtio = (struct fake_virtio){
		.type = type,
		.offered = features,
		.magic = 0x74726976,
		.version = 2,
		.status = 0x0f, /* as if a loader had used it */
		.config_bytes = sizeof(fake_virtio.config),
		.nqueue = 2,
		.notify_multiplier = 4,
		.queue = { { .max = 256 }, { .max = 256 } },
	};
	nmapped = 0;
	fake_pci_reset();
	memset(fake_irq, 0, sizeof(fake_irq));
	fake_irq_fail = 0;
	fake_mmio = access_device;
	fake_map_device = map_device;
}

void fake_virtio_mmio(uint32_t type, uint64_t features)
{
	start(type, features);
	on_mmio = true;
	/* The places are mapped once in a program's life. */
	mapped[nmapped++] = FAKE_MMIO_BASE;
}

static void add_cap(struct fake_pci *f, unsigned at, unsigned type, uint32_t offset, uint32_t len)
{
	fake_pci_cap(f, at, PCI_CAP_VENDOR);
	f->config[at + 2] = 16;
	f->config[at + 3] = (uint8_t)type;
	f->config[at + 4] = 4;
	fake_pci_set(f, at + 8, 4, offset);
	fake_pci_set(f, at + 12, 4, len);
}

void fake_virtio_pci(uint32_t type, uint64_t features, unsigned nvector)
{
	start(type, features);
	on_mmio = false;
	struct fake_pci *f = fake_pci_add(0, 3, 0, 0x1af4, (uint16_t)(0x1040 + type));

	fake_virtio.pci = f;
	fake_virtio.magic = 0; /* nothing answers at the MMIO place */
	fake_virtio.nvector = (uint16_t)nvector;
	fake_pci_bar(f, 4, FAKE_BAR_BASE, FAKE_BAR_BYTES, true);
	fake_pci_set(f, PCI_INTR, 2, 0x010a);
	add_cap(f, 0x40, 1, FAKE_COMMON, 0x1000);
	add_cap(f, 0x50, 3, FAKE_ISR, 0x1000);
	add_cap(f, 0x60, 4, FAKE_DEVICE, 0x1000);
	add_cap(f, 0x70, 2, FAKE_NOTIFY, 0x1000);
	fake_pci_set(f, 0x80, 4, fake_virtio.notify_multiplier);
	if (nvector) {
		fake_pci_cap(f, 0x98, PCI_CAP_MSIX);
		fake_pci_set(f, 0x9a, 2, nvector - 1);
		fake_pci_set(f, 0x9c, 4, FAKE_MSIX | 4);
	}
}
