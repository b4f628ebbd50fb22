// SPDX-License-Identifier: BSD-2-Clause
/*
 * ramfs_data.h - changing what is in the root file system's files: operations of
 * struct vnode_change_ops, and the end of a file's pages. Takes ramfs_lock(). Errors: -errno.
 */
#pragma once
#include "lib/fs/ramfs.h"

ssize_t ramfs_write(struct vnode *v, const struct iovec *iov, int niov, off_t *at);
int ramfs_truncate(struct vnode *v, off_t size);
int ramfs_allocate(struct vnode *v, off_t at, off_t len, bool grow);
int ramfs_get_page(struct vnode *v, uint64_t index, void **page);

/* ramfs_free_pages() - all of them; nobody uses the file any more. */
void ramfs_free_pages(struct ramfs_node *n);
