// SPDX-License-Identifier: BSD-2-Clause
/*
 * timer.c - a heap of timers for each CPU, and the hardware set for the first of them.
 *
 * Cancelling the first timer leaves the hardware alone: one interrupt for nothing costs less than
 * setting it each time that a timeout did not happen. Callbacks run with no lock held.
 *
 * The hardware of a CPU and `set_for` belong to that CPU and are used with interrupts off; the
 * heap is also taken from by other CPUs, under the lock.
 */
#include "kernel/timer.h"
#include "arch/clock.h"
#include "kernel/spinlock.h"

struct timer_queue {
	struct spinlock lock;
	struct pheap heap; /* under lock */
	bool ready;        /* the hardware is initialised */
	ns_t set_for;      /* the hardware fires at or before this; 0: it is about to be set */
};

static struct timer_queue boot_queue = { .set_for = NS_NEVER };

static struct timer_queue *this_queue(void)
{
	return &boot_queue;
}

/* Let the hardware fire at `deadline` if it would not earlier. The time is asked for first: the
 * very first answer starts the clock, which wants the timer itself. */
static void set_hardware(struct timer_queue *q, ns_t deadline)
{
	ns_t now;

	if (deadline >= q->set_for)
		return;
	now = time_now();
	if (deadline >= q->set_for)
		return;
	if (!q->ready) {
		q->ready = true;
		arch_timer_init();
	}
	q->set_for = deadline;
	arch_timer_set(deadline - now);
}

void timer_init(struct timer *t, void (*fire)(struct timer *t))
{
	t->node.link = NULL;
	t->fire = fire;
	t->queue = NULL;
}

bool timer_cancel(struct timer *t)
{
	struct timer_queue *q = t->queue;
	irq_state_t s;
	bool armed;

	if (!pheap_queued(&t->node))
		return false;
	s = spin_lock_irqsave(&q->lock);
	armed = pheap_queued(&t->node);
	if (armed)
		pheap_remove(&q->heap, &t->node);
	spin_unlock_irqrestore(&q->lock, s);
	return armed;
}

void timer_arm(struct timer *t, ns_t deadline)
{
	unsigned long irqs = cpu_irq_save();
	struct timer_queue *q = this_queue();
	irq_state_t s;

	timer_cancel(t);
	s = spin_lock_irqsave(&q->lock);
	t->queue = q;
	t->node.key = (uint64_t)MAX(deadline, (ns_t)1);
	pheap_insert(&q->heap, &t->node);
	spin_unlock_irqrestore(&q->lock, s);
	set_hardware(q, (ns_t)t->node.key);
	cpu_irq_restore(irqs);
}

/* The first timer that is due at `now`, taken off; else NULL and when to look again. */
static struct timer *take_due(struct timer_queue *q, ns_t now, ns_t *next)
{
	irq_state_t s = spin_lock_irqsave(&q->lock);
	struct pheap_node *top = q->heap.top;
	bool due = top && top->key <= (uint64_t)now;

	*next = top ? (ns_t)top->key : NS_NEVER;
	if (due)
		pheap_remove(&q->heap, top);
	spin_unlock_irqrestore(&q->lock, s);
	return due ? container_of(top, struct timer, node) : NULL;
}

void timer_interrupt(void)
{
	struct timer_queue *q = this_queue();
	ns_t now = time_now(), next;
	struct timer *t;

	q->set_for = 0; /* callbacks arm timers: the hardware is set once, at the end */
	if (now >= time_service_deadline())
		time_service();
	while ((t = take_due(q, now, &next)))
		t->fire(t);
	q->set_for = NS_NEVER;
	set_hardware(q, MIN(next, time_service_deadline()));
}

void timer_refresh(void)
{
	unsigned long irqs = cpu_irq_save();

	set_hardware(this_queue(), time_service_deadline());
	cpu_irq_restore(irqs);
}
