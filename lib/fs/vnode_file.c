// SPDX-License-Identifier: BSD-2-Clause
/*
 * vnode_file.c - regular files and directories as open files: an offset over a vnode.
 */
#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "kernel/heap.h"
#include "kernel/mutex.h"
#include "lib/fs/vnode.h"
#include "lib/libc/file_io.h"

struct vnode_file {
	struct file file;
	struct vnode *vnode;
	struct mutex lock; /* guards file.offset */
};

static struct vnode_file *of(struct file *f)
{
	return container_of(f, struct vnode_file, file);
}

void vnode_stat(struct vnode *v, struct stat *out)
{
	memset(out, 0, sizeof(*out));
	out->st_mode = v->mode;
	out->st_nlink = 1;
	out->st_blksize = 4096;
	if (v->ops->stat)
		v->ops->stat(v, out);
}

static int file_stat(struct file *f, struct stat *out)
{
	vnode_stat(of(f)->vnode, out);
	return 0;
}

static ssize_t file_read_at(struct file *f, const struct iovec *iov, int niov, off_t at)
{
	struct vnode *v = of(f)->vnode;
	size_t total = 0;

	if (!v->ops->read)
		return S_ISDIR(v->mode) ? -EISDIR : -EINVAL;
	for (int i = 0; i < niov; i++) {
		ssize_t n = v->ops->read(v, iov[i].iov_base, iov[i].iov_len, at + (off_t)total);

		if (n < 0)
			return total ? (ssize_t)total : n;
		total += (size_t)n;
		if ((size_t)n < iov[i].iov_len)
			break;
	}
	return (ssize_t)total;
}

static ssize_t file_read(struct file *f, const struct iovec *iov, int niov)
{
	ssize_t n;

	mutex_lock(&of(f)->lock);
	n = file_read_at(f, iov, niov, f->offset);
	if (n > 0)
		f->offset += n;
	mutex_unlock(&of(f)->lock);
	return n;
}

static off_t file_seek(struct file *f, off_t offset, int whence)
{
	off_t base = 0, pos;
	struct stat st;

	mutex_lock(&of(f)->lock);
	if (whence == SEEK_CUR) {
		base = f->offset;
	} else if (whence == SEEK_END) {
		vnode_stat(of(f)->vnode, &st);
		base = st.st_size;
	}
	if ((whence != SEEK_SET && whence != SEEK_CUR && whence != SEEK_END) ||
	    (!__builtin_add_overflow(base, offset, &pos) && pos < 0))
		pos = -EINVAL;
	else if (__builtin_add_overflow(base, offset, &pos))
		pos = -EOVERFLOW;
	else
		f->offset = pos;
	mutex_unlock(&of(f)->lock);
	return pos;
}

static int read_entry(struct file *f, struct dirent *out)
{
	struct vnode *v = of(f)->vnode;
	int n;

	if (!v->ops->readdir)
		return -ENOTDIR;
	mutex_lock(&of(f)->lock);
	n = v->ops->readdir(v, &f->offset, out);
	mutex_unlock(&of(f)->lock);
	return n;
}

static int file_control_(struct file *f, unsigned long request, void *arg)
{
	return request == FILE_CONTROL_READ_ENTRY ? read_entry(f, arg) : -ENOTTY;
}

static void file_release(struct file *f)
{
	kfree(of(f));
}

static const struct file_ops vnode_file_ops = {
	.read = file_read,
	.read_at = file_read_at,
	.seek = file_seek,
	.stat = file_stat,
	.control = file_control_,
	.release = file_release,
};

int vnode_file_open(struct vnode *v, uint32_t flags, struct file **out)
{
	struct vnode_file *vf = kalloc(sizeof(*vf));

	if (!vf)
		return -ENOMEM;
	file_init(&vf->file, &vnode_file_ops, flags);
	vf->vnode = v;
	mutex_init(&vf->lock);
	*out = &vf->file;
	return 0;
}
