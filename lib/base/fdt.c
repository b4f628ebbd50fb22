// SPDX-License-Identifier: BSD-2-Clause
/*
 * fdt.c - tokens, nodes and properties of a flattened device tree.
 *
 * Runs before relocation, so there is no table of pointers. The blob may be mapped as device
 * memory, which takes aligned accesses only: so cells are read by loads that a compiler may not
 * join, and texts byte by byte.
 */
#include "lib/base/fdt.h"

#define MAGIC        0xd00dfeedu
#define VERSION      17 /* the layout since 2005; DT 5.2 */
#define HEADER_BYTES 40

enum { HEAD_MAGIC, HEAD_SIZE, HEAD_STRUCT, HEAD_STRINGS, HEAD_RESERVE, HEAD_VERSION, HEAD_COMPAT };
enum { HEAD_STRINGS_LEN = 8, HEAD_STRUCT_LEN };

enum token_kind { BEGIN_NODE = 1, END_NODE = 2, PROP = 3, NOP = 4, END = 9 };

struct token {
	uint32_t kind;
	uint32_t next;    /* offset of the one behind it */
	const char *name; /* BEGIN_NODE */
	const void *data; /* PROP */
	uint32_t len, name_off;
};

typedef uint32_t __attribute__((may_alias)) cell_t;

/* A call for each token would be most of the work. */
#define cell(cells, i) __builtin_bswap32(READ_ONCE(((const cell_t *)(cells))[i]))

uint32_t fdt_cell(const void *cells, unsigned i)
{
	return cell(cells, i);
}

bool fdt_cells(const void *cells, unsigned n, uint64_t *out)
{
	uint64_t v = 0;

	if (n > 2)
		return false;
	for (unsigned i = 0; i < n; i++)
		v = v << 32 | cell(cells, i);
	*out = v;
	return true;
}

static bool block_fits(uint32_t off, uint32_t len, uint32_t total)
{
	return off >= HEADER_BYTES && off <= total && len <= total - off;
}

uint32_t fdt_size(const void *blob)
{
	return fdt_cell(blob, HEAD_MAGIC) == MAGIC ? fdt_cell(blob, HEAD_SIZE) : 0;
}

bool fdt_open(struct fdt *f, const void *blob, size_t max)
{
	uint32_t total;

	if ((uintptr_t)blob % 8 || max < HEADER_BYTES)
		return false;
	total = fdt_size(blob);
	if (total < HEADER_BYTES || total > max || total > FDT_MAX_BYTES)
		return false;
	if (fdt_cell(blob, HEAD_VERSION) < VERSION || fdt_cell(blob, HEAD_COMPAT) > VERSION)
		return false;
	f->base = blob;
	f->struct_off = fdt_cell(blob, HEAD_STRUCT);
	f->struct_len = fdt_cell(blob, HEAD_STRUCT_LEN);
	f->string_off = fdt_cell(blob, HEAD_STRINGS);
	f->string_len = fdt_cell(blob, HEAD_STRINGS_LEN);
	f->reserve_off = fdt_cell(blob, HEAD_RESERVE);
	f->reserve_end = total;
	f->memo = 0;
	return f->struct_off % 4 == 0 && f->reserve_off % 8 == 0 &&
	       block_fits(f->struct_off, f->struct_len, total) &&
	       block_fits(f->string_off, f->string_len, total) &&
	       block_fits(f->reserve_off, 0, total);
}

/* --- tokens ------------------------------------------------------------------------------- */

/* How long the text at s is; max when its terminator is not among the first max bytes. */
static uint32_t text_len(const char *s, uint32_t max)
{
	uint32_t n = 0;

	while (n < max && READ_ONCE(s[n]))
		n++;
	return n;
}

/* Both terminated. */
static bool text_equal(const char *a, const char *b)
{
	while (READ_ONCE(*a) == *b) {
		if (*b == '\0')
			return true;
		a++;
		b++;
	}
	return false;
}

static bool has_zero_byte(uint32_t v)
{
	return (v - 0x01010101u) & ~v & 0x80808080u;
}

/* The name is padded to whole cells, of which the last one has its terminator. */
static bool token_node(const struct fdt *f, uint32_t at, struct token *t)
{
	const uint8_t *p = f->base + f->struct_off;
	uint32_t end = f->struct_len;

	t->name = (const char *)p + at + 4;
	do {
		at += 4;
		if (end - at < 4)
			return false;
	} while (!has_zero_byte(READ_ONCE(*(const cell_t *)(p + at))));
	t->next = at + 4;
	return true;
}

static bool token_prop(const struct fdt *f, uint32_t at, struct token *t)
{
	const uint8_t *p = f->base + f->struct_off + at;
	uint32_t left = f->struct_len - at, len;

	if (left < 12)
		return false;
	len = cell(p, 1);
	if (len > left - 12)
		return false;
	t->len = len;
	t->name_off = cell(p, 2);
	t->data = p + 12;
	t->next = at + 12 + ALIGN_UP(len, 4);
	return true;
}

