// SPDX-License-Identifier: BSD-2-Clause
/*
 * asm/cpu.h - one x86-64 CPU. The contract is in arch/cpu.h; include that.
 *
 * %gs points to the CPU's struct cpu. The word `preempt` is the nesting depth of
 * preempt_disable() with the top bit inverted to "a switch is wanted", so that one decrement
 * answers "depth is zero and a switch is wanted".
 */
#pragma once
#include <asm/cpu_offsets.h>

struct cpu {
	struct cpu *self;
	struct thread *current;
	uint32_t preempt;    /* depth | CPU_NO_RESCHED unless a switch is wanted */
	bool idling;         /* in the idle loop, or polling before it */
	bool irq_seen;       /* an interrupt came since idling last looked, or it saw more */
	uintptr_t irq_stack; /* top of the interrupt stack */
	uint32_t fpu_bytes;  /* size of the save area of FPU registers */
	uint32_t use_xsave;  /* XSAVE with mask in edx:eax = all, else FXSAVE */
	unsigned index;
	struct run_queue *run_queue;
};

_Static_assert(offsetof(struct cpu, current) == CPU_CURRENT, "cpu_offsets.h");
_Static_assert(offsetof(struct cpu, preempt) == CPU_PREEMPT, "cpu_offsets.h");
_Static_assert(offsetof(struct cpu, irq_stack) == CPU_IRQ_STACK, "cpu_offsets.h");
_Static_assert(offsetof(struct cpu, fpu_bytes) == CPU_FPU_BYTES, "cpu_offsets.h");
_Static_assert(offsetof(struct cpu, use_xsave) == CPU_USE_XSAVE, "cpu_offsets.h");

/* Values that cpu_irq_save() returns. */
#define CPU_IRQ_ON  RFLAGS_IF
#define CPU_IRQ_OFF 0

static inline unsigned long cpu_irq_save(void)
{
	unsigned long flags;

	__asm__ volatile("pushfq; popq %0; cli" : "=r"(flags)::"memory");
	return flags & RFLAGS_IF;
}

static inline void cpu_irq_enable(void)
{
	__asm__ volatile("sti" ::: "memory");
}

static inline void cpu_irq_disable(void)
{
	__asm__ volatile("cli" ::: "memory");
}

static inline void cpu_irq_restore(unsigned long flags)
{
	__asm__ volatile("" ::: "memory");
	if (flags != CPU_IRQ_OFF)
		cpu_irq_enable();
}

static inline bool cpu_irq_enabled(void)
{
	unsigned long flags;

	__asm__ volatile("pushfq; popq %0" : "=r"(flags));
	return flags & RFLAGS_IF;
}

static inline void cpu_relax(void)
{
	__asm__ volatile("pause" ::: "memory");
}

/* STI takes effect after the next instruction, so no interrupt slips in before HLT. */
static inline void cpu_halt(void)
{
	__asm__ volatile("sti; hlt; cli" ::: "memory");
}

static inline struct cpu *cpu_self(void)
{
	struct cpu *c;

	__asm__ volatile("movq %%gs:0, %0" : "=r"(c));
	return c;
}

static inline struct thread *cpu_current_thread(void)
{
	struct thread *t;

	__asm__ volatile("movq %%gs:%c1, %0" : "=r"(t) : "i"(CPU_CURRENT));
	return t;
}

static inline void cpu_set_current(struct thread *t)
{
	__asm__ volatile("movq %0, %%gs:%c1" ::"r"(t), "i"(CPU_CURRENT) : "memory");
}

static inline void cpu_preempt_disable(void)
{
	__asm__ volatile("incl %%gs:%c0" ::"i"(CPU_PREEMPT) : "memory", "cc");
}

static inline bool cpu_preempt_enable_test(void)
{
	bool wanted;

	__asm__ volatile("decl %%gs:%c1" : "=@ccz"(wanted) : "i"(CPU_PREEMPT) : "memory");
	return wanted;
}

static inline uint64_t cpu_cycles(void)
{
	uint32_t lo, hi;

	__asm__ volatile("rdtsc" : "=a"(lo), "=d"(hi));
	return (uint64_t)hi << 32 | lo;
}

/* cpu_preempt_request() - a switch is wanted on this CPU; interrupts or preemption are off. */
static inline void cpu_preempt_request(void)
{
	__asm__ volatile("andl %1, %%gs:%c0" ::"i"(CPU_PREEMPT), "i"(~CPU_NO_RESCHED)
			 : "memory", "cc");
}

static inline void cpu_preempt_request_clear(void)
{
	__asm__ volatile("orl %1, %%gs:%c0" ::"i"(CPU_PREEMPT), "i"(CPU_NO_RESCHED)
			 : "memory", "cc");
}

static inline uint32_t cpu_preempt_depth(void)
{
	uint32_t depth;

	__asm__ volatile("movl %%gs:%c1, %0" : "=r"(depth) : "i"(CPU_PREEMPT));
	return depth & ~CPU_NO_RESCHED;
}

/* cpu_preempt_wanted() - a switch is wanted and nothing forbids it. */
static inline bool cpu_preempt_wanted(void)
{
	uint32_t word;

	__asm__ volatile("movl %%gs:%c1, %0" : "=r"(word) : "i"(CPU_PREEMPT));
	return word == 0;
}

/* cpu_fault_address() - where the page fault that is being handled was. */
static inline uintptr_t cpu_fault_address(void)
{
	uintptr_t address;

	__asm__ volatile("movq %%cr2, %0" : "=r"(address));
	return address;
}

bool cpu_random(uint64_t *out);
