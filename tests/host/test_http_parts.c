// SPDX-License-Identifier: BSD-2-Clause
// link: apps/httpd/http.c apps/httpd/http_path.c apps/httpd/http_body.c apps/httpd/http_reply.c
// link: apps/httpd/http_date.c apps/httpd/text.c
/*
 * What apps/httpd does with a request once its head is parsed: content, paths, dates, response
 * heads. Every buffer is exactly as long as what is in it, as in test_http.c.
 */
#include "tests/check.h"

#include "apps/httpd/http.h"

#define GET "GET / HTTP/1.1\r\nHost: h\r\n"

/* A copy that ends where the text ends. */
static char *exact(const char *s, size_t len)
{
	char *copy = malloc(len ? len : 1);

	memcpy(copy, s, len);
	return copy;
}

/* Feeds s in one piece. */
static int feed(struct http_request *r, const char *s, size_t len)
{
	char *buf = exact(s, len);
	int rc;

	*r = (struct http_request){ 0 };
	rc = http_request_feed(r, buf, len);
	free(buf);
	return rc;
}

static void test_content_length_huge(void)
{
	static const char *const huge[] = { "1048577", "18446744073709551615",
					    "18446744073709551616",
					    "99999999999999999999999999999999" };
	struct http_body b;
	struct http_request r;
	char s[128];

	for (size_t i = 0; i < sizeof(huge) / sizeof(*huge); i++) {
		int len = snprintf(s, sizeof(s), GET "Content-Length: %s\r\n\r\n", huge[i]);

		CHECK_EQ(feed(&r, s, (size_t)len), len);
		CHECK_EQ(http_body_init(&b, &r), -413);
	}
}

/* Feeds a body in pieces of `step`; returns how much belonged to it, -status, or -1: not done. */
static int body_feed(const char *fields, const char *s, size_t len, size_t step)
{
	struct http_request r;
	struct http_body b;
	char head[256];
	int n = 0;
	size_t at = 0;

	snprintf(head, sizeof(head), GET "%s\r\n\r\n", fields);
	CHECK(feed(&r, head, strlen(head)) > 0);
	CHECK_EQ(http_body_init(&b, &r), 0);
	while (at < len && !http_body_done(&b)) {
		size_t piece = len - at < step ? len - at : step;
		char *buf = exact(s + at, piece);

		n = http_body_feed(&b, buf, piece);
		free(buf);
		if (n < 0)
			return n;
		at += (size_t)n;
	}
	return http_body_done(&b) ? (int)at : -1;
}

static int chunked(const char *s)
{
	int want = body_feed("Transfer-Encoding: chunked", s, strlen(s), strlen(s));

	for (size_t step = 1; step < strlen(s); step++)
		CHECK_EQ(body_feed("Transfer-Encoding: chunked", s, strlen(s), step), want);
	return want;
}

static void test_body_fixed(void)
{
	for (size_t step = 1; step < 12; step++) {
		CHECK_EQ(body_feed("Content-Length: 5", "helloGET /", 10, step), 5);
		CHECK_EQ(body_feed("Content-Length: 5", "hell", 4, step), -1);
	}
	CHECK_EQ(body_feed("Content-Length: 0", "GET /", 5, 5), 0);
	CHECK_EQ(body_feed("A: b", "GET /", 5, 5), 0);
}

static void test_body_chunked(void)
{
	CHECK_EQ(chunked("0\r\n\r\nGET"), 5);
	CHECK_EQ(chunked("5\r\nhello\r\n0\r\n\r\nGET"), 15);
	CHECK_EQ(chunked("00A \t;x=\"y\"\r\n0123456789\r\n000\r\nT: a\r\nU: \r\n\r\nGET"), 43);
	CHECK_EQ(chunked("5\r\nhello\r\n0\r\n"), -1);
	CHECK_EQ(chunked("\r\n"), -400);
	CHECK_EQ(chunked("x\r\n"), -400);
	CHECK_EQ(chunked("-1\r\n"), -400);
	CHECK_EQ(chunked("0x1\r\n"), -400);
	CHECK_EQ(chunked("5\nhello\r\n0\r\n\r\n"), -400);
	CHECK_EQ(chunked("5\r\nhello\n0\r\n\r\n"), -400);
	CHECK_EQ(chunked("5\r\nhelloo\r\n0\r\n\r\n"), -400);
	CHECK_EQ(chunked("5;a\nb\r\nhello\r\n0\r\n\r\n"), -400);
	CHECK_EQ(chunked("5;a\rb\r\nhello\r\n0\r\n\r\n"), -400);
	CHECK_EQ(chunked("0\r\n\n"), -400);
	CHECK_EQ(chunked("0\r\nT: a\n\r\n"), -400);
	CHECK_EQ(chunked("0\r\n\rX"), -400);
}

