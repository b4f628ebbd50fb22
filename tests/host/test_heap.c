// SPDX-License-Identifier: BSD-2-Clause
/* kernel/heap.c on the real kernel/page.c. */
// link: kernel/heap.c kernel/page.c
#include "kernel/heap_fast.h"
#include "tests/host/fake/fake.h"

#define MIB  (1UL << 20)
#define SLOT 2000

static struct heap second_heap;

static struct slot {
	uint8_t *p;
	size_t size;
	uint8_t fill;
} slots[SLOT];

static void start(size_t bytes)
{
	fake_ram_init_all(bytes);
	memset(&kernel_heap, 0, sizeof(kernel_heap));
	memset(&second_heap, 0, sizeof(second_heap));
}

static size_t free_pages(void)
{
	struct page_stats s;

	page_get_stats(&s);
	return s.free_pages;
}

static size_t random_size(void)
{
	switch (rand() % 8) {
	case 0:
		return rand() % 9000;
	case 1:
		return rand() % 60000;
	case 2:
		return rand() % 1200;
	default:
		return rand() % 200;
	}
}

static void slot_alloc(struct slot *s)
{
	size_t align = 1UL << rand() % 14;

	s->size = random_size();
	if (rand() % 8 == 0) {
		s->p = heap_alloc_aligned(&kernel_heap, align, s->size);
		CHECK((uintptr_t)s->p % align == 0);
	} else {
		s->p = heap_alloc(&kernel_heap, s->size);
	}
	CHECK((uintptr_t)s->p % 16 == 0);
	if (!s->p)
		return;
	CHECK(heap_usable_bytes(&kernel_heap, s->p) >= s->size);
	s->size = heap_usable_bytes(&kernel_heap, s->p);
	s->fill = rand();
	memset(s->p, s->fill, s->size);
}

static void slot_free(struct slot *s)
{
	size_t i;

	for (i = 0; i < s->size && s->p[i] == s->fill; i++)
		;
	CHECK_EQ(i, s->size);
	heap_free(&kernel_heap, s->p);
	s->p = NULL;
}

static void run_random(size_t ram, unsigned rounds)
{
	size_t before;

	start(ram);
	before = free_pages();
	for (unsigned i = 0; i < rounds && !check_failures; i++) {
		struct slot *s = &slots[rand() % SLOT];

		if (s->p)
			slot_free(s);
		else
			slot_alloc(s);
	}
	for (unsigned i = 0; i < SLOT; i++)
		if (slots[i].p)
			slot_free(&slots[i]);
	heap_trim(&kernel_heap);
	CHECK_EQ(free_pages(), before);
}

static void test_random(void)
{
	run_random(64 * MIB, 200000);
}

static void test_random_small_ram(void)
{
	run_random(2 * MIB, 100000);
}

static void test_random_skewed_direct_map(void)
{
	fake_ram_skew = 2 * MIB;
	run_random(64 * MIB, 20000);
	fake_ram_skew = 0;
}

static void test_every_size(void)
{
	start(8 * MIB);
	for (size_t size = 0; size < 20000; size++) {
		void *p = heap_alloc(&kernel_heap, size);
		size_t have = heap_usable_bytes(&kernel_heap, p);

		CHECK(p && have >= size &&
		      have <= size + MAX(size / 4, 16UL) + 4095 * (size > 7168));
		if (IS_POW2(size) && size <= PAGE_SIZE)
			CHECK((uintptr_t)p % size == 0);
		heap_free(&kernel_heap, p);
	}
}

static void test_aligned(void)
{
	start(64 * MIB);
	for (size_t align = 1; align <= 4 * MIB; align *= 2)
		for (size_t size = 0; size < 20000; size = size * 5 / 4 + 1) {
			size_t before = free_pages();
			void *p = heap_alloc_aligned(&kernel_heap, align, size);

			CHECK(p && (uintptr_t)p % align == 0);
			CHECK(heap_usable_bytes(&kernel_heap, p) >= size);
			CHECK(align <= PAGE_SIZE || before - free_pages() <= size / PAGE_SIZE + 1);
			heap_free(&kernel_heap, p);
		}
}

static void test_too_large(void)
{
	start(2 * MIB);
	CHECK(!heap_alloc(&kernel_heap, SIZE_MAX));
	CHECK(!heap_alloc(&kernel_heap, SIZE_MAX - 4096));
	CHECK(!heap_alloc(&kernel_heap, 1UL << 63));
	CHECK(!heap_alloc(&kernel_heap, 3 * MIB));
	CHECK(!heap_alloc_aligned(&kernel_heap, 64, SIZE_MAX));
	CHECK(!heap_alloc_aligned(&kernel_heap, 64, SIZE_MAX - 4096));
	CHECK(!heap_alloc_aligned(&kernel_heap, 1UL << 63, SIZE_MAX - 8192));
	CHECK(!heap_alloc_aligned(&kernel_heap, 1UL << 63, 1));
}

