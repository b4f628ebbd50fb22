// SPDX-License-Identifier: BSD-2-Clause
// expect: panic status=134 output="over its own stack"
/* A function that writes beyond its array does not return to where that says. */
#include <stdio.h>
#include <string.h>

__attribute__((noinline)) static void copy(const char *text, size_t len)
{
	char name[16];
	char *to = name;

	__asm__ volatile("" : "+r"(to)::"memory"); /* the compiler shall not see the end of it */
	for (size_t i = 0; i < len; i++)
		to[i] = text[i];
	__asm__ volatile("" ::"r"(to) : "memory");
}

int main(void)
{
	static char text[64];

	memset(text, 'A', sizeof(text));
	copy(text, sizeof(text));
	puts("not caught");
	return 0;
}
