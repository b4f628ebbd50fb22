// SPDX-License-Identifier: BSD-2-Clause
/*
 * pthread_attr.h - what is in the opaque objects of <pthread.h>; all zero is their initial state.
 *
 * Threading: an attribute object is for one thread at a time.
 */
#pragma once
#include <pthread.h>
#include "kernel/thread.h"

/* The objects are declared as bytes by programs. */
#define OPAQUE_CONTENT __attribute__((may_alias))

struct OPAQUE_CONTENT thread_attr {
	size_t stack_bytes; /* 0: the default */
	void *stack;        /* lowest byte of the caller's own, NULL: the library makes one */
	size_t guard_bytes; /* as asked for, less one page: all zero is the default */
	bool detached;
	bool explicit_sched;
	uint8_t policy; /* SCHED_*, and its priority: for explicit_sched */
	uint8_t priority;
};
_Static_assert(sizeof(struct thread_attr) <= sizeof(pthread_attr_t), "fits");

#define MUTEX_PROTOCOL 0x80 /* in a type: lib/posix/pthread_protocol.c has the mutex */

struct OPAQUE_CONTENT mutex_attr {
	uint8_t type; /* PTHREAD_MUTEX_*, and MUTEX_PROTOCOL */
	uint8_t protocol;
	uint8_t ceiling; /* 0: the least that there is */
	bool shared;
};
_Static_assert(sizeof(struct mutex_attr) <= sizeof(pthread_mutexattr_t), "fits");

struct OPAQUE_CONTENT cond_attr {
	clockid_t clock; /* 0: CLOCK_REALTIME */
	bool shared;
};
_Static_assert(sizeof(struct cond_attr) <= sizeof(pthread_condattr_t), "fits");

/* Of read-write locks and barriers: there is one process, so it makes no difference. */
struct OPAQUE_CONTENT shared_attr {
	bool shared;
};
_Static_assert(sizeof(struct shared_attr) <= sizeof(pthread_rwlockattr_t), "fits");
_Static_assert(sizeof(struct shared_attr) <= sizeof(pthread_barrierattr_t), "fits");
