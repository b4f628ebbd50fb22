// SPDX-License-Identifier: BSD-2-Clause
/*
 * pthread_protocol.c - mutexes with PTHREAD_PRIO_INHERIT and PTHREAD_PRIO_PROTECT.
 *
 * They are handed over to the first of those who wait, in order of priority, so that nobody of a
 * lower one gets in between. The word says "held", for pthread_mutex_destroy().
 */
#include "kernel/sealed.h"
#include "lib/posix/pthread_protocol.h"
#include <errno.h>
#include "lib/libc/result.h"
#include "lib/posix/thread.h"

/* Stands for who has ended with a mutex. */
static struct __unik_thread nobody;
static struct thread nobody_kernel = { .state = THREAD_DEAD, .posix = &nobody };

unsigned protocol_priority(const struct posix_mutex *m)
{
	if (m->protocol == PTHREAD_PRIO_PROTECT)
		return m->ceiling;
	return m->waiters ? m->waiters->thread->kernel->priority : 0;
}

/* Behind those of at least its priority. */
static void add_waiter(struct protocol_waiter *w)
{
	struct protocol_waiter **at = &w->mutex->waiters;

	while (*at && (*at)->thread->kernel->priority >= w->thread->kernel->priority)
		at = &(*at)->next;
	w->next = *at;
	*at = w;
}

static void remove_waiter(struct protocol_waiter *w)
{
	struct protocol_waiter **at = &w->mutex->waiters;

	while (*at != w)
		at = &(*at)->next;
	*at = w->next;
}

struct __unik_thread *protocol_requeue(struct protocol_waiter *w)
{
	remove_waiter(w);
	add_waiter(w);
	return w->mutex->owner->posix;
}

static void take(struct posix_mutex *m, struct __unik_thread *t)
{
	WRITE_ONCE(m->word, 1);
	WRITE_ONCE(m->owner, t->kernel);
	m->depth = 1;
	m->next_held = t->schedule.held;
	t->schedule.held = m;
}

static void forget(struct posix_mutex *m, struct __unik_thread *t)
{
	struct posix_mutex **at = &t->schedule.held;

	while (*at != m)
		at = &(*at)->next_held;
	*at = m->next_held;
}

void protocol_abandon(struct __unik_thread *self)
{
	nobody.kernel = &nobody_kernel;
	for (struct posix_mutex *m; (m = self->schedule.held) != NULL;) {
		forget(m, self);
		take(m, &nobody);
	}
}

/* --- locking ------------------------------------------------------------------------------ */

/* Without waiting, under priority_lock: EBUSY where the mutex is another's, or the caller's own. */
static int try(struct posix_mutex *m, struct __unik_thread *self, bool check_ceiling)
{
	if (m->owner == self->kernel && (m->type & ~MUTEX_PROTOCOL) == PTHREAD_MUTEX_RECURSIVE) {
		if (m->depth == UINT32_MAX)
			return EAGAIN;
		m->depth++;
		return 0;
	}
	if (check_ceiling && m->protocol == PTHREAD_PRIO_PROTECT && m->owner != self->kernel &&
	    self->schedule.priority > m->ceiling)
		return EINVAL;
	if (m->owner)
		return EBUSY;
	take(m, self);
	priority_refresh(self);
	return 0;
}

/* A wait that signals interrupt and do not end; see boundary_futex_wait(). */
static int wait_once(ns_t deadline)
{
	int err = thread_park_interruptible(deadline);

	if (err != -EINTR)
		return err;
	if (posix_event)
		posix_event(0);
	return thread_interrupted() ? thread_park(deadline) : 0;
}

/* Until w is granted; ETIMEDOUT. */
static int wait_granted(struct protocol_waiter *w, ns_t deadline)
{
	irq_state_t irq;
	int err = 0;

	while (!READ_ONCE(w->granted) && err != -ETIMEDOUT)
		err = wait_once(deadline);
	irq = spin_lock_irqsave(&priority_lock);
	if (!w->granted) {
		remove_waiter(w);
		w->thread->schedule.waiting = NULL;
		priority_refresh(w->mutex->owner->posix);
	}
	spin_unlock_irqrestore(&priority_lock, irq);
	return w->granted ? 0 : ETIMEDOUT;
}

static int lock_or_wait(struct posix_mutex *m, ns_t deadline, bool check_ceiling)
{
	struct protocol_waiter w = { .mutex = m, .thread = posix_thread_self() };
	irq_state_t irq;
	int err;

	if (!w.thread)
		return EAGAIN;
	irq = spin_lock_irqsave(&priority_lock);
	err = try(m, w.thread, check_ceiling);
	if (err == EBUSY && m->owner == w.thread->kernel &&
	    (m->type & ~MUTEX_PROTOCOL) == PTHREAD_MUTEX_ERRORCHECK)
		err = EDEADLK;
	if (err == EBUSY) {
		w.thread->schedule.waiting = &w;
		add_waiter(&w);
		priority_refresh(m->owner->posix);
	}
	spin_unlock_irqrestore(&priority_lock, irq);
	return err == EBUSY ? wait_granted(&w, deadline) : err;
}

