// SPDX-License-Identifier: BSD-2-Clause
#define _GNU_SOURCE
#include "lib/posix/accounts.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>
#include "kernel/heap.h"

#define FILE_BYTES_MAX (1 << 20)

/* A line that has all its fields, where it stands in the file. */
struct line {
	const char *field[ACCOUNT_FIELDS];
	size_t len[ACCOUNT_FIELDS];
};

static int read_all(int fd, char *out, size_t size)
{
	size_t done = 0;

	while (done < size) {
		ssize_t n = read(fd, out + done, size - done);

		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		done += (size_t)n;
	}
	out[done] = '\0';
	return 0;
}

/* The file's text, to be freed; NULL in *out: there is no such file. */
static int load(const char *path, char **out)
{
	int saved = errno, fd = open(path, O_RDONLY | O_CLOEXEC), err = 0;
	struct stat st;
	char *text = NULL;

	if (fd < 0) {
		err = errno == ENOENT || errno == ENOTDIR ? 0 : -errno;
		errno = saved;
	} else if (fstat(fd, &st) || st.st_size > FILE_BYTES_MAX) {
		err = -EFBIG;
	} else {
		text = kalloc((size_t)st.st_size + 1);
		err = text ? read_all(fd, text, (size_t)st.st_size) : -ENOMEM;
	}
	if (fd >= 0)
		close(fd);
	if (err) {
		kfree(text);
		text = NULL;
	}
	*out = text;
	return err;
}

/* The next line of the text that has n fields and is no comment; false: there is none. */
static bool next_line(const char **at, unsigned n, struct line *out)
{
	while (**at) {
		const char *p = *at, *end = strchrnul(p, '\n');
		unsigned i = 0;

		*at = *end ? end + 1 : end;
		if (*p == '#')
			continue;
		for (; i < n; i++) {
			const char *colon = i + 1 < n ? memchr(p, ':', (size_t)(end - p)) : end;

			if (!colon)
				break;
			out->field[i] = p;
			out->len[i] = (size_t)(colon - p);
			p = colon + 1;
		}
		if (i == n && out->len[0] > 0)
			return true;
	}
	return false;
}

static bool is_text(const char *field, size_t len, const char *text)
{
	return strlen(text) == len && memcmp(field, text, len) == 0;
}

static bool has_member(const char *list, size_t len, const char *name)
{
	const char *end = list + len;

	while (list < end) {
		const char *comma = memchr(list, ',', (size_t)(end - list));
		const char *stop = comma ? comma : end;

		if (is_text(list, (size_t)(stop - list), name))
			return true;
		list = stop + 1;
	}
	return false;
}

unsigned account_id(const char *text)
{
	unsigned long id = 0;

	while (*text >= '0' && *text <= '9' && id <= UINT_MAX)
		id = id * 10 + (unsigned)(*text++ - '0');
	return (unsigned)id;
}

static bool matches(const struct account_table *t, const struct account_query *q,
		    const struct line *l)
{
	unsigned last = t->nfields - 1;

	if (q->any)
		return true;
	if (q->member)
		return has_member(l->field[last], l->len[last], q->member);
	if (q->name)
		return is_text(l->field[0], l->len[0], q->name);
	return l->len[2] > 0 && account_id(l->field[2]) == q->id;
}

static int copy(const struct line *l, unsigned n, char *buf, size_t size, char **field)
{
	size_t used = 0;

	for (unsigned i = 0; i < n; i++) {
		if (l->len[i] >= size - used)
			return -ERANGE;
		field[i] = memcpy(buf + used, l->field[i], l->len[i]);
		field[i][l->len[i]] = '\0';
		used += l->len[i] + 1;
		if (used == size && i + 1 < n)
			return -ERANGE;
	}
	return (int)used;
}

int account_find(const struct account_table *t, const struct account_query *q, char *buf,
		 size_t size, char **field)
{
	unsigned skip = q->skip;
	const char *at;
	struct line l;
	char *text;
	int ret = load(t->path, &text);

	at = text ? text : t->builtin;
	while (ret == 0 && next_line(&at, t->nfields, &l))
		if (matches(t, q, &l) && skip-- == 0) {
			ret = size ? copy(&l, t->nfields, buf, size, field) : -ERANGE;
			break;
		}
	kfree(text);
	return ret;
}
