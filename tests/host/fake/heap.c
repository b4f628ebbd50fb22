// SPDX-License-Identifier: BSD-2-Clause
/* The kernel's heap on the host's malloc: each block has the sanitizer's fences, and is counted. */
#include "kernel/heap.h"
#include <malloc.h>
#include "tests/host/fake/fake.h"

struct heap kernel_heap;

void *heap_alloc(struct heap *h, size_t size)
{
	return heap_alloc_aligned(h, 16, size);
}

void *heap_alloc_aligned(struct heap *h, size_t align, size_t size)
{
	void *p;

	(void)h;
	if (!fake_alloc_allowed() || posix_memalign(&p, MAX(align, (size_t)16), size) != 0)
		return NULL;
	memset(p, 0xa5, size);
	fake_live_blocks++;
	return p;
}

void heap_free(struct heap *h, void *p)
{
	(void)h;
	if (p)
		fake_live_blocks--;
	free(p);
}

size_t heap_usable_bytes(struct heap *h, const void *p)
{
	(void)h;
	return malloc_usable_size((void *)p);
}

void *kzalloc(size_t size)
{
	void *p = kalloc(size);

	if (p)
		memset(p, 0, size);
	return p;
}

/* The host's malloc keeps nothing that is ours to give back. */
bool heap_trim(struct heap *h)
{
	(void)h;
	return false;
}
