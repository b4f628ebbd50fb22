// SPDX-License-Identifier: BSD-2-Clause
/*
 * vnode_file_write.c - open files of a program that changes files.
 */
#include <errno.h>
#include <fcntl.h>
#include "lib/fs/change.h"
#include "lib/fs/vnode_file.h"

static ssize_t write_at(struct file *f, const struct iovec *iov, int niov, off_t *at)
{
	struct vnode *v = vnode_file_of(f)->vnode;

	return vfs_change(v)->write(v, iov, niov, at);
}

static ssize_t vnode_file_write(struct file *f, const struct iovec *iov, int niov)
{
	off_t at;
	ssize_t n;

	mutex_lock(&vnode_file_of(f)->lock);
	at = READ_ONCE(f->flags) & O_APPEND ? VNODE_AT_END : f->offset;
	n = write_at(f, iov, niov, &at);
	if (n > 0)
		f->offset = at;
	mutex_unlock(&vnode_file_of(f)->lock);
	return n;
}

static ssize_t vnode_file_write_at(struct file *f, const struct iovec *iov, int niov, off_t at)
{
	return write_at(f, iov, niov, &at);
}

static const struct file_ops vnode_file_write_ops = {
	.read = vnode_file_read,
	.write = vnode_file_write,
	.read_at = vnode_file_read_at,
	.write_at = vnode_file_write_at,
	.seek = vnode_file_seek,
	.stat = vnode_file_stat,
	.control = vnode_file_control,
	.release = vnode_file_release,
	.get_page = vnode_file_get_page,
};

int vnode_file_open_write(struct vnode *v, uint32_t flags, struct file **out)
{
	return vnode_file_make(v, &vnode_file_write_ops, flags, out);
}
