// SPDX-License-Identifier: BSD-2-Clause
/*
 * signals.h - signals among the parts of the library that send, deliver and wait for them.
 *
 * A signal is pending for a thread or for the process, which is all of them. signal_post() marks
 * who can take it with thread_interrupt(). It is delivered by that thread itself: where a wait
 * ends (posix_failed()), before a call returns that has made it deliverable, and from the way out
 * of an interrupt when the thread was interrupted outside of the library. In the library it may
 * hold locks that a handler wants: then a timer tries again soon.
 *
 * Nothing here is in an image whose program does not call it: signal_start() sets the hooks.
 *
 * Threading: as each says; signal_lock is inside of any mutex and outside of wait queues. Errors:
 * -errno.
 */
#pragma once
#include <signal.h>
#include "kernel/spinlock.h"
#include "kernel/timer.h"
#include "lib/base/list.h"

struct __unik_thread;
struct trap_frame;

#define SIGNAL_BIT(sig)    (1ULL << ((sig)-1))
#define SIGNAL_UNBLOCKABLE (SIGNAL_BIT(SIGKILL) | SIGNAL_BIT(SIGSTOP))
#define SIGNAL_QUEUE_MAX   1024 /* entries that programs may have queued at once: SIGQUEUE_MAX */

/* A pending signal with what is to be told about it. */
struct signal_entry {
	struct list node;            /* on no list while not pending */
	struct signal_pending *home; /* while pending */
	siginfo_t info;
	/* It is not pending any more, or was dropped: out == NULL. Under signal_lock; may free e.
	 */
	void (*taken)(struct signal_entry *e, siginfo_t *out);
};

struct signal_pending {
	uint64_t set;      /* SIGNAL_BIT()s */
	struct list queue; /* entries, in order of arrival; all zero until first used */
};

/* A thread's part; under signal_lock, but for what is its own. All zero at birth. */
struct signal_thread {
	uint64_t mask;                 /* blocked */
	uint64_t waited;               /* sigwait() is in progress for these */
	struct signal_pending pending; /* for this thread only */
	struct timer retry;
	ns_t retry_after; /* 0: at the shortest */
	void *alt_stack;  /* its own; sigaltstack() */
	size_t alt_bytes; /* 0: none */
	int fault_signal; /* its own: a fault is to be delivered; 0: none */
	int fault_code;
	uintptr_t fault_address;
	bool ended;
	bool cancelled;       /* pthread_cancel() was called */
	bool cancel_disabled; /* written by itself, like the rest */
	bool cancel_async;
};

extern struct spinlock signal_lock;

/* signal_start() - signals are used from now on. Context: thread. */
void signal_start(void);

/* signal_is_valid() - 1..SIGRTMAX. */
static inline bool signal_is_valid(int sig)
{
	return sig > 0 && sig < NSIG;
}

/*
 * signal_post() - sig is pending for `to`, or for the process for NULL.
 *
 * e   what is told about it, or NULL; taken() is called at once where it is not kept
 *
 * Context: any. signal_post_locked(): the same under signal_lock.
 */
void signal_post(struct __unik_thread *to, int sig, struct signal_entry *e);
void signal_post_locked(struct __unik_thread *to, int sig, struct signal_entry *e);

/* signal_withdraw() - e is not pending any more, if it was. Under signal_lock. */
void signal_withdraw(struct signal_entry *e);

/* signal_send() - the same with a queued copy of `info`, and delivery before it returns if the
 * caller is who takes it. 0; -EAGAIN too many are queued; -ESRCH to has ended. Context: thread, at
 * the boundary of the library. */
int signal_send(struct __unik_thread *to, const siginfo_t *info);

/* signal_take() - the first of `set` that is pending for self, taken off. Returns its number, or 0.
 * Under signal_lock. */
int signal_take(struct __unik_thread *self, uint64_t set, siginfo_t *info);

/* signal_refresh() - self's mark says whether something is deliverable. Under signal_lock. */
void signal_refresh(struct __unik_thread *self);

/* signal_set_mask() - the caller's mask; returns the old one. What it makes deliverable is not yet
 * delivered. */
uint64_t signal_set_mask(struct __unik_thread *self, uint64_t mask);

enum signal_delivered {
	SIGNAL_NONE,      /* no handler was called */
	SIGNAL_RESTART,   /* some were, all with SA_RESTART */
	SIGNAL_INTERRUPT, /* some were */
};

/* signal_deliver() - what is deliverable to the caller. f: where it was interrupted, or NULL.
 * Context: thread, interrupts on, at the boundary of the library; need not return. */
enum signal_delivered signal_deliver(struct trap_frame *f);

/* signal_actions - by signal number, under signal_lock. */
extern struct sigaction signal_actions[NSIG];

/* signal_is_ignored() - nothing happens when it is delivered. Under signal_lock. */
bool signal_is_ignored(int sig);

/* signal_discard() - what is pending of sig goes, from the process and the caller. Under the
 * lock.*/
void signal_discard(struct __unik_thread *self, int sig);

/* signal_by_default() - the default action of what has one that is not "ignore". */
UNIK_NORETURN void signal_by_default(int sig);

/* signal_pending_set() - what is pending for self. Under signal_lock. */
uint64_t signal_pending_set(struct __unik_thread *self);

/* signal_end() - the caller takes no signals any more; it is about to end. */
void signal_end(struct __unik_thread *self);

/* signal_watch() - the program has said what it wants done about these: let them come from outside,
 * those that can. Context: thread. */
void signal_watch(uint64_t set);

/* signal_arrived - called with each signal that is pending, under signal_lock; NULL: by nobody. */
extern void (*signal_arrived)(void);
