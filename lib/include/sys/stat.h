// SPDX-License-Identifier: BSD-2-Clause
/*
 * sys/stat.h - newlib's, with the calls that it declares for some systems only.
 */
#pragma once
#include_next <sys/stat.h>

__BEGIN_DECLS

int lstat(const char *__path, struct stat *__out);

__END_DECLS
