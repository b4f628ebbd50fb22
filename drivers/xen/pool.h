// SPDX-License-Identifier: BSD-2-Clause
/*
 * pool.h - pages that a back end may use all the time, and through which data is copied.
 *
 * A page is granted when it is first needed and stays so, also while the back end is away and when
 * it has come back. So a request costs no work on the grant table, the peer sees nothing but what
 * is meant for it, and what it writes late it writes to a page that nobody believes.
 *
 * Threading: the owner's lock. Errors: -errno of drivers/xen/grant.h.
 */
#pragma once
#include "drivers/xen/grant.h"

#define XEN_POOL_NONE UINT16_MAX

struct xen_pool_page {
	void *data;
	grant_ref_t ref;
	uint16_t next; /* of the free ones */
};

struct xen_pool {
	xen_domid_t peer;
	uint16_t max, npages; /* may be, are there */
	uint16_t first_free;  /* XEN_POOL_NONE: none */
	uint16_t nfree;
	struct xen_pool_page *page; /* max of them */
};

/* xen_pool_init() - for at most `max` pages, of which `now` are there at once. 0 or -errno. */
int xen_pool_init(struct xen_pool *p, xen_domid_t peer, unsigned max, unsigned now) UNIK_MUST_CHECK;

/* xen_pool_end() - pages that the peer still has mapped are lost. */
void xen_pool_end(struct xen_pool *p);

/* xen_pool_reserve() - make n pages free, if they are not. false: not now. */
bool xen_pool_reserve(struct xen_pool *p, unsigned n);

/* xen_pool_take() - the number of a page that is free; one was reserved. */
static inline uint16_t xen_pool_take(struct xen_pool *p)
{
	uint16_t i = p->first_free;

	p->first_free = p->page[i].next;
	p->nfree--;
	return i;
}

static inline void xen_pool_give(struct xen_pool *p, uint16_t i)
{
	p->page[i].next = p->first_free;
	p->first_free = i;
	p->nfree++;
}
