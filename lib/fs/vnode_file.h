// SPDX-License-Identifier: BSD-2-Clause
/*
 * vnode_file.h - regular files and directories as open files: an offset over a vnode.
 *
 * Two tables of operations, so that a program that only reads does not contain what writes.
 * Threading: any thread. Errors: -errno.
 */
#pragma once
#include "kernel/file.h"
#include "kernel/mutex.h"
#include "lib/fs/vnode.h"

struct vnode_file {
	struct file file;
	struct vnode *vnode; /* with a reference */
	struct mutex lock;   /* guards file.offset */
};

static inline struct vnode_file *vnode_file_of(struct file *f)
{
	return container_of(f, struct vnode_file, file);
}

/* The operations that both tables have; see struct file_ops. */
ssize_t vnode_file_read(struct file *f, const struct iovec *iov, int niov);
ssize_t vnode_file_read_at(struct file *f, const struct iovec *iov, int niov, off_t at);
off_t vnode_file_seek(struct file *f, off_t offset, int whence);
int vnode_file_stat(struct file *f, struct stat *out);
int vnode_file_control(struct file *f, unsigned long request, void *arg);
void vnode_file_release(struct file *f);
int vnode_file_get_page(struct file *f, uint64_t index, void **page);

/* vnode_file_make() - the file, with these operations; as vnode_file_open() otherwise. */
int vnode_file_make(struct vnode *v, const struct file_ops *ops, uint32_t flags,
		    struct file **out) UNIK_MUST_CHECK;
