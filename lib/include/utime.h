// SPDX-License-Identifier: BSD-2-Clause
/*
 * utime.h - setting a file's times to the second (POSIX.1-2017, <utime.h>).
 */
#pragma once
#include <sys/cdefs.h>
#include <sys/types.h>

struct utimbuf {
	time_t actime;
	time_t modtime;
};

__BEGIN_DECLS

int utime(const char *__path, const struct utimbuf *__times);

__END_DECLS
