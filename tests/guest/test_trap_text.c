// SPDX-License-Identifier: BSD-2-Clause
// expect: panic status=134 output="panic"
/* Code cannot be written to. */
#include <stdint.h>
#include <stdio.h>

int main(void)
{
	*(volatile char *)(uintptr_t)main = 1;
	puts("not caught");
	return 0;
}
