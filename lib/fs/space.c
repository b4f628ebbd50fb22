// SPDX-License-Identifier: BSD-2-Clause
/*
 * space.c - lengths of files, and how much room there is.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include "kernel/page.h"
#include "lib/fs/at.h"
#include "lib/fs/change.h"
#include "lib/fs/ramfs.h"
#include "lib/fs/ramfs_space.h"
#include "lib/libc/fd.h"
#include "lib/libc/file_io.h"
#include "lib/libc/result.h"

UNIK_API int truncate(const char *path, off_t size)
{
	const struct vnode_change_ops *change;
	struct vnode *v;
	int err = size < 0 ? -EINVAL : vfs_lookup(NULL, path, true, &v);

	if (err)
		return (int)posix_result(err);
	change = vfs_change(v);
	if (S_ISDIR(v->mode))
		err = -EISDIR;
	else if (!S_ISREG(v->mode))
		err = -EINVAL;
	else
		err = change ? change->truncate(v, size) : -EROFS;
	vnode_put(v);
	return (int)posix_result(err);
}

/* The vnode of a descriptor that may be written to; not_file: what to say of another kind. */
static int writable_vnode(int fd, int not_file, struct vnode **out)
{
	struct file *f = fd_get(fd);
	int err = -EBADF;

	if (!f)
		return err;
	if (file_may_write(f)) {
		err = file_control(f, FILE_CONTROL_VNODE, out) ? not_file : 0;
	} else if (not_file == -EINVAL) {
		err = -EINVAL; /* ftruncate() says this of both */
	}
	file_put(f);
	if (err || S_ISREG((*out)->mode))
		return err;
	vnode_put(*out);
	return not_file;
}

UNIK_API int ftruncate(int fd, off_t size)
{
	struct vnode *v;
	int err = size < 0 ? -EINVAL : writable_vnode(fd, -EINVAL, &v);

	if (!err) {
		err = vfs_change(v)->truncate(v, size);
		vnode_put(v);
	}
	return (int)posix_result(err);
}

static int allocate(int fd, int mode, off_t at, off_t len)
{
	struct vnode *v;
	int err;

	if (at < 0 || len <= 0)
		return -EINVAL;
	if (mode & ~FALLOC_FL_KEEP_SIZE)
		return -EOPNOTSUPP;
	err = writable_vnode(fd, -ENODEV, &v);
	if (err)
		return err;
	err = vfs_change(v)->allocate(v, at, len, !(mode & FALLOC_FL_KEEP_SIZE));
	vnode_put(v);
	return err;
}

UNIK_API int fallocate(int fd, int mode, off_t at, off_t len)
{
	return (int)posix_result(allocate(fd, mode, at, len));
}

/* Returns the error instead of setting errno. */
UNIK_API int posix_fallocate(int fd, off_t at, off_t len)
{
	return -allocate(fd, 0, at, len);
}

/* Everything is in memory, so there is nothing that advice could change. */
UNIK_API int posix_fadvise(int fd, off_t at, off_t len, int advice)
{
	struct file *f = fd_get(fd);
	int err = 0;

	if (!f)
		return EBADF;
	if (advice < POSIX_FADV_NORMAL || advice > POSIX_FADV_NOREUSE || len < 0)
		err = EINVAL;
	else if (!f->ops->seek)
		err = ESPIPE;
	file_put(f);
	return err;
}

static void describe(struct statvfs *out)
{
	memset(out, 0, sizeof(*out));
	ramfs_lock();
	out->f_bsize = out->f_frsize = PAGE_SIZE;
	out->f_blocks = ramfs_limit() / PAGE_SIZE;
	out->f_bfree = out->f_bavail = ramfs_free_bytes() / PAGE_SIZE;
	out->f_ffree = out->f_favail = ramfs_free_bytes() / sizeof(struct ramfs_node);
	out->f_files = out->f_ffree + ramfs.nentries;
	out->f_fsid = 1;
	out->f_namemax = NAME_MAX;
	out->f_flag = ramfs_limit() == 0 ? ST_RDONLY : 0;
	ramfs_unlock();
}

static int describe_path(const char *path, struct statvfs *out)
{
	struct vnode *v;
	int err = vfs_lookup(NULL, path, true, &v);

	if (!err) {
		vnode_put(v);
		describe(out);
	}
	return err;
}

static int describe_fd(int fd, struct statvfs *out)
{
	struct vnode *v;
	int err = at_vnode(fd, &v);

	if (!err) {
		vnode_put(v);
		describe(out);
	}
	return err == -EINVAL ? -ENOSYS : err;
}

UNIK_API int statvfs(const char *path, struct statvfs *out)
{
	return (int)posix_result(describe_path(path, out));
}

UNIK_API int fstatvfs(int fd, struct statvfs *out)
{
	return (int)posix_result(describe_fd(fd, out));
}

static int translate(int err, const struct statvfs *v, struct statfs *out)
{
	if (err)
		return (int)posix_result(err);
	*out = (struct statfs){
		.f_type = TMPFS_MAGIC,
		.f_bsize = (long)v->f_bsize,
		.f_blocks = v->f_blocks,
		.f_bfree = v->f_bfree,
		.f_bavail = v->f_bavail,
		.f_files = v->f_files,
		.f_ffree = v->f_ffree,
		.f_namelen = (long)v->f_namemax,
		.f_frsize = (long)v->f_frsize,
		.f_flags = (long)v->f_flag,
	};
	return 0;
}

UNIK_API int statfs(const char *path, struct statfs *out)
{
	struct statvfs v;

	return translate(describe_path(path, &v), &v, out);
}

UNIK_API int fstatfs(int fd, struct statfs *out)
{
	struct statvfs v;

	return translate(describe_fd(fd, &v), &v, out);
}
