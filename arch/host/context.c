// SPDX-License-Identifier: BSD-2-Clause
/*
 * context.c - from thread to thread; AddressSanitizer and Valgrind are told, where they are there.
 *
 * What a thread leaves on its stack when it ends stays poisoned for the sanitizer, so it is wiped
 * when the thread is left for the last time.
 */
#include "arch/context.h"
#include "arch/cpu.h"
#include "arch/host/machine.h"
#include "arch/host/valgrind.h"
#include "kernel/thread.h"

void __sanitizer_start_switch_fiber(void **save, const void *bottom, size_t len) UNIK_WEAK;
void __sanitizer_finish_switch_fiber(void *save, const void **bottom, size_t *len) UNIK_WEAK;
void __asan_unpoison_memory_region(const void *p, size_t len) UNIK_WEAK;

void context_start(void);

static bool started;

void context_init(struct context *c, void *stack_top, void (*entry)(void *), void *arg, void *tls)
{
	const struct thread *t = container_of(c, struct thread, context);
	uint64_t *sp = stack_top;

	valgrind_tell(VALGRIND_STACK_REGISTER, (uintptr_t)t->stack, (uintptr_t)stack_top - 1);

	/* As context_swap() leaves it; at context_start the stack is aligned for a call. */
	*--sp = (uintptr_t)context_start;
	*--sp = 0;                        /* rbp */
	*--sp = (uintptr_t)entry;         /* rbx */
	*--sp = (uintptr_t)arg;           /* r12 */
	*--sp = 0;                        /* r13 */
	*--sp = 0;                        /* r14 */
	*--sp = 0;                        /* r15 */
	*--sp = 0x037fULL << 32 | 0x1f80; /* FPU control words after reset, exceptions masked */
	c->sp = sp;
	c->tls = tls;
}

void context_entered(void)
{
	if (__sanitizer_finish_switch_fiber)
		__sanitizer_finish_switch_fiber(NULL, NULL, NULL);
}

/* Not instrumented: its frame may lie on the stack that is wiped. */
__attribute__((no_sanitize("address", "undefined"))) void context_switch(struct context *from,
									 struct context *to)
{
	struct thread *old = container_of(from, struct thread, context);
	struct thread *new = container_of(to, struct thread, context);
	bool first = !started; /* from the boot stack, whose context is in no thread */
	void *save = NULL;

	started = true;
	if (!first && old->state == THREAD_DEAD && __asan_unpoison_memory_region)
		__asan_unpoison_memory_region(old->stack, old->stack_bytes);
	host_machine->ops->thread_pointer(host_machine->host, to->tls);
	if (__sanitizer_start_switch_fiber)
		__sanitizer_start_switch_fiber(&save, new->stack, new->stack_bytes);
	context_swap(&from->sp, to->sp);
	if (__sanitizer_finish_switch_fiber)
		__sanitizer_finish_switch_fiber(save, NULL, NULL);
}
