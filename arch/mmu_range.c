// SPDX-License-Identifier: BSD-2-Clause
/*
 * mmu_range.c - page tables of the program's region, by ranges; for every architecture whose tables
 * are as <asm/pagetable.h> says.
 *
 * A page that is known and not accessible is an entry with an address and without PTE_ACCESSIBLE.
 * The region has no large pages. Ref: Intel SDM vol. 3, 4.5 and 4.10; Arm ARM (DDI 0487), D8.
 */
#include <errno.h>
#include "arch/mmu.h"
#include <asm/pagetable.h>

#define GONE_MAX 64 /* pages and tables that are given back at a time */

/* One pass over a range, with the lock held. */
struct walk {
	bool (*leaf)(struct walk *w, uint64_t *entry, uintptr_t va); /* false: stop here */
	uintptr_t at;                                                /* where it stopped */
	bool stopped;
	bool prune;     /* free tables that are empty */
	uint64_t flags; /* for set_flags() */
	bool code;      /* the same: they allow execution */
	paddr_t pa;     /* of the page that find() stopped at */
	size_t ngone;   /* pages that were taken out, */
	size_t ntables; /* and tables, from the end */
	paddr_t gone[GONE_MAX];
};

static bool is_empty(const uint64_t *table)
{
	for (unsigned i = 0; i < 512; i++)
		if (table[i])
			return false;
	return true;
}

/* Give the table below an entry back when it is empty; false: there is no room, go on here. */
static bool prune(struct walk *w, uint64_t *entry, const uint64_t *below, uintptr_t va)
{
	if (!is_empty(below))
		return true;
	if (w->ngone + w->ntables == GONE_MAX) {
		w->stopped = true;
		w->at = va;
		return false;
	}
	w->gone[GONE_MAX - ++w->ntables] = *entry & PTE_ADDRESS;
	*entry = 0;
	return true;
}

static void walk_level(struct walk *w, uint64_t *table, unsigned level, uintptr_t va, uintptr_t end)
{
	size_t span = 1UL << LEVEL_SHIFT(level);
	uintptr_t next;

	for (; va < end && !w->stopped; va = next) {
		uint64_t *entry = &table[va >> LEVEL_SHIFT(level) & 511];

		next = ALIGN_DOWN(va, span) + span;
		if (!*entry)
			continue;
		if (level == 1) {
			w->stopped = !w->leaf(w, entry, va);
			w->at = va;
			continue;
		}
		uint64_t *below = phys_to_virt(*entry & PTE_ADDRESS);

		walk_level(w, below, level - 1, va, MIN(end, next));
		if (w->prune && !prune(w, entry, below, va))
			return;
	}
}

static void walk(struct walk *w, uintptr_t va, uintptr_t end)
{
	w->stopped = false;
	w->at = end;
	walk_level(w, pagetable_root, 4, va, end);
	if (!w->stopped)
		w->at = end;
}

static bool find(struct walk *w, uint64_t *entry, uintptr_t va)
{
	w->pa = *entry & PTE_ADDRESS;
	return false;
}

bool mmu_next_page(uintptr_t *va, uintptr_t end, paddr_t *pa)
{
	struct walk w = { .leaf = find };
	irq_state_t s = spin_lock_irqsave(&pagetable_lock);

	walk(&w, *va, end);
	spin_unlock_irqrestore(&pagetable_lock, s);
	*va = w.at;
	*pa = w.pa;
	return w.stopped;
}

static bool set_flags(struct walk *w, uint64_t *entry, uintptr_t va)
{
	if (w->code)
		pagetable_code(phys_to_virt(*entry & PTE_ADDRESS));
	*entry = (*entry & PTE_ADDRESS) | w->flags;
	pagetable_invalidate(va);
	return true;
}

void mmu_protect(uintptr_t va, size_t npages, unsigned flags)
{
	uintptr_t end = va + npages * PAGE_SIZE, next;
	struct walk w = { .leaf = set_flags, .code = flags & MMU_EXEC };

	w.flags = pagetable_flags(flags);
	if (flags & MMU_NONE)
		w.flags &= ~(uint64_t)PTE_ACCESSIBLE;
	for (; va < end; va = next) {
		irq_state_t s = spin_lock_irqsave(&pagetable_lock);

		next = MIN(end, ALIGN_DOWN(va, 1UL << LEVEL_SHIFT(2)) + (1UL << LEVEL_SHIFT(2)));
		walk(&w, va, next);
		spin_unlock_irqrestore(&pagetable_lock, s);
	}
}

/* There is room for the page, and for the tables that may be empty without it. */
static bool take(struct walk *w, uint64_t *entry, uintptr_t va)
{
	if (w->ngone + w->ntables + 4 > GONE_MAX)
		return false;
	w->gone[w->ngone++] = *entry & PTE_ADDRESS;
	*entry = 0;
	pagetable_invalidate(va);
	return true;
}

void mmu_take(uintptr_t va, size_t npages, void (*gone)(void *page))
{
	uintptr_t end = va + npages * PAGE_SIZE;

	while (va < end) {
		struct walk w = { .leaf = take, .prune = true };
		irq_state_t s = spin_lock_irqsave(&pagetable_lock);

		walk(&w, va, end);
		if (w.ntables)
			pagetable_flush();
		spin_unlock_irqrestore(&pagetable_lock, s);
		va = w.at;
		for (size_t i = 0; gone && i < w.ngone; i++)
			gone(phys_to_virt(w.gone[i]));
		for (size_t i = 1; i <= w.ntables; i++)
			page_free(phys_to_virt(w.gone[GONE_MAX - i]), 0);
	}
}

/* One entry to another address; false: no memory for the tables there. */
static bool move_one(uintptr_t to, uintptr_t from)
{
	irq_state_t s = spin_lock_irqsave(&pagetable_lock);
	uint64_t *new = pagetable_entry(to), *old = pagetable_entry(from);

	if (new &&old) {
		*new = *old;
		*old = 0;
		pagetable_invalidate(from);
		pagetable_written();
	}
	spin_unlock_irqrestore(&pagetable_lock, s);
	return new &&old;
}

/* The tables of what has moved stay until the end, so moving back cannot fail. */
int mmu_move(uintptr_t to, uintptr_t from, size_t npages)
{
	uintptr_t va = from, end = from + npages * PAGE_SIZE;
	int err = 0;
	paddr_t pa;

	for (; mmu_next_page(&va, end, &pa); va += PAGE_SIZE)
		if (!move_one(va - from + to, va)) {
			err = -ENOMEM;
			break;
		}
	if (err) {
		for (end = to + (va - from), va = to; mmu_next_page(&va, end, &pa); va += PAGE_SIZE)
			(void)move_one(va - to + from, va);
		mmu_take(to, npages, NULL);
	} else {
		mmu_take(from, npages, NULL);
	}
	return err;
}
