// SPDX-License-Identifier: BSD-2-Clause
/*
 * gic.h - what the parts of Arm's interrupt controller tell one another. The lines are behind
 * irqchip_*() (arch/irq.h); messages come by one of two ways:
 *
 * GICv2m    a message is a line: a write to the frame raises a shared line, edge. gic_msi.c routes
 *           such lines by irqchip_route().
 * GICv3 ITS a message is an LPI. Message number n is given interrupt GIC_LPI_FIRST + vector, so
 *           that irqchip_handle() calls irq_dispatch(id - GIC_LPI_FIRST) for what lies there.
 *
 * Ref: GICv3 architecture specification (IHI 0069), 2.2 (identifiers).
 */
#pragma once
#include "lib/base/compiler.h"

#define GIC_LPI_FIRST 8192u

/* gicv3_redistributor() - the mapped registers of the boot CPU's redistributor, its first frame
 * (GICR_CTLR, 12.10); NULL when the controller is no GICv3. Started if need be. Context: thread. */
void *gicv3_redistributor(void);
