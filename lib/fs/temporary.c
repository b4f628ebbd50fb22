// SPDX-License-Identifier: BSD-2-Clause
/*
 * temporary.c - files and directories with names that nobody has yet.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "kernel/random.h"
#include "lib/libc/result.h"

#define RANDOM_CHARS 6
#define TRIES        100

enum kind { A_FILE, A_DIRECTORY, A_NAME };

static void write_random(char *out)
{
	static const char chars[] =
		"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	uint8_t r[RANDOM_CHARS];

	random_bytes(r, sizeof(r));
	for (int i = 0; i < RANDOM_CHARS; i++)
		out[i] = chars[r[i] % (sizeof(chars) - 1)];
}

/* Make it. Returns a descriptor or 0; -1 and errno, EEXIST to try again. */
static int make(const char *path, enum kind kind, int flags)
{
	struct stat st;

	if (kind == A_FILE)
		return open(path, (flags & ~O_ACCMODE) | O_RDWR | O_CREAT | O_EXCL, 0600);
	if (kind == A_DIRECTORY)
		return mkdir(path, 0700);
	if (lstat(path, &st) == 0)
		errno = EEXIST;
	return errno == ENOENT ? 0 : -1;
}

/* Replace the X's of the template until there is no such name. */
static int find_name(char *path, int suffix_len, enum kind kind, int flags)
{
	size_t len = strlen(path);
	char *x;
	int ret = -1;

	if (suffix_len < 0 || len < (size_t)suffix_len + RANDOM_CHARS ||
	    memcmp(path + len - (size_t)suffix_len - RANDOM_CHARS, "XXXXXX", RANDOM_CHARS) != 0)
		return (int)posix_result(-EINVAL);
	x = path + len - (size_t)suffix_len - RANDOM_CHARS;
	for (int i = 0; i < TRIES && ret < 0; i++) {
		write_random(x);
		errno = 0;
		ret = make(path, kind, flags);
		if (ret < 0 && errno != EEXIST)
			break;
	}
	return ret;
}

UNIK_API int mkostemps(char *path, int suffix_len, int flags)
{
	return find_name(path, suffix_len, A_FILE, flags);
}

UNIK_API int mkostemp(char *path, int flags)
{
	return find_name(path, 0, A_FILE, flags);
}

UNIK_API int mkstemps(char *path, int suffix_len)
{
	return find_name(path, suffix_len, A_FILE, 0);
}

UNIK_API int mkstemp(char *path)
{
	return find_name(path, 0, A_FILE, 0);
}

UNIK_API char *mkdtemp(char *path)
{
	return find_name(path, 0, A_DIRECTORY, 0) < 0 ? NULL : path;
}

UNIK_API char *mktemp(char *path)
{
	if (find_name(path, 0, A_NAME, 0) < 0)
		*path = '\0';
	return path;
}
