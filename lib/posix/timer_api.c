// SPDX-License-Identifier: BSD-2-Clause
/*
 * timer_api.c - timer_create() and its like.
 *
 * A timer's number is its place in a table, from 1 on. SIGEV_THREAD: a thread of the timer's own
 * calls the function, for one expiration after the other; those that come meanwhile are overruns.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <time.h>
#include "kernel/heap.h"
#include "lib/libc/futex.h"
#include "lib/libc/result.h"
#include "lib/posix/posix_timer.h"
#include "lib/posix/thread.h"
#include "lib/posix/timespec.h"

struct user_timer {
	struct posix_timer base;
	struct signal_entry entry; /* of its signal; pending once at most */
	int notify;                /* SIGEV_* */
	int sig;
	struct __unik_thread *to; /* NULL: the process */
	/* Of SIGEV_THREAD: */
	void (*function)(union sigval value);
	union sigval value;
	uint32_t calls; /* futex: expirations that the thread was told of */
	bool deleted;   /* the thread frees it */
};

static struct user_timer *table[TIMER_MAX]; /* under signal_lock */

static struct user_timer *of_base(struct posix_timer *t)
{
	return container_of(t, struct user_timer, base);
}

static void taken(struct signal_entry *e, siginfo_t *out)
{
	struct user_timer *t = container_of(e, struct user_timer, entry);

	t->base.overrun_taken = t->base.overrun;
	t->base.overrun = 0;
	if (out)
		out->si_overrun = t->base.overrun_taken;
}

static void expired_signal(struct posix_timer *base)
{
	struct user_timer *t = of_base(base);

	if (list_empty(&t->entry.node))
		signal_post_locked(t->to, t->sig, &t->entry);
	else if (base->overrun < DELAYTIMER_MAX)
		base->overrun++;
}

static void expired_thread(struct posix_timer *base)
{
	struct user_timer *t = of_base(base);

	__atomic_fetch_add(&t->calls, 1, __ATOMIC_RELEASE);
	futex_wake(&t->calls, 1);
}

static void expired_nothing(struct posix_timer *base)
{
	base->overrun = 0;
}

static void *call_function(void *arg)
{
	struct user_timer *t = arg;
	uint32_t done = 0;

	for (;;) {
		uint32_t calls = __atomic_load_n(&t->calls, __ATOMIC_ACQUIRE);

		if (READ_ONCE(t->deleted))
			break;
		if (calls == done) {
			futex_wait(&t->calls, done, NS_NEVER);
			continue;
		}
		t->base.overrun_taken = (int)(calls - done - 1);
		done = calls;
		t->function(t->value);
	}
	kfree(t);
	return NULL;
}

/* The thread takes no signals. */
static int start_thread(struct user_timer *t, const pthread_attr_t *attr)
{
	struct __unik_thread *self = posix_thread_self();
	uint64_t old = signal_set_mask(self, ~0UL);
	pthread_t thread;
	int err = pthread_create(&thread, attr, call_function, t);

	signal_set_mask(self, old);
	if (!err)
		pthread_detach(thread);
	return err ? -EAGAIN : 0;
}

static int fill(struct user_timer *t, clockid_t clock, const struct sigevent *e)
{
	void (*expired)(struct posix_timer *) = expired_signal;

	t->notify = e->sigev_notify;
	t->sig = e->sigev_signo;
	t->value = e->sigev_value;
	switch (t->notify) {
	case SIGEV_NONE:
		expired = expired_nothing;
		break;
	case SIGEV_THREAD:
		expired = expired_thread;
		t->function = e->sigev_notify_function;
		break;
	case SIGEV_THREAD_ID:
		t->to = e->sigev_notify_thread_id;
		if (!t->to)
			return -EINVAL;
		/* fall through */
	case SIGEV_SIGNAL:
		if (!signal_is_valid(t->sig))
			return -EINVAL;
		break;
	default:
		return -EINVAL;
	}
	return posix_timer_init(&t->base, clock, expired);
}

/* A place in the table: its index, or -EAGAIN. */
static int put_in_table(struct user_timer *t)
{
	int i = -EAGAIN;
	irq_state_t irq = spin_lock_irqsave(&signal_lock);

	for (unsigned n = 0; n < TIMER_MAX; n++)
		if (!table[n]) {
			table[n] = t;
			i = (int)n;
			break;
		}
	spin_unlock_irqrestore(&signal_lock, irq);
	return i;
}

