// SPDX-License-Identifier: BSD-2-Clause
/*
 * sched.c - who runs: run queues, parking, preemption, idling.
 *
 * A thread that leaves the CPU calls leave_cpu() with the run queue locked; it returns, locked,
 * when the thread runs again. With nobody ready it idles right there, on the stack of the
 * thread that wanted to sleep.
 */
#include "kernel/sched.h"
#include <errno.h>
#include "arch/clock.h"
#include "drivers/clock.h"
#include "kernel/idle.h"
#include "kernel/panic.h"
#include "kernel/sealed.h"
#include "kernel/thread_free.h"

static struct run_queue boot_queue;

/* clock_stolen() once processor time is counted: from when somebody first asks for it. */
static ns_t (*SEALED stolen)(void);

static struct run_queue *this_queue(void)
{
	return cpu_self()->run_queue;
}

static void start_slice(struct run_queue *q)
{
	timer_arm(&q->slice, time_deadline(THREAD_SLICE_NS));
}

/*
 * The slice timer runs on while threads come and go, for setting it costs more than a switch. It
 * takes the CPU only from a thread that it meets twice in one turn: after one slice to two. With
 * nobody ready it is not set again.
 */
static void slice_over(struct timer *t)
{
	struct run_queue *q = container_of(t, struct run_queue, slice);

	if (!q->nready)
		return;
	if (++thread_current()->slices >= THREAD_TURN_SLICES)
		cpu_preempt_request();
	start_slice(q);
}

void sched_init_cpu(struct cpu *c)
{
	struct run_queue *q = &boot_queue;

	list_init(&q->ready);
	q->slice.fire = slice_over;
	c->run_queue = q;
}

/* Before all whose priority is less than `key`: t's own puts it behind its equals, one more before
 * them. The common one, 0, goes last without a look at the others. */
static void enqueue(struct run_queue *q, struct thread *t, unsigned key)
{
	struct list *at = &q->ready;

	if (key)
		do
			at = at->next;
		while (at != &q->ready && list_entry(at, struct thread, run_node)->priority >= key);
	t->state = THREAD_READY;
	list_push_back(at, &t->run_node);
	q->nready++;
}

static __attribute__((noinline)) struct thread *dequeue(struct run_queue *q)
{
	struct thread *t = list_entry(q->ready.next, struct thread, run_node);

	list_remove(&t->run_node);
	q->nready--;
	return t;
}

/* Release the queue after a switch. Whoever runs after an exit frees what the departed thread
 * stood on. */
static void unlock_queue(struct run_queue *q, irq_state_t s)
{
	struct thread *t = q->departed;

	q->departed = NULL;
	spin_unlock_irqrestore(&q->lock, s);
	if (unlikely(t))
		thread_free(t);
}

/* Look at the devices once. Afterwards `irq_seen` says whether there is reason to do it again.
 * While `idling`, an interrupt need not wake anybody to have its work done. */
static void poll_devices(struct cpu *c)
{
	WRITE_ONCE(c->irq_seen, false);
	if (idle_poll())
		WRITE_ONCE(c->irq_seen, true);
}

/* Nobody is ready: halt, or poll when an interrupt or the last look says that there is work. The
 * queue is locked on entry and on return, when somebody is ready. Preemption is off: a poller may
 * hold locks. */
static void idle(struct run_queue *q)
{
	struct cpu *c = cpu_self();

	cpu_preempt_disable();
	c->idling = true;
	while (!q->nready) {
		if (READ_ONCE(c->irq_seen)) {
			spin_unlock_irqrestore(&q->lock, CPU_IRQ_ON);
			poll_devices(c);
		} else {
			spin_unlock_irqrestore(&q->lock, CPU_IRQ_OFF);
			cpu_halt();
		}
		spin_lock_irqsave(&q->lock);
	}
	c->idling = false;
	cpu_preempt_enable_test();
}

/* The clock of processor time: it stands still while the hypervisor runs others. */
static UNIK_COLD ns_t own_time(void)
{
	ns_t now = time_now();

	return now - stolen();
}

/* The time since the last call was self's. Under the lock. What is stolen between the two looks of
 * own_time() makes that one too early; the next is right again. */
static UNIK_COLD void account(struct run_queue *q, struct thread *self)
{
	ns_t span = own_time() - q->since_ns;

	if (span < 0)
		return;
	self->cpu_time_ns += span;
	q->busy_ns += span;
	q->since_ns += span;
}

