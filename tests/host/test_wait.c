// SPDX-License-Identifier: BSD-2-Clause
/* kernel/wait.c and kernel/mutex.c on fake threads. */
// link: kernel/wait.c kernel/mutex.c
#include <errno.h>
#include "kernel/mutex.h"
#include "tests/host/fake/fake.h"

static struct wait_queue queue = WAIT_QUEUE_INIT(queue);
static int value, woken, order[8], norder;

static void wait_for_value(void *arg)
{
	wait_event(&queue, value >= (long)arg);
	order[norder++] = (long)arg;
	woken++;
}

static void start(void)
{
	wait_queue_init(&queue);
	value = woken = norder = 0;
}

static void spawn(void (*entry)(void *), long arg)
{
	struct thread *t;

	CHECK_EQ(thread_create(&t, "t", 0, entry, (void *)arg), 0);
}

static void test_condition_true_at_once(void)
{
	start();
	value = 1;
	CHECK_EQ(wait_event_until(&queue, value == 1, NS_NEVER), 0);
	CHECK(list_empty(&queue.waiters));
}

static void test_wakes_those_whose_condition_holds(void)
{
	start();
	for (long i = 1; i <= 3; i++)
		spawn(wait_for_value, i);
	fake_threads_run();
	CHECK_EQ(woken, 0);
	value = 2;
	wait_queue_wake_all(&queue);
	fake_threads_run();
	CHECK_EQ(woken, 2);
	value = 3;
	wait_queue_wake_all(&queue);
	fake_threads_run();
	CHECK_EQ(woken, 3);
	CHECK(list_empty(&queue.waiters));
	CHECK_EQ(fake_threads_alive(), 0);
}

static void test_timeout(void)
{
	start();
	CHECK_EQ(wait_event_until(&queue, value == 1, 5 * NS_PER_MS), -ETIMEDOUT);
	CHECK_EQ(fake_time, 5 * NS_PER_MS);
	CHECK(list_empty(&queue.waiters));
}

static void set_value_at(void *arg)
{
	thread_sleep((long)arg);
	value = 1;
	wait_queue_wake_all(&queue);
}

static void test_wake_before_timeout(void)
{
	start();
	spawn(set_value_at, 3 * NS_PER_MS);
	CHECK_EQ(wait_event_until(&queue, value == 1, 5 * NS_PER_MS), 0);
	CHECK_EQ(fake_time, 3 * NS_PER_MS);
	fake_threads_run();
}

/* A wake-up without a cause neither ends the wait nor moves its deadline. */
static void test_spurious_wake(void)
{
	start();
	thread_unpark(thread_current());
	CHECK_EQ(wait_event_until(&queue, value == 1, 2 * NS_PER_MS), -ETIMEDOUT);
	CHECK_EQ(fake_time, 2 * NS_PER_MS);
}

static int calls;

static void count_call(struct waiter *w)
{
	calls += (long)w->arg;
}

/* Callbacks all run, of the exclusive ones the first only, and then the next is first. */
static void test_wake_one(void)
{
	struct waiter shared = { .wake = count_call, .arg = (void *)1 };
	struct waiter first = { .wake = count_call, .arg = (void *)10, .exclusive = true };
	struct waiter second = { .wake = count_call, .arg = (void *)100, .exclusive = true };

	start();
	calls = 0;
	wait_add(&queue, &shared);
	wait_add(&queue, &first);
	wait_add(&queue, &second);
	wait_queue_wake_one(&queue);
	CHECK_EQ(calls, 11);
	wait_queue_wake_one(&queue);
	CHECK_EQ(calls, 11 + 101);
	wait_queue_wake_all(&queue);
	CHECK_EQ(calls, 11 + 101 + 111);
	wait_remove(&first);
	wait_remove(&first);
	wait_queue_wake_one(&queue);
	CHECK_EQ(calls, 11 + 101 + 111 + 101);
	wait_remove(&shared);
	wait_remove(&second);
	CHECK(list_empty(&queue.waiters));
}

static struct mutex mutex = MUTEX_INIT(mutex);
static int inside, rounds;

static void lock_rounds(void *arg)
{
	for (long i = 0; i < 5; i++) {
		mutex_lock(&mutex);
		CHECK_EQ(inside++, 0);
		rounds++;
		if ((i + (long)arg) % 2)
			thread_yield();
		CHECK_EQ(--inside, 0);
		mutex_unlock(&mutex);
		if ((i + (long)arg) % 3 == 0)
			thread_yield();
	}
}

static void test_mutex_contention(void)
{
	rounds = 0;
	for (long i = 0; i < 6; i++)
		spawn(lock_rounds, i);
	fake_threads_run();
	CHECK_EQ(rounds, 30);
	CHECK_EQ(mutex.state, 0);
	CHECK(list_empty(&mutex.waiters.waiters));
	CHECK_EQ(fake_threads_alive(), 0);
}

static void test_mutex_trylock(void)
{
	CHECK(mutex_trylock(&mutex));
	CHECK(!mutex_trylock(&mutex));
	mutex_unlock(&mutex);
	CHECK(mutex_trylock(&mutex));
	mutex_unlock(&mutex);
}

int main(void)
{
	RUN(test_condition_true_at_once);
	RUN(test_wakes_those_whose_condition_holds);
	RUN(test_timeout);
	RUN(test_wake_before_timeout);
	RUN(test_spurious_wake);
	RUN(test_wake_one);
	RUN(test_mutex_contention);
	RUN(test_mutex_trylock);
	return check_done();
}
