// SPDX-License-Identifier: BSD-2-Clause
/*
 * HTTP/1.1 messages: requests in, response heads out.
 *
 * Model: pure functions over buffers; no I/O, no allocation, no clock, no global state. A
 * request is fed as it arrives: call http_request_feed() again with the same bytes and more.
 * Units: bytes; positions in a request count from its first byte, so the buffer may move.
 * Threads: any number, each with its own structures.
 * Errors: a refused request is a negative HTTP status (-400); whatever the bytes are, nothing
 * outside [buf, buf + len) is read.
 *
 * Where the RFCs leave a choice, the strict one is taken: lines end in CR LF, one blank
 * separates the parts of a request line, and what two parsers might read differently is 400.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	HTTP_LINE_MAX = 8000,    /* request line, without CR LF (RFC 9112, 3) */
	HTTP_HEAD_MAX = 12288,   /* request line and all header fields */
	HTTP_FIELDS_MAX = 64,    /* header fields of one request */
	HTTP_BODY_MAX = 1 << 20, /* content that is taken in, to be discarded */
	HTTP_DATE_LEN = 29,      /* "Sun, 06 Nov 1994 08:49:37 GMT" */
	HTTP_OK_DATE_AT = 23,    /* where the date is in a 200 response */
};

enum http_method {
	HTTP_GET,
	HTTP_HEAD,
	HTTP_OTHER, /* known, but nothing here allows it: 405 */
	HTTP_UNKNOWN,
};

enum {
	HTTP_PLAIN = 1 << 0,      /* the path needs no decoding or normalising */
	HTTP_HOST = 1 << 1,       /* a Host field was seen */
	HTTP_CLOSE = 1 << 2,      /* Connection: close */
	HTTP_KEEP_ALIVE = 1 << 3, /* Connection: keep-alive */
	HTTP_LENGTH = 1 << 4,     /* a Content-Length field was seen */
	HTTP_CHUNKED = 1 << 5,    /* Transfer-Encoding: chunked */
	HTTP_EXPECT = 1 << 6,     /* Expect: 100-continue */
};

struct http_span {
	uint16_t at;
	uint16_t len;
};

/* One request head. All zero is the start state. */
struct http_request {
	uint16_t pos;  /* start of the first line that is not yet parsed */
	uint16_t scan; /* no LF lies between pos and here */
	uint8_t nfields;
	uint8_t method; /* enum http_method */
	uint8_t minor;  /* of HTTP/1.minor; above 1 reads as 1 */
	uint8_t flags;
	struct http_span target; /* as it was sent */
	struct http_span path;   /* the path part of target; empty means "/" */
	struct http_span if_none_match;
	struct http_span if_modified_since;
	uint64_t content_length;
};

/* Content of a request on its way to nowhere. All zero: it has been seen whole. */
struct http_body {
	uint64_t left;  /* of the content, or of the present chunk */
	uint32_t total; /* chunk data so far */
	uint32_t extra; /* bytes of chunk lines and trailer lines so far */
	uint8_t state;
};

/* What a response head says. Absent: NULL or empty strings, mtime < 0, length < 0. */
struct http_response {
	unsigned int status;
	bool keep_alive;
	uint8_t minor;    /* of the request */
	bool no_store;    /* Cache-Control: no-store */
	const char *date; /* HTTP_DATE_LEN bytes */
	const char *type;
	const char *etag;
	const char *location; /* percent-encoded on the way out */
	int64_t length;
	int64_t mtime; /* seconds since 1970 */
};

/*
 * http_request_feed() - parse a request head as far as it is there.
 *
 * r	all zero before the first call; kept between calls
 * buf	what has arrived since the first byte of this request
 * len	how much that is; never less than in the call before	[bytes]
 *
 * Returns the length of the head, > 0, when it is complete; 0 when more is needed; a negative
 * HTTP status when the request is refused (the connection must then end: what follows cannot
 * be told apart from the rest of this request).
 * Ref: RFC 9112, 2 to 6; RFC 9110, 5 and 7.
 */
int http_request_feed(struct http_request *r, const char *buf, size_t len);

/* http_request_persists() - may the connection go on? Ref: RFC 9112, 9.3. */
bool http_request_persists(const struct http_request *r);

/*
 * http_path_normalise() - decode a path and take out what can lead astray.
 *
 * Percent-encoding is decoded first and only then are "//", "/./" and "/../" resolved, so that
 * no spelling of ".." gets above the root. The result begins with '/' and ends with NUL.
 *
 * Returns its length; -400 for a bad escape or a NUL; -414 when cap is too small.
 * Ref: RFC 3986, 2.1, 5.2.4.
 */
int http_path_normalise(char *out, size_t cap, const char *path, size_t len);

/* http_body_init() - get ready for the content announced in r. Returns 0 or -413. */
int http_body_init(struct http_body *b, const struct http_request *r);

/* http_body_done() - has all of it been seen? */
bool http_body_done(const struct http_body *b);

/*
 * http_body_feed() - take in content, framing and trailers included.
 *
 * Returns how many of the len bytes belonged to the content; -400 or -413.
 * Ref: RFC 9112, 6 and 7.1.
 */
int http_body_feed(struct http_body *b, const char *buf, size_t len);

/* http_hex_digit() - the value of a hexadecimal digit, or -1. */
static inline int http_hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* http_reason() - the phrase for a status, "" if it has none here. */
const char *http_reason(unsigned int status);

/*
 * http_response_head() - write a response head, the empty line included.
 *
 * Returns its length, or 0 when cap is too small.
 * Ref: RFC 9112, 4; RFC 9110, 6.6.1, 8.
 */
size_t http_response_head(char *buf, size_t cap, const struct http_response *r);

/* http_etag_matches() - does an If-None-Match list name etag? Ref: RFC 9110, 13.1.2. */
bool http_etag_matches(const char *list, size_t len, const char *etag);

/* http_date_format() - seconds since 1970 as an IMF-fixdate. Ref: RFC 9110, 5.6.7. */
void http_date_format(char out[HTTP_DATE_LEN], int64_t seconds);

/* http_date_parse() - any of the three date forms; returns seconds since 1970, or -1. */
int64_t http_date_parse(const char *s, size_t len);