static int lock(struct posix_mutex *m, ns_t deadline)
{
	return lock_or_wait(m, deadline, true);
}

static int trylock(struct posix_mutex *m)
{
	struct __unik_thread *self = posix_thread_self();
	irq_state_t irq;
	int err;

	if (!self)
		return EAGAIN;
	irq = spin_lock_irqsave(&priority_lock);
	err = try(m, self, true);
	spin_unlock_irqrestore(&priority_lock, irq);
	return err;
}

/* The owner gives m to the next in line. */
static void hand_over(struct posix_mutex *m, struct __unik_thread *self)
{
	struct protocol_waiter *w = m->waiters;

	forget(m, self);
	WRITE_ONCE(m->owner, NULL);
	if (w) {
		m->waiters = w->next;
		w->thread->schedule.waiting = NULL;
		take(m, w->thread);
		priority_refresh(w->thread);
		WRITE_ONCE(w->granted, true);
		thread_unpark(w->thread->kernel);
	} else {
		WRITE_ONCE(m->word, 0);
	}
	priority_refresh(self);
}

static int unlock(struct posix_mutex *m)
{
	struct __unik_thread *self = thread_current()->posix;
	irq_state_t irq;
	int err = 0;

	preempt_disable();
	irq = spin_lock_irqsave(&priority_lock);
	if (m->owner != thread_current())
		err = EPERM;
	else if (--m->depth == 0)
		hand_over(m, self);
	spin_unlock_irqrestore(&priority_lock, irq);
	preempt_enable();
	return err;
}

/* --- the program's side ------------------------------------------------------------------- */

static struct mutex_attr *of(const pthread_mutexattr_t *a)
{
	return (struct mutex_attr *)a;
}

UNIK_API int pthread_mutexattr_setprotocol(pthread_mutexattr_t *a, int protocol)
{
	static const struct mutex_protocol protocols = { lock, trylock, unlock };

	if (protocol < PTHREAD_PRIO_NONE || protocol > PTHREAD_PRIO_PROTECT)
		return EINVAL;
	of(a)->protocol = (uint8_t)protocol;
	of(a)->type &= (uint8_t)~MUTEX_PROTOCOL;
	of(a)->ceiling = MAX(of(a)->ceiling, 1);
	if (protocol != PTHREAD_PRIO_NONE) {
		of(a)->type |= MUTEX_PROTOCOL;
		priority_start();
		sealed_set(&posix_mutex_protocol, &protocols);
	}
	return 0;
}

UNIK_API int pthread_mutexattr_getprotocol(const pthread_mutexattr_t *a, int *protocol)
{
	*protocol = of(a)->protocol;
	return 0;
}

static bool is_ceiling(int ceiling)
{
	return ceiling > 0 && ceiling <= THREAD_PRIORITY_MAX;
}

UNIK_API int pthread_mutexattr_setprioceiling(pthread_mutexattr_t *a, int ceiling)
{
	if (!is_ceiling(ceiling))
		return EINVAL;
	of(a)->ceiling = (uint8_t)ceiling;
	return 0;
}

UNIK_API int pthread_mutexattr_getprioceiling(const pthread_mutexattr_t *a, int *ceiling)
{
	*ceiling = MAX(of(a)->ceiling, 1);
	return 0;
}

UNIK_API int pthread_mutex_setprioceiling(pthread_mutex_t *mutex, int ceiling, int *old)
{
	struct posix_mutex *m = (struct posix_mutex *)mutex;
	int err;

	if (m->protocol != PTHREAD_PRIO_PROTECT || !is_ceiling(ceiling))
		return EINVAL;
	if (m->owner == thread_current() && (m->type & ~MUTEX_PROTOCOL) != PTHREAD_MUTEX_RECURSIVE)
		return EDEADLK;
	err = lock_or_wait(m, NS_NEVER, false);
	if (err)
		return err;
	if (old)
		*old = m->ceiling;
	m->ceiling = (uint8_t)ceiling;
	return unlock(m);
}

UNIK_API int pthread_mutex_getprioceiling(const pthread_mutex_t *mutex, int *ceiling)
{
	const struct posix_mutex *m = (const struct posix_mutex *)mutex;

	if (m->protocol != PTHREAD_PRIO_PROTECT)
		return EINVAL;
	*ceiling = m->ceiling;
	return 0;
}
