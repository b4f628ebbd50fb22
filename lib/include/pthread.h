// SPDX-License-Identifier: BSD-2-Clause
/*
 * pthread.h - what newlib's <pthread.h> leaves out: POSIX.1-2024, and what programs know as
 * non-portable (_np) from Linux.
 *
 * Threading: any thread. Errors: error numbers are returned, errno stays. There is one process,
 * so shared and private objects are the same. Not supported, with ENOTSUP: robust mutexes.
 */
#pragma once
#include_next <pthread.h>
#include <sched.h>

#define PTHREAD_MUTEX_STALLED 0
#define PTHREAD_MUTEX_ROBUST  1

#define PTHREAD_NULL ((pthread_t)0)

__BEGIN_DECLS

int pthread_mutexattr_setprotocol(pthread_mutexattr_t *__attr, int __protocol);
int pthread_mutexattr_getprotocol(const pthread_mutexattr_t *__attr, int *__protocol);
int pthread_mutexattr_setprioceiling(pthread_mutexattr_t *__attr, int __ceiling);
int pthread_mutexattr_getprioceiling(const pthread_mutexattr_t *__attr, int *__ceiling);
int pthread_mutex_setprioceiling(pthread_mutex_t *__mutex, int __ceiling, int *__old);
int pthread_mutex_getprioceiling(const pthread_mutex_t *__mutex, int *__ceiling);
int pthread_mutexattr_setrobust(pthread_mutexattr_t *__attr, int __robust);
int pthread_mutexattr_getrobust(const pthread_mutexattr_t *__attr, int *__robust);
int pthread_mutex_consistent(pthread_mutex_t *__mutex);

int pthread_mutex_clocklock(pthread_mutex_t *__mutex, clockid_t __clock,
			    const struct timespec *__until);
int pthread_cond_clockwait(pthread_cond_t *__cond, pthread_mutex_t *__mutex, clockid_t __clock,
			   const struct timespec *__until);
int pthread_rwlock_clockrdlock(pthread_rwlock_t *__lock, clockid_t __clock,
			       const struct timespec *__until);
int pthread_rwlock_clockwrlock(pthread_rwlock_t *__lock, clockid_t __clock,
			       const struct timespec *__until);

/* Readers go first; to set another preference gives EINVAL. */
#define PTHREAD_RWLOCK_PREFER_READER_NP              0
#define PTHREAD_RWLOCK_PREFER_WRITER_NP              1
#define PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP 2
#define PTHREAD_RWLOCK_DEFAULT_NP                    PTHREAD_RWLOCK_PREFER_READER_NP
int pthread_rwlockattr_setkind_np(pthread_rwlockattr_t *__attr, int __kind);
int pthread_rwlockattr_getkind_np(const pthread_rwlockattr_t *__attr, int *__kind);

int pthread_tryjoin_np(pthread_t __t, void **__result);
int pthread_timedjoin_np(pthread_t __t, void **__result, const struct timespec *__until);
int pthread_clockjoin_np(pthread_t __t, void **__result, clockid_t __clock,
			 const struct timespec *__until);

/* pthread_getattr_np() - the attributes of a thread that runs, its stack among them. */
int pthread_getattr_np(pthread_t __t, pthread_attr_t *__attr);
int pthread_getattr_default_np(pthread_attr_t *__attr);
int pthread_setaffinity_np(pthread_t __t, size_t __size, const cpu_set_t *__set);
int pthread_getaffinity_np(pthread_t __t, size_t __size, cpu_set_t *__set);
int pthread_attr_setaffinity_np(pthread_attr_t *__attr, size_t __size, const cpu_set_t *__set);
int pthread_attr_getaffinity_np(const pthread_attr_t *__attr, size_t __size, cpu_set_t *__set);
int pthread_getname_np(pthread_t __t, char *__name, size_t __size);
int pthread_setname_np(pthread_t __t, const char *__name);

__END_DECLS
