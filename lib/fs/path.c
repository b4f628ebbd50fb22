// SPDX-License-Identifier: BSD-2-Clause
#include "lib/fs/path.h"
#include <errno.h>
#include <limits.h>
#include <string.h>

/* The length of `out` without its last component. */
static size_t parent_len(const char *out, size_t len)
{
	while (len > 0 && out[--len] != '/')
		;
	return len;
}

/* Append the components of `path` to out[0..len), in which "" stands for the root. */
static int append(char *out, size_t size, size_t len, const char *path)
{
	for (;;) {
		size_t n;

		while (*path == '/')
			path++;
		if (*path == '\0')
			return (int)len;
		n = strcspn(path, "/");
		if (n == 2 && path[0] == '.' && path[1] == '.') {
			len = parent_len(out, len);
		} else if (n != 1 || path[0] != '.') {
			if (n > NAME_MAX || len + 1 + n >= size)
				return -ENAMETOOLONG;
			out[len++] = '/';
			memcpy(out + len, path, n);
			len += n;
		}
		path += n;
	}
}

int path_normalise(char *out, size_t size, const char *cwd, const char *path)
{
	int len = 0;

	if (*path == '\0')
		return -ENOENT;
	if (*path != '/')
		len = append(out, size, 0, cwd);
	if (len >= 0)
		len = append(out, size, (size_t)len, path);
	if (len < 0)
		return len;
	if (len == 0)
		out[len++] = '/';
	out[len] = '\0';
	return len;
}

bool path_wants_directory(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *last = slash ? slash + 1 : path;

	return (slash && *last == '\0') || strcmp(last, ".") == 0 || strcmp(last, "..") == 0;
}
