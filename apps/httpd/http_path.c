// SPDX-License-Identifier: BSD-2-Clause
/* Paths: percent-decoding first, then dot segments, in one pass over the bytes. */
#include "http.h"

#include <string.h>

/* Takes one decoded byte from *at. Returns it (0..255), or -400. */
static int decode(const char **at, const char *end)
{
	const char *p = *at;
	int c = (uint8_t)*p;

	*at = p + 1;
	if (c == '%') {
		int high = end - p > 2 ? http_hex_digit(p[1]) : -1;
		int low = end - p > 2 ? http_hex_digit(p[2]) : -1;

		if (high < 0 || low < 0)
			return -400;
		*at = p + 3;
		c = high << 4 | low;
	}
	return c ? c : -400; /* a NUL would end the file's name early */
}

/*
 * Called where a segment has just ended at `at`: takes "", "." and ".." out again. out[0] is
 * '/', and every earlier segment ends with '/'. Returns where the next byte goes.
 */
static char *close_segment(char *out, char *at, bool *dots)
{
	char *from = at;

	while (from[-1] != '/')
		from--;

	size_t len = (size_t)(at - from);

	*dots = (len == 1 && from[0] == '.') || (len == 2 && from[0] == '.' && from[1] == '.');
	if (!*dots)
		return at;
	if (len == 2 && from - 1 > out) {
		from--;
		while (from[-1] != '/')
			from--;
	}
	return from;
}

int http_path_normalise(char *out, size_t cap, const char *path, size_t len)
{
	const char *end = path + len;
	char *at = out;
	bool dots;

	if (cap < 2)
		return -414;
	*at++ = '/';
	while (path < end) {
		int c = decode(&path, end);

		if (c < 0)
			return c;
		if (c == '/') {
			at = close_segment(out, at, &dots);
			if (at[-1] == '/')
				continue;
		}
		if ((size_t)(at - out) >= cap - 1)
			return -414;
		*at++ = (char)c;
	}
	at = close_segment(out, at, &dots);
	*at = '\0';
	return (int)(at - out);
}