static void fill_entry(struct user_timer *t, const struct sigevent *given, int i)
{
	list_init(&t->entry.node);
	t->entry.taken = taken;
	t->entry.info = (siginfo_t){ .si_signo = t->sig, .si_code = SI_TIMER, .si_timerid = i + 1 };
	t->entry.info.si_value = t->value;
	if (!given)
		t->entry.info.si_value.sival_int = i + 1;
}

static int create(clockid_t clock, const struct sigevent *e, timer_t *out)
{
	static const struct sigevent usual = { .sigev_notify = SIGEV_SIGNAL,
					       .sigev_signo = SIGALRM };
	struct user_timer *t;
	int i, err;

	signal_start();
	t = posix_thread_self() ? kzalloc(sizeof(*t)) : NULL;
	if (!t)
		return -EAGAIN;
	err = fill(t, clock, e ? e : &usual);
	if (err)
		goto free_timer;
	i = err = put_in_table(t);
	if (err < 0)
		goto free_timer;
	fill_entry(t, e, i);
	err = t->notify == SIGEV_THREAD ? start_thread(t, e->sigev_notify_attributes) : 0;
	if (err)
		goto free_place;
	if (t->to)
		posix_thread_get(t->to);
	*out = (timer_t)i + 1;
	return 0;

free_place:
	WRITE_ONCE(table[i], NULL);
free_timer:
	kfree(t);
	return err;
}

UNIK_API int timer_create(clockid_t clock, struct sigevent *restrict e, timer_t *restrict out)
{
	return (int)posix_result(create(clock, e, out));
}

/* Under signal_lock. */
static struct user_timer *find(timer_t id)
{
	return id > 0 && id <= TIMER_MAX ? table[id - 1] : NULL;
}

static int delete (timer_t id)
{
	irq_state_t irq = spin_lock_irqsave(&signal_lock);
	struct user_timer *t = find(id);

	if (t) {
		table[id - 1] = NULL;
		posix_timer_stop(&t->base);
		signal_withdraw(&t->entry);
	}
	spin_unlock_irqrestore(&signal_lock, irq);
	if (!t)
		return -EINVAL;
	if (t->to)
		posix_thread_put(t->to);
	if (t->notify != SIGEV_THREAD) {
		kfree(t);
		return 0;
	}
	preempt_disable(); /* for the thread frees it */
	WRITE_ONCE(t->deleted, true);
	expired_thread(&t->base);
	preempt_enable();
	return 0;
}

UNIK_API int timer_delete(timer_t id)
{
	return (int)posix_result(delete (id));
}

static int set(timer_t id, int flags, ns_t due, ns_t interval, struct itimerspec *old)
{
	irq_state_t irq = spin_lock_irqsave(&signal_lock);
	struct user_timer *t = find(id);
	ns_t left, every;

	if (t) {
		left = posix_timer_get(&t->base, &every);
		if (old)
			*old = (struct itimerspec){ timespec_of_ns(every), timespec_of_ns(left) };
		signal_withdraw(&t->entry);
		posix_timer_set(&t->base, flags & TIMER_ABSTIME, due, interval);
	}
	spin_unlock_irqrestore(&signal_lock, irq);
	return t ? 0 : -EINVAL;
}

UNIK_API int timer_settime(timer_t id, int flags, const struct itimerspec *restrict new,
			   struct itimerspec *restrict old)
{
	ns_t due, interval;
	int err = new ? timespec_to_ns(&new->it_value, &due) : -EINVAL;

	if (!err)
		err = timespec_to_ns(&new->it_interval, &interval);
	if (!err)
		err = set(id, flags, due, interval, old);
	return (int)posix_result(err);
}

UNIK_API int timer_gettime(timer_t id, struct itimerspec *out)
{
	irq_state_t irq = spin_lock_irqsave(&signal_lock);
	struct user_timer *t = find(id);
	ns_t left = 0, every = 0;

	if (t)
		left = posix_timer_get(&t->base, &every);
	spin_unlock_irqrestore(&signal_lock, irq);
	if (t)
		*out = (struct itimerspec){ timespec_of_ns(every), timespec_of_ns(left) };
	return (int)posix_result(t ? 0 : -EINVAL);
}

UNIK_API int timer_getoverrun(timer_t id)
{
	irq_state_t irq = spin_lock_irqsave(&signal_lock);
	struct user_timer *t = find(id);
	int n = t ? t->base.overrun_taken : -EINVAL;

	spin_unlock_irqrestore(&signal_lock, irq);
	return (int)posix_result(n);
}
