// SPDX-License-Identifier: BSD-2-Clause
/*
 * error.h - messages on standard error with the program's name (as in glibc): ends the program
 * when status is not 0.
 */
#pragma once
#include <sys/cdefs.h>

__BEGIN_DECLS

extern unsigned int error_message_count;
extern int error_one_per_line;
extern void (*error_print_progname)(void);

void error(int __status, int __error, const char *__format, ...)
	__attribute__((format(printf, 3, 4)));
void error_at_line(int __status, int __error, const char *__file, unsigned int __line,
		   const char *__format, ...) __attribute__((format(printf, 5, 6)));

__END_DECLS
