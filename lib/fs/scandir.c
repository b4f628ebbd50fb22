// SPDX-License-Identifier: BSD-2-Clause
/*
 * scandir.c - a directory as a sorted array.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include "lib/base/compiler.h"

struct names {
	struct dirent **at;
	size_t n, room;
};

/* A copy that is as long as the name. */
static struct dirent *copy_entry(const struct dirent *e)
{
	size_t len = offsetof(struct dirent, d_name) + strlen(e->d_name) + 1;
	struct dirent *copy = malloc(len);

	if (copy)
		memcpy(copy, e, len);
	return copy;
}

static int add(struct names *names, const struct dirent *e)
{
	if (names->n == INT_MAX)
		return EOVERFLOW;
	if (names->n == names->room) {
		size_t room = names->room ? 2 * names->room : 16;
		struct dirent **larger = reallocarray(names->at, room, sizeof(*larger));

		if (!larger)
			return ENOMEM;
		names->at = larger;
		names->room = room;
	}
	names->at[names->n] = copy_entry(e);
	if (!names->at[names->n])
		return ENOMEM;
	names->n++;
	return 0;
}

static int read_all(DIR *d, struct names *names, int (*filter)(const struct dirent *))
{
	struct dirent *e;
	int err = 0;

	while (!err) {
		errno = 0;
		e = readdir(d);
		if (!e)
			return errno;
		if (!filter || filter(e))
			err = add(names, e);
	}
	return err;
}

UNIK_API int scandir(const char *path, struct dirent ***out, int (*filter)(const struct dirent *),
		     int (*compare)(const struct dirent **, const struct dirent **))
{
	struct names names = { 0 };
	DIR *d = opendir(path);
	int err;

	if (!d)
		return -1;
	err = read_all(d, &names, filter);
	closedir(d);
	if (err) {
		while (names.n > 0)
			free(names.at[--names.n]);
		free(names.at);
		errno = err;
		return -1;
	}
	if (compare && names.n > 1)
		qsort(names.at, names.n, sizeof(*names.at),
		      (int (*)(const void *, const void *))compare);
	*out = names.at;
	return (int)names.n;
}

UNIK_API int alphasort(const struct dirent **a, const struct dirent **b)
{
	return strcoll((*a)->d_name, (*b)->d_name);
}
