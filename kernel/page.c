// SPDX-License-Identifier: BSD-2-Clause
/*
 * A buddy allocator without page descriptors. A free block's first page has the tag
 * PAGE_TAG_FREE | order and holds the list node; its other pages have the tag 0. Every page of an
 * allocated block has a tag from PAGE_TAG_USED up, so a page freed twice, or never allocated, is
 * seen for what it is, and a block may be given back in parts.
 *
 * Page frames are counted from page_tag_base on, which is aligned so that blocks of a size are
 * aligned to it in memory as well.
 */
#include <string.h>
#include "kernel/page.h"
#include "kernel/page_tags.h"
#include "kernel/panic.h"
#include "kernel/spinlock.h"
#include "lib/base/list.h"

uint8_t *page_tags;
size_t page_tag_count;
uintptr_t page_tag_base;

static struct {
	struct spinlock lock;
	uint32_t orders; /* bit n: free[n] is not empty */
	struct list free[PAGE_MAX_ORDER + 1];
	size_t total_pages, free_pages;
} buddy;

static struct list *pfn_to_node(size_t pfn)
{
	return (struct list *)(page_tag_base + (pfn << PAGE_SHIFT));
}

static size_t node_to_pfn(const void *p)
{
	return page_tag_index(p);
}

static void free_list_add(size_t pfn, unsigned order)
{
	page_tags[pfn] = PAGE_TAG_FREE | order;
	list_push_front(&buddy.free[order], pfn_to_node(pfn));
	buddy.orders |= 1u << order;
}

/* The node lies in memory that its last owner may still write to. */
static void free_list_remove(size_t pfn, unsigned order)
{
	struct list *n = pfn_to_node(pfn), *prev = n->prev, *next = n->next;

	if (unlikely(prev->next != n || next->prev != n))
		panic("page %p was written to after it was freed", (void *)n);
	prev->next = next;
	next->prev = prev;
	page_tags[pfn] = 0;
	if (prev == next && prev == &buddy.free[order])
		buddy.orders &= ~(1u << order);
}

/* Put a block that is on no list back, melted with its free buddies. */
static void block_free(size_t pfn, unsigned order)
{
	while (order < PAGE_MAX_ORDER) {
		size_t other = pfn ^ ((size_t)1 << order);

		if (other >= page_tag_count || page_tags[other] != (PAGE_TAG_FREE | order))
			break;
		free_list_remove(other, order);
		pfn &= other;
		order++;
	}
	free_list_add(pfn, order);
}

/* Put [pfn, end) back in the largest blocks that are aligned to their size. */
static void run_free(size_t pfn, size_t end)
{
	buddy.free_pages += end - pfn;
	while (pfn < end) {
		unsigned order = 63 - __builtin_clzl(end - pfn);

		if (pfn)
			order = MIN(order, (unsigned)__builtin_ctzl(pfn));
		order = MIN(order, (unsigned)PAGE_MAX_ORDER);
		block_free(pfn, order);
		pfn += (size_t)1 << order;
	}
}

/* The first page of a block of the order, cut out of the smallest that there is; false: none. */
static bool block_take(unsigned order, size_t *out)
{
	uint32_t fitting = order <= PAGE_MAX_ORDER ? buddy.orders >> order << order : 0;
	unsigned have;
	size_t pfn;

	if (unlikely(!fitting))
		return false;
	have = __builtin_ctz(fitting);
	pfn = node_to_pfn(buddy.free[have].next);
	free_list_remove(pfn, have);
	while (have > order) {
		have--;
		free_list_add(pfn + ((size_t)1 << have), have);
	}
	*out = pfn;
	return true;
}

/* A block of the order, of which only the first npages are kept. */
static void *run_alloc(unsigned order, size_t npages)
{
	irq_state_t state = spin_lock_irqsave(&buddy.lock);
	size_t pfn;
	void *p = NULL;

	if (block_take(order, &pfn)) {
		size_t end = pfn + ((size_t)1 << order);

		p = pfn_to_node(pfn);
		buddy.free_pages -= end - pfn;
		if (pfn + npages < end)
			run_free(pfn + npages, end);
		memset(page_tags + pfn, PAGE_TAG_USED, npages);
	}
	spin_unlock_irqrestore(&buddy.lock, state);
	return p;
}

void *page_alloc(unsigned order)
{
	return run_alloc(order, (size_t)1 << order);
}

size_t page_order_for(size_t npages)
{
	return npages <= 1 ? 0 : 64 - __builtin_clzl(npages - 1);
}

void *page_alloc_exact(size_t npages)
{
	return run_alloc(page_order_for(npages), npages);
}

void page_free_exact(void *p, size_t npages)
{
	size_t pfn = node_to_pfn(p), end = pfn + npages;
	irq_state_t state = spin_lock_irqsave(&buddy.lock);

	if (unlikely((uintptr_t)p % PAGE_SIZE))
		panic("page_free(%p): not a page", p);
	for (size_t i = pfn; i < end; i++)
		if (unlikely(i >= page_tag_count || page_tags[i] < PAGE_TAG_USED))
			panic("page_free(%p): page %zu is not allocated", p, i - pfn);
	memset(page_tags + pfn, 0, npages);
	run_free(pfn, end);
	spin_unlock_irqrestore(&buddy.lock, state);
}

void page_free(void *p, unsigned order)
{
	page_free_exact(p, (size_t)1 << order);
}

uint8_t page_tag(const void *p)
{
	return page_tag_of(p);
}

void page_set_tag(void *p, uint8_t tag)
{
	page_tags[node_to_pfn(p)] = tag;
}

bool page_is_ram(const void *p)
{
	return node_to_pfn(p) < page_tag_count;
}

void page_get_stats(struct page_stats *out)
{
	irq_state_t state = spin_lock_irqsave(&buddy.lock);

	out->total_pages = buddy.total_pages;
	out->free_pages = buddy.free_pages;
	spin_unlock_irqrestore(&buddy.lock, state);
}

bool page_is_busy(void)
{
	return READ_ONCE(buddy.lock.held);
}

void page_add_range(paddr_t start, paddr_t end)
{
	irq_state_t state = spin_lock_irqsave(&buddy.lock);

	size_t pfn = node_to_pfn(phys_to_virt(start)), stop = node_to_pfn(phys_to_virt(end));

	ASSERT((start | end) % PAGE_SIZE == 0 && pfn <= stop && stop <= page_tag_count);
	buddy.total_pages += stop - pfn;
	run_free(pfn, stop);
	spin_unlock_irqrestore(&buddy.lock, state);
}

void page_init(uint8_t *tags, paddr_t first, paddr_t end)
{
	page_tags = tags;
	page_tag_count = (end - first) >> PAGE_SHIFT;
	page_tag_base = (uintptr_t)phys_to_virt(first);
	memset(tags, 0, page_tag_count);
	memset(&buddy, 0, sizeof(buddy));
	for (unsigned order = 0; order <= PAGE_MAX_ORDER; order++)
		list_init(&buddy.free[order]);
}
