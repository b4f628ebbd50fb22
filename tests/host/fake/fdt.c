// SPDX-License-Identifier: BSD-2-Clause
#include "tests/host/fake/fdt.h"
#include <stdlib.h>
#include <string.h>

#define HEADER_BYTES 40

struct block {
	uint8_t bytes[16384];
	size_t len;
};

static struct block reserve, tree, strings;

static void put(struct block *b, const void *data, size_t len)
{
	if (len > sizeof(b->bytes) - b->len)
		abort();
	if (len > 0)
		memcpy(&b->bytes[b->len], data, len);
	b->len += len;
}

static void put_cell(struct block *b, uint32_t v)
{
	uint32_t be = __builtin_bswap32(v);

	put(b, &be, 4);
}

static void align(struct block *b)
{
	while (b->len % 4)
		put(b, "", 1);
}

void fake_fdt_begin(void)
{
	reserve.len = tree.len = strings.len = 0;
}

void fake_fdt_reserve(uint64_t start, uint64_t len)
{
	put_cell(&reserve, (uint32_t)(start >> 32));
	put_cell(&reserve, (uint32_t)start);
	put_cell(&reserve, (uint32_t)(len >> 32));
	put_cell(&reserve, (uint32_t)len);
}

void fake_fdt_node(const char *name)
{
	put_cell(&tree, 1);
	put(&tree, name, strlen(name) + 1);
	align(&tree);
}

void fake_fdt_close(void)
{
	put_cell(&tree, 2);
}

/* Names are shared, as a compiler does it. */
static uint32_t string_offset(const char *name)
{
	size_t at = 0;

	while (at < strings.len && strcmp((char *)&strings.bytes[at], name) != 0)
		at += strlen((char *)&strings.bytes[at]) + 1;
	if (at == strings.len)
		put(&strings, name, strlen(name) + 1);
	return (uint32_t)at;
}

void fake_fdt_bytes(const char *name, const void *data, size_t len)
{
	put_cell(&tree, 3);
	put_cell(&tree, (uint32_t)len);
	put_cell(&tree, string_offset(name));
	put(&tree, data, len);
	align(&tree);
}

void fake_fdt_text(const char *name, const char *text)
{
	fake_fdt_bytes(name, text, strlen(text) + 1);
}

void fake_fdt_cells(const char *name, const uint32_t *cells, size_t n)
{
	uint32_t be[64];

	if (n > 64)
		abort();
	for (size_t i = 0; i < n; i++)
		be[i] = __builtin_bswap32(cells[i]);
	fake_fdt_bytes(name, be, 4 * n);
}

void *fake_fdt_end(size_t *len)
{
	static struct block all;
	size_t reserve_at = HEADER_BYTES, tree_at, strings_at;
	void *blob;

	put_cell(&tree, 9);
	fake_fdt_reserve(0, 0);
	tree_at = reserve_at + reserve.len;
	strings_at = tree_at + tree.len;
	*len = strings_at + strings.len;

	const uint32_t header[] = {
		0xd00dfeed,
		(uint32_t)*len,
		(uint32_t)tree_at,
		(uint32_t)strings_at,
		HEADER_BYTES,
		17,
		16,
		0,
		(uint32_t)strings.len,
		(uint32_t)tree.len,
	};

	all.len = 0;
	for (unsigned i = 0; i < 10; i++)
		put_cell(&all, header[i]);
	put(&all, reserve.bytes, reserve.len);
	put(&all, tree.bytes, tree.len);
	put(&all, strings.bytes, strings.len);
	if (posix_memalign(&blob, 8, *len))
		abort();
	return memcpy(blob, all.bytes, *len);
}
