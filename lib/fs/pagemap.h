// SPDX-License-Identifier: BSD-2-Clause
/*
 * pagemap.h - the pages of a file by their number: a radix tree, sparse.
 *
 * Each node has 64 slots; the tree is as high as the largest number needs, so one page needs no
 * node, and a file of a gigabyte costs a node of 512 bytes for each 64 pages.
 *
 * All zero is an empty map. Threading: the owner locks. Errors: -ENOMEM.
 */
#pragma once
#include "lib/base/compiler.h"

struct pagemap {
	void *root; /* a page when height is 0, else a node */
	uint32_t height;
	uint32_t nnodes; /* of PAGEMAP_NODE_BYTES */
};

/* pagemap_get() - the page of this number, or NULL. */
void *pagemap_get(const struct pagemap *m, uint64_t index);

/* pagemap_nodes() - how many nodes pagemap_set() of this number would add [nodes]. */
unsigned pagemap_nodes(const struct pagemap *m, uint64_t index);

/* pagemap_set() - put a page where there is none. 0 or -ENOMEM (then there may be new nodes). */
int pagemap_set(struct pagemap *m, uint64_t index, void *page) UNIK_MUST_CHECK;

/* pagemap_cut() - take out all pages from number `first` on, and the nodes that become empty;
 * drop() is called with each page. */
void pagemap_cut(struct pagemap *m, uint64_t first, void (*drop)(void *page));

/* pagemap_next() - the first page with a number >= *index, which is set to its own; or NULL. */
void *pagemap_next(const struct pagemap *m, uint64_t *index);

#define PAGEMAP_NODE_BYTES 512
