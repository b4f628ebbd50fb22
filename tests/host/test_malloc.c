// SPDX-License-Identifier: BSD-2-Clause
/* lib/libc/malloc.c under other names, on the real heap. */
// link: kernel/heap.c kernel/page.c
#include <errno.h>
#include <malloc.h>
#include "tests/host/fake/fake.h"

#define malloc             unik_malloc
#define free               unik_free
#define calloc             unik_calloc
#define realloc            unik_realloc
#define reallocarray       unik_reallocarray
#define memalign           unik_memalign
#define aligned_alloc      unik_aligned_alloc
#define posix_memalign     unik_posix_memalign
#define malloc_usable_size unik_malloc_usable_size
#define malloc_trim        unik_malloc_trim
void *malloc(size_t size);
void free(void *p);
void *calloc(size_t n, size_t size);
void *realloc(void *p, size_t size);
void *reallocarray(void *p, size_t n, size_t size);
void *memalign(size_t align, size_t size);
void *aligned_alloc(size_t align, size_t size);
int posix_memalign(void **out, size_t align, size_t size);
size_t malloc_usable_size(void *p);
int malloc_trim(size_t pad);
#include "lib/libc/malloc.c"

#define MIB (1UL << 20)

static void start(size_t bytes)
{
	fake_ram_init_all(bytes);
	memset(&user_heap, 0, sizeof(user_heap));
	memset(&kernel_heap, 0, sizeof(kernel_heap));
	errno = 0;
}

static size_t free_pages(void)
{
	struct page_stats s;

	page_get_stats(&s);
	return s.free_pages;
}

static bool is_filled(const char *p, char with, size_t n)
{
	while (n && *p == with)
		p++, n--;
	return n == 0;
}

static void test_malloc_free(void)
{
	size_t before;

	start(4 * MIB);
	before = free_pages();
	for (size_t size = 0; size < 10000; size += 7) {
		char *p = malloc(size);

		CHECK(p && (uintptr_t)p % 16 == 0);
		CHECK(malloc_usable_size(p) >= size);
		memset(p, 'x', malloc_usable_size(p));
		free(p);
	}
	free(NULL);
	CHECK_EQ(malloc_usable_size(NULL), 0);
	CHECK_EQ(malloc_trim(0), 1);
	CHECK_EQ(malloc_trim(0), 0);
	CHECK_EQ(free_pages(), before);
	CHECK_EQ(errno, 0);
	CHECK_EQ(host_cpu.preempt, 0);
}

static void test_calloc(void)
{
	char *p;

	start(4 * MIB);
	p = malloc(1000);
	memset(p, 'x', 1000);
	free(p);
	p = calloc(10, 100);
	CHECK(is_filled(p, 0, 1000));
	free(p);
	CHECK(calloc(SIZE_MAX / 2, 3) == NULL);
	CHECK_EQ(errno, ENOMEM);
	p = calloc(0, 10);
	CHECK(p != NULL);
	free(p);
}

static void test_realloc(void)
{
	char *p = NULL;
	size_t before, size = 0;

	start(16 * MIB);
	before = free_pages();
	for (size_t next = 1; next < 2 * MIB; next = next * 3 / 2 + 1) {
		p = realloc(p, next);
		CHECK(p && is_filled(p, 'x', size));
		size = next;
		memset(p, 'x', size);
	}
	while (size > 1) {
		size = size * 2 / 3;
		p = realloc(p, size);
		CHECK(is_filled(p, 'x', size));
		CHECK(malloc_usable_size(p) <= MAX(4 * size, 64UL));
	}
	CHECK(realloc(p, 0) == NULL);
	malloc_trim(0);
	CHECK_EQ(free_pages(), before);
}

static void test_realloc_without_memory(void)
{
	char *p, *q;

	start(256 * 1024);
	p = malloc(40000);
	memset(p, 'x', 40000);
	CHECK(realloc(p, 400000) == NULL);
	CHECK_EQ(errno, ENOMEM);
	CHECK(reallocarray(p, SIZE_MAX / 4, 8) == NULL);
	CHECK(is_filled(p, 'x', 40000));
	while (malloc(1))
		;
	q = realloc(p, 10000); /* nowhere to move it to, so it stays */
	CHECK(q == p);
}

static void test_reallocarray(void)
{
	char *p;

	start(4 * MIB);
	p = reallocarray(NULL, 10, 50);
	CHECK(malloc_usable_size(p) >= 500);
	free(p);
	CHECK(reallocarray(NULL, SIZE_MAX / 2, 3) == NULL);
	CHECK_EQ(errno, ENOMEM);
}

static void test_aligned(void)
{
	void *p = NULL;

	start(16 * MIB);
	for (size_t align = 8; align <= MIB; align *= 2) {
		CHECK_EQ(posix_memalign(&p, align, 100), 0);
		CHECK_EQ((uintptr_t)p % align, 0);
		free(p);
		p = memalign(align, align * 3);
		CHECK_EQ((uintptr_t)p % align, 0);
		free(p);
	}
	p = aligned_alloc(64, 640);
	CHECK_EQ((uintptr_t)p % 64, 0);
	free(p);
	CHECK_EQ(errno, 0);
	CHECK_EQ(posix_memalign(&p, 4, 100), EINVAL);
	CHECK_EQ(posix_memalign(&p, 24, 100), EINVAL);
	CHECK_EQ(posix_memalign(&p, 0, 100), EINVAL);
	CHECK_EQ(posix_memalign(&p, 64, 64 * MIB), ENOMEM);
	CHECK_EQ(errno, 0);
	CHECK(memalign(24, 100) == NULL);
	CHECK_EQ(errno, EINVAL);
}

static void test_out_of_memory(void)
{
	static void *blocks[10000];
	size_t n = 0;

	start(256 * 1024);
	while ((blocks[n] = malloc(100)))
		n++;
	CHECK_EQ(errno, ENOMEM);
	CHECK_EQ(n, 64 * 35);
	CHECK(malloc(5000) == NULL);
	while (n > 0)
		free(blocks[--n]);
	CHECK(malloc(5000) != NULL);
}

static void test_wrong_heap(void)
{
	void *p;

	start(4 * MIB);
	p = malloc(64);
	CHECK_PANICS(kfree(p), "no block");
	start(4 * MIB);
	p = kalloc(64);
	CHECK_PANICS(free(p), "no block");
	start(4 * MIB);
	p = kalloc(64000);
	CHECK_PANICS(free(p), "no block");
	start(4 * MIB);
	p = malloc(64);
	free(p);
	CHECK_PANICS(free(p), "freed twice");
}

static void test_reent_forms(void)
{
	char *p;

	start(4 * MIB);
	p = _malloc_r(NULL, 10);
	p = _realloc_r(NULL, p, 1000);
	CHECK(malloc_usable_size(p) >= 1000);
	_free_r(NULL, p);
	p = _calloc_r(NULL, 10, 10);
	CHECK(is_filled(p, 0, 100));
	_free_r(NULL, p);
	p = _memalign_r(NULL, 256, 10);
	CHECK_EQ((uintptr_t)p % 256, 0);
	_free_r(NULL, p);
	CHECK(_malloc_r(NULL, SIZE_MAX) == NULL);
	CHECK_EQ(errno, ENOMEM);
}

int main(void)
{
	RUN(test_malloc_free);
	RUN(test_calloc);
	RUN(test_realloc);
	RUN(test_realloc_without_memory);
	RUN(test_reallocarray);
	RUN(test_aligned);
	RUN(test_out_of_memory);
	RUN(test_wrong_heap);
	RUN(test_reent_forms);
	return check_done();
}
