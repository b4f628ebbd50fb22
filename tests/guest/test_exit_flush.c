// SPDX-License-Identifier: BSD-2-Clause
// expect: exit status=7 output="constructor main handler destructor"
/* What a program printed without a newline is not lost, and the order of the end is right. */
#include <stdio.h>
#include <stdlib.h>

__attribute__((constructor)) static void before(void)
{
	setvbuf(stdout, NULL, _IOFBF, 1000);
	printf("constructor ");
}

__attribute__((destructor)) static void after(void)
{
	printf("destructor");
}

static void handler(void)
{
	printf("handler ");
}

int main(void)
{
	atexit(handler);
	printf("main ");
	exit(7);
}
