// SPDX-License-Identifier: BSD-2-Clause
#include "lib/posix/priority.h"
#include <errno.h>
#include <sched.h>
#include "kernel/sched.h"
#include "kernel/sealed.h"
#include "lib/posix/pthread_protocol.h"
#include "lib/posix/thread.h"

struct spinlock priority_lock;

int priority_check(int policy, int priority)
{
	switch (policy) {
	case SCHED_OTHER:
		return priority == 0 ? 0 : EINVAL;
	case SCHED_FIFO:
	case SCHED_RR:
		return priority > 0 && priority <= THREAD_PRIORITY_MAX ? 0 : EINVAL;
	default:
		return EINVAL;
	}
}

/* With what t should run. */
static unsigned effective(const struct __unik_thread *t)
{
	unsigned priority = t->schedule.priority;

	for (const struct posix_mutex *m = t->schedule.held; m; m = m->next_held)
		priority = MAX(priority, protocol_priority(m));
	return priority;
}

/* A thread that was raised keeps its turn: it is to be out of the way soon. */
static void apply(struct __unik_thread *t, unsigned priority)
{
	thread_set_priority(t->kernel, priority,
			    t->schedule.policy == SCHED_FIFO || priority > t->schedule.priority);
}

void priority_refresh(struct __unik_thread *t)
{
	unsigned priority = effective(t);

	/* Up the chain of those who wait for each other; where it is a ring, until all are equal.
	 */
	while (priority != t->kernel->priority) {
		apply(t, priority);
		if (!t->schedule.waiting)
			return;
		t = protocol_requeue(t->schedule.waiting);
		priority = effective(t);
	}
}

void priority_set(struct __unik_thread *t, int policy, int priority)
{
	irq_state_t irq;

	priority_start();
	preempt_disable();
	irq = spin_lock_irqsave(&priority_lock);
	if (!READ_ONCE(t->ended)) {
		t->schedule.policy = (uint8_t)policy;
		t->schedule.priority = (uint8_t)priority;
		apply(t, effective(t)); /* also when it is the same: t is the last of its equals */
		if (t->schedule.waiting)
			priority_refresh(protocol_requeue(t->schedule.waiting));
	}
	spin_unlock_irqrestore(&priority_lock, irq);
	preempt_enable();
}

/* The new thread must not run before it has its schedule, and then at once where it is to go first:
 * meanwhile the caller goes before all. */
static int make_scheduled(struct __unik_thread *t, const struct thread_attr *attr,
			  int (*make)(struct __unik_thread *t, const struct thread_attr *attr))
{
	struct __unik_thread *self = posix_thread_self();
	int err = attr->explicit_sched ? priority_check(attr->policy, attr->priority) : 0;
	irq_state_t irq;

	if (err || !self)
		return err ? err : EAGAIN;
	if (attr->explicit_sched) {
		t->schedule.policy = attr->policy;
		t->schedule.priority = attr->priority;
	} else {
		t->schedule.policy = self->schedule.policy;
		t->schedule.priority = self->schedule.priority;
	}
	thread_set_priority(self->kernel, THREAD_PRIORITY_HIGH, true);
	posix_thread_get(t);
	err = make(t, attr);
	preempt_disable();
	irq = spin_lock_irqsave(&priority_lock);
	if (!err && !READ_ONCE(t->ended))
		apply(t, t->schedule.priority);
	apply(self, effective(self));
	spin_unlock_irqrestore(&priority_lock, irq);
	preempt_enable();
	if (!err)
		posix_thread_put(t);
	return err;
}

static void end(struct __unik_thread *self)
{
	irq_state_t irq = spin_lock_irqsave(&priority_lock);

	protocol_abandon(self);
	spin_unlock_irqrestore(&priority_lock, irq);
}

void priority_start(void)
{
	static const struct priority_hooks hooks = { make_scheduled, end };

	posix_thread_self(); /* the main thread is known before there are others */
	sealed_set(&posix_priorities, &hooks);
}
