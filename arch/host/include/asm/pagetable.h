// SPDX-License-Identifier: BSD-2-Clause
/*
 * asm/pagetable.h - page tables that no hardware reads, for arch/mmu_range.c and mmu.c: four levels
 * of 512 entries, the lowest counted as 1, in the format of x86-64. The process' own mappings are
 * their translation buffer: filled by faults from the tables, emptied by pagetable_invalidate().
 */
#pragma once
#include "kernel/page.h"
#include "kernel/spinlock.h"

#define PTE_PRESENT (1 << 0)
#define PTE_WRITE   (1 << 1)
#define PTE_NX      (1ULL << 63)
#define PTE_ADDRESS 0x000ffffffffff000ULL

#define LEVEL_SHIFT(level) (PAGE_SHIFT + 9 * ((level)-1))
#define PTE_ACCESSIBLE     PTE_PRESENT

/* The top-level table, and the lock of all tables. */
extern uint64_t *pagetable_root;
extern struct spinlock pagetable_lock;

/* pagetable_entry() - the entry of a page, with the tables above it made where they are missing.
 * NULL: out of memory. Under the lock. */
uint64_t *pagetable_entry(uintptr_t va) UNIK_MUST_CHECK;

/* pagetable_flags() - the bits of an entry for enum mmu_flags. */
uint64_t pagetable_flags(unsigned flags);

/* pagetable_invalidate() - an entry that was in force has changed. */
void pagetable_invalidate(uintptr_t va);

/* Nothing but leaves is remembered, and an entry that was empty is found by a fault. */
static inline void pagetable_flush(void)
{
}
static inline void pagetable_written(void)
{
}

/* pagetable_code() - nothing to do: the CPU is one that sees changed code by itself. */
static inline void pagetable_code(const char *page UNIK_UNUSED)
{
}
