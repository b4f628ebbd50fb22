// SPDX-License-Identifier: BSD-2-Clause
/*
 * pthread_objects.h - what is in the synchronisation objects of <pthread.h> and <semaphore.h>.
 *
 * All zero is their initial state. They wait on futexes (lib/libc/futex.h), so they hold no list
 * and need no destruction.
 */
#pragma once
#include <pthread.h>
#include "kernel/time.h"
#include "lib/posix/pthread_attr.h"

struct OPAQUE_CONTENT posix_mutex {
	uint32_t word; /* lib/libc/locks.h */
	uint8_t type;  /* PTHREAD_MUTEX_*, and MUTEX_PROTOCOL */
	uint8_t protocol;
	uint8_t ceiling;
	uint32_t depth;
	struct thread *owner; /* of the checked kinds */
	/* With MUTEX_PROTOCOL: */
	struct posix_mutex *next_held;   /* of those that the owner has */
	struct protocol_waiter *waiters; /* by priority */
};
_Static_assert(sizeof(struct posix_mutex) <= sizeof(pthread_mutex_t), "fits");

/* Mutexes with MUTEX_PROTOCOL: lib/posix/pthread_protocol.c, NULL in images that make none. Each
 * returns an error number. */
struct mutex_protocol {
	int (*lock)(struct posix_mutex *m, ns_t deadline);
	int (*trylock)(struct posix_mutex *m);
	int (*unlock)(struct posix_mutex *m);
};
extern const struct mutex_protocol *posix_mutex_protocol;

struct OPAQUE_CONTENT posix_cond {
	uint32_t nsignal;  /* futex: counts signals, modulo 2^32 */
	uint32_t nwaiting; /* threads between registering and going on */
	clockid_t clock;   /* 0: CLOCK_REALTIME */
};
_Static_assert(sizeof(struct posix_cond) <= sizeof(pthread_cond_t), "fits");

struct OPAQUE_CONTENT posix_rwlock {
	uint32_t word;    /* lock of what follows */
	uint32_t changes; /* futex: counts releases, modulo 2^32 */
	uint32_t nreaders;
	uint32_t nwaiting;
	struct thread *writer;
	uint8_t writer_priority; /* the highest of the writers that wait */
};
_Static_assert(sizeof(struct posix_rwlock) <= sizeof(pthread_rwlock_t), "fits");

struct OPAQUE_CONTENT posix_barrier {
	uint32_t word;  /* lock of what follows */
	uint32_t round; /* futex: counts completed rounds, modulo 2^32 */
	uint32_t nwaiting;
	uint32_t nneeded;
	uint32_t nleaving; /* of completed rounds; atomic */
};
_Static_assert(sizeof(struct posix_barrier) <= sizeof(pthread_barrier_t), "fits");
