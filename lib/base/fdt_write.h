// SPDX-License-Identifier: BSD-2-Clause
/*
 * fdt_write.h - makes a flattened device tree, for what learns of the machine in another form.
 *
 * Nodes and their properties are written in the order in which they lie in the tree; a node's
 * properties come before its children. Whatever does not fit any more is left out, and
 * fdt_write_close() says so.
 *
 * Threading: one writer for a tree. Errors: only at the end.
 * Ref: Devicetree Specification, Release v0.4, 5.
 */
#pragma once
#include "lib/base/compiler.h"

struct fdt_writer {
	uint8_t *base;
	size_t at, size; /* [bytes from base] */
	const char *names;
	size_t names_bytes;
	bool full;
};

/*
 * fdt_write_open() - start with an empty tree; the root is the first node to be written.
 *
 * buf, size   where it is made, 8-byte aligned
 * names       all property names that will be used, each with its terminator; stays there
 */
void fdt_write_open(struct fdt_writer *w, void *buf, size_t size, const char *names,
		    size_t names_bytes);

void fdt_write_node(struct fdt_writer *w, const char *name);
void fdt_write_end(struct fdt_writer *w);

/* fdt_write_text(), fdt_write_cells() - a property; its name is one of `names`. */
void fdt_write_text(struct fdt_writer *w, const char *name, const char *text);
void fdt_write_cells(struct fdt_writer *w, const char *name, const uint32_t *cells, unsigned n);

/* fdt_write_close() - the tree is complete. Returns its bytes; 0: it did not fit. */
uint32_t fdt_write_close(struct fdt_writer *w);
