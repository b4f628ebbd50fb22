// SPDX-License-Identifier: BSD-2-Clause
/*
 * cpu.h - the porting contract, part 1: one CPU.
 *
 * struct cpu is the per-CPU area; the current one is one register away. The inline functions
 * come from the architecture's <asm/cpu.h>:
 *
 *   unsigned long cpu_irq_save(void)        interrupts off; returns how they were
 *   void cpu_irq_restore(unsigned long s)   back to that; CPU_IRQ_ON, CPU_IRQ_OFF are states
 *   void cpu_irq_enable(void), cpu_irq_disable(void)
 *   bool cpu_irq_enabled(void)
 *   void cpu_relax(void)                    in a spin loop
 *   void cpu_halt(void)                     interrupts on and sleep until one came, without a
 *                                           gap between the two; interrupts are off on return
 *   struct cpu *cpu_self(void)              valid while preemption is off
 *   struct thread *cpu_current_thread(void) one load; right in any context of a thread
 *   void cpu_set_current(struct thread *t)
 *   void cpu_preempt_request(void)          a switch is wanted on this CPU
 *   void cpu_preempt_request_clear(void)
 *   uint32_t cpu_preempt_depth(void)        how deeply preemption is disabled
 *   void cpu_preempt_disable(void)          one instruction each: count in struct cpu
 *   bool cpu_preempt_enable_test(void)      count down; true when it is 0 and a switch is wanted
 *   uint64_t cpu_cycles(void)               the cycle counter, not ordered
 *   bool cpu_random(uint64_t *out)          a hardware random number; false where there is none
 */
#pragma once
#include "lib/base/compiler.h"
#include "lib/base/list.h"

struct thread;
struct cpu;
#include <asm/cpu.h>

extern const char arch_name[]; /* as uname -m has it: "x86_64" */

/* cpu_init_boot() - the boot CPU's area, traps, and features. Called once, first of all. */
void cpu_init_boot(void);
UNIK_NORETURN void cpu_stop(void); /* interrupts off, for ever */
