// SPDX-License-Identifier: BSD-2-Clause
/*
 * uchar.c - UTF-16 and UTF-32 in C strings (C11, 7.28.1), on newlib's multibyte functions, whose
 * wide characters are UTF-32.
 *
 * A half of a surrogate pair that waits for the other is kept in the state's value, which newlib
 * uses only in the middle of a multibyte character; its count then is PENDING.
 */
#include <uchar.h>
#include <errno.h>
#include "lib/base/compiler.h"

#define PENDING (-1)

static mbstate_t own_state[4]; /* of each function, for callers without one (C11, 7.28.1) */

UNIK_API size_t mbrtoc32(char32_t *restrict out, const char *restrict s, size_t n,
			 mbstate_t *restrict state)
{
	wchar_t c = 0;
	size_t used = mbrtowc(&c, s ? s : "", s ? n : 1, state ? state : &own_state[0]);

	if (s && out && used <= n)
		*out = (char32_t)c;
	return used;
}

UNIK_API size_t c32rtomb(char *restrict out, char32_t c, mbstate_t *restrict state)
{
	return wcrtomb(out, (wchar_t)c, state ? state : &own_state[1]);
}

UNIK_API size_t mbrtoc16(char16_t *restrict out, const char *restrict s, size_t n,
			 mbstate_t *restrict state)
{
	mbstate_t *st = state ? state : &own_state[2];
	wchar_t c = 0;
	size_t used;

	if (st->__count == PENDING) {
		if (out)
			*out = (char16_t)st->__value.__wch;
		st->__count = 0;
		return (size_t)-3;
	}
	used = mbrtowc(&c, s ? s : "", s ? n : 1, st);
	if (used > n && s)
		return used;
	if (c >= 0x10000) {
		st->__count = PENDING;
		st->__value.__wch = (wint_t)(0xdc00 | (c & 0x3ff));
		c = 0xd800 + ((c - 0x10000) >> 10);
	}
	if (s && out)
		*out = (char16_t)c;
	return used;
}

UNIK_API size_t c16rtomb(char *restrict out, char16_t c, mbstate_t *restrict state)
{
	mbstate_t *st = state ? state : &own_state[3];
	bool is_low = c >> 10 == 0x37;

	if (!out)
		c = 0;
	if (st->__count == PENDING) {
		st->__count = 0;
		if (!is_low)
			goto invalid;
		return wcrtomb(
			out, (wchar_t)(0x10000 + ((st->__value.__wch & 0x3ff) << 10 | (c & 0x3ff))),
			st);
	}
	if (is_low)
		goto invalid;
	if (c >> 10 != 0x36)
		return wcrtomb(out, c, st);
	st->__count = PENDING;
	st->__value.__wch = c;
	return 0;

invalid:
	errno = EILSEQ;
	return (size_t)-1;
}
