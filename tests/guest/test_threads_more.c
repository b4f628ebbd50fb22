// SPDX-License-Identifier: BSD-2-Clause
/* Attributes, policies, processors, waits on named clocks, named semaphores, C11 threads. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdlib.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>
#include "tests/check.h"

static struct timespec in_ms(clockid_t clock, long ms)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	ts.tv_nsec += ms * 1000000;
	ts.tv_sec += ts.tv_nsec / 1000000000;
	ts.tv_nsec %= 1000000000;
	return ts;
}

static void *where_is_my_stack(void *arg)
{
	*(char **)arg = __builtin_frame_address(0);
	return NULL;
}

static void test_own_stack(void)
{
	enum { BYTES = 32768 };
	char *stack = aligned_alloc(16, BYTES), *here = NULL;
	pthread_attr_t a;
	pthread_t t;
	void *got;
	size_t size;

	CHECK_EQ(pthread_attr_init(&a), 0);
	CHECK_EQ(pthread_attr_setstack(&a, stack + 1, BYTES), EINVAL);
	CHECK_EQ(pthread_attr_setstack(&a, stack, PTHREAD_STACK_MIN - 16), EINVAL);
	CHECK_EQ(pthread_attr_setstack(&a, stack, BYTES), 0);
	CHECK_EQ(pthread_attr_getstack(&a, &got, &size), 0);
	CHECK(got == stack && size == BYTES);
	for (int i = 0; i < 50; i++) {
		CHECK_EQ(pthread_create(&t, &a, where_is_my_stack, &here), 0);
		CHECK_EQ(pthread_join(t, NULL), 0);
		CHECK(here > stack && here <= stack + BYTES);
		memset(stack, 0xee, BYTES); /* it is ours again */
	}
	free(stack);
}

static void *check_attributes(void *arg)
{
	pthread_attr_t a;
	char here;
	void *stack;
	size_t size;
	int state;

	CHECK_EQ(pthread_getattr_np(pthread_self(), &a), 0);
	CHECK_EQ(pthread_attr_getstack(&a, &stack, &size), 0);
	CHECK_EQ(size, 128 * 1024);
	CHECK(&here >= (char *)stack && &here < (char *)stack + size);
	CHECK_EQ(pthread_attr_getdetachstate(&a, &state), 0);
	CHECK_EQ(state, PTHREAD_CREATE_JOINABLE);
	return NULL;
}

static void test_attributes(void)
{
	struct sched_param p = { 0 };
	pthread_attr_t a;
	pthread_t t;
	size_t n;
	int v;

	pthread_attr_init(&a);
	CHECK_EQ(pthread_attr_setstacksize(&a, 128 * 1024), 0);
	CHECK_EQ(pthread_attr_setguardsize(&a, 0), 0);
	CHECK_EQ(pthread_attr_getguardsize(&a, &n), 0);
	CHECK_EQ(n, 0);
	CHECK_EQ(pthread_attr_setguardsize(&a, 1 << 20), EINVAL);
	CHECK_EQ(pthread_attr_setinheritsched(&a, PTHREAD_EXPLICIT_SCHED), 0);
	CHECK_EQ(pthread_attr_getinheritsched(&a, &v), 0);
	CHECK_EQ(v, PTHREAD_EXPLICIT_SCHED);
	CHECK_EQ(pthread_attr_setschedpolicy(&a, SCHED_OTHER), 0);
	CHECK_EQ(pthread_attr_setschedpolicy(&a, 99), EINVAL);
	CHECK_EQ(pthread_attr_setscope(&a, PTHREAD_SCOPE_PROCESS), ENOTSUP);
	CHECK_EQ(pthread_attr_setscope(&a, PTHREAD_SCOPE_SYSTEM), 0);
	CHECK_EQ(pthread_create(&t, &a, check_attributes, NULL), 0);
	CHECK_EQ(pthread_setschedparam(t, SCHED_RR, &p), EINVAL);
	CHECK_EQ(pthread_setschedparam(t, SCHED_OTHER, &p), 0);
	CHECK_EQ(pthread_getschedparam(t, &v, &p), 0);
	CHECK_EQ(v, SCHED_OTHER);
	CHECK_EQ(pthread_join(t, NULL), 0);
	CHECK_EQ(sched_getscheduler(0), SCHED_OTHER);
	CHECK_EQ(sched_getscheduler(4711), -1);
	CHECK_EQ(errno, ESRCH);
}