ns_t thread_cpu_time(struct thread *t)
{
	struct run_queue *q = this_queue();
	irq_state_t s;
	ns_t used;

	(void)time_now(); /* the very first answer starts the clock, which takes locks */
	s = spin_lock_irqsave(&q->lock);
	if (!stolen) {
		sealed_set(&stolen, clock_stolen);
		q->busy_ns = q->since_ns = own_time();
	}
	/* In an interrupt while nobody runs, there is nobody to account to. */
	if (thread_current()->state == THREAD_RUNNING)
		account(q, thread_current());
	used = t ? t->cpu_time_ns : q->busy_ns;
	spin_unlock_irqrestore(&q->lock, s);
	return used;
}

static void leave_cpu(struct run_queue *q)
{
	struct thread *self = thread_current(), *next;

	if (unlikely(stolen))
		account(q, self);
	if (!q->nready) {
		idle(q);
		if (unlikely(stolen))
			q->since_ns = own_time();
	}
	next = dequeue(q);
	next->state = THREAD_RUNNING;
	cpu_preempt_request_clear();
	if (next == self)
		return;
	if (self->state == THREAD_DEAD)
		q->departed = self;
	if (q->nready && !timer_armed(&q->slice))
		start_slice(q);
	cpu_set_current(next);
	context_switch(&self->context, &next->context);
}

UNIK_NORETURN void thread_start(void (*entry)(void *), void *arg)
{
	struct run_queue *q = this_queue();

	unlock_queue(q, CPU_IRQ_ON);
	entry(arg);
	thread_exit();
}

UNIK_NORETURN void sched_start(void)
{
	struct run_queue *q = this_queue();
	struct context boot;
	struct thread *first;

	spin_lock_irqsave(&q->lock);
	first = dequeue(q);
	first->state = THREAD_RUNNING;
	cpu_set_current(first);
	context_switch(&boot, &first->context);
	__builtin_unreachable();
}

void sched_preempt(void)
{
	struct run_queue *q = this_queue();

	struct thread *self = thread_current();
	unsigned key = self->priority + 1;

	spin_lock_irqsave(&q->lock);
	if (self->slices >= THREAD_TURN_SLICES && !self->keeps_turn) {
		self->slices = 0;
		key--;
	}
	enqueue(q, self, key);
	leave_cpu(q);
	unlock_queue(q, CPU_IRQ_OFF);
}

void preempt_enable(void)
{
	irq_state_t s;

	if (likely(!cpu_preempt_enable_test()))
		return;
	/* With interrupts off the switch waits for the next interrupt's exit. */
	s = cpu_irq_save();
	if (s != CPU_IRQ_OFF && cpu_preempt_wanted())
		sched_preempt();
	cpu_irq_restore(s);
}

void thread_yield(void)
{
	struct run_queue *q = this_queue();
	irq_state_t s;

	if (!READ_ONCE(q->nready))
		return;
	s = spin_lock_irqsave(&q->lock);
	enqueue(q, thread_current(), thread_current()->priority);
	leave_cpu(q);
	unlock_queue(q, s);
}

/* kick(), set with the first priority between 0 and THREAD_PRIORITY_HIGH: images without such
 * threads do not have it. */
static void (*SEALED kick_cpu)(void);

/* Give the CPU to t, of a higher priority. Interrupt work is woken in interrupts, on whose way out
 * that is done; the threads of programs also elsewhere. */
static void preempt_for(const struct thread *t)
{
	cpu_preempt_request();
	if (t->priority != THREAD_PRIORITY_HIGH)
		kick_cpu();
}

/* Another thread may run: see to it that whoever runs now gives way in time. */
static void make_ready(struct run_queue *q, struct thread *t)
{
	enqueue(q, t, t->priority);
	if (t->priority > thread_current()->priority)
		preempt_for(t);
	else if (!timer_armed(&q->slice) && !cpu_self()->idling)
		start_slice(q);
}

void thread_unpark(struct thread *t)
{
	struct run_queue *q = this_queue();
	irq_state_t s = spin_lock_irqsave(&q->lock);

	t->token = true;
	if (t->state == THREAD_PARKED)
		make_ready(q, t);
	spin_unlock_irqrestore(&q->lock, s);
}

/*
 * A thread that is woken leaves its timer armed: most waits end before their time, and the next
 * one is likely to have a later deadline. So the timer may fire for a wait that is over, or early
 * for the present one.
 */
