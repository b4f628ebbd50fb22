// SPDX-License-Identifier: BSD-2-Clause
/* Cancelling threads: at waits, in loops, with cleanup handlers and thread-specific values. */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/select.h>
#include <time.h>
#include <unistd.h>
#include "tests/check.h"

static char order[16];
static volatile int norder;

static void log_char(void *c)
{
	order[norder++ % 15] = (char)(intptr_t)c;
}

static void sleep_ms(long ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&t, NULL);
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static sem_t sem;
static int fd[2];
static pthread_key_t key;
static pthread_t sleeper;

static void unlock(void *m)
{
	/* The mutex is held by the time that handlers run. */
	CHECK_EQ(pthread_mutex_unlock(m), 0);
}

static void do_sleep(void)
{
	sleep(20);
}
static void do_nanosleep(void)
{
	sleep_ms(20000);
}
static void do_pause(void)
{
	pause();
}
static void do_poll(void)
{
	poll(NULL, 0, 20000);
}
static void do_select(void)
{
	select(0, NULL, NULL, NULL, NULL);
}
static void do_sem(void)
{
	sem_wait(&sem);
}
static void do_join(void)
{
	pthread_join(sleeper, NULL);
}
static void do_read(void)
{
	char c;

	read(fd[0], &c, 1);
}
static void do_sigwait(void)
{
	sigset_t set;
	int sig;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	sigwait(&set, &sig);
}
static void do_cond(void)
{
	pthread_mutex_lock(&mutex);
	pthread_cleanup_push(unlock, &mutex);
	pthread_cond_wait(&cond, &mutex);
	pthread_cleanup_pop(1);
}
static void do_test(void)
{
	for (;;)
		pthread_testcancel();
}

static void *run(void *arg)
{
	pthread_setspecific(key, (void *)'k');
	pthread_cleanup_push(log_char, (void *)'1');
	pthread_cleanup_push(log_char, (void *)'2');
	((void (*)(void))arg)();
	pthread_cleanup_pop(0);
	pthread_cleanup_pop(0);
	return NULL;
}

static void check_cancelled(void (*what)(void))
{
	pthread_t t;
	void *result = NULL;

	norder = 0;
	memset(order, 0, sizeof(order));
	CHECK_EQ(pthread_create(&t, NULL, run, (void *)what), 0);
	sleep_ms(10);
	CHECK_EQ(pthread_cancel(t), 0);
	CHECK_EQ(pthread_join(t, &result), 0);
	CHECK(result == PTHREAD_CANCELED);
	CHECK_STR(order, "21k");
}

static void test_points(void)
{
	check_cancelled(do_sleep);
	check_cancelled(do_nanosleep);
	check_cancelled(do_pause);
	check_cancelled(do_poll);
	check_cancelled(do_select);
	check_cancelled(do_sem);
	check_cancelled(do_read);
	check_cancelled(do_sigwait);
	check_cancelled(do_cond);
	check_cancelled(do_test);
	CHECK_EQ(pthread_mutex_trylock(&mutex), 0);
	pthread_mutex_unlock(&mutex);
}

static void *sleep_a_while(void *arg)
{
	sleep_ms(100);
	return arg;
}

/* Who is cancelled in pthread_join() leaves the other to be joined. */
static void test_join(void)
{
	void *result = NULL;

	pthread_create(&sleeper, NULL, sleep_a_while, (void *)7);
	check_cancelled(do_join);
	CHECK_EQ(pthread_join(sleeper, &result), 0);
	CHECK(result == (void *)7);
}

static volatile unsigned long spins;

static void spin(void)
{
	for (;;)
		spins++;
}

static void spin_async(void)
{
	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
	spin();
}

static void test_async(void)
{
	check_cancelled(spin_async);
}

static volatile int stage;

static void *disabled(void *arg)
{
	int old;

	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
	CHECK_EQ(old, PTHREAD_CANCEL_ENABLE);
	CHECK_EQ(pthread_setcancelstate(77, NULL), EINVAL);
	CHECK_EQ(pthread_setcanceltype(77, NULL), EINVAL);
	stage = 1;
	sleep_ms(30);
	pthread_testcancel();
	stage = 2;
	pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &old);
	CHECK_EQ(old, PTHREAD_CANCEL_DISABLE);
	stage = 3;
	pthread_mutex_lock(&mutex); /* no cancellation point */
	pthread_mutex_unlock(&mutex);
	stage = 4;
	pthread_testcancel();
	stage = 5;
	return arg;
}

static void test_disabled(void)
{
	pthread_t t;
	void *result;

	pthread_mutex_lock(&mutex);
	pthread_create(&t, NULL, disabled, NULL);
	sleep_ms(10);
	CHECK_EQ(pthread_cancel(t), 0);
	sleep_ms(40);
	CHECK_EQ(stage, 3);
	pthread_mutex_unlock(&mutex);
	pthread_join(t, &result);
	CHECK(result == PTHREAD_CANCELED);
	CHECK_EQ(stage, 4);
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	sem_init(&sem, 0, 0);
	pipe(fd);
	pthread_key_create(&key, log_char);
	RUN(test_points);
	RUN(test_join);
	RUN(test_async);
	RUN(test_disabled);
	return check_done();
}
