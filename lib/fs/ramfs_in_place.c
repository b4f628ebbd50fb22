// SPDX-License-Identifier: BSD-2-Clause
#include <sys/stat.h>
#include "kernel/page.h"
#include "lib/fs/ramfs.h"

/* How much of the base, from `at` on, is not covered by a page. */
static size_t uncovered(const struct ramfs_node *n, uint64_t at, size_t len)
{
	uint64_t page = at / PAGE_SIZE;

	if (at >= n->file.base_bytes)
		return 0;
	len = MIN(len, n->file.base_bytes - at);
	if (!pagemap_next(&n->file.pages, &page))
		return len;
	return page * PAGE_SIZE > at ? MIN(len, page * PAGE_SIZE - at) : 0;
}

const void *ramfs_in_place(struct vnode *v, uint64_t at, size_t *len)
{
	const struct ramfs_node *n = ramfs_node_of(v);
	const uint8_t *base;

	if (v->ops != &ramfs_ops || !S_ISREG(v->mode)) {
		*len = 0;
		return NULL;
	}
	ramfs_lock();
	*len = uncovered(n, at, *len);
	base = n->file.base;
	ramfs_unlock();
	return *len ? base + at : NULL;
}