/* All memory is in one class's empty slabs, then another class wants some. */
static void test_trims_when_out(void)
{
	void *blocks[40];
	unsigned n = 0;

	start(64 * 1024);
	CHECK(heap_alloc(&second_heap, 1000) != NULL); /* not ours to trim */
	while ((blocks[n] = heap_alloc(&kernel_heap, 3000)))
		n++;
	while (n > 0)
		heap_free(&kernel_heap, blocks[--n]);
	while ((blocks[n] = heap_alloc(&kernel_heap, 4096)))
		n++;
	CHECK_EQ(n, 14);
	while (n > 0)
		heap_free(&kernel_heap, blocks[--n]);
}

static void test_empty_slabs_go_back(void)
{
	static void *blocks[20000];
	size_t before;

	start(8 * MIB);
	before = free_pages();
	for (unsigned i = 0; i < ARRAY_SIZE(blocks); i++)
		blocks[i] = kalloc(64);
	for (unsigned i = 0; i < ARRAY_SIZE(blocks); i++)
		kfree(blocks[i]);
	CHECK(before - free_pages() <= 2);
	CHECK(heap_trim(&kernel_heap));
	CHECK_EQ(before, free_pages());
	CHECK(!heap_trim(&kernel_heap));
}

static void test_bad_pointers(void)
{
	int on_stack = 0;
	char *p;

	start(8 * MIB);
	p = kalloc(64);
	kfree(p);
	CHECK_PANICS(kfree(p), "freed twice");
	start(8 * MIB);
	p = kalloc(64);
	kfree(p);
	heap_trim(&kernel_heap);
	CHECK_PANICS(kfree(p), "freed twice");
	start(8 * MIB);
	p = kalloc(100);
	CHECK_PANICS(kfree(p + 16), "no block");
	start(8 * MIB);
	p = kalloc(100);
	CHECK_PANICS(kfree((void *)((uintptr_t)p & -PAGE_SIZE)), "no block");
	start(8 * MIB);
	CHECK_PANICS(kfree(&on_stack), "no block");
	start(8 * MIB);
	p = kalloc(100);
	CHECK_PANICS(heap_free(&second_heap, p), "no block");
}

/* Short runs that were freed are the next ones of their length, in their heap. */
static void test_runs_are_kept(void)
{
	char *p, *q, *r;
	size_t before;

	start(8 * MIB);
	before = free_pages();
	p = kalloc(8000);
	q = kalloc(8000);
	r = kalloc(8000);
	kfree(r);
	kfree(q);
	kfree(p);
	CHECK_EQ(before - free_pages(), 2 * HEAP_RUNS);
	CHECK(heap_alloc(&second_heap, 8000) != q);
	CHECK(kalloc(12000) != q);
	before = free_pages();
	CHECK(kalloc(8192) == q);
	CHECK(kalloc(7500) == r);
	CHECK_EQ(before, free_pages());
	CHECK_EQ(heap_usable_bytes(&kernel_heap, q), 8192);
	kfree(q);
	kfree(r);
	CHECK(heap_trim(&kernel_heap));
	CHECK_EQ(free_pages(), before + 4);
	p = kalloc(60000);
	kfree(p);
	CHECK_EQ(free_pages(), before + 4);
}

/* Where no memory is left, what was kept is given up for another length. */
static void test_runs_go_when_out(void)
{
	void *last = NULL, *p;

	start(64 * 1024);
	CHECK(heap_alloc(&second_heap, 1000) != NULL);
	while ((p = kalloc(8192)))
		last = p;
	kfree(last);
	CHECK_EQ(free_pages(), 0);
	CHECK(kalloc(4096) && kalloc(4096));
	CHECK(!kalloc(4096));
}

/* The mark of a free block in memory that the program wrote is not taken for one. */
static void test_looks_freed(void)
{
	uint64_t *p[9];

	start(8 * MIB);
	for (unsigned i = 0; i < ARRAY_SIZE(p); i++) {
		p[i] = kalloc(64);
		p[i][1] = HEAP_FREED;
	}
	for (unsigned i = 0; i < ARRAY_SIZE(p); i++)
		kfree(p[i]);
	CHECK_PANICS(kfree(p[0]), "freed twice");
}

static void test_preemption_balanced(void)
{
	start(8 * MIB);
	for (unsigned i = 0; i < 100; i++)
		kfree(kalloc(i * 100));
	CHECK_EQ(host_cpu.preempt, 0);
	CHECK(host_cpu.irq_on);
}

static void test_bad_large_pointers(void)
{
	char *p;

	start(8 * MIB);
	p = kalloc(20000);
	kfree(p);
	CHECK_PANICS(kfree(p), "freed twice");
	start(8 * MIB);
	p = kalloc(20000);
	kfree(p);
	heap_trim(&kernel_heap);
	CHECK_PANICS(kfree(p), "freed twice");
	start(8 * MIB);
	p = kalloc(60000); /* too long to be kept */
	kfree(p);
	CHECK_PANICS(kfree(p), "freed twice");
	start(8 * MIB);
	p = kalloc(20000);
	CHECK_PANICS(kfree(p + PAGE_SIZE), "no block");
	CHECK_PANICS(kfree(p + 16), "no block");
	CHECK_PANICS(heap_free(&second_heap, p), "no block");
	p = page_alloc(0);
	CHECK_PANICS(kfree(p), "no block");
	kfree(NULL);
}

