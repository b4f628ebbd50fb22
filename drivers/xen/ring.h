// SPDX-License-Identifier: BSD-2-Clause
/*
 * ring.h - a ring of requests and responses in one shared page, as the front end has it: requests
 * are put in at req_prod, responses come in the places of requests that were taken, in any order.
 * Ref: public/io/ring.h.
 *
 * The peer can write to all of the page at any time. Its index is read once and believed only as
 * far as there are requests to be answered; a response is copied before it is looked at.
 *
 * Threading: the owner's lock. An index that cannot be makes the ring broken: nothing pends.
 */
#pragma once
#include <string.h>
#include "arch/mmio.h"
#include "kernel/page.h"

struct xen_ring_page {
	uint32_t req_prod, req_event; /* ours; the peer's: tell me at that request */
	uint32_t rsp_prod, rsp_event; /* the peer's; ours: tell me at that response */
	uint8_t reserved[48];
	uint8_t entries[];
};

struct xen_ring {
	struct xen_ring_page *page;
	uint32_t entry_bytes;
	uint32_t size;     /* entries, a power of two */
	uint32_t req_prod; /* of requests put in, shown or not */
	uint32_t shown;    /* up to where the peer was shown them */
	uint32_t rsp_cons; /* responses before it were taken */
	bool broken;
};

/* xen_ring_init() - an empty ring in a page of ours. */
static inline void xen_ring_init(struct xen_ring *r, void *page, uint32_t entry_bytes)
{
	uint32_t fit = (PAGE_SIZE - sizeof(struct xen_ring_page)) / entry_bytes;

	memset(page, 0, PAGE_SIZE);
	*r = (struct xen_ring){ .page = page, .entry_bytes = entry_bytes, .size = 1 };
	while (2 * r->size <= fit)
		r->size *= 2;
	r->page->req_event = r->page->rsp_event = 1;
}

static inline void *xen_ring_entry(const struct xen_ring *r, uint32_t index)
{
	return r->page->entries + (index & (r->size - 1)) * r->entry_bytes;
}

/* xen_ring_room() - how many requests can be put in. */
static inline uint32_t xen_ring_room(const struct xen_ring *r)
{
	return r->size - (r->req_prod - r->rsp_cons);
}

/* xen_ring_put() - a request, for which there is room. The peer sees it after xen_ring_show(). */
static inline void xen_ring_put(struct xen_ring *r, const void *request)
{
	memcpy(xen_ring_entry(r, r->req_prod++), request, r->entry_bytes);
}

/* xen_ring_show() - what was put in is the peer's. Returns whether it must be notified. */
static inline bool xen_ring_show(struct xen_ring *r)
{
	uint32_t old = r->shown;

	if (old == r->req_prod)
		return false;
	dma_wmb(); /* requests before the index; partner: the peer's barrier after it */
	WRITE_ONCE(r->page->req_prod, r->req_prod);
	r->shown = r->req_prod;
	dma_mb(); /* index before the look; the peer: its event, barrier, our index */
	return r->req_prod - READ_ONCE(r->page->req_event) < r->req_prod - old;
}

/* xen_ring_pending() - how many responses wait. */
static inline uint32_t xen_ring_pending(struct xen_ring *r)
{
	uint32_t n = READ_ONCE(r->page->rsp_prod) - r->rsp_cons;

	if (unlikely(n > r->shown - r->rsp_cons))
		r->broken = true;
	if (unlikely(r->broken))
		return 0;
	dma_rmb(); /* responses after the index; partner: the peer's barrier before it */
	return n;
}

/* xen_ring_take() - a copy of the next response, of which there is one; `bytes` of it. */
static inline void xen_ring_take(struct xen_ring *r, void *response, size_t bytes)
{
	memcpy(response, xen_ring_entry(r, r->rsp_cons++), bytes);
	dma_rmb(); /* the compiler may not look at the page again instead of at the copy */
}

/* xen_ring_arm() - an event at the next response. Returns true when there is one already. */
static inline bool xen_ring_arm(struct xen_ring *r)
{
	WRITE_ONCE(r->page->rsp_event, r->rsp_cons + 1);
	dma_mb(); /* event before the last look; the peer: its index, barrier, our event */
	return xen_ring_pending(r) > 0;
}
