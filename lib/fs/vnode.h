// SPDX-License-Identifier: BSD-2-Clause
/*
 * vnode.h - a named object of a file system: a file, a directory, a symbolic link, a device.
 *
 * A file system makes vnodes and fills in their ops; lib/fs/walk.c finds them by path and
 * lib/fs/vnode_file.c and vnode_file_write.c make them into open files.
 *
 * What reads and what changes are two tables. A program that only reads does not contain what
 * changes: nothing on its way names it (lib/fs/change.h).
 *
 * References: who holds a pointer to a vnode has counted it with vnode_get(). While an object
 * has a name its file system counts one for that. A vnode without release() lives for ever.
 *
 * Threading: ops may be called from several threads at once; a file system locks itself. A copy
 * to or from the caller's memory may fault, and the fault may call get_page().
 * Errors: -errno; a missing op means that the kind of object has no such thing.
 */
#pragma once
#include <sys/types.h>
#include <sys/uio.h>
#include "kernel/time.h"
#include "lib/base/compiler.h"

struct dirent;
struct file;
struct stat;
struct vnode;

struct vnode_ops {
	/* lookup() - the object `name` of a directory, with a reference; ".." is the directory
	 * above it, or itself. Never ".". 0 or -ENOENT. */
	int (*lookup)(struct vnode *dir, const char *name, size_t len, struct vnode **out);
	/* readdir() - the first entry behind position *at, and its position in *at. Positions
	 * grow from 1; 0 is before the first. Returns 1, or 0 at the end. "." and ".." are not
	 * among them. */
	int (*readdir)(struct vnode *dir, off_t *at, struct dirent *out);
	/* stat() - fill in *out, which is zeroed and has st_mode and st_nlink already. */
	void (*stat)(struct vnode *v, struct stat *out);
	/* read() - up to len bytes from `at`; 0 at or behind the end. */
	ssize_t (*read)(struct vnode *v, void *out, size_t len, off_t at);
	/* readlink() - up to size bytes of a link's target, not terminated. The length. */
	ssize_t (*readlink)(struct vnode *v, char *out, size_t size);
	/* open() - an open file of the object's own kind; without it, vnode_file_open() does. */
	int (*open)(struct vnode *v, uint32_t flags, struct file **out);
	/* What changes it; NULL for a file system that cannot be changed. */
	const struct vnode_change_ops *change;
};

/* A name in a directory; not terminated, never "", "." or "..". */
struct vnode_name {
	struct vnode *dir;
	const char *name;
	size_t len;
};

/* What vnode_change_ops.setattr() is to set. */
enum {
	VNODE_MODE = 1 << 0,
	VNODE_UID = 1 << 1,
	VNODE_GID = 1 << 2,
	VNODE_ATIME = 1 << 3,
	VNODE_MTIME = 1 << 4,
};
struct vnode_attr {
	unsigned set; /* VNODE_* */
	mode_t mode;  /* 07777 */
	uid_t uid;
	gid_t gid;
	ns_t atime, mtime; /* since 1970 */
};

#define VNODE_AT_END (-1) /* the offset of a write() that appends */

struct vnode_change_ops {
	/* create() - a new object of this type and mode; `target` is a symbolic link's text. *out
	 * has a reference. -EEXIST when the name is there. */
	int (*create)(const struct vnode_name *n, mode_t mode, const char *target,
		      struct vnode **out);
	int (*link)(const struct vnode_name *n, struct vnode *v);
	/* unlink() - take away the name of a directory, or of anything else. */
	int (*unlink)(const struct vnode_name *n, bool directory);
	/* rename() - as rename(); `keep`: -EEXIST when the new name is there. */
	int (*rename)(const struct vnode_name *from, const struct vnode_name *to, bool keep);
	/* write() - at *at, or at the end; *at moves behind the last byte. Less than all only
	 * when something went wrong after that. */
	ssize_t (*write)(struct vnode *v, const struct iovec *iov, int niov, off_t *at);
	int (*truncate)(struct vnode *v, off_t size);
	/* allocate() - make room for [at, at + len); `grow`: and the file that long. */
	int (*allocate)(struct vnode *v, off_t at, off_t len, bool grow);
	int (*setattr)(struct vnode *v, const struct vnode_attr *attr);
	/* get_page() - as the file's op of that name (kernel/file.h). */
	int (*get_page)(struct vnode *v, uint64_t index, void **page);
};

struct vnode {
	const struct vnode_ops *ops;
	struct vnode *mounted; /* of a directory: the root of what is seen in its place */
	struct vnode *covers;  /* of such a root: the directory */
	void (*release)(struct vnode *v); /* the last reference is gone; NULL: cannot be */
	uint32_t refs;
	mode_t mode; /* S_IF* and permission bits */
};

static inline struct vnode *vnode_get(struct vnode *v)
{
	__atomic_fetch_add(&v->refs, 1, __ATOMIC_RELAXED);
	return v;
}

static inline void vnode_put(struct vnode *v)
{
	if (__atomic_sub_fetch(&v->refs, 1, __ATOMIC_ACQ_REL) == 0)
		v->release(v);
}

/* vnode_stat() - what stat() says about v. */
void vnode_stat(struct vnode *v, struct stat *out);

/*
 * vnode_file_open()       - an open file for a regular file or a directory.
 * vnode_file_open_write() - the same for writing as well.
 *
 * v   whose reference becomes the file's
 *
 * Return 0 or -ENOMEM (the reference stays the caller's).
 */
int vnode_file_open(struct vnode *v, uint32_t flags, struct file **out) UNIK_MUST_CHECK;
int vnode_file_open_write(struct vnode *v, uint32_t flags, struct file **out) UNIK_MUST_CHECK;
