// SPDX-License-Identifier: BSD-2-Clause
/*
 * vfs.h - one tree of names over all file systems.
 *
 * The root is lib/fs/ramfs.h, which the first path that a program uses brings up. Symbolic links
 * are followed as POSIX.1-2017, 4.13 says, at most SYMLOOP_MAX of them in a path.
 *
 * What lib/fs/parts.h lists comes into the tree only when something of the program needs it.
 *
 * Threading: any thread. Errors: -errno; of every function here also -ENOENT, -ENOTDIR, -ELOOP,
 * -ENAMETOOLONG, -ENOMEM for the path.
 */
#pragma once
#include "lib/fs/vnode.h"

/* vfs_root(), vfs_cwd() - a reference to the root and to the working directory; NULL: out of
 * memory. */
struct vnode *vfs_root(void) UNIK_MUST_CHECK;
struct vnode *vfs_cwd(void) UNIK_MUST_CHECK;

/*
 * vfs_lookup() - the object that a path names, with a reference.
 *
 * start    what a relative path starts from; NULL: the working directory
 * follow   also a symbolic link that is the last component
 */
int vfs_lookup(struct vnode *start, const char *path, bool follow,
	       struct vnode **out) UNIK_MUST_CHECK;

/* vfs_open() - open for reading what a path names; flags are those of open(), without O_CREAT
 * and writing. O_CLOEXEC is the caller's. */
int vfs_open(const char *path, uint32_t flags, struct file **out) UNIK_MUST_CHECK;

/* vfs_chdir() - v, whose reference is taken over, is the working directory. 0 or -ENOTDIR. */
int vfs_chdir(struct vnode *v) UNIK_MUST_CHECK;

/* vfs_path() - where a directory lies, for getcwd(). Returns the length; -ERANGE, -ENOENT: its
 * name was taken away. */
int vfs_path(struct vnode *dir, char *out, size_t size) UNIK_MUST_CHECK;

/* vfs_step() - one component below dir; "." and ".." too, through mounts. */
int vfs_step(struct vnode *dir, const char *name, size_t len, struct vnode **out) UNIK_MUST_CHECK;

/* --- the walk, for who needs the last component and not what it names ------------------------ */

struct walk {
	struct vnode *dir; /* with a reference */
	const char *name;  /* in it, not terminated; len 0: dir itself */
	size_t len;
	bool slash;       /* a slash stands behind it: only a directory will do */
	const char *rest; /* from that slash on, or "" */
	char *text;       /* of links that were followed */
	unsigned links;
};

/* walk_start() - and walk to the last component. walk_follow() - the last component is a link: put
 * its target in its place, walk on. walk_end() - forget it; always after walk_start(). */
int walk_start(struct walk *w, struct vnode *start, const char *path) UNIK_MUST_CHECK;
int walk_follow(struct walk *w, struct vnode *link) UNIK_MUST_CHECK;
void walk_end(struct walk *w);
