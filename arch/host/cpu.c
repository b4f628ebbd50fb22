// SPDX-License-Identifier: BSD-2-Clause
/*
 * cpu.c - the CPU of an image: events, interrupt lines, waiting, the clock.
 */
#include "arch/cpu.h"
#include <cpuid.h>
#include <errno.h>
#include "arch/clock.h"
#include "arch/host/machine.h"
#include "arch/irq.h"
#include "arch/x86_64/trap.h"
#include "kernel/sched.h"
#include "kernel/timer.h"

#define IRQ_STACK_BYTES 65536 /* sanitized frames are large */
#define VECTOR_STATE    0xe7  /* x87, SSE, AVX, AVX-512: of XCR0, Intel SDM vol. 1, 13.3 */

const char arch_name[] = "x86_64";
struct cpu host_cpu;

static char irq_stack[IRQ_STACK_BYTES] UNIK_ALIGNED(64);
static uint8_t vector_of_line[HOST_LINES]; /* 0: nobody listens */
static uint32_t masked;                    /* lines */

/* Bytes of the state components of a mask in the standard format: Intel SDM vol. 1, 13.4. */
static uint32_t xsave_bytes(uint32_t mask)
{
	uint32_t bytes = 512 + 64;

	for (unsigned i = 2; i < 32; i++) {
		uint32_t len, offset, c, d;

		__cpuid_count(0xd, i, len, offset, c, d);
		if (mask >> i & 1)
			bytes = MAX(bytes, offset + len);
	}
	return ALIGN_UP(bytes, 64u);
}

/* What the host's kernel has switched on is in XCR0. */
static void init_fpu(struct cpu *c)
{
	uint32_t a, b, features, d, mask, high;

	c->fpu_bytes = 512;
	__cpuid(1, a, b, features, d);
	if (!(features & bit_OSXSAVE))
		return;
	__asm__ volatile("xgetbv" : "=a"(mask), "=d"(high) : "c"(0));
	c->fpu_mask = mask & VECTOR_STATE;
	c->fpu_bytes = xsave_bytes(c->fpu_mask);
	c->use_xsave = true;
}

void cpu_init_boot(void)
{
	struct cpu *c = &host_cpu;

	c->preempt = CPU_NO_RESCHED;
	c->irq_stack = (uintptr_t)irq_stack + IRQ_STACK_BYTES;
	init_fpu(c);
	sched_init_cpu(c);
	irqchip_init();
}

UNIK_NORETURN void cpu_stop(void)
{
	cpu_irq_disable();
	host_machine->ops->exit(host_machine->host, 0);
}

bool cpu_random(uint64_t *out)
{
	return host_machine->ops->entropy(host_machine->host, out, sizeof(*out)) == sizeof(*out);
}

uint64_t cpu_cycles(void)
{
	return host_machine->ops->clock(host_machine->host);
}

/* --- time --------------------------------------------------------------------------------- */

uint64_t arch_cycles_hz(void)
{
	return (uint64_t)NS_PER_S;
}

void arch_timer_init(void)
{
}

void arch_timer_set(ns_t span)
{
	int64_t now = (int64_t)cpu_cycles(), at = HOST_NEVER;

	if (span != NS_NEVER && MAX(span, (ns_t)0) < HOST_NEVER - now)
		at = now + MAX(span, (ns_t)0);
	host_machine->ops->timer(host_machine->host, at);
}

/* --- events ------------------------------------------------------------------------------- */

void host_raise(uint32_t events)
{
	__atomic_fetch_or(&host_cpu.pending, events, __ATOMIC_RELAXED);
}

/* A line that is masked stays pending, as in an interrupt controller, and is not looked at. */
static uint32_t take_events(void)
{
	uint32_t keep = READ_ONCE(masked);

	return __atomic_fetch_and(&host_cpu.pending, keep, __ATOMIC_RELAXED) & ~keep;
}

static bool any_pending(void)
{
	return READ_ONCE(host_cpu.pending) & ~READ_ONCE(masked);
}

/* All that is pending. */
void irq_handle(unsigned vector UNIK_UNUSED)
{
	uint32_t events = take_events();

	cpu_self()->irq_seen = true;
	if (events & HOST_EVENT(HOST_LINE_TIMER))
		timer_interrupt();
	events &= ~HOST_EVENT(HOST_LINE_TIMER);
	for (; events; events &= events - 1) {
		unsigned line_vector = vector_of_line[__builtin_ctz(events)];

		if (line_vector)
			irq_dispatch(line_vector);
	}
}

/* Interrupts are off. Returns whether the thread has to give way. */
bool irq_enter(void)
{
	cpu_preempt_disable();
	irq_handle(IRQ_VECTOR_EVENTS);
	return cpu_preempt_enable_test();
}

/* As an interrupt that comes at this very place. */
void cpu_take_pending(void)
{
	while (any_pending()) {
		cpu_irq_disable();
		if (irq_enter())
			sched_preempt();
		WRITE_ONCE(host_cpu.irq_state, CPU_IRQ_ON);
	}
}

/* The end of a trap: interrupts as they were. */
void irq_leave(unsigned long state)
{
	if (state & CPU_IRQ_ON)
		cpu_irq_enable();
}

void cpu_halt(void)
{
	if (!any_pending())
		host_machine->ops->wait(host_machine->host);
	cpu_irq_enable();
	cpu_irq_disable();
}

/* --- lines -------------------------------------------------------------------------------- */

void irqchip_init(void)
{
	masked = ~HOST_EVENT(HOST_LINE_TIMER);
}

int irqchip_route(unsigned gsi, enum irq_trigger trigger UNIK_UNUSED, unsigned vector)
{
	if (gsi >= HOST_LINES)
		return -ENODEV;
	vector_of_line[gsi] = (uint8_t)vector;
	return 0;
}

void irqchip_set_mask(unsigned gsi, bool mask)
{
	unsigned long s;

	if (mask)
		__atomic_fetch_or(&masked, 1u << gsi, __ATOMIC_RELAXED);
	else
		__atomic_fetch_and(&masked, ~(1u << gsi), __ATOMIC_RELAXED);
	s = cpu_irq_save();
	host_machine->ops->listen(host_machine->host, gsi, !mask);
	cpu_irq_restore(s);
}

int irq_msi_compose(unsigned vector UNIK_UNUSED, uint32_t device UNIK_UNUSED,
		    struct msi_message *msg UNIK_UNUSED)
{
	return -ENODEV;
}

void irq_msi_release(unsigned vector UNIK_UNUSED)
{
}
