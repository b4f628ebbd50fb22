// SPDX-License-Identifier: BSD-2-Clause
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config.h"
#include "http.h"
#include "now.h"
#include "text.h"
#include "welcome.h"

enum {
	PATH_BYTES = 1024,    /* a file's name, root and index.html included */
	HEAD_BYTES = 512,     /* room for the head of a 200 response */
	SMALL_BYTES = 16384,  /* files up to this size are kept in memory */
	CACHE_BYTES = 131072, /* all of them together */
	CACHE_SLOTS = 64,     /* a path may be in either of two */
};

static struct file *cache[CACHE_SLOTS];
static int64_t cache_bytes;
static unsigned int cache_hand; /* where making room went last */

/* From the length and both ends, where names differ; what it mixes up, memcmp() tells apart. */
static uint32_t path_hash(const char *path, size_t len)
{
	uint64_t first = 0, last = 0;

	if (len >= sizeof(first)) {
		memcpy(&first, path, sizeof(first));
		memcpy(&last, path + len - sizeof(last), sizeof(last));
	} else {
		memcpy(&first, path, len);
	}
	/* Odd numbers without a pattern: the golden ratio, and pi. */
	return (uint32_t)(((first + len) * UINT64_C(0x9e3779b97f4a7c15) ^
			   last * UINT64_C(0x243f6a8885a308d3)) >>
			  32);
}

/* The second place for a path is the neighbour of the first. */
static struct file **cache_find(const char *path, size_t len, uint32_t hash)
{
	for (unsigned int way = 0; way < 2; way++) {
		struct file **slot = &cache[(hash ^ way) % CACHE_SLOTS];

		if (*slot && (*slot)->hash == hash && (*slot)->path_len == len &&
		    !memcmp((*slot)->path, path, len))
			return slot;
	}
	return NULL;
}

static void cache_drop(struct file **slot)
{
	struct file *f = *slot;

	if (!f)
		return;
	*slot = NULL;
	cache_bytes -= f->size;
	files_close(f);
}

/* Takes the place that is free, or was not asked for longest; then makes room elsewhere. */
static void cache_insert(struct file *f)
{
	struct file **slot = &cache[f->hash % CACHE_SLOTS];
	struct file **other = &cache[(f->hash ^ 1) % CACHE_SLOTS];

	if (*slot && (!*other || (int32_t)((*other)->checked - (*slot)->checked) < 0))
		slot = other;
	cache_drop(slot);
	while (cache_bytes + f->size > CACHE_BYTES)
		cache_drop(&cache[cache_hand++ % CACHE_SLOTS]);
	*slot = f;
	cache_bytes += f->size;
	f->refs++;
}

static unsigned int status_of_errno(void)
{
	switch (errno) {
	case EACCES:
	case EPERM:
		return 403;
	case EMFILE:
	case ENFILE:
	case ENOMEM:
		return 503;
	case EIO:
		return 500;
	default: /* no such name, or none that can be */
		return 404;
	}
}

/* Writes root + path, and index.html for a directory, into buf. Returns false if too long. */
static bool full_path(char buf[PATH_BYTES], const char *path, size_t len)
{
	struct text t;

	text_init(&t, buf, PATH_BYTES);
	text_str(&t, config.root);
	text_mem(&t, path, len);
	if (path[len - 1] == '/')
		text_str(&t, "index.html");
	text_char(&t, '\0');
	return !text_full(&t);
}

/* room	for a content in memory, or 0; it goes to f->response + HEAD_BYTES */
static struct file *file_new(const char *path, size_t len, size_t room)
{
	struct file *f = calloc(1, sizeof(*f) + len + 2 + (room ? HEAD_BYTES + room : 0));

	if (!f)
		return NULL;

	char *copy = (char *)(f + 1);

	memcpy(copy, path, len);
	f->path = copy;
	f->path_len = (uint16_t)len;
	f->hash = path_hash(path, len);
	f->refs = 1;
	f->fd = -1;
	if (room)
		f->response = copy + len + 2;
	return f;
}

/* mtime	0: not known, as in an archive without times */
static void file_describe(struct file *f, int64_t size, int64_t mtime, uint64_t version)
{
	struct text t;
	bool index = f->path[f->path_len - 1] == '/';

	f->size = size;
	f->mtime = mtime > 0 ? mtime : -1;
	f->type = index ? files_type("index.html", 10) : files_type(f->path, f->path_len);
	if (!version)
		return;
	text_init(&t, f->etag, sizeof(f->etag) - 1);
	text_char(&t, '"');
	text_hex(&t, version);
	text_char(&t, '-');
	text_hex(&t, (uint64_t)size);
	text_char(&t, '"');
}

/* FNV-1a: tells contents apart that have one length and one time, or none. */
static uint32_t content_version(const char *content, int64_t len)
{
	uint32_t h = 0x811c9dc5;

	for (; len; len--)
		h = (h ^ (uint8_t)*content++) * 0x01000193;
	return h;
}