static void test_body_chunked_limits(void)
{
	static char s[400000];
	size_t len = 0;

	CHECK_EQ(chunked("100001\r\n"), -413);
	CHECK_EQ(chunked("ffffffffffffffff\r\n"), -413);
	CHECK_EQ(chunked("10000000000000000\r\n"), -413);
	CHECK_EQ(chunked("100000\r\n"), -1);
	/* one byte to a chunk, for ever */
	while (len + 6 <= sizeof(s))
		len += (size_t)snprintf(s + len, 7, "1\r\na\r\n");
	CHECK_EQ(body_feed("Transfer-Encoding: chunked", s, len, 4096), -413);
	/* an extension that does not end */
	memset(s, 'a', sizeof(s));
	memcpy(s, "1;", 2);
	CHECK_EQ(body_feed("Transfer-Encoding: chunked", s, sizeof(s), 4096), -413);
	/* chunks that are too much together */
	struct http_body b = { .state = 0 };
	struct http_request r = { .flags = HTTP_CHUNKED };
	int rc = 0;

	http_body_init(&b, &r);
	memset(s, 'a', sizeof(s));
	for (int i = 0; i < 5 && rc >= 0; i++) {
		rc = http_body_feed(&b, "40000\r\n", 7);
		if (rc >= 0)
			rc = http_body_feed(&b, s, 0x40000);
		if (rc >= 0)
			rc = http_body_feed(&b, "\r\n", 2);
		CHECK_EQ(rc, i < 4 ? 2 : -413);
	}
}

static const char *normalise(const char *path)
{
	static char out[64];
	char *buf = exact(path, strlen(path));
	int rc = http_path_normalise(out, sizeof(out), buf, strlen(path));

	free(buf);
	if (rc >= 0)
		CHECK_EQ(rc, (int)strlen(out));
	return rc == -400 ? "bad" : rc == -414 ? "long" : out;
}

