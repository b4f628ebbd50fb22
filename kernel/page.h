// SPDX-License-Identifier: BSD-2-Clause
/*
 * page.h - physical pages: a buddy allocator over all RAM, and the direct map.
 *
 * All RAM is mapped read-write, non-executable, at one random offset (the direct map); pages
 * are handed out as pointers into it and are physically contiguous. One tag byte a page is all
 * the metadata there is: the buddy keeps free blocks in it, the heaps their size class.
 *
 * Threading: any context, interrupts included; one spinlock. Errors: NULL when memory is out.
 */
#pragma once
#include "lib/base/compiler.h"

#define PAGE_SHIFT     12
#define PAGE_SIZE      4096UL
#define PAGE_MAX_ORDER 20 /* the largest block: 4 GiB */

typedef uint64_t paddr_t; /* a physical address; a virtual one is a pointer */

/*
 * page_alloc() - 2^order contiguous pages, aligned to their size, contents undefined.
 * page_free()  - give back what page_alloc() returned, with the same order.
 *
 * order   0..PAGE_MAX_ORDER
 */
void *page_alloc(unsigned order) UNIK_MUST_CHECK;
void page_free(void *p, unsigned order);

/*
 * page_alloc_exact() - npages contiguous pages (npages >= 1), aligned to the next power of two;
 *                      no page beyond npages is held.
 * page_free_exact()  - give back any run of pages; need not be a whole allocation.
 */
void *page_alloc_exact(size_t npages) UNIK_MUST_CHECK;
void page_free_exact(void *p, size_t npages);

/* page_tag() - the tag byte of the allocated page that holds p, for its owner's use: 0x80..0xff.
 * Set while the block is allocated; the allocator overwrites it on free. */
uint8_t page_tag(const void *p);
void page_set_tag(void *p, uint8_t tag);

/* Is p in the direct map and in a page that has a tag at all? For checks of foreign pointers. */
bool page_is_ram(const void *p);

struct page_stats {
	size_t total_pages; /* handed to the allocator since boot */
	size_t free_pages;
};
void page_get_stats(struct page_stats *out);

/* page_is_busy() - is the allocator's lock held? For a fault, which may have interrupted it. */
bool page_is_busy(void);

/* page_add_range() - give RAM [start, end) to the allocator; both page-aligned. Boot only. */
void page_add_range(paddr_t start, paddr_t end);

/* page_init() - prepare metadata for RAM from `first` to `end`; `tags` has one byte a page. The
 * first is a multiple of PAGE_TAGS_ALIGN, to which the direct map is aligned. */
#define PAGE_TAGS_ALIGN (1UL << 30)
void page_init(uint8_t *tags, paddr_t first, paddr_t end);
size_t page_order_for(size_t npages); /* smallest order with 2^order >= npages */