/* A block is written beyond its end, into the next slab's header. */
static void test_damaged_header(void)
{
	static char *first, *second; /* static: they outlive the longjmp() */

	start(64 * 1024);
	first = kalloc(48);
	do
		second = kalloc(48);
	while (((uintptr_t)first ^ (uintptr_t)second) < PAGE_SIZE);
	second = (char *)((uintptr_t)second & -PAGE_SIZE);
	CHECK(second > first && second - first < (long)PAGE_SIZE);
	memset(second, 'x', 24);
	kfree(second + PAGE_SIZE - 48);
	CHECK_PANICS(heap_trim(&kernel_heap), "heap");
}

/* One byte behind what was asked for, whatever is left of the block, in both ways to give it back.
 */
static void test_overflow(void)
{
	static const size_t sizes[] = { 0,   1,   8,   15,  17,   24,   31,  63,
					100, 127, 129, 200, 1000, 3000, 7000 };

	static unsigned full; /* static: it outlives the longjmp() */

	for (unsigned i = 0; i < ARRAY_SIZE(sizes); i++)
		for (full = 0; full < 2; full++) {
			static char *p, *others[HEAP_CACHE_SLOTS];

			start(8 * MIB);
			p = kalloc(sizes[i]);
			for (unsigned n = 0; full && n < ARRAY_SIZE(others); n++)
				others[n] = kalloc(sizes[i]);
			for (unsigned n = 0; full && n < ARRAY_SIZE(others); n++)
				kfree(others[n]);
			memset(p, 0xa5, sizes[i]);
			p[sizes[i]] = 0;
			CHECK_PANICS(kfree(p), "written beyond its end");
		}
}

static void test_overflow_of_all_sizes(void)
{
	static char *p; /* static: they outlive the longjmp() */
	static size_t size;

	for (size = 0; size < 2000; size++) {
		start(2 * MIB);
		p = kalloc(size);
		memset(p, 0xff, size);
		if (size % 16 == 0 && size != 0)
			continue; /* may fill its block */
		p[size] ^= 1;
		CHECK_PANICS(kfree(p), "written beyond its end");
	}
}

static void test_resize(void)
{
	static char *p;

	start(8 * MIB);
	p = kalloc(100);
	CHECK(heap_resize(&kernel_heap, p, 112) && !heap_resize(&kernel_heap, p, 113));
	CHECK(!heap_resize(&kernel_heap, p, 50));
	CHECK_EQ(heap_usable_bytes(&kernel_heap, p), 112);
	CHECK(heap_resize(&kernel_heap, p, 90));
	CHECK_EQ(heap_usable_bytes(&kernel_heap, p), 90);
	memset(p, 0xff, 90);
	p[90] = 0;
	CHECK_PANICS((void)!heap_resize(&kernel_heap, p, 100), "a block of 90 bytes");
}

/* All of the block's bytes stay, up to the new guard. */
static void test_resize_keeps_contents(void)
{
	start(8 * MIB);
	for (size_t size = 56; size <= 112; size++) {
		unsigned char *p = kalloc(100);

		memset(p, 0xa5, 100);
		CHECK(heap_resize(&kernel_heap, p, size));
		for (size_t i = 0; i < MIN(size, (size_t)100); i++)
			CHECK_EQ(p[i], 0xa5);
		kfree(p);
	}
}

static void test_write_to_a_free_block(void)
{
	static uint64_t *p;

	start(8 * MIB);
	p = kalloc(100);
	kfree(p);
	p[1] = 0;
	CHECK_PANICS((void)!kalloc(100), "after it was freed");
}

static void test_zeroed(void)
{
	char *p;

	start(2 * MIB);
	p = kalloc(500);
	memset(p, 'x', 500);
	kfree(p);
	p = kzalloc(500);
	for (unsigned i = 0; i < 500; i++)
		CHECK(p[i] == 0);
}

int main(void)
{
	RUN(test_random);
	RUN(test_random_small_ram);
	RUN(test_random_skewed_direct_map);
	RUN(test_every_size);
	RUN(test_aligned);
	RUN(test_too_large);
	RUN(test_trims_when_out);
	RUN(test_empty_slabs_go_back);
	RUN(test_bad_pointers);
	RUN(test_bad_large_pointers);
	RUN(test_runs_are_kept);
	RUN(test_runs_go_when_out);
	RUN(test_looks_freed);
	RUN(test_preemption_balanced);
	RUN(test_damaged_header);
	RUN(test_overflow);
	RUN(test_overflow_of_all_sizes);
	RUN(test_resize);
	RUN(test_resize_keeps_contents);
	RUN(test_write_to_a_free_block);
	RUN(test_zeroed);
	return check_done();
}
