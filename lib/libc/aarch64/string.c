// SPDX-License-Identifier: BSD-2-Clause
/*
 * string.c - memset and memchr for AArch64.
 *
 * Kernel code fills and searches memory in interrupts and in page faults, which save no FPU
 * registers; newlib's versions of these two use them. Its other functions do not.
 */
#include <stdint.h>
#include <string.h>
#include "lib/base/compiler.h"

#define ONES 0x0101010101010101ULL

typedef uint64_t word __attribute__((may_alias, aligned(1)));

/* The compiler knows loops that are memset and the like, and would call what it is in. */
#define KEEP_LOOP() __asm__ volatile("" ::: "memory")

/* Short blocks are filled by stores that overlap, without a loop; long ones by pairs of words. */
UNIK_API void *memset(void *dest, int c, size_t n)
{
	char *d = dest, *last = d + n - 16;
	word fill = (uint8_t)c * ONES;

	if (n < 16) {
		for (; n > 0; n--) {
			*d++ = (char)c;
			KEEP_LOOP();
		}
		return dest;
	}
	for (; n > 64; n -= 64, d += 64) {
		word *w = (word *)d;

		w[0] = w[1] = w[2] = w[3] = fill;
		w[4] = w[5] = w[6] = w[7] = fill;
		KEEP_LOOP();
	}
	for (; d < last; d += 16) {
		((word *)d)[0] = ((word *)d)[1] = fill;
		KEEP_LOOP();
	}
	((word *)last)[0] = ((word *)last)[1] = fill;
	return dest;
}

UNIK_API void *memchr(const void *block, int c, size_t n)
{
	const uint8_t *p = block;

	for (; n > 0; n--, p++)
		if (*p == (uint8_t)c)
			return (void *)p;
	return NULL;
}
