// SPDX-License-Identifier: BSD-2-Clause
/* heap_fast.h - the kernel's, but that arch/host/memory_watch.c is told of each block. */
#pragma once
#include "arch/host/memory_watch.h"
#include_next "kernel/heap_fast.h"

static inline void *watched_cache_take(struct heap *h, size_t class,
				       void *(*otherwise)(struct heap *h, size_t class))
{
	void *p = heap_cache_take(h, class, otherwise);

	if (p)
		host_block_taken(h, p, heap_classes[class].bytes);
	return p;
}

static inline void watched_cache_give(struct heap *h, void *p,
				      void (*otherwise)(struct heap *h, void *p))
{
	if (p)
		host_block_given(h, p, heap_block_bytes(h, p, heap_usable_bytes));
	heap_cache_give(h, p, otherwise);
}

#define heap_cache_take(h, class, otherwise) watched_cache_take(h, class, otherwise)
#define heap_cache_give(h, p, otherwise)     watched_cache_give(h, p, otherwise)
