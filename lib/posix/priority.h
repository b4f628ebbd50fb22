// SPDX-License-Identifier: BSD-2-Clause
/*
 * priority.h - policies and priorities of threads (POSIX.1-2017, XSH 2.8.4), and what mutexes do to
 * them.
 *
 * A thread has a policy and a priority of its own; while it holds mutexes with a protocol it runs
 * with the highest of its own, their ceilings, and the priorities of those who wait for them. The
 * scheduler knows the outcome only (thread_set_priority()). SCHED_OTHER is the priority 0;
 * SCHED_FIFO and SCHED_RR have 1..THREAD_PRIORITY_MAX.
 *
 * Nothing here is in an image whose program calls none of it: priority_start() sets the hooks.
 *
 * Threading: priority_lock guards every schedule and every mutex with MUTEX_PROTOCOL; it is inside
 * of any mutex and outside of the run queue. Errors: error numbers.
 */
#pragma once
#include "kernel/spinlock.h"
#include "lib/posix/pthread_attr.h"

struct __unik_thread;
struct posix_mutex;
struct protocol_waiter;

struct thread_schedule {
	uint8_t policy;                  /* SCHED_* */
	uint8_t priority;                /* its own */
	struct posix_mutex *held;        /* those with MUTEX_PROTOCOL */
	struct protocol_waiter *waiting; /* for such a one; NULL: not */
};

/* What threads owe to the priorities; lib/posix/pthread.c calls it. */
struct priority_hooks {
	/* make() a thread with the schedule that attr says, or the caller's. */
	int (*make)(struct __unik_thread *t, const struct thread_attr *attr,
		    int (*make)(struct __unik_thread *t, const struct thread_attr *attr));
	void (*end)(struct __unik_thread *self);
};
extern const struct priority_hooks *posix_priorities; /* NULL: all are SCHED_OTHER */

extern struct spinlock priority_lock;

/* priority_start() - there are priorities from now on. Context: thread. */
void priority_start(void);

/* priority_check() - 0; EINVAL: no such policy, or not a priority of it. */
int priority_check(int policy, int priority);

/* priority_set() - t's own policy and priority, which are valid. Gives way at once. */
void priority_set(struct __unik_thread *t, int policy, int priority);

/* priority_refresh() - what t runs with is what it should be; so for those who keep it waiting.
 * Under priority_lock. */
void priority_refresh(struct __unik_thread *t);
