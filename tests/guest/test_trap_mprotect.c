// SPDX-License-Identifier: BSD-2-Clause
// expect: panic status=134 output="write to read-only memory"
/* A page that was made read-only is. */
#include <stdio.h>
#include <sys/mman.h>

int main(void)
{
	volatile char *p =
		mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	p[0] = p[4096] = 1;
	if (mprotect((void *)p, 4096, PROT_READ) || p[0] != 1)
		return 1;
	p[4096] = 2;
	p[0] = 2;
	puts("not caught");
	return 0;
}
