// SPDX-License-Identifier: BSD-2-Clause
#include "lib/fs/archive.h"
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include "kernel/heap.h"

#define FIRST_BUCKETS 64

/* The header of a member: text, all numbers eight hexadecimal digits. The name follows, padded
 * so that the data begins at a multiple of 4; the data is padded in the same way. */
struct newc_header {
	char magic[6];
	char ino[8], mode[8], uid[8], gid[8], nlink[8], mtime[8], size[8];
	char dev_major[8], dev_minor[8], rdev_major[8], rdev_minor[8];
	char name_bytes[8], check[8]; /* the name's length counts its terminator */
};
_Static_assert(sizeof(struct newc_header) == 110, "as in cpio(5)");

#define TRAILER "TRAILER!!!" /* the name of the member that ends an archive */

/* A member as read from the bytes. */
struct member {
	const char *name;
	const uint8_t *data;
	uint32_t name_len, size, mode, mtime_s, ino, nlink;
};

/* --- the tree ------------------------------------------------------------------------------ */

static uint32_t hash_name(const struct archive_node *dir, const char *name, size_t len)
{
	uint32_t h = 2166136261u ^ dir->number; /* FNV-1a */

	while (len-- > 0)
		h = (h ^ (uint8_t)*name++) * 16777619u;
	return h ^ h >> 15;
}

struct archive_node *archive_lookup(const struct archive *a, const struct archive_node *dir,
				    const char *name, size_t len)
{
	struct archive_node *n = a->bucket[hash_name(dir, name, len) & (a->nbucket - 1)];

	while (n && !(n->parent == dir && n->name_len == len && memcmp(n->name, name, len) == 0))
		n = n->chain;
	return n;
}

static void insert_in_bucket(struct archive *a, struct archive_node *n)
{
	uint32_t h = hash_name(n->parent, n->name, n->name_len);
	struct archive_node **at = &a->bucket[h & (a->nbucket - 1)];

	n->chain = *at;
	*at = n;
}

/* Room for nbucket chains and nodes; what is there moves into it. The two tables are one block. */
static int resize_tables(struct archive *a, uint32_t nbucket)
{
	struct archive_node **block = kzalloc((2UL * nbucket + 1) * sizeof(*block));

	if (!block)
		return -ENOMEM;
	if (a->node)
		memcpy(block + nbucket, a->node, (a->nnode + 1UL) * sizeof(*block));
	kfree(a->bucket);
	a->bucket = block;
	a->node = block + nbucket;
	a->nbucket = nbucket;
	for (uint32_t i = 2; i <= a->nnode; i++)
		insert_in_bucket(a, a->node[i]);
	return 0;
}

/* The node of this name in dir, made as a directory if it is new. NULL: out of memory. */
static struct archive_node *get_node(struct archive *a, struct archive_node *dir, const char *name,
				     size_t len)
{
	struct archive_node *n = archive_lookup(a, dir, name, len);

	if (n)
		return n;
	if (a->nnode == a->nbucket && resize_tables(a, 2 * a->nbucket))
		return NULL;
	n = kzalloc(sizeof(*n));
	if (!n)
		return NULL;
	n->vnode.ops = a->ops;
	n->parent = dir;
	n->name = name;
	n->name_len = (uint32_t)len;
	n->vnode.mode = S_IFDIR | 0755;
	n->number = ++a->nnode;
	a->node[n->number] = n;
	n->next = dir->child;
	dir->child = n;
	insert_in_bucket(a, n);
	return n;
}

int archive_init(struct archive *a, const struct vnode_ops *ops)
{
	memset(a, 0, sizeof(*a));
	a->ops = a->root.vnode.ops = ops;
	a->root.parent = &a->root;
	a->root.vnode.mode = S_IFDIR | 0755;
	a->root.number = a->nnode = 1;
	return resize_tables(a, FIRST_BUCKETS);
}

void archive_destroy(struct archive *a)
{
	for (uint32_t i = 2; i <= a->nnode; i++)
		kfree(a->node[i]);
	kfree(a->bucket);
	a->bucket = a->node = NULL;
}

struct archive_node *archive_mkdir(struct archive *a, const char *name)
{
	struct archive_node *n = get_node(a, &a->root, name, strlen(name));

	if (n)
		n->vnode.mode = S_IFDIR | (n->vnode.mode & 0777);
	return n;
}

