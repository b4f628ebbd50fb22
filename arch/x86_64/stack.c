// SPDX-License-Identifier: BSD-2-Clause
/*
 * stack.c - large stacks get their pages on first touch.
 *
 * Library code runs on the same stacks, so a touch may come anywhere: with any lock held, and from
 * the CPU itself while it delivers an interrupt. Hence:
 *
 * - Page faults get a stack of their own (an IST entry, SDM vol. 3, 6.14.5). A fault that is not
 *   about a stack goes on as if it had none: its frame is copied to where the CPU would have put
 *   it, and the stack pointer of the IST entry is lowered meanwhile, because the rest of the
 *   handling may fault again.
 * - A promised page has an entry of its own kind in a table that is there already. Filling it
 *   takes no lock and a page from a reserve, which is refilled whenever the page allocator is not
 *   what was interrupted. What happens under its lock needs a page or two.
 * - An interrupt that could not be pushed is gone for the CPU, but still in service for the local
 *   APIC. It is handled here.
 *
 * Under one CPU: nobody fills two pages at the same time.
 */
#include "arch/stack.h"
#include "arch/cpu.h"
#include "arch/mmu.h"
#include "arch/x86_64/fault_stack.h"
#include "arch/x86_64/lapic.h"
#include "arch/x86_64/trap.h"
#include "kernel/area.h"
#include "kernel/page.h"
#include "kernel/panic.h"
#include "kernel/sealed.h"
#include "kernel/thread.h"
#include <asm/boot.h>
#include <asm/pagetable.h>

#define TOP_PAGES     16 /* of a large stack, there from the beginning */
#define SMALL_PAGES   32 /* stacks up to here have all of them */
#define RESERVE_PAGES 8
#define PTE_PROMISED  PTE_WRITE /* not present: the CPU looks at nothing else */

/* A frame, what it takes to save all FPU registers, and the first calls of a handler. */
#define HANDLER_BYTES (2 * PAGE_SIZE)

#define FAULT_LEVEL_BYTES (2 * (long)PAGE_SIZE)
#define FAULT_LEVELS      4

static void *reserve[RESERVE_PAGES];
static unsigned nreserve;
static page_fault_handler *SEALED other_faults;

/* --- pages -------------------------------------------------------------------------------- */

/* The entry of va in the lowest table; NULL when a large page or nothing is there. */
static uint64_t *find_leaf(uintptr_t va, bool *large)
{
	uint64_t *table = pagetable_root;

	*large = false;
	for (unsigned level = 4; level > 1; level--) {
		uint64_t entry = table[va >> LEVEL_SHIFT(level) & 511];

		*large = entry & PTE_LARGE;
		if (!(entry & PTE_PRESENT) || *large)
			return NULL;
		table = phys_to_virt(entry & PTE_ADDRESS);
	}
	return &table[va >> PAGE_SHIFT & 511];
}

static void refill(void)
{
	void *page;

	while (nreserve < RESERVE_PAGES && !page_is_busy() && (page = page_alloc(0)))
		reserve[nreserve++] = page;
}

enum touch { NOT_THERE, THERE, FILLED, NO_MEMORY };

static enum touch touch(uintptr_t va)
{
	bool large;
	uint64_t *entry = find_leaf(va, &large);

	if (!entry || *entry != PTE_PROMISED)
		return large || (entry && *entry & PTE_PRESENT) ? THERE : NOT_THERE;
	refill();
	if (nreserve == 0)
		return NO_MEMORY;
	*entry = virt_to_phys(reserve[--nreserve]) | pagetable_flags(MMU_WRITE);
	return FILLED;
}

/* --- faults ------------------------------------------------------------------------------- */

/* The interrupt whose delivery faulted, if one did: interrupts were on, and yet one is served. */
static void handle_lost_interrupt(const struct trap_frame *f)
{
	unsigned vector = f->rflags & CPU_IRQ_ON ? lapic_in_service() : 0;

	if (!vector)
		return;
	cpu_preempt_disable();
	irq_handle(vector);
	(void)cpu_preempt_enable_test(); /* the next to enable it heeds a wanted switch */
}

