// SPDX-License-Identifier: BSD-2-Clause
/*
 * archive_cpio.c - cpio archives in the "newc" format.
 */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include "kernel/heap.h"
#include "lib/fs/archive.h"

/* The header of a member: text, all numbers eight hexadecimal digits. The name follows, padded
 * so that the data begins at a multiple of 4; the data is padded in the same way. */
struct newc_header {
	char magic[6];
	char ino[8], mode[8], uid[8], gid[8], nlink[8], mtime[8], size[8];
	char dev_major[8], dev_minor[8], rdev_major[8], rdev_minor[8];
	char name_bytes[8], check[8]; /* the name's length counts its terminator */
};
_Static_assert(sizeof(struct newc_header) == 110, "as in cpio(5)");

#define TRAILER      "TRAILER!!!" /* the name of the member that ends an archive */
#define LINK_BUCKETS 64

/* A file with several names: they are members with one inode number. */
struct link {
	struct link *next;
	struct ramfs_node *node;
	uint32_t ino;
};

static bool parse_hex(const char text[8], uint32_t *out)
{
	uint32_t v = 0;

	for (int i = 0; i < 8; i++) {
		char c = text[i];
		uint32_t digit = c >= '0' && c <= '9'   ? (uint32_t)(c - '0')
				 : c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a') + 10
				 : c >= 'A' && c <= 'F' ? (uint32_t)(c - 'A') + 10
							: 16;

		if (digit == 16)
			return false;
		v = v << 4 | digit;
	}
	*out = v;
	return true;
}

bool archive_cpio_is(const void *bytes, size_t len)
{
	return len >= sizeof(struct newc_header) &&
	       (memcmp(bytes, "070701", 6) == 0 || memcmp(bytes, "070702", 6) == 0);
}

/* Read the member at `at`, which is a multiple of 4. Returns where the next one begins (perhaps
 * a little past the end, by padding), or 0 when this is not a member. `ino` is 0 for a file that
 * has one name. */
static size_t parse_member(struct member *m, uint32_t *ino, const uint8_t *bytes, size_t len,
			   size_t at)
{
	const struct newc_header *h = (const struct newc_header *)(bytes + at);
	size_t left = len - at, head;
	uint32_t name_bytes, size, mode, nlink;

	if (!archive_cpio_is(h, left) || !parse_hex(h->ino, ino) || !parse_hex(h->mode, &mode) ||
	    !parse_hex(h->nlink, &nlink) || !parse_hex(h->mtime, &m->mtime_s) ||
	    !parse_hex(h->size, &size) || !parse_hex(h->name_bytes, &name_bytes) ||
	    name_bytes == 0 || name_bytes > PATH_MAX)
		return 0;
	head = ALIGN_UP(sizeof(*h) + name_bytes, 4);
	if (head > left || size > left - head)
		return 0;
	m->name = (const char *)(h + 1);
	m->name_len = strnlen(m->name, name_bytes);
	m->data = bytes + at + head;
	m->size = size;
	m->mode = mode & (S_IFMT | 07777);
	m->same = NULL;
	if (!S_ISREG(mode) || nlink < 2)
		*ino = 0;
	return m->name_len < name_bytes ? at + ALIGN_UP(head + size, 4) : 0;
}

/* The names of a file but the last come without data, or all of them with it. */
static int put_linked(struct link **bucket, struct member *m, uint32_t ino)
{
	struct link *l = bucket[ino % LINK_BUCKETS];
	struct ramfs_node *n;
	int err;

	while (l && l->ino != ino)
		l = l->next;
	if (l)
		m->same = l->node;
	err = archive_put(m, &n);
	if (l || err)
		return err;
	l = kalloc(sizeof(*l));
	if (!l)
		return -ENOMEM;
	*l = (struct link){ bucket[ino % LINK_BUCKETS], n, ino };
	bucket[ino % LINK_BUCKETS] = l;
	vnode_get(&n->vnode); /* its name may be replaced */
	return 0;
}

static int add_members(struct link **bucket, const uint8_t *bytes, size_t len)
{
	struct ramfs_node *n;
	struct member m;
	uint32_t ino;
	int err;

	for (size_t at = 0, next; at < len; at = next) {
		next = parse_member(&m, &ino, bytes, len, at);
		if (next == 0)
			return -EINVAL;
		if (m.name_len == strlen(TRAILER) && memcmp(m.name, TRAILER, m.name_len) == 0)
			return 0;
		err = ino ? put_linked(bucket, &m, ino) : archive_put(&m, &n);
		if (err)
			return err;
	}
	return -EINVAL; /* an archive without its end is cut short */
}

int archive_cpio_add(const uint8_t *bytes, size_t len)
{
	struct link *bucket[LINK_BUCKETS] = { NULL };
	int err = add_members(bucket, bytes, len);

	for (unsigned i = 0; i < LINK_BUCKETS; i++)
		for (struct link *l = bucket[i], *next; l; l = next) {
			next = l->next;
			vnode_put(&l->node->vnode);
			kfree(l);
		}
	return err;
}
