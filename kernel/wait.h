// SPDX-License-Identifier: BSD-2-Clause
/*
 * wait.h - the one way to wait.
 *
 * Everything that can become ready owns a wait queue. A waiter registers (on as many queues as
 * it likes), checks its condition, and parks; whoever makes the condition true wakes the queue.
 * A waiter is either a thread or a callback, so that poll, epoll and condition variables all
 * use the same queue.
 *
 * Threading: wake from any context, interrupts included, also with the owner's lock held; wait
 * from threads. Lock order: a queue's lock is inside of any lock of its owner.
 */
#pragma once
#include "kernel/spinlock.h"
#include "kernel/thread.h"
#include "lib/base/list.h"

struct wait_queue {
	struct spinlock lock;
	struct list waiters; /* under lock */
};

struct waiter {
	struct list node;
	struct wait_queue *queue;
	struct thread *thread;
	/* Instead of unparking thread; any context, under q->lock. May take w off the queue by
	 * list_remove(&w->node). */
	void (*wake)(struct waiter *w);
	bool exclusive; /* wait_queue_wake_one() stops after this one */
	void *arg;      /* for wake() */
};

#define WAIT_QUEUE_INIT(name)                            \
	{                                                \
		SPINLOCK_INIT, LIST_INIT((name).waiters) \
	}

static inline void wait_queue_init(struct wait_queue *q)
{
	q->lock = (struct spinlock)SPINLOCK_INIT;
	list_init(&q->waiters);
}

/* wait_add() - register w, prepared by the caller or by wait_add_self(), on q.
 * wait_add_self() - register the calling thread. wait_remove() - undo; harmless when not on q. */
void wait_add(struct wait_queue *q, struct waiter *w);
void wait_add_self(struct wait_queue *q, struct waiter *w);
void wait_remove(struct waiter *w);

/* wait_try_remove() - the same for who holds a lock that wakers take inside the queue's: false when
 * the queue is locked; let the wakers go first and try again. Interrupts are off. */
bool wait_try_remove(struct waiter *w);

/* wait_queue_wake_all(), _one() - all waiters; or the callbacks and non-exclusive waiters and one
 * exclusive one. Waiters stay registered. Cheap when nobody waits. */
void wait_queue_wake(struct wait_queue *q, bool all);
static inline void wait_queue_wake_all(struct wait_queue *q)
{
	if (!list_empty(&q->waiters))
		wait_queue_wake(q, true);
}
static inline void wait_queue_wake_one(struct wait_queue *q)
{
	if (!list_empty(&q->waiters))
		wait_queue_wake(q, false);
}

/*
 * wait_event_until() - park until cond is true or the deadline has passed.
 * wait_event_interruptible_until() - the same, or until thread_interrupted(): -EINTR.
 *
 * Evaluate to 0, -ETIMEDOUT or -EINTR (then cond was false when last looked at). cond is evaluated
 * in the caller's thread, several times, with no lock held.
 *
 * What a program called and may wait for long is interruptible; the wrapper that sets errno has the
 * signal delivered (posix_call() in lib/libc/result.h). Whatever is waited for with a mutex held,
 * or must not be left half done, is not.
 */
#define wait_event_until(q, cond, deadline) wait_event_by(thread_park, q, cond, deadline)
#define wait_event_interruptible_until(q, cond, deadline) \
	wait_event_by(thread_park_interruptible, q, cond, deadline)
#define wait_event_by(park, q, cond, deadline)                              \
	({                                                                  \
		int wait_ret_ = 0;                                          \
		if (!(cond)) {                                              \
			struct waiter wait_w_;                              \
			wait_add_self((q), &wait_w_);                       \
			while (!(cond)) {                                   \
				wait_ret_ = park(deadline);                 \
				if (wait_ret_) {                            \
					wait_ret_ = (cond) ? 0 : wait_ret_; \
					break;                              \
				}                                           \
			}                                                   \
			wait_remove(&wait_w_);                              \
		}                                                           \
		wait_ret_;                                                  \
	})
#define wait_event(q, cond)               ((void)wait_event_until(q, cond, NS_NEVER))
#define wait_event_interruptible(q, cond) wait_event_interruptible_until(q, cond, NS_NEVER)