/* Where the CPU would have put the frame, if there is a stack; else it stays where it is. */
static struct trap_frame *onto_thread_stack(struct trap_frame *f)
{
	uintptr_t end = ALIGN_DOWN(f->rsp, 16UL), begin = end - sizeof(*f);
	struct trap_frame *copy = (struct trap_frame *)begin;

	if (touch(begin) == NOT_THERE || touch(end - 1) == NOT_THERE)
		return f;
	for (size_t at = 0; at < HANDLER_BYTES; at += PAGE_SIZE)
		(void)touch(begin - HANDLER_BYTES + at);
	*copy = *f;
	return copy;
}

static struct trap_frame *handle(struct trap_frame *f, uintptr_t address)
{
	enum touch t = touch(address);

	if (t == NO_MEMORY)
		panic("out of memory: first touch of a page of a stack");
	if (t != FILLED)
		return other_faults(onto_thread_stack(f), address);
	handle_lost_interrupt(f);
	return NULL;
}

static struct trap_frame *stack_fault(struct trap_frame *f, uintptr_t address)
{
	struct trap_frame *next;

	fault_stack_move(-FAULT_LEVEL_BYTES);
	next = handle(f, address);
	fault_stack_move(FAULT_LEVEL_BYTES);
	return next;
}

/* --- stacks ------------------------------------------------------------------------------- */

static void free_promised(void *va, size_t npages)
{
	for (char *p = va; p < (char *)va + npages * PAGE_SIZE; p += PAGE_SIZE) {
		bool large;
		uint64_t *entry = find_leaf((uintptr_t)p, &large), old;

		if (!entry)
			continue;
		old = *entry;
		*entry = 0;
		pagetable_invalidate((uintptr_t)p);
		if (old & PTE_PRESENT)
			page_free(phys_to_virt(old & PTE_ADDRESS), 0);
	}
	area_free(va, npages);
}

static bool promise(char *va, size_t npages)
{
	for (char *p = va; p < va + npages * PAGE_SIZE; p += PAGE_SIZE) {
		irq_state_t s = spin_lock_irqsave(&pagetable_lock);
		uint64_t *entry = pagetable_entry((uintptr_t)p);

		if (entry)
			*entry = PTE_PROMISED;
		spin_unlock_irqrestore(&pagetable_lock, s);
		if (!entry)
			return false;
	}
	for (size_t i = npages - TOP_PAGES; i < npages; i++) {
		irq_state_t s = cpu_irq_save();
		enum touch t = touch((uintptr_t)(va + i * PAGE_SIZE));

		cpu_irq_restore(s);
		if (t == NO_MEMORY)
			return false;
	}
	return true;
}

static void *stack_alloc(size_t npages)
{
	char *va;

	if (npages <= SMALL_PAGES)
		return area_alloc_pages(npages);
	va = area_alloc(npages);
	if (va && !promise(va, npages)) {
		free_promised(va, npages);
		va = NULL;
	}
	return va;
}

static void stack_free(void *va, size_t npages)
{
	if (npages <= SMALL_PAGES)
		area_free_pages(va, npages);
	else
		free_promised(va, npages);
}

void stack_promise_start(void)
{
	static bool started;
	char *stack;

	if (started)
		return;
	stack = page_alloc_exact(FAULT_LEVELS * FAULT_LEVEL_BYTES / PAGE_SIZE);
	if (!stack)
		return; /* stacks go on to have all their memory */
	started = true;
	sealed_set(&other_faults, trap_page_fault);
	sealed_set(&trap_page_fault, stack_fault);
	sealed_set(&trap_mapping_fault, &other_faults);
	fault_stack_start(stack + FAULT_LEVELS * FAULT_LEVEL_BYTES);
	sealed_set(&thread_stack_alloc, stack_alloc);
	sealed_set(&thread_stack_free, stack_free);
}
