// SPDX-License-Identifier: BSD-2-Clause
/*
 * fault.h - the porting contract, part 9: who fills memory on its first touch.
 *
 * The architecture asks the hook about each access that translation refused, before it treats it
 * as an error. It is set by the first mmap(), so that an image without one has nothing of this.
 *
 * The hook is first called with interrupts off, without FAULT_MAY_SLEEP. When it answers
 * FAULT_WANTS_SLEEP and the interrupted code had interrupts on and preemption allowed, the
 * architecture saves the FPU registers, turns interrupts on and calls it again with
 * FAULT_MAY_SLEEP; when it may not, the access is an error.
 */
#pragma once
#include "lib/base/compiler.h"

enum fault_access {
	FAULT_READ = 0,
	FAULT_WRITE = 1 << 0,
	FAULT_EXEC = 1 << 1,
	FAULT_MAY_SLEEP = 1 << 2,
};

enum fault_result {
	FAULT_DONE,        /* try the access again */
	FAULT_NOT_MINE,    /* nothing may be accessed so at the address: SIGSEGV */
	FAULT_BUS,         /* mapped, and the file has nothing there: SIGBUS */
	FAULT_NO_MEMORY,   /* a page is promised and there is none: SIGBUS */
	FAULT_WANTS_SLEEP, /* see above */
};

typedef enum fault_result fault_hook(uintptr_t address, unsigned access);

/* fault_set_hook() - from now on ask `hook`; the same one each time. Context: thread. */
void fault_set_hook(fault_hook *hook);
