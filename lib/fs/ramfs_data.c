// SPDX-License-Identifier: BSD-2-Clause
#include "lib/fs/ramfs_data.h"
#include <errno.h>
#include <string.h>
#include "kernel/page.h"
#include "lib/fs/ramfs_space.h"

#define MAX_BYTES INT64_MAX /* off_t ends there */

static uint64_t freed_pages; /* by the present pagemap_cut(); under ramfs_lock() */

static void drop_page(void *page)
{
	page_free(page, 0);
	freed_pages++;
}

static void cut_pages(struct ramfs_node *n, uint64_t first)
{
	uint32_t nodes = n->file.pages.nnodes;

	freed_pages = 0;
	pagemap_cut(&n->file.pages, first, drop_page);
	n->file.npages -= freed_pages;
	nodes -= n->file.pages.nnodes;
	ramfs.used_bytes -= freed_pages * PAGE_SIZE + (uint64_t)nodes * PAGEMAP_NODE_BYTES;
}

void ramfs_free_pages(struct ramfs_node *n)
{
	cut_pages(n, 0);
}

static int add_page(struct ramfs_node *n, uint64_t index, void *page)
{
	uint32_t nodes = n->file.pages.nnodes;
	int err = pagemap_set(&n->file.pages, index, page);

	nodes = n->file.pages.nnodes - nodes;
	ramfs.used_bytes += (uint64_t)nodes * PAGEMAP_NODE_BYTES;
	if (err)
		return -ENOSPC;
	ramfs.used_bytes += PAGE_SIZE;
	n->file.npages++;
	return 0;
}

/* The page of this number as the file's own; `fill`: with its contents, else they are the
 * caller's business, who is about to write all of it. */
static int own_page(struct ramfs_node *n, uint64_t index, bool fill, char **out)
{
	char *page = pagemap_get(&n->file.pages, index);
	int err = 0;

	if (!page) {
		unsigned nodes = pagemap_nodes(&n->file.pages, index);

		err = ramfs_room(PAGE_SIZE + nodes * (uint64_t)PAGEMAP_NODE_BYTES);
		if (err)
			return err;
		page = page_alloc(0);
		if (!page)
			return -ENOSPC;
		if (fill)
			ramfs_read_base(n, page, index * PAGE_SIZE, PAGE_SIZE);
		err = add_page(n, index, page);
		if (err)
			page_free(page, 0);
	}
	*out = page;
	return err;
}

static void set_changed(struct ramfs_node *n)
{
	n->mtime = n->ctime = time_wall();
}

/* Bytes from one place of memory. Returns how many, or -errno where none. */
static ssize_t write_bytes(struct ramfs_node *n, const char *from, size_t len, uint64_t at)
{
	size_t done = 0;

	while (done < len) {
		size_t offset = (at + done) % PAGE_SIZE, part = MIN(len - done, PAGE_SIZE - offset);
		char *page;
		int err = own_page(n, (at + done) / PAGE_SIZE, part < PAGE_SIZE, &page);

		if (err)
			return done ? (ssize_t)done : err;
		memcpy(page + offset, from + done, part);
		done += part;
		n->file.size = MAX(n->file.size, at + done);
	}
	return (ssize_t)done;
}

ssize_t ramfs_write(struct vnode *v, const struct iovec *iov, int niov, off_t *at)
{
	struct ramfs_node *n = ramfs_node_of(v);
	ssize_t total = 0, done = 0;
	uint64_t place;

	ramfs_lock();
	place = *at == VNODE_AT_END ? n->file.size : (uint64_t)*at;
	for (int i = 0; i < niov && done >= 0; i++) {
		size_t len = MIN(iov[i].iov_len, MAX_BYTES - place);

		if (len < iov[i].iov_len && len == 0) {
			done = -EFBIG;
			break;
		}
		done = write_bytes(n, iov[i].iov_base, len, place);
		if (done <= 0)
			continue;
		total += done;
		place += (uint64_t)done;
		if ((size_t)done < iov[i].iov_len)
			break;
	}
	if (total > 0) {
		set_changed(n);
		*at = (off_t)place;
	}
	ramfs_unlock();
	return total ? total : done;
}

/* What lies behind the new end is gone, and zero when the file grows again. A page that was handed
 * out stays where it is. */
static void shorten(struct ramfs_node *n, uint64_t size)
{
	uint64_t first = size / PAGE_SIZE + (size % PAGE_SIZE != 0);
	char *page = size % PAGE_SIZE ? pagemap_get(&n->file.pages, size / PAGE_SIZE) : NULL;

	if (page)
		memset(page + size % PAGE_SIZE, 0, PAGE_SIZE - size % PAGE_SIZE);
	if (n->file.mapped)
		for (; (page = pagemap_next(&n->file.pages, &first)) != NULL; first++)
			memset(page, 0, PAGE_SIZE);
	else
		cut_pages(n, first);
	n->file.base_bytes = MIN(n->file.base_bytes, size);
}

int ramfs_truncate(struct vnode *v, off_t size)
{
	struct ramfs_node *n = ramfs_node_of(v);

	ramfs_lock();
	if ((uint64_t)size <= n->file.size) /* room behind the end goes as well */
		shorten(n, (uint64_t)size);
	n->file.size = (uint64_t)size;
	set_changed(n);
	ramfs_unlock();
	return 0;
}

int ramfs_allocate(struct vnode *v, off_t at, off_t len, bool grow)
{
	struct ramfs_node *n = ramfs_node_of(v);
	uint64_t first = (uint64_t)at / PAGE_SIZE, last, count;
	off_t end;
	char *page;
	int err;

	if (__builtin_add_overflow(at, len, &end))
		return -EFBIG;
	last = ((uint64_t)end - 1) / PAGE_SIZE;
	count = last - first + 1;
	ramfs_lock();
	/* All or nothing, as far as that can be told before. */
	count -= MIN(count, n->file.npages);
	err = count > UINT64_MAX / PAGE_SIZE ? -ENOSPC : ramfs_room(count * PAGE_SIZE);
	for (uint64_t i = first; i <= last && !err; i++)
		err = own_page(n, i, true, &page);
	if (!err) {
		if (grow)
			n->file.size = MAX(n->file.size, (uint64_t)end);
		set_changed(n);
	}
	ramfs_unlock();
	return err;
}

int ramfs_get_page(struct vnode *v, uint64_t index, void **page)
{
	struct ramfs_node *n = ramfs_node_of(v);
	char *own;
	int err;

	ramfs_lock();
	if (n->file.size == 0 || index > (n->file.size - 1) / PAGE_SIZE)
		err = -ENXIO;
	else
		err = own_page(n, index, true, &own);
	if (!err) {
		n->file.mapped = true;
		*page = own;
	}
	ramfs_unlock();
	return err;
}
