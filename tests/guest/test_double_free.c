// SPDX-License-Identifier: BSD-2-Clause
// expect: panic status=134 output="was freed twice"
/* A block that is freed again is not handed out twice. */
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
	void *p = malloc(50000), *volatile again = p;

	free(p);
	free(again);
	puts("not caught");
	return 0;
}
