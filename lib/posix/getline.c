// SPDX-License-Identifier: BSD-2-Clause
/*
 * getline.c - newlib has these functions under names of its own.
 */
#include <stdio.h>
#include "lib/base/compiler.h"

UNIK_API ssize_t getdelim(char **line, size_t *bytes, int end, FILE *from)
{
	return __getdelim(line, bytes, end, from);
}

UNIK_API ssize_t getline(char **line, size_t *bytes, FILE *from)
{
	return __getline(line, bytes, from);
}
