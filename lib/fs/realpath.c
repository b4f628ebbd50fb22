// SPDX-License-Identifier: BSD-2-Clause
/*
 * realpath.c - where a path leads, without links: POSIX.1-2017, realpath().
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "lib/fs/vfs.h"
#include "lib/libc/result.h"

/* The path of an object that is no directory: that of its directory, and its name. */
static int path_in(const struct walk *w, char *out)
{
	int len = vfs_path(w->dir, out, PATH_MAX);

	if (len < 0)
		return len;
	if (len == 1)
		len = 0; /* the root: its slash is the one that follows */
	if ((size_t)len + 1 + w->len >= PATH_MAX)
		return -ENAMETOOLONG;
	out[len++] = '/';
	memcpy(out + len, w->name, w->len);
	out[len + (int)w->len] = '\0';
	return 0;
}

/* Walk to what the path names at last. */
static int resolve(struct walk *w, char *out)
{
	struct vnode *v;
	int err;

	for (;;) {
		err = vfs_step(w->dir, w->name, w->len, &v);
		if (err)
			return err;
		if (!S_ISLNK(v->mode))
			break;
		err = walk_follow(w, v);
		vnode_put(v);
		if (err)
			return err;
	}
	if (S_ISDIR(v->mode)) {
		err = vfs_path(v, out, PATH_MAX);
		err = err == -ERANGE ? -ENAMETOOLONG : MIN(err, 0);
	} else {
		err = w->slash ? -ENOTDIR : path_in(w, out);
	}
	vnode_put(v);
	return err;
}

UNIK_API char *realpath(const char *path, char *given)
{
	struct walk w;
	char *out;
	int err;

	if (!path) {
		errno = EINVAL;
		return NULL;
	}
	out = given ? given : malloc(PATH_MAX);
	if (!out)
		return NULL;
	err = walk_start(&w, NULL, path);
	if (!err)
		err = resolve(&w, out);
	walk_end(&w);
	if (!err)
		return out;
	if (!given)
		free(out);
	errno = -err;
	return NULL;
}
