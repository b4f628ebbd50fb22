// SPDX-License-Identifier: BSD-2-Clause
/*
 * asm/pagetable.h - the tables themselves, for arch/mmu_range.c and this architecture's mmu.c: four
 * levels of 512 entries, the lowest counted as 1, reached through the direct map.
 */
#pragma once
#include "kernel/page.h"
#include "kernel/spinlock.h"
#include <asm/boot.h>

#define PTE_NX             (1ULL << 63)
#define PTE_ADDRESS        0x000ffffffffff000ULL
#define LEVEL_SHIFT(level) (PAGE_SHIFT + 9 * ((level)-1))

#define PTE_ACCESSIBLE PTE_PRESENT /* without it the CPU looks at nothing else in the entry */

/* The top-level table, and the lock of all tables. */
extern uint64_t *pagetable_root;
extern struct spinlock pagetable_lock;

/* pagetable_entry() - the entry of a page, with the tables above it made where they are missing.
 * NULL: out of memory. Under the lock. */
uint64_t *pagetable_entry(uintptr_t va) UNIK_MUST_CHECK;

/* pagetable_flags() - the bits of an entry for enum mmu_flags. */
uint64_t pagetable_flags(unsigned flags);

/* pagetable_flush() - forget all translations but global ones. */
void pagetable_flush(void);

/* pagetable_invalidate() - an entry that was in force has changed. */
static inline void pagetable_invalidate(uintptr_t va)
{
	__asm__ volatile("invlpg (%0)" ::"r"(va) : "memory");
}

/* pagetable_code() - instructions may be fetched from a page of the direct map from now on: the CPU
 * itself sees to it that they are those that were written. */
static inline void pagetable_code(const char *page UNIK_UNUSED)
{
}

/* pagetable_written() - an entry that was empty is in force now. */
static inline void pagetable_written(void)
{
}
