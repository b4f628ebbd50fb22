// SPDX-License-Identifier: BSD-2-Clause
/* thread_free.h - between kernel/sched.c and kernel/thread.c only. */
#pragma once
#include "kernel/thread.h"

/* thread_free() - all memory of a thread that has left its stack for good. Interrupts may be off
 * and the run queue locked. */
void thread_free(struct thread *t);

/* sched_make_ready() - a new thread may run. */
void sched_make_ready(struct thread *t);
