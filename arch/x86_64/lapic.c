// SPDX-License-Identifier: BSD-2-Clause
/*
 * lapic.c - the local APIC by MMIO or, where the CPU has x2APIC, by MSRs.
 */
#include "arch/x86_64/lapic.h"
#include "arch/clock.h"
#include "arch/cpu.h"
#include "arch/irq.h"
#include "arch/mmio.h"
#include "arch/mmu.h"
#include "arch/xen.h"
#include <asm/cpuid.h>
#include "arch/x86_64/trap.h"
#include "kernel/irq.h"
#include "kernel/panic.h"
#include "kernel/sealed.h"
#include "kernel/timer.h"

#define MSR_APIC_BASE    0x1b
#define APIC_BASE_ENABLE (1u << 11)
#define APIC_BASE_X2APIC (1u << 10)
#define MSR_X2APIC       0x800

#define REG_ID            0x20
#define REG_TPR           0x80
#define REG_EOI           0xb0
#define REG_SPURIOUS      0xf0
#define REG_IN_SERVICE    0x100 /* eight registers, 32 vectors each */
#define REG_LVT_TIMER     0x320
#define REG_LVT_LINT0     0x350
#define REG_LVT_LINT1     0x360
#define REG_TIMER_INITIAL 0x380
#define REG_TIMER_CURRENT 0x390
#define REG_TIMER_DIVIDE  0x3e0

#define SPURIOUS_ENABLE (1u << 8)
#define LVT_MASKED      (1u << 16)
#define DIVIDE_BY_16    3

/* Until the rate has been measured: so low that an interrupt comes early, never late. */
#define TIMER_HZ_LOW   1000000ULL
#define MEASURE_MIN    (20 * NS_PER_US)
#define MEASURE_MAX    (16 * NS_PER_S) /* 2^64 / NS_PER_S counts at 1 GHz; early is allowed */
#define MEASURE_ENOUGH (200 * NS_PER_MS)

static char *regs; /* NULL: x2APIC */
static bool ready;

static struct {
	uint64_t hz;   /* 0: it is Xen's that is used */
	ns_t measured; /* time spent measuring so far */
	ns_t armed_at;
	uint64_t armed_count; /* 0: off */
} timer;

static uint64_t read_msr(uint32_t msr)
{
	uint32_t lo, hi;

	__asm__ volatile("rdmsr" : "=a"(lo), "=d"(hi) : "c"(msr));
	return (uint64_t)hi << 32 | lo;
}

static void write_msr(uint32_t msr, uint64_t v)
{
	__asm__ volatile("wrmsr" ::"c"(msr), "a"((uint32_t)v), "d"((uint32_t)(v >> 32)) : "memory");
}

static uint32_t lapic_read(unsigned reg)
{
	return regs ? mmio_read32(regs + reg) : (uint32_t)read_msr(MSR_X2APIC + reg / 16);
}

static void lapic_write(unsigned reg, uint32_t v)
{
	if (regs)
		mmio_write32(regs + reg, v);
	else
		write_msr(MSR_X2APIC + reg / 16, v);
}

void lapic_init(void)
{
	uint64_t base;

	if (ready)
		return;
	base = read_msr(MSR_APIC_BASE);
	if (cpuid(1, 0).ecx & CPUID_1_ECX_X2APIC) {
		write_msr(MSR_APIC_BASE, base | APIC_BASE_ENABLE | APIC_BASE_X2APIC);
	} else {
		write_msr(MSR_APIC_BASE, base | APIC_BASE_ENABLE);
		regs = mmu_map_device(base & 0xffffff000ULL, PAGE_SIZE);
		if (!regs)
			panic("no memory to map the local APIC");
	}
	ready = true;
	lapic_write(REG_TPR, 0);
	lapic_write(REG_LVT_LINT0, LVT_MASKED); /* the 8259 has nothing to say any more */
	lapic_write(REG_LVT_LINT1, LVT_MASKED);
	lapic_write(REG_SPURIOUS, SPURIOUS_ENABLE | IRQ_VECTOR_SPURIOUS);
}

