// SPDX-License-Identifier: BSD-2-Clause
/*
 * grant.c - version 1 of the table: entries of 8 bytes, in pages that Xen supplies one by one.
 *
 * Free references are a list through the entries themselves: of an entry that grants nothing Xen
 * looks at no other field, and the peers see nothing of the table.
 */
#include "drivers/xen/grant.h"
#include <errno.h>
#include "arch/mmio.h"
#include "arch/mmu.h"
#include "kernel/spinlock.h"

/* public/grant_table.h */
#define GTF_PERMIT_ACCESS (1u << 0)
#define GTF_READONLY      (1u << 2)
#define GTF_READING       (1u << 3)
#define GTF_WRITING       (1u << 4)
#define RESERVED_ENTRIES  8

#define GNTTABOP_SET_VERSION 8

#define FRAMES_MAX        64
#define ENTRIES_PER_FRAME (PAGE_SIZE / sizeof(struct entry))

struct entry {
	uint16_t flags;
	xen_domid_t peer;
	uint32_t frame; /* of a free one: the next free reference */
};

static struct {
	struct spinlock lock;
	struct entry *frame[FRAMES_MAX];
	unsigned nframe;
	grant_ref_t free; /* 0: none */
} table;

static struct entry *entry_of(grant_ref_t ref)
{
	return &table.frame[ref / ENTRIES_PER_FRAME][ref % ENTRIES_PER_FRAME];
}

static void push_free(grant_ref_t ref)
{
	entry_of(ref)->frame = table.free;
	table.free = ref;
}

/* A table begins as one of version 1, and every Xen has that. A loader that ran in this machine
 * before may have changed it. A Xen that knows no versions (before 4.0) says -ENOSYS. */
static UNIK_COLD bool be_version_1(void)
{
	uint32_t version = 1;
	long err = xen_hypercall(XEN_GRANT_TABLE_OP, GNTTABOP_SET_VERSION, &version, 1);

	return err == -ENOSYS || (!err && version == 1);
}

/* One more page of entries; under the lock. */
static int grow(void)
{
	unsigned n = table.nframe;
	void *page;

	if (!xen_present() || (n == 0 && !be_version_1()))
		return -ENODEV;
	if (n == FRAMES_MAX)
		return -ENOSPC;
	page = page_alloc(0);
	if (!page)
		return -ENOMEM;
	if (xen_map_space(XEN_SPACE_GRANT_TABLE, n, page)) {
		page_free(page, 0);
		return -ENOSPC;
	}
	table.frame[n] = page;
	table.nframe++;
	for (unsigned i = ENTRIES_PER_FRAME; i-- > (n ? 0 : RESERVED_ENTRIES);)
		push_free(n * ENTRIES_PER_FRAME + i);
	return 0;
}

int grant_alloc(grant_ref_t *ref)
{
	irq_state_t s = spin_lock_irqsave(&table.lock);
	int ret = table.free ? 0 : grow();

	if (!ret) {
		*ref = table.free;
		table.free = entry_of(*ref)->frame;
	}
	spin_unlock_irqrestore(&table.lock, s);
	return ret;
}

void grant_free(grant_ref_t ref)
{
	irq_state_t s = spin_lock_irqsave(&table.lock);

	push_free(ref);
	spin_unlock_irqrestore(&table.lock, s);
}

/* The flags are last: with them the entry is in force. */
void grant_set(grant_ref_t ref, xen_domid_t peer, const void *p, bool read_only)
{
	struct entry *e = entry_of(ref);

	e->frame = (uint32_t)(mmu_dma_addr(p) >> PAGE_SHIFT);
	e->peer = peer;
	__atomic_store_n(&e->flags, GTF_PERMIT_ACCESS | (read_only ? GTF_READONLY : 0),
			 __ATOMIC_RELEASE);
}

/* Xen sets the bits of use in the same word by compare-and-exchange, as we take it back. */
bool grant_clear(grant_ref_t ref)
{
	struct entry *e = entry_of(ref);
	uint16_t flags = READ_ONCE(e->flags);

	do
		if (flags & (GTF_READING | GTF_WRITING))
			return false;
	while (!__atomic_compare_exchange_n(&e->flags, &flags, 0, false, __ATOMIC_SEQ_CST,
					    __ATOMIC_RELAXED));
	return true;
}

int grant_page(grant_ref_t *ref, xen_domid_t peer, const void *p, bool read_only)
{
	int ret = grant_alloc(ref);

	if (!ret)
		grant_set(*ref, peer, p, read_only);
	return ret;
}