static void test_processors(void)
{
	cpu_set_t set;

	CHECK_EQ(pthread_getaffinity_np(pthread_self(), sizeof(set), &set), 0);
	CHECK_EQ(CPU_COUNT(&set), sysconf(_SC_NPROCESSORS_ONLN));
	CHECK(CPU_ISSET(sched_getcpu(), &set));
	CHECK_EQ(sched_setaffinity(0, sizeof(set), &set), 0);
	CPU_ZERO(&set);
	CPU_SET(77, &set);
	CHECK_EQ(pthread_setaffinity_np(pthread_self(), sizeof(set), &set), EINVAL);
}

static void test_mutex_attributes(void)
{
	pthread_mutexattr_t a;
	pthread_mutex_t m;
	int v = -1;

	pthread_mutexattr_init(&a);
	CHECK_EQ(pthread_mutexattr_setprotocol(&a, PTHREAD_PRIO_NONE), 0);
	CHECK_EQ(pthread_mutexattr_setrobust(&a, PTHREAD_MUTEX_ROBUST), ENOTSUP);
	CHECK_EQ(pthread_mutexattr_setpshared(&a, PTHREAD_PROCESS_SHARED), 0);
	CHECK_EQ(pthread_mutexattr_getpshared(&a, &v), 0);
	CHECK_EQ(v, PTHREAD_PROCESS_SHARED);
	CHECK_EQ(pthread_mutex_init(&m, &a), 0);
	CHECK_EQ(pthread_mutex_getprioceiling(&m, &v), EINVAL);
}

static pthread_mutex_t held = PTHREAD_MUTEX_INITIALIZER;

static void *wait_in_vain(void *arg)
{
	pthread_rwlock_t rw = PTHREAD_RWLOCK_INITIALIZER;
	pthread_cond_t c = PTHREAD_COND_INITIALIZER;
	pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
	clockid_t clock = (clockid_t)(uintptr_t)arg;
	struct timespec begin, end, at = in_ms(clock, 30);
	sem_t s;

	clock_gettime(CLOCK_MONOTONIC, &begin);
	CHECK_EQ(pthread_mutex_clocklock(&held, clock, &at), ETIMEDOUT);
	clock_gettime(CLOCK_MONOTONIC, &end);
	CHECK((end.tv_sec - begin.tv_sec) * 1000 + (end.tv_nsec - begin.tv_nsec) / 1000000 >= 29);
	at = in_ms(clock, 10);
	pthread_mutex_lock(&m);
	CHECK_EQ(pthread_cond_clockwait(&c, &m, clock, &at), ETIMEDOUT);
	pthread_rwlock_rdlock(&rw);
	at = in_ms(clock, 10);
	CHECK_EQ(pthread_rwlock_clockrdlock(&rw, clock, &at), 0);
	CHECK_EQ(pthread_rwlock_clockwrlock(&rw, clock, &at), ETIMEDOUT);
	sem_init(&s, 0, 0);
	at = in_ms(clock, 10);
	CHECK_EQ(sem_clockwait(&s, clock, &at), -1);
	CHECK_EQ(errno, ETIMEDOUT);
	return NULL;
}

static void test_waits_on_either_clock(void)
{
	struct timespec at = in_ms(CLOCK_REALTIME, 5), never = in_ms(CLOCK_MONOTONIC, 60000);
	pthread_t t;

	pthread_mutex_lock(&held);
	for (int i = 0; i < 2; i++) {
		clockid_t clock = i ? CLOCK_MONOTONIC : CLOCK_REALTIME;

		CHECK_EQ(pthread_create(&t, NULL, wait_in_vain, (void *)(uintptr_t)clock), 0);
		CHECK_EQ(pthread_tryjoin_np(t, NULL), EBUSY);
		at = in_ms(CLOCK_REALTIME, 5);
		CHECK_EQ(pthread_timedjoin_np(t, NULL, &at), ETIMEDOUT);
		CHECK_EQ(pthread_clockjoin_np(t, NULL, CLOCK_MONOTONIC, &never), 0);
	}
	CHECK_EQ(pthread_mutex_clocklock(&held, 99, &at), EINVAL);
	pthread_mutex_unlock(&held);
}

