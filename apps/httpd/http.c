// SPDX-License-Identifier: BSD-2-Clause
/*
 * Request heads.
 *
 * Lines are parsed only up to the last LF that has arrived. A LF is in none of the character
 * classes below, so every scan over a class stops inside the buffer without counting bytes.
 */
#include "http.h"

#include <string.h>

enum {
	TOKEN = 1 << 0,  /* tchar (RFC 9110, 5.6.2) */
	VALUE = 1 << 1,  /* in a field value (RFC 9110, 5.5) */
	TARGET = 1 << 2, /* in a request target */
	PLAIN = 1 << 3,  /* in a path, standing for itself wherever it stands */
	HOST = 1 << 4,   /* in uri-host [ ":" port ] (RFC 3986, 3.2.2) */

	BLANK = VALUE,
	NAME = TOKEN | VALUE | TARGET | PLAIN | HOST,
	MARK = TOKEN | VALUE | TARGET | PLAIN,
	DELIM = VALUE | TARGET | PLAIN | HOST,
	OTHER = VALUE | TARGET | PLAIN,
};

/* clang-format off */
static const uint8_t class[256] = {
	['\t'] = BLANK, [' '] = BLANK,
	['a' ... 'z'] = NAME, ['A' ... 'Z'] = NAME, ['0' ... '9'] = NAME,
	['-'] = NAME, ['_'] = NAME, ['~'] = NAME, ['.'] = NAME, ['!'] = NAME, ['$'] = NAME,
	['&'] = NAME, ['\''] = NAME, ['*'] = NAME, ['+'] = NAME,
	['^'] = MARK, ['`'] = MARK, ['|'] = MARK,
	['('] = DELIM, [')'] = DELIM, [','] = DELIM, [':'] = DELIM, [';'] = DELIM, ['='] = DELIM,
	['['] = DELIM, [']'] = DELIM,
	['"'] = OTHER, ['<'] = OTHER, ['>'] = OTHER, ['@'] = OTHER, ['\\'] = OTHER,
	['{'] = OTHER, ['}'] = OTHER,
	['%'] = TOKEN | VALUE | TARGET | HOST, ['#'] = TOKEN | VALUE,
	['/'] = VALUE | TARGET, ['?'] = VALUE | TARGET,
	[0x80 ... 0xff] = VALUE,
};
/* clang-format on */

static inline bool is(char c, unsigned int which)
{
	return class[(uint8_t)c] & which;
}

static const char *skip(const char *p, unsigned int which)
{
	while (is(*p, which))
		p++;
	return p;
}

static const char *skip_blanks(const char *p)
{
	while (*p == ' ' || *p == '\t')
		p++;
	return p;
}

/* Four and eight bytes as numbers: what every request has in it is compared in one go. */
static inline uint32_t word4(const char *p)
{
	uint32_t w;

	memcpy(&w, p, sizeof(w));
	return w;
}

static inline uint64_t word8(const char *p)
{
	uint64_t w;

	memcpy(&w, p, sizeof(w));
	return w;
}

/*
 * Are these the len bytes of want, whatever their case? want has lower-case letters, digits and
 * '-' only: what else the one bit would let pass for those is in no character class.
 */
static inline bool same(const char *s, const char *want, size_t len)
{
	for (; len >= 8; len -= 8, s += 8, want += 8)
		if ((word8(s) | word8("        ")) != word8(want))
			return false;
	for (; len; len--)
		if ((*s++ | 0x20) != *want++)
			return false;
	return true;
}

/*
 * Passes over a field value, eight bytes at a time: stops at the first byte that cannot be in
 * one, which is where the line ends, or should. A subtraction marks the bytes that lie below
 * a bound in their highest bit; the borrow may mark a byte above a marked one wrongly, but the
 * lowest mark, which is the first byte, is right.
 */
static const char *skip_value(const char *p, const char *end)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), high = ones * 0x80;
	uint64_t w, control;

	_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the first byte is the lowest");
	while (end - p >= 8) {
		w = word8(p);
		control = (w - ones * ' ') & ~w;
		w ^= ones * 0x7f; /* DEL becomes 0 */
		control = (control | ((w - ones) & ~w)) & high;
		if (!control) {
			p += 8;
			continue;
		}
		p += __builtin_ctzll(control) / 8;
		if (*p != '\t')
			return p;
		p++;
	}
	return skip(p, VALUE);
}

static struct http_span span(const char *buf, const char *from, const char *to)
{
	return (struct http_span){ (uint16_t)(from - buf), (uint16_t)(to - from) };
}

static enum http_method method_of(const char *s, size_t len)
{
	/* RFC 9110, 9.3 and RFC 5789; CONNECT and TRACE are known so that they get a 405. */
	static const char known[] = "POST\0PUT\0DELETE\0CONNECT\0OPTIONS\0TRACE\0PATCH\0";

	if (len == 4 && !memcmp(s, "HEAD", 4))
		return HTTP_HEAD;
	for (const char *k = known; *k; k += strlen(k) + 1)
		if (strlen(k) == len && !memcmp(k, s, len))
			return HTTP_OTHER;
	return HTTP_UNKNOWN;
}

