// SPDX-License-Identifier: BSD-2-Clause
/*
 * ramfs_change.c - changing the root file system's names.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include "kernel/heap.h"
#include "lib/fs/parts.h"
#include "lib/fs/ramfs.h"
#include "lib/fs/ramfs_data.h"
#include "lib/fs/ramfs_space.h"

static void set_changed(struct ramfs_node *n)
{
	n->mtime = n->ctime = time_wall();
}

/* Nobody knows a node any more. A directory's parent may be the next: a loop, since trees are
 * deeper than stacks. */
static void release(struct vnode *v)
{
	ramfs_lock();
	do {
		struct ramfs_node *n = ramfs_node_of(v);

		v = NULL;
		if (S_ISDIR(n->vnode.mode)) {
			v = &n->dir.parent->vnode;
		} else {
			ramfs_free_pages(n);
			if (n->file.owns_base)
				kfree((void *)n->file.base);
		}
		ramfs.used_bytes -= sizeof(*n);
		kfree(n);
	} while (v && __atomic_sub_fetch(&v->refs, 1, __ATOMIC_ACQ_REL) == 0);
	ramfs_unlock();
}

/* A name has lost its node. */
static void drop_node(struct ramfs_entry *e)
{
	struct ramfs_node *n = e->node;

	if (S_ISDIR(n->vnode.mode)) {
		n->nlink = 0;
		e->dir->nlink--;
	} else {
		n->nlink--;
	}
	n->ctime = time_wall();
	n->vnode.release = release;
	vnode_put(&n->vnode);
}

/* Take a name out of the tree; its node stays. */
static void remove_entry(struct ramfs_entry *e)
{
	struct ramfs_entry *before = list_entry(e->sibling.prev, struct ramfs_entry, sibling);

	if (e->dir->dir.hint == e)
		e->dir->dir.hint = e->sibling.prev == &e->dir->dir.entries ? NULL : before;
	ramfs_unchain(e);
	list_remove(&e->sibling);
	ramfs.used_bytes -= sizeof(*e) + e->len;
	set_changed(e->dir);
	kfree(e);
}

/* May the directory get another name? */
static int check_room(const struct ramfs_node *dir, size_t len, size_t more)
{
	if (dir->nlink == 0)
		return -ENOENT; /* it was removed */
	return ramfs_room(sizeof(struct ramfs_entry) + len + more);
}

static int insert(struct ramfs_node *dir, const char *name, size_t len, struct ramfs_node *n)
{
	int err = ramfs_insert(dir, name, len, n);

	if (err)
		return -ENOSPC;
	set_changed(dir);
	return 0;
}

/* A symbolic link's text. */
static int set_target(struct ramfs_node *n, const char *target)
{
	size_t len = strlen(target);
	char *copy = kalloc(len);

	if (!copy)
		return -ENOSPC;
	memcpy(copy, target, len);
	ramfs_set_base(n, copy, len);
	n->file.owns_base = true;
	return 0;
}

static int create(struct ramfs_node *dir, const struct vnode_name *at, mode_t mode,
		  const char *target, struct ramfs_node **out)
{
	struct ramfs_node *n = ramfs_new(mode);
	int err = n ? 0 : -ENOSPC;

	if (!err && target)
		err = set_target(n, target);
	if (!err)
		err = insert(dir, at->name, at->len, n);
	if (!err) {
		n->atime = n->mtime = n->ctime = time_wall();
		*out = n;
		return 0;
	}
	if (n) {
		if (n->file.owns_base && !S_ISDIR(mode))
			kfree((void *)n->file.base);
		kfree(n);
		ramfs.used_bytes -= sizeof(*n);
	}
	return err;
}

static int ramfs_create(const struct vnode_name *at, mode_t mode, const char *target,
			struct vnode **out)
{
	struct ramfs_node *dir = ramfs_node_of(at->dir), *n;
	int err;

	ramfs_lock();
	err = ramfs_find(dir, at->name, at->len) ? -EEXIST : check_room(dir, at->len, sizeof(*n));
	if (!err)
		err = create(dir, at, mode, target, &n);
	if (!err)
		*out = vnode_get(&n->vnode);
	ramfs_unlock();
	return err;
}

static int ramfs_link(const struct vnode_name *at, struct vnode *v)
{
	struct ramfs_node *dir = ramfs_node_of(at->dir), *n = ramfs_node_of(v);
	int err;

	ramfs_lock();
	if (ramfs_find(dir, at->name, at->len))
		err = -EEXIST;
	else if (n->nlink == 0)
		err = -ENOENT; /* the last name went while this one was made */
	else if (n->nlink == UINT32_MAX)
		err = -EMLINK;
	else
		err = check_room(dir, at->len, 0);
	if (!err)
		err = insert(dir, at->name, at->len, n);
	if (!err) {
		vnode_get(v);
		n->ctime = time_wall();
	}
	ramfs_unlock();
	return err;
}

