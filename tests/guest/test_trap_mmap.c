// SPDX-License-Identifier: BSD-2-Clause
// run: -m 32M
// expect: panic status=134 output="out of memory: first touch of a mapped page"
/* Promised memory that is not there when it is touched ends the program, and it is said why. */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

int main(void)
{
	size_t len = 64UL << 20;
	char *p = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return 1;
	memset(p, 1, len);
	puts("not caught");
	return 0;
}
