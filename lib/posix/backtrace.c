// SPDX-License-Identifier: BSD-2-Clause
/*
 * backtrace.c - who called whom, for programs (<execinfo.h>).
 */
#include <execinfo.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "arch/backtrace.h"
#include "lib/base/fmt.h"
#include "lib/libc/result.h"

#define NAME_BYTES 48

UNIK_API int backtrace(void **out, int max)
{
	return max > 0 ? (int)backtrace_collect((uintptr_t *)out, (size_t)max) : 0;
}

static size_t describe(char out[NAME_BYTES], const void *addr)
{
	return (size_t)fmt_snprintf(out, NAME_BYTES, "image+0x%lx [%p]",
				    backtrace_image_offset((uintptr_t)addr), addr);
}

UNIK_API char **backtrace_symbols(void *const *addrs, int count)
{
	size_t n = count > 0 ? (size_t)count : 0;
	char **names = malloc(n * (sizeof(char *) + NAME_BYTES) + 1);
	char *text = (char *)(names + n);

	for (size_t i = 0; names && i < n; i++, text += NAME_BYTES) {
		describe(text, addrs[i]);
		names[i] = text;
	}
	return names;
}

UNIK_API void backtrace_symbols_fd(void *const *addrs, int count, int fd)
{
	char line[NAME_BYTES];

	for (int i = 0; i < count; i++) {
		size_t len = MIN(describe(line, addrs[i]), sizeof(line) - 1);

		line[len] = '\n';
		write(fd, line, len + 1);
	}
}
