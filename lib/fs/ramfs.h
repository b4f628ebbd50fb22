// SPDX-License-Identifier: BSD-2-Clause
/*
 * ramfs.h - the root file system: a tree in memory, which begins as the boot archives.
 *
 * There is one. A file has a base - bytes that lie somewhere for ever, such as in an archive - and
 * pages. What has no page is read from the base, or is zero; the first write to a page copies it.
 * So nothing of an archive is copied until it is changed, a name that was taken away is just not
 * there any more, and later archives merge into the same directories.
 *
 * This header is the tree itself, as lib/fs/archive.c builds it. What changes it afterwards is
 * lib/fs/ramfs_change.c and ramfs_data.c, which a program that only reads does not contain.
 *
 * Threading: ramfs_lock() around everything but ramfs_start(); it may be taken again by its
 * holder, because a copy to the program's memory may fault for one of our own pages. Errors:
 * -errno.
 */
#pragma once
#include "kernel/mutex.h"
#include "lib/base/list.h"
#include "lib/fs/pagemap.h"
#include "lib/fs/vnode.h"

struct ramfs_node;

/* A name. */
struct ramfs_entry {
	struct list sibling;       /* of the same directory, by position */
	struct ramfs_entry *chain; /* of the same hash bucket */
	struct ramfs_node *dir;
	struct ramfs_node *node; /* with a reference */
	uint64_t position;       /* in the directory; grows with each new name */
	uint8_t len;
	char name[]; /* not terminated */
};

/* A file, directory, link or device. */
struct ramfs_node {
	struct vnode vnode;
	uint64_t number; /* the inode number, from 1 */
	ns_t atime, mtime, ctime;
	uint32_t nlink;
	uint32_t uid, gid;
	uint32_t device; /* its place in dev_table */
	union {
		struct {
			uint64_t size;
			const uint8_t *base; /* also a symbolic link's text */
			uint64_t base_bytes; /* <= size */
			struct pagemap pages;
			uint64_t npages;
			bool mapped;    /* pages were handed out: they stay until the end */
			bool owns_base; /* to be freed */
		} file;
		struct {
			struct list entries;
			struct ramfs_entry *hint;  /* the one that was last read, or NULL */
			struct ramfs_node *parent; /* with a reference; the root's is itself */
		} dir;
	};
};

struct ramfs {
	struct mutex lock;
	struct thread *owner;
	unsigned depth;
	struct ramfs_node root;
	struct ramfs_entry **bucket; /* nbucket chains; by directory and name */
	uint32_t nbucket;            /* power of two */
	uint32_t nentries;
	uint64_t last_number, last_position;
	uint64_t used_bytes; /* of nodes, names and pages */
};
extern struct ramfs ramfs;
extern const struct vnode_ops ramfs_ops;
extern const struct vnode_change_ops ramfs_change_ops; /* lib/fs/ramfs_change.c */

static inline struct ramfs_node *ramfs_node_of(struct vnode *v)
{
	return container_of(v, struct ramfs_node, vnode);
}

void ramfs_lock(void);
void ramfs_unlock(void);

/* ramfs_init() - an empty root directory. 0 or -ENOMEM. */
int ramfs_init(void) UNIK_MUST_CHECK;

/* ramfs_start() - lib/fs/ramfs_start.c: with the boot archives and /dev in it. 0 or -ENOMEM. */
int ramfs_start(void) UNIK_MUST_CHECK;

/* ramfs_find() - the entry of this name in a directory, or NULL. */
struct ramfs_entry *ramfs_find(const struct ramfs_node *dir, const char *name, size_t len);

/* ramfs_unchain() - ramfs_find() does not find it any more. */
void ramfs_unchain(struct ramfs_entry *e);

/* ramfs_new() - a node without a name and with one reference, the caller's, who kfree()s it if
 * it gets no name. NULL: out of memory. */
struct ramfs_node *ramfs_new(mode_t mode) UNIK_MUST_CHECK;

/* ramfs_insert() - give n, whose reference the name takes over, a name that is not there (len:
 * 1..255). 0 or -ENOMEM. */
int ramfs_insert(struct ramfs_node *dir, const char *name, size_t len,
		 struct ramfs_node *n) UNIK_MUST_CHECK;

/*
 * ramfs_make() - the node of this name in dir; if there is none, a new one.
 *
 * Returns NULL when memory is out. Of another type than mode says: it is left so.
 */
struct ramfs_node *ramfs_make(struct ramfs_node *dir, const char *name, size_t len,
			      mode_t mode) UNIK_MUST_CHECK;

/* ramfs_set_base() - n, without pages, now has these bytes, which stay where they are. */
void ramfs_set_base(struct ramfs_node *n, const void *bytes, uint64_t len);

/* ramfs_read_base() - what the base has from `at` on; zeros behind its end. */
void ramfs_read_base(const struct ramfs_node *n, void *out, uint64_t at, size_t len);

/*
 * ramfs_in_place() - lib/fs/ramfs_in_place.c: the bytes of a file's base that are still the file's.
 *
 * v     of any file system, with a reference, for as long as the bytes are looked at
 * len   how many are wanted; becomes how many lie there
 *
 * What is changed in the file meanwhile, the bytes stay as they are. Returns NULL where a read has
 * to be used.
 */
const void *ramfs_in_place(struct vnode *v, uint64_t at, size_t *len);
