// SPDX-License-Identifier: BSD-2-Clause
/*
 * mmu.h - the porting contract, part 2: address translation.
 *
 * One address space. Three regions: the image at its random base, the direct map of RAM at its
 * random base, and the area for everything that is mapped page by page (stacks, devices).
 * Nothing is mapped at page 0, and nothing is both writable and executable.
 *
 * Threading: mmu_map() and mmu_unmap() take a lock; translation is free. Errors: -ENOMEM.
 */
#pragma once
#include "kernel/page.h"
#include <asm/mmu.h>

enum mmu_flags {
	MMU_READ = 0,
	MMU_WRITE = 1 << 0,
	MMU_EXEC = 1 << 1,
	MMU_DEVICE = 1 << 2, /* uncached, strongly ordered */
	MMU_NONE = 1 << 3,   /* the page stays known and cannot be accessed; mmu_protect() only */
};

/* phys_to_virt(), virt_to_phys() - through the direct map. */
extern uintptr_t mmu_direct_base;
static inline void *phys_to_virt(paddr_t pa)
{
	return (void *)(mmu_direct_base + pa);
}
static inline paddr_t virt_to_phys(const void *p)
{
	return (uintptr_t)p - mmu_direct_base;
}

/*
 * mmu_dma_addr() - what a device must be told to reach p.
 *
 * p   in the direct map (heaps, pages) or in the image; contiguity is the caller's knowledge
 *
 * Returns the bus address. Context: any.
 */
paddr_t mmu_dma_addr(const void *p);

/* mmu_dma_addr_fast() - the same, without a call for the direct map, below which nothing else
 * lies for 32 TiB. */
static inline paddr_t mmu_dma_addr_fast(const void *p)
{
	paddr_t pa = virt_to_phys(p);

	return likely(pa >> 45 == 0) ? pa : mmu_dma_addr(p);
}

/* mmu_is_direct() - does p lie in the direct map, where what is one block is so for a device too?
 */
static inline bool mmu_is_direct(const void *p)
{
	return virt_to_phys(p) >> 45 == 0;
}

/* mmu_map() - map npages from pa at va (page-aligned, in the mapped area). 0 or -ENOMEM. */
int mmu_map(void *va, paddr_t pa, size_t npages, unsigned flags) UNIK_MUST_CHECK;
/* mmu_unmap() - the pages at va are not there any more, on any CPU. */
void mmu_unmap(void *va, size_t npages);

/* mmu_write_sealed() - store into a word of the image's read-only data; kernel/sealed.h. Any
 * context. */
void mmu_write_sealed(uintptr_t *word, uintptr_t value);

/*
 * mmu_map_device() - make device memory reachable; any alignment. Maps stay for good.
 *
 * Returns the address of the first byte, or NULL. Context: thread.
 */
void *mmu_map_device(paddr_t pa, size_t len) UNIK_MUST_CHECK;

/* mmu_map_firmware() - the same for read-only tables of the firmware, cached. */
const void *mmu_map_firmware(paddr_t pa, size_t len) UNIK_MUST_CHECK;

/*
 * The program's region, MMU_USER_START to MMU_USER_END in <asm/mmu.h>: mapped page by page with
 * mmu_map(), which replaces nothing, and changed by ranges, which may be large and mostly empty.
 *
 * mmu_next_page() - the first page at or behind *va and before end that is mapped, or known and
 *                   not accessible. Moves *va to it; false: there is none.
 * mmu_protect()   - new rights for the pages that are there, on all CPUs.
 * mmu_take()      - take all pages out and free tables that are empty then. gone(page), unless
 *                   NULL, gets each one, by its address in the direct map, when no CPU can reach
 *                   it any more at the old one.
 * mmu_move()      - the pages of a range, with their rights, to another that is empty and does
 *                   not overlap. 0; -ENOMEM, and nothing has moved.
 *
 * Context: any, the first two also in a fault. They lock what they do for a table at a time.
 */
bool mmu_next_page(uintptr_t *va, uintptr_t end, paddr_t *pa);
void mmu_protect(uintptr_t va, size_t npages, unsigned flags);
void mmu_take(uintptr_t va, size_t npages, void (*gone)(void *page));
int mmu_move(uintptr_t to, uintptr_t from, size_t npages) UNIK_MUST_CHECK;
