// SPDX-License-Identifier: BSD-2-Clause
/*
 * thread.h - threads and the scheduler.
 *
 * Preemptive, tickless, per-CPU run queues. The ready thread of the highest priority runs; those
 * of one priority take turns. A thread gives the CPU away by parking, yielding or exiting; the
 * timer takes it away after a slice, and only while another thread is ready. There
 * is no idle thread: a thread that parks with nothing else to run polls the devices
 * (kernel/idle.h) and halts on its own stack, so a server with one thread never switches.
 *
 * Parking has a token: thread_unpark() leaves it, thread_park() takes it or sleeps until it
 * comes. So "register, check, park" loses no wake-up. Wake-ups without a cause are allowed:
 * whoever parks checks its condition again. kernel/wait.h is built on this.
 *
 * Threading: as each function says. Errors: -ENOMEM, -ETIMEDOUT, -EINTR.
 */
#pragma once
#include "arch/context.h"
#include "kernel/spinlock.h"
#include "kernel/timer.h"
#include "lib/base/list.h"

#define THREAD_NAME_BYTES    16
#define THREAD_STACK_BYTES   (64 * 1024UL)    /* default for threads of programs */
#define THREAD_SLICE_NS      (10 * NS_PER_MS) /* before others that are ready get their turn */
#define THREAD_TURN_SLICES   2                /* a turn ends with its second slice's end */
#define THREAD_PRIORITY_HIGH 255              /* before all threads of programs: interrupt work */
#define THREAD_PRIORITY_MAX  99               /* of programs; 0 is the usual one */

enum thread_state { THREAD_READY, THREAD_RUNNING, THREAD_PARKED, THREAD_DEAD };

struct thread {
	struct context context; /* arch: saved stack pointer, TLS base */
	struct list run_node;   /* on the run queue of cpu while ready */
	struct list all_node;   /* on the list of all threads */
	uint8_t state;          /* enum thread_state, under the run queue's lock */
	uint8_t priority;       /* thread_set_priority() */
	uint8_t slices;         /* ends of slices that the thread has met in its turn; wraps */
	bool keeps_turn;        /* no turns: until it waits or yields */
	bool token;             /* an unpark that no park has taken, under the run queue's lock */
	bool timed_out;         /* the park timer fired */
	bool interrupt;         /* thread_interrupt(); atomic */
	struct timer park_timer;
	ns_t park_deadline; /* of the present wait; NS_NEVER between waits */
	ns_t cpu_time_ns;   /* thread_cpu_time(), without the current slice */
	void *stack;        /* lowest usable byte; a guard page lies below */
	size_t stack_bytes;
	bool stack_given; /* somebody else's: not freed, and without a guard page */
	void *tls_block;  /* from tls_alloc() */
	void (*entry)(void *arg);
	void *arg;
	void *posix; /* lib/posix: pthread state of this thread */
	char name[THREAD_NAME_BYTES];
};

/* thread_current() - the caller. */
static inline struct thread *thread_current(void)
{
	return cpu_current_thread();
}

/*
 * thread_create() - a new ready thread that calls entry(arg) and exits when that returns.
 *
 * name         up to 15 bytes are kept
 * stack_bytes  0 for THREAD_STACK_BYTES; rounded up to pages, guard pages come on top
 *
 * Returns 0 and *out; -ENOMEM. Context: thread.
 */
int thread_create(struct thread **out, const char *name, size_t stack_bytes, void (*entry)(void *),
		  void *arg) UNIK_MUST_CHECK;

/* Where stacks come from; arch/stack.h may change it. One is freed by what made it. */
extern void *(*thread_stack_alloc)(size_t npages);
extern void (*thread_stack_free)(void *va, size_t npages);

/* thread_create_on() - the same on a stack of the caller's, 16-byte aligned; NULL: as above. */
int thread_create_on(struct thread **out, const char *name, void *stack, size_t stack_bytes,
		     void (*entry)(void *), void *arg) UNIK_MUST_CHECK;

/* thread_exit() - end the caller. Its memory is freed once it is off the CPU. */
UNIK_NORETURN void thread_exit(void);

/*
 * thread_park() - sleep until the token is there or `deadline` has passed; takes the token.
 *
 * Returns 0 or -ETIMEDOUT (then no token was there). Context: thread, no spinlock held.
 */
int thread_park(ns_t deadline);

/*
 * thread_interrupt() - something is pending for t: its interruptible waits return -EINTR, those to
 * come too, until thread_interrupt_clear(). A running thread soon passes the interrupt exit with
 * preemption, where arch/signal.h takes over. Context: any.
 */
void thread_interrupt(struct thread *t);
static inline void thread_interrupt_clear(struct thread *t)
{
	WRITE_ONCE(t->interrupt, false);
}

/* thread_interrupted() - is something pending for the caller? */
static inline bool thread_interrupted(void)
{
	return READ_ONCE(thread_current()->interrupt);
}

/* thread_park_interruptible() - thread_park(), or -EINTR at once while thread_interrupted(). */
int thread_park_interruptible(ns_t deadline);

/* thread_unpark() - leave the token for t and make it ready. Context: any. */
void thread_unpark(struct thread *t);

/* thread_yield() - let the other ready threads of this CPU run first. */
void thread_yield(void);

/*
 * thread_set_priority() - t goes before all ready threads of a lower priority, from now on.
 *
 * priority    0..THREAD_PRIORITY_HIGH; among its new equals t is the last, or the first where the
 *             new one is lower. Where t sleeps on a futex, its place there stays
 * keeps_turn  t has no turns: among its equals it goes on until it waits or yields
 *
 * Context: any; who calls in a thread gives way at once.
 */
void thread_set_priority(struct thread *t, unsigned priority, bool keeps_turn);

/* thread_sleep() - at least until `deadline`. thread_sleep_interruptible() - or until something is
 * pending: 0 or -EINTR. */
void thread_sleep(ns_t deadline);
int thread_sleep_interruptible(ns_t deadline);

/*
 * thread_cpu_time() - processor time that t has used, or all threads together for NULL.
 *
 * Counted from the first call on, so that programs that do not ask pay nothing. What was before
 * is taken for busy, as one sum: for all together it is the time since boot. Context: any.
 */
ns_t thread_cpu_time(struct thread *t);

/*
 * preempt_disable(), preempt_enable() - keep this thread on its CPU; nests. Sleeping inside is a
 * bug. Cheaper than a spinlock for per-CPU data that no interrupt touches.
 */
static inline void preempt_disable(void)
{
	cpu_preempt_disable();
}
void preempt_enable(void);

/* thread_find() - the first thread for which match() is true, in order of birth, or NULL. match()
 * is called with the list locked. Context: any. */
struct thread *thread_find(bool (*match)(struct thread *t, void *arg), void *arg);

/* thread_of_guard_page() - the thread whose stack lies above the guard page that contains the
 * address, or NULL. thread_stack_end() - one past the stack that contains the address, or the
 * end of the address's page where it is on no thread's stack. For panics: takes no lock. */
struct thread *thread_of_guard_page(uintptr_t address);
uintptr_t thread_stack_end(uintptr_t address);
