// SPDX-License-Identifier: BSD-2-Clause
/*
 * pheap.h - intrusive pairing heap ordered by a 64-bit key; the smallest key is on top.
 *
 * Insert and peek take constant time, removal of any node amortised O(log n), and nothing is
 * allocated, which is what timers armed from interrupts need. Nodes of equal key come out in no
 * promised order. No locking: the owner locks. No errors.
 *
 * Ref: Fredman, Sedgewick, Sleator, Tarjan, "The pairing heap", Algorithmica 1 (1986).
 */
#pragma once
#include "lib/base/compiler.h"

struct pheap_node {
	uint64_t key;
	struct pheap_node *child, *next; /* first child; next sibling */
	struct pheap_node **link;        /* whatever points to this node; NULL when on no heap */
};

struct pheap {
	struct pheap_node *top; /* smallest key, NULL when empty */
};

static inline bool pheap_queued(const struct pheap_node *n)
{
	return n->link != NULL;
}

/*
 * pheap_insert() - put n, with n->key set, on the heap. n is on no heap.
 */
void pheap_insert(struct pheap *h, struct pheap_node *n);

/*
 * pheap_remove() - take n out of the heap that it is on.
 */
void pheap_remove(struct pheap *h, struct pheap_node *n);
