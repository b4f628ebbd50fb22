// SPDX-License-Identifier: BSD-2-Clause
/*
 * The tree and what reads it.
 */
#include "lib/fs/ramfs.h"
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include "kernel/heap.h"
#include "kernel/page.h"
#include "kernel/thread.h"
#include "lib/fs/device.h"

#define FIRST_BUCKETS 64

struct ramfs ramfs = { .lock = MUTEX_INIT(ramfs.lock) };

void ramfs_lock(void)
{
	if (ramfs.owner != thread_current()) {
		mutex_lock(&ramfs.lock);
		ramfs.owner = thread_current();
	}
	ramfs.depth++;
}

void ramfs_unlock(void)
{
	if (--ramfs.depth > 0)
		return;
	ramfs.owner = NULL;
	mutex_unlock(&ramfs.lock);
}

/* --- names --------------------------------------------------------------------------------- */

static struct ramfs_entry **bucket_of(const struct ramfs_node *dir, const char *name, size_t len)
{
	uint32_t h = 2166136261u ^ (uint32_t)dir->number; /* FNV-1a */

	while (len-- > 0)
		h = (h ^ (uint8_t)*name++) * 16777619u;
	return &ramfs.bucket[(h ^ h >> 15) & (ramfs.nbucket - 1)];
}

struct ramfs_entry *ramfs_find(const struct ramfs_node *dir, const char *name, size_t len)
{
	struct ramfs_entry *e = *bucket_of(dir, name, len);

	while (e && !(e->dir == dir && e->len == len && memcmp(e->name, name, len) == 0))
		e = e->chain;
	return e;
}

static void chain(struct ramfs_entry *e)
{
	struct ramfs_entry **at = bucket_of(e->dir, e->name, e->len);

	e->chain = *at;
	*at = e;
}

void ramfs_unchain(struct ramfs_entry *e)
{
	struct ramfs_entry **at = bucket_of(e->dir, e->name, e->len);

	while (*at != e)
		at = &(*at)->chain;
	*at = e->chain;
	ramfs.nentries--;
}

/* As many buckets as that; without memory the chains just become longer. */
static int resize(uint32_t nbucket)
{
	struct ramfs_entry **old = ramfs.bucket, *e, *next;
	uint32_t nold = ramfs.nbucket;
	struct ramfs_entry **bucket = kzalloc(nbucket * sizeof(*bucket));

	if (!bucket)
		return -ENOMEM;
	ramfs.bucket = bucket;
	ramfs.nbucket = nbucket;
	for (uint32_t i = 0; i < nold; i++)
		for (e = old[i]; e; e = next) {
			next = e->chain;
			chain(e);
		}
	kfree(old);
	return 0;
}

int ramfs_insert(struct ramfs_node *dir, const char *name, size_t len, struct ramfs_node *n)
{
	struct ramfs_entry *e = kalloc(sizeof(*e) + len);

	if (!e)
		return -ENOMEM;
	if (ramfs.nentries++ == ramfs.nbucket)
		(void)!resize(2 * ramfs.nbucket);
	ramfs.used_bytes += sizeof(*e) + len;
	e->dir = dir;
	e->node = n;
	e->position = ++ramfs.last_position;
	e->len = (uint8_t)len;
	memcpy(e->name, name, len);
	list_push_back(&dir->dir.entries, &e->sibling);
	chain(e);
	if (S_ISDIR(n->vnode.mode)) {
		n->dir.parent = dir;
		vnode_get(&dir->vnode);
		dir->nlink++;
	} else {
		n->nlink++;
	}
	return 0;
}

/* --- nodes --------------------------------------------------------------------------------- */

static void init_node(struct ramfs_node *n, mode_t mode)
{
	n->vnode.ops = &ramfs_ops;
	n->vnode.refs = 1;
	n->vnode.mode = mode;
	n->number = ++ramfs.last_number;
	if (S_ISDIR(mode)) {
		n->nlink = 2;
		list_init(&n->dir.entries);
	}
}

struct ramfs_node *ramfs_new(mode_t mode)
{
	struct ramfs_node *n = kzalloc(sizeof(*n));

	if (n) {
		ramfs.used_bytes += sizeof(*n);
		init_node(n, mode);
	}
	return n;
}

struct ramfs_node *ramfs_make(struct ramfs_node *dir, const char *name, size_t len, mode_t mode)
{
	struct ramfs_entry *e = ramfs_find(dir, name, len);
	struct ramfs_node *n = e ? e->node : ramfs_new(mode);

	if (!e && n && ramfs_insert(dir, name, len, n)) {
		kfree(n);
		ramfs.used_bytes -= sizeof(*n);
		return NULL;
	}
	return n;
}

int ramfs_init(void)
{
	init_node(&ramfs.root, S_IFDIR | 0755);
	ramfs.root.dir.parent = &ramfs.root;
	return resize(FIRST_BUCKETS);
}

void ramfs_set_base(struct ramfs_node *n, const void *bytes, uint64_t len)
{
	n->file.base = bytes;
	n->file.base_bytes = n->file.size = len;
}

/* --- the vnode's operations ---------------------------------------------------------------- */

static int ramfs_lookup(struct vnode *v, const char *name, size_t len, struct vnode **out)
{
	struct ramfs_node *dir = ramfs_node_of(v), *n = NULL;

	ramfs_lock();
	if (len == 2 && name[0] == '.' && name[1] == '.') {
		n = dir->dir.parent;
	} else {
		struct ramfs_entry *e = ramfs_find(dir, name, len);

		if (e)
			n = e->node;
	}
	if (n)
		*out = vnode_get(&n->vnode);
	ramfs_unlock();
	return n ? 0 : -ENOENT;
}

