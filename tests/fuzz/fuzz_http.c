// SPDX-License-Identifier: BSD-2-Clause
/* The request parser of apps/httpd: in one piece and in two it comes to the same. */
// link: apps/httpd/http.c apps/httpd/http_path.c apps/httpd/http_body.c apps/httpd/http_reply.c
// link: apps/httpd/http_date.c apps/httpd/text.c
#include "apps/httpd/http.h"
#include "tests/fuzz/fuzz.h"

static int feed(struct http_request *r, const uint8_t *data, size_t len)
{
	char *copy = fuzz_copy(data, len);
	int rc = http_request_feed(r, copy, len);

	free(copy);
	return rc;
}

static void try_path(const struct http_request *r, const char *text)
{
	char out[256];
	int rc = http_path_normalise(out, sizeof(out), text + r->path.at, r->path.len);

	FUZZ_ASSERT(rc < (int)sizeof(out));
	if (rc >= 0)
		FUZZ_ASSERT(out[0] == '/' && !strstr(out, "/../"));
}

static void try_body(const struct http_request *r, const uint8_t *data, size_t len)
{
	struct http_body b;
	int took = http_body_init(&b, r);

	while (took >= 0 && len && !http_body_done(&b)) {
		char *copy = fuzz_copy(data, len);

		took = http_body_feed(&b, copy, len);
		free(copy);
		FUZZ_ASSERT(took <= (int)len);
		if (took <= 0)
			break;
		data += took;
		len -= (size_t)took;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct http_request whole = { 0 }, pieces = { 0 };
	int rc = feed(&whole, data, len), two = 0;
	size_t cut = len ? data[len - 1] % len : 0;

	two = feed(&pieces, data, cut);
	if (two == 0)
		two = feed(&pieces, data, len);
	FUZZ_ASSERT(two == rc);
	if (rc <= 0)
		return 0;
	FUZZ_ASSERT((size_t)rc <= len);
	FUZZ_ASSERT((size_t)whole.path.at + whole.path.len <= (size_t)rc);
	(void)http_request_persists(&whole);
	try_path(&whole, (const char *)data);
	try_body(&whole, data + rc, len - (size_t)rc);
	return 0;
}
