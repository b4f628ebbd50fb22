// SPDX-License-Identifier: BSD-2-Clause
/* Boot archives: whatever the bytes are, the tree is sound and its files lie inside of them. */
// link: lib/fs/archive.c lib/fs/archive_cpio.c lib/fs/archive_tar.c lib/fs/ramfs.c
// link: lib/fs/pagemap.c lib/fs/vnode_file.c lib/fs/walk.c kernel/mutex.c kernel/wait.c
// flags: -DSYMLOOP_MAX=40
#include <sys/stat.h>
#include "lib/fs/archive.h"
#include "lib/fs/vfs.h"
#include "tests/fuzz/fuzz.h"
#include "tests/host/ramfs.h"

/* Nothing here goes by path. */
struct vnode *vfs_root(void)
{
	return NULL;
}

struct vnode *vfs_cwd(void)
{
	return NULL;
}

static const uint8_t *first, *last;

static void check_content(const struct ramfs_node *n)
{
	if (!n->file.base_bytes || n->file.owns_base)
		return;
	FUZZ_ASSERT(n->file.base >= first && n->file.base <= last);
	FUZZ_ASSERT(n->file.base_bytes <= (uint64_t)(last - n->file.base));
}

/* Returns how many names there are. */
static unsigned check_directory(struct ramfs_node *dir, unsigned depth)
{
	unsigned n = 0;

	FUZZ_ASSERT(depth < 5000);
	list_for_each (l, &dir->dir.entries) {
		struct ramfs_entry *e = list_entry(l, struct ramfs_entry, sibling);

		n++;
		FUZZ_ASSERT(e->len && !memchr(e->name, '/', e->len));
		FUZZ_ASSERT(ramfs_find(dir, e->name, e->len) == e);
		if (S_ISDIR(e->node->vnode.mode))
			n += check_directory(e->node, depth + 1);
		else
			check_content(e->node);
	}
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	uint8_t *copy = fuzz_copy(data, len);

	first = copy;
	last = copy + len;
	if (archive_is(copy, len) && ramfs_init() == 0) {
		int ignored = archive_add(copy, len);

		(void)ignored; /* a broken archive gives what came before the break */
		FUZZ_ASSERT(check_directory(&ramfs.root, 0) == ramfs.nentries);
		ramfs_end();
	}
	free(copy);
	return 0;
}
