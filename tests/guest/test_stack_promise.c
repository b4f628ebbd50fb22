// SPDX-License-Identifier: BSD-2-Clause
// run: -m 24M
/*
 * Large stacks get their pages on first touch: by the program, by the library, and by the CPU when
 * it delivers an interrupt. (On an architecture that has not that, they have them from the
 * beginning, and there is room for fewer.)
 */
#define _GNU_SOURCE
#include <alloca.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>
#include <unik/memory.h>
#include "tests/check.h"

#define STACK_BYTES (2UL << 20)
#define PAGE        4096UL

static pthread_t start(void *(*body)(void *), size_t bytes, void *arg)
{
	pthread_attr_t a;
	pthread_t t = 0;

	CHECK_EQ(pthread_attr_init(&a), 0);
	CHECK_EQ(pthread_attr_setstacksize(&a, bytes), 0);
	CHECK_EQ(pthread_create(&t, &a, body, arg), 0);
	return t;
}

static void *sleep_a_little(void *arg)
{
	usleep(100000);
	return arg;
}

/* Sixteen of them are more than the memory of the machine. */
static void test_many(void)
{
	enum { MANY = 16 };
	pthread_attr_t a;
	pthread_t t[MANY];
	int n = 0;

	CHECK_EQ(pthread_attr_init(&a), 0);
	CHECK_EQ(pthread_attr_setstacksize(&a, STACK_BYTES), 0);
	while (n < MANY && pthread_create(&t[n], &a, sleep_a_little, NULL) == 0)
		n++;
	CHECK(n == MANY || n > 4);
	printf("# %d of %d\n", n, MANY);
	while (n > 0)
		CHECK_EQ(pthread_join(t[--n], NULL), 0);
}

static int go_down(int depth)
{
	volatile char room[3000];

	memset((void *)room, depth, sizeof(room));
	if (depth % 50 == 0)
		free(malloc(20000)); /* the library, at all kinds of places */
	return depth ? go_down(depth - 1) + (room[17] == (char)depth) : 0;
}

static void *recurse(void *arg)
{
	(void)arg;
	return (void *)(intptr_t)go_down(600);
}

static void test_depth(void)
{
	void *got;

	for (int i = 0; i < 20; i++) {
		CHECK_EQ(pthread_join(start(recurse, STACK_BYTES, NULL), &got), 0);
		CHECK_EQ((intptr_t)got, 600);
	}
}

static void *end_of_stack(void *arg)
{
	volatile char *here = __builtin_frame_address(0);

	here[-(long)STACK_BYTES + 8 * (long)PAGE] = 1; /* far below, and nothing between */
	return arg;
}

static void test_far_end(void)
{
	CHECK_EQ(pthread_join(start(end_of_stack, STACK_BYTES, NULL), NULL), 0);
}

static volatile sig_atomic_t signalled;

static void on_signal(int sig)
{
	volatile char room[30000];

	memset((void *)room, sig, sizeof(room));
	signalled++;
}

static __attribute__((noinline)) void spin_below(size_t bytes)
{
	char *low = alloca(bytes);

	__asm__ volatile("" ::"r"(low));
	for (int i = 0; i < 20000; i++)
		__asm__ volatile("");
}

static long long now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

/* The stack pointer where nothing is yet, and time passing: interrupts have to be pushed there. */
static void *wait_below(void *arg)
{
	for (size_t bytes = 20 * PAGE; bytes < 400 * PAGE; bytes += PAGE - 16) {
		long long end = now_ns() + 1500000;

		while (now_ns() < end)
			spin_below(bytes);
	}
	*(volatile int *)arg = 1;
	return NULL;
}

static void test_interrupts(void)
{
	struct timespec millisecond = { .tv_nsec = 1000000 };
	volatile int done = 0;
	pthread_t t = start(wait_below, STACK_BYTES, (void *)&done);
	int ticks = 0;

	while (!done && ticks < 100000) {
		nanosleep(&millisecond, NULL); /* by an interrupt that must not get lost */
		ticks++;
	}
	CHECK(done);
	CHECK_EQ(pthread_join(t, NULL), 0);
}

/* Other faults go where they always went, also with a handler. */
static void test_other_faults(void)
{
	char *p = mmap(NULL, 64 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK(p != MAP_FAILED);
	memset(p, 7, 64 * PAGE);
	CHECK_EQ(p[63 * PAGE], 7);
	CHECK_EQ(munmap(p, 64 * PAGE), 0);
	signal(SIGUSR1, on_signal);
	for (int i = 0; i < 3; i++) {
		pthread_t t = start(sleep_a_little, STACK_BYTES, NULL);

		usleep(10000);
		CHECK_EQ(pthread_kill(t, SIGUSR1), 0);
		CHECK_EQ(pthread_join(t, NULL), 0);
	}
	CHECK_EQ(signalled, 3);
}

static size_t free_bytes(void)
{
	size_t n;

	unik_memory(NULL, &n);
	return n;
}

int main(void)
{
	size_t before;

	RUN(test_depth);
	before = free_bytes();
	RUN(test_many);
	RUN(test_far_end);
	RUN(test_interrupts);
	RUN(test_other_faults);
	printf("# %zu bytes free before, %zu behind\n", before, free_bytes());
	return check_done();
}
