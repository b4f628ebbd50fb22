// SPDX-License-Identifier: BSD-2-Clause
/*
 * iconv.c - conversion between character encodings, by way of code points.
 *
 * Refs: RFC 3629 (UTF-8), RFC 2781 (UTF-16), the Unicode Standard, D90 and D91; ISO-8859-15 and
 * CP1252 by their tables at unicode.org.
 */
#include <iconv.h>
#include <errno.h>
#include <string.h>
#include <strings.h>
#include "kernel/heap.h"

enum { NEED_MORE = -1, INVALID = -2, NO_ROOM = -3, NO_CHARACTER = -4 };

struct encoding {
	const char *names; /* each terminated, an empty one last */
	/* Take a character: returns the bytes used, NEED_MORE or INVALID. */
	int (*get)(const struct encoding *e, const uint8_t *in, size_t n, uint32_t *c);
	/* Put one: returns the bytes written, NO_ROOM or NO_CHARACTER. */
	int (*put)(const struct encoding *e, uint8_t *out, size_t n, uint32_t c);
	bool little;   /* UTF-16, UTF-32: byte order */
	bool marked;   /* with a byte order mark */
	uint8_t first; /* 8-bit: below this byte it is ISO-8859-1; */
	uint8_t count; /* then come so many that the table has; 0: not a character */
	const uint16_t *table;
};

struct __unik_iconv {
	const struct encoding *from, *to;
	bool at_start_in, at_start_out; /* a mark may come, or has to be written */
	bool swapped;                   /* the input's mark says the other byte order */
	bool translit, ignore;
};

/* --- UTF-8 -------------------------------------------------------------------------------- */

static int utf8_get(const struct encoding *e, const uint8_t *in, size_t n, uint32_t *c)
{
	static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned len = in[0] < 0x80       ? 1
		       : in[0] >> 5 == 6  ? 2
		       : in[0] >> 4 == 14 ? 3
		       : in[0] >> 3 == 30 ? 4
					  : 0;

	if (len == 0)
		return INVALID;
	*c = len == 1 ? in[0] : in[0] & (0x7fu >> len);
	for (unsigned i = 1; i < len; i++) {
		if (i >= n)
			return NEED_MORE;
		if (in[i] >> 6 != 2)
			return INVALID;
		*c = *c << 6 | (in[i] & 0x3f);
	}
	return *c < smallest[len] || *c > 0x10ffff || *c >> 11 == 0x1b ? INVALID : (int)len;
}

static int utf8_put(const struct encoding *e, uint8_t *out, size_t n, uint32_t c)
{
	unsigned len = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	if (len > n)
		return NO_ROOM;
	if (len == 1) {
		out[0] = (uint8_t)c;
		return 1;
	}
	for (unsigned i = len; --i > 0; c >>= 6)
		out[i] = (uint8_t)(0x80 | (c & 0x3f));
	out[0] = (uint8_t)(0xf00u >> len | c);
	return (int)len;
}

/* --- UTF-16, UTF-32 ----------------------------------------------------------------------- */

static uint32_t load(const uint8_t *p, unsigned n, bool little)
{
	uint32_t v = 0;

	for (unsigned i = 0; i < n; i++)
		v = v << 8 | p[little ? n - 1 - i : i];
	return v;
}

static void store(uint8_t *p, unsigned n, bool little, uint32_t v)
{
	for (unsigned i = 0; i < n; i++, v >>= 8)
		p[little ? i : n - 1 - i] = (uint8_t)v;
}

static int utf16_get(const struct encoding *e, const uint8_t *in, size_t n, uint32_t *c)
{
	uint32_t low;

	if (n < 2)
		return NEED_MORE;
	*c = load(in, 2, e->little);
	if (*c >> 11 != 0x1b)
		return 2;
	if (*c >> 10 != 0x36)
		return INVALID;
	if (n < 4)
		return NEED_MORE;
	low = load(in + 2, 2, e->little);
	if (low >> 10 != 0x37)
		return INVALID;
	*c = 0x10000 + ((*c & 0x3ff) << 10 | (low & 0x3ff));
	return 4;
}

