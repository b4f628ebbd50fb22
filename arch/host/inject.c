// SPDX-License-Identifier: BSD-2-Clause
/*
 * inject.c - allocations that the host wants to fail; of the others memory_watch.c is told. The
 * linker puts these functions before the real ones (--wrap, arch/host/build.mk), so the kernel
 * knows nothing of them.
 */
#include "arch/host/machine.h"
#include "arch/host/memory_watch.h"
#include "kernel/heap_fast.h"
#include "kernel/page.h"

void *__real_page_alloc(unsigned order);
void *__real_page_alloc_exact(size_t npages);
void *__real_heap_alloc(struct heap *h, size_t size);
void *__real_heap_alloc_aligned(struct heap *h, size_t align, size_t size);
void *__real_kzalloc(size_t size);
void *__wrap_page_alloc(unsigned order);
void *__wrap_page_alloc_exact(size_t npages);
void *__wrap_heap_alloc(struct heap *h, size_t size);
void *__wrap_heap_alloc_aligned(struct heap *h, size_t align, size_t size);
void *__wrap_kzalloc(size_t size);

static bool fails(enum host_fault_point point, size_t bytes)
{
	const struct host_ops *ops = host_machine->ops;

	return ops->fails && ops->fails(host_machine->host, point, bytes);
}

static void *pages(void *p, size_t bytes)
{
	if (p)
		host_pages_taken(p, bytes);
	return p;
}

static void *block(struct heap *h, void *p)
{
	if (p)
		host_block_taken(h, p, watched_bytes(h, p));
	return p;
}

void *__wrap_page_alloc(unsigned order)
{
	size_t bytes = PAGE_SIZE << order;

	return fails(HOST_FAULT_PAGE, bytes) ? NULL : pages(__real_page_alloc(order), bytes);
}

void *__wrap_page_alloc_exact(size_t npages)
{
	size_t bytes = npages * PAGE_SIZE;

	return fails(HOST_FAULT_PAGE, bytes) ? NULL : pages(__real_page_alloc_exact(npages), bytes);
}

void *__wrap_heap_alloc(struct heap *h, size_t size)
{
	return fails(HOST_FAULT_HEAP, size) ? NULL : block(h, __real_heap_alloc(h, size));
}

void *__wrap_heap_alloc_aligned(struct heap *h, size_t align, size_t size)
{
	return fails(HOST_FAULT_HEAP, size) ? NULL
					    : block(h, __real_heap_alloc_aligned(h, align, size));
}

/* Its own call of heap_alloc() is within one file, where nothing is put between. */
void *__wrap_kzalloc(size_t size)
{
	return fails(HOST_FAULT_HEAP, size) ? NULL : block(&kernel_heap, __real_kzalloc(size));
}