/* May the name be taken away from its node? */
static int check_unlink(const struct ramfs_entry *e, bool directory)
{
	if (!e)
		return -ENOENT;
	if (e->node->vnode.mounted)
		return -EBUSY;
	if (!S_ISDIR(e->node->vnode.mode))
		return directory ? -ENOTDIR : 0;
	if (!directory)
		return -EISDIR;
	return list_empty(&e->node->dir.entries) ? 0 : -ENOTEMPTY;
}

static int ramfs_unlink(const struct vnode_name *at, bool directory)
{
	struct ramfs_entry *e;
	int err;

	ramfs_lock();
	e = ramfs_find(ramfs_node_of(at->dir), at->name, at->len);
	err = check_unlink(e, directory);
	if (!err) {
		drop_node(e);
		remove_entry(e);
	}
	ramfs_unlock();
	return err;
}

/* Is n this directory or above it? */
static bool is_above(const struct ramfs_node *n, const struct ramfs_node *dir)
{
	while (dir != n && dir != &ramfs.root)
		dir = dir->dir.parent;
	return dir == n;
}

/* The rules of rename() for the two names; `to` may be NULL. */
static int check_rename(const struct ramfs_entry *from, const struct ramfs_node *to_dir,
			const struct ramfs_entry *to)
{
	bool directory = S_ISDIR(from->node->vnode.mode);

	if (to_dir->nlink == 0)
		return -ENOENT;
	if (directory && is_above(from->node, to_dir))
		return -EINVAL;
	if (to && S_ISDIR(to->node->vnode.mode) && is_above(to->node, from->dir))
		return -ENOTEMPTY;
	if (from->node->vnode.mounted)
		return -EBUSY;
	return to ? check_unlink(to, directory) : 0;
}

/* The node of one name becomes that of another, which is there already. */
static void move_node(struct ramfs_entry *from, struct ramfs_entry *to)
{
	struct ramfs_node *n = from->node;

	drop_node(to);
	to->node = n;
	if (S_ISDIR(n->vnode.mode)) {
		vnode_get(&to->dir->vnode);
		vnode_put(&n->dir.parent->vnode);
		n->dir.parent = to->dir;
		from->dir->nlink--;
		to->dir->nlink++;
	}
	n->ctime = time_wall();
	set_changed(to->dir);
	remove_entry(from);
}

/* The same where the other name is new. */
static int move_to_new(struct ramfs_entry *from, const struct vnode_name *to)
{
	struct ramfs_node *n = from->node, *old = NULL;
	int err = check_room(ramfs_node_of(to->dir), to->len, 0);

	if (err)
		return err;
	if (S_ISDIR(n->vnode.mode))
		old = n->dir.parent;
	err = insert(ramfs_node_of(to->dir), to->name, to->len, n);
	if (err)
		return err;
	if (old) {
		old->nlink--;
		vnode_put(&old->vnode);
	} else {
		n->nlink--; /* insert() has counted the new name as well */
	}
	n->ctime = time_wall();
	remove_entry(from);
	return 0;
}

static int ramfs_rename(const struct vnode_name *from, const struct vnode_name *to, bool keep)
{
	struct ramfs_entry *e, *there;
	int err;

	ramfs_lock();
	e = ramfs_find(ramfs_node_of(from->dir), from->name, from->len);
	there = ramfs_find(ramfs_node_of(to->dir), to->name, to->len);
	if (!e)
		err = -ENOENT;
	else if (there && keep)
		err = -EEXIST;
	else if (there && there->node == e->node)
		err = 0; /* two names of one file: both stay (POSIX.1-2017, rename()) */
	else if ((err = check_rename(e, ramfs_node_of(to->dir), there)) != 0)
		;
	else if (there)
		move_node(e, there);
	else
		err = move_to_new(e, to);
	ramfs_unlock();
	return err;
}

static int ramfs_setattr(struct vnode *v, const struct vnode_attr *attr)
{
	struct ramfs_node *n = ramfs_node_of(v);

	ramfs_lock();
	if (attr->set & VNODE_MODE)
		v->mode = (v->mode & S_IFMT) | (attr->mode & 07777);
	if (attr->set & VNODE_UID)
		n->uid = attr->uid;
	if (attr->set & VNODE_GID)
		n->gid = attr->gid;
	if (attr->set & VNODE_ATIME)
		n->atime = attr->atime;
	if (attr->set & VNODE_MTIME)
		n->mtime = attr->mtime;
	n->ctime = time_wall();
	ramfs_unlock();
	return 0;
}

const struct vnode_change_ops ramfs_change_ops = {
	.create = ramfs_create,
	.link = ramfs_link,
	.unlink = ramfs_unlink,
	.rename = ramfs_rename,
	.write = ramfs_write,
	.truncate = ramfs_truncate,
	.allocate = ramfs_allocate,
	.setattr = ramfs_setattr,
	.get_page = ramfs_get_page,
};

const struct vnode_change_ops *const fs_change_ramfs
	__attribute__((section(".data.rel.ro.fs_change"))) = &ramfs_change_ops;
