// SPDX-License-Identifier: BSD-2-Clause
/*
 * What can be got: files below the root directory, and two built-in pages.
 *
 * Model: a struct file is one thing to send. Small ones are kept in memory with their complete
 * response in front, so that a hot page costs one send(); large ones are read piece by piece
 * while they are sent. What is in memory is compared with the file system once per second.
 * Units: bytes; seconds since 1970.
 * Threads: the event loop's only.
 * Errors: an HTTP status.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct file {
	uint32_t refs;    /* the cache's, and one for each response under way */
	uint32_t hash;    /* of path */
	uint32_t checked; /* tick of the last look at the file system */
	uint32_t dated;   /* tick of the Date in response */
	int fd;           /* of a file too large for memory, else -1 */
	uint16_t path_len;
	bool built_in;
	uint32_t head_bytes;
	char *response;   /* of GET on a persistent HTTP/1.1 connection; NULL: not in memory */
	const char *path; /* normalised; with a '/' added if this is a redirection */
	const char *type;
	int64_t size;
	int64_t mtime;    /* for Last-Modified; < 0: not known */
	int64_t modified; /* as the file system says it */
	char etag[36];    /* two numbers in hexadecimal, quoted; or empty */
};

/*
 * files_open() - find what a path names.
 *
 * path	normalised, see http_path_normalise(); need not end with NUL
 * len	its length
 * out	gets a reference, to be given back with files_close(), when 200 or 301 is returned
 *
 * Returns 200; 301 for a directory that was named without its '/' (out->path is where to go);
 * 403; 404; 500; 503 when memory or descriptors are short.
 */
unsigned int files_open(const char *path, size_t len, struct file **out);

/* files_close() - give a reference back. */
void files_close(struct file *f);

/* files_content() - the content of a file in memory. */
static inline const char *files_content(const struct file *f)
{
	return f->response + f->head_bytes;
}

/* files_freshen() - bring the Date in f->response up to date. f->response is not NULL. */
void files_freshen(struct file *f);

/*
 * files_read() - copy content.
 *
 * Returns how many bytes were copied, less than cap only at the end; -1 if the file failed or
 * became shorter.
 */
int files_read(const struct file *f, int64_t at, char *buf, size_t cap);

/* files_type() - the media type that a name's ending stands for. */
const char *files_type(const char *path, size_t len);
