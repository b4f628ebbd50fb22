// SPDX-License-Identifier: BSD-2-Clause
/*
 * sys/ucontext.h - the registers of a thread that a signal has interrupted, for its handler.
 *
 * A handler may change them. Those that the architecture's signal_registers_set() takes back are in
 * force when it returns. The layout of the general registers is Linux's.
 */
#ifndef _SYS_UCONTEXT_H
#define _SYS_UCONTEXT_H
#include <sys/signal.h>

#if defined(__x86_64__)

typedef long long greg_t;
#define NGREG 23
typedef greg_t gregset_t[NGREG];

/* What is where in gregs[]. */
enum {
	REG_R8,
	REG_R9,
	REG_R10,
	REG_R11,
	REG_R12,
	REG_R13,
	REG_R14,
	REG_R15,
	REG_RDI,
	REG_RSI,
	REG_RBP,
	REG_RBX,
	REG_RDX,
	REG_RAX,
	REG_RCX,
	REG_RSP,
	REG_RIP,
	REG_EFL,
	REG_CSGSFS,
	REG_ERR,
	REG_TRAPNO,
	REG_OLDMASK,
	REG_CR2
};
#define REG_R8      REG_R8
#define REG_RDI     REG_RDI
#define REG_RBP     REG_RBP
#define REG_RSP     REG_RSP
#define REG_RIP     REG_RIP
#define REG_EFL     REG_EFL
#define REG_ERR     REG_ERR
#define REG_TRAPNO  REG_TRAPNO
#define REG_OLDMASK REG_OLDMASK
#define REG_CR2     REG_CR2

typedef struct {
	gregset_t gregs;
} mcontext_t;

#elif defined(__aarch64__)

typedef struct {
	unsigned long long fault_address;
	unsigned long long regs[31];
	unsigned long long sp;
	unsigned long long pc;
	unsigned long long pstate;
} mcontext_t;

#endif

typedef struct ucontext_t {
	unsigned long uc_flags;
	struct ucontext_t *uc_link;
	stack_t uc_stack;
	mcontext_t uc_mcontext;
	sigset_t uc_sigmask;
} ucontext_t;

#endif
