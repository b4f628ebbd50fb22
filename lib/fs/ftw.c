// SPDX-License-Identifier: BSD-2-Clause
/*
 * ftw.c - walking a tree of files: POSIX.1-2017, ftw() and nftw().
 *
 * Each directory is read into memory before anything below it is looked at, so one descriptor
 * is open at a time, whatever the caller allows. FTW_CHDIR is not supported: ENOTSUP.
 */
#define _GNU_SOURCE
#include <ftw.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "lib/base/compiler.h"

typedef int on_file(const char *, const struct stat *, int);
typedef int on_file_n(const char *, const struct stat *, int, struct FTW *);

struct tree {
	on_file *plain; /* one of the two */
	on_file_n *full;
	int flags;
	dev_t device; /* of the top, for FTW_MOUNT */
	char path[PATH_MAX];
};

/* The directories above, against loops through links. */
struct level {
	const struct level *above;
	dev_t device;
	ino_t inode;
};

static int visit(struct tree *t, size_t len, int depth, const struct level *above);

static int tell(struct tree *t, const struct stat *st, int type, size_t len, int depth)
{
	struct FTW where = { .level = depth };
	char *slash;

	if (t->plain)
		return t->plain(t->path, st, type);
	t->path[len] = '\0';
	slash = strrchr(t->path, '/');
	where.base = slash && slash[1] ? (int)(slash + 1 - t->path) : 0;
	return t->full(t->path, st, type, &where);
}

static int visit_entries(struct tree *t, struct dirent **list, int n, size_t len, int depth,
			 const struct level *here)
{
	int ret = 0;

	for (int i = 0; i < n; i++) {
		const char *name = list[i]->d_name;
		size_t name_len = strlen(name), at = len;

		if (ret == 0 && strcmp(name, ".") != 0 && strcmp(name, "..") != 0) {
			if (at == 0 || t->path[at - 1] != '/')
				t->path[at++] = '/';
			if (at + name_len >= sizeof(t->path)) {
				errno = ENAMETOOLONG;
				ret = -1;
			} else {
				memcpy(t->path + at, name, name_len + 1);
				ret = visit(t, at + name_len, depth + 1, here);
			}
			t->path[len] = '\0';
		}
		free(list[i]);
	}
	free(list);
	return ret;
}

static bool is_loop(const struct level *l, const struct stat *st)
{
	while (l && !(l->device == st->st_dev && l->inode == st->st_ino))
		l = l->above;
	return l != NULL;
}

static int visit_directory(struct tree *t, const struct stat *st, size_t len, int depth,
			   const struct level *above)
{
	struct level here = { above, st->st_dev, st->st_ino };
	struct dirent **list;
	int n, ret = 0;

	if (is_loop(above, st) || ((t->flags & FTW_MOUNT) && st->st_dev != t->device))
		return 0;
	n = scandir(t->path, &list, NULL, NULL);
	if (n < 0)
		return errno == EACCES ? tell(t, st, FTW_DNR, len, depth) : -1;
	if (!(t->flags & FTW_DEPTH))
		ret = tell(t, st, FTW_D, len, depth);
	if (ret) {
		while (n > 0)
			free(list[--n]);
		free(list);
		return ret;
	}
	ret = visit_entries(t, list, n, len, depth, &here);
	if (ret == 0 && (t->flags & FTW_DEPTH))
		ret = tell(t, st, FTW_DP, len, depth);
	return ret;
}

static int visit(struct tree *t, size_t len, int depth, const struct level *above)
{
	struct stat st;
	int type = FTW_F, err;

	if (t->flags & FTW_PHYS)
		err = lstat(t->path, &st);
	else
		err = stat(t->path, &st);
	if (err) {
		if (errno != ENOENT && errno != ELOOP)
			return -1;
		if (lstat(t->path, &st) != 0)
			return depth == 0 ? -1 : 0; /* gone meanwhile */
		type = t->plain ? FTW_SL : FTW_SLN;
	} else if (S_ISLNK(st.st_mode)) {
		type = FTW_SL;
	}
	if (depth == 0)
		t->device = st.st_dev;
	if (S_ISDIR(st.st_mode))
		return visit_directory(t, &st, len, depth, above);
	return tell(t, &st, type, len, depth);
}

static int walk(const char *path, on_file *plain, on_file_n *full, int flags)
{
	size_t len = strlen(path);
	struct tree *t;
	int ret;

	if (len == 0 || len >= PATH_MAX || (flags & FTW_CHDIR)) {
		errno = len == 0 ? ENOENT : len >= PATH_MAX ? ENAMETOOLONG : ENOTSUP;
		return -1;
	}
	t = malloc(sizeof(*t));
	if (!t)
		return -1;
	t->plain = plain;
	t->full = full;
	t->flags = flags;
	memcpy(t->path, path, len + 1);
	ret = visit(t, len, 0, NULL);
	free(t);
	return ret;
}

UNIK_API int ftw(const char *path, on_file *fn, int nopen)
{
	return walk(path, fn, NULL, 0);
}

UNIK_API int nftw(const char *path, on_file_n *fn, int nopen, int flags)
{
	return walk(path, NULL, fn, flags);
}
