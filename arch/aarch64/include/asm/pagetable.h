// SPDX-License-Identifier: BSD-2-Clause
/*
 * asm/pagetable.h - the tables themselves, for arch/mmu_range.c and this architecture's mmu.c: four
 * levels of 512 entries, the lowest counted as 1, reached through the direct map.
 */
#pragma once
#include "kernel/page.h"
#include "kernel/spinlock.h"
#include <asm/boot.h>

#define PTE_GUARDED        (1ULL << 50) /* indirect branches must land on a pad */
#define PTE_PXN            (1ULL << 53)
#define PTE_UXN            (1ULL << 54)
#define PTE_NO_EXEC        (PTE_UXN | PTE_PXN)
#define PTE_ADDRESS        0x0000fffffffff000ULL
#define PTE_ACCESSIBLE     PTE_VALID /* without it the CPU looks at nothing else in the entry */
#define LEVEL_SHIFT(level) (PAGE_SHIFT + 9 * ((level)-1))

/* The top-level table of the program's half, and the lock of all tables. */
extern uint64_t *pagetable_root;
extern struct spinlock pagetable_lock;

/* pagetable_entry() - the entry of a page, with the tables above it made where they are missing.
 * NULL: out of memory. Under the lock. */
uint64_t *pagetable_entry(uintptr_t va) UNIK_MUST_CHECK;

/* pagetable_flags() - the bits of a page's entry for enum mmu_flags. */
uint64_t pagetable_flags(unsigned flags);

/* pagetable_flush() - forget all translations. */
void pagetable_flush(void);

/* pagetable_invalidate() - an entry that was in force has changed. */
static inline void pagetable_invalidate(uintptr_t va)
{
	__asm__ volatile("dsb ishst\n\ttlbi vaae1is, %0\n\tdsb ish\n\tisb" ::"r"(va >> PAGE_SHIFT &
										 0xfffffffffff)
			 : "memory");
}

/* pagetable_code() - instructions may be fetched from a page from now on; `page` is its address in
 * the direct map. What was written goes as far as fetches look, and what was fetched before, by any
 * address, is forgotten (Arm ARM, B2.4.4). */
static inline void pagetable_code(const char *page)
{
	uint64_t ctr;
	size_t line;

	__asm__ volatile("mrs %0, ctr_el0" : "=r"(ctr));
	line = 4UL << (ctr >> 16 & 15); /* of data caches, the shortest */
	for (const char *p = page; p < page + PAGE_SIZE; p += line)
		__asm__ volatile("dc cvau, %0" ::"r"(p) : "memory");
	__asm__ volatile("dsb ish\n\tic ialluis\n\tdsb ish\n\tisb" ::: "memory");
}

/* pagetable_written() - an entry that was empty is in force now: seen by the walks of what follows
 * (Arm ARM, D8.17.1). */
static inline void pagetable_written(void)
{
	__asm__ volatile("dsb ishst\n\tisb" ::: "memory");
}
