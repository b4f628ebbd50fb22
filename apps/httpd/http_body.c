// SPDX-License-Identifier: BSD-2-Clause
/*
 * Request content: where it ends, and nothing else, for it is discarded.
 *
 * Chunked framing is read byte by byte by a small state machine; chunk data is skipped whole.
 */
#include "http.h"

enum {
	DONE,
	FIXED,      /* `left` bytes of a Content-Length */
	SIZE_FIRST, /* first digit of a chunk size */
	SIZE,       /* further digits */
	EXTENSION,  /* up to the CR */
	SIZE_LF,    /* the LF after a chunk size line */
	DATA,       /* `left` bytes of a chunk */
	DATA_CR,    /* CR LF after chunk data */
	DATA_LF,
	TRAILER,    /* first byte of a trailer line */
	TRAILER_IN, /* the rest of it */
	TRAILER_LF, /* the LF that ends it */
	LAST_LF,    /* the LF of the empty line */
};

enum {
	EXTRA_MAX = HTTP_HEAD_MAX + 65536, /* framing bytes that small chunks may add up to */
};

int http_body_init(struct http_body *b, const struct http_request *r)
{
	*b = (struct http_body){ .state = DONE };
	if (r->flags & HTTP_CHUNKED) {
		b->state = SIZE_FIRST;
	} else if (r->content_length) {
		if (r->content_length > HTTP_BODY_MAX)
			return -413;
		b->state = FIXED;
		b->left = r->content_length;
	}
	return 0;
}

bool http_body_done(const struct http_body *b)
{
	return b->state == DONE;
}

/* In a chunk-size line behind the first digit. Ref: RFC 9112, 7.1. */
static int step_size(struct http_body *b, char c)
{
	int digit = http_hex_digit(c);

	if (digit >= 0) {
		b->left = b->left << 4 | (unsigned int)digit;
		return b->left > HTTP_BODY_MAX ? -413 : SIZE;
	}
	if (c == '\r')
		return SIZE_LF;
	return c == ';' || c == ' ' || c == '\t' ? EXTENSION : -400;
}

/* Inside a line whose text does not matter: only its end and stray controls do. */
static int step_line(char c, int here, int after_cr)
{
	if (c == '\r')
		return after_cr;
	return (uint8_t)c < ' ' && c != '\t' ? -400 : here;
}

static int step_size_lf(struct http_body *b, char c)
{
	if (c != '\n')
		return -400;
	b->total += (uint32_t)b->left;
	if (b->total > HTTP_BODY_MAX)
		return -413;
	return b->left ? DATA : TRAILER;
}

/* Takes one byte of framing. Returns the next state, or -status. */
static int step(struct http_body *b, char c)
{
	switch (b->state) {
	case SIZE_FIRST:
		b->left = 0;
		return http_hex_digit(c) < 0 ? -400 : step_size(b, c);
	case SIZE:
		return step_size(b, c);
	case EXTENSION:
		return step_line(c, EXTENSION, SIZE_LF);
	case SIZE_LF:
		return step_size_lf(b, c);
	case DATA_CR:
		return c == '\r' ? DATA_LF : -400;
	case DATA_LF:
		return c == '\n' ? SIZE_FIRST : -400;
	case TRAILER:
		return c == '\r' ? LAST_LF : step_line(c, TRAILER_IN, -400);
	case TRAILER_IN:
		return step_line(c, TRAILER_IN, TRAILER_LF);
	case TRAILER_LF:
		return c == '\n' ? TRAILER : -400;
	default: /* LAST_LF */
		return c == '\n' ? DONE : -400;
	}
}

/* Passes over content bytes. Returns how many. */
static size_t skip_data(struct http_body *b, size_t len)
{
	if (len > b->left)
		len = (size_t)b->left;
	b->left -= len;
	if (!b->left)
		b->state = b->state == FIXED ? DONE : DATA_CR;
	return len;
}

int http_body_feed(struct http_body *b, const char *buf, size_t len)
{
	size_t at = 0;

	while (at < len && b->state != DONE) {
		if (b->state == FIXED || b->state == DATA) {
			at += skip_data(b, len - at);
			continue;
		}

		int next = step(b, buf[at++]);

		if (next < 0)
			return next;
		if (++b->extra > EXTRA_MAX)
			return -413;
		b->state = (uint8_t)next;
	}
	return (int)at;
}