/* --- the bytes ----------------------------------------------------------------------------- */

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

bool archive_is(const void *bytes, size_t len)
{
	return len >= sizeof(struct newc_header) &&
	       (memcmp(bytes, "070701", 6) == 0 || memcmp(bytes, "070702", 6) == 0);
}

static bool parse_header(struct member *m, uint32_t *name_bytes, const struct newc_header *h)
{
	return parse_hex(h->ino, &m->ino) && parse_hex(h->mode, &m->mode) &&
	       parse_hex(h->nlink, &m->nlink) && parse_hex(h->mtime, &m->mtime_s) &&
	       parse_hex(h->size, &m->size) && parse_hex(h->name_bytes, name_bytes);
}

/* Read the member at `at`, which is a multiple of 4. Returns where the next one begins (perhaps
 * a little past the end, by padding), or 0 when this is not a member. */
static size_t parse_member(struct member *m, const uint8_t *bytes, size_t len, size_t at)
{
	uint32_t name_bytes;
	size_t left = len - at, head;

	if (!archive_is(bytes + at, left) ||
	    !parse_header(m, &name_bytes, (const struct newc_header *)(bytes + at)))
		return 0;
	if (name_bytes == 0 || name_bytes > PATH_MAX)
		return 0;
	head = ALIGN_UP(sizeof(struct newc_header) + name_bytes, 4);
	if (head > left || m->size > left - head)
		return 0;
	m->name = (const char *)bytes + at + sizeof(struct newc_header);
	m->name_len = (uint32_t)strnlen(m->name, name_bytes);
	m->data = bytes + at + head;
	return m->name_len < name_bytes ? at + ALIGN_UP(head + m->size, 4) : 0;
}

/* What came later has a file below this name, so it is a directory from now on. */
static void become_directory(struct archive_node *n)
{
	n->vnode.mode = S_IFDIR | 0755;
	n->size = 0;
	n->link = 0;
}

/* Walk to the node that a member's name says, making directories on the way. */
static int make_path(struct archive *a, const struct member *m, struct archive_node **out)
{
	struct archive_node *n = &a->root;
	const char *p = m->name, *end = p + m->name_len;

	while (p < end) {
		const char *slash = memchr(p, '/', (size_t)(end - p));
		size_t len = (size_t)((slash ? slash : end) - p);

		if (len > NAME_MAX || (len == 2 && p[0] == '.' && p[1] == '.'))
			return -EINVAL;
		if (len > 1 || (len == 1 && *p != '.')) {
			if (!S_ISDIR(n->vnode.mode))
				become_directory(n);
			n = get_node(a, n, p, len);
			if (!n)
				return -ENOMEM;
		}
		p += len + 1;
	}
	*out = n;
	return 0;
}

static void set_data(struct archive_node *n, const struct member *m)
{
	n->data = m->data;
	n->size = m->size;
	n->mtime_s = m->mtime_s;
}

/* Hard links: all names of a file but the last come without data; give it to those names. */
static void share_data(struct archive *a, const struct member *m, uint64_t link)
{
	for (uint32_t i = 2; i <= a->nnode; i++)
		if (a->node[i]->link == link)
			set_data(a->node[i], m);
}

static int add_member(struct archive *a, const struct member *m)
{
	struct archive_node *n;
	int err = make_path(a, m, &n);

	if (err)
		return err;
	if (n == &a->root && !S_ISDIR(m->mode))
		return -EINVAL;
	n->vnode.mode = m->mode & (S_IFMT | 07777);
	set_data(n, m);
	n->link = 0;
	if (S_ISREG(m->mode) && m->nlink > 1) {
		n->link = (uint64_t)a->narchive << 32 | m->ino;
		if (m->size > 0)
			share_data(a, m, n->link);
	}
	return 0;
}

int archive_add(struct archive *a, const void *bytes, size_t len)
{
	struct member m;
	size_t at = 0, next;
	int err;

	a->narchive++;
	while (at < len) {
		next = parse_member(&m, bytes, len, at);
		if (next == 0)
			return -EINVAL;
		if (m.name_len == strlen(TRAILER) && memcmp(m.name, TRAILER, m.name_len) == 0)
			return 0;
		err = add_member(a, &m);
		if (err)
			return err;
		at = next;
	}
	return -EINVAL; /* an archive without its end is cut short */
}
