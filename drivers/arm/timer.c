// SPDX-License-Identifier: BSD-2-Clause
/*
 * timer.c - the generic timer: the virtual one, which EL1 has whoever is above it, and whose
 * counter cpu_cycles() reads. Ref: Arm ARM (DDI 0487), D12; the binding arm,arch_timer.
 */
#include "arch/clock.h"
#include "arch/cpu.h"
#include "drivers/bus/dt.h"
#include "kernel/panic.h"
#include "kernel/timer.h"
#include "lib/base/mul.h"
#include <asm/irq.h>
#include <asm/sysreg.h>

#define CTL_ENABLE    1
#define HZ_MIN        1000000 /* below this the firmware has not set the register up */
#define PRIVATE       1       /* first cell of a GIC's specifier, for a CPU's own line */
#define PRIVATE_FIRST 16
#define INDEX_VIRTUAL 2 /* secure, physical, virtual, hypervisor */
#define USUAL_INTID   27

static uint64_t counts_per_ns; /* in units of 2^-32, not too small */

static fdt_node_t timer_node(void)
{
	fdt_node_t node = dt_find(FDT_NONE, "arm,armv8-timer");

	/* What boards call it that began with a 32-bit CPU. */
	return node != FDT_NONE ? node : dt_find(FDT_NONE, "arm,armv7-timer");
}

uint64_t arch_cycles_hz(void)
{
	uint64_t hz = sysreg_read(cntfrq_el0) & UINT32_MAX;
	uint32_t told;

	if (hz < HZ_MIN && dt_get() &&
	    fdt_prop_u32(dt_get(), timer_node(), "clock-frequency", &told))
		hz = told;
	return hz < HZ_MIN ? 0 : hz;
}

static unsigned timer_intid(void)
{
	struct fdt_interrupt i;

	if (!dt_get() || !fdt_interrupt(dt_get(), timer_node(), INDEX_VIRTUAL, &i))
		return USUAL_INTID;
	if (fdt_is_compatible(dt_get(), i.controller, "brcm,bcm2836-l1-intc"))
		return PRIVATE_FIRST + i.cell[0];
	if (i.ncells < 2 || i.cell[0] != PRIVATE)
		return USUAL_INTID;
	return PRIVATE_FIRST + i.cell[1];
}

static void timer_off(void)
{
	sysreg_write(cntv_ctl_el0, 0);
	sysreg_sync();
}

/* One shot: off until it is set again. */
static void timer_fired(void)
{
	timer_off();
	timer_interrupt();
}

void arch_timer_init(void)
{
	timer_off();
	counts_per_ns = (arch_cycles_hz() << 32) / NS_PER_S + 1;
	if (irqchip_connect_cpu(timer_intid(), timer_fired))
		panic("the timer has no interrupt");
}

void arch_timer_set(ns_t span)
{
	uint64_t counts;

	if (span == NS_NEVER) {
		timer_off();
		return;
	}
	counts = mul_shift((uint64_t)MAX(span, (ns_t)0), counts_per_ns, 32);
	sysreg_write(cntv_cval_el0, cpu_cycles() + counts + 1);
	sysreg_write(cntv_ctl_el0, CTL_ENABLE);
	sysreg_sync();
}
