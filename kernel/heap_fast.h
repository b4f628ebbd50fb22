// SPDX-License-Identifier: BSD-2-Clause
/*
 * heap_fast.h - the inline part of the heap: take a block from this CPU's cache, put one into it.
 * For kernel/heap.c, and for malloc() and free(), which save a call by it.
 *
 * A cached block is still an allocated one to its slab. What marks it is HEAP_FREED in its second
 * word; a program may write the same there, so a match only means: look closely.
 *
 * Threading: threads; preemption is off inside.
 */
#pragma once
#include "arch/cpu.h"
#include "kernel/heap.h"
#include "kernel/page_tags.h"
#include "kernel/thread.h"

#define HEAP_FREED    0x4ee0f9ee /* sign-extended where it is compared: one instruction */
#define HEAP_TAG_SLAB 0x80       /* page tags of the kernel's slabs: | class */
#define HEAP_TAG_USER 0xa0       /* of those of any other heap */
#define HEAP_STEP_MAX 128        /* up to here a class each 16 bytes, then four a doubling */

struct size_class {
	uint32_t inverse; /* 2^32 / bytes, rounded up */
	uint16_t bytes;
	uint16_t offset_mask; /* slab bytes - 1 */
};
extern const struct size_class heap_classes[HEAP_CLASSES];

static inline unsigned heap_tag(const struct heap *h)
{
	return h == &kernel_heap ? HEAP_TAG_SLAB : HEAP_TAG_USER;
}

static inline struct heap_cache *heap_cache(struct heap *h, size_t class)
{
	return &h->cache[HEAP_CPUS > 1 ? cpu_self()->index : 0][class];
}

/* Somebody wants the CPU, and preemption was just enabled: let them. Returns p, so that it can be
 * the last thing that a function does. */
void *heap_preempt(void *p);

/* Bytes from p to the end of its slab: a multiple of the class's bytes if p is a block. */
static inline uint32_t heap_slab_offset(const void *p, unsigned class)
{
	return -(uint32_t)(uintptr_t)p & heap_classes[class].offset_mask;
}

/* Can p be a block? A multiple of d, times 2^32/d, leaves 1 to 2^32/d in the low half: so a pointer
 * into the middle of a block, or to the start of the slab, is seen without a division. */
static inline bool heap_is_block(const void *p, unsigned class)
{
	return heap_slab_offset(p, class) * heap_classes[class].inverse - 1 <
	       heap_classes[class].inverse;
}

/* Class of a size up to HEAP_STEP_MAX. Class 0 is for blocks of no bytes. */
static inline size_t heap_small_class(size_t size)
{
	return (size + 15) / 16;
}

/* Bytes of the block at p; what `otherwise` says of a block that is whole pages. */
static inline size_t heap_block_bytes(struct heap *h, const void *p,
				      size_t (*otherwise)(struct heap *h, const void *p))
{
	unsigned class = page_tag_of(p) - heap_tag(h);

	return likely(class < HEAP_CLASSES) ? heap_classes[class].bytes : otherwise(h, p);
}

/*
 * heap_cache_take() - a cached block of the class; what `otherwise` gives when there is none.
 */
static inline void *heap_cache_take(struct heap *h, size_t class,
				    void *(*otherwise)(struct heap *h, size_t class))
{
	struct heap_cache *c;
	uint64_t *p;

	cpu_preempt_disable();
	c = heap_cache(h, class);
	if (unlikely(c->n == 0)) {
		(void)cpu_preempt_enable_test(); /* otherwise() does it again, and heeds it */
		return otherwise(h, class);
	}
	p = c->block[--c->n];
	p[1] = 0;
	if (unlikely(cpu_preempt_enable_test()))
		return heap_preempt(p);
	return p;
}

/*
 * heap_cache_give() - put a block into the cache.
 *
 * Calls `otherwise` when that is not so simple: the cache is full, the block is not of
 * a size that is cached, or no block at all.
 */
static inline void heap_cache_give(struct heap *h, void *p,
				   void (*otherwise)(struct heap *h, void *p))
{
	unsigned class = page_tag_of(p) - heap_tag(h);
	struct heap_cache *c;
	uint64_t *words = p;
	size_t n;

	if (unlikely(class >= HEAP_CACHED || !heap_is_block(p, class) || words[1] == HEAP_FREED)) {
		otherwise(h, p);
		return;
	}
	cpu_preempt_disable();
	c = heap_cache(h, class);
	n = c->n;
	if (unlikely(n == HEAP_CACHE_SLOTS)) {
		(void)cpu_preempt_enable_test(); /* as above */
		otherwise(h, p);
		return;
	}
	words[1] = HEAP_FREED;
	c->block[n] = p;
	c->n = n + 1;
	if (unlikely(cpu_preempt_enable_test()))
		heap_preempt(p);
}