/* The first name behind a position, which may be anything. */
static struct ramfs_entry *first_behind(struct ramfs_node *dir, uint64_t position)
{
	struct ramfs_entry *hint = dir->dir.hint;
	struct list *head = &dir->dir.entries;
	struct list *l = hint && hint->position <= position ? &hint->sibling : head;

	do
		l = l->next;
	while (l != head && list_entry(l, struct ramfs_entry, sibling)->position <= position);
	return l == head ? NULL : list_entry(l, struct ramfs_entry, sibling);
}

static int ramfs_readdir(struct vnode *v, off_t *at, struct dirent *out)
{
	struct ramfs_node *dir = ramfs_node_of(v);
	struct ramfs_entry *e;

	ramfs_lock();
	e = first_behind(dir, (uint64_t)*at);
	if (e) {
		dir->dir.hint = e;
		memcpy(out->d_name, e->name, e->len);
		out->d_name[e->len] = '\0';
		out->d_ino = e->node->number;
		out->d_type = IFTODT(e->node->vnode.mode);
		*at = (off_t)e->position;
	}
	ramfs_unlock();
	return e != NULL;
}

static void set_time(struct timespec *out, ns_t t)
{
	out->tv_sec = t / NS_PER_S;
	out->tv_nsec = t % NS_PER_S;
	if (out->tv_nsec < 0) {
		out->tv_nsec += NS_PER_S;
		out->tv_sec--;
	}
}

static void ramfs_stat(struct vnode *v, struct stat *out)
{
	const struct ramfs_node *n = ramfs_node_of(v);

	ramfs_lock();
	out->st_dev = 1;
	out->st_ino = n->number;
	out->st_nlink = n->nlink;
	out->st_uid = n->uid;
	out->st_gid = n->gid;
	set_time(&out->st_atim, n->atime);
	set_time(&out->st_mtim, n->mtime);
	set_time(&out->st_ctim, n->ctime);
	if (S_ISCHR(v->mode)) {
		out->st_rdev = n->device + 1;
	} else if (!S_ISDIR(v->mode)) {
		out->st_size = (off_t)n->file.size;
		out->st_blocks = (blkcnt_t)(n->file.npages * (PAGE_SIZE / 512) +
					    (n->file.base_bytes + 511) / 512);
	}
	ramfs_unlock();
}

void ramfs_read_base(const struct ramfs_node *n, void *out, uint64_t at, size_t len)
{
	size_t have = at < n->file.base_bytes ? MIN(len, n->file.base_bytes - at) : 0;

	if (have)
		memcpy(out, n->file.base + at, have);
	memset((char *)out + have, 0, len - have);
}

/* The bytes of one page, or of all that is left when there are no pages. Returns how many. */
static size_t read_piece(const struct ramfs_node *n, char *out, uint64_t at, size_t len)
{
	const char *page;

	if (!n->file.pages.root) {
		ramfs_read_base(n, out, at, len);
		return len;
	}
	page = pagemap_get(&n->file.pages, at / PAGE_SIZE);
	len = MIN(len, PAGE_SIZE - at % PAGE_SIZE);
	if (page)
		memcpy(out, page + at % PAGE_SIZE, len);
	else
		ramfs_read_base(n, out, at, len);
	return len;
}

/* The access time is kept where somebody can tell: when it is not behind a change. */
static void touch(struct ramfs_node *n)
{
	if (n->atime <= n->mtime || n->atime <= n->ctime)
		n->atime = time_wall();
}

static ssize_t ramfs_read(struct vnode *v, void *out, size_t len, off_t at)
{
	struct ramfs_node *n = ramfs_node_of(v);
	size_t done = 0;

	ramfs_lock();
	len = (uint64_t)at < n->file.size ? MIN(len, n->file.size - (uint64_t)at) : 0;
	while (done < len)
		done += read_piece(n, (char *)out + done, (uint64_t)at + done, len - done);
	touch(n);
	ramfs_unlock();
	return (ssize_t)len;
}

static ssize_t ramfs_readlink(struct vnode *v, char *out, size_t size)
{
	const struct ramfs_node *n = ramfs_node_of(v);

	size = MIN(size, n->file.size); /* a link's text is constant */
	memcpy(out, n->file.base, size);
	return (ssize_t)size;
}

static int ramfs_open(struct vnode *v, uint32_t flags, struct file **out)
{
	const struct device *d = dev_table[ramfs_node_of(v)->device];
	int err;

	if (S_ISSOCK(v->mode))
		return -ENXIO;
	if (!S_ISCHR(v->mode))
		return vnode_file_open(v, flags, out);
	if (d->open) {
		err = d->open(flags, out);
	} else {
		*out = kalloc(sizeof(**out));
		err = *out ? 0 : -ENOMEM;
		if (!err)
			file_init(*out, d->ops, flags);
	}
	if (!err)
		vnode_put(v); /* an open device is not bound to its name */
	return err;
}

const struct vnode_ops ramfs_ops = {
	.lookup = ramfs_lookup,
	.readdir = ramfs_readdir,
	.stat = ramfs_stat,
	.read = ramfs_read,
	.readlink = ramfs_readlink,
	.open = ramfs_open,
};
