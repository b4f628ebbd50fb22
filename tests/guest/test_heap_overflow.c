// SPDX-License-Identifier: BSD-2-Clause
// expect: panic status=134 output="a block of 100 bytes, was written beyond its end"
/* One byte too many for a block is found when the block is given back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void)
{
	char *p = malloc(100);

	__asm__ volatile("" : "+r"(p)::"memory"); /* the compiler shall not see the end of it */
	memset(p, 'A', 101);
	__asm__ volatile("" ::"r"(p) : "memory");
	free(p);
	puts("not caught");
	return 0;
}