/* The token at an offset, a multiple of 4; false at the end and for what is none. Ref: DT 5.4. */
static bool token_at(const struct fdt *f, uint32_t at, struct token *t)
{
	if (at > f->struct_len || f->struct_len - at < 4)
		return false;
	t->kind = cell(f->base + f->struct_off + at, 0);
	t->next = at + 4;
	switch (t->kind) {
	case BEGIN_NODE:
		return token_node(f, at, t);
	case PROP:
		return token_prop(f, at, t);
	case END_NODE:
	case NOP:
		return true;
	default:
		return false;
	}
}

/* The token behind the begin of `node`. */
static bool token_inside(const struct fdt *f, fdt_node_t node, struct token *t)
{
	return node >= 0 && node % 4 == 0 && token_at(f, (uint32_t)node, t) &&
	       t->kind == BEGIN_NODE;
}

static bool prop_is(const struct fdt *f, const struct token *t, const char *name)
{
	const char *s = (const char *)f->base + f->string_off + t->name_off;
	uint32_t max;

	if (t->name_off >= f->string_len)
		return false;
	max = f->string_len - t->name_off;
	for (uint32_t i = 0; i < max && s[i] == name[i]; i++)
		if (name[i] == '\0')
			return true;
	return false;
}

/* --- nodes -------------------------------------------------------------------------------- */

fdt_node_t fdt_next(const struct fdt *f, fdt_node_t node, int *depth)
{
	struct token t = { .next = 0 };
	int d = node == FDT_NONE ? -1 : *depth;

	if (node != FDT_NONE && !token_inside(f, node, &t))
		return FDT_NONE;
	for (uint32_t at = t.next; token_at(f, at, &t); at = t.next) {
		if (t.kind == BEGIN_NODE) {
			*depth = d + 1;
			return (fdt_node_t)at;
		}
		if (t.kind == END_NODE && --d < 0)
			break;
	}
	return FDT_NONE;
}

fdt_node_t fdt_root(const struct fdt *f)
{
	int depth;

	return fdt_next(f, FDT_NONE, &depth);
}

fdt_node_t fdt_first_child(const struct fdt *f, fdt_node_t node)
{
	int depth = 0;

	return node == FDT_NONE ? FDT_NONE : fdt_next(f, node, &depth);
}

fdt_node_t fdt_next_sibling(const struct fdt *f, fdt_node_t node)
{
	int depth = 1; /* so that the walk ends with the parent */

	if (node == FDT_NONE)
		return FDT_NONE;
	do
		node = fdt_next(f, node, &depth);
	while (node != FDT_NONE && depth != 1);
	return node;
}

bool fdt_walk_next(const struct fdt *f, struct fdt_walk *w)
{
	w->node = fdt_next(f, w->node, &w->depth);
	if (w->node != FDT_NONE && (unsigned)w->depth < FDT_MAX_DEPTH)
		w->path[w->depth] = w->node;
	return w->node != FDT_NONE;
}

unsigned fdt_path(const struct fdt *f, fdt_node_t node, fdt_node_t path[FDT_MAX_DEPTH])
{
	struct fdt_walk w = FDT_WALK_INIT;

	while (fdt_walk_next(f, &w) && w.node < node)
		;
	if (w.node != node || node == FDT_NONE || (unsigned)w.depth >= FDT_MAX_DEPTH)
		return 0;
	for (int i = 0; i <= w.depth; i++)
		path[i] = w.path[i];
	return (unsigned)w.depth + 1;
}

fdt_node_t fdt_parent(const struct fdt *f, fdt_node_t node)
{
	fdt_node_t path[FDT_MAX_DEPTH];
	unsigned n = fdt_path(f, node, path);

	return n >= 2 ? path[n - 2] : FDT_NONE;
}

const char *fdt_name(const struct fdt *f, fdt_node_t node)
{
	struct token t;

	return token_inside(f, node, &t) ? t.name : "";
}

/* Whether a node's name is the len bytes at `want`, in which the unit address may be missing. */
static bool name_matches(const char *name, const char *want, size_t len)
{
	size_t i = 0;

	while (i < len && name[i] && name[i] == want[i])
		i++;
	return i == len && (name[i] == '\0' || name[i] == '@');
}

/* The part of a path up to the next separator. */
static size_t part_len(const char *path)
{
	size_t n = 0;

	while (path[n] && path[n] != '/' && path[n] != ':')
		n++;
	return n;
}

static fdt_node_t find_below(const struct fdt *f, fdt_node_t node, const char *path)
{
	while (node != FDT_NONE) {
		size_t len;

		while (*path == '/')
			path++;
		len = part_len(path);
		if (len == 0)
			break;
		node = fdt_first_child(f, node);
		while (node != FDT_NONE && !name_matches(fdt_name(f, node), path, len))
			node = fdt_next_sibling(f, node);
		path += len;
	}
	return node;
}

