// SPDX-License-Identifier: BSD-2-Clause
/*
 * uchar.h - UTF-16 and UTF-32 from and to multibyte characters (C11, 7.28).
 */
#pragma once
#include <stddef.h>
#include <wchar.h>
#include <sys/cdefs.h>

#ifndef __cplusplus
typedef __CHAR16_TYPE__ char16_t;
typedef __CHAR32_TYPE__ char32_t;
#endif
#define __STDC_UTF_16__ 1
#define __STDC_UTF_32__ 1

__BEGIN_DECLS

size_t mbrtoc16(char16_t *__restrict __out, const char *__restrict __s, size_t __n,
		mbstate_t *__restrict __state);
size_t c16rtomb(char *__restrict __out, char16_t __c, mbstate_t *__restrict __state);
size_t mbrtoc32(char32_t *__restrict __out, const char *__restrict __s, size_t __n,
		mbstate_t *__restrict __state);
size_t c32rtomb(char *__restrict __out, char32_t __c, mbstate_t *__restrict __state);

__END_DECLS
