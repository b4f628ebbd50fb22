// SPDX-License-Identifier: BSD-2-Clause
/*
 * signal.c - actions, masks, and sending. There is one process, and nobody outside of it.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <errno.h>
#include <pthread.h>
#include <unistd.h>
#include "lib/libc/result.h"
#include "lib/posix/signals.h"
#include "lib/posix/thread.h"

static struct __unik_thread *start_self(void)
{
	signal_start();
	return posix_thread_self();
}

/* --- actions ------------------------------------------------------------------------- */

static int set_action(int sig, const struct sigaction *action, struct sigaction *old)
{
	struct __unik_thread *self;
	irq_state_t irq;

	if (!signal_is_valid(sig) || (action && SIGNAL_UNBLOCKABLE & SIGNAL_BIT(sig)))
		return -EINVAL;
	self = start_self();
	if (!self)
		return -ENOMEM;
	irq = spin_lock_irqsave(&signal_lock);
	if (old)
		*old = signal_actions[sig];
	if (action) {
		signal_actions[sig] = *action;
		signal_actions[sig].sa_mask &= ~SIGNAL_UNBLOCKABLE;
		if (signal_is_ignored(sig)) {
			signal_discard(self, sig);
			signal_refresh(self);
		}
	}
	spin_unlock_irqrestore(&signal_lock, irq);
	if (action)
		signal_watch(SIGNAL_BIT(sig));
	return 0;
}

UNIK_API int sigaction(int sig, const struct sigaction *restrict action,
		       struct sigaction *restrict old)
{
	struct sigaction new;

	/* They may be one object. */
	if (action)
		new = *action;
	return (int)posix_result(set_action(sig, action ? &new : NULL, old));
}

static uint64_t interrupting; /* signals that siginterrupt() has set; for signal() */

/* BSD's: the handler stays, and calls are made again. */
UNIK_API _sig_func_ptr signal(int sig, _sig_func_ptr handler)
{
	struct sigaction new = { .sa_handler = handler, .sa_flags = SA_RESTART }, old;

	if (signal_is_valid(sig) && READ_ONCE(interrupting) & SIGNAL_BIT(sig))
		new.sa_flags = 0;
	if (handler == SIG_ERR || sigaction(sig, &new, &old)) {
		errno = EINVAL;
		return SIG_ERR;
	}
	return old.sa_handler;
}

UNIK_API _sig_func_ptr bsd_signal(int sig, _sig_func_ptr handler)
{
	return signal(sig, handler);
}

UNIK_API int siginterrupt(int sig, int interrupt)
{
	struct sigaction a;

	if (sigaction(sig, NULL, &a))
		return -1;
	if (interrupt) {
		interrupting |= SIGNAL_BIT(sig);
		a.sa_flags &= ~SA_RESTART;
	} else {
		interrupting &= ~SIGNAL_BIT(sig);
		a.sa_flags |= SA_RESTART;
	}
	return sigaction(sig, &a, NULL);
}

/* --- masks --------------------------------------------------------------------------- */

static int change_mask(int how, const sigset_t *set, sigset_t *old)
{
	struct __unik_thread *self = start_self();
	uint64_t mask;

	if (!self)
		return -ENOMEM;
	mask = self->signal.mask;
	if (set && how == SIG_BLOCK)
		mask |= *set;
	else if (set && how == SIG_UNBLOCK)
		mask &= ~*set;
	else if (set && how == SIG_SETMASK)
		mask = *set;
	else if (set)
		return -EINVAL;
	if (old)
		*old = self->signal.mask;
	if (set) {
		signal_set_mask(self, mask);
		if (thread_interrupted())
			signal_deliver(NULL);
	}
	return 0;
}

UNIK_API int pthread_sigmask(int how, const sigset_t *restrict set, sigset_t *restrict old)
{
	return -change_mask(how, set, old);
}

