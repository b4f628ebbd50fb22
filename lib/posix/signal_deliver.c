// SPDX-License-Identifier: BSD-2-Clause
/*
 * signal_deliver.c - calling handlers, in the thread that takes the signal.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>
#include "arch/signal.h"
#include "kernel/panic_report.h"
#include "kernel/sealed.h"
#include "lib/libc/exit.h"
#include "lib/libc/result.h"
#include "lib/posix/poll_wait.h"
#include "lib/posix/signals.h"
#include "lib/posix/thread.h"

extern char image_library_start[], image_library_end[]; /* linker.ld */

_Static_assert(sizeof(mcontext_t) <= SIGNAL_REGISTER_WORDS * sizeof(uint64_t), "fits");

/* A handler about to be called. */
struct call {
	struct sigaction action;
	siginfo_t info;
	ucontext_t context;
};

UNIK_NORETURN void signal_by_default(int sig)
{
	if (sig == SIGABRT)
		panic("abort() called");
	panic_print("\nunik: ended by signal %d\n", sig);
	_exit(128 + sig);
}

static void call_handler(void *arg)
{
	struct call *c = arg;

	c->action.sa_sigaction(c->info.si_signo, &c->info, &c->context);
}

static bool is_on_alt_stack(const struct signal_thread *s, uintptr_t sp)
{
	return s->alt_bytes && sp - (uintptr_t)s->alt_stack < s->alt_bytes;
}

static uintptr_t stack_for(const struct signal_thread *s, const struct sigaction *a)
{
	if (!(a->sa_flags & SA_ONSTACK) || !s->alt_bytes ||
	    is_on_alt_stack(s, (uintptr_t)__builtin_frame_address(0)))
		return 0;
	return (uintptr_t)s->alt_stack + s->alt_bytes;
}

static void fill_context(struct call *c, const struct signal_thread *s, struct trap_frame *f,
			 uintptr_t address, uint64_t mask)
{
	c->context.uc_flags = 0;
	c->context.uc_link = NULL;
	c->context.uc_sigmask = mask;
	c->context.uc_stack =
		(stack_t){ s->alt_stack, s->alt_bytes ? 0 : SS_DISABLE, s->alt_bytes };
	if (f)
		signal_registers_get(f, address, (uint64_t *)&c->context.uc_mcontext);
	else
		__builtin_memset(&c->context.uc_mcontext, 0, sizeof(c->context.uc_mcontext));
}

/* Call c's handler; `mask` is what comes back into force. */
static void run(struct __unik_thread *self, struct call *c, struct trap_frame *f, uintptr_t address,
		uint64_t mask)
{
	fill_context(c, &self->signal, f, address, mask);
	signal_call(stack_for(&self->signal, &c->action), call_handler, c);
	if (f)
		signal_registers_set(f, (uint64_t *)&c->context.uc_mcontext);
	signal_set_mask(self, c->context.uc_sigmask);
}

/* The action of a signal that is being delivered, and the mask for it. Under signal_lock. */
static void begin(struct __unik_thread *self, int sig, struct sigaction *action)
{
	*action = signal_actions[sig];
	if (action->sa_handler == SIG_DFL || action->sa_handler == SIG_IGN)
		return;
	self->signal.mask |= action->sa_mask & ~SIGNAL_UNBLOCKABLE;
	if (!(action->sa_flags & SA_NODEFER))
		self->signal.mask |= SIGNAL_BIT(sig);
	if (action->sa_flags & SA_RESETHAND) {
		signal_actions[sig].sa_handler = SIG_DFL;
		signal_actions[sig].sa_flags &= ~SA_SIGINFO;
	}
}

/* Take the next deliverable signal: its number, or 0. */
static int next(struct __unik_thread *self, struct call *c, uint64_t *mask)
{
	irq_state_t irq = spin_lock_irqsave(&signal_lock);
	int sig = signal_take(self, ~self->signal.mask, &c->info);

	*mask = self->signal.mask;
	if (sig)
		begin(self, sig, &c->action);
	signal_refresh(self);
	spin_unlock_irqrestore(&signal_lock, irq);
	return sig;
}

enum signal_delivered signal_deliver(struct trap_frame *f)
{
	struct __unik_thread *self = posix_thread_self();
	enum signal_delivered how = SIGNAL_NONE;
	struct call c;
	uint64_t mask;
	int sig;

	while (self && (sig = next(self, &c, &mask)) != 0) {
		if (c.action.sa_handler == SIG_DFL && !signal_is_ignored(sig))
			signal_by_default(sig);
		if (c.action.sa_handler == SIG_DFL || c.action.sa_handler == SIG_IGN)
			continue;
		if (!(c.action.sa_flags & SA_RESTART))
			how = SIGNAL_INTERRUPT;
		else if (how == SIGNAL_NONE)
			how = SIGNAL_RESTART;
		run(self, &c, f, 0, mask);
	}
	return how;
}

/* --- faults -------------------------------------------------------------------------- */

