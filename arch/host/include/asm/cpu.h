// SPDX-License-Identifier: BSD-2-Clause
/*
 * asm/cpu.h - the one CPU of an image on the host. The contract is in arch/cpu.h; include that.
 *
 * An interrupt is a signal that finds irq_state on, or an event that is found pending when it is
 * turned on. So turning interrupts off is a store. What a signal may change behind the back of
 * the code that it stops is changed by single instructions.
 */
#pragma once
#include <asm/cpu_offsets.h>

struct cpu {
	uintptr_t irq_stack; /* top of the interrupt stack */
	uint32_t fpu_bytes;  /* size of the save area of FPU registers */
	uint32_t use_xsave;  /* XSAVE with fpu_mask, else FXSAVE */
	uint32_t fpu_mask;
	uint32_t irq_state; /* CPU_IRQ_ON or CPU_IRQ_OFF */
	uint32_t pending;   /* events that were raised and not taken (HOST_EVENT_*) */
	uint32_t preempt;   /* depth | CPU_NO_RESCHED unless a switch is wanted */
	struct thread *current;
	uintptr_t fault_address; /* of the last page fault */
	bool idling;             /* in the idle loop, or polling before it */
	bool irq_seen;           /* an interrupt came since idling last looked, or it saw more */
	unsigned index;
	struct run_queue *run_queue;
};

_Static_assert(offsetof(struct cpu, irq_stack) == CPU_IRQ_STACK, "cpu_offsets.h");
_Static_assert(offsetof(struct cpu, fpu_bytes) == CPU_FPU_BYTES, "cpu_offsets.h");
_Static_assert(offsetof(struct cpu, use_xsave) == CPU_USE_XSAVE, "cpu_offsets.h");
_Static_assert(offsetof(struct cpu, fpu_mask) == CPU_FPU_MASK, "cpu_offsets.h");
_Static_assert(offsetof(struct cpu, irq_state) == CPU_IRQ_STATE, "cpu_offsets.h");

extern struct cpu host_cpu;

/* Values that cpu_irq_save() returns. */
#define CPU_IRQ_ON  RFLAGS_IF
#define CPU_IRQ_OFF 0

/* cpu_take_pending() - interrupts are on, and there are events. cpu_halt() - see arch/cpu.h.
 * cpu_cycles() - nanoseconds of the host's clock. */
void cpu_take_pending(void);
void cpu_halt(void);
uint64_t cpu_cycles(void);
bool cpu_random(uint64_t *out);

static inline void cpu_irq_disable(void)
{
	WRITE_ONCE(host_cpu.irq_state, CPU_IRQ_OFF);
	__asm__ volatile("" ::: "memory");
}

static inline unsigned long cpu_irq_save(void)
{
	unsigned long state = READ_ONCE(host_cpu.irq_state);

	cpu_irq_disable();
	return state;
}

static inline void cpu_irq_enable(void)
{
	__asm__ volatile("" ::: "memory");
	WRITE_ONCE(host_cpu.irq_state, CPU_IRQ_ON);
	if (unlikely(READ_ONCE(host_cpu.pending) != 0))
		cpu_take_pending();
}

static inline void cpu_irq_restore(unsigned long state)
{
	__asm__ volatile("" ::: "memory");
	if (state != CPU_IRQ_OFF)
		cpu_irq_enable();
}

static inline bool cpu_irq_enabled(void)
{
	return READ_ONCE(host_cpu.irq_state) != CPU_IRQ_OFF;
}

static inline void cpu_relax(void)
{
	__asm__ volatile("pause" ::: "memory");
}

static inline struct cpu *cpu_self(void)
{
	return &host_cpu;
}

static inline struct thread *cpu_current_thread(void)
{
	return READ_ONCE(host_cpu.current);
}

static inline void cpu_set_current(struct thread *t)
{
	WRITE_ONCE(host_cpu.current, t);
}

static inline void cpu_preempt_disable(void)
{
	__asm__ volatile("incl %0" : "+m"(host_cpu.preempt)::"memory", "cc");
}

static inline bool cpu_preempt_enable_test(void)
{
	bool wanted;

	__asm__ volatile("decl %1" : "=@ccz"(wanted), "+m"(host_cpu.preempt)::"memory");
	return wanted;
}

/* cpu_preempt_request() - a switch is wanted on this CPU; interrupts or preemption are off. */
static inline void cpu_preempt_request(void)
{
	__asm__ volatile("andl %1, %0"
			 : "+m"(host_cpu.preempt)
			 : "i"(~CPU_NO_RESCHED)
			 : "memory", "cc");
}

static inline void cpu_preempt_request_clear(void)
{
	__asm__ volatile("orl %1, %0"
			 : "+m"(host_cpu.preempt)
			 : "i"(CPU_NO_RESCHED)
			 : "memory", "cc");
}

static inline uint32_t cpu_preempt_depth(void)
{
	return READ_ONCE(host_cpu.preempt) & ~CPU_NO_RESCHED;
}

/* cpu_preempt_wanted() - a switch is wanted and nothing forbids it. */
static inline bool cpu_preempt_wanted(void)
{
	return READ_ONCE(host_cpu.preempt) == 0;
}

/* cpu_fault_address() - where the page fault that is being handled was. */
static inline uintptr_t cpu_fault_address(void)
{
	return host_cpu.fault_address;
}
