// SPDX-License-Identifier: BSD-2-Clause
/*
 * err.c - messages on standard error (lib/include/err.h).
 */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "lib/base/compiler.h"

/* One line, whole even when several threads report; error 0 is none. errno survives. */
static void report(int error, const char *format, va_list args)
{
	int saved = errno;

	flockfile(stderr);
	fputs("program: ", stderr); /* as argv[0] has it */
	if (format)
		vfprintf(stderr, format, args);
	if (error)
		fprintf(stderr, "%s%s", format ? ": " : "", strerror(error));
	putc('\n', stderr);
	funlockfile(stderr);
	errno = saved;
}

UNIK_API void vwarn(const char *format, va_list args)
{
	report(errno, format, args);
}

UNIK_API void vwarnx(const char *format, va_list args)
{
	report(0, format, args);
}

UNIK_API void verr(int status, const char *format, va_list args)
{
	vwarn(format, args);
	exit(status);
}

UNIK_API void verrx(int status, const char *format, va_list args)
{
	vwarnx(format, args);
	exit(status);
}

UNIK_API void warn(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vwarn(format, args);
	va_end(args);
}

UNIK_API void warnx(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vwarnx(format, args);
	va_end(args);
}

UNIK_API void err(int status, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vwarn(format, args);
	va_end(args);
	exit(status);
}

UNIK_API void errx(int status, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vwarnx(format, args);
	va_end(args);
	exit(status);
}
