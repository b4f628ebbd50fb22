// SPDX-License-Identifier: BSD-2-Clause
/*
 * machine/mcontext.h - the registers in a ucontext_t on x86-64.
 *
 * The layout of the general registers is Linux's.
 */
#ifndef _MACHINE_MCONTEXT_H
#define _MACHINE_MCONTEXT_H

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

#endif
