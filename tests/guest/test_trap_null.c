// SPDX-License-Identifier: BSD-2-Clause
// expect: panic status=134 output="panic" output="0x8"
/* Nothing is mapped at page 0, for reading either. */
#include <stddef.h>
#include <stdio.h>

struct thing {
	long first, second;
};

__attribute__((noinline)) static long second_of(const volatile struct thing *t)
{
	return t->second;
}

int main(void)
{
	struct thing *volatile none = NULL;

	printf("not caught: %ld\n", second_of(none));
	return 0;
}
