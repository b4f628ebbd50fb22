// SPDX-License-Identifier: BSD-2-Clause
/*
 * agent.c - the simulation's part of an image. The linker puts it in front of a few functions
 * (--wrap, sim.mk), so the kernel knows nothing of it.
 *
 * A freed block is filled with a pattern that is no address, so whoever still uses it is found;
 * when it is given out again the pattern must still be there, so whoever wrote to it, too.
 */
#include <malloc.h>
#include "arch/host/machine.h"
#include "arch/host/memory_watch.h"
#include "arch/mmu.h"
#include "kernel/heap.h"
#include "kernel/thread.h"
#include "net/mem.h"
#include "net/net.h"
#include "tests/sim/agent.h"
#include "tests/sim/locks.h"

#define FREED      0xdb
#define FREED_WORD 0xdbdbdbdbdbdbdbdbull
#define RAM_MAX    (16ul << 20)
#define UNIT       16 /* bytes; a block begins at a multiple */

void __real_host_block_taken(struct heap *h, void *p, size_t bytes);
void __wrap_host_block_taken(struct heap *h, void *p, size_t bytes);
void __real_host_block_given(struct heap *h, void *p, size_t bytes);
void __wrap_host_block_given(struct heap *h, void *p, size_t bytes);
void __real_host_pages_taken(void *p, size_t bytes);
void __wrap_host_pages_taken(void *p, size_t bytes);
void *__real_net_alloc(size_t size);
void *__wrap_net_alloc(size_t size);
void __real_net_free(void *p, size_t size);
void __wrap_net_free(void *p, size_t size);
void __real_timer_interrupt(void);
void __wrap_timer_interrupt(void);

static struct sim_use use;
static uint8_t in_use[RAM_MAX / UNIT / 8];
static uint16_t freed[RAM_MAX / UNIT]; /* bytes with the pattern at this unit */

static bool ask(enum sim_point point, size_t value)
{
	unsigned long s = cpu_irq_save();
	bool yes =
		host_machine->ops->fails(host_machine->host, (enum host_fault_point)point, value);

	cpu_irq_restore(s);
	return yes;
}

/* --- memory --------------------------------------------------------------------------------- */

/* Is a block in use, or not any more; returns what it was. */
static bool mark(const void *p, bool on)
{
	size_t n = virt_to_phys(p) / UNIT;
	uint8_t bit = (uint8_t)(1u << n % 8);
	bool was = in_use[n / 8] & bit;

	in_use[n / 8] = on ? in_use[n / 8] | bit : in_use[n / 8] & (uint8_t)~bit;
	return was;
}

static void add_block(const struct heap *h, long n)
{
	long *count = h == &kernel_heap ? &use.kernel_blocks : &use.user_blocks;

	__atomic_add_fetch(count, n, __ATOMIC_RELAXED);
	ask(SIM_BLOCKS, (size_t)(use.kernel_blocks + use.user_blocks));
}

/* The heap's own mark is in the second word, and its guard behind what is asked for now, or in the
 * last word of that. */
static void check_freed(struct heap *h, const void *p)
{
	size_t bytes = MIN((size_t)freed[virt_to_phys(p) / UNIT], heap_usable_bytes(h, p));
	const uint64_t *at = p;

	freed[virt_to_phys(p) / UNIT] = 0;
	for (size_t n = 0; n + 1 < bytes / sizeof(*at); n++)
		if (at[n] != FREED_WORD && n != 1)
			ask(SIM_VIOLATION, (size_t) "a block was written to after it was freed");
}

/* The same event may be told more than once. */
void __wrap_host_block_taken(struct heap *h, void *p, size_t bytes)
{
	unsigned long s = cpu_irq_save();
	bool first = !mark(p, true);

	cpu_irq_restore(s);
	if (first)
		check_freed(h, p);
	__real_host_block_taken(h, p, bytes);
	if (first)
		add_block(h, 1);
}

void __wrap_host_block_given(struct heap *h, void *p, size_t bytes)
{
	size_t asked = heap_usable_bytes(h, p);
	unsigned long s = cpu_irq_save();
	bool first = mark(p, false);

	cpu_irq_restore(s);
	if (first) {
		locks_forget(p, bytes);
		__builtin_memset(p, FREED, asked);
		freed[virt_to_phys(p) / UNIT] = (uint16_t)MIN(asked, (size_t)UINT16_MAX);
		add_block(h, -1);
	}
	__real_host_block_given(h, p, bytes);
}

/* Whatever lay there, the pattern is not to be expected. */
void __wrap_host_pages_taken(void *p, size_t bytes)
{
	__builtin_memset(&freed[virt_to_phys(p) / UNIT], 0, bytes / UNIT * sizeof(freed[0]));
	__real_host_pages_taken(p, bytes);
}

void *__wrap_net_alloc(size_t size)
{
	void *p = __real_net_alloc(size);

	use.net_blocks += p != NULL;
	return p;
}

void __wrap_net_free(void *p, size_t size)
{
	use.net_blocks -= p != NULL;
	if (p)
		__builtin_memset(p, FREED, size);
	__real_net_free(p, size);
}

/* --- threads -------------------------------------------------------------------------------- */

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

/* --- for programs --------------------------------------------------------------------------- */

void sim_phase(enum sim_phase phase)
{
	ask(SIM_PHASE, phase);
}

static bool count_thread(struct thread *t UNIK_UNUSED, void *arg)
{
	++*(long *)arg;
	return false;
}

void sim_measure(struct sim_use *out)
{
	struct page_stats pages;

	net_enter();
	net_mem_trim();
	net_leave();
	malloc_trim(0);
	heap_trim(&kernel_heap);
	page_get_stats(&pages);
	*out = use;
	out->pages = (long)(pages.total_pages - pages.free_pages);
	out->threads = 0;
	(void)thread_find(count_thread, &out->threads);
}
