// SPDX-License-Identifier: BSD-2-Clause
/* lib/libc/futex.c on fake threads. */
// link: lib/libc/futex.c
#include <errno.h>
#include "kernel/thread.h"
#include "lib/libc/futex.h"
#include "tests/host/fake/fake.h"

#define NWORDS 64 /* more than there are queues, so that words share them */

static uint32_t word[NWORDS];
static int woken[NWORDS], order[8], norder;

static void sleeper(void *arg)
{
	long i = (long)arg % NWORDS;

	CHECK_EQ(futex_wait(&word[i], 0, NS_NEVER), 0);
	woken[i]++;
	if (norder < 8)
		order[norder++] = (int)((long)arg / NWORDS);
}

static void spawn(void (*entry)(void *), long arg)
{
	struct thread *t;

	CHECK_EQ(thread_create(&t, "t", 0, entry, (void *)arg), 0);
	fake_threads_run();
}

static void start(void)
{
	memset(word, 0, sizeof(word));
	memset(woken, 0, sizeof(woken));
	norder = 0;
}

static void test_value_has_changed(void)
{
	start();
	word[0] = 5;
	CHECK_EQ(futex_wait(&word[0], 4, NS_NEVER), -EAGAIN);
	futex_wake(&word[0], FUTEX_ALL);
}

static void test_only_this_word(void)
{
	start();
	for (long i = 0; i < NWORDS; i++)
		spawn(sleeper, i);
	for (int i = 0; i < NWORDS; i++) {
		futex_wake(&word[i], 1);
		fake_threads_run();
		for (int k = 0; k < NWORDS; k++)
			CHECK_EQ(woken[k], k <= i);
	}
	CHECK_EQ(fake_threads_alive(), 0);
}

static void test_in_order_of_arrival(void)
{
	start();
	for (long i = 0; i < 4; i++)
		spawn(sleeper, i * NWORDS);
	futex_wake(&word[0], 1);
	futex_wake(&word[0], 2);
	fake_threads_run();
	CHECK_EQ(woken[0], 3);
	for (int i = 0; i < 3; i++)
		CHECK_EQ(order[i], i);
	futex_wake(&word[0], FUTEX_ALL);
	fake_threads_run();
	CHECK_EQ(woken[0], 4);
}

static void timed(void *arg)
{
	CHECK_EQ(futex_wait(&word[1], 0, (ns_t)(long)arg), -ETIMEDOUT);
	woken[1]++;
}

static void test_timeout(void)
{
	start();
	CHECK_EQ(futex_wait(&word[1], 0, 0), -ETIMEDOUT);
	spawn(timed, 5000);
	spawn(timed, 3000);
	CHECK_EQ(futex_wait(&word[1], 0, 4000), -ETIMEDOUT);
	CHECK_EQ(fake_time, 4000);
	CHECK_EQ(woken[1], 1);
	CHECK_EQ(futex_wait(&word[1], 0, 6000), -ETIMEDOUT);
	fake_threads_run();
	CHECK_EQ(woken[1], 2);
	futex_wake(&word[1], FUTEX_ALL); /* nobody is left on the queue */
}

/* A token that was left for another reason does not end the wait. */
static void test_wakeup_without_cause(void)
{
	start();
	thread_unpark(thread_current());
	CHECK_EQ(futex_wait(&word[2], 0, 1000), -ETIMEDOUT);
	CHECK_EQ(fake_time, 1000);
}

int main(void)
{
	RUN(test_value_has_changed);
	RUN(test_only_this_word);
	RUN(test_in_order_of_arrival);
	RUN(test_timeout);
	RUN(test_wakeup_without_cause);
	return check_done();
}
