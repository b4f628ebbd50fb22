// SPDX-License-Identifier: BSD-2-Clause
/*
 * asm/cpu.h on the host - one make-believe CPU. The contract is in arch/cpu.h; include that.
 *
 * Interrupts are a flag that nobody delivers, preemption a count that a test may look at. What
 * halting does is a hook, so that the fake threads can let the fake clock run.
 *
 * Threading: one host thread.
 */
#pragma once

struct run_queue;

struct cpu {
	struct thread *current; /* set by the test or by tests/host/fake/thread.c */
	uint32_t preempt;       /* depth of preempt_disable() */
	bool irq_on;
	bool switch_wanted; /* what cpu_preempt_enable_test() says at depth 0 */
	uint64_t cycles;    /* cpu_cycles() counts up from here by cycles_step a call */
	uint64_t cycles_step;
	unsigned nrandom; /* how many cpu_random() has left; 0: the CPU has none */
	uint64_t random;  /* the next of them */
	void (*halt)(void);
	void (*relax)(void); /* what changes while somebody spins; NULL: nothing ever will */
	unsigned index;
	struct run_queue *run_queue;
};

extern struct cpu host_cpu;

static inline unsigned long cpu_irq_save(void)
{
	unsigned long was = host_cpu.irq_on;

	host_cpu.irq_on = false;
	return was;
}

static inline void cpu_irq_restore(unsigned long was)
{
	host_cpu.irq_on = was;
}

static inline void cpu_irq_enable(void)
{
	host_cpu.irq_on = true;
}

static inline void cpu_irq_disable(void)
{
	host_cpu.irq_on = false;
}

static inline bool cpu_irq_enabled(void)
{
	return host_cpu.irq_on;
}

/* In a spin loop, with one host thread: nobody will ever release that lock. */
void cpu_relax(void);

static inline void cpu_halt(void)
{
	if (host_cpu.halt)
		host_cpu.halt();
}

static inline struct cpu *cpu_self(void)
{
	return &host_cpu;
}

static inline struct thread *cpu_current_thread(void)
{
	return host_cpu.current;
}

static inline void cpu_preempt_disable(void)
{
	host_cpu.preempt++;
}

static inline bool cpu_preempt_enable_test(void)
{
	return --host_cpu.preempt == 0 && host_cpu.switch_wanted;
}

static inline void cpu_preempt_request(void)
{
	host_cpu.switch_wanted = true;
}

static inline void cpu_preempt_request_clear(void)
{
	host_cpu.switch_wanted = false;
}

static inline uint32_t cpu_preempt_depth(void)
{
	return host_cpu.preempt;
}

static inline uint64_t cpu_cycles(void)
{
	return host_cpu.cycles += host_cpu.cycles_step;
}

static inline bool cpu_random(uint64_t *out)
{
	if (host_cpu.nrandom == 0)
		return false;
	host_cpu.nrandom--;
	*out = host_cpu.random;
	host_cpu.random = host_cpu.random * 6364136223846793005 + 1442695040888963407;
	return true;
}
