// SPDX-License-Identifier: BSD-2-Clause
/*
 * rootfs.c - the boot archives as the root of the tree. Read-only; the bytes stay where the
 * loader put them.
 */
#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include "arch/mmu.h"
#include "kernel/boot_info.h"
#include "kernel/log.h"
#include "lib/fs/archive.h"
#include "lib/fs/vfs.h"

static struct archive archive;

static struct archive_node *node_of(struct vnode *v)
{
	return container_of(v, struct archive_node, vnode);
}

static int rootfs_lookup(struct vnode *dir, const char *name, size_t len, struct vnode **out)
{
	struct archive_node *n;

	if (!S_ISDIR(dir->mode))
		return -ENOTDIR;
	n = archive_lookup(&archive, node_of(dir), name, len);
	if (!n)
		return -ENOENT;
	*out = &n->vnode;
	return 0;
}

/* The position in a directory is the number of the next node; the root's, which is in none, says
 * that there is no next. A position from seekdir() may be anything. */
static struct archive_node *node_at(struct archive_node *dir, off_t at)
{
	struct archive_node *n;

	if (at == 0)
		return dir->child;
	if (at < 0 || at > archive.nnode)
		return NULL;
	n = archive.node[at];
	return n && n->parent == dir && n != dir ? n : NULL;
}

static int rootfs_readdir(struct vnode *v, off_t *at, struct dirent *out)
{
	struct archive_node *dir = node_of(v), *n = node_at(dir, *at);

	if (!S_ISDIR(v->mode))
		return -ENOTDIR;
	if (!n)
		return 0;
	memcpy(out->d_name, n->name, n->name_len);
	out->d_name[n->name_len] = '\0';
	out->d_ino = n->number;
	out->d_type = IFTODT(n->vnode.mode);
	*at = n->next ? n->next->number : archive.root.number;
	return 1;
}

static void rootfs_stat(struct vnode *v, struct stat *out)
{
	const struct archive_node *n = node_of(v);

	out->st_dev = 1;
	out->st_ino = n->number;
	out->st_size = n->size;
	out->st_blocks = (n->size + 511) / 512;
	out->st_mtim.tv_sec = out->st_ctim.tv_sec = out->st_atim.tv_sec = n->mtime_s;
}

static ssize_t rootfs_read(struct vnode *v, void *out, size_t len, off_t at)
{
	const struct archive_node *n = node_of(v);

	if (S_ISDIR(v->mode))
		return -EISDIR;
	if (at >= n->size)
		return 0;
	len = MIN(len, n->size - (size_t)at);
	memcpy(out, n->data + at, len);
	return (ssize_t)len;
}

static const struct vnode_ops rootfs_ops = {
	.lookup = rootfs_lookup,
	.readdir = rootfs_readdir,
	.stat = rootfs_stat,
	.read = rootfs_read,
};

static void add_module(const struct boot_module *m)
{
	const void *bytes = phys_to_virt(m->start);
	size_t len = m->end - m->start;
	int err;

	if (!archive_is(bytes, len))
		return; /* something else, for <unik/module.h> */
	err = archive_add(&archive, bytes, len);
	if (err)
		log_warn("boot archive %s: %s", &boot_info.text[m->args],
			 err == -ENOMEM ? "out of memory" : "malformed or cut short");
}

struct vnode *rootfs_start(void)
{
	if (!archive.bucket) {
		if (archive_init(&archive, &rootfs_ops))
			return NULL;
		for (unsigned i = 0; i < boot_info.nmodule; i++)
			add_module(&boot_info.module[i]);
	}
	return &archive.root.vnode;
}

struct vnode *rootfs_mkdir(const char *name)
{
	struct archive_node *n = archive_mkdir(&archive, name);

	return n ? &n->vnode : NULL;
}
