// SPDX-License-Identifier: BSD-2-Clause
/* kernel/page.c against a model: one byte a page that says who has it. */
// link: kernel/page.c
#include "arch/mmu.h"
#include "kernel/page_tags.h"
#include "tests/host/fake/fake.h"

#define MIB   (1UL << 20)
#define GIB   (1UL << 30)
#define RUNS  400
#define NPAGE (32 * MIB / PAGE_SIZE)

static struct run {
	char *p;
	size_t npages;
} runs[RUNS];

static bool taken[NPAGE]; /* the model */

static size_t free_pages(void)
{
	struct page_stats s;

	page_get_stats(&s);
	return s.free_pages;
}

static void mark(struct run *r, bool to)
{
	size_t first = virt_to_phys(r->p) / PAGE_SIZE;

	CHECK(first + r->npages <= NPAGE);
	for (size_t i = first; i < first + r->npages; i++) {
		CHECK(taken[i] != to);
		taken[i] = to;
		CHECK((page_tags[i] >= PAGE_TAG_USED) == to);
	}
}

static void run_alloc(struct run *r)
{
	unsigned order = rand() % 7;

	if (rand() % 2) {
		r->npages = 1 + rand() % 100;
		r->p = page_alloc_exact(r->npages);
	} else {
		r->npages = 1UL << order;
		r->p = page_alloc(order);
	}
	if (!r->p)
		return;
	CHECK_EQ(virt_to_phys(r->p) % (PAGE_SIZE << page_order_for(r->npages)), 0);
	mark(r, true);
	r->p[0] = r->p[r->npages * PAGE_SIZE - 1] = 'x';
	page_set_tag(r->p, 0x80 + rand() % 128);
}

/* All of it, or a part at either end. */
static void run_free(struct run *r)
{
	struct run part = *r;

	if (r->npages > 1 && rand() % 3 == 0) {
		part.npages = 1 + rand() % (r->npages - 1);
		if (rand() % 2)
			r->p += part.npages * PAGE_SIZE;
		else
			part.p += (r->npages - part.npages) * PAGE_SIZE;
	}
	r->npages -= part.npages;
	page_free_exact(part.p, part.npages);
	for (size_t i = 0; i < part.npages; i++)
		CHECK(page_tag(part.p + i * PAGE_SIZE) < PAGE_TAG_USED);
	for (size_t i = virt_to_phys(part.p) / PAGE_SIZE, n = part.npages; n; n--, i++) {
		CHECK(taken[i]);
		taken[i] = false;
	}
	if (r->npages == 0)
		r->p = NULL;
}

static void check_count(size_t total)
{
	size_t used = 0;

	for (size_t i = 0; i < NPAGE; i++)
		used += taken[i];
	CHECK_EQ(free_pages(), total - used);
}

static void run_random(size_t total)
{
	for (int i = 0; i < 20000 && !check_failures; i++) {
		struct run *r = &runs[rand() % RUNS];

		if (r->p)
			run_free(r);
		else
			run_alloc(r);
		if (i % 100 == 0)
			check_count(total);
	}
	for (int i = 0; i < RUNS; i++)
		while (runs[i].p)
			run_free(&runs[i]);
	CHECK_EQ(free_pages(), total);
}

static void test_random(void)
{
	void *all;

	fake_ram_init_all(32 * MIB);
	run_random(NPAGE);
	/* Everything has melted into one block again. */
	all = page_alloc(13);
	CHECK(all != NULL);
	CHECK(page_alloc(0) == NULL);
	page_free(all, 13);
}

static void test_random_with_holes(void)
{
	fake_ram_init(32 * MIB);
	page_add_range(0x1000, 0x9f000);
	page_add_range(0x100000, 0x7ff000);
	page_add_range(0x7ff000, 0xabc000);
	page_add_range(0xc03000, 32 * MIB);
	run_random(0x9e + 0x9bc + (0x2000 - 0xc03));
}

/* Each page once, and then no more. */
static void exhaust(size_t total)
{
	static void *pages[NPAGE];
	size_t n = 0;

	while ((pages[n] = page_alloc(0)))
		memset(pages[n++], 'x', PAGE_SIZE);
	CHECK_EQ(n, total);
	CHECK_EQ(free_pages(), 0);
	while (n > 0)
		page_free(pages[--n], 0);
	CHECK_EQ(free_pages(), total);
}

static void test_exhaustion(void)
{
	fake_ram_init_all(2 * MIB);
	exhaust(512);
	fake_ram_init(2 * MIB);
	page_add_range(0x3000, 0x101000);
	exhaust(0xfe);
}

