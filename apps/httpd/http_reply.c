// SPDX-License-Identifier: BSD-2-Clause
/* Response heads, and the comparison that saves sending a content. */
#include "http.h"

#include "text.h"

const char *http_reason(unsigned int status)
{
	/* Three digits, then the phrase; one string, because pointers would need relocation. */
	static const char reasons[] = "200OK\0"
				      "301Moved Permanently\0"
				      "304Not Modified\0"
				      "400Bad Request\0"
				      "403Forbidden\0"
				      "404Not Found\0"
				      "405Method Not Allowed\0"
				      "408Request Timeout\0"
				      "413Content Too Large\0"
				      "414URI Too Long\0"
				      "431Request Header Fields Too Large\0"
				      "500Internal Server Error\0"
				      "501Not Implemented\0"
				      "503Service Unavailable\0"
				      "505HTTP Version Not Supported\0";

	for (const char *r = reasons; *r; r += strlen(r) + 1)
		if ((unsigned int)((r[0] - '0') * 100 + (r[1] - '0') * 10 + r[2] - '0') == status)
			return r + 3;
	return "";
}

static void field(struct text *t, const char *name, const char *value)
{
	if (!value || !*value)
		return;
	text_str(t, name);
	text_str(t, value);
	text_str(t, "\r\n");
}

static void field_date(struct text *t, const char *name, const char *date)
{
	text_str(t, name);
	text_mem(t, date, HTTP_DATE_LEN);
	text_str(t, "\r\n");
}

static bool is_unreserved(char c)
{
	char letter = (char)(c | 0x20);

	return (letter >= 'a' && letter <= 'z') || (c >= '0' && c <= '9') ||
	       (c && strchr("-._~/", c));
}

/* A decoded path goes out encoded, so that no byte of it can end the line or the field. */
static void field_location(struct text *t, const char *path)
{
	text_str(t, "Location: ");
	for (; *path; path++) {
		if (is_unreserved(*path)) {
			text_char(t, *path);
			continue;
		}
		text_char(t, '%');
		text_char(t, "0123456789ABCDEF"[(uint8_t)*path >> 4]);
		text_char(t, "0123456789ABCDEF"[(uint8_t)*path & 15]);
	}
	text_str(t, "\r\n");
}

static void optional_fields(struct text *t, const struct http_response *r)
{
	field(t, "Content-Type: ", r->type);
	field(t, "ETag: ", r->etag);
	if (r->length >= 0) {
		text_str(t, "Content-Length: ");
		text_u64(t, (uint64_t)r->length);
		text_str(t, "\r\n");
	}
	if (r->mtime >= 0) {
		char date[HTTP_DATE_LEN];

		http_date_format(date, r->mtime);
		field_date(t, "Last-Modified: ", date);
	}
	if (r->location)
		field_location(t, r->location);
	field(t, "Cache-Control: ", r->no_store ? "no-store" : NULL);
	field(t, "Allow: ", r->status == 405 ? "GET, HEAD" : NULL);
	field(t, "Retry-After: ", r->status == 503 ? "1" : NULL);
}

size_t http_response_head(char *buf, size_t cap, const struct http_response *r)
{
	struct text t;

	text_init(&t, buf, cap);
	text_str(&t, "HTTP/1.1 ");
	text_u64(&t, r->status);
	text_char(&t, ' ');
	text_str(&t, http_reason(r->status));
	text_str(&t, "\r\n");
	field_date(&t, "Date: ", r->date);
	optional_fields(&t, r);
	if (!r->keep_alive)
		field(&t, "Connection: ", "close");
	else if (!r->minor)
		field(&t, "Connection: ", "keep-alive");
	text_str(&t, "\r\n");
	return text_full(&t) ? 0 : text_len(&t);
}

/* Weak comparison: W/ in front makes no difference. */
bool http_etag_matches(const char *list, size_t len, const char *etag)
{
	const char *end = list + len;
	size_t etag_len = strlen(etag);

	while (list < end) {
		if (*list == '*')
			return true;
		if (*list == '"') {
			const char *close = memchr(list + 1, '"', (size_t)(end - list - 1));

			if (!close)
				return false;
			if ((size_t)(close + 1 - list) == etag_len && !memcmp(list, etag, etag_len))
				return true;
			list = close;
		}
		list++;
	}
	return false;
}
