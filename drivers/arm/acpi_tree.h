// SPDX-License-Identifier: BSD-2-Clause
/*
 * acpi_tree.h - what of the ACPI tables becomes a part of the device tree only in programs that
 * have a driver for it.
 *
 * The linker script collects the entries of one table and does not keep them: an entry is in the
 * image when some function that is in the image names it with TREE_NEED().
 *
 * Threading: constant. No errors.
 */
#pragma once
#include "lib/base/fdt_write.h"

/* A part that writes nodes below the root. */
typedef void tree_part(struct fdt_writer *w);

#define TREE_PART(name, function)         \
	tree_part *const tree_part_##name \
		__attribute__((section(".data.rel.ro.tree_part." #name))) = function
#define TREE_NEED(name)                                      \
	do {                                                 \
		extern tree_part *const tree_part_##name;    \
		asm volatile("" : : "r"(&tree_part_##name)); \
	} while (0)

extern tree_part *const tree_parts[], *const tree_parts_end[];
