// SPDX-License-Identifier: BSD-2-Clause
// link: lib/base/ranges.c
#include "lib/base/ranges.h"
#include "tests/check.h"

/* A bit per number is the model that the set is compared with. */
#define MODEL 256

static bool model[MODEL];

static void model_set(unsigned start, unsigned end, bool value)
{
	for (unsigned i = start; i < end; i++)
		model[i] = value;
}

static bool contains(const struct range_set *s, uint64_t x)
{
	for (unsigned i = 0; i < s->n; i++)
		if (x >= s->r[i].start && x < s->r[i].end)
			return true;
	return false;
}

static void check_against_model(const struct range_set *s)
{
	for (unsigned i = 0; i < MODEL; i++)
		if (contains(s, i) != model[i])
			CHECK_FAIL("%u is %d in the set", i, !model[i]);
	for (unsigned i = 0; i < s->n; i++) {
		CHECK(s->r[i].start < s->r[i].end);
		CHECK(i == 0 || s->r[i - 1].end < s->r[i].start);
	}
}

static void test_random_operations(void)
{
	struct range_set s = { 0 };

	memset(model, 0, sizeof(model));
	srand(1);
	for (int step = 0; step < 20000; step++) {
		unsigned a = rand() % MODEL, b = rand() % (MODEL + 1);
		bool add = rand() % 2;

		if (s.n > RANGES_MAX - 2)
			add = true, a = 0, b = MODEL;
		CHECK(add ? ranges_add(&s, a, b) : ranges_remove(&s, a, b));
		if (a < b)
			model_set(a, b, add);
		check_against_model(&s);
	}
}

static void test_touching_ranges_merge(void)
{
	struct range_set s = { 0 };

	ranges_add(&s, 10, 20);
	ranges_add(&s, 30, 40);
	ranges_add(&s, 20, 30);
	CHECK_EQ(s.n, 1);
	CHECK_EQ(s.r[0].start, 10);
	CHECK_EQ(s.r[0].end, 40);
}

static void test_full_set_refuses(void)
{
	struct range_set s = { 0 };

	for (unsigned i = 0; i < RANGES_MAX; i++)
		CHECK(ranges_add(&s, i * 10, i * 10 + 5));
	CHECK(!ranges_add(&s, 100000, 100001));
	CHECK(!ranges_remove(&s, 1, 2)); /* would split one in two */
	CHECK(s.n <= RANGES_MAX);
}

static void test_take_top(void)
{
	struct range_set s = { 0 };

	ranges_add(&s, 0x1000, 0x9000);
	ranges_add(&s, 0x100000, 0x200000);
	ranges_add(&s, 1ULL << 32, 1ULL << 33);
	CHECK_EQ(ranges_take_top(&s, 0x1000, 1ULL << 30), 0x1ff000);
	CHECK_EQ(ranges_take_top(&s, 0x1000, 0x150000), 0x14f000);
	CHECK_EQ(ranges_take_top(&s, 0x8000, 0xa000), 0x1000);
	CHECK_EQ(ranges_take_top(&s, 1ULL << 40, UINT64_MAX), 0);
}

int main(void)
{
	RUN(test_random_operations);
	RUN(test_touching_ranges_merge);
	RUN(test_full_set_refuses);
	RUN(test_take_top);
	return check_done();
}
