// SPDX-License-Identifier: BSD-2-Clause
/*
 * asm/cpu.h - one AArch64 CPU. The contract is in arch/cpu.h; include that.
 *
 * TPIDR_EL1 points to the CPU's struct cpu, TPIDRRO_EL0 to its current thread. Threads and
 * interrupt handlers run at EL1 on SP_EL0; SP_EL1 is the stack of the moment after an exception,
 * so that a fault finds a good stack whatever it comes from.
 */
#pragma once
#include <asm/cpu_offsets.h>

/*
 * The two halves are written separately, so that an interrupt between the load and the store of a
 * change of `depth` loses nothing that it did to the other; read together they are 0 when
 * preemption is allowed and a switch is wanted.
 */
union cpu_preempt {
	struct {
		uint32_t depth;
		uint32_t unwanted; /* 1: no switch is wanted */
	};
	uint64_t both;
};

struct cpu {
	union cpu_preempt preempt;
	uintptr_t irq_stack;    /* top of the interrupt stack */
	uintptr_t nested_stack; /* top of the stack of faults in the handling of a fault */
	bool idling;            /* in the idle loop, or polling before it */
	bool irq_seen;          /* an interrupt came since idling last looked, or it saw more */
	unsigned index;
	struct run_queue *run_queue;
};

_Static_assert(offsetof(struct cpu, preempt) == CPU_PREEMPT, "cpu_offsets.h");
_Static_assert(offsetof(struct cpu, irq_stack) == CPU_IRQ_STACK, "cpu_offsets.h");
_Static_assert(offsetof(struct cpu, nested_stack) == CPU_NESTED_STACK, "cpu_offsets.h");

/* Values that cpu_irq_save() returns: PSTATE.I as DAIF shows it. */
#define CPU_IRQ_ON  0
#define CPU_IRQ_OFF (1 << 7)

static inline unsigned long cpu_irq_save(void)
{
	unsigned long daif;

	__asm__ volatile("mrs %0, daif\n\tmsr daifset, %1"
			 : "=r"(daif)
			 : "i"(DAIF_IRQ_BIT)
			 : "memory");
	return daif & CPU_IRQ_OFF;
}

static inline void cpu_irq_enable(void)
{
	__asm__ volatile("msr daifclr, %0" ::"i"(DAIF_IRQ_BIT) : "memory");
}

static inline void cpu_irq_disable(void)
{
	__asm__ volatile("msr daifset, %0" ::"i"(DAIF_IRQ_BIT) : "memory");
}

static inline void cpu_irq_restore(unsigned long state)
{
	__asm__ volatile("" ::: "memory");
	if (state != CPU_IRQ_OFF)
		cpu_irq_enable();
}

static inline bool cpu_irq_enabled(void)
{
	unsigned long daif;

	__asm__ volatile("mrs %0, daif" : "=r"(daif));
	return !(daif & CPU_IRQ_OFF);
}

static inline void cpu_relax(void)
{
	__asm__ volatile("yield" ::: "memory");
}

/* A masked interrupt ends WFI too (Arm ARM, D1.6.2); it is taken before the ISB is over. */
static inline void cpu_halt(void)
{
	__asm__ volatile(
		"dsb sy\n\twfi\n\tmsr daifclr, %0\n\tisb\n\tmsr daifset, %0" ::"i"(DAIF_IRQ_BIT)
		: "memory");
}

static inline struct cpu *cpu_self(void)
{
	struct cpu *c;

	__asm__ volatile("mrs %0, tpidr_el1" : "=r"(c));
	return c;
}

static inline struct thread *cpu_current_thread(void)
{
	struct thread *t;

	__asm__ volatile("mrs %0, tpidrro_el0" : "=r"(t));
	return t;
}

static inline void cpu_set_current(struct thread *t)
{
	__asm__ volatile("msr tpidrro_el0, %0" ::"r"(t) : "memory");
}

/* An interrupt leaves the depth as it found it, and a thread stays on its CPU: so load, add, store
 * need not be one instruction. */
static inline void cpu_preempt_disable(void)
{
	uint32_t *depth = &cpu_self()->preempt.depth;

	__atomic_store_n(depth, __atomic_load_n(depth, __ATOMIC_RELAXED) + 1, __ATOMIC_RELAXED);
	__asm__ volatile("" ::: "memory");
}

static inline bool cpu_preempt_enable_test(void)
{
	union cpu_preempt *p = &cpu_self()->preempt;

	__asm__ volatile("" ::: "memory");
	__atomic_store_n(&p->depth, __atomic_load_n(&p->depth, __ATOMIC_RELAXED) - 1,
			 __ATOMIC_RELAXED);
	return __atomic_load_n(&p->both, __ATOMIC_RELAXED) == 0;
}

static inline void cpu_preempt_request(void)
{
	__atomic_store_n(&cpu_self()->preempt.unwanted, 0, __ATOMIC_RELAXED);
}

static inline void cpu_preempt_request_clear(void)
{
	__atomic_store_n(&cpu_self()->preempt.unwanted, 1, __ATOMIC_RELAXED);
}

static inline uint32_t cpu_preempt_depth(void)
{
	return __atomic_load_n(&cpu_self()->preempt.depth, __ATOMIC_RELAXED);
}

/* cpu_preempt_wanted() - a switch is wanted and nothing forbids it. */
static inline bool cpu_preempt_wanted(void)
{
	return __atomic_load_n(&cpu_self()->preempt.both, __ATOMIC_RELAXED) == 0;
}

/* The generic timer's counter, the virtual one: it is there at EL1 whoever is above. */
static inline uint64_t cpu_cycles(void)
{
	uint64_t v;

	__asm__ volatile("mrs %0, cntvct_el0" : "=r"(v));
	return v;
}

bool cpu_random(uint64_t *out);
