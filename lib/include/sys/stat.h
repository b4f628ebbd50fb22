// SPDX-License-Identifier: BSD-2-Clause
/*
 * sys/stat.h - newlib's, with the calls that it declares for some systems only.
 */
#pragma once
#include_next <sys/stat.h>

/* tv_nsec in utimensat() and futimens(): the present time; leave it as it is. */
#ifndef UTIME_NOW
#define UTIME_NOW  -2L
#define UTIME_OMIT -1L
#endif

__BEGIN_DECLS

int lstat(const char *__path, struct stat *__out);
int mknod(const char *__path, mode_t __mode, dev_t __device);

__END_DECLS
