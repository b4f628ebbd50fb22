// SPDX-License-Identifier: BSD-2-Clause
/*
 * tmpfile.c - a stream of a file without a name. newlib's leaves the name behind.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "lib/base/compiler.h"

UNIK_API FILE *tmpfile(void)
{
	char path[] = "/tmp/tmp.XXXXXX";
	int fd = mkstemp(path);
	FILE *f;

	if (fd < 0)
		return NULL;
	unlink(path);
	f = fdopen(fd, "w+");
	if (!f)
		close(fd);
	return f;
}
