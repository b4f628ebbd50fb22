// SPDX-License-Identifier: BSD-2-Clause
#include "lib/fs/archive.h"
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include "kernel/heap.h"

bool archive_is(const void *bytes, size_t len)
{
	return archive_cpio_is(bytes, len) || archive_tar_is(bytes, len);
}

int archive_add(const void *bytes, size_t len)
{
	return archive_cpio_is(bytes, len) ? archive_cpio_add(bytes, len)
					   : archive_tar_add(bytes, len);
}

/* The next component at *p, which moves behind it; "." and empty ones are left out. Returns its
 * length, 0 at the end; -EINVAL. */
static int next_component(const char **p, const char *end, const char **out)
{
	size_t len;

	do {
		const char *slash;

		if (*p >= end)
			return 0;
		slash = memchr(*p, '/', (size_t)(end - *p));
		len = (size_t)((slash ? slash : end) - *p);
		*out = *p;
		*p += len + 1;
	} while (len == 0 || (len == 1 && **out == '.'));
	if (len > NAME_MAX || (len == 2 && memcmp(*out, "..", 2) == 0))
		return -EINVAL;
	return (int)len;
}

/* This name's node is n from now on; who it was before is forgotten. At boot nobody else has it. */
static void replace(struct ramfs_entry *e, struct ramfs_node *n)
{
	struct ramfs_node *old = e->node;

	e->node = n;
	if (S_ISDIR(n->vnode.mode)) {
		n->dir.parent = e->dir;
		vnode_get(&e->dir->vnode);
		e->dir->nlink++;
	} else {
		n->nlink++;
	}
	old->nlink--;
	vnode_put(&old->vnode);
}

static void free_unnamed(struct vnode *v)
{
	ramfs.used_bytes -= sizeof(struct ramfs_node);
	kfree(ramfs_node_of(v));
}

/* Give n, whose reference is taken over, the name; a directory stays one. */
static int put_node(struct ramfs_node *dir, const char *name, size_t len, struct ramfs_node *n)
{
	struct ramfs_entry *e = ramfs_find(dir, name, len);
	int err = 0;

	n->vnode.release = free_unnamed;
	if (e && S_ISDIR(e->node->vnode.mode))
		err = -EINVAL;
	else if (e)
		replace(e, n);
	else
		err = ramfs_insert(dir, name, len, n);
	if (err)
		vnode_put(&n->vnode);
	return err;
}

/* The directory of this name, made where there is none. */
static int get_directory(struct ramfs_node *dir, const char *name, size_t len,
			 struct ramfs_node **out)
{
	struct ramfs_entry *e = ramfs_find(dir, name, len);
	struct ramfs_node *n = e ? e->node : NULL;

	if (!n || !S_ISDIR(n->vnode.mode)) {
		n = ramfs_new(S_IFDIR | 0755);
		if (!n)
			return -ENOMEM;
		int err = put_node(dir, name, len, n);

		if (err)
			return err;
	}
	*out = n;
	return 0;
}

static int put_other(struct ramfs_node *dir, const char *name, size_t len, const struct member *m,
		     struct ramfs_node **out)
{
	struct ramfs_node *n = m->same;
	int err;

	if (n)
		vnode_get(&n->vnode);
	else if (!(n = ramfs_new(m->mode)))
		return -ENOMEM;
	err = put_node(dir, name, len, n);
	if (err)
		return err;
	if (m->size > 0)
		ramfs_set_base(n, m->data, m->size);
	*out = n;
	return 0;
}

int archive_put(const struct member *m, struct ramfs_node **out)
{
	struct ramfs_node *n = &ramfs.root, *dir = NULL;
	const char *p = m->name, *end = p + m->name_len, *name, *last = NULL;
	int len, last_len = 0, err;

	*out = NULL;
	while ((len = next_component(&p, end, &name)) != 0) {
		if (len < 0)
			return len;
		if (last && (err = get_directory(n, last, (size_t)last_len, &n)))
			return err;
		dir = n;
		last = name;
		last_len = len;
	}
	if (S_ISDIR(m->mode)) {
		err = dir ? get_directory(dir, last, (size_t)last_len, &n) : 0;
		if (!err)
			n->vnode.mode = m->mode;
	} else if (!dir) {
		return -EINVAL; /* the root as a file */
	} else if (!m->same && !S_ISREG(m->mode) && !S_ISLNK(m->mode)) {
		return 0;
	} else {
		err = put_other(dir, last, (size_t)last_len, m, &n);
	}
	if (err)
		return err;
	n->atime = n->mtime = n->ctime = m->mtime_s * NS_PER_S;
	*out = n;
	return 0;
}

struct ramfs_node *archive_find(const char *name, size_t len)
{
	struct ramfs_node *n = &ramfs.root;
	const char *p = name, *end = name + len, *part;
	int part_len;

	while ((part_len = next_component(&p, end, &part)) > 0) {
		struct ramfs_entry *e = NULL;

		if (S_ISDIR(n->vnode.mode))
			e = ramfs_find(n, part, (size_t)part_len);
		if (!e)
			return NULL;
		n = e->node;
	}
	return part_len < 0 ? NULL : n;
}
