// SPDX-License-Identifier: BSD-2-Clause
/*
 * lib/libc/x86_64/string.c against plain byte loops, at every length and alignment up to a few
 * hundred bytes, with an unmapped page right behind (and before) what may be touched.
 */
#include <sys/mman.h>
#include "tests/check.h"

#define memcpy  unik_memcpy
#define memmove unik_memmove
#define memset  unik_memset
#define memcmp  unik_memcmp
#define memchr  unik_memchr
#define strlen  unik_strlen
void *memcpy(void *restrict d, const void *restrict s, size_t n);
void *memmove(void *d, const void *s, size_t n);
void *memset(void *d, int c, size_t n);
int memcmp(const void *a, const void *b, size_t n);
void *memchr(const void *s, int c, size_t n);
size_t strlen(const char *s);
#include "lib/libc/x86_64/string.c"
#undef memcpy
#undef memmove
#undef memset
#undef memcmp
#undef memchr
#undef strlen

#define PAGE      4096
#define MAX_BYTES 300 /* past every change of method */

/* One page with nothing mapped before and after it. */
static unsigned char *lonely_page(void)
{
	unsigned char *p = mmap(NULL, 3 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED || mprotect(p + PAGE, PAGE, PROT_READ | PROT_WRITE) != 0)
		exit(2);
	return p + PAGE;
}

static void drop_page(unsigned char *page)
{
	munmap(page - PAGE, 3 * PAGE);
}

static void fill(unsigned char *p, size_t n, unsigned seed)
{
	size_t i;

	for (i = 0; i < n; i++)
		p[i] = (unsigned char)(seed = seed * 1103515245 + 12345, seed >> 16);
}

/* All bytes of p[0..n) are v. */
static int all(const unsigned char *p, size_t n, unsigned char v)
{
	while (n && *p == v)
		p++, n--;
	return n == 0;
}

static void check_copy(unsigned char *d, const unsigned char *s, size_t n)
{
	memset(d, 0xee, n);
	CHECK(unik_memcpy(d, s, n) == d);
	CHECK(memcmp(d, s, n) == 0);
}

static void test_memcpy_at_edges(void)
{
	unsigned char *a = lonely_page(), *b = lonely_page();

	fill(a, PAGE, 1);
	for (size_t n = 0; n <= MAX_BYTES; n++) {
		check_copy(b, a, n);
		check_copy(b + PAGE - n, a + PAGE - n, n);
		check_copy(b + PAGE - n, a, n);
		check_copy(b, a + PAGE - n, n);
	}
	check_copy(b, a, PAGE);
	drop_page(a);
	drop_page(b);
}

static void test_memcpy_alignments(void)
{
	static unsigned char from[MAX_BYTES + 32], to[MAX_BYTES + 32];

	fill(from, sizeof(from), 2);
	for (size_t n = 0; n <= MAX_BYTES; n++)
		for (size_t off = 0; off < 64; off++) {
			unsigned char *d = to + 8 + off % 8, *s = from + 8 + off / 8;

			memset(to, 0xee, sizeof(to));
			unik_memcpy(d, s, n);
			CHECK(memcmp(d, s, n) == 0);
			CHECK(all(to, (size_t)(d - to), 0xee));
			CHECK(all(d + n, sizeof(to) - (size_t)(d - to) - n, 0xee));
		}
}

static void test_memmove_overlapping(void)
{
	static unsigned char start[2 * MAX_BYTES], want[2 * MAX_BYTES], got[2 * MAX_BYTES];

	fill(start, sizeof(start), 3);
	for (size_t n = 0; n < MAX_BYTES; n += n < 80 ? 1 : 7)
		for (size_t from = 0; from < MAX_BYTES - 1; from += n < 80 ? 3 : 1) {
			size_t to = MAX_BYTES / 2;

			memcpy(want, start, sizeof(want));
			memcpy(got, start, sizeof(got));
			memmove(want + to, want + from, n);
			CHECK(unik_memmove(got + to, got + from, n) == got + to);
			CHECK(memcmp(got, want, sizeof(got)) == 0);
		}
}

static void test_memset(void)
{
	unsigned char *page = lonely_page();

	for (size_t n = 0; n <= MAX_BYTES; n++)
		for (size_t off = 0; off < 9; off++) {
			unsigned char *d = page + PAGE - n - off;

			memset(page, 0x11, PAGE);
			CHECK(unik_memset(d, 0x1ff & (0x80 + (int)n), n) == d);
			CHECK(all(d, n, (unsigned char)(0x80 + n)));
			CHECK(all(page, (size_t)(d - page), 0x11));
			CHECK(all(d + n, off, 0x11));
		}
	drop_page(page);
}

static int sign(int v)
{
	return (v > 0) - (v < 0);
}

static void test_memcmp(void)
{
	unsigned char *a = lonely_page(), *b = lonely_page();

	for (size_t n = 0; n <= 100; n++) {
		unsigned char *x = a + PAGE - n, *y = b + PAGE - n;

		fill(x, n, (unsigned)n);
		memcpy(y, x, n);
		CHECK_EQ(unik_memcmp(x, y, n), 0);
		for (size_t i = 0; i < n; i++)
			for (int delta = 1; delta < 256; delta += 127) {
				y[i] = (unsigned char)(x[i] + delta);
				if (i + 1 < n)
					y[i + 1]++; /* only the first difference counts */
				CHECK_EQ(sign(unik_memcmp(x, y, n)), sign(memcmp(x, y, n)));
				memcpy(y, x, n);
			}
	}
	drop_page(a);
	drop_page(b);
}

static void test_memchr(void)
{
	unsigned char *page = lonely_page();

	for (size_t n = 0; n <= 100; n++) {
		unsigned char *s = page + PAGE - n;

		memset(s, 0x7f, n);
		CHECK(unik_memchr(s, 0, n) == NULL);
		CHECK(unik_memchr(s, 0xff, n) == NULL);
		for (size_t i = 0; i < n; i++) {
			s[i] = 0xff;
			if (i + 1 < n)
				s[i + 1] = 0xff;
			CHECK(unik_memchr(s, -1, n) == s + i);
			CHECK(unik_memchr(s, 0xff, i) == NULL);
			CHECK(unik_memchr(s, 0xff, n + 100) == s + i); /* more than there is */
			CHECK(unik_memchr(s, 0xff, SIZE_MAX) == s + i);
			memset(s, 0x7f, n);
		}
	}
	drop_page(page);
}

/* Runs of 0x01 after the first zero and 0x80 are what a careless zero-byte test stumbles on. */
static void test_strlen(void)
{
	static const unsigned char fills[] = { 0x01, 0x80, 0xff, 'a' };
	unsigned char *page = lonely_page();

	for (size_t f = 0; f < sizeof(fills); f++)
		for (size_t n = 0; n <= 100; n++) {
			unsigned char *s = page + PAGE - n - 1;

			memset(page, 0, PAGE);
			memset(s, fills[f], n);
			CHECK_EQ(unik_strlen((char *)s), n);
			memset(page, fills[f], PAGE - 1);
			page[50 + n] = 0;
			CHECK_EQ(unik_strlen((char *)page + 50), n);
		}
	drop_page(page);
}

static void run_movers(void)
{
	RUN(test_memcpy_at_edges);
	RUN(test_memcpy_alignments);
	RUN(test_memmove_overlapping);
	RUN(test_memset);
}

int main(void)
{
	string_by_bytes = false;
	run_movers();
	string_by_bytes = true;
	run_movers();
	RUN(test_memcmp);
	RUN(test_memchr);
	RUN(test_strlen);
	return check_done();
}
