// SPDX-License-Identifier: BSD-2-Clause
#include "lib/fs/pagemap.h"
#include <errno.h>
#include "kernel/heap.h"

#define SLOT_BITS  6
#define SLOTS      (1u << SLOT_BITS)
#define MAX_HEIGHT 11 /* 64 bits of index, six at a time */

struct node {
	void *slot[SLOTS];
};
_Static_assert(sizeof(struct node) == PAGEMAP_NODE_BYTES, "as the header says");

/* Does a tree of this height have a place for index? */
static bool reaches(unsigned height, uint64_t index)
{
	return height >= MAX_HEIGHT || index >> (height * SLOT_BITS) == 0;
}

/* The slot of index in a node at `height` above the pages. */
static unsigned slot_of(uint64_t index, unsigned height)
{
	return index >> ((height - 1) * SLOT_BITS) & (SLOTS - 1);
}

void *pagemap_get(const struct pagemap *m, uint64_t index)
{
	void *at = m->root;

	if (!reaches(m->height, index))
		return NULL;
	for (unsigned h = m->height; h > 0 && at; h--)
		at = ((struct node *)at)->slot[slot_of(index, h)];
	return at;
}

unsigned pagemap_nodes(const struct pagemap *m, uint64_t index)
{
	unsigned need = 0, h = m->height;
	const void *at = m->root;

	while (!reaches(h, index))
		h++;
	if (h > m->height) /* new levels above the old root, and the branch down to the page */
		return (m->root ? h - m->height : 0) + h - (m->root ? 1 : 0);
	for (; h > 0; h--) {
		if (!at)
			need++;
		else
			at = ((const struct node *)at)->slot[slot_of(index, h)];
	}
	return need;
}

static struct node *add_node(struct pagemap *m)
{
	struct node *n = kzalloc(sizeof(*n));

	m->nnodes += n != NULL;
	return n;
}

/* Make the tree high enough for index. */
static int raise(struct pagemap *m, uint64_t index)
{
	while (!reaches(m->height, index)) {
		if (m->root) {
			struct node *n = add_node(m);

			if (!n)
				return -ENOMEM;
			n->slot[0] = m->root;
			m->root = n;
		}
		m->height++;
	}
	return 0;
}

int pagemap_set(struct pagemap *m, uint64_t index, void *page)
{
	void **at = &m->root;

	if (raise(m, index))
		return -ENOMEM;
	for (unsigned h = m->height; h > 0; h--) {
		if (!*at && !(*at = add_node(m)))
			return -ENOMEM;
		at = &((struct node *)*at)->slot[slot_of(index, h)];
	}
	*at = page;
	return 0;
}

/* What is below *at loses its pages from `first` on, of which the upper bits say nothing here. */
static void cut(struct pagemap *m, void **at, unsigned height, uint64_t first, void (*drop)(void *))
{
	struct node *n = *at;
	unsigned from, left = 0;

	if (!n)
		return;
	if (height == 0) {
		drop(n);
		*at = NULL;
		return;
	}
	from = slot_of(first, height);
	for (unsigned i = 0; i < SLOTS; i++) {
		if (i >= from)
			cut(m, &n->slot[i], height - 1, i == from ? first : 0, drop);
		left += n->slot[i] != NULL;
	}
	if (left)
		return;
	kfree(n);
	m->nnodes--;
	*at = NULL;
}

void pagemap_cut(struct pagemap *m, uint64_t first, void (*drop)(void *page))
{
	if (!reaches(m->height, first))
		return;
	cut(m, &m->root, m->height, first, drop);
	if (!m->root)
		m->height = 0;
}

static void *next(void *at, unsigned height, uint64_t *index)
{
	struct node *n = at;
	void *found;

	if (!at || height == 0)
		return at;
	for (unsigned i = slot_of(*index, height); i < SLOTS; i++) {
		uint64_t span = 1ull << ((height - 1) * SLOT_BITS);
		uint64_t behind = (*index & ~(span - 1)) + span; /* begins the next slot */

		found = next(n->slot[i], height - 1, index);
		if (found)
			return found;
		*index = behind;
	}
	return NULL;
}

void *pagemap_next(const struct pagemap *m, uint64_t *index)
{
	return reaches(m->height, *index) ? next(m->root, m->height, index) : NULL;
}
