// SPDX-License-Identifier: BSD-2-Clause
#include "lib/fs/vnode_file.h"
#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "kernel/heap.h"
#include "lib/fs/parts.h"
#include "lib/fs/vfs.h"
#include "lib/libc/file_io.h"

void vnode_stat(struct vnode *v, struct stat *out)
{
	memset(out, 0, sizeof(*out));
	out->st_mode = v->mode;
	out->st_nlink = 1;
	out->st_blksize = 4096;
	if (v->ops->stat)
		v->ops->stat(v, out);
}

int vnode_file_stat(struct file *f, struct stat *out)
{
	vnode_stat(vnode_file_of(f)->vnode, out);
	return 0;
}

ssize_t vnode_file_read_at(struct file *f, const struct iovec *iov, int niov, off_t at)
{
	struct vnode *v = vnode_file_of(f)->vnode;
	size_t total = 0;

	if (S_ISDIR(v->mode))
		return -EISDIR;
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

ssize_t vnode_file_read(struct file *f, const struct iovec *iov, int niov)
{
	ssize_t n;

	mutex_lock(&vnode_file_of(f)->lock);
	n = vnode_file_read_at(f, iov, niov, f->offset);
	if (n > 0)
		f->offset += n;
	mutex_unlock(&vnode_file_of(f)->lock);
	return n;
}

off_t vnode_file_seek(struct file *f, off_t offset, int whence)
{
	off_t base = 0, pos;
	struct stat st;

	mutex_lock(&vnode_file_of(f)->lock);
	if (whence == SEEK_CUR) {
		base = f->offset;
	} else if (whence == SEEK_END) {
		vnode_stat(vnode_file_of(f)->vnode, &st);
		base = st.st_size;
	}
	if ((whence != SEEK_SET && whence != SEEK_CUR && whence != SEEK_END) ||
	    (!__builtin_add_overflow(base, offset, &pos) && pos < 0))
		pos = -EINVAL;
	else if (__builtin_add_overflow(base, offset, &pos))
		pos = -EOVERFLOW;
	else
		f->offset = pos;
	mutex_unlock(&vnode_file_of(f)->lock);
	return pos;
}

#define FIRST_NAME 2 /* the offset behind "." and ".."; the file system's positions follow */

/* "." or "..". */
static int read_dot(struct vnode *dir, unsigned dots, struct dirent *out)
{
	struct stat st;
	struct vnode *v;
	int err = vfs_step(dir, "..", dots, &v);

	if (err)
		return err;
	vnode_stat(v, &st);
	vnode_put(v);
	out->d_ino = st.st_ino;
	out->d_type = DT_DIR;
	memcpy(out->d_name, "..", 3);
	out->d_name[dots] = '\0';
	return 1;
}

static int read_entry(struct file *f, struct dirent *out)
{
	struct vnode *v = vnode_file_of(f)->vnode;
	off_t at;
	int n;

	if (!S_ISDIR(v->mode))
		return -ENOTDIR;
	mutex_lock(&vnode_file_of(f)->lock);
	if (f->offset < FIRST_NAME) {
		at = f->offset + 1;
		n = read_dot(v, (unsigned)at, out);
	} else {
		at = f->offset - FIRST_NAME;
		n = v->ops->readdir(v, &at, out);
		at += FIRST_NAME;
	}
	if (n == 1)
		f->offset = at;
	mutex_unlock(&vnode_file_of(f)->lock);
	return n;
}

int vnode_file_control(struct file *f, unsigned long request, void *arg)
{
	if (request == FILE_CONTROL_READ_ENTRY)
		return read_entry(f, arg);
	if (request != FILE_CONTROL_VNODE)
		return -ENOTTY;
	*(struct vnode **)arg = vnode_get(vnode_file_of(f)->vnode);
	return 0;
}

int vnode_file_get_page(struct file *f, uint64_t index, void **page)
{
	struct vnode *v = vnode_file_of(f)->vnode;

	return S_ISREG(v->mode) ? fs_change[0]->get_page(v, index, page) : -ENODEV;
}

void vnode_file_release(struct file *f)
{
	vnode_put(vnode_file_of(f)->vnode);
	kfree(vnode_file_of(f));
}

#define READ_OPS                                                                         \
	.read = vnode_file_read, .read_at = vnode_file_read_at, .seek = vnode_file_seek, \
	.stat = vnode_file_stat, .control = vnode_file_control, .release = vnode_file_release

/* Where nothing in the program changes files, a shared mapping may as well be a copy. */
static const struct file_ops constant_ops = { READ_OPS };
static const struct file_ops vnode_file_ops = { READ_OPS, .get_page = vnode_file_get_page };

int vnode_file_make(struct vnode *v, const struct file_ops *ops, uint32_t flags, struct file **out)
{
	struct vnode_file *vf = kalloc(sizeof(*vf));

	if (!vf)
		return -ENOMEM;
	file_init(&vf->file, ops, flags);
	vf->vnode = v;
	mutex_init(&vf->lock);
	*out = &vf->file;
	return 0;
}

int vnode_file_open(struct vnode *v, uint32_t flags, struct file **out)
{
	bool constant = &fs_change[0] == &fs_change_end[0];

	return vnode_file_make(v, constant ? &constant_ops : &vnode_file_ops, flags, out);
}
