// SPDX-License-Identifier: BSD-2-Clause
/*
 * page_tags.h - the tag bytes themselves, for the allocators under kernel/ that look at them in
 * every call. Everybody else uses kernel/page.h.
 *
 * Threading: a tag of an allocated page is its owner's; the others are under the page lock.
 */
#pragma once
#include "arch/mmu.h"
#include "kernel/page.h"

/* Tags below PAGE_TAG_USED are the page allocator's: 0 is memory that it does not have, or the
 * inside of a free block; PAGE_TAG_FREE | order is the first page of a free block. */
#define PAGE_TAG_FREE 0x40
#define PAGE_TAG_USED 0x7f /* allocated, and the owner did not set a tag */

extern uint8_t *page_tags; /* [page_tag_count], from the page at page_tag_base on */
extern size_t page_tag_count;
extern uintptr_t page_tag_base; /* in the direct map, where RAM begins or a little before */

/* page_tag_index() - which tag is that of the page that p is in; from page_tag_count on: none. */
static inline size_t page_tag_index(const void *p)
{
	return ((uintptr_t)p - page_tag_base) >> PAGE_SHIFT;
}

/* page_tag_of() - the tag of the page that p is in, and 0 where no RAM is. */
static inline uint8_t page_tag_of(const void *p)
{
	size_t i = page_tag_index(p);

	return likely(i < page_tag_count) ? page_tags[i] : 0;
}
