// SPDX-License-Identifier: BSD-2-Clause
/* herror.c - what the resolver says, on the standard error output. */
#include <netdb.h>
#include <stdio.h>

void herror(const char *text)
{
	if (text && *text)
		fprintf(stderr, "%s: ", text);
	fprintf(stderr, "%s\n", hstrerror(h_errno));
}
