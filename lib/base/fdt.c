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
#define ALWAYS_INLINE  inline __attribute__((always_inline))
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

uint32_t fdt_bytes(const struct fdt *f)
{
	uint32_t end = MAX(f->struct_off + f->struct_len, f->string_off + f->string_len);

	for (uint32_t at = f->reserve_off; at + 16 <= f->reserve_end; at += 16) {
		const uint8_t *e = f->base + at;

		end = MAX(end, at + 16);
		if (!(cell(e, 0) | cell(e, 1) | cell(e, 2) | cell(e, 3)))
			break;
	}
	return end;
}

bool fdt_open(struct fdt *f, const void *blob, size_t max)
{
	uint32_t total;

	if ((uintptr_t)blob % 8 || max < HEADER_BYTES)
		return false;
	total = fdt_cell(blob, HEAD_SIZE);
	if (fdt_cell(blob, HEAD_MAGIC) != MAGIC || total > FDT_MAX_BYTES)
		return false;
	total = MIN(total, (uint32_t)MIN(max, (size_t)FDT_MAX_BYTES));
	if (fdt_cell(blob, HEAD_VERSION) < VERSION || fdt_cell(blob, HEAD_COMPAT) > VERSION)
		return false;
	f->base = blob;
	f->struct_off = fdt_cell(blob, HEAD_STRUCT);
	f->struct_len = fdt_cell(blob, HEAD_STRUCT_LEN) & ~3u; /* of whole cells */
	f->string_off = fdt_cell(blob, HEAD_STRINGS);
	f->string_len = fdt_cell(blob, HEAD_STRINGS_LEN);
	f->reserve_off = fdt_cell(blob, HEAD_RESERVE);
	f->reserve_end = total;
	f->memo = 0;
	f->last = 0;
	f->index = NULL;
	return f->struct_off % 4 == 0 && f->reserve_off % 8 == 0 &&
	       block_fits(f->struct_off, f->struct_len, total) &&
	       block_fits(f->string_off, f->string_len, total) &&
	       block_fits(f->reserve_off, 0, total);
}

/* --- tokens ------------------------------------------------------------------------------- */

