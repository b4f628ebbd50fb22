// SPDX-License-Identifier: BSD-2-Clause
/*
 * walk.c - from a path to an object.
 */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include "kernel/heap.h"
#include "lib/fs/vfs.h"

int vfs_step(struct vnode *dir, const char *name, size_t len, struct vnode **out)
{
	struct vnode *v;
	int err;

	if (!S_ISDIR(dir->mode))
		return -ENOTDIR;
	if (len > NAME_MAX)
		return -ENAMETOOLONG;
	if (len == 0 || (len == 1 && name[0] == '.')) {
		*out = vnode_get(dir);
		return 0;
	}
	if (len == 2 && name[0] == '.' && name[1] == '.' && dir->covers)
		dir = dir->covers;
	err = dir->ops->lookup(dir, name, len, &v);
	if (err)
		return err;
	if (v->mounted) {
		struct vnode *seen = vnode_get(v->mounted);

		vnode_put(v);
		v = seen;
	}
	*out = v;
	return 0;
}

/* Cut the next component off the rest. */
static void next_component(struct walk *w)
{
	w->name = w->rest + strspn(w->rest, "/");
	w->len = strcspn(w->name, "/");
	w->rest = w->name + w->len;
	w->slash = *w->rest == '/';
}

/* Put a link's target in front of the rest, and go where it starts from. */
static int splice(struct walk *w, struct vnode *link)
{
	size_t rest_len = strlen(w->rest);
	char *text;
	ssize_t n;

	if (++w->links > SYMLOOP_MAX)
		return -ELOOP;
	if (!link->ops->readlink || !(text = kalloc(PATH_MAX)))
		return link->ops->readlink ? -ENOMEM : -EINVAL;
	n = link->ops->readlink(link, text, PATH_MAX);
	if (n >= 0 && (size_t)n + rest_len >= PATH_MAX)
		n = -ENAMETOOLONG;
	if (n < 0) {
		kfree(text);
		return (int)n;
	}
	memcpy(text + n, w->rest, rest_len + 1);
	kfree(w->text);
	w->text = text;
	w->rest = text;
	return n == 0 ? -ENOENT : 0;
}

static int restart(struct walk *w)
{
	struct vnode *root = *w->rest == '/' ? vfs_root() : w->dir;

	if (!root)
		return -ENOMEM;
	if (root != w->dir) {
		vnode_put(w->dir);
		w->dir = root;
	} else if (*w->rest == '/') {
		vnode_put(root); /* it was the root already: one reference is enough */
	}
	return 0;
}

/* Up to the last component. */
static int advance(struct walk *w)
{
	struct vnode *v;
	int err;

	for (;;) {
		next_component(w);
		if (w->rest[strspn(w->rest, "/")] == '\0')
			return S_ISDIR(w->dir->mode) ? 0 : -ENOTDIR;
		err = vfs_step(w->dir, w->name, w->len, &v);
		if (err)
			return err;
		if (S_ISLNK(v->mode)) {
			err = splice(w, v);
			vnode_put(v);
			if (!err)
				err = restart(w);
			if (err)
				return err;
		} else {
			vnode_put(w->dir);
			w->dir = v;
		}
	}
}

int walk_start(struct walk *w, struct vnode *start, const char *path)
{
	size_t len = strnlen(path, PATH_MAX);

	w->text = NULL;
	w->links = 0;
	w->rest = path;
	w->dir = NULL;
	if (len == 0)
		return -ENOENT;
	if (len == PATH_MAX)
		return -ENAMETOOLONG;
	w->dir = *path == '/' ? vfs_root() : start ? vnode_get(start) : vfs_cwd();
	return w->dir ? advance(w) : -ENOMEM;
}

int walk_follow(struct walk *w, struct vnode *link)
{
	int err = splice(w, link);

	if (!err)
		err = restart(w);
	return err ? err : advance(w);
}

void walk_end(struct walk *w)
{
	kfree(w->text);
	if (w->dir)
		vnode_put(w->dir);
}

int vfs_lookup(struct vnode *start, const char *path, bool follow, struct vnode **out)
{
	struct vnode *v = NULL;
	struct walk w;
	int err = walk_start(&w, start, path);

	while (!err) {
		err = vfs_step(w.dir, w.name, w.len, &v);
		if (err || !S_ISLNK(v->mode) || !(follow || w.slash))
			break;
		err = walk_follow(&w, v);
		vnode_put(v);
	}
	if (!err && w.slash && !S_ISDIR(v->mode)) {
		vnode_put(v);
		err = -ENOTDIR;
	}
	walk_end(&w);
	if (!err)
		*out = v;
	return err;
}