static const struct {
	int signal, code;
} faults[] = {
	[CPU_FAULT_UNMAPPED] = { SIGSEGV, SEGV_MAPERR },
	[CPU_FAULT_PROTECTED] = { SIGSEGV, SEGV_ACCERR },
	[CPU_FAULT_NO_OBJECT] = { SIGBUS, BUS_ADRERR },
	[CPU_FAULT_STACK] = { SIGSEGV, SEGV_MAPERR },
	[CPU_FAULT_ADDRESS] = { SIGSEGV, SI_KERNEL },
	[CPU_FAULT_ALIGNMENT] = { SIGBUS, BUS_ADRALN },
	[CPU_FAULT_INSTRUCTION] = { SIGILL, ILL_ILLOPN },
	[CPU_FAULT_BREAKPOINT] = { SIGTRAP, TRAP_BRKPT },
	[CPU_FAULT_STEP] = { SIGTRAP, TRAP_TRACE },
	[CPU_FAULT_INT_DIVIDE] = { SIGFPE, FPE_INTDIV },
	[CPU_FAULT_FP_DIVIDE] = { SIGFPE, FPE_FLTDIV },
	[CPU_FAULT_FP_OVERFLOW] = { SIGFPE, FPE_FLTOVF },
	[CPU_FAULT_FP_UNDERFLOW] = { SIGFPE, FPE_FLTUND },
	[CPU_FAULT_FP_INEXACT] = { SIGFPE, FPE_FLTRES },
	[CPU_FAULT_FP_INVALID] = { SIGFPE, FPE_FLTINV },
};

/* A thread faults: can it have the signal? Interrupts are off, no lock is held. */
static struct trap_frame *fault(struct trap_frame *f, uintptr_t address)
{
	enum cpu_fault kind = signal_fault_kind(f, address);
	struct __unik_thread *t = thread_current() ? thread_current()->posix : NULL;
	const struct sigaction *a;
	struct signal_thread *s;
	int sig;

	if (kind == CPU_FAULT_NONE || !t)
		return NULL;
	s = &t->signal;
	sig = faults[kind].signal;
	a = &signal_actions[sig];
	if (a->sa_handler == SIG_DFL || a->sa_handler == SIG_IGN || s->mask & SIGNAL_BIT(sig))
		return NULL;
	if (a->sa_flags & SA_ONSTACK && s->alt_bytes && !is_on_alt_stack(s, signal_frame_sp(f)))
		f = signal_frame_move(f, (uintptr_t)s->alt_stack + s->alt_bytes);
	else if (kind == CPU_FAULT_STACK)
		return NULL;
	s->fault_signal = sig;
	s->fault_code = faults[kind].code;
	s->fault_address = sig == SIGSEGV || sig == SIGBUS ? address : signal_frame_pc(f);
	if (kind == CPU_FAULT_ADDRESS)
		s->fault_address = 0;
	WRITE_ONCE(t->kernel->interrupt, true);
	return f;
}

static void deliver_fault(struct __unik_thread *self, struct trap_frame *f)
{
	struct signal_thread *s = &self->signal;
	struct call c = { .info = { .si_signo = s->fault_signal,
				    .si_code = s->fault_code,
				    .si_addr = (void *)s->fault_address } };
	irq_state_t irq = spin_lock_irqsave(&signal_lock);
	uint64_t mask = s->mask;

	s->fault_signal = 0;
	begin(self, c.info.si_signo, &c.action);
	signal_refresh(self);
	spin_unlock_irqrestore(&signal_lock, irq);
	run(self, &c, f, s->fault_address, mask);
}

/* --- the ways here ------------------------------------------------------------------- */

static void end_if_cancelled(struct signal_thread *s)
{
	if (s->cancelled && !s->cancel_disabled) {
		s->cancel_disabled = true;
		pthread_exit(PTHREAD_CANCELED);
	}
}

static bool is_in_library(const struct trap_frame *f)
{
	uintptr_t start = (uintptr_t)image_library_start;

	return signal_frame_pc(f) - start < (uintptr_t)image_library_end - start;
}

/* From the way out of an interrupt or a fault. */
static void deliver_at(struct trap_frame *f)
{
	struct __unik_thread *self = thread_current()->posix;

	if (!self || (!self->signal.fault_signal && is_in_library(f)))
		return;
	cpu_irq_enable();
	if (self->signal.fault_signal)
		deliver_fault(self, f);
	else
		signal_deliver(f);
	if (self->signal.cancel_async)
		end_if_cancelled(&self->signal);
	cpu_irq_disable();
}

/* A call has failed: posix_event in lib/libc/result.h. */
static bool on_failure(long err)
{
	struct __unik_thread *self = posix_thread_self();
	siginfo_t broken_pipe = { .si_signo = SIGPIPE, .si_code = SI_KERNEL };
	enum signal_delivered how;

	if (err == -EPIPE) {
		signal_send(self, &broken_pipe);
		return false;
	}
	how = signal_deliver(NULL);
	if (self && (err == -EINTR || self->signal.cancel_async))
		end_if_cancelled(&self->signal);
	return how != SIGNAL_INTERRUPT;
}

static void on_abort(void)
{
	siginfo_t info = { .si_signo = SIGABRT, .si_code = SI_TKILL };
	struct __unik_thread *self = posix_thread_self();

	if (!self)
		return;
	signal_set_mask(self, self->signal.mask & ~SIGNAL_BIT(SIGABRT));
	signal_send(self, &info);
}

static void swap_mask(const sigset_t *mask, sigset_t *old)
{
	struct __unik_thread *self = posix_thread_self();
	uint64_t was = self ? signal_set_mask(self, *mask) : 0;

	if (old)
		*old = was;
}

void signal_start(void)
{
	static const struct signal_hooks hooks = { deliver_at, fault };

	if (likely(READ_ONCE(signal_hooks) == &hooks))
		return;
	posix_thread_self(); /* the main thread is known before there are others */
	sealed_set(&posix_event, on_failure);
	sealed_set(&posix_abort, on_abort);
	sealed_set(&posix_swap_mask, swap_mask);
	sealed_set(&posix_signals_end, signal_end);
	sealed_set(&signal_hooks, &hooks);
}