/*
 * Walks over a path and finds out whether it can be used as it stands: nothing to decode and
 * no segment that begins with a dot or is empty. Returns where the path ends.
 */
static const char *parse_path(struct http_request *r, const char *p)
{
	bool plain = *p == '/';

	for (;;) {
		p = skip(p, PLAIN);
		if (*p == '/')
			plain &= p[1] != '/' && p[1] != '.';
		else if (*p == '%')
			plain = false;
		else
			break;
		p++;
	}
	if (plain)
		r->flags |= HTTP_PLAIN;
	return p;
}

/* absolute-form: what follows "scheme://authority" (RFC 9112, 3.2.2). */
static const char *skip_authority(const char *p)
{
	if (!same(p, "http", 4))
		return NULL;
	p += 4;
	if (same(p, "s", 1))
		p++;
	if (strncmp(p, "://", 3) != 0) /* stops at the first difference, unlike memcmp() */
		return NULL;
	p += 3;
	return is(*p, HOST) ? skip(p, HOST) : NULL;
}

/* Returns the end of the target, or NULL. Ref: RFC 9112, 3.2. */
static const char *parse_target(struct http_request *r, const char *buf, const char *p)
{
	const char *from = p;

	if (*p != '/' && r->method < HTTP_OTHER) {
		p = skip_authority(p);
		if (!p || (*p != '/' && *p != '?' && *p != ' '))
			return NULL;
	}
	const char *path = p;

	p = parse_path(r, p);
	r->path = span(buf, path, p);
	p = skip(p, TARGET);
	r->target = span(buf, from, p);
	return p > from ? p : NULL;
}

/* "HTTP/" DIGIT "." DIGIT CR LF; sets *next behind it. Ref: RFC 9112, 2.3. */
static int parse_version(struct http_request *r, const char *p, const char *end, const char **next)
{
	*next = p + 10;
	if (end - p >= 10 && word8(p) == word8("HTTP/1.1") && p[8] == '\r' && p[9] == '\n') {
		r->minor = 1;
		return 0;
	}
	if (end - p < 10 || memcmp(p, "HTTP/", 5) || p[6] != '.' || p[8] != '\r' || p[9] != '\n')
		return -400;

	unsigned int major = (unsigned int)(p[5] - '0');
	unsigned int minor = (unsigned int)(p[7] - '0');

	if (major > 9 || minor > 9)
		return -400;
	if (major != 1)
		return -505;
	r->minor = minor ? 1 : 0;
	return 0;
}

static int parse_request_line(struct http_request *r, const char *buf, const char *p,
			      const char *end, const char **next)
{
	const char *from = p;

	if (end - p > 4 && word4(p) == word4("GET ")) {
		r->method = HTTP_GET;
		p += 3;
	} else {
		p = skip(p, TOKEN);
		if (p == from || *p != ' ')
			return -400;
		r->method = (uint8_t)method_of(from, (size_t)(p - from));
	}
	p = parse_target(r, buf, p + 1);
	if (!p || *p != ' ')
		return -400;
	if (p - from > HTTP_LINE_MAX - 9)
		return -414;
	return parse_version(r, p + 1, end, next);
}

/* Content-Length: one number, once (RFC 9112, 6.3; RFC 9110, 8.6). */
static int field_length(struct http_request *r, const char *v, size_t len)
{
	uint64_t n = 0;

	if (r->flags & HTTP_LENGTH || !len)
		return -400;
	for (; len; len--, v++) {
		unsigned int digit = (unsigned int)(*v - '0');

		if (digit > 9)
			return -400;
		/* Saturates: a number of any length is well-formed, and too large. */
		n = n > UINT64_MAX / 16 ? UINT64_MAX / 16 + 1 : n * 10 + digit;
	}
	r->content_length = n;
	r->flags |= HTTP_LENGTH;
	return 0;
}

/* RFC 9112, 6.1: chunked, and nothing else is known here. Twice is an error. */
static int field_transfer_encoding(struct http_request *r, const char *v, size_t len)
{
	if (r->flags & HTTP_CHUNKED || !len)
		return -400;
	if (len != 7 || !same(v, "chunked", 7))
		return -501;
	r->flags |= HTTP_CHUNKED;
	return 0;
}

static int field_host(struct http_request *r, const char *v, size_t len)
{
	/* RFC 9112, 3.2: more than one Host, or a bad one, is 400. */
	if (r->flags & HTTP_HOST || (size_t)(skip(v, HOST) - v) < len)
		return -400;
	r->flags |= HTTP_HOST;
	return 0;
}

/* A list of options (RFC 9110, 7.6.1); those that are not known do not matter. */
static int field_connection(struct http_request *r, const char *v, size_t len)
{
	const char *end = v + len;

	while (v < end) {
		const char *from = v;

		v = skip(v, TOKEN);
		if (v - from == 5 && same(from, "close", 5))
			r->flags |= HTTP_CLOSE;
		else if (v - from == 10 && same(from, "keep-alive", 10))
			r->flags |= HTTP_KEEP_ALIVE;
		else if (v == from)
			v++; /* a comma or a blank */
	}
	return 0;
}