/* How long the text at s is; max when its terminator is not among the first max bytes. */
static uint32_t text_len(const char *s, uint32_t max)
{
	const char *p = s, *end = s + max;

	while (p < end && READ_ONCE(*p))
		p++;
	return (uint32_t)(p - s);
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
static ALWAYS_INLINE bool token_node(const uint8_t *p, uint32_t left, uint32_t at, struct token *t)
{
	uint32_t i = 4;

	t->name = (const char *)p + 4;
	do {
		if (left - i < 4)
			return false;
		i += 4;
	} while (!has_zero_byte(READ_ONCE(*(const cell_t *)(p + i - 4))));
	t->next = at + i;
	return true;
}

static ALWAYS_INLINE bool token_prop(const uint8_t *p, uint32_t left, uint32_t at, struct token *t)
{
	uint32_t len;

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

/* The token at an offset, a multiple of 4, of a structure block of `end` bytes; false at the end
 * and for what is none. Most are properties. Ref: DT 5.4. */
static ALWAYS_INLINE bool token_read(const uint8_t *block, uint32_t end, uint32_t at,
				     struct token *t)
{
	const uint8_t *p = block + at;

	if (end < 4 || at > end - 4)
		return false;
	t->kind = cell(p, 0);
	if (likely(t->kind == PROP))
		return token_prop(p, end - at, at, t);
	t->next = at + 4;
	if (t->kind == BEGIN_NODE)
		return token_node(p, end - at, at, t);
	return t->kind == END_NODE || t->kind == NOP;
}

static bool token_at(const struct fdt *f, uint32_t at, struct token *t)
{
	return token_read(f->base + f->struct_off, f->struct_len, at, t);
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

/* Whether the text is one of those in len bytes. */
static bool text_in(const char *s, uint32_t len, const char *text)
{
	while (len > 0) {
		uint32_t i = 0;

		while (i < len && READ_ONCE(s[i]) == text[i])
			if (text[i++] == '\0')
				return true;
		i += text_len(s + i, len - i) + 1;
		if (i > len)
			break;
		s += i;
		len -= i;
	}
	return false;
}

/* --- the index ---------------------------------------------------------------------------- */

enum { COMPATIBLE, STATUS, PHANDLE, OLD_PHANDLE, ADDRESS_CELLS, SIZE_CELLS, TYPE, NNAME };
#define NAME_NONE 1u
static const char index_names[NNAME][16] = {
	[COMPATIBLE] = "compatible",
	[STATUS] = "status",
	[PHANDLE] = "phandle",
	[OLD_PHANDLE] = "linux,phandle",
	[ADDRESS_CELLS] = "#address-cells",
	[SIZE_CELLS] = "#size-cells",
	[TYPE] = "device_type",
};

/* What an offset of 16 bits reaches. */
#define INDEX_BYTES (4u << 16)

/* An index that is being made. */
struct indexer {
	const struct fdt *f;
	struct fdt_entry *open; /* of the node whose properties come now; NULL: behind children */
	unsigned seen;          /* of its properties: the first of a name counts */
	uint32_t naddr, nsize;
	/* The last `compatible`: many nodes in a row have the same. */
	const cell_t *texts;
	uint32_t texts_len;
	uint16_t texts_lengths;
	/* By the offset of a property's name, for mostly there is one of each: 0 not looked at
	 * yet, NAME_NONE, or which and more than that. */
	uint8_t names[512];
};

static unsigned length_bit(uint32_t len)
{
	return 1u << len % 16;
}

/* A cell at a time, of which the last one's padding may hold anything. */
static uint16_t text_lengths(const cell_t *cells, uint32_t len)
{
	uint32_t start = 0;
	unsigned bits = 0;

	for (uint32_t at = 0; at < len; at += 4) {
		uint32_t v = READ_ONCE(cells[at / 4]);

		if (!has_zero_byte(v))
			continue;
		for (uint32_t i = at; i < at + 4 && i < len; i++, v >>= 8)
			if (!(v & 0xff)) {
				bits |= length_bit(i - start);
				start = i + 1;
			}
	}
	return (uint16_t)bits;
}

static uint16_t index_texts(struct indexer *x, const cell_t *cells, uint32_t len)
{
	uint32_t i = 0;

	if (len == x->texts_len)
		while (i < len && READ_ONCE(cells[i / 4]) == READ_ONCE(x->texts[i / 4]))
			i += 4;
	if (i < len) {
		x->texts_lengths = text_lengths(cells, len);
		x->texts = cells;
		x->texts_len = len;
	}
	return len ? x->texts_lengths : 0;
}

/* What the names begin with, modulo 32. */
#define FIRST(c)    (1u << (c) % 32)
#define NAME_FIRSTS (FIRST('c') | FIRST('s') | FIRST('p') | FIRST('l') | FIRST('#') | FIRST('d'))

/* Which of the names; NNAME: none. */
static unsigned name_find(const struct fdt *f, const struct token *t)
{
	const uint8_t *name = f->base + f->string_off + t->name_off;
	unsigned i = 0;

	if (t->name_off >= f->string_len || !(NAME_FIRSTS & FIRST(*name)))
		return NNAME;
	while (i < NNAME && (*name != index_names[i][0] || !prop_is(f, t, index_names[i])))
		i++;
	return i;
}

/* Among `names`. */
static unsigned name_look_up(struct indexer *x, const struct token *t)
{
	unsigned which = name_find(x->f, t), found = which + NAME_NONE + 1;

	if (which == NNAME)
		found = NAME_NONE;
	if (t->name_off < sizeof(x->names))
		x->names[t->name_off] = (uint8_t)found;
	return found;
}

static void index_cells(struct indexer *x)
{
	bool fit = x->naddr <= FDT_MAX_CELLS && x->nsize <= FDT_MAX_CELLS;

	x->open->naddr = fit ? (uint8_t)x->naddr : 0;
	x->open->nsize = fit ? (uint8_t)x->nsize : 0;
}

static void index_prop(struct indexer *x, uint32_t at, const struct token *t, unsigned which)
{
	struct fdt_entry *e = x->open;

	if (x->seen & 1u << which)
		return;
	x->seen |= 1u << which;
	if (which == COMPATIBLE) {
		e->compatible = (uint16_t)(at / 4);
		e->lengths = index_texts(x, t->data, t->len);
	} else if (which == STATUS) {
		e->status = (uint16_t)(at / 4);
	} else if (which == TYPE) {
		e->is_memory = text_in(t->data, t->len, "memory");
	} else if (t->len != 4) {
		return;
	} else if (which == ADDRESS_CELLS || which == SIZE_CELLS) {
		*(which == ADDRESS_CELLS ? &x->naddr : &x->nsize) = cell(t->data, 0);
		index_cells(x);
	} else if (e->phandle == 0) {
		e->phandle = cell(t->data, 0);
	}
}

static void index_node(struct indexer *x, uint32_t at, struct fdt_entry *e,
		       const struct fdt_index *index, const struct fdt_entry *parent)
{
	*e = (struct fdt_entry){ .node = (uint16_t)(at / 4) };
	if (parent) {
		e->parent = (uint8_t)(parent - index->entry);
		e->depth = (uint8_t)(parent->depth + 1);
	}
	x->open = e;
	x->seen = 0;
	x->naddr = FDT_USUAL_ADDRESS_CELLS;
	x->nsize = FDT_USUAL_SIZE_CELLS;
	index_cells(x);
}

void fdt_index(struct fdt *f, struct fdt_index *index)
{
	const uint8_t *block = f->base + f->struct_off;
	const uint32_t end = MIN(f->struct_len, INDEX_BYTES);
	struct fdt_entry *e = index->entry, *here = NULL;
	struct indexer x = { .f = f };
	struct token t = { 0 };
	unsigned name;

	for (uint32_t at = 0; token_read(block, end, at, &t); at = t.next) {
		if (likely(t.kind == PROP)) {
			name = t.name_off < sizeof(x.names) ? x.names[t.name_off] : 0;
			if (name == 0)
				name = name_look_up(&x, &t);
			if (name > NAME_NONE && x.open)
				index_prop(&x, at, &t, name - NAME_NONE - 1);
		} else if (t.kind == BEGIN_NODE) {
			if (e == &index->entry[FDT_INDEX_NODES])
				break;
			index_node(&x, at, e, index, here);
			here = e++;
		} else if (t.kind == END_NODE) {
			x.open = NULL;
			here = here && here->depth > 0 ? &index->entry[here->parent] : NULL;
			if (!here)
				break;
		}
	}
	index->whole =
		t.kind != BEGIN_NODE && (end == f->struct_len || (t.kind == END_NODE && !here));
	index->nnode = (unsigned)(e - index->entry);
	f->index = index;
	f->last = 0;
}

static fdt_node_t node_of(const struct fdt_entry *e)
{
	return (fdt_node_t)e->node * 4;
}

static bool index_is_whole(const struct fdt *f)
{
	return f->index && f->index->whole;
}

/* NULL: the node is not among them. */
static const struct fdt_entry *index_find(const struct fdt *f, fdt_node_t node)
{
	const struct fdt_entry *low, *high;

	if (!f->index || f->index->nnode == 0 || node < 0 || node % 4)
		return NULL;
	low = f->index->entry + READ_ONCE(f->last);
	if (low->node == (uint32_t)node / 4)
		return low;
	low = f->index->entry;
	if (low->node == (uint32_t)node / 4) /* the root, which is asked for all devices */
		return low;
	high = low + f->index->nnode;
	while (low < high) {
		const struct fdt_entry *middle = low + (high - low) / 2;

		if (middle->node == (uint32_t)node / 4) {
			__atomic_store_n((uint32_t *)&f->last, middle - f->index->entry,
					 __ATOMIC_RELAXED);
			return middle;
		}
		if (middle->node < (uint32_t)node / 4)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* The first entry from e on that is not below a node of the depth; NULL: not in the index. */
static const struct fdt_entry *index_behind(const struct fdt *f, const struct fdt_entry *e,
					    unsigned depth)
{
	const struct fdt_entry *end = f->index->entry + f->index->nnode;

	while (e < end && e->depth > depth)
		e++;
	return e < end ? e : NULL;
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
	const struct fdt_entry *e = index_find(f, node), *child;
	int depth = 0;

	if (node == FDT_NONE)
		return FDT_NONE;
	child = e ? index_behind(f, e + 1, UINT16_MAX) : NULL;
	if (child || (e && f->index->whole))
		return child && child->depth > e->depth ? node_of(child) : FDT_NONE;
	return fdt_next(f, node, &depth);
}

fdt_node_t fdt_next_sibling(const struct fdt *f, fdt_node_t node)
{
	const struct fdt_entry *e = index_find(f, node), *next;
	int depth = 1; /* so that the walk ends with the parent */

	if (node == FDT_NONE)
		return FDT_NONE;
	next = e ? index_behind(f, e + 1, e->depth) : NULL;
	if (next || (e && f->index->whole))
		return next && next->depth == e->depth ? node_of(next) : FDT_NONE;
	do
		node = fdt_next(f, node, &depth);
	while (node != FDT_NONE && depth != 1);
	return node;
}

/* The same as fdt_path(), by a walk that remembers the way. */
static unsigned walk_path(const struct fdt *f, fdt_node_t node, fdt_node_t path[FDT_MAX_DEPTH])
{
	fdt_node_t n = FDT_NONE;
	int depth = 0;

	do {
		n = fdt_next(f, n, &depth);
		if (n != FDT_NONE && (unsigned)depth < FDT_MAX_DEPTH)
			path[depth] = n;
	} while (n != FDT_NONE && n < node);
	return n == node && (unsigned)depth < FDT_MAX_DEPTH ? (unsigned)depth + 1 : 0;
}

unsigned fdt_path(const struct fdt *f, fdt_node_t node, fdt_node_t path[FDT_MAX_DEPTH])
{
	const struct fdt_entry *e = index_find(f, node);
	unsigned n;

	if (node == FDT_NONE)
		return 0;
	if (!e)
		return index_is_whole(f) ? 0 : walk_path(f, node, path);
	n = e->depth + 1u;
	if (n > FDT_MAX_DEPTH)
		return 0;
	for (unsigned i = n; i-- > 0; e = &f->index->entry[e->parent])
		path[i] = node_of(e);
	return n;
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

/* The child of a name; in the index if it is there, whose names have been looked at. */
static fdt_node_t find_child(const struct fdt *f, fdt_node_t node, const char *name, size_t len)
{
	const char *names = (const char *)f->base + f->struct_off + 4;
	const struct fdt_entry *top = index_find(f, node), *e = top;

	if (top) {
		const struct fdt_entry *end = f->index->entry + f->index->nnode;
		unsigned depth = top->depth + 1u;

		while (++e < end && e->depth >= depth)
			if (e->depth == depth && names[node_of(e)] == *name &&
			    name_matches(names + node_of(e), name, len))
				return node_of(e);
		if (e < end || f->index->whole)
			return FDT_NONE;
	}
	node = fdt_first_child(f, node);
	while (node != FDT_NONE && !name_matches(fdt_name(f, node), name, len))
		node = fdt_next_sibling(f, node);
	return node;
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
		node = find_child(f, node, path, len);
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

static fdt_node_t walk_compatible(const struct fdt *f, fdt_node_t n, const char *compatible)
{
	int depth = 0; /* counted on from wherever we are; the end of the blob ends the walk */

	if (n != FDT_NONE)
		depth = (int)(f->struct_len / 4);
	do
		n = fdt_next(f, n, &depth);
	while (n != FDT_NONE && !fdt_is_compatible(f, n, compatible));
	return n;
}

fdt_node_t fdt_find_compatible(const struct fdt *f, fdt_node_t after, const char *compatible)
{
	const struct fdt_entry *e = index_find(f, after), *end;
	unsigned bit = length_bit((uint32_t)__builtin_strlen(compatible));
	struct token t;

	if (!f->index || (!e && after != FDT_NONE))
		return walk_compatible(f, after, compatible);
	end = f->index->entry + f->index->nnode;
	for (e = e ? e + 1 : f->index->entry; e < end; e++)
		if (e->lengths & bit && token_at(f, e->compatible * 4u, &t) && t.kind == PROP &&
		    text_in(t.data, t.len, compatible))
			return node_of(e);
	return f->index->whole || f->index->nnode == 0
		       ? FDT_NONE
		       : walk_compatible(f, node_of(end - 1), compatible);
}

fdt_node_t fdt_find_memory(const struct fdt *f, fdt_node_t after)
{
	const struct fdt_entry *e = index_find(f, after);

	if (f->index && (e || after == FDT_NONE)) {
		const struct fdt_entry *end = f->index->entry + f->index->nnode;

		for (e = e ? e + 1 : f->index->entry; e < end; e++)
			if (e->is_memory && e->depth == 1)
				return node_of(e);
		if (f->index->whole)
			return FDT_NONE;
	}
	after = after == FDT_NONE ? fdt_first_child(f, fdt_root(f)) : fdt_next_sibling(f, after);
	while (after != FDT_NONE && !fdt_prop_has(f, after, "device_type", "memory"))
		after = fdt_next_sibling(f, after);
	return after;
}

static fdt_node_t walk_phandle(const struct fdt *f, uint32_t phandle)
{
	fdt_node_t node = FDT_NONE;
	struct token t;

	for (uint32_t at = 0; token_at(f, at, &t); at = t.next) {
		if (t.kind == BEGIN_NODE)
			node = (fdt_node_t)at;
		if (t.kind == PROP && t.len == 4 && cell(t.data, 0) == phandle &&
		    (prop_is(f, &t, "phandle") || prop_is(f, &t, "linux,phandle")))
			return node;
	}
	return FDT_NONE;
}

static fdt_node_t index_phandle(const struct fdt *f, uint32_t phandle)
{
	for (unsigned i = 0; f->index && i < f->index->nnode; i++)
		if (f->index->entry[i].phandle == phandle)
			return node_of(&f->index->entry[i]);
	return FDT_NONE;
}

fdt_node_t fdt_find_phandle(const struct fdt *f, uint32_t phandle)
{
	uint64_t memo = READ_ONCE(f->memo);
	fdt_node_t node;

	if (phandle == 0 || phandle == UINT32_MAX)
		return FDT_NONE;
	if (memo >> 32 == phandle)
		return (fdt_node_t)(uint32_t)memo;
	node = index_phandle(f, phandle);
	if (node == FDT_NONE && !index_is_whole(f))
		node = walk_phandle(f, phandle);
	/* All devices ask for the same few; the last is the next, mostly. */
	if (node != FDT_NONE)
		__atomic_store_n((uint64_t *)&f->memo, (uint64_t)phandle << 32 | (uint32_t)node,
				 __ATOMIC_RELAXED);
	return node;
}

/* --- properties --------------------------------------------------------------------------- */

const void *fdt_prop(const struct fdt *f, fdt_node_t node, const char *name, uint32_t *len)
{
	const char *names = (const char *)f->base + f->string_off;
	const uint8_t *block = f->base + f->struct_off;
	struct token t;

	if (!token_inside(f, node, &t))
		return NULL;
	/* DT 5.4.2: a node's properties come before its children. */
	while (token_read(block, f->struct_len, t.next, &t) && (t.kind == PROP || t.kind == NOP)) {
		if (t.kind == NOP || t.name_off >= f->string_len || names[t.name_off] != *name ||
		    !prop_is(f, &t, name))
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
	uint32_t len;
	const char *s = fdt_prop(f, node, name, &len);

	return s && text_in(s, len, text);
}

bool fdt_is_compatible(const struct fdt *f, fdt_node_t node, const char *compatible)
{
	return fdt_prop_has(f, node, "compatible", compatible);
}

bool fdt_is_available(const struct fdt *f, fdt_node_t node)
{
	const struct fdt_entry *e = index_find(f, node);
	const char *status;

	if (e ? !e->status : !fdt_prop(f, node, "status", NULL))
		return true;
	status = fdt_prop_string(f, node, "status");
	return status && (text_equal(status, "okay") || text_equal(status, "ok"));
}

bool fdt_cell_counts(const struct fdt *f, fdt_node_t node, unsigned *address, unsigned *size)
{
	uint32_t a = FDT_USUAL_ADDRESS_CELLS, s = FDT_USUAL_SIZE_CELLS;
	const struct fdt_entry *e = index_find(f, node);

	if (e) {
		a = e->naddr;
		s = e->nsize;
	} else {
		fdt_prop_u32(f, node, "#address-cells", &a);
		fdt_prop_u32(f, node, "#size-cells", &s);
	}
	if (a > FDT_MAX_CELLS || s > FDT_MAX_CELLS)
		a = s = 0;
	*address = a;
	*size = s;
	return a > 0;
}