static void test_named_semaphores(void)
{
	sem_t *a = sem_open("/one", O_CREAT | O_EXCL, 0600, 2), *b;
	int v;

	CHECK(a != SEM_FAILED);
	CHECK(sem_open("/one", O_CREAT | O_EXCL, 0600, 2) == SEM_FAILED);
	CHECK_EQ(errno, EEXIST);
	CHECK(sem_open("/two", 0) == SEM_FAILED);
	CHECK_EQ(errno, ENOENT);
	CHECK(sem_open("/a/b", O_CREAT, 0600, 1) == SEM_FAILED);
	CHECK_EQ(errno, EINVAL);
	b = sem_open("one", 0);
	CHECK(a == b);
	CHECK_EQ(sem_wait(b), 0);
	CHECK_EQ(sem_getvalue(a, &v), 0);
	CHECK_EQ(v, 1);
	CHECK_EQ(sem_unlink("/one"), 0);
	CHECK_EQ(sem_unlink("/one"), -1);
	CHECK_EQ(sem_post(a), 0); /* lives until it is closed */
	CHECK_EQ(sem_close(a), 0);
	CHECK_EQ(sem_close(b), 0);
}

/* C11 */

static mtx_t mutex;
static cnd_t changed;
static tss_t key;
static once_flag flag = ONCE_FLAG_INIT;
static int nonce, ndestroyed, turn;

static void once(void)
{
	nonce++;
}

static void destroyed(void *value)
{
	ndestroyed += *(int *)value;
}

static int player(void *arg)
{
	static int one = 1;
	int me = (int)(intptr_t)arg;

	call_once(&flag, once);
	CHECK_EQ(tss_set(key, &one), thrd_success);
	for (int i = 0; i < 100; i++) {
		CHECK_EQ(mtx_lock(&mutex), thrd_success);
		while (turn % 2 != me)
			cnd_wait(&changed, &mutex);
		turn++;
		cnd_broadcast(&changed);
		mtx_unlock(&mutex);
	}
	if (me)
		thrd_exit(-7);
	return 42;
}

static void test_c11(void)
{
	struct timespec at, span = { 0, 1000000 };
	thrd_t t[2];
	int result[2];

	CHECK_EQ(mtx_init(&mutex, mtx_timed), thrd_success);
	CHECK_EQ(mtx_init(&mutex, 8), thrd_error);
	CHECK_EQ(cnd_init(&changed), thrd_success);
	CHECK_EQ(tss_create(&key, destroyed), thrd_success);
	for (int i = 0; i < 2; i++)
		CHECK_EQ(thrd_create(&t[i], player, (void *)(intptr_t)i), thrd_success);
	for (int i = 0; i < 2; i++)
		CHECK_EQ(thrd_join(t[i], &result[i]), thrd_success);
	CHECK_EQ(result[0], 42);
	CHECK_EQ(result[1], -7);
	CHECK_EQ(nonce, 1);
	CHECK_EQ(ndestroyed, 2);
	CHECK_EQ(turn, 200);
	mtx_lock(&mutex);
	CHECK_EQ(mtx_trylock(&mutex), thrd_busy);
	at = in_ms(CLOCK_REALTIME, 5);
	CHECK_EQ(mtx_timedlock(&mutex, &at), thrd_timedout);
	CHECK_EQ(cnd_timedwait(&changed, &mutex, &at), thrd_timedout);
	mtx_unlock(&mutex);
	mtx_destroy(&mutex);
	cnd_destroy(&changed);
	tss_delete(key);
	CHECK_EQ(thrd_sleep(&span, NULL), 0);
	CHECK(thrd_equal(thrd_current(), pthread_self()));
}

int main(void)
{
	RUN(test_own_stack);
	RUN(test_attributes);
	RUN(test_processors);
	RUN(test_mutex_attributes);
	RUN(test_waits_on_either_clock);
	RUN(test_named_semaphores);
	RUN(test_c11);
	return check_done();
}
