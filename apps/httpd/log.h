// SPDX-License-Identifier: BSD-2-Clause
/*
 * Lines on the console.
 *
 * Model: one write() per line, so that lines of several writers do not mix.
 * Threads: any.
 * Errors: a line that cannot be written is lost.
 */
#pragma once

#include "http.h"
#include "reply.h"

/* log_say() - "httpd: " and up to three parts, which may be NULL, on standard error. */
void log_say(const char *a, const char *b, const char *c);

/*
 * log_request() - `ADDRESS "METHOD TARGET" STATUS BYTES` on standard output.
 *
 * fd	the connection, for the client's address
 * q	the request, or NULL when there was none to speak of
 * buf	its bytes
 */
void log_request(int fd, const struct http_request *q, const char *buf, const struct reply *r);
