// SPDX-License-Identifier: BSD-2-Clause
/*
 * agent.c - the simulation's part of an image. The linker puts it in front of a few functions
 * (--wrap, sim.mk), so the kernel knows nothing of it.
 *
 * A freed block is filled with a pattern that is no address, so whoever still uses it is found.
 */
#include "arch/host/machine.h"
#include "kernel/heap.h"
#include "kernel/thread.h"
#include "net/mem.h"
#include "net/net.h"
#include "tests/sim/agent.h"
#include "tests/sim/locks.h"

#define FREED 0xdb

/* What arch/host/inject.c calls in the simulation instead of the real ones. */
void *agent_heap_alloc(struct heap *h, size_t size);
void *agent_heap_alloc_aligned(struct heap *h, size_t align, size_t size);
void *agent_kzalloc(size_t size);

void *__real_heap_alloc(struct heap *h, size_t size);
void *__real_heap_alloc_aligned(struct heap *h, size_t align, size_t size);
void *__real_kzalloc(size_t size);
void __real_heap_free(struct heap *h, void *p);
void __wrap_heap_free(struct heap *h, void *p);
void __real_net_free(void *p, size_t size);
void __wrap_net_free(void *p, size_t size);
void __real_timer_interrupt(void);
void __wrap_timer_interrupt(void);

static long blocks; /* of the kernel's heap */

static bool ask(enum sim_point point, size_t value)
{
	unsigned long s = cpu_irq_save();
	bool yes =
		host_machine->ops->fails(host_machine->host, (enum host_fault_point)point, value);

	cpu_irq_restore(s);
	return yes;
}

static void add_blocks(const struct heap *h, long n)
{
	if (h == &kernel_heap)
		ask(SIM_BLOCKS, (size_t)__atomic_add_fetch(&blocks, n, __ATOMIC_RELAXED));
}

static void *counted(const struct heap *h, void *p)
{
	if (p)
		add_blocks(h, 1);
	return p;
}

void *agent_heap_alloc(struct heap *h, size_t size)
{
	return counted(h, __real_heap_alloc(h, size));
}

void *agent_heap_alloc_aligned(struct heap *h, size_t align, size_t size)
{
	return counted(h, __real_heap_alloc_aligned(h, align, size));
}

void *agent_kzalloc(size_t size)
{
	return counted(&kernel_heap, __real_kzalloc(size));
}

void __wrap_heap_free(struct heap *h, void *p)
{
	if (p) {
		add_blocks(h, -1);
		locks_forget(p, heap_usable_bytes(h, p));
		__builtin_memset(p, FREED, heap_usable_bytes(h, p));
	}
	__real_heap_free(h, p);
}

void __wrap_net_free(void *p, size_t size)
{
	if (p)
		__builtin_memset(p, FREED, size);
	__real_net_free(p, size);
}

/* As if the running thread's turn had just ended. */
void __wrap_timer_interrupt(void)
{
	struct thread *self = thread_current();

	__real_timer_interrupt();
	if (!self || !ask(SIM_PREEMPT, 0))
		return;
	self->slices = THREAD_TURN_SLICES;
	cpu_preempt_request();
}

void sim_phase(enum sim_phase phase)
{
	ask(SIM_PHASE, phase);
}

long sim_blocks(void)
{
	net_enter();
	net_mem_trim();
	net_leave();
	return blocks;
}
