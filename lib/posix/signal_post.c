// SPDX-License-Identifier: BSD-2-Clause
/*
 * signal_post.c - making signals pending, and finding out who takes them.
 */
#include <errno.h>
#include "kernel/heap.h"
#include "kernel/sealed.h"
#include "lib/posix/signals.h"
#include "lib/posix/thread.h"

#define RETRY_FIRST (50 * NS_PER_US)
#define RETRY_MOST  (10 * NS_PER_MS)

struct spinlock signal_lock;
struct sigaction signal_actions[NSIG];
void (*SEALED signal_arrived)(void);

static struct signal_pending process;
static unsigned nqueued; /* entries from signal_send() */

/* What is ignored by default (POSIX.1-2017, <signal.h>). There is no stopping, so there is no
 * stopping by default either. */
#define IGNORED_BY_DEFAULT                                                                       \
	(SIGNAL_BIT(SIGCHLD) | SIGNAL_BIT(SIGURG) | SIGNAL_BIT(SIGCONT) | SIGNAL_BIT(SIGWINCH) | \
	 SIGNAL_BIT(SIGSTOP) | SIGNAL_BIT(SIGTSTP) | SIGNAL_BIT(SIGTTIN) | SIGNAL_BIT(SIGTTOU))

bool signal_is_ignored(int sig)
{
	_sig_func_ptr handler = signal_actions[sig].sa_handler;

	return handler == SIG_IGN || (handler == SIG_DFL && SIGNAL_BIT(sig) & IGNORED_BY_DEFAULT);
}

static uint64_t deliverable(const struct __unik_thread *t)
{
	return (t->signal.pending.set | process.set) & ~t->signal.mask;
}

static bool is_cancellable(const struct signal_thread *s)
{
	return s->cancelled && !s->cancel_disabled;
}

/* A thread that was interrupted inside of the library gets another interrupt soon, at a moment that
 * keeps no step with what it does; one that does not run is looked after less and less often. */
static void retry(struct timer *timer)
{
	struct signal_thread *s = container_of(timer, struct signal_thread, retry);
	struct __unik_thread *t = container_of(s, struct __unik_thread, signal);
	irq_state_t irq = spin_lock_irqsave(&signal_lock);

	if (!s->ended && READ_ONCE(t->kernel->interrupt)) {
		if (t->kernel == thread_current() && t->kernel->state == THREAD_RUNNING) {
			cpu_preempt_request();
			s->retry_after = RETRY_FIRST + (ns_t)(cpu_cycles() % RETRY_FIRST);
		} else {
			s->retry_after = MIN(2 * s->retry_after, RETRY_MOST);
		}
		timer_arm(timer, time_deadline(s->retry_after));
	}
	spin_unlock_irqrestore(&signal_lock, irq);
}

static void interrupt(struct __unik_thread *t)
{
	thread_interrupt(t->kernel);
	if (!timer_armed(&t->signal.retry)) {
		t->signal.retry_after = RETRY_FIRST;
		t->signal.retry.fire = retry;
		timer_arm(&t->signal.retry, time_deadline(RETRY_FIRST));
	}
}

void signal_refresh(struct __unik_thread *self)
{
	struct signal_thread *s = &self->signal;

	if (deliverable(self) || (is_cancellable(s) && s->cancel_async)) {
		interrupt(self);
		return;
	}
	timer_cancel(&s->retry);
	if (is_cancellable(s))
		thread_interrupt(self->kernel); /* at the next cancellation point */
	else
		thread_interrupt_clear(self->kernel);
}

static bool can_take(struct thread *kernel, void *arg)
{
	const struct __unik_thread *t = kernel->posix;
	uint64_t bit = *(uint64_t *)arg;

	return t && !t->signal.ended && (t->signal.waited & bit || !(t->signal.mask & bit));
}

/* Who takes a signal of the process: whoever sent it, if it can, else the oldest. */
static struct __unik_thread *choose(uint64_t bit)
{
	struct thread *t = thread_current();

	if (!can_take(t, &bit))
		t = thread_find(can_take, &bit);
	return t ? t->posix : NULL;
}

static void tell(struct __unik_thread *t, uint64_t bit)
{
	if (t->signal.waited & bit)
		thread_unpark(t->kernel);
	if (!(t->signal.mask & bit))
		interrupt(t);
	if (signal_arrived)
		signal_arrived();
}

static void drop(struct signal_entry *e)
{
	if (e)
		e->taken(e, NULL);
}

/* A signal that is not a real-time one is pending once. */
static void add(struct signal_pending *p, int sig, struct signal_entry *e)
{
	if (sig < SIGRTMIN && p->set & SIGNAL_BIT(sig)) {
		drop(e);
		return;
	}
	p->set |= SIGNAL_BIT(sig);
	if (!e)
		return;
	if (!p->queue.next)
		list_init(&p->queue);
	e->home = p;
	list_push_back(&p->queue, &e->node);
}