static void test_path(void)
{
	static const char *const cases[][2] = {
		{ "/", "/" },
		{ "", "/" },
		{ "/a", "/a" },
		{ "/a/", "/a/" },
		{ "/a%20b%41", "/a bA" },
		{ "//a///b//", "/a/b/" },
		{ "/./a/./b/.", "/a/b/" },
		{ "/a/b/../c", "/a/c" },
		{ "/a/b/..", "/a/" },
		{ "/..", "/" },
		{ "/../../../etc/passwd", "/etc/passwd" },
		{ "/a/../../b", "/b" },
		{ "/%2e%2e/%2E./x", "/x" },
		{ "/a%2f..%2fb", "/b" },
		{ "/a%2f%2fb", "/a/b" },
		{ "/...", "/..." },
		{ "/.hidden", "/.hidden" },
		{ "/a.", "/a." },
		{ "/a..", "/a.." },
		{ "/..a/b", "/..a/b" },
		{ "/%252e%252e/x", "/%2e%2e/x" },
		{ "/\\..\\x", "/\\..\\x" },
		{ "/%ff%80", "/\xff\x80" },
		{ "/%00", "bad" },
		{ "/a%00.html", "bad" },
		{ "/%", "bad" },
		{ "/%4", "bad" },
		{ "/%4g", "bad" },
		{ "/%g4", "bad" },
		{ "/% 4", "bad" },
		{ "/012345678901234567890123456789012345678901234567890123456789ab",
		  "/012345678901234567890123456789012345678901234567890123456789ab" },
		{ "/012345678901234567890123456789012345678901234567890123456789abc", "long" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		CHECK_STR(normalise(cases[i][0]), cases[i][1]);
}

/* A path that is marked as plain is left as it is by normalising it. */
static void test_path_plain(void)
{
	static const char *const paths[] = {
		"/",     "/a",   "/a.b/c", "//",     "/.",    "/..",
		"/a/..", "/a//", "/a%62",  "/a?%..", "/a/.b", "/~-_!$"
	};
	struct http_request r;
	char s[128], out[64];

	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		int len = snprintf(s, sizeof(s), "GET %s HTTP/1.1\r\nHost: h\r\n\r\n", paths[i]);

		CHECK_EQ(feed(&r, s, (size_t)len), len);
		if (!(r.flags & HTTP_PLAIN))
			continue;
		CHECK_EQ(http_path_normalise(out, sizeof(out), s + r.path.at, r.path.len),
			 r.path.len);
		CHECK(!memcmp(out, s + r.path.at, r.path.len));
	}
}

static const char date[] = "Sun, 06 Nov 1994 08:49:37 GMT";

static void test_date(void)
{
	char out[HTTP_DATE_LEN + 1] = { 0 };

	http_date_format(out, 784111777);
	CHECK_STR(out, date);
	http_date_format(out, 0);
	CHECK_STR(out, "Thu, 01 Jan 1970 00:00:00 GMT");
	CHECK_EQ(http_date_parse(date, 29), 784111777);
	CHECK_EQ(http_date_parse("Sunday, 06-Nov-94 08:49:37 GMT", 30), 784111777);
	CHECK_EQ(http_date_parse("Sun Nov  6 08:49:37 1994", 24), 784111777);
	CHECK_EQ(http_date_parse("Tue, 29 Feb 2000 00:00:00 GMT", 29), 951782400);
	for (size_t len = 0; len < 29; len++) {
		char *cut = exact(date, len);

		CHECK_EQ(http_date_parse(cut, len), -1);
		free(cut);
	}
	CHECK_EQ(http_date_parse("Sun, 06 Nov 1994 08:49:37 GMTx", 30), -1);
	CHECK_EQ(http_date_parse("Sun, 06 Nox 1994 08:49:37 GMT", 29), -1);
	CHECK_EQ(http_date_parse("Sun, 32 Nov 1994 08:49:37 GMT", 29), -1);
	CHECK_EQ(http_date_parse("Sun, 06 Nov 1994 24:49:37 GMT", 29), -1);
}

static void test_date_round_trip(void)
{
	char out[HTTP_DATE_LEN];

	/* An odd step, so that every day and time of day comes by; up to the year 2400. */
	for (int64_t t = 0; t < INT64_C(13569465600); t += 86400 * 3 + 12345) {
		http_date_format(out, t);
		CHECK_EQ(http_date_parse(out, sizeof(out)), t);
	}
}

static void test_response_head(void)
{
	struct http_response r = {
		.status = 200,
		.keep_alive = true,
		.minor = 1,
		.date = date,
		.type = "text/html",
		.etag = "\"e\"",
		.length = 612,
		.mtime = 0,
	};
	char out[512];
	size_t n = http_response_head(out, sizeof(out), &r);

	out[n] = '\0';
	CHECK_STR(out, "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
		       "Content-Type: text/html\r\nETag: \"e\"\r\nContent-Length: 612\r\n"
		       "Last-Modified: Thu, 01 Jan 1970 00:00:00 GMT\r\n\r\n");
	CHECK(!memcmp(out + HTTP_OK_DATE_AT, date, HTTP_DATE_LEN));
	for (size_t cap = 0; cap <= n; cap++) {
		char *small = malloc(cap ? cap : 1);

		CHECK_EQ(http_response_head(small, cap, &r), 0);
		free(small);
	}
}

static bool head_has(const struct http_response *r, const char *line)
{
	char out[512];
	size_t n = http_response_head(out, sizeof(out) - 1, r);

	out[n] = '\0';
	return strstr(out, line);
}

static void test_response_fields(void)
{
	struct http_response r = { .status = 405, .date = date, .length = -1, .mtime = -1 };

	CHECK(head_has(&r, "\r\nAllow: GET, HEAD\r\n"));
	CHECK(head_has(&r, "\r\nConnection: close\r\n\r\n"));
	CHECK(!head_has(&r, "Content-"));
	r.keep_alive = true;
	CHECK(head_has(&r, "\r\nConnection: keep-alive\r\n\r\n"));
	r.minor = 1;
	CHECK(!head_has(&r, "Connection"));
	r.status = 301;
	r.location = "/a b\r\n\xff%/";
	CHECK(head_has(&r, "HTTP/1.1 301 Moved Permanently\r\n"));
	CHECK(head_has(&r, "\r\nLocation: /a%20b%0D%0A%FF%25/\r\n"));
	r.status = 299;
	CHECK(head_has(&r, "HTTP/1.1 299 \r\n"));
}

static void test_etag(void)
{
	CHECK(http_etag_matches("\"a\"", 3, "\"a\""));
	CHECK(http_etag_matches("\"b\", W/\"a\"", 10, "\"a\""));
	CHECK(http_etag_matches("*", 1, "\"a\""));
	CHECK(!http_etag_matches("\"aa\"", 4, "\"a\""));
	CHECK(!http_etag_matches("\"a", 2, "\"a\""));
	CHECK(!http_etag_matches("a", 1, "\"a\""));
	CHECK(!http_etag_matches("", 0, "\"a\""));
	CHECK(!http_etag_matches("\"b*\"", 4, "\"a\""));
}

int main(void)
{
	RUN(test_content_length_huge);
	RUN(test_body_fixed);
	RUN(test_body_chunked);
	RUN(test_body_chunked_limits);
	RUN(test_path);
	RUN(test_path_plain);
	RUN(test_date);
	RUN(test_date_round_trip);
	RUN(test_response_head);
	RUN(test_response_fields);
	RUN(test_etag);
	return check_done();
}
