// SPDX-License-Identifier: BSD-2-Clause
/* Policies, priorities, and mutexes that raise them. There is one processor, so who goes first is
 * seen in the order in which threads write their letters. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>
#include "tests/check.h"

static char order[64];
static atomic_uint norder;

static void write_letter(char letter)
{
	order[norder++] = letter;
	order[norder] = '\0';
}

static void start_order(void)
{
	norder = 0;
	order[0] = '\0';
}

static void be(int policy, int priority)
{
	struct sched_param p = { .sched_priority = priority };

	CHECK_EQ(pthread_setschedparam(pthread_self(), policy, &p), 0);
}

static pthread_t begin(int policy, int priority, void *(*body)(void *), void *arg)
{
	struct sched_param p = { .sched_priority = priority };
	pthread_attr_t a;
	pthread_t t;

	pthread_attr_init(&a);
	CHECK_EQ(pthread_attr_setinheritsched(&a, PTHREAD_EXPLICIT_SCHED), 0);
	CHECK_EQ(pthread_attr_setschedpolicy(&a, policy), 0);
	CHECK_EQ(pthread_attr_setschedparam(&a, &p), 0);
	CHECK_EQ(pthread_create(&t, &a, body, arg), 0);
	return t;
}

static void spin_ms(long ms)
{
	struct timespec from, now;

	clock_gettime(CLOCK_MONOTONIC, &from);
	do
		clock_gettime(CLOCK_MONOTONIC, &now);
	while ((now.tv_sec - from.tv_sec) * 1000 + (now.tv_nsec - from.tv_nsec) / 1000000 < ms);
}

static void *one_letter(void *arg)
{
	write_letter(*(char *)arg);
	return NULL;
}

/* A new thread of a higher priority goes first; of the same or a lower one, later. */
static void test_creation(void)
{
	pthread_t t[3];

	start_order();
	be(SCHED_FIFO, 10);
	t[0] = begin(SCHED_FIFO, 10, one_letter, "b");
	t[1] = begin(SCHED_FIFO, 20, one_letter, "a");
	t[2] = begin(SCHED_OTHER, 0, one_letter, "c");
	write_letter('-');
	for (int i = 0; i < 3; i++)
		pthread_join(t[i], NULL);
	be(SCHED_OTHER, 0);
	CHECK_STR(order, "a-bc");
}

static sem_t gate;

static void *wait_at_gate(void *arg)
{
	sem_wait(&gate);
	write_letter(*(char *)arg);
	return NULL;
}

/* Who is woken by a call of a thread of lower priority runs before the call is over, or soon. */
static void test_wake_up(void)
{
	pthread_t low, high;

	start_order();
	sem_init(&gate, 0, 0);
	be(SCHED_FIFO, 10);
	low = begin(SCHED_FIFO, 20, wait_at_gate, "l");
	high = begin(SCHED_FIFO, 30, wait_at_gate, "h");
	sem_post(&gate);
	spin_ms(1);
	write_letter('1');
	sem_post(&gate);
	spin_ms(1);
	write_letter('2');
	pthread_join(low, NULL);
	pthread_join(high, NULL);
	be(SCHED_OTHER, 0);
	CHECK_STR(order, "h1l2");
}

static atomic_bool stop, stop_others;

static void *count(void *arg)
{
	while (!stop)
		++*(atomic_uint *)arg;
	return NULL;
}

/* SCHED_RR takes turns among equals, SCHED_FIFO does not; the usual threads wait for both. */
static void test_turns(void)
{
	atomic_uint counts[3] = { 0 };
	pthread_t t[3];

	be(SCHED_FIFO, 30);
	t[0] = begin(SCHED_RR, 10, count, &counts[0]);
	t[1] = begin(SCHED_RR, 10, count, &counts[1]);
	t[2] = begin(SCHED_OTHER, 0, count, &counts[2]);
	nanosleep(&(struct timespec){ .tv_nsec = 200000000 }, NULL);
	stop = true;
	CHECK(counts[0] > 0 && counts[1] > 0 && counts[2] == 0);
	for (int i = 0; i < 3; i++)
		pthread_join(t[i], NULL);
	stop = false;
	memset(counts, 0, sizeof(counts));
	t[0] = begin(SCHED_FIFO, 10, count, &counts[0]);
	t[1] = begin(SCHED_FIFO, 10, count, &counts[1]);
	nanosleep(&(struct timespec){ .tv_nsec = 200000000 }, NULL);
	stop = true;
	CHECK(counts[0] > 0 && counts[1] == 0);
	for (int i = 0; i < 2; i++)
		pthread_join(t[i], NULL);
	stop = false;
	be(SCHED_OTHER, 0);
}

static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void *wait_for_cond(void *arg)
{
	pthread_mutex_lock(&mutex);
	pthread_cond_wait(&cond, &mutex);
	write_letter(*(char *)arg);
	pthread_mutex_unlock(&mutex);
	return NULL;
}

static void *wait_for_mutex(void *arg)
{
	pthread_mutex_lock(&mutex);
	write_letter(*(char *)arg);
	pthread_mutex_unlock(&mutex);
	return NULL;
}

