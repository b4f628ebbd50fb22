// SPDX-License-Identifier: BSD-2-Clause
/* Threads as POSIX has them: birth, end, locks, thread-local storage, preemption. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>
#include <unik/memory.h>
#include "tests/check.h"

#define NTHREADS 8
#define NROUNDS  2000

static void *add_one(void *arg)
{
	return (char *)arg + 1;
}

static void test_create_join(void)
{
	for (intptr_t i = 0; i < 50; i++) {
		pthread_t t;
		void *result;

		CHECK_EQ(pthread_create(&t, NULL, add_one, (void *)i), 0);
		CHECK_EQ(pthread_join(t, &result), 0);
		CHECK_EQ((intptr_t)result, i + 1);
	}
	CHECK_EQ(pthread_join(pthread_self(), NULL), EDEADLK);
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long counter;

static void *count(void *arg)
{
	for (int i = 0; i < NROUNDS; i++) {
		pthread_mutex_lock(&lock);
		long seen = counter;

		if (i % 64 == 0)
			sched_yield();
		counter = seen + 1;
		pthread_mutex_unlock(&lock);
	}
	return NULL;
}

static void run_all(void *(*body)(void *))
{
	pthread_t t[NTHREADS];

	for (intptr_t i = 0; i < NTHREADS; i++)
		CHECK_EQ(pthread_create(&t[i], NULL, body, (void *)i), 0);
	for (int i = 0; i < NTHREADS; i++)
		CHECK_EQ(pthread_join(t[i], NULL), 0);
}

static void test_mutex_contention(void)
{
	counter = 0;
	run_all(count);
	CHECK_EQ(counter, NTHREADS * NROUNDS);
}

static void test_mutex_kinds(void)
{
	pthread_mutexattr_t attr;
	pthread_mutex_t m;
	struct timespec past = { 1, 0 };

	pthread_mutexattr_init(&attr);
	pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_RECURSIVE);
	pthread_mutex_init(&m, &attr);
	CHECK_EQ(pthread_mutex_lock(&m), 0);
	CHECK_EQ(pthread_mutex_lock(&m), 0);
	CHECK_EQ(pthread_mutex_unlock(&m), 0);
	CHECK_EQ(pthread_mutex_destroy(&m), EBUSY);
	CHECK_EQ(pthread_mutex_unlock(&m), 0);
	CHECK_EQ(pthread_mutex_unlock(&m), EPERM);
	pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_ERRORCHECK);
	pthread_mutex_init(&m, &attr);
	CHECK_EQ(pthread_mutex_lock(&m), 0);
	CHECK_EQ(pthread_mutex_lock(&m), EDEADLK);
	CHECK_EQ(pthread_mutex_trylock(&m), EBUSY);
	CHECK_EQ(pthread_mutex_unlock(&m), 0);
	CHECK_EQ(pthread_mutex_lock(&lock), 0);
	CHECK_EQ(pthread_mutex_timedlock(&lock, &past), ETIMEDOUT);
	CHECK_EQ(pthread_mutex_unlock(&lock), 0);
}

/* A ring of one element between producers and consumers. */
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int full, item;
static long sum;

static void *produce_or_consume(void *arg)
{
	int producer = (intptr_t)arg % 2;

	for (int i = 1; i <= NROUNDS / 4; i++) {
		pthread_mutex_lock(&lock);
		while (full == producer)
			pthread_cond_wait(&changed, &lock);
		if (producer)
			item = i;
		else
			sum += item;
		full = producer;
		pthread_cond_broadcast(&changed);
		pthread_mutex_unlock(&lock);
	}
	return NULL;
}

static void test_cond(void)
{
	long n = NROUNDS / 4;
	struct timespec until;

	sum = 0;
	run_all(produce_or_consume);
	CHECK_EQ(sum, NTHREADS / 2 * (n * (n + 1) / 2));

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += 5000000;
	if (until.tv_nsec >= 1000000000)
		until.tv_sec++, until.tv_nsec -= 1000000000;
	pthread_mutex_lock(&lock);
	CHECK_EQ(pthread_cond_timedwait(&changed, &lock, &until), ETIMEDOUT);
	pthread_mutex_unlock(&lock);
	CHECK_EQ(pthread_cond_destroy(&changed), 0);
}

static __thread int own = 17;
static __thread char own_zero[100];

static void *use_own(void *arg)
{
	int me = (int)(intptr_t)arg;

	CHECK_EQ(own, 17);
	CHECK_EQ(own_zero[99], 0);
	own = me;
	own_zero[99] = (char)me;
	errno = me;
	for (int i = 0; i < 20; i++)
		sched_yield();
	CHECK_EQ(own, me);
	CHECK_EQ(own_zero[99], me);
	CHECK_EQ(errno, me);
	return NULL;
}

static void test_tls(void)
{
	errno = 99;
	run_all(use_own);
	CHECK_EQ(own, 17);
	CHECK_EQ(errno, 99);
}

static volatile int stop;

static void *spin(void *arg)
{
	while (!stop)
		;
	return NULL;
}

/* A thread that never gives the CPU away does not keep it. */
static void test_preemption(void)
{
	struct timespec pause = { 0, 20000000 };
	pthread_t t;

	stop = 0;
	CHECK_EQ(pthread_create(&t, NULL, spin, NULL), 0);
	nanosleep(&pause, NULL);
	stop = 1;
	CHECK_EQ(pthread_join(t, NULL), 0);
}

