// SPDX-License-Identifier: BSD-2-Clause
/*
 * area.h - addresses for what is mapped page by page: stacks, devices, firmware tables.
 *
 * Only addresses are handed out; mmu_map() puts something behind them. Freed runs are kept by
 * size and reused for the same size, which is what stacks want.
 *
 * Threading: any; one spinlock. Errors: NULL when the region or memory is out.
 */
#pragma once
#include "kernel/page.h"

extern uintptr_t area_base; /* set by the architecture before the first call */

/* area_alloc() - npages of address space with one more unmapped page on each side. */
void *area_alloc(size_t npages) UNIK_MUST_CHECK;

/* area_free() - give it back; nothing is mapped there any more. */
void area_free(void *va, size_t npages);

/*
 * area_alloc_pages() - the same with fresh memory mapped read-write behind it.
 * area_free_pages()  - undo.
 */
void *area_alloc_pages(size_t npages) UNIK_MUST_CHECK;
void area_free_pages(void *va, size_t npages);