/* Locks and conditions go to the highest priority, not to the oldest. */
static void test_order_of_waiters(void)
{
	static void *(*const wait[])(void *) = { wait_for_mutex, wait_for_cond };
	pthread_t t[3];

	be(SCHED_FIFO, 40);
	for (int i = 0; i < 2; i++) {
		start_order();
		pthread_mutex_lock(&mutex);
		t[0] = begin(SCHED_FIFO, 10, wait[i], "1");
		t[1] = begin(SCHED_RR, 30, wait[i], "3");
		t[2] = begin(SCHED_FIFO, 20, wait[i], "2");
		nanosleep(&(struct timespec){ .tv_nsec = 20000000 }, NULL);
		pthread_mutex_unlock(&mutex);
		nanosleep(&(struct timespec){ .tv_nsec = 20000000 }, NULL);
		for (int n = 0; n < 3; n++)
			pthread_cond_signal(&cond);
		for (int n = 0; n < 3; n++)
			pthread_join(t[n], NULL);
		CHECK_STR(order, "321");
	}
	be(SCHED_OTHER, 0);
}

static void make_mutex(pthread_mutex_t *m, int protocol, int ceiling)
{
	pthread_mutexattr_t a;

	pthread_mutexattr_init(&a);
	CHECK_EQ(pthread_mutexattr_setprotocol(&a, protocol), 0);
	if (ceiling)
		CHECK_EQ(pthread_mutexattr_setprioceiling(&a, ceiling), 0);
	CHECK_EQ(pthread_mutex_init(m, &a), 0);
}

static pthread_mutex_t outer, inner;

static void *hold_inner(void *arg)
{
	pthread_mutex_lock(&inner);
	nanosleep(&(struct timespec){ .tv_nsec = 30000000 }, NULL);
	write_letter('i');
	pthread_mutex_unlock(&inner);
	write_letter('I');
	return NULL;
}

static void *hold_both(void *arg)
{
	pthread_mutex_lock(&outer);
	pthread_mutex_lock(&inner);
	write_letter('o');
	pthread_mutex_unlock(&inner);
	pthread_mutex_unlock(&outer);
	write_letter('O');
	return NULL;
}

static void *hog(void *arg)
{
	while (!stop_others)
		;
	write_letter('m');
	return NULL;
}

static void *want_outer(void *arg)
{
	CHECK_EQ(pthread_mutex_lock(&outer), 0);
	write_letter('h');
	stop_others = true;
	pthread_mutex_unlock(&outer);
	return NULL;
}

/* The low threads, one waiting for the other, get past the one in the middle that never stops. */
static void test_inheritance(void)
{
	pthread_t t[4];

	start_order();
	be(SCHED_FIFO, 50);
	make_mutex(&outer, PTHREAD_PRIO_INHERIT, 0);
	make_mutex(&inner, PTHREAD_PRIO_INHERIT, 0);
	t[0] = begin(SCHED_FIFO, 5, hold_inner, NULL);
	nanosleep(&(struct timespec){ .tv_nsec = 5000000 }, NULL);
	t[1] = begin(SCHED_FIFO, 10, hold_both, NULL);
	nanosleep(&(struct timespec){ .tv_nsec = 5000000 }, NULL);
	t[2] = begin(SCHED_FIFO, 20, hog, NULL);
	t[3] = begin(SCHED_FIFO, 30, want_outer, NULL);
	for (int i = 0; i < 4; i++)
		pthread_join(t[i], NULL);
	be(SCHED_OTHER, 0);
	CHECK_STR(order, "iohmOI");
	CHECK_EQ(pthread_mutex_destroy(&outer), 0);
	CHECK_EQ(pthread_mutex_destroy(&inner), 0);
}

static volatile bool gave_up;

static void *give_up(void *arg)
{
	struct timespec at;

	clock_gettime(CLOCK_REALTIME, &at);
	at.tv_nsec += 20000000;
	if (at.tv_nsec >= 1000000000) {
		at.tv_sec++;
		at.tv_nsec -= 1000000000;
	}
	CHECK_EQ(pthread_mutex_trylock(&outer), EBUSY);
	CHECK_EQ(pthread_mutex_unlock(&outer), EPERM);
	CHECK_EQ(pthread_mutex_timedlock(&outer, &at), ETIMEDOUT);
	gave_up = true;
	return NULL;
}

static void test_inheritance_ends(void)
{
	pthread_t t, middle;

	start_order();
	make_mutex(&outer, PTHREAD_PRIO_INHERIT, 0);
	be(SCHED_FIFO, 10);
	pthread_mutex_lock(&outer);
	t = begin(SCHED_FIFO, 30, give_up, NULL);
	middle = begin(SCHED_FIFO, 20, one_letter, "m");
	write_letter('1'); /* raised to 30, so not before the one that gives up */
	for (int i = 0; !gave_up && i < 10000; i++) {
		spin_ms(1);
		sched_yield();
	}
	write_letter('2'); /* not any more */
	pthread_join(t, NULL);
	pthread_join(middle, NULL);
	pthread_mutex_unlock(&outer);
	be(SCHED_OTHER, 0);
	CHECK_STR(order, "1m2");
}

