// SPDX-License-Identifier: BSD-2-Clause
/* Reads from a block of argv[1] bytes after it was freed: a bug on purpose, for AddressSanitizer
 * (test_sanitizer.py). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
	size_t size = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
	char *volatile block = malloc(size);

	if (!block)
		return 2;
	memset(block, 1, size);
	free(block);
	printf("still here: %d\n", block[size / 2]);
	return 0;
}
