// SPDX-License-Identifier: BSD-2-Clause
/* heap_fast.h - the kernel's, but that arch/host/memory_watch.c is told of each block. */
#pragma once
#include "arch/host/memory_watch.h"
#include_next "kernel/heap_fast.h"

/* The block with what the caller did not ask for: heap_resize() may give it to him later. */
static inline size_t watched_bytes(struct heap *h, const void *p)
{
	unsigned class = page_tag_of(p) - heap_tag(h);

	return class < HEAP_CLASSES ? heap_classes[class].bytes : heap_usable_bytes(h, p);
}

static inline void *watched_cache_take(struct heap *h, size_t class, size_t size, unsigned slack,
				       void *(*otherwise)(struct heap *h, size_t size))
{
	void *p = heap_cache_take(h, class, size, slack, otherwise);

	if (p)
		host_block_taken(h, p, watched_bytes(h, p));
	return p;
}

static inline void watched_cache_give(struct heap *h, void *p,
				      void (*otherwise)(struct heap *h, void *p))
{
	if (p)
		host_block_given(h, p, watched_bytes(h, p));
	heap_cache_give(h, p, otherwise);
}

#define heap_cache_take(h, class, size, slack, otherwise) \
	watched_cache_take(h, class, size, slack, otherwise)
#define heap_cache_give(h, p, otherwise) watched_cache_give(h, p, otherwise)
