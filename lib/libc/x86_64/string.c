// SPDX-License-Identifier: BSD-2-Clause
/*
 * string.c - memcpy, memmove, memset, memcmp, memchr and strlen for x86-64.
 *
 * The one set for the kernel, newlib and programs: general registers only, so interrupt handlers
 * may use them without saving the FPU. Short blocks are moved by overlapping loads and stores
 * without a loop, long ones by one string instruction: by bytes where the processor is fast at
 * that at any alignment, else by words (string_tune.c decides).
 *
 * The direction flag is clear, as the ABI promises (System V AMD64 ABI, 3.2.1).
 */
#include <stdint.h>
#include <string.h>
#include "lib/base/compiler.h"
#include "lib/libc/x86_64/string_tune.h"

bool string_by_bytes;

/* From here on a string instruction wins over its start-up time. */
#define LONG_BYTES 64

#define ONES  0x0101010101010101ULL
#define HIGHS 0x8080808080808080ULL

typedef uint64_t word __attribute__((may_alias, aligned(1)));
typedef uint32_t half __attribute__((may_alias, aligned(1)));
typedef uint16_t quarter __attribute__((may_alias, aligned(1)));

#define WORD(p, offset)    (*(word *)((char *)(p) + (offset)))
#define HALF(p, offset)    (*(half *)((char *)(p) + (offset)))
#define QUARTER(p, offset) (*(quarter *)((char *)(p) + (offset)))

#define QUOTE(name)   #name
#define NAME_OF(name) QUOTE(name)

/* The compiler knows loops that are memset and the like, and would call what it is in. */
#define KEEP_LOOP() __asm__ volatile("" ::: "memory")

/* All loads come before the first store, so the blocks may overlap. */
static inline void move_32(char *d, const char *s, size_t n)
{
	word a = WORD(s, 0), b = WORD(s, 8), y = WORD(s, n - 16), z = WORD(s, n - 8);

	WORD(d, 0) = a;
	WORD(d, 8) = b;
	WORD(d, n - 16) = y;
	WORD(d, n - 8) = z;
}

static inline void move_64(char *d, const char *s, size_t n)
{
	word a = WORD(s, 16), b = WORD(s, 24), y = WORD(s, n - 32), z = WORD(s, n - 24);

	move_32(d, s, n);
	WORD(d, 16) = a;
	WORD(d, 24) = b;
	WORD(d, n - 32) = y;
	WORD(d, n - 24) = z;
}

static inline void move_16(char *d, const char *s, size_t n)
{
	if (n >= 8) {
		word a = WORD(s, 0), z = WORD(s, n - 8);

		WORD(d, 0) = a;
		WORD(d, n - 8) = z;
	} else if (n >= 4) {
		half a = HALF(s, 0), z = HALF(s, n - 4);

		HALF(d, 0) = a;
		HALF(d, n - 4) = z;
	} else if (n >= 2) {
		quarter a = QUARTER(s, 0), z = QUARTER(s, n - 2);

		QUARTER(d, 0) = a;
		QUARTER(d, n - 2) = z;
	} else if (n) {
		*d = *s;
	}
}

static inline void move_short(char *d, const char *s, size_t n)
{
	if (n <= 16)
		move_16(d, s, n);
	else if (n <= 32)
		move_32(d, s, n);
	else
		move_64(d, s, n);
}

/* Upward; d may be below s. The last word is read first: it may be overwritten on the way. */
static inline void move_up(char *d, const char *s, size_t n)
{
	word last;
	char *end;

	if (likely(string_by_bytes)) {
		__asm__ volatile("rep movsb" : "+D"(d), "+S"(s), "+c"(n)::"memory");
		return;
	}
	last = WORD(s, n - 8);
	end = d + n;
	n /= 8;
	__asm__ volatile("rep movsq" : "+D"(d), "+S"(s), "+c"(n)::"memory");
	WORD(end, -8) = last;
}

/* Downward, for a destination that begins inside the source; `std` is slow everywhere. */
static void move_down(char *d, const char *s, size_t n)
{
	word first = WORD(s, 0), second = WORD(s, 8);

	for (; n > 16; n -= 16) {
		word a = WORD(s, n - 16), b = WORD(s, n - 8);

		WORD(d, n - 16) = a;
		WORD(d, n - 8) = b;
		KEEP_LOOP();
	}
	WORD(d, 0) = first;
	WORD(d, 8) = second;
}