void signal_post_locked(struct __unik_thread *to, int sig, struct signal_entry *e)
{
	uint64_t bit = SIGNAL_BIT(sig);
	struct __unik_thread *by = to ? to : choose(bit);
	bool wanted = by && (!(by->signal.mask & bit)) && !(by->signal.waited & bit);

	if ((wanted && signal_is_ignored(sig)) || (to && to->signal.ended)) {
		drop(e);
		return;
	}
	add(to ? &to->signal.pending : &process, sig, e);
	if (by)
		tell(by, bit);
	else if (signal_arrived)
		signal_arrived();
}

void signal_post(struct __unik_thread *to, int sig, struct signal_entry *e)
{
	irq_state_t irq = spin_lock_irqsave(&signal_lock);

	signal_post_locked(to, sig, e);
	spin_unlock_irqrestore(&signal_lock, irq);
}

/* A queued copy goes. */
static void free_entry(struct signal_entry *e, siginfo_t *out)
{
	nqueued--;
	kfree(e);
}

int signal_send(struct __unik_thread *to, const siginfo_t *info)
{
	struct signal_entry *e = NULL;

	if (to && READ_ONCE(to->signal.ended))
		return -ESRCH;
	if (READ_ONCE(nqueued) < SIGNAL_QUEUE_MAX)
		e = kalloc(sizeof(*e));
	if (!e && info->si_code == SI_QUEUE)
		return -EAGAIN;
	if (e) {
		__atomic_fetch_add(&nqueued, 1, __ATOMIC_RELAXED);
		e->info = *info;
		e->taken = free_entry;
		list_init(&e->node);
	}
	signal_post(to, info->si_signo, e);
	if (thread_interrupted())
		signal_deliver(NULL);
	return 0;
}

static struct signal_entry *first_of(struct signal_pending *p, int sig, bool *more)
{
	struct signal_entry *first = NULL;

	*more = false;
	if (!p->queue.next)
		return NULL;
	list_for_each (it, &p->queue) {
		struct signal_entry *e = list_entry(it, struct signal_entry, node);

		if (e->info.si_signo != sig)
			continue;
		if (first) {
			*more = true;
			break;
		}
		first = e;
	}
	return first;
}

void signal_withdraw(struct signal_entry *e)
{
	bool more;

	if (list_empty(&e->node))
		return;
	list_remove(&e->node);
	if (!first_of(e->home, e->info.si_signo, &more))
		e->home->set &= ~SIGNAL_BIT(e->info.si_signo);
}

static void take_from(struct signal_pending *p, int sig, siginfo_t *info)
{
	bool more;
	struct signal_entry *e = first_of(p, sig, &more);

	if (!more)
		p->set &= ~SIGNAL_BIT(sig);
	*info = (siginfo_t){ .si_signo = sig, .si_code = SI_KERNEL };
	if (e) {
		list_remove(&e->node);
		*info = e->info;
		e->taken(e, info);
	}
}

int signal_take(struct __unik_thread *self, uint64_t set, siginfo_t *info)
{
	uint64_t own = self->signal.pending.set & set, all = own | (process.set & set);
	int sig = all ? __builtin_ctzll(all) + 1 : 0;

	if (sig)
		take_from(own & SIGNAL_BIT(sig) ? &self->signal.pending : &process, sig, info);
	return sig;
}

static void discard_from(struct signal_pending *p, int sig)
{
	siginfo_t unused;

	while (p->set & SIGNAL_BIT(sig))
		take_from(p, sig, &unused);
}

void signal_discard(struct __unik_thread *self, int sig)
{
	discard_from(&self->signal.pending, sig);
	discard_from(&process, sig);
}

/* Signals of the process that self was to take and does not any more: by others, if they can. */
static void pass_on(void)
{
	for (uint64_t set = process.set; set; set &= set - 1) {
		uint64_t bit = set & -set;
		struct __unik_thread *t = choose(bit);

		if (t)
			tell(t, bit);
	}
}

uint64_t signal_set_mask(struct __unik_thread *self, uint64_t mask)
{
	irq_state_t irq = spin_lock_irqsave(&signal_lock);
	uint64_t old = self->signal.mask;

	self->signal.mask = mask & ~SIGNAL_UNBLOCKABLE;
	signal_refresh(self);
	if (process.set & self->signal.mask & ~old)
		pass_on();
	spin_unlock_irqrestore(&signal_lock, irq);
	return old;
}

uint64_t signal_pending_set(struct __unik_thread *self)
{
	return (self->signal.pending.set | process.set);
}

void signal_end(struct __unik_thread *self)
{
	irq_state_t irq = spin_lock_irqsave(&signal_lock);

	self->signal.ended = true;
	timer_cancel(&self->signal.retry);
	for (int sig = 1; sig < NSIG; sig++)
		discard_from(&self->signal.pending, sig);
	pass_on();
	spin_unlock_irqrestore(&signal_lock, irq);
}
