// SPDX-License-Identifier: BSD-2-Clause
/*
 * sched.h - what the scheduler and the architecture tell each other. Others: kernel/thread.h.
 */
#pragma once
#include "kernel/spinlock.h"
#include "kernel/thread.h"
#include "kernel/timer.h"

/* The threads that are ready on one CPU. The lock is held across a switch and released by the
 * thread that goes on. */
struct run_queue {
	struct spinlock lock;
	struct list ready; /* by priority, the highest first; among equals, whose turn it is */
	unsigned nready;
	struct thread *departed; /* exited and off its stack: to be freed by whoever runs next */
	struct timer slice;
	ns_t busy_ns;  /* thread_cpu_time(NULL), up to since_ns */
	ns_t since_ns; /* the running thread has it from here on */
};

/* sched_init_cpu() - the CPU's run queue; before any thread. */
void sched_init_cpu(struct cpu *c);

/* sched_start() - leave the boot stack for the first ready thread. */
UNIK_NORETURN void sched_start(void);

/* sched_preempt() - from the interrupt exit, interrupts off: let others run. */
void sched_preempt(void);

/* thread_start() - first code of a thread, called by the architecture with the run queue locked. */
UNIK_NORETURN void thread_start(void (*entry)(void *), void *arg);
