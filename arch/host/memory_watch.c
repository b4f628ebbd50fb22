// SPDX-License-Identifier: BSD-2-Clause
/*
 * memory_watch.c - what is free is poisoned. The linker puts the functions on pages in front of
 * the real ones (--wrap); kernel/heap.c and lib/libc/malloc.c, which look into free blocks, are
 * compiled without AddressSanitizer (build.mk).
 */
#include "arch/host/memory_watch.h"
#include "arch/mmu.h"
#include "kernel/page.h"

void __asan_poison_memory_region(const void *p, size_t len) UNIK_WEAK;
void __asan_unpoison_memory_region(const void *p, size_t len) UNIK_WEAK;

void __real_page_free(void *p, unsigned order);
void __real_page_free_exact(void *p, size_t npages);
void __real_page_add_range(paddr_t start, paddr_t end);
void __wrap_page_free(void *p, unsigned order);
void __wrap_page_free_exact(void *p, size_t npages);
void __wrap_page_add_range(paddr_t start, paddr_t end);

static void poison(const void *p, size_t len)
{
	if (__asan_poison_memory_region)
		__asan_poison_memory_region(p, len);
}

void host_pages_taken(void *p, size_t bytes)
{
	if (__asan_unpoison_memory_region)
		__asan_unpoison_memory_region(p, bytes);
}

void host_block_taken(struct heap *h UNIK_UNUSED, void *p, size_t bytes)
{
	if (__asan_unpoison_memory_region)
		__asan_unpoison_memory_region(p, bytes);
}

void host_block_given(struct heap *h UNIK_UNUSED, void *p, size_t bytes)
{
	poison(p, bytes);
}

void __wrap_page_free(void *p, unsigned order)
{
	poison(p, PAGE_SIZE << order);
	__real_page_free(p, order);
}

void __wrap_page_free_exact(void *p, size_t npages)
{
	poison(p, npages * PAGE_SIZE);
	__real_page_free_exact(p, npages);
}

void __wrap_page_add_range(paddr_t start, paddr_t end)
{
	poison((char *)mmu_direct_base + start, end - start);
	__real_page_add_range(start, end);
}
