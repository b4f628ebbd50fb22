// SPDX-License-Identifier: BSD-2-Clause
/*
 * pagetable.h - address translation: what only booting needs, and what mmu.c and mmu_range.c
 * share. The rest: arch/mmu.h.
 */
#pragma once
#include "kernel/page.h"
#include "kernel/spinlock.h"

/* pagetable_random_image_base() - a page-aligned address for the image, from a random number. */
uintptr_t pagetable_random_image_base(uint64_t random);

/*
 * pagetable_build() - the final tables: the image with its rights, the direct map of
 *                     boot_info.ram at a random base, and the low identity map of the boot tables
 *                     until pagetable_forget_low().
 *
 * alloc   gives a zeroed page that is mapped one to one; does not fail
 * random  picks the direct map's base and the mapped area's
 *
 * Returns the value for CR3.
 */
uint64_t pagetable_build(paddr_t (*alloc)(void), uint64_t random);

/* pagetable_forget_low() - at the final address: nothing is mapped one to one any more. */
void pagetable_forget_low(void);

#define PTE_NX             (1ULL << 63)
#define PTE_ADDRESS        0x000ffffffffff000ULL
#define LEVEL_SHIFT(level) (PAGE_SHIFT + 9 * ((level)-1))

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
