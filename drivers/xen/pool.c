// SPDX-License-Identifier: BSD-2-Clause
#include "drivers/xen/pool.h"
#include <errno.h>
#include <string.h>
#include "kernel/heap.h"

static int grow(struct xen_pool *p)
{
	struct xen_pool_page *page = &p->page[p->npages];
	int err;

	if (p->npages == p->max)
		return -ENOSPC;
	page->data = page_alloc_exact(1);
	if (!page->data)
		return -ENOMEM;
	memset(page->data, 0, PAGE_SIZE); /* the peer sees it */
	err = grant_page(&page->ref, p->peer, page->data, false);
	if (err)
		page_free_exact(page->data, 1);
	else
		xen_pool_give(p, p->npages++);
	return err;
}

bool xen_pool_reserve(struct xen_pool *p, unsigned n)
{
	while (p->nfree < n)
		if (grow(p))
			return false;
	return true;
}

UNIK_COLD int xen_pool_init(struct xen_pool *p, xen_domid_t peer, unsigned max, unsigned now)
{
	*p = (struct xen_pool){ .peer = peer, .max = (uint16_t)max, .first_free = XEN_POOL_NONE };
	p->page = kzalloc(max * sizeof(*p->page));
	if (p->page && xen_pool_reserve(p, now))
		return 0;
	xen_pool_end(p);
	return -ENOMEM;
}

UNIK_COLD void xen_pool_end(struct xen_pool *p)
{
	for (unsigned i = 0; i < p->npages; i++) {
		if (!grant_clear(p->page[i].ref))
			continue;
		grant_free(p->page[i].ref);
		page_free_exact(p->page[i].data, 1);
	}
	kfree(p->page);
	p->page = NULL;
	p->npages = p->nfree = 0;
}
