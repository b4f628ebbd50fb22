// SPDX-License-Identifier: BSD-2-Clause
/*
 * sys/_pthreadtypes.h - the objects of <pthread.h>, with room for what is in them.
 *
 * An object that a program may declare and initialise statically is opaque storage: the sizes
 * are ABI, the contents are the library's. All zero is the initialised state of every such
 * object, so that a default initialiser costs no bytes in the image.
 */
#pragma once
#include <sys/_types.h>
#include <sys/sched.h>

/* A thread is named by its control block; 0 is no thread. */
typedef struct __unik_thread *pthread_t;
typedef unsigned int pthread_key_t;

#define __UNIK_OPAQUE(nbytes)                  \
	union {                                \
		unsigned long __align;         \
		unsigned char __bytes[nbytes]; \
	}

typedef __UNIK_OPAQUE(40) pthread_mutex_t;
typedef __UNIK_OPAQUE(48) pthread_cond_t;
typedef __UNIK_OPAQUE(64) pthread_rwlock_t;
typedef __UNIK_OPAQUE(64) pthread_attr_t;
typedef __UNIK_OPAQUE(48) pthread_barrier_t;
typedef __UNIK_OPAQUE(8) pthread_once_t;
typedef __UNIK_OPAQUE(16) pthread_mutexattr_t;
typedef __UNIK_OPAQUE(16) pthread_condattr_t;
typedef __UNIK_OPAQUE(16) pthread_rwlockattr_t;
typedef __UNIK_OPAQUE(16) pthread_barrierattr_t;
typedef unsigned int pthread_spinlock_t;

#define _PTHREAD_MUTEX_INITIALIZER \
	{                          \
		0                  \
	}
#define _PTHREAD_COND_INITIALIZER \
	{                         \
		0                 \
	}
#define _PTHREAD_RWLOCK_INITIALIZER \
	{                           \
		0                   \
	}
#define _PTHREAD_ONCE_INIT \
	{                  \
		0          \
	}

#define PTHREAD_SCOPE_SYSTEM  0
#define PTHREAD_SCOPE_PROCESS 1

#define PTHREAD_INHERIT_SCHED  0
#define PTHREAD_EXPLICIT_SCHED 1

#define PTHREAD_CREATE_JOINABLE 0
#define PTHREAD_CREATE_DETACHED 1

#define PTHREAD_PROCESS_PRIVATE 0
#define PTHREAD_PROCESS_SHARED  1

#define PTHREAD_PRIO_NONE    0
#define PTHREAD_PRIO_INHERIT 1
#define PTHREAD_PRIO_PROTECT 2

#define PTHREAD_MUTEX_NORMAL     0
#define PTHREAD_MUTEX_RECURSIVE  1
#define PTHREAD_MUTEX_ERRORCHECK 2
#define PTHREAD_MUTEX_DEFAULT    PTHREAD_MUTEX_NORMAL
