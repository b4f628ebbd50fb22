// SPDX-License-Identifier: BSD-2-Clause
/*
 * iconv.h - character encodings (POSIX.1-2017, <iconv.h>): ASCII, UTF-8, UTF-16 and UTF-32 in
 * either byte order, ISO-8859-1, ISO-8859-15, CP1252. //TRANSLIT puts '?' for what the target
 * has not, //IGNORE leaves it out.
 */
#pragma once
#include <sys/cdefs.h>
#include <sys/types.h>

typedef struct __unik_iconv *iconv_t;

__BEGIN_DECLS

iconv_t iconv_open(const char *__to, const char *__from);
size_t iconv(iconv_t __cd, char **__restrict __in, size_t *__restrict __in_left,
	     char **__restrict __out, size_t *__restrict __out_left);
int iconv_close(iconv_t __cd);

__END_DECLS
