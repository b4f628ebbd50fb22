// SPDX-License-Identifier: BSD-2-Clause
/*
 * threads.h - threads of the C language (C11, 7.26), which are POSIX's.
 *
 * Threading: any thread. Errors: thrd_error, thrd_busy, thrd_nomem, thrd_timedout. Points in time
 * are TIME_UTC's.
 */
#pragma once
#include <sys/types.h>
#include <time.h>

typedef pthread_t thrd_t;
typedef pthread_mutex_t mtx_t;
typedef pthread_cond_t cnd_t;
typedef pthread_key_t tss_t;
typedef pthread_once_t once_flag;
typedef int (*thrd_start_t)(void *);
typedef void (*tss_dtor_t)(void *);

#define ONCE_FLAG_INIT      _PTHREAD_ONCE_INIT
#define TSS_DTOR_ITERATIONS 4
#if !defined(__cplusplus) && !defined(thread_local)
#define thread_local _Thread_local
#endif

enum { mtx_plain = 0, mtx_recursive = 1, mtx_timed = 2 };
enum { thrd_success, thrd_busy, thrd_error, thrd_nomem, thrd_timedout };

__BEGIN_DECLS

int thrd_create(thrd_t *__t, thrd_start_t __start, void *__arg);
thrd_t thrd_current(void);
int thrd_detach(thrd_t __t);
int thrd_equal(thrd_t __a, thrd_t __b);
_Noreturn void thrd_exit(int __result);
int thrd_join(thrd_t __t, int *__result);
int thrd_sleep(const struct timespec *__span, struct timespec *__left);
void thrd_yield(void);

int mtx_init(mtx_t *__mutex, int __type);
void mtx_destroy(mtx_t *__mutex);
int mtx_lock(mtx_t *__mutex);
int mtx_timedlock(mtx_t *__restrict __mutex, const struct timespec *__restrict __until);
int mtx_trylock(mtx_t *__mutex);
int mtx_unlock(mtx_t *__mutex);

int cnd_init(cnd_t *__cond);
void cnd_destroy(cnd_t *__cond);
int cnd_signal(cnd_t *__cond);
int cnd_broadcast(cnd_t *__cond);
int cnd_wait(cnd_t *__cond, mtx_t *__mutex);
int cnd_timedwait(cnd_t *__restrict __cond, mtx_t *__restrict __mutex,
		  const struct timespec *__restrict __until);

int tss_create(tss_t *__key, tss_dtor_t __destroy);
void tss_delete(tss_t __key);
void *tss_get(tss_t __key);
int tss_set(tss_t __key, void *__value);
void call_once(once_flag *__flag, void (*__function)(void));

__END_DECLS
