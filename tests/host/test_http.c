// SPDX-License-Identifier: BSD-2-Clause
// link: apps/httpd/http.c apps/httpd/http_path.c apps/httpd/http_body.c apps/httpd/http_reply.c
// link: apps/httpd/http_date.c apps/httpd/text.c
/*
 * The HTTP parser of apps/httpd. Every buffer is exactly as long as what is in it, so that the
 * address sanitizer sees the first byte read beyond.
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

/* Feeds s as it grows by `step` bytes, in a buffer that moves each time. */
static int feed_slowly(struct http_request *r, const char *s, size_t len, size_t first, size_t step)
{
	int rc = 0;

	*r = (struct http_request){ 0 };
	for (size_t have = first; !rc; have += step) {
		if (have > len)
			have = len;

		char *buf = exact(s, have);

		rc = http_request_feed(r, buf, have);
		free(buf);
		if (have == len)
			break;
	}
	return rc;
}

static bool same_request(const struct http_request *a, const struct http_request *b)
{
	return a->method == b->method && a->minor == b->minor && a->flags == b->flags &&
	       a->content_length == b->content_length && a->target.at == b->target.at &&
	       a->target.len == b->target.len && a->path.at == b->path.at &&
	       a->path.len == b->path.len && a->if_none_match.at == b->if_none_match.at &&
	       a->if_modified_since.at == b->if_modified_since.at;
}

/* However it is cut, a message means the same. A refusal may come early, but must be the same. */
static void check_splits(const char *s, size_t len)
{
	struct http_request whole, part;
	int want = feed(&whole, s, len);

	for (size_t first = 1; first < len; first++) {
		CHECK_EQ(feed_slowly(&part, s, len, first, len), want);
		if (want > 0)
			CHECK(same_request(&whole, &part));
	}
	CHECK_EQ(feed_slowly(&part, s, len, 1, 1), want);
	CHECK_EQ(feed_slowly(&part, s, len, 1, 7), want);
}

static int status_of(const char *s)
{
	struct http_request r;

	check_splits(s, strlen(s));
	return feed(&r, s, strlen(s));
}

static void test_request(void)
{
	static const char s[] = "GET /a/b?c=d HTTP/1.1\r\nHost: example.org:80\r\n"
				"If-None-Match: \"x\" \t\r\nX-Odd: \x80\t~\r\n"
				"If-Modified-Since:\tSun, 06 Nov 1994 08:49:37 GMT\r\n\r\nrest";
	struct http_request r;

	CHECK_EQ(feed(&r, s, sizeof(s) - 1), (int)sizeof(s) - 1 - 4);
	CHECK_EQ(r.method, HTTP_GET);
	CHECK_EQ(r.minor, 1);
	CHECK_EQ(r.flags, HTTP_HOST | HTTP_PLAIN);
	CHECK_EQ(r.path.len, 4);
	CHECK(!memcmp(s + r.path.at, "/a/b", 4));
	CHECK_EQ(r.target.len, 8);
	CHECK_EQ(r.if_none_match.len, 3);
	CHECK(!memcmp(s + r.if_none_match.at, "\"x\"", 3));
	CHECK_EQ(r.if_modified_since.len, HTTP_DATE_LEN);
	check_splits(s, sizeof(s) - 1 - 4);
}

static void test_request_incomplete(void)
{
	static const char s[] = GET "Accept: */*\r\n\r\n";
	struct http_request r;

	for (size_t len = 1; len < sizeof(s) - 1; len++)
		CHECK_EQ(feed(&r, s, len), 0);
	CHECK_EQ(feed(&r, s, 0), 0);
}

static void test_pipeline(void)
{
	static const char s[] = GET "\r\nHEAD /two HTTP/1.1\r\nHost: h\r\n\r\n" GET "\r\n";
	struct http_request r;
	size_t at = 0;
	int n, count = 0;

	while (at < sizeof(s) - 1 && (n = feed(&r, s + at, sizeof(s) - 1 - at)) > 0) {
		CHECK_EQ(r.method, count == 1 ? HTTP_HEAD : HTTP_GET);
		at += (size_t)n;
		count++;
	}
	CHECK_EQ(count, 3);
	CHECK_EQ(at, sizeof(s) - 1);
}

