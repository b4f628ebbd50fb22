// SPDX-License-Identifier: BSD-2-Clause
/*
 * pthread_protocol.h - mutexes that change the priority of who holds them, for
 * lib/posix/priority.h.
 *
 * Threading: under priority_lock. No errors.
 */
#pragma once
#include "lib/posix/pthread_objects.h"

struct __unik_thread;

/* A thread that waits; on its stack. */
struct protocol_waiter {
	struct protocol_waiter *next;
	struct posix_mutex *mutex;
	struct __unik_thread *thread;
	bool granted; /* the mutex is its own now */
};

/* protocol_priority() - what m raises its owner to; 0: to nothing. */
unsigned protocol_priority(const struct posix_mutex *m);

/* protocol_requeue() - w's thread has another priority. Returns the owner of what it waits for. */
struct __unik_thread *protocol_requeue(struct protocol_waiter *w);

/* protocol_abandon() - self ends with what it holds locked, for ever. */
void protocol_abandon(struct __unik_thread *self);
