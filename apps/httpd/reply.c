// SPDX-License-Identifier: BSD-2-Clause
#include "reply.h"

#include <string.h>

#include "now.h"
#include "status.h"
#include "text.h"

enum {
	/* A head is written last, because it says how long the content is: room for it. The
	 * longest one has a Location, each byte of which may take three. */
	HEAD_ROOM = 4096,
};

/* Has the client what it asks for? Ref: RFC 9110, 13.2.2, steps 3 and 4. */
static bool not_modified(const struct http_request *q, const char *buf, const struct file *f)
{
	const struct http_span *none = &q->if_none_match, *since = &q->if_modified_since;

	if (none->at)
		return http_etag_matches(buf + none->at, none->len, f->etag);
	if (!since->at || f->mtime < 0)
		return false;
	return http_date_parse(buf + since->at, since->len) >= f->mtime;
}

static enum reply_page generated_page(const char *path, size_t len)
{
	if (len == 7 && !memcmp(path, "/status", 7))
		return PAGE_STATUS;
	if (len == 12 && !memcmp(path, "/status.json", 12))
		return PAGE_STATUS_JSON;
	return PAGE_FILE;
}

static void plan_path(struct reply *r, const struct http_request *q, const char *buf,
		      const char *path, size_t len)
{
	r->page = (uint8_t)generated_page(path, len);
	if (r->page != PAGE_FILE) {
		r->status = 200;
		return;
	}
	r->status = (uint16_t)files_open(path, len, &r->file);
	if (r->status != 200)
		r->page = PAGE_ERROR;
	else if (not_modified(q, buf, r->file))
		r->status = 304;
}

void reply_plan(struct reply *r, const struct http_request *q, const char *buf, char *scratch)
{
	const char *path = buf + q->path.at;
	int len = q->path.len;

	*r = (struct reply){
		.minor = q->minor,
		.keep_alive = http_request_persists(q),
		.head_only = q->method == HTTP_HEAD,
	};
	if (q->method >= HTTP_OTHER) {
		r->status = q->method == HTTP_OTHER ? 405 : 501;
		return;
	}
	if (!(q->flags & HTTP_PLAIN)) {
		len = http_path_normalise(scratch, REPLY_BYTES, path, q->path.len);
		path = scratch;
	}
	if (len < 0)
		r->status = (uint16_t)-len;
	else
		plan_path(r, q, buf, path, (size_t)len);
}

void reply_error(struct reply *r, unsigned int status)
{
	*r = (struct reply){ .status = (uint16_t)status, .minor = 1, .page = PAGE_ERROR };
}

static void write_error(struct text *t, unsigned int status)
{
	text_str(t, "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">"
		    "<meta name=\"viewport\" content=\"width=device-width\">"
		    "<meta name=\"color-scheme\" content=\"light dark\"><title>");
	text_u64(t, status);
	text_str(t, "</title><body style=\"font:1.2rem system-ui;text-align:center;"
		    "margin-top:25vh\"><h1>");
	text_u64(t, status);
	text_str(t, "</h1><p>");
	text_str(t, http_reason(status));
	text_char(t, '\n');
}

/* Writes a generated content. Returns its media type. */
static const char *write_content(struct text *t, const struct reply *r)
{
	switch (r->page) {
	case PAGE_STATUS:
		status_write_html(t);
		return files_type(".html", 5);
	case PAGE_STATUS_JSON:
		status_write_json(t);
		return files_type(".json", 5);
	default:
		write_error(t, r->status);
		return files_type(".html", 5);
	}
}

static size_t write_generated(struct http_response *h, const struct reply *r, char *buf)
{
	struct text content;
	size_t head, len;

	text_init(&content, buf + HEAD_ROOM, REPLY_BYTES - HEAD_ROOM);
	h->type = write_content(&content, r);
	len = text_len(&content);
	h->length = (int64_t)len;
	h->no_store = r->page == PAGE_STATUS || r->page == PAGE_STATUS_JSON;
	head = http_response_head(buf, HEAD_ROOM, h);
	if (r->head_only)
		return head;
	memmove(buf + head, content.start, len);
	return head + len;
}

size_t reply_write(const struct reply *r, char *buf)
{
	struct http_response h = {
		.status = r->status,
		.keep_alive = r->keep_alive,
		.minor = r->minor,
		.date = now.date,
		.length = -1,
		.mtime = -1,
	};

	if (r->page != PAGE_FILE) {
		h.location = r->status == 301 ? r->file->path : NULL;
		return write_generated(&h, r, buf);
	}
	h.etag = r->file->etag;
	if (r->status == 200) {
		h.type = r->file->type;
		h.length = r->file->size;
		h.mtime = r->file->mtime;
	}
	return http_response_head(buf, REPLY_BYTES, &h);
}

void reply_forget(struct reply *r)
{
	if (r->file)
		files_close(r->file);
	r->file = NULL;
}