UNIK_API int sigprocmask(int how, const sigset_t *restrict set, sigset_t *restrict old)
{
	return (int)posix_result(change_mask(how, set, old));
}

UNIK_API int sigpending(sigset_t *set)
{
	struct __unik_thread *self = start_self();
	irq_state_t irq;

	if (!self)
		return (int)posix_result(-ENOMEM);
	irq = spin_lock_irqsave(&signal_lock);
	*set = signal_pending_set(self) & self->signal.mask;
	spin_unlock_irqrestore(&signal_lock, irq);
	return 0;
}

UNIK_API int sigaltstack(const stack_t *restrict new, stack_t *restrict old)
{
	struct __unik_thread *self = start_self();
	struct signal_thread *s;
	bool on;

	if (!self)
		return (int)posix_result(-ENOMEM);
	s = &self->signal;
	on = s->alt_bytes &&
	     (uintptr_t)__builtin_frame_address(0) - (uintptr_t)s->alt_stack < s->alt_bytes;
	if (new &&on)
		return (int)posix_result(-EPERM);
	if (new &&new->ss_flags & ~SS_DISABLE &&new->ss_flags != SS_ONSTACK)
		return (int)posix_result(-EINVAL);
	if (new && !(new->ss_flags &SS_DISABLE) && new->ss_size < MINSIGSTKSZ)
		return (int)posix_result(-ENOMEM);
	if (old) {
		old->ss_sp = s->alt_stack;
		old->ss_size = s->alt_bytes;
		old->ss_flags = on ? SS_ONSTACK : s->alt_bytes ? 0 : SS_DISABLE;
	}
	if (new) {
		s->alt_bytes = 0; /* never half of each, for a fault in between */
		__atomic_signal_fence(__ATOMIC_SEQ_CST);
		s->alt_stack = new->ss_flags &SS_DISABLE ? NULL : new->ss_sp;
		__atomic_signal_fence(__ATOMIC_SEQ_CST);
		s->alt_bytes = new->ss_flags &SS_DISABLE ? 0 : new->ss_size;
	}
	return 0;
}

/* --- sending ------------------------------------------------------------------------- */

static bool is_self(pid_t pid)
{
	return pid == getpid() || pid == 0 || pid == -1 || pid == -getpid();
}

static int send(struct __unik_thread *to, int sig, int code, union sigval value)
{
	siginfo_t info = {
		.si_signo = sig, .si_code = code, .si_pid = getpid(), .si_value = value
	};

	if (sig != 0 && !signal_is_valid(sig))
		return -EINVAL;
	if (!start_self())
		return -ENOMEM;
	if (sig != 0)
		return signal_send(to, &info);
	return to && READ_ONCE(to->signal.ended) ? -ESRCH : 0;
}

static int send_process(pid_t pid, int sig, int code, union sigval value)
{
	if (sig != 0 && !signal_is_valid(sig))
		return -EINVAL;
	return is_self(pid) ? send(NULL, sig, code, value) : -ESRCH;
}

UNIK_API int kill(pid_t pid, int sig)
{
	return (int)posix_result(send_process(pid, sig, SI_USER, (union sigval){ 0 }));
}

UNIK_API int killpg(pid_t group, int sig)
{
	return kill(group > 1 ? -group : group == 1 ? getpid() : group, sig);
}

UNIK_API int sigqueue(pid_t pid, int sig, const union sigval value)
{
	return (int)posix_result(send_process(pid, sig, SI_QUEUE, value));
}

UNIK_API int raise(int sig)
{
	return (int)posix_result(send(posix_thread_self(), sig, SI_TKILL, (union sigval){ 0 }));
}

UNIK_API int pthread_kill(pthread_t t, int sig)
{
	return -send(t, sig, SI_TKILL, (union sigval){ 0 });
}

UNIK_API int pthread_sigqueue(pthread_t t, int sig, const union sigval value)
{
	return -send(t, sig, SI_QUEUE, value);
}
