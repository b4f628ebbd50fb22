// SPDX-License-Identifier: BSD-2-Clause
/*
 * makecontext.c - the first frame of a context: arguments as the System V ABI passes them, and a
 * return to ucontext.S.
 */
#include <stdarg.h>
#include <stdint.h>
#include <ucontext.h>
#include "lib/base/compiler.h"

#define IN_REGISTERS 6

extern char ucontext_return[];

UNIK_API void makecontext(ucontext_t *c, void (*entry)(void), int n, ...)
{
	static const uint8_t place[IN_REGISTERS] = { REG_RDI, REG_RSI, REG_RDX,
						     REG_RCX, REG_R8,  REG_R9 };
	uintptr_t top = (uintptr_t)c->uc_stack.ss_sp + c->uc_stack.ss_size;
	int nstack = n > IN_REGISTERS ? n - IN_REGISTERS : 0;
	uint64_t *sp = (uint64_t *)(top & ~15UL) - (nstack + nstack % 2);
	greg_t *regs = c->uc_mcontext.gregs;
	va_list args;

	va_start(args, n);
	for (int i = 0; i < n; i++) {
		greg_t value = va_arg(args, greg_t);

		if (i < IN_REGISTERS)
			regs[place[i]] = value;
		else
			sp[i - IN_REGISTERS] = (uint64_t)value;
	}
	va_end(args);
	*--sp = (uint64_t)ucontext_return;
	regs[REG_RSP] = (greg_t)sp;
	regs[REG_RIP] = (greg_t)entry;
	regs[REG_RBP] = 0;
	regs[REG_RBX] = (greg_t)c;
}