static int utf16_put(const struct encoding *e, uint8_t *out, size_t n, uint32_t c)
{
	unsigned len = c < 0x10000 ? 2 : 4;

	if (n < len)
		return NO_ROOM;
	if (len == 2) {
		store(out, 2, e->little, c);
		return 2;
	}
	c -= 0x10000;
	store(out, 2, e->little, 0xd800 | c >> 10);
	store(out + 2, 2, e->little, 0xdc00 | (c & 0x3ff));
	return 4;
}

static int utf32_get(const struct encoding *e, const uint8_t *in, size_t n, uint32_t *c)
{
	if (n < 4)
		return NEED_MORE;
	*c = load(in, 4, e->little);
	return *c > 0x10ffff || *c >> 11 == 0x1b ? INVALID : 4;
}

static int utf32_put(const struct encoding *e, uint8_t *out, size_t n, uint32_t c)
{
	if (n < 4)
		return NO_ROOM;
	store(out, 4, e->little, c);
	return 4;
}

/* --- eight bits --------------------------------------------------------------------------- */

static int byte_get(const struct encoding *e, const uint8_t *in, size_t n, uint32_t *c)
{
	unsigned i = (unsigned)in[0] - e->first;

	*c = in[0] >= e->first && i < e->count ? e->table[i] : in[0];
	return *c || !in[0] ? 1 : INVALID;
}

static int byte_put(const struct encoding *e, uint8_t *out, size_t n, uint32_t c)
{
	unsigned byte = c;

	for (unsigned i = 0; i < e->count; i++)
		if (e->table[i] == c && c)
			byte = e->first + i;
	if (byte > 0xff ||
	    (byte == c && c >= e->first && c - e->first < e->count && e->table[c - e->first] != c))
		return NO_CHARACTER;
	if (n < 1)
		return NO_ROOM;
	out[0] = (uint8_t)byte;
	return 1;
}

static const uint16_t nothing[128];
/* 0xa4 to 0xbe */
static const uint16_t latin9[] = { 0x20ac, 0xa5, 0x160, 0xa7, 0x161, 0xa9, 0xaa,  0xab,  0xac,
				   0xad,   0xae, 0xaf,  0xb0, 0xb1,  0xb2, 0xb3,  0x17d, 0xb5,
				   0xb6,   0xb7, 0x17e, 0xb9, 0xba,  0xbb, 0x152, 0x153, 0x178 };
/* 0x80 to 0x9f */
static const uint16_t cp1252[] = { 0x20ac, 0,      0x201a, 0x192,  0x201e, 0x2026, 0x2020, 0x2021,
				   0x2c6,  0x2030, 0x160,  0x2039, 0x152,  0,      0x17d,  0,
				   0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
				   0x2dc,  0x2122, 0x161,  0x203a, 0x153,  0,      0x17e,  0x178 };

static const struct encoding encodings[] = {
	{ "UTF-8\0UTF8\0", utf8_get, utf8_put, false, false, 0, 0, NULL },
	{ "UTF-16LE\0UCS-2LE\0", utf16_get, utf16_put, true, false, 0, 0, NULL },
	{ "UTF-16BE\0UCS-2BE\0", utf16_get, utf16_put, false, false, 0, 0, NULL },
	{ "UTF-16\0UTF16\0", utf16_get, utf16_put, true, true, 0, 0, NULL },
	{ "UTF-32LE\0UCS-4LE\0WCHAR_T\0", utf32_get, utf32_put, true, false, 0, 0, NULL },
	{ "UTF-32BE\0UCS-4BE\0", utf32_get, utf32_put, false, false, 0, 0, NULL },
	{ "UTF-32\0UTF32\0", utf32_get, utf32_put, true, true, 0, 0, NULL },
	{ "US-ASCII\0ASCII\0ANSI_X3.4-1968\0"
	  "646\0",
	  byte_get, byte_put, false, false, 128, 128, nothing },
	{ "ISO-8859-1\0ISO8859-1\0ISO_8859-1\0LATIN1\0L1\0", byte_get, byte_put, false, false, 0, 0,
	  NULL },
	{ "ISO-8859-15\0ISO8859-15\0ISO_8859-15\0LATIN-9\0LATIN9\0", byte_get, byte_put, false,
	  false, 0xa4, ARRAY_SIZE(latin9), latin9 },
	{ "CP1252\0WINDOWS-1252\0MS-ANSI\0", byte_get, byte_put, false, false, 0x80,
	  ARRAY_SIZE(cp1252), cp1252 },
};

/* --- the interface ------------------------------------------------------------------------ */

