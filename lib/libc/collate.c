// SPDX-License-Identifier: BSD-2-Clause
/*
 * collate.c - what newlib's regcomp(), glob() and fnmatch() ask about the order of characters: it
 * is that of their codes.
 */
#include "lib/base/compiler.h"

extern int __collate_load_error; /* there is no table of a locale */
int __collate_range_cmp(int a, int b);

int __collate_load_error = 1;

int __collate_range_cmp(int a, int b)
{
	return a - b;
}
