// SPDX-License-Identifier: BSD-2-Clause
/*
 * hello: says so, and returns the status that its first numeric argument names.
 */
#include <stdio.h>
#include <stdlib.h>

/* Reads s as a status, 0..255. Returns it, or -1 if it is none. */
static int parse_status(const char *s)
{
	char *end;
	long n = strtol(s, &end, 10);

	return end != s && !*end && n >= 0 && n <= 255 ? (int)n : -1;
}

int main(int argc, char **argv)
{
	int status = -1;

	printf("Hello from %s\n", argc > 0 ? argv[0] : "a program without a name");
	for (int i = 1; i < argc; i++) {
		printf("argv[%d] = \"%s\"\n", i, argv[i]);
		if (status < 0)
			status = parse_status(argv[i]);
	}
	return status < 0 ? EXIT_SUCCESS : status;
}
