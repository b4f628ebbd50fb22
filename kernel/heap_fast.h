// SPDX-License-Identifier: BSD-2-Clause
/*
 * heap_fast.h - the inline part of the heap: take a block from this CPU's cache, put one into it.
 * For kernel/heap.c, and for malloc(), which saves a call by it.
 *
 * A cached block is still an allocated one to its slab. What marks it is HEAP_FREED in its second
 * word; a program may write the same there, so a match only means: look closely.
 *
 * A block that is larger than what was asked for has a guard behind that: bytes that are other ones
 * in each boot, and none of them 0. How many bytes too large a block is, up to HEAP_SLACK_MAX, is
 * in the slab, behind its header.
 *
 * Threading: threads; preemption is off inside.
 */
#pragma once
#include "arch/boot.h"
#include "arch/cpu.h"
#include "kernel/heap.h"
#include "kernel/page_tags.h"
#include "kernel/thread.h"

#define HEAP_HEADER    64  /* bytes: struct slab */
#define HEAP_SLACK_MAX 255 /* bytes */

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

/* Which block of its slab p is, 1 the last, in the upper half; what is left of it in the lower one.
 */
static UNIK_ALWAYS_INLINE uint64_t heap_slab_index(const void *p, unsigned class)
{
	return (uint64_t)heap_slab_offset(p, class) * heap_classes[class].inverse;
}

/* Can p be a block? A multiple of d, times 2^32/d, leaves 1 to 2^32/d in the low half: so a pointer
 * into the middle of a block, or to the start of the slab, is seen without a division. */
static UNIK_ALWAYS_INLINE bool heap_is_block(const void *p, unsigned class)
{
	return (uint32_t)heap_slab_index(p, class) - 1 < heap_classes[class].inverse;
}

/* Where it is written how many bytes the block at p has too many. */
static UNIK_ALWAYS_INLINE uint8_t *heap_slack(const void *p, unsigned class)
{
	uintptr_t slab = (uintptr_t)p & ~(uintptr_t)heap_classes[class].offset_mask;

	return (uint8_t *)slab + HEAP_HEADER - 1 + (heap_slab_index(p, class) >> 32);
}

/* Where the guard word is: behind what was asked for, or, if there is less room, in part before. */
static UNIK_ALWAYS_INLINE char *heap_guard_at(const void *p, unsigned class, unsigned slack)
{
	return (char *)p + heap_classes[class].bytes - MAX(slack, 8u);
}

/* heap_guard_set() - all but `slack` bytes of the block at p are the caller's, who has not written
 * there yet. */
static UNIK_ALWAYS_INLINE void heap_guard_set(void *p, unsigned class, unsigned slack)
{
	uint64_t word = __stack_chk_guard | 1;

	*heap_slack(p, class) = (uint8_t)slack;
	if (slack)
		__builtin_memcpy(heap_guard_at(p, class, slack), &word, 8);
}

/* heap_guard_is_whole() - was nothing written behind what was asked for? For a block that has a
 * guard. */
bool heap_guard_is_whole(const void *p, unsigned class);
static UNIK_ALWAYS_INLINE bool heap_guard_broken(const void *p, unsigned class)
{
	return *heap_slack(p, class) && !heap_guard_is_whole(p, class);
}

/* Class of a size up to HEAP_STEP_MAX. Class 0 is for blocks of no bytes. */
static inline size_t heap_small_class(size_t size)
{
	return (size + 15) / 16;
}

/* Bytes of the block at p that are its owner's; what `otherwise` says of a block that is whole
 * pages. */
static inline size_t heap_block_bytes(struct heap *h, const void *p,
				      size_t (*otherwise)(struct heap *h, const void *p))
{
	unsigned class = page_tag_of(p) - heap_tag(h);

	if (unlikely(class >= HEAP_CLASSES))
		return otherwise(h, p);
	return heap_classes[class].bytes - (size_t)*heap_slack(p, class);
}

/* A free block was written to: panics. */
UNIK_NORETURN void heap_was_written(const void *p);

/*
 * heap_cache_take() - a cached block of the class; what `otherwise` gives when there is none.
 *
 * size   what was asked for
 * slack  by how much the block is larger; 0 leaves it without a guard
 */
static inline void *heap_cache_take(struct heap *h, size_t class, size_t size, unsigned slack,
				    void *(*otherwise)(struct heap *h, size_t size))
{
	struct heap_cache *c;
	uint64_t *p;

	cpu_preempt_disable();
	c = heap_cache(h, class);
	if (unlikely(c->n == 0)) {
		(void)cpu_preempt_enable_test(); /* otherwise() does it again, and heeds it */
		return otherwise(h, size);
	}
	p = c->block[--c->n];
	if (unlikely(p[1] != HEAP_FREED))
		heap_was_written(p);
	p[1] = 0;
	heap_guard_set(p, class, slack);
	if (unlikely(cpu_preempt_enable_test()))
		return heap_preempt(p);
	return p;
}

/*
 * heap_cache_give() - put a block into the cache.
 *
 * Calls `otherwise` when that is not so simple: the cache is full, the block is not of
 * a size that is cached, was written beyond its end, or is no block at all.
 */
static inline void heap_cache_give(struct heap *h, void *p,
				   void (*otherwise)(struct heap *h, void *p))
{
	unsigned class = page_tag_of(p) - heap_tag(h);
	struct heap_cache *c;
	uint64_t *words = p;
	size_t n;

	if (unlikely(class >= HEAP_CACHED || !heap_is_block(p, class) || words[1] == HEAP_FREED ||
		     heap_guard_broken(p, class))) {
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
