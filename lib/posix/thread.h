// SPDX-License-Identifier: BSD-2-Clause
/*
 * thread.h - POSIX's view of a thread, beside kernel/thread.h.
 *
 * Made by pthread_create(), or by the first pthread_self() of a thread that was not. It outlives
 * the kernel's thread for as long as somebody may still join it.
 *
 * Threading: as the fields say. Errors: error numbers, as pthread functions return them.
 */
#pragma once
#include <limits.h>
#include <pthread.h>
#include "kernel/thread.h"
#include "lib/posix/priority.h"
#include "lib/posix/signals.h"

struct _pthread_cleanup_context;

struct key_value {
	uint32_t birth; /* which key of this number it belongs to */
	void *value;
};

struct __unik_thread {
	struct thread *kernel; /* until ended */
	uint32_t refs;         /* the thread itself; whoever may join it */
	uint32_t ended;        /* futex: 1 when result is there */
	uint32_t joinable;     /* 0 when detached, or being joined */
	void *(*start)(void *arg);
	void *arg;
	void *result;
	struct _pthread_cleanup_context *cleanup; /* the innermost; the thread's own */
	struct key_value *keys;                   /* PTHREAD_KEYS_MAX, or NULL; the thread's own */
	struct signal_thread signal;
	struct thread_schedule schedule; /* lib/posix/priority.h */
};

/* posix_thread_self() - the caller's; NULL only when memory is out. */
struct __unik_thread *posix_thread_self(void);

/* posix_thread_get(), _put() - count who may still look at t. */
static inline struct __unik_thread *posix_thread_get(struct __unik_thread *t)
{
	__atomic_fetch_add(&t->refs, 1, __ATOMIC_RELAXED);
	return t;
}
void posix_thread_put(struct __unik_thread *t);

/* posix_keys_end() - run the destructors of the caller's thread-specific values, free them.
 * lib/posix/pthread_key.c sets the hook with the first key, so that a program without keys has no
 * code for them. */
extern void (*posix_keys_end)(struct __unik_thread *self);

/* posix_signals_end() - the caller is about to end; set by lib/posix/signal_deliver.c. */
extern void (*posix_signals_end)(struct __unik_thread *self);
