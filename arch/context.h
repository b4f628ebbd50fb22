// SPDX-License-Identifier: BSD-2-Clause
/*
 * context.h - the porting contract, part 6: the registers of a thread that is not running, and
 * its thread-local storage.
 *
 * A voluntary switch is a function call and keeps what the ABI lets a callee keep; preemption
 * saves everything else on the preempted thread's stack before it calls the same function.
 * struct context comes from <asm/context.h>.
 */
#pragma once
#include "lib/base/compiler.h"
#include <asm/context.h>

/*
 * context_init() - prepare a context that starts with entry(arg) on a stack.
 *
 * stack_top   one past the highest byte, 16-byte aligned
 * tls         from tls_alloc()
 */
void context_init(struct context *c, void *stack_top, void (*entry)(void *), void *arg, void *tls);

/* context_switch() - save into *from, go on with *to. Interrupts are off; no lock but the run
 * queue's is held. Returns when somebody switches back. */
void context_switch(struct context *from, struct context *to);

/*
 * tls_alloc() - thread-local storage initialised from the image's template; NULL out of memory.
 * tls_free()  - give it back.
 */
void *tls_alloc(void) UNIK_MUST_CHECK;
void tls_free(void *tls);