/* The length tells known names apart, so that all others cost one jump. */
static int parse_field(struct http_request *r, const char *buf, const char *name, size_t name_len,
		       const char *v, size_t len)
{
	switch (name_len) {
	case 4:
		if ((word4(name) | word4("    ")) == word4("host"))
			return field_host(r, v, len);
		break;
	case 6:
		if (same(name, "expect", 6) && len == 12 && same(v, "100-continue", 12))
			r->flags |= HTTP_EXPECT;
		break;
	case 10:
		if (same(name, "connection", 10))
			return field_connection(r, v, len);
		break;
	case 13:
		if (same(name, "if-none-match", 13))
			r->if_none_match = span(buf, v, v + len);
		break;
	case 14:
		if (same(name, "content-length", 14))
			return field_length(r, v, len);
		break;
	case 17:
		if (same(name, "transfer-encoding", 17))
			return field_transfer_encoding(r, v, len);
		if (same(name, "if-modified-since", 17))
			r->if_modified_since = span(buf, v, v + len);
		break;
	}
	return 0;
}

/* "Connection: keep-alive" as all browsers send it, upper and lower case taken for the same. */
static bool is_keep_alive_line(const char *p, const char *end)
{
	return end - p >= 24 && (word8(p) | word8("        ")) == word8("connecti") &&
	       (word8(p + 8) | word8("  \0\0    ")) == word8("on: keep") &&
	       (word8(p + 16) | word8("\0     \0\0")) == word8("-alive\r\n");
}

/* One "name: value" line (RFC 9112, 5). A folded line has no name, and is refused by that. */
static int parse_field_line(struct http_request *r, const char *buf, const char *p, const char *end,
			    const char **next)
{
	const char *name = p;
	size_t name_len;

	if (is_keep_alive_line(p, end) && r->nfields < HTTP_FIELDS_MAX) {
		r->nfields++;
		r->flags |= HTTP_KEEP_ALIVE;
		*next = p + 24;
		return 0;
	}
	p = skip(p, TOKEN);
	name_len = (size_t)(p - name);
	if (!name_len || *p != ':')
		return -400;
	if (++r->nfields > HTTP_FIELDS_MAX)
		return -431;

	const char *v = skip_blanks(p + 1);

	p = skip_value(v, end);
	if (p[0] != '\r' || p[1] != '\n')
		return -400;
	*next = p + 2;
	while (p > v && (p[-1] == ' ' || p[-1] == '\t'))
		p--;
	return parse_field(r, buf, name, name_len, v, (size_t)(p - v));
}

/* What only the whole head can tell. */
static int check_head(const struct http_request *r)
{
	if (r->minor && !(r->flags & HTTP_HOST))
		return -400; /* RFC 9112, 3.2 */
	if (r->flags & HTTP_CHUNKED && (r->flags & HTTP_LENGTH || !r->minor))
		return -400; /* RFC 9112, 6.1: request smuggling */
	return 0;
}

/* Why a head that is still incomplete after len bytes can be refused already, or 0. */
static int check_partial(const struct http_request *r, const char *buf, size_t len)
{
	if (!r->path.at && len > r->pos && !is(buf[r->pos], TOKEN) && buf[r->pos] != '\r')
		return -400; /* not HTTP at all: say so now, not when the time is up */
	if (!r->path.at && len - r->pos > HTTP_LINE_MAX)
		return -414;
	return len >= HTTP_HEAD_MAX ? -431 : 0;
}

/* Parses the line at r->pos. Returns 1 after the empty line, 0 after another, or -status. */
static int parse_line(struct http_request *r, const char *buf, const char *end)
{
	const char *p = buf + r->pos;
	const char *next = p + 2;
	int err = 0, last = 0;

	if (p[0] == '\r' && p[1] == '\n')
		last = r->path.at != 0; /* empty lines before the request: RFC 9112, 2.2 */
	else if (r->path.at)
		err = parse_field_line(r, buf, p, end, &next);
	else
		err = parse_request_line(r, buf, p, end, &next);
	r->pos = (uint16_t)(next - buf);
	return err ? err : last;
}

int http_request_feed(struct http_request *r, const char *buf, size_t len)
{
	if (len > HTTP_HEAD_MAX)
		len = HTTP_HEAD_MAX;

	const char *end = buf + len;

	while (end > buf + r->scan && end[-1] != '\n')
		end--;
	if (end > buf + r->scan) {
		while (buf + r->pos < end) {
			int rc = parse_line(r, buf, end);

			if (rc > 0)
				rc = check_head(r);
			else if (!rc)
				continue;
			return rc ? rc : r->pos;
		}
	}
	r->scan = (uint16_t)len;
	return check_partial(r, buf, len);
}

bool http_request_persists(const struct http_request *r)
{
	if (r->flags & HTTP_CLOSE)
		return false;
	return r->minor || r->flags & HTTP_KEEP_ALIVE;
}
