// SPDX-License-Identifier: BSD-2-Clause
/*
 * Text building without the printf family.
 *
 * Model: a struct text is a window on a caller's buffer; every text_*() call appends to it.
 * Units: bytes; nothing is NUL-terminated.
 * Threads: none shared; a struct text belongs to its caller.
 * Errors: what does not fit is cut off, and text_full() tells so afterwards.
 *
 * The printf family is avoided in the whole program because newlib's costs 30 KB of image.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct text {
	char *start;
	char *at;
	char *end;
};

static inline void text_init(struct text *t, char *buf, size_t cap_bytes)
{
	t->start = buf;
	t->at = buf;
	t->end = buf + cap_bytes;
}

static inline size_t text_len(const struct text *t)
{
	return (size_t)(t->at - t->start);
}

static inline bool text_full(const struct text *t)
{
	return t->at == t->end;
}

/* text_mem() - append len bytes. */
void text_mem(struct text *t, const void *bytes, size_t len);

/* text_str() - append a NUL-terminated string, without its NUL. */
void text_str(struct text *t, const char *s);

/* text_char() - append one byte. */
void text_char(struct text *t, char c);

/* text_u64() - append v in decimal. */
void text_u64(struct text *t, uint64_t v);

/* text_hex() - append v in lower-case hexadecimal, without leading zeros. */
void text_hex(struct text *t, uint64_t v);

/* text_pad2() - append the last two decimal digits of v, as in "07". */
void text_pad2(struct text *t, unsigned int v);
