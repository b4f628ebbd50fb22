// SPDX-License-Identifier: BSD-2-Clause
/*
 * machine.h - what the files of arch/host share. The boundary to the process: <asm/host.h>.
 */
#pragma once
#include "lib/base/compiler.h"
#include <asm/host.h>

/* Set once, by start(). */
extern const struct host_machine *host_machine;

/* The parts of host_image that may be called from signal handlers. */
void host_raise(uint32_t events);
enum host_answer host_interrupt(long long *registers);
enum host_answer host_fault(long long *registers);

/* pagetable_init() - an empty table; needs the page allocator.
 * pagetable_fill() - the page of `va` as the tables have it, if they allow the access (enum
 * fault_access); false: they do not. *known: there is an accessible page. Signal handler. */
void pagetable_init(void);
bool pagetable_fill(uintptr_t va, unsigned access, bool *known);

/* irq_enter(), irq_leave() - called by trap_entry: interrupts are off. */
bool irq_enter(void);
void irq_leave(unsigned long state);

/* context_entered() - what a thread does first: tells sanitizers that it is on its stack.
 * context_swap() - the switch itself. */
void context_entered(void);
void context_swap(void **from_sp, void *to_sp);
