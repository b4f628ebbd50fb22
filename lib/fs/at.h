// SPDX-License-Identifier: BSD-2-Clause
/*
 * at.h - objects by descriptor and path, as the functions whose names end in "at" have them.
 *
 * Threading: any thread. Errors: -errno; -EBADF, -ENOTDIR for the descriptor.
 */
#pragma once
#include "lib/fs/vfs.h"

/* at_start() - what `path` starts from: a reference to fd's directory, or NULL for the working
 * directory and where an absolute path makes fd meaningless. 0; -EBADF, -ENOTDIR. */
int at_start(int fd, const char *path, struct vnode **out) UNIK_MUST_CHECK;
static inline void at_end(struct vnode *start)
{
	if (start)
		vnode_put(start);
}

/* at_vnode() - what an open descriptor is of, with a reference; -EBADF; -EINVAL it has no name. */
int at_vnode(int fd, struct vnode **out) UNIK_MUST_CHECK;

/*
 * at_lookup() - the object that fd and path name, with a reference.
 *
 * flags   AT_SYMLINK_NOFOLLOW; AT_EMPTY_PATH: path may be "", for fd's own. Others are ignored.
 */
int at_lookup(int fd, const char *path, int flags, struct vnode **out) UNIK_MUST_CHECK;
