// SPDX-License-Identifier: BSD-2-Clause
/*
 * sys/ucontext.h - the registers of a thread that a signal has interrupted, for its handler.
 *
 * A handler may change them. Those that the architecture's signal_registers_set() takes back are in
 * force when it returns. Which there are, the architecture's <machine/mcontext.h> says.
 */
#ifndef _SYS_UCONTEXT_H
#define _SYS_UCONTEXT_H
#include <sys/signal.h>
#include <machine/mcontext.h>

typedef struct ucontext_t {
	unsigned long uc_flags;
	struct ucontext_t *uc_link;
	stack_t uc_stack;
	mcontext_t uc_mcontext;
	sigset_t uc_sigmask;
} ucontext_t;

#endif
