// SPDX-License-Identifier: BSD-2-Clause
/*
 * machine/mcontext.h - the registers in a ucontext_t on 64-bit ARM.
 *
 * The layout is that of the beginning of Linux's.
 */
#ifndef _MACHINE_MCONTEXT_H
#define _MACHINE_MCONTEXT_H

typedef struct {
	unsigned long long fault_address;
	unsigned long long regs[31];
	unsigned long long sp;
	unsigned long long pc;
	unsigned long long pstate;
} mcontext_t;

#endif
