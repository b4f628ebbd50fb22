// SPDX-License-Identifier: BSD-2-Clause
/*
 * string.c - memset and memchr for AArch64.
 *
 * For the kernel, newlib and programs: general registers only, so that interrupt handlers and the
 * first touch of a page may use them without saving the FPU. newlib's own use vectors; what else
 * the kernel calls of it (memcpy, memmove, memcmp, strlen) does not.
 */
#include <asm/zero_line.h>
#include <stdint.h>
#include <string.h>
#include "lib/base/compiler.h"

#define ONES  0x0101010101010101ULL
#define HIGHS 0x8080808080808080ULL

typedef uint64_t word __attribute__((may_alias, aligned(1)));
typedef uint32_t half __attribute__((may_alias, aligned(1)));

#define WORD(p, offset) (*(word *)((char *)(p) + (offset)))
#define HALF(p, offset) (*(half *)((char *)(p) + (offset)))

/* The compiler knows loops that are memset and the like, and would call what it is in. */
#define KEEP_LOOP() __asm__ volatile("" ::: "memory")

static inline void set_16(char *d, uint64_t v)
{
	WORD(d, 0) = v;
	WORD(d, 8) = v;
}

/* Up to 15 bytes, by stores that overlap. */
static void set_short(char *d, uint64_t v, size_t n)
{
	if (n >= 8) {
		WORD(d, 0) = v;
		WORD(d, n - 8) = v;
	} else if (n >= 4) {
		HALF(d, 0) = (uint32_t)v;
		HALF(d, n - 4) = (uint32_t)v;
	} else if (n > 0) {
		d[0] = (char)v;
		d[n / 2] = (char)v;
		d[n - 1] = (char)v;
	}
}

/* Whole lines of zeros, where the CPU makes such of 64 bytes; returns how far it came. */
static char *zero_lines(char *d, const char *end)
{
	if (cpu_zero_line_bytes() != 64)
		return d;
	set_16(d, 0);
	set_16(d + 16, 0);
	set_16(d + 32, 0);
	set_16(d + 48, 0);
	d = (char *)(((uintptr_t)d | 63) + 1);
	for (; end - d > 256; d += 256) {
		cpu_zero_line(d);
		cpu_zero_line(d + 64);
		cpu_zero_line(d + 128);
		cpu_zero_line(d + 192);
	}
	return d;
}

UNIK_API void *memset(void *to, int c, size_t n)
{
	uint64_t v = (uint8_t)c * ONES;
	char *d = to, *end = d + n;

	if (n < 16) {
		set_short(d, v, n);
		return to;
	}
	if (v == 0 && n >= 256)
		d = zero_lines(d, end);
	for (; end - d > 64; d += 64) {
		set_16(d, v);
		set_16(d + 16, v);
		set_16(d + 32, v);
		set_16(d + 48, v);
		KEEP_LOOP();
	}
	for (; end - d > 16; d += 16) {
		set_16(d, v);
		KEEP_LOOP();
	}
	set_16(end - 16, v);
	return to;
}

/* Whole aligned words are looked at, which never cross into a page that is not there; what lies
 * before s and behind its end does not count. */
UNIK_API void *memchr(const void *s, int c, size_t n)
{
	const char *from = s,
		   *end = n > UINTPTR_MAX - (uintptr_t)s ? (char *)UINTPTR_MAX : from + n;
	uint64_t want = (uint8_t)c * ONES, before;

	if (n == 0)
		return NULL;
	before = (uintptr_t)from % 8 ? (1ULL << (uintptr_t)from % 8 * 8) - 1 : 0;
	for (const char *p = from - (uintptr_t)from % 8; p < end; p += 8) {
		/* The bytes that are searched for become 0. Little-endian: the first is lowest, and
		 * what a borrow adds is above the first. */
		uint64_t x = (WORD(p, 0) ^ want) | before;
		uint64_t found = (x - ONES) & ~x & HIGHS;

		if (found) {
			p += __builtin_ctzll(found) / 8;
			return p < end ? (void *)p : NULL;
		}
		before = 0;
	}
	return NULL;
}
