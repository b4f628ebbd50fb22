// SPDX-License-Identifier: BSD-2-Clause
/*
 * proc_fd.c - /proc/self/fd: opening a name there is as dup() of that descriptor.
 */
#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include "kernel/heap.h"
#include "lib/base/fmt.h"
#include "lib/fs/generated.h"
#include "lib/libc/fd.h"

#define FIRST_INODE (1ull << 32) /* not one of ramfs's */

struct fd_node {
	struct vnode vnode;
	int fd;
};

static int fd_of(struct vnode *v)
{
	return container_of(v, struct fd_node, vnode)->fd;
}

static void fd_stat(struct vnode *v, struct stat *out)
{
	struct file *f = fd_get(fd_of(v));

	if (f) {
		if (f->ops->stat)
			f->ops->stat(f, out);
		file_put(f);
	}
	out->st_ino = FIRST_INODE + (ino_t)fd_of(v);
}

static int fd_open(struct vnode *v, uint32_t flags, struct file **out)
{
	struct file *f = fd_get(fd_of(v));

	if (!f)
		return -ENOENT;
	*out = f;
	vnode_put(v);
	return 0;
}

static void fd_release(struct vnode *v)
{
	kfree(container_of(v, struct fd_node, vnode));
}

static const struct vnode_ops fd_ops = { .stat = fd_stat, .open = fd_open };

/* The type that the descriptor's file says it has; one that says nothing is a device. */
static mode_t mode_of(struct file *f)
{
	struct stat st = { .st_mode = 0 };

	if (f->ops->stat)
		f->ops->stat(f, &st);
	return st.st_mode ? st.st_mode : S_IFCHR | 0600;
}

static int make_node(int fd, struct vnode **out)
{
	struct file *f = fd_get(fd);
	struct fd_node *n;

	if (!f)
		return -ENOENT;
	n = kzalloc(sizeof(*n));
	if (n) {
		n->fd = fd;
		n->vnode.ops = &fd_ops;
		n->vnode.refs = 1;
		n->vnode.mode = mode_of(f);
		n->vnode.release = fd_release;
		*out = &n->vnode;
	}
	file_put(f);
	return n ? 0 : -ENOMEM;
}

static int proc_fd_lookup(struct vnode *dir, const char *name, size_t len, struct vnode **out)
{
	int fd = 0;

	if (len == 2 && name[0] == '.' && name[1] == '.')
		return ramfs_ops.lookup(dir, name, len, out);
	for (size_t i = 0; i < len; i++) {
		if (name[i] < '0' || name[i] > '9' || fd >= FD_MAX ||
		    (i == 0 && name[0] == '0' && len > 1))
			return -ENOENT;
		fd = fd * 10 + (name[i] - '0');
	}
	return make_node(fd, out);
}

static int proc_fd_readdir(struct vnode *dir, off_t *at, struct dirent *out)
{
	for (off_t fd = *at; fd < FD_MAX; fd++) {
		struct file *f = fd_get((int)fd);

		if (!f)
			continue;
		out->d_type = IFTODT(mode_of(f));
		file_put(f);
		out->d_ino = FIRST_INODE + (ino_t)fd;
		fmt_snprintf(out->d_name, sizeof(out->d_name), "%d", (int)fd);
		*at = fd + 1;
		return 1;
	}
	return 0;
}

static void proc_fd_stat(struct vnode *dir, struct stat *out)
{
	ramfs_ops.stat(dir, out);
}

static int proc_fd_open(struct vnode *dir, uint32_t flags, struct file **out)
{
	return vnode_file_open(dir, flags, out);
}

const struct vnode_ops proc_fd_ops = {
	.lookup = proc_fd_lookup,
	.readdir = proc_fd_readdir,
	.stat = proc_fd_stat,
	.open = proc_fd_open,
};
