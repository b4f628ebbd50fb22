// SPDX-License-Identifier: BSD-2-Clause
/*
 * makecontext.c - the first frame of a context: arguments as AAPCS64 passes them, and a return to
 * ucontext.S.
 */
#include <stdarg.h>
#include <stdint.h>
#include <ucontext.h>
#include "lib/base/compiler.h"

#define IN_REGISTERS 8

extern char ucontext_return[];

UNIK_API void makecontext(ucontext_t *c, void (*entry)(void), int n, ...)
{
	uintptr_t top = (uintptr_t)c->uc_stack.ss_sp + c->uc_stack.ss_size;
	int nstack = n > IN_REGISTERS ? n - IN_REGISTERS : 0;
	uint64_t *sp = (uint64_t *)(top & ~15UL) - (nstack + nstack % 2);
	mcontext_t *m = &c->uc_mcontext;
	va_list args;

	va_start(args, n);
	for (int i = 0; i < n; i++) {
		uint64_t value = va_arg(args, uint64_t);

		if (i < IN_REGISTERS)
			m->regs[i] = value;
		else
			sp[i - IN_REGISTERS] = value;
	}
	va_end(args);
	m->sp = (uintptr_t)sp;
	m->pc = (uintptr_t)entry;
	m->regs[19] = (uintptr_t)c;
	m->regs[29] = 0;
	m->regs[30] = (uintptr_t)ucontext_return;
}