static void park_timeout(struct timer *timer)
{
	struct thread *t = container_of(timer, struct thread, park_timer);
	struct run_queue *q = this_queue();
	irq_state_t s = spin_lock_irqsave(&q->lock);
	ns_t deadline = t->park_deadline;
	bool over = deadline <= (ns_t)timer->node.key;

	if (over) {
		t->timed_out = true;
		if (t->state == THREAD_PARKED)
			make_ready(q, t);
	}
	spin_unlock_irqrestore(&q->lock, s);
	if (!over && deadline != NS_NEVER)
		timer_arm(timer, deadline);
}

/* Have the timer fire at `deadline`, or before it. */
static void arm_park_timer(struct thread *self, ns_t deadline)
{
	struct timer *t = &self->park_timer;

	WRITE_ONCE(self->timed_out, false);
	WRITE_ONCE(self->park_deadline, deadline);
	if (deadline != NS_NEVER && (!timer_armed(t) || (ns_t)t->node.key > deadline)) {
		t->fire = park_timeout;
		timer_arm(t, deadline);
	}
}

/* Whoever is about to sleep polls the devices first, and perhaps need not sleep. */
static void poll_before_sleep(struct thread *self)
{
	if (READ_ONCE(this_queue()->nready) || READ_ONCE(self->token))
		return;
	cpu_preempt_disable();
	cpu_self()->idling = true;
	poll_devices(cpu_self());
	cpu_self()->idling = false;
	preempt_enable();
}

int thread_park(ns_t deadline)
{
	struct thread *self = thread_current();
	struct run_queue *q = this_queue();
	irq_state_t s;
	bool woken;

	ASSERT(cpu_preempt_depth() == 0);
	poll_before_sleep(self);
	if (!READ_ONCE(self->token))
		arm_park_timer(self, deadline);
	s = spin_lock_irqsave(&q->lock);
	while (!self->token && !self->timed_out) {
		self->state = THREAD_PARKED;
		leave_cpu(q);
	}
	woken = self->token;
	self->token = false;
	self->park_deadline = NS_NEVER;
	unlock_queue(q, s);
	return woken ? 0 : -ETIMEDOUT;
}

int thread_park_interruptible(ns_t deadline)
{
	return thread_interrupted() ? -EINTR : thread_park(deadline);
}

void thread_interrupt(struct thread *t)
{
	irq_state_t s = cpu_irq_save();

	WRITE_ONCE(t->interrupt, true);
	thread_unpark(t);
	if (t == thread_current())
		cpu_preempt_request();
	cpu_irq_restore(s);
}

void thread_sleep(ns_t deadline)
{
	while (time_now() < deadline)
		thread_park(deadline);
}

int thread_sleep_interruptible(ns_t deadline)
{
	int err = 0;

	while (err != -EINTR && time_now() < deadline)
		err = thread_park_interruptible(deadline);
	return err == -EINTR ? err : 0;
}

static void kicked(struct timer *t)
{
}

/* Have an interrupt as soon as they are on again: on its way out there is a switch. Where
 * preemption is off, its end does that. */
static void kick(void)
{
	static struct timer at_once;

	at_once.fire = kicked;
	if (cpu_preempt_depth() == 0)
		timer_arm(&at_once, 0);
}

void thread_set_priority(struct thread *t, unsigned priority, bool keeps_turn)
{
	struct run_queue *q = this_queue();
	irq_state_t s;
	bool lower;

	preempt_disable();
	s = spin_lock_irqsave(&q->lock);
	sealed_set(&kick_cpu, kick);
	lower = priority < t->priority;
	t->priority = (uint8_t)priority;
	t->keeps_turn = keeps_turn;
	if (t->state == THREAD_READY) {
		list_remove(&t->run_node);
		q->nready--;
		enqueue(q, t, priority + lower);
	}
	if (q->nready && list_entry(q->ready.next, struct thread, run_node)->priority >
				 thread_current()->priority)
		cpu_preempt_request();
	spin_unlock_irqrestore(&q->lock, s);
	preempt_enable();
}

UNIK_NORETURN void thread_exit(void)
{
	struct run_queue *q = this_queue();

	timer_cancel(&thread_current()->park_timer);
	cpu_self()->irq_seen = true; /* it polled nothing before it went */
	spin_lock_irqsave(&q->lock);
	thread_current()->state = THREAD_DEAD;
	leave_cpu(q);
	panic("a thread runs after its end");
}

UNIK_COLD void sched_make_ready(struct thread *t)
{
	struct run_queue *q = this_queue();
	irq_state_t s = spin_lock_irqsave(&q->lock);

	if (thread_current())
		make_ready(q, t);
	else
		enqueue(q, t, t->priority); /* the very first */
	spin_unlock_irqrestore(&q->lock, s);
}