/* The content is in its place: puts the head right in front of it, and the file in the cache. */
static void file_finish(struct file *f, int64_t size, int64_t mtime)
{
	char head[HEAD_BYTES];

	file_describe(f, size, mtime, content_version(f->response + HEAD_BYTES, size));

	const struct http_response r = {
		.status = 200,
		.keep_alive = true,
		.minor = 1,
		.date = now.date,
		.type = f->type,
		.etag = f->etag,
		.length = f->size,
		.mtime = f->mtime,
	};

	f->head_bytes = (uint32_t)http_response_head(head, sizeof(head), &r);
	f->response += HEAD_BYTES - f->head_bytes;
	memcpy(f->response, head, f->head_bytes);
	f->dated = now.tick;
	f->checked = now.tick;
	cache_insert(f);
}

/* The redirection from "dir" to "dir/". Not cached: nobody asks often. */
static unsigned int open_redirect(const char *path, size_t len, struct file **out)
{
	struct file *f = file_new(path, len, 0);

	if (!f)
		return 503;
	((char *)(f + 1))[len] = '/';
	*out = f;
	return 301;
}

static unsigned int open_built_in(const char *path, size_t len, struct file **out)
{
	if (len != 1 && (len != 11 || memcmp(path, "/bench.html", 11) != 0))
		return 404;

	struct file *f = file_new(path, len, WELCOME_BYTES);

	if (!f)
		return 503;
	memcpy(f->response + HEAD_BYTES, welcome_page, WELCOME_BYTES);
	f->built_in = true;
	file_finish(f, WELCOME_BYTES, 0);
	*out = f;
	return 200;
}

static bool read_whole(int fd, char *buf, size_t len)
{
	while (len) {
		ssize_t n = read(fd, buf, len);

		if (n <= 0)
			return false;
		buf += n;
		len -= (size_t)n;
	}
	return true;
}

/* Returns whether the content is in memory now, and f in the cache; the caller closes fd. */
static bool open_small(int fd, const struct stat *st, const char *path, size_t len,
		       struct file **out)
{
	/* One byte at least, so that an empty file is a content too. */
	struct file *f = file_new(path, len, (size_t)st->st_size + 1);

	if (!f)
		return false;
	if (!read_whole(fd, f->response + HEAD_BYTES, (size_t)st->st_size)) {
		files_close(f);
		return false;
	}
	f->modified = st->st_mtime;
	file_finish(f, st->st_size, st->st_mtime);
	*out = f;
	return true;
}

static unsigned int open_large(int fd, const struct stat *st, const char *path, size_t len,
			       struct file **out)
{
	struct file *f = file_new(path, len, 0);

	if (!f)
		return 503;
	file_describe(f, st->st_size, st->st_mtime, (uint64_t)st->st_mtime);
	f->fd = fd;
	*out = f;
	return 200;
}

static unsigned int open_fd(int fd, const char *path, size_t len, struct file **out)
{
	struct stat st;

	if (fstat(fd, &st))
		return 500;
	if (S_ISDIR(st.st_mode))
		return path[len - 1] == '/' ? 404 : open_redirect(path, len, out);
	if (!S_ISREG(st.st_mode))
		return 404;
	if (st.st_size <= SMALL_BYTES && open_small(fd, &st, path, len, out))
		return 200;
	return open_large(fd, &st, path, len, out);
}

static unsigned int file_load(const char *path, size_t len, struct file **out)
{
	char full[PATH_BYTES];
	unsigned int status;
	int fd;

	if (!full_path(full, path, len))
		return 404;
	fd = open(full, O_RDONLY | O_NONBLOCK); /* a FIFO must not stop the server */
	if (fd < 0 && errno == EISDIR)
		return path[len - 1] == '/' ? 404 : open_redirect(path, len, out);
	if (fd < 0) {
		status = status_of_errno();
		return status == 404 ? open_built_in(path, len, out) : status;
	}
	status = open_fd(fd, path, len, out);
	if (status != 200 || (*out)->fd != fd)
		close(fd);
	return status;
}

/* Is what is in memory still what the file system has? Asked once per second. */
static bool file_current(struct file *f)
{
	char full[PATH_BYTES];
	struct stat st;

	if (f->checked == now.tick)
		return true;
	full_path(full, f->path, f->path_len);
	if (stat(full, &st) ? !f->built_in
			    : f->built_in || st.st_mtime != f->modified || st.st_size != f->size)
		return false;
	f->checked = now.tick;
	return true;
}

unsigned int files_open(const char *path, size_t len, struct file **out)
{
	struct file **slot = cache_find(path, len, path_hash(path, len));

	if (slot && file_current(*slot)) {
		(*slot)->refs++;
		*out = *slot;
		return 200;
	}
	if (slot)
		cache_drop(slot);
	return file_load(path, len, out);
}

void files_close(struct file *f)
{
	if (--f->refs)
		return;
	if (f->fd >= 0)
		close(f->fd);
	free(f);
}

void files_freshen(struct file *f)
{
	if (f->dated == now.tick)
		return;
	f->dated = now.tick;
	memcpy(f->response + HTTP_OK_DATE_AT, now.date, HTTP_DATE_LEN);
}

int files_read(const struct file *f, int64_t at, char *buf, size_t cap)
{
	if ((int64_t)cap > f->size - at)
		cap = (size_t)(f->size - at);
	if (f->response)
		memcpy(buf, files_content(f) + at, cap);
	else if (cap && (lseek(f->fd, (off_t)at, SEEK_SET) < 0 || !read_whole(f->fd, buf, cap)))
		return -1;
	return (int)cap;
}
