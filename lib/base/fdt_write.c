// SPDX-License-Identifier: BSD-2-Clause
#include "lib/base/fdt_write.h"
#include <string.h>

#define MAGIC         0xd00dfeedu
#define HEADER_BYTES  40
#define RESERVE_BYTES 16 /* of the entry that ends the reservations: there are none */
#define STRUCT_OFF    (HEADER_BYTES + RESERVE_BYTES)

enum token { BEGIN_NODE = 1, END_NODE = 2, PROP = 3, END = 9 };

/* Room for n more bytes, padded to a cell with zeros; NULL when there is none. */
static void *extend(struct fdt_writer *w, size_t n)
{
	size_t padded = ALIGN_UP(n, 4);
	uint8_t *p = w->base + w->at;

	if (w->full || padded > w->size - w->at) {
		w->full = true;
		return NULL;
	}
	memset(p, 0, padded);
	w->at += padded;
	return p;
}

static void bytes(struct fdt_writer *w, const void *data, size_t n)
{
	void *p = extend(w, n);

	if (p)
		memcpy(p, data, n);
}

static void cell(struct fdt_writer *w, uint32_t v)
{
	v = __builtin_bswap32(v);
	bytes(w, &v, sizeof(v));
}

/* Where a name lies among the names. One that is not there is a mistake of the caller's, and what
 * it names would be found under the name behind the last. */
static uint32_t name_offset(const struct fdt_writer *w, const char *name)
{
	size_t at = 0;

	while (at < w->names_bytes && strcmp(w->names + at, name) != 0)
		at += strlen(w->names + at) + 1;
	return (uint32_t)at;
}

static void property(struct fdt_writer *w, const char *name, size_t len)
{
	cell(w, PROP);
	cell(w, (uint32_t)len);
	cell(w, name_offset(w, name));
}

void fdt_write_open(struct fdt_writer *w, void *buf, size_t size, const char *names,
		    size_t names_bytes)
{
	*w = (struct fdt_writer){
		.base = buf, .size = size, .names = names, .names_bytes = names_bytes
	};
	extend(w, STRUCT_OFF);
}

void fdt_write_node(struct fdt_writer *w, const char *name)
{
	cell(w, BEGIN_NODE);
	bytes(w, name, strlen(name) + 1);
}

void fdt_write_end(struct fdt_writer *w)
{
	cell(w, END_NODE);
}

void fdt_write_text(struct fdt_writer *w, const char *name, const char *text)
{
	property(w, name, strlen(text) + 1);
	bytes(w, text, strlen(text) + 1);
}

void fdt_write_cells(struct fdt_writer *w, const char *name, const uint32_t *cells, unsigned n)
{
	property(w, name, n * sizeof(*cells));
	for (unsigned i = 0; i < n; i++)
		cell(w, cells[i]);
}

/* 5.2: version 17, which version 16 can read. */
uint32_t fdt_write_close(struct fdt_writer *w)
{
	uint32_t head[HEADER_BYTES / 4] = {
		MAGIC, 0, STRUCT_OFF, 0, HEADER_BYTES, 17, 16, 0, 0, 0
	};

	cell(w, END);
	head[3] = (uint32_t)w->at;
	head[8] = (uint32_t)w->names_bytes;
	head[9] = (uint32_t)w->at - STRUCT_OFF;
	bytes(w, w->names, w->names_bytes);
	head[1] = (uint32_t)w->at;
	if (w->full)
		return 0;
	w->at = 0;
	for (unsigned i = 0; i < ARRAY_SIZE(head); i++)
		cell(w, head[i]);
	return head[1];
}