/* An alias is a property of /aliases whose value is an absolute path. */
static fdt_node_t find_alias(const struct fdt *f, const char *path)
{
	fdt_node_t aliases = find_below(f, fdt_root(f), "aliases");
	size_t len = part_len(path);
	char name[32]; /* DT 3.3: up to 31 characters */
	const char *value;

	if (len == 0 || len >= sizeof(name))
		return FDT_NONE;
	for (size_t i = 0; i < len; i++)
		name[i] = path[i];
	name[len] = '\0';
	value = fdt_prop_string(f, aliases, name);
	if (!value || *value != '/')
		return FDT_NONE;
	return find_below(f, find_below(f, fdt_root(f), value), path + len);
}

fdt_node_t fdt_find_path(const struct fdt *f, const char *path)
{
	return *path == '/' ? find_below(f, fdt_root(f), path) : find_alias(f, path);
}

fdt_node_t fdt_find_compatible(const struct fdt *f, fdt_node_t after, const char *compatible)
{
	int depth = 0; /* counted on from wherever we are; the end of the blob ends the walk */
	fdt_node_t n = after;

	if (after != FDT_NONE)
		depth = (int)(f->struct_len / 4);
	do
		n = fdt_next(f, n, &depth);
	while (n != FDT_NONE && !fdt_is_compatible(f, n, compatible));
	return n;
}

fdt_node_t fdt_find_phandle(const struct fdt *f, uint32_t phandle)
{
	uint64_t memo = READ_ONCE(f->memo);
	fdt_node_t node = FDT_NONE;
	struct token t;

	if (phandle == 0 || phandle == UINT32_MAX)
		return FDT_NONE;
	if (memo >> 32 == phandle)
		return (fdt_node_t)(uint32_t)memo;
	for (uint32_t at = 0; token_at(f, at, &t); at = t.next) {
		if (t.kind == BEGIN_NODE)
			node = (fdt_node_t)at;
		if (t.kind != PROP || t.len != 4 || cell(t.data, 0) != phandle ||
		    !(prop_is(f, &t, "phandle") || prop_is(f, &t, "linux,phandle")))
			continue;
		/* All devices ask for the same few; the last is the next, mostly. */
		memo = (uint64_t)phandle << 32 | (uint32_t)node;
		__atomic_store_n((uint64_t *)&f->memo, memo, __ATOMIC_RELAXED);
		return node;
	}
	return FDT_NONE;
}

/* --- properties --------------------------------------------------------------------------- */

const void *fdt_prop(const struct fdt *f, fdt_node_t node, const char *name, uint32_t *len)
{
	struct token t;

	if (!token_inside(f, node, &t))
		return NULL;
	/* DT 5.4.2: a node's properties come before its children. */
	while (token_at(f, t.next, &t) && (t.kind == PROP || t.kind == NOP)) {
		if (t.kind == NOP || !prop_is(f, &t, name))
			continue;
		if (len)
			*len = t.len;
		return t.data;
	}
	return NULL;
}

bool fdt_prop_u32(const struct fdt *f, fdt_node_t node, const char *name, uint32_t *out)
{
	uint32_t len;
	const void *p = fdt_prop(f, node, name, &len);

	if (!p || len != 4)
		return false;
	*out = fdt_cell(p, 0);
	return true;
}

bool fdt_prop_u64(const struct fdt *f, fdt_node_t node, const char *name, uint64_t *out)
{
	uint32_t len;
	const void *p = fdt_prop(f, node, name, &len);

	return p && (len == 4 || len == 8) && fdt_cells(p, len / 4, out);
}

const char *fdt_prop_string(const struct fdt *f, fdt_node_t node, const char *name)
{
	uint32_t len;
	const char *s = fdt_prop(f, node, name, &len);

	return s && text_len(s, len) < len ? s : NULL;
}

bool fdt_prop_has(const struct fdt *f, fdt_node_t node, const char *name, const char *text)
{
	uint32_t len, n;
	const char *s = fdt_prop(f, node, name, &len);

	for (; s && (n = text_len(s, len)) < len; s += n + 1, len -= n + 1)
		if (text_equal(s, text))
			return true;
	return false;
}

bool fdt_is_compatible(const struct fdt *f, fdt_node_t node, const char *compatible)
{
	return fdt_prop_has(f, node, "compatible", compatible);
}

bool fdt_is_available(const struct fdt *f, fdt_node_t node)
{
	const char *status;

	if (!fdt_prop(f, node, "status", NULL))
		return true;
	status = fdt_prop_string(f, node, "status");
	return status && (text_equal(status, "okay") || text_equal(status, "ok"));
}
