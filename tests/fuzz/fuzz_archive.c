// SPDX-License-Identifier: BSD-2-Clause
/* The boot archive: whatever the bytes are, the tree is sound and stays inside of them. */
// link: lib/fs/archive.c
#include <sys/stat.h>
#include "lib/fs/archive.h"
#include "tests/fuzz/fuzz.h"

static const uint8_t *first, *last;

static void check_node(const struct archive *a, const struct archive_node *n, unsigned depth)
{
	FUZZ_ASSERT(depth < 5000);
	FUZZ_ASSERT(n->number && n->number <= a->nnode);
	if (n->size) {
		FUZZ_ASSERT(n->data >= first && n->data <= last);
		FUZZ_ASSERT(n->size <= (size_t)(last - n->data));
	}
	if (n != &a->root) {
		FUZZ_ASSERT(n->name_len && !memchr(n->name, '/', n->name_len));
		FUZZ_ASSERT(archive_lookup(a, n->parent, n->name, n->name_len));
	}
	for (const struct archive_node *c = n->child; c; c = c->next) {
		FUZZ_ASSERT(c->parent == n);
		check_node(a, c, depth + 1);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const struct vnode_ops ops;
	uint8_t *copy = fuzz_copy(data, len);
	struct archive a;

	first = copy;
	last = copy + len;
	if (archive_is(copy, len) && archive_init(&a, &ops) == 0) {
		int ignored = archive_add(&a, copy, len);

		(void)ignored; /* a broken archive gives what came before the break */
		check_node(&a, &a.root, 0);
		archive_destroy(&a);
	}
	free(copy);
	return 0;
}