/* Floating point and SSE registers survive that others are run in between. */
static void *compute(void *arg)
{
	double x = (double)(intptr_t)arg, expect = x;

	for (int i = 0; i < 3000000; i++) {
		x = x * 1.5 + 1.0;
		x = (x - 1.0) / 1.5;
		if (i % 1000 == 0 && (x < expect - 1e-6 || x > expect + 1e-6))
			break;
	}
	CHECK(x > expect - 1e-6 && x < expect + 1e-6);
	return NULL;
}

static void test_fpu(void)
{
	run_all(compute);
}

static void *allocate(void *arg)
{
	void *p[64] = { NULL };
	unsigned seed = (unsigned)(intptr_t)arg;

	for (int i = 0; i < NROUNDS; i++) {
		seed = seed * 1103515245 + 12345;
		unsigned at = seed >> 16 & 63, size = seed >> 8 & 0xfff;

		if (p[at])
			CHECK_EQ(*(unsigned char *)p[at], at);
		free(p[at]);
		p[at] = malloc(size + 1);
		CHECK(p[at] != NULL);
		memset(p[at], (int)at, size + 1);
		if (i % 100 == 0)
			sched_yield();
	}
	for (int i = 0; i < 64; i++)
		free(p[i]);
	return NULL;
}

static void test_malloc(void)
{
	run_all(allocate);
}

static pthread_key_t key;
static int destroyed;

static void destroy(void *value)
{
	__atomic_fetch_add(&destroyed, (int)(intptr_t)value, __ATOMIC_RELAXED);
}

static void *set_key(void *arg)
{
	CHECK(pthread_getspecific(key) == NULL);
	CHECK_EQ(pthread_setspecific(key, (void *)1), 0);
	sched_yield();
	CHECK_EQ((intptr_t)pthread_getspecific(key), 1);
	return NULL;
}

static void test_keys(void)
{
	CHECK_EQ(pthread_key_create(&key, destroy), 0);
	run_all(set_key);
	CHECK_EQ(destroyed, NTHREADS);
	CHECK(pthread_getspecific(key) == NULL);
	CHECK_EQ(pthread_key_delete(key), 0);
	CHECK_EQ(pthread_setspecific(key, NULL), EINVAL);
}

static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_barrier_t barrier;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static sem_t sem;
static int inits, serials;

static void init_once(void)
{
	sched_yield();
	inits++;
}

static void *use_all(void *arg)
{
	pthread_once(&once, init_once);
	CHECK_EQ(inits, 1);
	if (pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD)
		__atomic_fetch_add(&serials, 1, __ATOMIC_RELAXED);
	for (int i = 0; i < 200; i++) {
		if ((intptr_t)arg == 0) {
			CHECK_EQ(pthread_rwlock_wrlock(&rwlock), 0);
			counter++;
			sched_yield();
			counter++;
		} else {
			CHECK_EQ(pthread_rwlock_rdlock(&rwlock), 0);
			CHECK_EQ(counter % 2, 0);
		}
		CHECK_EQ(pthread_rwlock_unlock(&rwlock), 0);
	}
	CHECK_EQ(sem_wait(&sem), 0);
	sched_yield();
	CHECK_EQ(sem_post(&sem), 0);
	return NULL;
}

static void test_other_objects(void)
{
	int value;

	counter = 0;
	CHECK_EQ(pthread_barrier_init(&barrier, NULL, NTHREADS), 0);
	CHECK_EQ(sem_init(&sem, 0, 2), 0);
	run_all(use_all);
	CHECK_EQ(serials, 1);
	CHECK_EQ(counter, 400);
	CHECK_EQ(sem_getvalue(&sem, &value), 0);
	CHECK_EQ(value, 2);
	CHECK_EQ(pthread_barrier_destroy(&barrier), 0);
}

static void cleaned(void *arg)
{
	*(int *)arg += 1;
}

static void *exit_early(void *arg)
{
	pthread_cleanup_push(cleaned, arg);
	pthread_exit(arg);
	pthread_cleanup_pop(0);
	return NULL;
}

static void test_exit_and_names(void)
{
	char name[16];
	int n = 0;
	void *result;
	pthread_t t;

	CHECK_EQ(pthread_create(&t, NULL, exit_early, &n), 0);
	CHECK_EQ(pthread_join(t, &result), 0);
	CHECK(result == &n);
	CHECK_EQ(n, 1);
	CHECK_EQ(pthread_setname_np(pthread_self(), "tester"), 0);
	CHECK_EQ(pthread_getname_np(pthread_self(), name, sizeof(name)), 0);
	CHECK_STR(name, "tester");
	CHECK_EQ(pthread_setname_np(pthread_self(), "much too long a name"), ERANGE);
}

static void *detached(void *arg)
{
	sem_post(&sem);
	return NULL;
}

/* Threads that have come and gone leave no page behind. */
static void test_no_leak(void)
{
	size_t before, after;
	pthread_attr_t attr;
	pthread_t t;

	run_all(count); /* the pages that the heaps keep */
	sem_init(&sem, 0, 0);
	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attr, 32768);
	for (int round = 0; round < 2; round++) {
		unik_memory(NULL, round ? &after : &before);
		for (int i = 0; i < 20; i++) {
			CHECK_EQ(pthread_create(&t, &attr, detached, NULL), 0);
			sem_wait(&sem);
		}
		usleep(1000);
		run_all(count);
		usleep(1000);
	}
	unik_memory(NULL, &after);
	CHECK_EQ(before, after);
}

int main(void)
{
	RUN(test_create_join);
	RUN(test_mutex_contention);
	RUN(test_mutex_kinds);
	RUN(test_cond);
	RUN(test_tls);
	RUN(test_preemption);
	RUN(test_fpu);
	RUN(test_malloc);
	RUN(test_keys);
	RUN(test_other_objects);
	RUN(test_exit_and_names);
	RUN(test_no_leak);
	return check_done();
}
