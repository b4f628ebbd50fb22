// SPDX-License-Identifier: BSD-2-Clause
/*
 * dt.h - the machine's device tree, for drivers (lib/base/fdt.h reads it).
 *
 * The tree stays mapped, read-only. Nothing happens before the first question.
 *
 * Threading: any thread, and the boot context once memory is there. Errors: NULL or false.
 */
#pragma once
#include "kernel/irq.h"
#include "lib/base/fdt.h"

/* dt_get() - the tree; NULL where the machine has none. */
const struct fdt *dt_get(void);

/* platform_device_tree() - one that describes a machine whose loader gave none, made at the first
 * question; 8-byte aligned. NULL: what else the loader gave does not say it either. */
const void *platform_device_tree(uint32_t *bytes);

/* dt_find() - the next node behind `after` (FDT_NONE: the first) that is compatible and not
 * switched off; FDT_NONE: there is none. */
fdt_node_t dt_find(fdt_node_t after, const char *compatible);

/*
 * dt_map() - make a device's registers reachable.
 *
 * index       which pair of its `reg`
 * min_bytes   how much the driver needs; all that the tree says is mapped
 *
 * Returns NULL when there are fewer bytes, and when there is no memory for tables.
 */
void *dt_map(fdt_node_t node, unsigned index, uint64_t min_bytes);

/*
 * dt_line() - what irq_connect_line() wants for the index-th interrupt of a device; dt_line_of()
 * for an interrupt that has been found already.
 *
 * Lines are numbered as the GIC numbers them: shared ones from 32 on. False for a controller that
 * is neither a GIC nor a Raspberry Pi's, and for a CPU's own lines. Ref: the binding arm,gic.
 */
bool dt_line(fdt_node_t node, unsigned index, unsigned *gsi, enum irq_trigger *trigger);
bool dt_line_of(const struct fdt_interrupt *i, unsigned *gsi, enum irq_trigger *trigger);
