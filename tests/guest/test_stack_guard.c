// SPDX-License-Identifier: BSD-2-Clause
// expect: panic status=134 output="stack" output="deep_thread"
/* A thread that runs over its stack is caught and named. */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>

__attribute__((noinline)) static int deeper(volatile int *above)
{
	volatile int here[64];

	here[0] = *above + 1;
	if (here[0] < 0)
		return 0;
	return deeper(here) + here[1];
}

static void *overflow(void *arg)
{
	volatile int depth = 0;

	pthread_setname_np(pthread_self(), "deep_thread");
	deeper(&depth);
	return NULL;
}

int main(void)
{
	pthread_t t;

	pthread_create(&t, NULL, overflow, NULL);
	pthread_join(t, NULL);
	puts("not caught");
	return 0;
}
