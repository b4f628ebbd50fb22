// SPDX-License-Identifier: BSD-2-Clause
#include "kernel/wait.h"

static void unpark(struct waiter *w)
{
	thread_unpark(w->thread);
}

void wait_add(struct wait_queue *q, struct waiter *w)
{
	irq_state_t s = spin_lock_irqsave(&q->lock);

	w->queue = q;
	list_push_back(&q->waiters, &w->node);
	spin_unlock_irqrestore(&q->lock, s);
}

void wait_add_self(struct wait_queue *q, struct waiter *w)
{
	w->thread = thread_current();
	w->wake = unpark;
	w->exclusive = false;
	wait_add(q, w);
}

void wait_remove(struct waiter *w)
{
	irq_state_t s = spin_lock_irqsave(&w->queue->lock);

	list_remove(&w->node);
	spin_unlock_irqrestore(&w->queue->lock, s);
}

bool wait_try_remove(struct waiter *w)
{
	if (!spin_trylock(&w->queue->lock))
		return false;
	list_remove(&w->node);
	spin_unlock(&w->queue->lock);
	return true;
}

void wait_queue_wake(struct wait_queue *q, bool all)
{
	irq_state_t s = spin_lock_irqsave(&q->lock);

	list_for_each_safe (it, &q->waiters) {
		struct waiter *w = list_entry(it, struct waiter, node);
		bool last = w->exclusive && !all;

		if (last) {
			/* The next wake-up is for the next in line. */
			list_remove(&w->node);
			list_push_back(&q->waiters, &w->node);
		}
		w->wake(w); /* which may have taken itself off */
		if (last)
			break;
	}
	spin_unlock_irqrestore(&q->lock, s);
}
