// SPDX-License-Identifier: BSD-2-Clause
#include "lib/libc/futex.h"
#include <errno.h>
#include "kernel/thread.h"

#define BUCKETS 16 /* power of two; waiters on different words seldom share one */

struct sleeper {
	struct list node; /* under the bucket's lock; on no list once woken */
	uint32_t *word;
	struct thread *thread;
};

static struct bucket {
	struct spinlock lock;
	struct list sleepers; /* by priority, among equals by arrival; all zero until used */
} bucket[BUCKETS];

static struct bucket *bucket_of(const uint32_t *word)
{
	/* Fibonacci hashing: neighbouring objects go to different buckets. */
	return &bucket[((uintptr_t)word / sizeof(*word) * 0x9e3779b97f4a7c15ULL) >> 60];
}
_Static_assert(BUCKETS == 1 << (64 - 60), "the shift picks one of BUCKETS");

/* The place for s, of a thread with a priority. */
static UNIK_COLD struct list *place_of(struct bucket *b, const struct sleeper *s)
{
	struct list *at = b->sleepers.next;

	while (at != &b->sleepers &&
	       list_entry(at, struct sleeper, node)->thread->priority >= s->thread->priority)
		at = at->next;
	return at;
}

/* Queue s unless the word has changed. The comparison is made under the lock that a waker takes
 * after it has changed the word, so no wake-up falls between comparison and queueing. */
static bool enqueue(struct bucket *b, struct sleeper *s, uint32_t expected)
{
	irq_state_t irq = spin_lock_irqsave(&b->lock);
	bool same = __atomic_load_n(s->word, __ATOMIC_SEQ_CST) == expected;

	if (same) {
		if (b->sleepers.next == NULL)
			list_init(&b->sleepers);
		list_push_back(unlikely(s->thread->priority) ? place_of(b, s) : &b->sleepers,
			       &s->node);
	}
	spin_unlock_irqrestore(&b->lock, irq);
	return same;
}

static int sleep_on(uint32_t *word, uint32_t expected, ns_t deadline, int (*park)(ns_t deadline))
{
	struct bucket *b = bucket_of(word);
	struct sleeper s = { .word = word, .thread = thread_current() };
	int err;

	if (!enqueue(b, &s, expected))
		return -EAGAIN;
	do
		err = park(deadline);
	while (err == 0 && !list_empty(&s.node));

	/* s is on this stack: with the lock held once, no waker is looking at it any more. */
	irq_state_t irq = spin_lock_irqsave(&b->lock);

	if (list_empty(&s.node))
		err = 0;
	list_remove(&s.node);
	spin_unlock_irqrestore(&b->lock, irq);
	return err;
}

int futex_wait(uint32_t *word, uint32_t expected, ns_t deadline)
{
	return sleep_on(word, expected, deadline, thread_park);
}

int futex_wait_interruptible(uint32_t *word, uint32_t expected, ns_t deadline)
{
	return sleep_on(word, expected, deadline, thread_park_interruptible);
}

void futex_wake(uint32_t *word, unsigned n)
{
	struct bucket *b = bucket_of(word);
	irq_state_t irq = spin_lock_irqsave(&b->lock);

	if (b->sleepers.next != NULL) {
		list_for_each_safe (node, &b->sleepers) {
			struct sleeper *s = list_entry(node, struct sleeper, node);

			if (s->word != word)
				continue;
			if (n-- == 0)
				break;
			list_remove(node);
			thread_unpark(s->thread);
		}
	}
	spin_unlock_irqrestore(&b->lock, irq);
}
