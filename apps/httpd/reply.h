// SPDX-License-Identifier: BSD-2-Clause
/*
 * What to answer.
 *
 * Model: a request becomes a struct reply as soon as its head is there; the reply becomes bytes
 * when its content has gone by. Between the two the request's own bytes may vanish.
 * Units: bytes.
 * Threads: the event loop's only.
 * Errors: an HTTP status in the reply.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "files.h"
#include "http.h"

enum {
	/* Room for the longest reply that is not a file. */
	REPLY_BYTES = 16384,
};

enum reply_page {
	PAGE_ERROR, /* says the status in words */
	PAGE_FILE,
	PAGE_STATUS,
	PAGE_STATUS_JSON,
};

struct reply {
	uint16_t status;
	uint8_t page;  /* enum reply_page */
	uint8_t minor; /* of the request */
	bool keep_alive;
	bool head_only;
	struct file *file; /* reference held, or NULL */
};

/*
 * reply_plan() - decide what a request gets.
 *
 * q		a complete head
 * buf		its bytes
 * scratch	REPLY_BYTES to work in
 */
void reply_plan(struct reply *r, const struct http_request *q, const char *buf, char *scratch);

/* reply_error() - plan a refusal after which the connection ends. */
void reply_error(struct reply *r, unsigned int status);

/* reply_is_ready() - is r->file->response, once freshened, the whole answer? */
static inline bool reply_is_ready(const struct reply *r)
{
	return r->status == 200 && r->keep_alive && r->minor && !r->head_only && r->file &&
	       r->file->response;
}

/* reply_content() - how much of r->file is to be sent behind what reply_write() wrote. */
static inline int64_t reply_content(const struct reply *r)
{
	return r->status == 200 && r->file && !r->head_only ? r->file->size : 0;
}

/*
 * reply_write() - write the head, and the content if it is not a file's.
 *
 * buf	REPLY_BYTES
 *
 * Returns how many bytes were written.
 */
size_t reply_write(const struct reply *r, char *buf);

/* reply_forget() - give back what the reply holds. */
void reply_forget(struct reply *r);
