// SPDX-License-Identifier: BSD-2-Clause
// expect: panic status=134 output="panic"
/* Constants cannot be written to. */
#include <stdio.h>

static const char constant[] = "constant";

int main(void)
{
	*(volatile char *)&constant[1] = 7;
	puts("not caught");
	return 0;
}
