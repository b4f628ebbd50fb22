// SPDX-License-Identifier: BSD-2-Clause
/*
 * c11_threads.c - <threads.h> on POSIX threads (C11, 7.26).
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <threads.h>
#include "lib/base/compiler.h"

static int result_of(int err)
{
	switch (err) {
	case 0:
		return thrd_success;
	case EBUSY:
		return thrd_busy;
	case ENOMEM:
	case EAGAIN: /* pthread_create() says this of memory */
		return thrd_nomem;
	case ETIMEDOUT:
		return thrd_timedout;
	default:
		return thrd_error;
	}
}

struct birth {
	thrd_start_t start;
	void *arg;
};

static void *body(void *arg)
{
	struct birth b = *(struct birth *)arg;

	free(arg);
	return (void *)(intptr_t)b.start(b.arg);
}

UNIK_API int thrd_create(thrd_t *thread, thrd_start_t start, void *arg)
{
	struct birth *b = malloc(sizeof(*b));
	int err;

	if (!b)
		return thrd_nomem;
	*b = (struct birth){ start, arg };
	err = pthread_create(thread, NULL, body, b);
	if (err)
		free(b);
	return result_of(err);
}

UNIK_API thrd_t thrd_current(void)
{
	return pthread_self();
}

UNIK_API int thrd_detach(thrd_t thread)
{
	return result_of(pthread_detach(thread));
}

UNIK_API int thrd_equal(thrd_t a, thrd_t b)
{
	return a == b;
}

UNIK_API _Noreturn void thrd_exit(int result)
{
	pthread_exit((void *)(intptr_t)result);
}

UNIK_API int thrd_join(thrd_t thread, int *result)
{
	void *value;
	int err = pthread_join(thread, &value);

	if (!err && result)
		*result = (int)(intptr_t)value;
	return result_of(err);
}

/* 0; -1 a signal ended it; another negative number: an error. */
UNIK_API int thrd_sleep(const struct timespec *span, struct timespec *left)
{
	int err = clock_nanosleep(CLOCK_REALTIME, 0, span, left);

	return err == 0 ? 0 : err == EINTR ? -1 : -2;
}

UNIK_API void thrd_yield(void)
{
	sched_yield();
}

UNIK_API int mtx_init(mtx_t *mutex, int type)
{
	pthread_mutexattr_t a;

	if (type & ~(mtx_recursive | mtx_timed))
		return thrd_error;
	pthread_mutexattr_init(&a);
	if (type & mtx_recursive)
		pthread_mutexattr_settype(&a, PTHREAD_MUTEX_RECURSIVE);
	return result_of(pthread_mutex_init(mutex, &a));
}

UNIK_API void mtx_destroy(mtx_t *mutex)
{
	pthread_mutex_destroy(mutex);
}

UNIK_API int mtx_lock(mtx_t *mutex)
{
	return result_of(pthread_mutex_lock(mutex));
}

UNIK_API int mtx_timedlock(mtx_t *restrict mutex, const struct timespec *restrict until)
{
	return result_of(pthread_mutex_timedlock(mutex, until));
}

UNIK_API int mtx_trylock(mtx_t *mutex)
{
	return result_of(pthread_mutex_trylock(mutex));
}

UNIK_API int mtx_unlock(mtx_t *mutex)
{
	return result_of(pthread_mutex_unlock(mutex));
}

UNIK_API int cnd_init(cnd_t *cond)
{
	return result_of(pthread_cond_init(cond, NULL));
}

UNIK_API void cnd_destroy(cnd_t *cond)
{
	pthread_cond_destroy(cond);
}

UNIK_API int cnd_signal(cnd_t *cond)
{
	return result_of(pthread_cond_signal(cond));
}

UNIK_API int cnd_broadcast(cnd_t *cond)
{
	return result_of(pthread_cond_broadcast(cond));
}

UNIK_API int cnd_wait(cnd_t *cond, mtx_t *mutex)
{
	return result_of(pthread_cond_wait(cond, mutex));
}

UNIK_API int cnd_timedwait(cnd_t *restrict cond, mtx_t *restrict mutex,
			   const struct timespec *restrict until)
{
	return result_of(pthread_cond_timedwait(cond, mutex, until));
}

UNIK_API int tss_create(tss_t *key, tss_dtor_t destroy)
{
	return result_of(pthread_key_create(key, destroy));
}

UNIK_API void tss_delete(tss_t key)
{
	pthread_key_delete(key);
}

UNIK_API void *tss_get(tss_t key)
{
	return pthread_getspecific(key);
}

UNIK_API int tss_set(tss_t key, void *value)
{
	return result_of(pthread_setspecific(key, value));
}

UNIK_API void call_once(once_flag *flag, void (*function)(void))
{
	pthread_once(flag, function);
}
