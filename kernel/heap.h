// SPDX-License-Identifier: BSD-2-Clause
/*
 * heap.h - byte-granular allocation on top of pages; the kernel's heap and the program's malloc
 * are two instances that share no block, so that neither can exhaust the other's free lists or
 * be corrupted through them.
 *
 * Small sizes come from per-class slabs, large ones are page runs. Blocks are aligned to 16
 * bytes (and to their size for powers of two up to a page). A write behind what was asked for is
 * found when the block is given back or resized, where the block is larger (blocks of whole pages
 * have no guard); one to the second word of a free block when it is handed out again.
 *
 * Threading: any thread, also with interrupts off; heap_alloc() in an interrupt is a bug of the
 * caller. Errors: NULL when memory is out; a pointer that is not a live block panics.
 */
#pragma once
#include "lib/base/compiler.h"

#define HEAP_CLASSES     32 /* of block sizes */
#define HEAP_CACHED      25 /* of these are cached: blocks up to 2 KiB */
#define HEAP_CACHE_SLOTS 7
#define HEAP_RUN_PAGES   5 /* runs of up to so many pages are kept when they are freed, */
#define HEAP_RUNS        2 /* so many of each length */
#define HEAP_CPUS        1 /* caches in a heap: as many as CPUs are started */

struct slab;

/* All zero is an empty heap. The cache holds blocks that were freed last, to be handed out again
 * first; it is its CPU's, and is used with preemption off. */
struct heap {
	struct heap_cache {
		size_t n;
		void *block[HEAP_CACHE_SLOTS];
	} cache[HEAP_CPUS][HEAP_CACHED];
	struct slab *partial[HEAP_CLASSES]; /* slabs with a free block, under lock */
	struct heap_runs {
		size_t n;
		void *run[HEAP_RUNS];
	} runs[HEAP_RUN_PAGES]; /* of n + 1 pages, under lock */
	uint8_t lock;           /* with preemption off; outside of the page lock */
};
extern struct heap kernel_heap;

/*
 * heap_alloc()         - size bytes, contents undefined; size 0 gives a unique block.
 * heap_alloc_aligned() - the same at a multiple of align, a power of two.
 * heap_free()          - give a block back; NULL is allowed.
 * heap_usable_bytes()  - how much of a block may be used (>= what was asked for).
 * heap_resize()        - make a block of another size of it, if that is possible where it is and
 *                        does not leave most of it unused.
 */
void *heap_alloc(struct heap *h, size_t size) UNIK_MUST_CHECK;
void *heap_alloc_aligned(struct heap *h, size_t align, size_t size) UNIK_MUST_CHECK;
void heap_free(struct heap *h, void *p);
size_t heap_usable_bytes(struct heap *h, const void *p);
bool heap_resize(struct heap *h, void *p, size_t size) UNIK_MUST_CHECK;

/* heap_trim() - give memory that is kept for reuse back to the page allocator; done by itself when
 * memory is out. Returns whether there was any. */
bool heap_trim(struct heap *h);

/* The kernel's own: kalloc() is uninitialised, kzalloc() is zeroed. */
static inline UNIK_MUST_CHECK void *kalloc(size_t size)
{
	return heap_alloc(&kernel_heap, size);
}
void *kzalloc(size_t size) UNIK_MUST_CHECK;
static inline void kfree(void *p)
{
	heap_free(&kernel_heap, p);
}
