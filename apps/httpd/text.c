// SPDX-License-Identifier: BSD-2-Clause
#include "text.h"

void text_mem(struct text *t, const void *bytes, size_t len)
{
	size_t room = (size_t)(t->end - t->at);

	if (len > room)
		len = room;
	memcpy(t->at, bytes, len);
	t->at += len;
}

void text_str(struct text *t, const char *s)
{
	text_mem(t, s, strlen(s));
}

void text_char(struct text *t, char c)
{
	if (t->at < t->end)
		*t->at++ = c;
}

static void text_number(struct text *t, uint64_t v, unsigned int base)
{
	char digits[20]; /* 2^64 - 1 has 20 decimal digits */
	char *at = digits + sizeof(digits);

	do {
		*--at = "0123456789abcdef"[v % base];
		v /= base;
	} while (v);
	text_mem(t, at, (size_t)(digits + sizeof(digits) - at));
}

void text_u64(struct text *t, uint64_t v)
{
	text_number(t, v, 10);
}

void text_hex(struct text *t, uint64_t v)
{
	text_number(t, v, 16);
}

void text_pad2(struct text *t, unsigned int v)
{
	text_char(t, (char)('0' + v / 10 % 10));
	text_char(t, (char)('0' + v % 10));
}
