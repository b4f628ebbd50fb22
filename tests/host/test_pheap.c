// SPDX-License-Identifier: BSD-2-Clause
/* lib/base/pheap.c against a table that is searched. */
// link: lib/base/pheap.c
#include "lib/base/pheap.h"
#include "tests/host/fake/fake.h"

#define N 300

static struct pheap_node nodes[N];

static uint64_t smallest_queued(void)
{
	uint64_t least = UINT64_MAX;

	for (int i = 0; i < N; i++)
		if (pheap_queued(&nodes[i]))
			least = MIN(least, nodes[i].key);
	return least;
}

static void test_empty(void)
{
	struct pheap h = { NULL };
	struct pheap_node n = { .key = 5 };

	CHECK(!pheap_queued(&n));
	pheap_insert(&h, &n);
	CHECK(pheap_queued(&n));
	CHECK(h.top == &n);
	pheap_remove(&h, &n);
	CHECK(!pheap_queued(&n));
	CHECK(h.top == NULL);
}

static void test_random(void)
{
	struct pheap h = { NULL };
	int queued = 0;

	memset(nodes, 0, sizeof(nodes));
	for (int i = 0; i < 40000 && !check_failures; i++) {
		struct pheap_node *n = &nodes[rand() % N];

		if (pheap_queued(n)) {
			pheap_remove(&h, rand() % 3 ? n : h.top);
			queued--;
		} else {
			n->key = rand() % 200;
			pheap_insert(&h, n);
			queued++;
		}
		CHECK_EQ(h.top ? h.top->key : UINT64_MAX, smallest_queued());
	}
	for (; h.top; queued--)
		pheap_remove(&h, h.top);
	CHECK_EQ(queued, 0);
}

static void test_sorts(void)
{
	struct pheap h = { NULL };
	uint64_t last = 0;

	for (int i = 0; i < N; i++) {
		nodes[i].key = (uint64_t)rand() << 40 | rand();
		pheap_insert(&h, &nodes[i]);
	}
	for (int i = 0; i < N; i++) {
		CHECK(h.top->key >= last);
		last = h.top->key;
		pheap_remove(&h, h.top);
	}
	CHECK(h.top == NULL);
}

/* Many children of one node: no recursion, so no stack is used up. */
static void test_wide(void)
{
	static struct pheap_node many[200000];
	struct pheap h = { NULL };
	uint64_t last = 0;

	for (size_t i = 0; i < ARRAY_SIZE(many); i++) {
		many[i].key = i;
		pheap_insert(&h, &many[i]);
	}
	for (; h.top; pheap_remove(&h, h.top)) {
		CHECK(h.top->key >= last);
		last = h.top->key;
	}
	CHECK_EQ(last, ARRAY_SIZE(many) - 1);
}

int main(void)
{
	RUN(test_empty);
	RUN(test_random);
	RUN(test_sorts);
	RUN(test_wide);
	return check_done();
}
