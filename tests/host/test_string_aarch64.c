// SPDX-License-Identifier: BSD-2-Clause
/* lib/libc/aarch64/string.c, which is portable C for little-endian machines, against plain loops at
 * every length and alignment up to a few hundred bytes. */
#include <stdlib.h>
#include "tests/check.h"

#define memset unik_memset
#define memchr unik_memchr
void *memset(void *d, int c, size_t n);
void *memchr(const void *s, int c, size_t n);
#include "lib/libc/aarch64/string.c"
#undef memset
#undef memchr

#define MAX_BYTES 300
#define MARGIN    16

static void memset_everywhere(int c)
{
	unsigned char buf[MAX_BYTES + 3 * MARGIN];

	for (size_t at = MARGIN; at < 2 * MARGIN; at++)
		for (size_t n = 0; n <= MAX_BYTES; n++) {
			for (size_t i = 0; i < sizeof(buf); i++)
				buf[i] = 0x11;
			CHECK(unik_memset(buf + at, c, n) == buf + at);
			for (size_t i = 0; i < sizeof(buf); i++)
				CHECK((buf[i] == (unsigned char)c) == (i >= at && i < at + n));
		}
}

static void test_memset(void)
{
	memset_everywhere(0x1ee);
	memset_everywhere(0); /* by lines */
}

/* What is searched for lies before, in and behind the range, next to bytes one larger, over which a
 * borrow could run. */
static void test_memchr(void)
{
	_Alignas(8) unsigned char buf[96];

	for (size_t at = 8; at < 16; at++)
		for (size_t n = 0; n <= 64; n++)
			for (size_t where = 0; where < 88; where++) {
				for (size_t i = 0; i < sizeof(buf); i++)
					buf[i] = 0x81;
				buf[where] = 0x80;
				CHECK(unik_memchr(buf + at, 0x180, n) ==
				      (where >= at && where < at + n ? buf + where : NULL));
			}
}

int main(void)
{
	RUN(test_memset);
	RUN(test_memchr);
	return check_done();
}
