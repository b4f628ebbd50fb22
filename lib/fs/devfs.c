// SPDX-License-Identifier: BSD-2-Clause
/*
 * devfs.c - /dev: the table of devices as a directory.
 */
#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include "kernel/heap.h"
#include "lib/fs/device.h"
#include "lib/fs/vfs.h"

/* The inode of a device is its place in the table + 2; that of the directory is 1. */
#define FIRST_INODE 2

static size_t place_of(const struct vnode *v)
{
	return (size_t)(v - dev_node);
}

static void devfs_stat(struct vnode *v, struct stat *out)
{
	out->st_dev = 2;
	out->st_ino = S_ISDIR(v->mode) ? 1 : place_of(v) + FIRST_INODE;
	out->st_rdev = out->st_ino;
}

static int devfs_open(struct vnode *v, uint32_t flags, struct file **out)
{
	const struct device *d = dev_table[place_of(v)];

	if (d->open)
		return d->open(flags, out);
	*out = kalloc(sizeof(**out));
	if (!*out)
		return -ENOMEM;
	file_init(*out, d->ops, flags);
	return 0;
}

static const struct vnode_ops device_ops = { .stat = devfs_stat, .open = devfs_open };

static int devfs_lookup(struct vnode *dir, const char *name, size_t len, struct vnode **out)
{
	for (size_t i = 0; i < dev_table_len; i++) {
		if (strlen(dev_table[i]->name) != len || memcmp(dev_table[i]->name, name, len) != 0)
			continue;
		dev_node[i].ops = &device_ops;
		dev_node[i].mode = S_IFCHR | 0666;
		*out = &dev_node[i];
		return 0;
	}
	return -ENOENT;
}

static int devfs_readdir(struct vnode *dir, off_t *at, struct dirent *out)
{
	if (*at < 0 || (size_t)*at >= dev_table_len)
		return 0;
	strcpy(out->d_name, dev_table[*at]->name);
	out->d_ino = (ino_t)*at + FIRST_INODE;
	out->d_type = DT_CHR;
	(*at)++;
	return 1;
}

static const struct vnode_ops directory_ops = {
	.lookup = devfs_lookup,
	.readdir = devfs_readdir,
	.stat = devfs_stat,
};

struct vnode *devfs_root(void)
{
	static struct vnode root = { .ops = &directory_ops, .mode = S_IFDIR | 0755 };

	return &root;
}
