// SPDX-License-Identifier: BSD-2-Clause
/*
 * xen.c - Xen as the device tree of an ARM guest tells of it: that it is there, and the CPU's own
 * interrupt for events. The rest of the contract in arch/xen.h is arch/aarch64/xen.c. Ref:
 * the binding xen (Linux kernel documentation, devicetree/bindings/arm/xen).
 *
 * Pages of Xen's (the shared one, the grant table) take the place of our own, as on other machines;
 * the region that the node offers for the table stays empty.
 */
#include "arch/xen.h"
#include "arch/clock.h"
#include "arch/cpu.h"
#include "drivers/bus/dt.h"
#include "drivers/xen/clock.h"
#include "drivers/xen/platform.h"
#include "kernel/panic.h"
#include <asm/irq.h>

#define PRIVATE       1 /* first cell of a GIC's specifier, for a CPU's own line */
#define PRIVATE_FIRST 16
#define PRIVATE_COUNT 16

static unsigned intid; /* of the interrupt for events */

bool arch_xen_start(void)
{
	fdt_node_t node = dt_find(FDT_NONE, "xen,xen");
	struct fdt_interrupt i;

	if (node == FDT_NONE || !fdt_interrupt(dt_get(), node, 0, &i) || i.ncells < 2 ||
	    i.cell[0] != PRIVATE || i.cell[1] >= PRIVATE_COUNT)
		return false;
	intid = PRIVATE_FIRST + i.cell[1];
	return true;
}

/* Nothing is to be told: the tree has said it. */
uint64_t arch_xen_connect_upcall(void (*upcall)(void))
{
	if (irqchip_connect_cpu(intid, upcall))
		panic("Xen has no interrupt");
	return 0;
}

/* Nothing imitates devices that a guest could have twice. */
void xen_platform_start(void)
{
}

int xen_platform_unplug(unsigned kinds UNIK_UNUSED)
{
	return 0;
}

/* There is no other way than the hypercall. */
void arch_xen_emergency_write(const char *text UNIK_UNUSED, size_t len UNIK_UNUSED)
{
}

/* The virtual counter begins with the domain, and so does the time that Xen adds the date to. */
bool xen_clock_now(uint64_t *system_ns)
{
	uint64_t hz = arch_cycles_hz(), now = cpu_cycles();

	if (!hz)
		return false;
	*system_ns = now / hz * NS_PER_S + now % hz * NS_PER_S / hz;
	return true;
}