static void test_ceiling(void)
{
	pthread_t t;
	int old = 0;

	start_order();
	make_mutex(&outer, PTHREAD_PRIO_PROTECT, 25);
	be(SCHED_FIFO, 30);
	CHECK_EQ(pthread_mutex_lock(&outer), EINVAL);
	CHECK_EQ(pthread_mutex_setprioceiling(&outer, 35, &old), 0);
	CHECK_EQ(old, 25);
	CHECK_EQ(pthread_mutex_setprioceiling(&outer, 100, &old), EINVAL);
	CHECK_EQ(pthread_mutex_getprioceiling(&outer, &old), 0);
	CHECK_EQ(old, 35);
	CHECK_EQ(pthread_mutex_lock(&outer), 0);
	t = begin(SCHED_FIFO, 33, one_letter, "t");
	write_letter('1');
	pthread_mutex_unlock(&outer);
	write_letter('2');
	pthread_join(t, NULL);
	be(SCHED_OTHER, 0);
	CHECK_STR(order, "1t2");
}

static void *lock_and_leave(void *arg)
{
	pthread_mutex_lock(&outer);
	return NULL;
}

static void test_owner_that_ended(void)
{
	pthread_t t;

	make_mutex(&outer, PTHREAD_PRIO_INHERIT, 0);
	t = begin(SCHED_RR, 1, lock_and_leave, NULL);
	pthread_join(t, NULL);
	be(SCHED_FIFO, 10);
	CHECK_EQ(pthread_mutex_destroy(&outer), EBUSY);
	give_up(NULL);
	be(SCHED_OTHER, 0);
}

static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;

static void *write_lock(void *arg)
{
	pthread_rwlock_wrlock(&rwlock);
	write_letter('w');
	pthread_rwlock_unlock(&rwlock);
	return NULL;
}

static void *read_lock(void *arg)
{
	pthread_rwlock_rdlock(&rwlock);
	write_letter(*(char *)arg);
	pthread_rwlock_unlock(&rwlock);
	return NULL;
}

/* Readers wait for the writers that wait with their priority or more. */
static void test_readers_and_writers(void)
{
	pthread_t t[3];

	start_order();
	be(SCHED_FIFO, 10);
	pthread_rwlock_rdlock(&rwlock);
	t[0] = begin(SCHED_FIFO, 20, write_lock, NULL);
	t[1] = begin(SCHED_FIFO, 20, read_lock, "e");
	t[2] = begin(SCHED_FIFO, 21, read_lock, "h");
	pthread_rwlock_unlock(&rwlock);
	for (int i = 0; i < 3; i++)
		pthread_join(t[i], NULL);
	be(SCHED_OTHER, 0);
	CHECK_STR(order, "hwe");
}

static void test_errors(void)
{
	struct sched_param p = { .sched_priority = 0 };
	struct timespec interval;
	int policy;

	CHECK_EQ(pthread_setschedparam(pthread_self(), SCHED_FIFO, &p), EINVAL);
	p.sched_priority = 100;
	CHECK_EQ(pthread_setschedparam(pthread_self(), SCHED_RR, &p), EINVAL);
	CHECK_EQ(pthread_setschedparam(pthread_self(), 77, &p), EINVAL);
	CHECK_EQ(pthread_setschedprio(pthread_self(), 1), EINVAL);
	CHECK_EQ(sched_get_priority_min(SCHED_RR), 1);
	CHECK(sched_get_priority_max(SCHED_FIFO) >= 32);
	CHECK_EQ(sched_get_priority_max(77), -1);
	p.sched_priority = 7;
	CHECK_EQ(sched_setscheduler(0, SCHED_RR, &p), SCHED_OTHER);
	p.sched_priority = 0;
	CHECK_EQ(pthread_getschedparam(pthread_self(), &policy, &p), 0);
	CHECK_EQ(policy, SCHED_RR);
	CHECK_EQ(p.sched_priority, 7);
	CHECK_EQ(sched_rr_get_interval(0, &interval), 0);
	CHECK(interval.tv_nsec > 0);
	CHECK_EQ(sched_rr_get_interval(4711, &interval), -1);
	CHECK_EQ(errno, ESRCH);
	p.sched_priority = 0;
	CHECK_EQ(sched_setparam(0, &p), -1);
	CHECK_EQ(errno, EINVAL);
	CHECK_EQ(sched_setscheduler(0, SCHED_OTHER, &p), SCHED_RR);
}

int main(void)
{
	RUN(test_creation);
	RUN(test_wake_up);
	RUN(test_turns);
	RUN(test_order_of_waiters);
	RUN(test_inheritance);
	RUN(test_inheritance_ends);
	RUN(test_ceiling);
	RUN(test_owner_that_ended);
	RUN(test_readers_and_writers);
	RUN(test_errors);
	return check_done();
}