/* After the handlers, which have quieted the device: before that, a level line would be delivered
 * again at once. An edge that comes meanwhile is remembered. */
static void end_of_interrupt(unsigned vector)
{
	if (vector >= IRQ_VECTOR_FIRST && vector != IRQ_VECTOR_SPURIOUS)
		lapic_write(REG_EOI, 0);
}

static void (*SEALED xen_upcall)(void);

uint64_t arch_xen_connect_upcall(void (*upcall)(void))
{
	if (!arch_xen_has_vector())
		return xen_upcall_line ? xen_upcall_line(upcall) : XEN_NO_UPCALL;
	sealed_set(&xen_upcall, upcall);
	return 2ULL << 56 | IRQ_VECTOR_XEN; /* by vector; public/hvm/params.h */
}

void irq_handle(unsigned vector)
{
	cpu_self()->irq_seen = true;
	if (vector == IRQ_VECTOR_TIMER)
		timer_interrupt();
	else if (vector >= IRQ_VECTOR_FIRST && vector != IRQ_VECTOR_SPURIOUS)
		irq_dispatch(vector);
	else if (vector == IRQ_VECTOR_XEN && xen_upcall)
		xen_upcall();
	end_of_interrupt(vector);
}

unsigned lapic_in_service(void)
{
	for (unsigned i = IRQ_VECTORS / 32; ready && i-- > IRQ_VECTOR_FIRST / 32;) {
		uint32_t served = lapic_read(REG_IN_SERVICE + 0x10 * i);

		if (served)
			return 32 * i + 31 - __builtin_clz(served);
	}
	return 0;
}

uint32_t lapic_id(void)
{
	uint32_t id = lapic_read(REG_ID);

	return regs ? id >> 24 : id;
}

int irq_msi_compose(unsigned vector, uint32_t device UNIK_UNUSED, struct msi_message *msg)
{
	lapic_init();
	/* SDM vol. 3, 10.11: fixed delivery, edge, to this CPU. */
	msg->address = 0xfee00000 | (uint64_t)(lapic_id() & 0xff) << 12;
	msg->data = vector;
	return 0;
}

void irq_msi_release(unsigned vector UNIK_UNUSED)
{
}

void arch_timer_init(void)
{
	if (xen_timer_start())
		return;
	lapic_init();
	lapic_write(REG_TIMER_DIVIDE, DIVIDE_BY_16);
	lapic_write(REG_LVT_TIMER, IRQ_VECTOR_TIMER);
	timer.hz = TIMER_HZ_LOW;
}

/*
 * Nobody tells the timer's rate, and nothing waits for measuring it: what has been counted since
 * the timer was last set, over the time that took, is never more than the rate. So the largest
 * value seen is the best, and with it interrupts come early or in time, not late.
 */
static void measure(void)
{
	uint64_t counted = timer.armed_count - lapic_read(REG_TIMER_CURRENT), hz;
	ns_t span = time_now() - timer.armed_at;

	if (span < MEASURE_MIN || span > MEASURE_MAX)
		return;
	hz = counted * (uint64_t)NS_PER_S / (uint64_t)span;
	timer.hz = MAX(timer.hz, hz);
	timer.measured += span;
}

void arch_timer_set(ns_t span)
{
	if (!timer.hz) {
		xen_timer_set(span);
		return;
	}
	if (timer.armed_count && timer.measured < MEASURE_ENOUGH)
		measure();
	timer.armed_count = 0;
	if (span != NS_NEVER) {
		span = MIN(MAX(span, (ns_t)0), MEASURE_MAX);
		timer.armed_count = (uint64_t)span * (timer.hz >> 10) / (NS_PER_S >> 10) + 1;
		timer.armed_count = MIN(timer.armed_count, (uint64_t)UINT32_MAX);
		timer.armed_at = time_now();
	}
	lapic_write(REG_TIMER_INITIAL, timer.armed_count);
}
