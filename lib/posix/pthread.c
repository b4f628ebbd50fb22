// SPDX-License-Identifier: BSD-2-Clause
/*
 * pthread.c - threads: birth, end, joining.
 */
#define _GNU_SOURCE /* pthread_setname_np() */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "arch/cpu.h"
#include "kernel/heap.h"
#include "kernel/sealed.h"
#include "lib/libc/futex.h"
#include "lib/libc/reent.h"
#include "lib/libc/result.h"
#include "lib/posix/pthread_attr.h"
#include "lib/posix/thread.h"

void (*SEALED posix_keys_end)(struct __unik_thread *self);
void (*SEALED posix_signals_end)(struct __unik_thread *self);
const struct priority_hooks *SEALED posix_priorities;

static struct __unik_thread main_thread;
static uint32_t main_adopted;
static uint32_t nthreads = 1; /* the main thread, and those made here, that have not ended */

/* A thread that was not made here; the first to ask is the main thread. */
static struct __unik_thread *adopt(void)
{
	struct __unik_thread *t;

	if (__atomic_exchange_n(&main_adopted, 1, __ATOMIC_RELAXED) == 0)
		t = &main_thread;
	else
		t = kzalloc(sizeof(*t));
	if (!t)
		return NULL;
	t->kernel = thread_current();
	t->refs = 2; /* never freed: nobody knows when such a thread ends */
	t->joinable = 1;
	t->kernel->posix = t;
	return t;
}

struct __unik_thread *posix_thread_self(void)
{
	struct __unik_thread *t = thread_current()->posix;

	return likely(t != NULL) ? t : adopt();
}

void posix_thread_put(struct __unik_thread *t)
{
	if (__atomic_sub_fetch(&t->refs, 1, __ATOMIC_ACQ_REL) == 0)
		kfree(t);
}

static void thread_body(void *arg)
{
	struct __unik_thread *t = arg;

	thread_current()->posix = t;
	pthread_exit(t->start(t->arg));
}

static int make(struct __unik_thread *t, const struct thread_attr *attr)
{
	return thread_create_on(&t->kernel, "thread", attr->stack, attr->stack_bytes, thread_body,
				t)
		       ? EAGAIN
		       : 0;
}

UNIK_API int pthread_create(pthread_t *out, const pthread_attr_t *given, void *(*start)(void *),
			    void *arg)
{
	static const struct thread_attr plain;
	const struct thread_attr *attr = given ? (const struct thread_attr *)given : &plain;
	struct __unik_thread *t = kzalloc(sizeof(*t)), *self = posix_thread_self();
	int err;

	if (!t)
		return EAGAIN;
	t->joinable = !attr->detached;
	t->refs = attr->detached ? 1 : 2;
	t->start = start;
	t->arg = arg;
	if (self)
		t->signal.mask = self->signal.mask;
	*out = t;
	__atomic_fetch_add(&nthreads, 1, __ATOMIC_RELAXED);
	err = posix_priorities ? posix_priorities->make(t, attr, make) : make(t, attr);
	if (err) {
		__atomic_fetch_sub(&nthreads, 1, __ATOMIC_RELAXED);
		kfree(t);
		if (err == EAGAIN)
			posix_log_exhausted(-ENOMEM);
	}
	return err;
}

static void run_cleanup(struct __unik_thread *t)
{
	struct _pthread_cleanup_context *c;

	while ((c = t->cleanup) != NULL) {
		t->cleanup = c->_previous;
		c->_routine(c->_arg);
	}
}

/* The last thread ends the program (POSIX.1-2017, pthread_exit()). */
UNIK_API void pthread_exit(void *result)
{
	struct __unik_thread *self = posix_thread_self();

	if (self) {
		run_cleanup(self);
		if (posix_keys_end)
			posix_keys_end(self);
	}
	if (__atomic_sub_fetch(&nthreads, 1, __ATOMIC_ACQ_REL) == 0)
		exit(EXIT_SUCCESS);
	if (self && posix_signals_end)
		posix_signals_end(self);
	if (self && posix_priorities)
		posix_priorities->end(self);
	reent_reclaim();
	thread_current()->posix = NULL;
	if (self) {
		self->result = result;
		/* Who joins may free the stack at once: no other thread runs before this one has
		 * left it. Its end restores the interrupts. */
		if (thread_current()->stack_given)
			cpu_irq_save();
		__atomic_store_n(&self->ended, 1, __ATOMIC_RELEASE);
		futex_wake(&self->ended, FUTEX_ALL);
		posix_thread_put(self);
	}
	thread_exit();
}

static int wait_end(struct __unik_thread *t)
{
	while (!__atomic_load_n(&t->ended, __ATOMIC_ACQUIRE))
		if (futex_wait_interruptible(&t->ended, 0, NS_NEVER) == -EINTR)
			return -EINTR;
	return 0;
}

UNIK_API int pthread_join(pthread_t t, void **result)
{
	if (t == thread_current()->posix)
		return EDEADLK;
	for (;;) {
		if (!__atomic_exchange_n(&t->joinable, 0, __ATOMIC_ACQUIRE))
			return EINVAL;
		if (!wait_end(t))
			break;
		/* Cancelled here, the caller leaves t to be joined by others. */
		__atomic_store_n(&t->joinable, 1, __ATOMIC_RELEASE);
		posix_failed(-EINTR);
	}
	if (result)
		*result = t->result;
	posix_thread_put(t);
	return 0;
}

UNIK_API int pthread_detach(pthread_t t)
{
	if (!__atomic_exchange_n(&t->joinable, 0, __ATOMIC_ACQUIRE))
		return EINVAL;
	posix_thread_put(t);
	return 0;
}

UNIK_API pthread_t pthread_self(void)
{
	return posix_thread_self();
}

UNIK_API int pthread_equal(pthread_t a, pthread_t b)
{
	return a == b;
}

UNIK_API int pthread_setname_np(pthread_t t, const char *name)
{
	if (strlen(name) >= THREAD_NAME_BYTES)
		return ERANGE;
	if (__atomic_load_n(&t->ended, __ATOMIC_ACQUIRE))
		return ESRCH;
	strcpy(t->kernel->name, name);
	return 0;
}

UNIK_API int pthread_getname_np(pthread_t t, char *out, size_t size)
{
	if (__atomic_load_n(&t->ended, __ATOMIC_ACQUIRE))
		return ESRCH;
	if (strlen(t->kernel->name) >= size)
		return ERANGE;
	strcpy(out, t->kernel->name);
	return 0;
}

UNIK_API void _pthread_cleanup_push(struct _pthread_cleanup_context *c, void (*routine)(void *),
				    void *arg)
{
	struct __unik_thread *self = posix_thread_self();

	c->_routine = routine;
	c->_arg = arg;
	c->_previous = self->cleanup;
	self->cleanup = c;
}

UNIK_API void _pthread_cleanup_pop(struct _pthread_cleanup_context *c, int execute)
{
	posix_thread_self()->cleanup = c->_previous;
	if (execute)
		c->_routine(c->_arg);
}
