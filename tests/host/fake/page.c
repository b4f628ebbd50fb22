// SPDX-License-Identifier: BSD-2-Clause
/* Pages on the host's malloc, for tests that do not link kernel/page.c. */
#include "kernel/page.h"
#include "tests/host/fake/fake.h"

static void *alloc(size_t align, size_t npages)
{
	void *p;

	if (!fake_alloc_allowed() || posix_memalign(&p, align, npages * PAGE_SIZE) != 0)
		return NULL;
	memset(p, 0xa5, npages * PAGE_SIZE);
	fake_live_blocks++;
	return p;
}

void *page_alloc(unsigned order)
{
	return alloc(PAGE_SIZE << order, (size_t)1 << order);
}

void *page_alloc_exact(size_t npages)
{
	return alloc(PAGE_SIZE << page_order_for(npages), npages);
}

void page_free_exact(void *p, size_t npages)
{
	(void)npages;
	fake_live_blocks--;
	free(p);
}

void page_free(void *p, unsigned order)
{
	page_free_exact(p, (size_t)1 << order);
}

size_t page_order_for(size_t npages)
{
	return npages <= 1 ? 0 : 64 - __builtin_clzl(npages - 1);
}