UNIK_API void *memmove(void *d, const void *s, size_t n)
{
	if (n <= LONG_BYTES)
		move_short(d, s, n);
	else if ((uintptr_t)d - (uintptr_t)s >= n)
		move_up(d, s, n);
	else
		move_down(d, s, n);
	return d;
}

/* Up to LONG_BYTES it is the same work, beyond that three instructions more. */
UNIK_API void *memcpy(void *restrict d, const void *restrict s, size_t n)
	__attribute__((alias(NAME_OF(memmove))));

static inline void set_short(char *d, word v, size_t n)
{
	if (n >= 8) {
		WORD(d, 0) = v;
		WORD(d, n - 8) = v;
		if (n > 16) {
			WORD(d, 8) = v;
			WORD(d, n - 16) = v;
		}
		if (n > 32) {
			WORD(d, 16) = v;
			WORD(d, 24) = v;
			WORD(d, n - 32) = v;
			WORD(d, n - 24) = v;
		}
	} else if (n >= 4) {
		HALF(d, 0) = (half)v;
		HALF(d, n - 4) = (half)v;
	} else if (n) {
		d[0] = (char)v;
		d[n / 2] = (char)v;
		d[n - 1] = (char)v;
	}
}

static inline void set_long(char *d, word v, size_t n)
{
	if (likely(string_by_bytes)) {
		__asm__ volatile("rep stosb" : "+D"(d), "+c"(n) : "a"(v) : "memory");
		return;
	}
	WORD(d, n - 8) = v;
	n /= 8;
	__asm__ volatile("rep stosq" : "+D"(d), "+c"(n) : "a"(v) : "memory");
}

UNIK_API void *memset(void *d, int c, size_t n)
{
	word v = ONES * (unsigned char)c;

	if (n <= LONG_BYTES)
		set_short(d, v, n);
	else
		set_long(d, v, n);
	return d;
}

/* The order of two words as memcmp() sees it: by their first differing byte in memory. */
static inline int compare_words(word a, word b)
{
	if (a == b)
		return 0;
	return __builtin_bswap64(a) < __builtin_bswap64(b) ? -1 : 1;
}

UNIK_API int memcmp(const void *a, const void *b, size_t n)
{
	const unsigned char *x = a, *y = b;
	size_t i;

	if (n >= 8) {
		for (i = 0; i < n - 8; i += 8)
			if (WORD(x, i) != WORD(y, i))
				return compare_words(WORD(x, i), WORD(y, i));
		return compare_words(WORD(x, n - 8), WORD(y, n - 8));
	}
	for (i = 0; i < n; i++)
		if (x[i] != y[i])
			return x[i] - y[i];
	return 0;
}

/* Nonzero if a byte of w is zero; its lowest set bit is in the first such byte. */
static inline word zero_bytes(word w)
{
	return (w - ONES) & ~w & HIGHS;
}

static inline size_t first_byte(word mask)
{
	return (size_t)__builtin_ctzll(mask) / 8;
}

/* Whole aligned words are read: what lies beyond the byte that is found, or the end, is in the same
 * page. It need not be there: callers may say more bytes than there are behind one that they know
 * to be found (C11, 7.24.5.1: as if read one after the other). */
UNIK_API UNIK_UNSANITIZED void *memchr(const void *s, int c, size_t n)
{
	const unsigned char *p = s;
	word pattern = ONES * (unsigned char)c;

	for (; n && (uintptr_t)p % 8; n--, p++)
		if (*p == (unsigned char)c)
			return (void *)p;
	for (; n; p += 8, n -= MIN(n, (size_t)8)) {
		word found = zero_bytes(WORD(p, 0) ^ pattern);

		if (found)
			return first_byte(found) < n ? (void *)(p + first_byte(found)) : NULL;
	}
	return NULL;
}

/* Whole aligned words are read here as well. */
UNIK_API UNIK_UNSANITIZED size_t strlen(const char *s)
{
	size_t skip = (uintptr_t)s & 7;
	const char *p = s - skip;
	/* Bytes before the string count as nonzero. */
	word w = WORD(p, 0) | ((1ULL << (skip * 8)) - 1);

	while (!zero_bytes(w)) {
		p += 8;
		w = WORD(p, 0);
		KEEP_LOOP();
	}
	return (size_t)(p - s) + first_byte(zero_bytes(w));
}
