// SPDX-License-Identifier: BSD-2-Clause
/*
 * fdt.h - builds flattened device trees for tests.
 *
 * fake_fdt_begin(), then nodes and properties in their order, then fake_fdt_end(). A tree that
 * does not fit aborts. There is one at a time.
 *
 * Threading: one host thread. Ref: Devicetree Specification v0.4, chapter 5.
 */
#pragma once
#include <stddef.h>
#include <stdint.h>

/* fake_fdt_begin() - an empty tree. fake_fdt_reserve() - a pair of the reservation block, before
 * any node. */
void fake_fdt_begin(void);
void fake_fdt_reserve(uint64_t start, uint64_t len);

/* fake_fdt_node() - opens one ("" is the root), fake_fdt_close() closes the last one that is open.
 */
void fake_fdt_node(const char *name);
void fake_fdt_close(void);

/* fake_fdt_bytes(), _text() - a property. FAKE_FDT_CELLS() - one of 32-bit numbers. */
void fake_fdt_bytes(const char *name, const void *data, size_t len);
void fake_fdt_text(const char *name, const char *text);
void fake_fdt_cells(const char *name, const uint32_t *cells, size_t n);
#define FAKE_FDT_CELLS(name, ...)                               \
	fake_fdt_cells(name, (const uint32_t[]){ __VA_ARGS__ }, \
		       sizeof((const uint32_t[]){ __VA_ARGS__ }) / 4)

/* fake_fdt_end() - the blob in memory of its own, 8-byte aligned, that ends with it; free() it. */
void *fake_fdt_end(size_t *len);
