// SPDX-License-Identifier: BSD-2-Clause
#include "files.h"

#include <string.h>

/* Ending, type, ending, type; one string, because pointers would need relocation. */
static const char types[] = "html\0text/html; charset=utf-8\0"
			    "htm\0text/html; charset=utf-8\0"
			    "css\0text/css; charset=utf-8\0"
			    "js\0text/javascript; charset=utf-8\0"
			    "json\0application/json\0"
			    "txt\0text/plain; charset=utf-8\0"
			    "xml\0application/xml\0"
			    "svg\0image/svg+xml\0"
			    "png\0image/png\0"
			    "jpg\0image/jpeg\0"
			    "jpeg\0image/jpeg\0"
			    "gif\0image/gif\0"
			    "webp\0image/webp\0"
			    "ico\0image/vnd.microsoft.icon\0"
			    "woff2\0font/woff2\0"
			    "pdf\0application/pdf\0"
			    "wasm\0application/wasm\0"
			    "mp4\0video/mp4\0"
			    "\0application/octet-stream";

/* Is `ending` (lower case) the last part of a name, whatever the name's case? */
static bool ends_with(const char *from, const char *end, const char *ending)
{
	for (; from < end && *ending; from++, ending++) {
		char c = *from >= 'A' && *from <= 'Z' ? (char)(*from | 0x20) : *from;

		if (c != *ending)
			return false;
	}
	return from == end && !*ending;
}

const char *files_type(const char *path, size_t len)
{
	const char *end = path + len, *from = end, *t = types;

	while (from > path && from[-1] != '.' && from[-1] != '/')
		from--;
	if (from == path || from[-1] != '.')
		from = end;
	while (*t && !ends_with(from, end, t)) {
		t += strlen(t) + 1;
		t += strlen(t) + 1;
	}
	return t + strlen(t) + 1;
}
