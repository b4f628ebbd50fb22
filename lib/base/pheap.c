// SPDX-License-Identifier: BSD-2-Clause
#include "lib/base/pheap.h"

/* Make one heap of two: the one with the larger top becomes the other's first child. The result's
 * own link and next are the caller's matter. */
static struct pheap_node *meld(struct pheap_node *a, struct pheap_node *b)
{
	if (b->key < a->key) {
		struct pheap_node *t = a;

		a = b;
		b = t;
	}
	b->next = a->child;
	if (b->next)
		b->next->link = &b->next;
	b->link = &a->child;
	a->child = b;
	return a;
}

/* Make one heap of a list of at least one sibling: meld them in pairs from the left, then all pairs
 * from the right. Two loops instead of a recursion, for there may be many siblings. */
static struct pheap_node *meld_siblings(struct pheap_node *n)
{
	struct pheap_node *pairs = NULL, *all;

	do {
		struct pheap_node *a = n, *b = n->next;

		n = b ? b->next : NULL;
		if (b)
			a = meld(a, b);
		a->next = pairs;
		pairs = a;
	} while (n);
	all = pairs;
	for (n = all->next; n; n = pairs) {
		pairs = n->next;
		all = meld(all, n);
	}
	return all;
}

static void meld_into(struct pheap *h, struct pheap_node *n)
{
	h->top = h->top ? meld(h->top, n) : n;
	h->top->next = NULL;
	h->top->link = &h->top;
}

void pheap_insert(struct pheap *h, struct pheap_node *n)
{
	n->child = NULL;
	meld_into(h, n);
}

void pheap_remove(struct pheap *h, struct pheap_node *n)
{
	*n->link = n->next;
	if (n->next)
		n->next->link = n->link;
	n->link = NULL;
	if (n->child)
		meld_into(h, meld_siblings(n->child));
}
