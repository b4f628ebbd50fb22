// SPDX-License-Identifier: BSD-2-Clause
/*
 * error.c - messages on standard error (lib/include/error.h).
 */
#include <error.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "lib/base/compiler.h"

UNIK_API unsigned int error_message_count;
UNIK_API int error_one_per_line;
UNIK_API void (*error_print_progname)(void);

static void begin(void)
{
	fflush(stdout);
	flockfile(stderr);
	if (error_print_progname)
		error_print_progname();
	else
		fputs("program:", stderr); /* as argv[0] has it */
}

static void end(int status, int error)
{
	if (error)
		fprintf(stderr, ": %s", strerror(error));
	putc('\n', stderr);
	error_message_count++;
	funlockfile(stderr);
	if (status)
		exit(status);
}

UNIK_API void error(int status, int error, const char *format, ...)
{
	va_list args;

	begin();
	putc(' ', stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	end(status, error);
}

UNIK_API void error_at_line(int status, int error, const char *file, unsigned line,
			    const char *format, ...)
{
	static const char *last_file;
	static unsigned last_line;
	va_list args;

	if (error_one_per_line && last_line == line && last_file && strcmp(last_file, file) == 0)
		return;
	last_file = file;
	last_line = line;
	begin();
	fprintf(stderr, "%s:%u: ", file, line);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	end(status, error);
}
