// SPDX-License-Identifier: BSD-2-Clause
/*
 * archive.h - a tree of files over cpio archives that lie in memory; nothing is copied.
 *
 * Reads the "newc" format (header magic 070701, and 070702, whose checksum is not looked at), as
 * written by `cpio -o -H newc` and bsdcpio. Several archives may be added: what comes later
 * replaces what has the same name. Directories that an archive leaves out are implied. What is
 * read is not trusted: every length is checked against what is left of the bytes.
 *
 * Threading: adding is for one thread; afterwards the tree is constant and looked up freely.
 * Errors: -EINVAL not (or not any more) an archive, -ENOMEM.
 */
#pragma once
#include "lib/fs/vnode.h"

struct archive_node {
	struct vnode vnode;          /* its mode: S_IF* and permission bits */
	struct archive_node *parent; /* the root is its own */
	struct archive_node *child;  /* of a directory: the newest */
	struct archive_node *next;   /* of the same directory */
	struct archive_node *chain;  /* of the same hash bucket */
	const char *name;            /* in the archive, not terminated */
	const uint8_t *data;         /* in the archive */
	uint32_t name_len;           /* bytes */
	uint32_t size;               /* bytes of data */
	uint32_t mtime_s;            /* seconds since 1970 */
	uint32_t number;             /* unique in the tree, from 1 */
	uint64_t link;               /* of a file with several names: archive and inode; else 0 */
};

struct archive {
	const struct vnode_ops *ops; /* of all nodes */
	struct archive_node root;
	struct archive_node **bucket; /* nbucket chains; by directory and name */
	struct archive_node **node;   /* by number; [0] is not used */
	uint32_t nbucket;             /* power of two, >= nnode */
	uint32_t nnode;
	uint32_t narchive; /* from 1, so that no link is 0 */
};

/* archive_is() - do these bytes begin like an archive? */
bool archive_is(const void *bytes, size_t len);

/* archive_init() - an empty root directory; ops for its nodes. 0 or -ENOMEM. */
int archive_init(struct archive *a, const struct vnode_ops *ops) UNIK_MUST_CHECK;

/*
 * archive_add() - put the contents of an archive into the tree.
 *
 * bytes   must stay where they are for as long as the tree is used
 *
 * Returns 0; -EINVAL something in it is malformed, or its end is missing: what
 * came before it is in the tree; -ENOMEM.
 */
int archive_add(struct archive *a, const void *bytes, size_t len) UNIK_MUST_CHECK;

/* archive_mkdir() - a directory in the root, if it is not there yet. NULL: out of memory.
 * `name` must stay where it is. */
struct archive_node *archive_mkdir(struct archive *a, const char *name) UNIK_MUST_CHECK;

/* archive_lookup() - the node of this name in a directory, or NULL. */
struct archive_node *archive_lookup(const struct archive *a, const struct archive_node *dir,
				    const char *name, size_t len);

/* archive_destroy() - free the tree, not the bytes. */
void archive_destroy(struct archive *a);
