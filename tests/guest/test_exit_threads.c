// SPDX-License-Identifier: BSD-2-Clause
// expect: exit status=0 output="last thread"
/* When main ends by pthread_exit(), the program ends with its last thread. */
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static void *last(void *arg)
{
	usleep(30000);
	puts("last thread");
	return NULL;
}

int main(void)
{
	pthread_t t;

	pthread_create(&t, NULL, last, NULL);
	pthread_detach(t);
	pthread_exit(NULL);
}
