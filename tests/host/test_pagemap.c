// SPDX-License-Identifier: BSD-2-Clause
// link: lib/fs/pagemap.c
/* lib/fs/pagemap.c against a plain array. */
#include <errno.h>
#include "lib/fs/pagemap.h"
#include "tests/host/fake/fake.h"

#define NPLACES 600

static uint64_t place[NPLACES]; /* ascending */
static char page[NPLACES];
static bool there[NPLACES];
static unsigned dropped;

static void drop(void *p)
{
	size_t i = (size_t)((char *)p - page);

	CHECK(i < NPLACES && there[i]);
	there[i] = false;
	dropped++;
}

/* Places near each other, and some as far apart as 64 bits allow. */
static void make_places(void)
{
	uint64_t at = 0;

	for (unsigned i = 0; i < NPLACES; i++) {
		place[i] = at;
		at += i < 200 ? 1 : i < 560 ? 1 + (uint64_t)rand() % 100 : 1ull << (i - 556);
	}
	memset(there, 0, sizeof(there));
}

static void check_all(const struct pagemap *m)
{
	uint64_t index = 0;

	for (unsigned i = 0; i < NPLACES; i++) {
		CHECK(pagemap_get(m, place[i]) == (there[i] ? &page[i] : NULL));
		if (!there[i])
			continue;
		CHECK(pagemap_next(m, &index) == &page[i]);
		CHECK_EQ(index, place[i]);
		index = place[i] + 1;
	}
	CHECK(pagemap_next(m, &index) == NULL);
}

static void test_random(void)
{
	struct pagemap m = { 0 };

	make_places();
	for (int round = 0; round < 3000; round++) {
		unsigned i = (unsigned)rand() % NPLACES;

		if (!there[i]) {
			long before = fake_live_blocks;
			unsigned need = pagemap_nodes(&m, place[i]);

			CHECK_EQ(pagemap_set(&m, place[i], &page[i]), 0);
			CHECK_EQ(fake_live_blocks - before, need);
			there[i] = true;
		} else if (rand() % 10 == 0) {
			pagemap_cut(&m, place[i], drop);
			for (unsigned k = i; k < NPLACES; k++)
				CHECK(!there[k]);
		}
		if (round % 100 == 0)
			check_all(&m);
	}
	CHECK(m.nnodes > 0);
	pagemap_cut(&m, 0, drop);
	CHECK_EQ(m.nnodes, 0);
	CHECK(m.root == NULL);
	check_all(&m);
}

static void test_no_memory(void)
{
	FAKE_FAIL_EACH
	{
		struct pagemap m = { 0 };

		make_places();
		for (unsigned i = 0; i < NPLACES; i += 50) {
			int err = pagemap_set(&m, place[i], &page[i]);

			CHECK_EQ(err, err ? -ENOMEM : 0);
			there[i] = !err;
		}
		check_all(&m);
		pagemap_cut(&m, 0, drop);
		CHECK(m.root == NULL);
	}
}

int main(void)
{
	RUN(test_random);
	RUN(test_no_memory);
	return check_done();
}
