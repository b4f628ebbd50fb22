// SPDX-License-Identifier: BSD-2-Clause
/*
 * runner.c - many tests of the suite in one image; the command line picks the one that runs.
 *
 * suite.py writes the table: each test's main() under a name of its own. What the test returns is
 * the image's exit status.
 */
#include <stdio.h>
#include <string.h>

struct entry {
	const char *name;
	int (*main)(int argc, char **argv);
};

extern const struct entry table[];

int main(int argc, char **argv)
{
	for (const struct entry *e = table; argc > 1 && e->name; e++)
		if (strcmp(e->name, argv[1]) == 0)
			return e->main(argc - 1, argv + 1);
	fprintf(stderr, "usage: runner TEST\n");
	return 99;
}