static void test_too_much(void)
{
	fake_ram_init_all(2 * MIB);
	CHECK(page_alloc(10) == NULL);
	CHECK(page_alloc(PAGE_MAX_ORDER) == NULL);
	CHECK(page_alloc(PAGE_MAX_ORDER + 1) == NULL);
	CHECK(page_alloc_exact(513) == NULL);
	CHECK(page_alloc_exact((size_t)1 << 52) == NULL);
	CHECK(page_alloc_exact(SIZE_MAX) == NULL);
	CHECK_EQ(free_pages(), 512);
}

static void test_order_for(void)
{
	static const unsigned expect[] = { 0, 0, 1, 2, 2, 3, 3, 3, 3, 4 };

	for (size_t n = 0; n < ARRAY_SIZE(expect); n++)
		CHECK_EQ(page_order_for(n), expect[n]);
	CHECK_EQ(page_order_for(1UL << 40), 40);
	CHECK_EQ(page_order_for((1UL << 40) + 1), 41);
}

static void test_exact_keeps_no_more(void)
{
	void *p;

	fake_ram_init_all(2 * MIB);
	p = page_alloc_exact(129);
	CHECK_EQ(free_pages(), 512 - 129);
	CHECK(page_alloc(7) != NULL);
	CHECK(page_alloc(6) != NULL);
	page_free_exact(p, 129);
}

static void test_64_gib(void)
{
	void *p;

	fake_ram_init(64 * GIB);
	page_add_range(0x1000, 0x9f000);
	page_add_range(MIB, 3 * GIB);
	page_add_range(4 * GIB, 64 * GIB);
	CHECK_EQ(free_pages(), (63 * GIB - MIB + 0x9e000) / PAGE_SIZE);
	p = page_alloc(PAGE_MAX_ORDER);
	CHECK(p && virt_to_phys(p) % (4 * GIB) == 0);
	page_free(p, PAGE_MAX_ORDER);
	p = page_alloc_exact(3 * GIB / PAGE_SIZE);
	CHECK(p != NULL);
	page_free_exact(p, 3 * GIB / PAGE_SIZE);
	CHECK_EQ(free_pages(), (63 * GIB - MIB + 0x9e000) / PAGE_SIZE);
}

static void test_tags(void)
{
	char *p;
	int on_stack;

	fake_ram_init_all(2 * MIB);
	p = page_alloc(1);
	page_set_tag(p, 0x80);
	page_set_tag(p + PAGE_SIZE, 0xff);
	CHECK_EQ(page_tag(p + 4095), 0x80);
	CHECK_EQ(page_tag(p + 4096), 0xff);
	CHECK_EQ(page_tag(&on_stack), 0);
	CHECK_EQ(page_tag(NULL), 0);
	CHECK(page_is_ram(p));
	CHECK(!page_is_ram(&on_stack));
	CHECK(!page_is_ram(phys_to_virt(2 * MIB)));
}

static void test_bad_free(void)
{
	char *p, *q;
	int on_stack;

	fake_ram_init_all(2 * MIB);
	CHECK_PANICS(page_free(&on_stack, 0), "page_free");
	fake_ram_init_all(2 * MIB);
	p = page_alloc(0);
	page_free(p, 0);
	CHECK_PANICS(page_free(p, 0), "not allocated");
	fake_ram_init_all(2 * MIB);
	p = page_alloc(0);
	CHECK_PANICS(page_free(p, 1), "not allocated"); /* wrong order: the next page is free */
	fake_ram_init_all(2 * MIB);
	p = page_alloc(3);
	q = p + 2 * PAGE_SIZE;
	page_free_exact(q, 1);
	CHECK_PANICS(page_free(p, 3), "not allocated"); /* a part was given back */
	fake_ram_init_all(2 * MIB);
	p = page_alloc(0);
	CHECK_PANICS(page_free(p + 8, 0), "not a page");
}

static void test_write_after_free(void)
{
	static void *elsewhere[2];
	char *p;

	fake_ram_init_all(2 * MIB);
	p = page_alloc(0);
	page_free(p, 0);
	*(void **)p = elsewhere;
	CHECK_PANICS(p = page_alloc(0), "written to");
}

int main(void)
{
	RUN(test_random);
	RUN(test_random_with_holes);
	RUN(test_exhaustion);
	RUN(test_too_much);
	RUN(test_order_for);
	RUN(test_exact_keeps_no_more);
	RUN(test_64_gib);
	RUN(test_tags);
	RUN(test_bad_free);
	RUN(test_write_after_free);
	return check_done();
}