static int method(const char *name)
{
	char s[64];
	struct http_request r;

	snprintf(s, sizeof(s), "%s / HTTP/1.1\r\nHost: h\r\n\r\n", name);
	CHECK(status_of(s) > 0);
	feed(&r, s, strlen(s));
	return r.method;
}

static void test_methods(void)
{
	CHECK_EQ(method("GET"), HTTP_GET);
	CHECK_EQ(method("HEAD"), HTTP_HEAD);
	CHECK_EQ(method("POST"), HTTP_OTHER);
	CHECK_EQ(method("CONNECT"), HTTP_OTHER);
	CHECK_EQ(method("PATCH"), HTTP_OTHER);
	CHECK_EQ(method("get"), HTTP_UNKNOWN);
	CHECK_EQ(method("GETS"), HTTP_UNKNOWN);
	CHECK_EQ(method("M-SEARCH"), HTTP_UNKNOWN);
}

static void test_request_line(void)
{
	CHECK(status_of("\r\n\r\n" GET "\r\n") > 0);
	CHECK(status_of("GET / HTTP/1.0\r\n\r\n") > 0);
	CHECK(status_of("GET / HTTP/1.7\r\nHost:\r\n\r\n") > 0);
	CHECK(status_of("CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n\r\n") > 0);
	CHECK(status_of("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n") > 0);
	CHECK_EQ(status_of("GET  / HTTP/1.1\r\nHost: h\r\n\r\n"), -400);
	CHECK_EQ(status_of("GET /  HTTP/1.1\r\nHost: h\r\n\r\n"), -400);
	CHECK_EQ(status_of("GET / HTTP/1.1 \r\nHost: h\r\n\r\n"), -400);
	CHECK_EQ(status_of(" GET / HTTP/1.1\r\nHost: h\r\n\r\n"), -400);
	CHECK_EQ(status_of("GET\t/ HTTP/1.1\r\nHost: h\r\n\r\n"), -400);
	CHECK_EQ(status_of("GET /\r\n\r\n"), -400);
	CHECK_EQ(status_of("GET\r\n\r\n"), -400);
	CHECK_EQ(status_of("GET \r\n\r\n"), -400);
	CHECK_EQ(status_of("GET / http/1.1\r\nHost: h\r\n\r\n"), -400);
	CHECK_EQ(status_of("GET / HTTP/1\r\nHost: h\r\n\r\n"), -400);
	CHECK_EQ(status_of("GET / HTTP/1.10\r\nHost: h\r\n\r\n"), -400);
	CHECK_EQ(status_of("GET / HTTP/x.y\r\nHost: h\r\n\r\n"), -400);
	CHECK_EQ(status_of("GET / HTTP/2.0\r\nHost: h\r\n\r\n"), -505);
	CHECK_EQ(status_of("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), -505);
	CHECK_EQ(status_of("GET * HTTP/1.1\r\nHost: h\r\n\r\n"), -400);
	CHECK_EQ(status_of("GET a HTTP/1.1\r\nHost: h\r\n\r\n"), -400);
	CHECK_EQ(status_of("GET /# HTTP/1.1\r\nHost: h\r\n\r\n"), -400);
	CHECK_EQ(status_of("GET /\x01 HTTP/1.1\r\nHost: h\r\n\r\n"), -400);
	CHECK_EQ(status_of("GET /\x7f HTTP/1.1\r\nHost: h\r\n\r\n"), -400);
	CHECK_EQ(status_of("GET /\xc3\xa4 HTTP/1.1\r\nHost: h\r\n\r\n"), -400);
	CHECK_EQ(status_of("\x16\x03\x01\x02"), -400); /* TLS */
}

static void test_absolute_form(void)
{
	static const char s[] = "GET http://h.example:81/p/q?r HTTP/1.1\r\nHost: h\r\n\r\n";
	struct http_request r;

	CHECK(feed(&r, s, sizeof(s) - 1) > 0);
	CHECK_EQ(r.path.len, 4);
	CHECK(!memcmp(s + r.path.at, "/p/q", 4));
	CHECK(status_of("GET HTTPS://[::1]:8/ HTTP/1.1\r\nHost: h\r\n\r\n") > 0);
	CHECK(status_of("GET http://h HTTP/1.1\r\nHost: h\r\n\r\n") > 0);
	CHECK(status_of("GET http://h?x HTTP/1.1\r\nHost: h\r\n\r\n") > 0);
	CHECK_EQ(status_of("GET http:// HTTP/1.1\r\nHost: h\r\n\r\n"), -400);
	CHECK_EQ(status_of("GET http:///x HTTP/1.1\r\nHost: h\r\n\r\n"), -400);
	CHECK_EQ(status_of("GET http://u@h/ HTTP/1.1\r\nHost: h\r\n\r\n"), -400);
	CHECK_EQ(status_of("GET ftp://h/ HTTP/1.1\r\nHost: h\r\n\r\n"), -400);
	CHECK_EQ(status_of("GET http\n"), -400);
	CHECK_EQ(status_of("GET https:\n"), -400);
}

static void test_line_ends(void)
{
	CHECK_EQ(status_of("GET / HTTP/1.1\nHost: h\n\n"), -400);
	CHECK_EQ(status_of("GET / HTTP/1.1\r\nHost: h\n\r\n"), -400);
	CHECK_EQ(status_of("GET / HTTP/1.1\r\nHost: h\r\n\n"), -400);
	CHECK_EQ(status_of(GET "A: b\rc\r\n\r\n"), -400);
	CHECK_EQ(status_of(GET "A: b\r\r\n\r\n"), -400);
	CHECK_EQ(status_of(GET "\rA: b\r\n\r\n"), -400);
	CHECK_EQ(status_of("\n" GET "\r\n"), -400);
	CHECK_EQ(status_of("\rGET / HTTP/1.1\r\nHost: h\r\n\r\n"), -400);
}

static void test_fields(void)
{
	CHECK(status_of(GET "A:\r\nB:b\r\nC: \t c c \t\r\n!#$%&'*+-.^_`|~9: x\r\n\r\n") > 0);
	CHECK_EQ(status_of(GET "A : b\r\n\r\n"), -400);
	CHECK_EQ(status_of(GET "A: b\r\n c\r\n\r\n"), -400); /* obs-fold */
	CHECK_EQ(status_of("GET / HTTP/1.1\r\n Host: h\r\n\r\n"), -400);
	CHECK_EQ(status_of(GET "A\r\n\r\n"), -400);
	CHECK_EQ(status_of(GET ": b\r\n\r\n"), -400);
	CHECK_EQ(status_of(GET "A(: b\r\n\r\n"), -400);
	CHECK_EQ(status_of(GET "A: 12345678\x01\r\n\r\n"), -400);
	CHECK_EQ(status_of(GET "A: 1234567890123\x7f\r\n\r\n"), -400);
}

/* Each byte at each place of a value long enough for words and for single bytes. */
static void test_field_values(void)
{
	char s[sizeof(GET) + 64];
	struct http_request r;

	for (int at = 0; at < 21; at++) {
		for (int c = 0; c < 256; c++) {
			int len =
				snprintf(s, sizeof(s), GET "A:%s\r\n\r\n", "aaaaaaaaaaaaaaaaaaaaa");
			bool good = (c >= ' ' && c != 0x7f) || c == '\t';

			s[sizeof(GET) - 1 + 2 + (size_t)at] = (char)c;
			CHECK_EQ(feed(&r, s, (size_t)len), good ? len : -400);
		}
	}
}

static void test_nul_bytes(void)
{
	static const char in_value[] = GET "A: b\0c\r\n\r\n";
	static const char in_target[] = "GET /a\0b HTTP/1.1\r\nHost: h\r\n\r\n";
	static const char in_name[] = GET "A\0: b\r\n\r\n";

	check_splits(in_value, sizeof(in_value) - 1);
	struct http_request r;

	CHECK_EQ(feed(&r, in_value, sizeof(in_value) - 1), -400);
	CHECK_EQ(feed(&r, in_target, sizeof(in_target) - 1), -400);
	CHECK_EQ(feed(&r, in_name, sizeof(in_name) - 1), -400);
}

static void test_host(void)
{
	CHECK_EQ(status_of("GET / HTTP/1.1\r\n\r\n"), -400);
	CHECK(status_of("GET / HTTP/1.1\r\nHost:\r\n\r\n") > 0);
	CHECK(status_of("GET / HTTP/1.1\r\nhOsT: [::1]:80\r\n\r\n") > 0);
	CHECK_EQ(status_of(GET "Host: h\r\n\r\n"), -400);
	CHECK_EQ(status_of("GET / HTTP/1.1\r\nHost: a b\r\n\r\n"), -400);
	CHECK_EQ(status_of("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"), -400);
	CHECK_EQ(status_of("GET / HTTP/1.1\r\nHost: a@b\r\n\r\n"), -400);
	CHECK_EQ(status_of("GET / HTTP/1.1\r\nHosts: a\r\n\r\n"), -400);
}

static void test_content_length(void)
{
	struct http_request r;

	static const char s[] = GET "Content-Length: 0042\r\n\r\n";

	CHECK_EQ(feed(&r, s, sizeof(s) - 1), sizeof(s) - 1);
	CHECK_EQ(r.content_length, 42);
	CHECK_EQ(status_of(GET "Content-Length: 5\r\nContent-Length: 5\r\n\r\n"), -400);
	CHECK_EQ(status_of(GET "Content-Length: 5\r\nContent-Length: 6\r\n\r\n"), -400);
	CHECK_EQ(status_of(GET "Content-Length: 5, 5\r\n\r\n"), -400);
	CHECK_EQ(status_of(GET "Content-Length:\r\n\r\n"), -400);
	CHECK_EQ(status_of(GET "Content-Length: -1\r\n\r\n"), -400);
	CHECK_EQ(status_of(GET "Content-Length: +1\r\n\r\n"), -400);
	CHECK_EQ(status_of(GET "Content-Length: 1 2\r\n\r\n"), -400);
	CHECK_EQ(status_of(GET "Content-Length: 0x10\r\n\r\n"), -400);
	CHECK_EQ(status_of(GET "Content-Length: 1;\r\n\r\n"), -400);
}

static void test_transfer_encoding(void)
{
	CHECK(status_of(GET "Transfer-Encoding: Chunked\r\n\r\n") > 0);
	CHECK_EQ(status_of(GET "Transfer-Encoding: gzip, chunked\r\n\r\n"), -501);
	CHECK_EQ(status_of(GET "Transfer-Encoding: identity\r\n\r\n"), -501);
	CHECK_EQ(status_of(GET "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"),
		 -400);
	CHECK_EQ(status_of(GET "Transfer-Encoding:\r\n\r\n"), -400);
	CHECK_EQ(status_of(GET "Transfer-Encoding: \x0b"
			       "chunked\r\n\r\n"),
		 -400);
	CHECK_EQ(status_of(GET "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"), -400);
	CHECK_EQ(status_of(GET "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n"), -400);
	CHECK_EQ(status_of("GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), -400);
}

static bool persists(const char *s)
{
	struct http_request r;

	CHECK(feed(&r, s, strlen(s)) > 0);
	return http_request_persists(&r);
}

static void test_persistence(void)
{
	CHECK(persists(GET "\r\n"));
	CHECK(!persists(GET "Connection: close\r\n\r\n"));
	CHECK(!persists(GET "Connection: foo,\t CLOSE , bar\r\n\r\n"));
	CHECK(!persists(GET "Connection: foo\r\nConnection: close\r\n\r\n"));
	CHECK(persists(GET "Connection: closed, upgrade\r\n\r\n"));
	CHECK(!persists("GET / HTTP/1.0\r\n\r\n"));
	CHECK(persists("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n"));
	CHECK(!persists("GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n"));
}

/* A request with a target of n bytes. */
static int target_of(size_t n, bool whole)
{
	char *s = malloc(n + 64);
	struct http_request r;
	int rc;

	memcpy(s, "GET ", 4);
	memset(s + 4, '/', n);
	strcpy(s + 4 + n, whole ? " HTTP/1.1\r\nHost: h\r\n\r\n" : "");
	rc = feed(&r, s, strlen(s));
	free(s);
	return rc;
}

static void test_long_target(void)
{
	CHECK(target_of(HTTP_LINE_MAX - 4 - 9, true) > 0);
	CHECK_EQ(target_of(HTTP_LINE_MAX - 4 - 8, true), -414);
	CHECK_EQ(target_of(HTTP_LINE_MAX * 2, true), -414);
	CHECK_EQ(target_of(HTTP_LINE_MAX - 4, false), 0);
	CHECK_EQ(target_of(HTTP_LINE_MAX - 3, false), -414);
}

static void test_long_head(void)
{
	static char s[HTTP_HEAD_MAX + 64];
	struct http_request r;
	int start = snprintf(s, sizeof(s), GET "A: ");

	memset(s + start, 'a', sizeof(s) - (size_t)start);
	CHECK_EQ(feed(&r, s, HTTP_HEAD_MAX - 1), 0);
	CHECK_EQ(feed(&r, s, HTTP_HEAD_MAX), -431);
	CHECK_EQ(feed(&r, s, sizeof(s)), -431);
	memcpy(s + HTTP_HEAD_MAX - 4, "\r\n\r\n", 4);
	CHECK_EQ(feed(&r, s, sizeof(s)), HTTP_HEAD_MAX);
	CHECK_EQ(feed_slowly(&r, s, sizeof(s), 1, 1), HTTP_HEAD_MAX);
	memset(s + HTTP_HEAD_MAX - 4, 'a', 4);
	memcpy(s + HTTP_HEAD_MAX - 3, "\r\n\r\n", 4);
	CHECK_EQ(feed(&r, s, sizeof(s)), -431);
}

static void test_many_fields(void)
{
	char s[1024];
	struct http_request r;

	for (int n = HTTP_FIELDS_MAX - 1; n <= HTTP_FIELDS_MAX + 1; n++) {
		int len = snprintf(s, sizeof(s), GET);

		for (int i = 1; i < n; i++)
			len += snprintf(s + len, sizeof(s) - (size_t)len, "A: b\r\n");
		len += snprintf(s + len, sizeof(s) - (size_t)len, "\r\n");
		CHECK_EQ(feed(&r, s, (size_t)len), n <= HTTP_FIELDS_MAX ? len : -431);
	}
}

/* Broken requests: cut or whole, they mean the same, and nothing is read that is not there. */
static void test_mutations(void)
{
	static const char seed[] = "GET /a/../b%20?x=1 HTTP/1.1\r\nHost: h.example\r\n"
				   "Content-Length: 3\r\nConnection: close, x\r\n\r\nabc";
	static const char bytes[] = "\r\n \t:/%.\0\x7f\xff"
				    "A0\"*#";
	struct http_request whole, part;
	uint32_t random = 1;
	char s[sizeof(seed)];

	for (int i = 0; i < 50000; i++) {
		memcpy(s, seed, sizeof(seed));
		for (int changes = i % 3; changes >= 0; changes--) {
			random = random * 1664525 + 1013904223;
			s[(random >> 8) % (sizeof(seed) - 1)] =
				bytes[(random >> 20) % (sizeof(bytes) - 1)];
		}

		size_t len = sizeof(seed) - 1 - (random >> 4) % 8;
		int want = feed(&whole, s, len);

		CHECK_EQ(feed_slowly(&part, s, len, 1 + random % len, 5), want);
		if (want > 0)
			CHECK(same_request(&whole, &part));
		CHECK(want <= (int)len);
	}
}

int main(void)
{
	RUN(test_request);
	RUN(test_request_incomplete);
	RUN(test_pipeline);
	RUN(test_methods);
	RUN(test_request_line);
	RUN(test_absolute_form);
	RUN(test_line_ends);
	RUN(test_fields);
	RUN(test_field_values);
	RUN(test_nul_bytes);
	RUN(test_host);
	RUN(test_content_length);
	RUN(test_transfer_encoding);
	RUN(test_persistence);
	RUN(test_long_target);
	RUN(test_long_head);
	RUN(test_many_fields);
	RUN(test_mutations);
	return check_done();
}