static const struct encoding *find(const char *name, size_t len)
{
	if (len == 0)
		return &encodings[0]; /* of the locale: C.UTF-8 and ASCII are both in it */
	for (size_t i = 0; i < ARRAY_SIZE(encodings); i++)
		for (const char *n = encodings[i].names; *n; n += strlen(n) + 1)
			if (strlen(n) == len && strncasecmp(n, name, len) == 0)
				return &encodings[i];
	return NULL;
}

UNIK_API iconv_t iconv_open(const char *to, const char *from)
{
	struct __unik_iconv *cd;
	const char *options = strstr(to, "//");
	const struct encoding *in =
		find(from,
		     (size_t)(strstr(from, "//") ? strstr(from, "//") - from : (long)strlen(from)));
	const struct encoding *out = find(to, options ? (size_t)(options - to) : strlen(to));

	if (!in || !out) {
		errno = EINVAL;
		return (iconv_t)-1;
	}
	cd = kzalloc(sizeof(*cd));
	if (!cd) {
		errno = ENOMEM;
		return (iconv_t)-1;
	}
	cd->from = in;
	cd->to = out;
	cd->at_start_in = in->marked;
	cd->at_start_out = out->marked;
	cd->translit = options && strstr(options, "//TRANSLIT");
	cd->ignore = options && strstr(options, "//IGNORE");
	return cd;
}

UNIK_API int iconv_close(iconv_t cd)
{
	kfree(cd);
	return 0;
}

/* The next character, with a byte order mark at the start taken for what it is: *c is then 0xfeff
 * and *mark true. */
static int get(struct __unik_iconv *cd, const uint8_t *in, size_t n, uint32_t *c, bool *mark)
{
	struct encoding e = *cd->from;
	int used;

	e.little ^= cd->swapped;
	used = e.get(&e, in, n, c);
	*mark = false;
	if (!cd->at_start_in || used == NEED_MORE)
		return used;
	cd->at_start_in = false;
	if (used > 0 && *c == 0xfeff) {
		*mark = true;
	} else if ((e.get == utf16_get && used > 0 && *c == 0xfffe) ||
		   (e.get == utf32_get && load(in, 4, e.little) == 0xfffe0000)) {
		cd->swapped = *mark = true;
		used = e.get == utf16_get ? 2 : 4;
	}
	return used;
}

/* Write a character, or what stands for one that the target has not. *lost counts those. */
static int put(struct __unik_iconv *cd, uint8_t *out, size_t n, uint32_t c, size_t *lost)
{
	int written;

	if (cd->at_start_out) {
		written = cd->to->put(cd->to, out, n, 0xfeff);
		if (written < 0)
			return written;
		int more = cd->to->put(cd->to, out + written, n - (size_t)written, c);

		cd->at_start_out = more < 0;
		return more < 0 ? more : written + more;
	}
	written = cd->to->put(cd->to, out, n, c);
	if (written != NO_CHARACTER || !(cd->translit || cd->ignore))
		return written;
	written = cd->translit ? cd->to->put(cd->to, out, n, '?') : 0;
	*lost += written >= 0;
	return written;
}

static int error_number(int result)
{
	return result == NEED_MORE ? EINVAL : result == NO_ROOM ? E2BIG : EILSEQ;
}

UNIK_API size_t iconv(iconv_t cd, char **restrict in, size_t *restrict in_left, char **restrict out,
		      size_t *restrict out_left)
{
	size_t lost = 0;

	if (!in || !*in) { /* back to the initial state; no encoding has one to write */
		cd->at_start_in = cd->from->marked;
		cd->at_start_out = cd->to->marked;
		cd->swapped = false;
		return 0;
	}
	while (*in_left > 0) {
		bool was_start = cd->at_start_in, mark;
		uint32_t c;
		int used = get(cd, (const uint8_t *)*in, *in_left, &c, &mark), written = 0;

		if (used > 0 && !mark)
			written = put(cd, (uint8_t *)*out, *out_left, c, &lost);
		if (used == INVALID && cd->ignore) {
			used = 1;
			lost++;
		}
		if (used < 0 || written < 0) {
			cd->at_start_in = was_start;
			errno = error_number(used < 0 ? used : written);
			return (size_t)-1;
		}
		*in += used;
		*in_left -= (size_t)used;
		*out += written;
		*out_left -= (size_t)written;
	}
	return lost;
}
