// SPDX-License-Identifier: BSD-2-Clause
// link: kernel/area_map.c
/* The area map against a simple model: what each page of a small address space belongs to. */
#include "kernel/area_map.h"
#include "tests/host/fake/fake.h"

#define NPAGES 200
#define ROOM   (NPAGES + 3)
#define AT(i)  ((uintptr_t)(i)*PAGE_SIZE)

struct model_page {
	bool mapped;
	uint8_t prot;
	struct file *file;
	uint64_t index;
};

static struct model_page model[NPAGES];
static struct map_area array[ROOM];
static struct area_map map;
static char files[3];
static unsigned seed;

static unsigned pick(unsigned n)
{
	seed = seed * 1103515245 + 12345;
	return (seed >> 8) % n;
}

static void reset(void)
{
	memset(model, 0, sizeof(model));
	map = (struct area_map){ array, 0, ROOM };
}

static void check_same(void)
{
	uintptr_t end = 0;

	for (size_t i = 0; i < map.n; i++) {
		CHECK(map.area[i].start >= end && map.area[i].start < map.area[i].end);
		end = map.area[i].end;
	}
	for (unsigned i = 1; i < NPAGES; i++) {
		const struct map_area *a = area_map_find(&map, AT(i) + pick(PAGE_SIZE));

		CHECK_EQ(a != NULL, model[i].mapped);
		if (!a || !model[i].mapped)
			continue;
		CHECK_EQ(a->prot, model[i].prot);
		CHECK(a->file == model[i].file);
		if (a->file)
			CHECK_EQ(a->index + ((AT(i) - a->start) >> PAGE_SHIFT), model[i].index);
	}
}

/* Cut every part of [start, end) out, as unmapping does. Returns the change of the count. */
static void cut_all(unsigned start, unsigned end)
{
	uintptr_t at = AT(start);

	for (size_t i; (i = area_map_first(&map, at)) < map.n && map.area[i].start < AT(end);) {
		uintptr_t from = MAX(at, map.area[i].start), to = MIN(AT(end), map.area[i].end);
		size_t before = map.n;
		int more = area_map_cut(&map, i, from, to);

		CHECK_EQ((long)map.n - (long)before, more);
		at = to;
	}
	for (unsigned i = start; i < end; i++)
		model[i].mapped = false;
}

static void insert(unsigned start, unsigned end)
{
	struct map_area a = { .start = AT(start), .end = AT(end), .prot = (uint8_t)pick(3) };

	if (pick(3) == 0) {
		a.file = (struct file *)&files[pick(3)];
		a.index = pick(1000);
	}
	area_map_insert(&map, &a);
	for (unsigned i = start; i < end; i++)
		model[i] = (struct model_page){ true, a.prot, a.file, a.index + (i - start) };
}

static void check_gap(void)
{
	unsigned len = 1 + pick(20), from = 1 + pick(NPAGES - 1), to = from + pick(NPAGES - from);
	uintptr_t want = 0;

	for (unsigned i = from, run = 0; i < to && !want; i++) {
		run = model[i].mapped ? 0 : run + 1;
		if (run == len)
			want = AT(i + 1 - len);
	}
	CHECK_EQ(area_map_gap(&map, AT(len), AT(from), AT(to)), want);
}

static void check_covers(void)
{
	unsigned start = 1 + pick(NPAGES - 1), end = start + pick(NPAGES - start);
	bool want = true;

	for (unsigned i = start; i < end; i++)
		want = want && model[i].mapped;
	CHECK_EQ(area_map_covers(&map, AT(start), AT(end)), want);
}

static void test_like_the_model(void)
{
	for (unsigned run = 0; run < 30; run++) {
		reset();
		seed = run;
		for (unsigned step = 0; step < 300 && !check_failures; step++) {
			unsigned start = 1 + pick(NPAGES - 2), len = 1 + pick(24);
			unsigned end = MIN(start + len, (unsigned)NPAGES);

			cut_all(start, end);
			if (pick(3))
				insert(start, end);
			check_same();
			check_gap();
			check_covers();
		}
	}
}

/* Neighbours that continue each other are one area. */
static void test_melting(void)
{
	struct map_area a = { AT(1), AT(2), NULL, 0, 3, false };

	reset();
	area_map_insert(&map, &a);
	a.start = AT(3);
	a.end = AT(4);
	area_map_insert(&map, &a);
	CHECK_EQ(map.n, 2);
	a.start = AT(2);
	a.end = AT(3);
	area_map_insert(&map, &a);
	CHECK_EQ(map.n, 1);
	CHECK_EQ(map.area[0].start, AT(1));
	CHECK_EQ(map.area[0].end, AT(4));
	a.prot = 1;
	a.start = AT(4);
	a.end = AT(5);
	area_map_insert(&map, &a);
	CHECK_EQ(map.n, 2);
}

static void test_room(void)
{
	struct map_area small[1], larger[2], a = { AT(1), AT(2), NULL, 0, 3, false };

	map = (struct area_map){ small, 0, 1 };
	area_map_insert(&map, &a);
	a.start = AT(5);
	a.end = AT(8);
	CHECK_PANICS(area_map_insert(&map, &a), "room");
	CHECK(area_map_move(&map, larger, 2) == small);
	area_map_insert(&map, &a);
	CHECK_EQ(map.n, 2);
	CHECK_PANICS(area_map_cut(&map, 1, AT(6), AT(7)), "room");
	CHECK_PANICS(area_map_cut(&map, 0, AT(1), AT(3)), "start");
	CHECK_PANICS(area_map_insert(&map, &a), "start");
}

int main(void)
{
	RUN(test_like_the_model);
	RUN(test_melting);
	RUN(test_room);
	return check_done();
}
