// SPDX-License-Identifier: BSD-2-Clause
/* Says where things lie in this boot. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

static void *thread(void *arg)
{
	int here;

	printf("thread %p\n", (void *)&here);
	return arg;
}

int main(void)
{
	static int data;
	int here;
	pthread_t t;

	printf("image %p\n", (void *)&data);
	printf("heap %p\n", malloc(100));
	printf("map %p\n", mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	printf("stack %p\n", (void *)&here);
	if (pthread_create(&t, NULL, thread, NULL))
		return 1;
	return pthread_join(t, NULL);
}
