// SPDX-License-Identifier: BSD-2-Clause
/*
 * fdt_bus.c - addresses and interrupts of a device tree, through the buses and the interrupt
 * controllers between a device and the CPU. Runs before relocation, like fdt.c.
 */
#include "lib/base/fdt.h"

#define MAX_HOPS 8 /* interrupt-maps between a device and its controller */

unsigned fdt_address_cells(const struct fdt *f, fdt_node_t node)
{
	unsigned a, s;

	fdt_cell_counts(f, node, &a, &s);
	return a;
}

unsigned fdt_size_cells(const struct fdt *f, fdt_node_t node)
{
	unsigned a, s;

	fdt_cell_counts(f, node, &a, &s);
	return s;
}

/* The index-th entry of a list of entries of n cells; NULL behind the last whole one. */
static const void *entry(const void *list, uint32_t len_bytes, unsigned n, unsigned index)
{
	if (!list || n == 0 || index >= len_bytes / (4 * n))
		return NULL;
	return (const uint8_t *)list + (size_t)index * 4 * n;
}

/* --- addresses ---------------------------------------------------------------------------- */

/* One entry of `ranges` of a bus; parent_cells as the bus' own address has. */
static bool range_of_bus(const struct fdt *f, fdt_node_t bus, unsigned parent_cells, unsigned index,
			 struct fdt_range *out)
{
	unsigned a, s;
	uint32_t len;
	const void *list = fdt_prop(f, bus, "ranges", &len);
	const uint8_t *e;
	struct fdt_range r = { 0 };

	if (!fdt_cell_counts(f, bus, &a, &s) || a > 3 || parent_cells == 0)
		return false;
	e = entry(list, len, a + parent_cells + s, index);
	if (!e)
		return false;
	if (a == 3) {
		r.pci_space = fdt_cell(e, 0);
		e += 4;
		a = 2;
	}
	if (!fdt_cells(e, a, &r.child) || !fdt_cells(e + 4 * a, parent_cells, &r.cpu) ||
	    !fdt_cells(e + 4 * (a + parent_cells), s, &r.len))
		return false;
	*out = r;
	return true;
}

/* From an address on a bus to one on the bus above it. A bus without `ranges` is not reachable,
 * with an empty one it has the same addresses. Ref: DT 2.3.8. */
static bool translate_once(const struct fdt *f, fdt_node_t bus, unsigned parent_cells,
			   uint64_t *addr, uint64_t len)
{
	struct fdt_range r;
	uint32_t ranges_len;

	if (!fdt_prop(f, bus, "ranges", &ranges_len))
		return false;
	if (ranges_len == 0)
		return true;
	for (unsigned i = 0; range_of_bus(f, bus, parent_cells, i, &r); i++)
		if (r.pci_space == 0 && *addr >= r.child && *addr - r.child <= r.len &&
		    len <= r.len - (*addr - r.child)) {
			*addr = r.cpu + (*addr - r.child);
			return true;
		}
	return false;
}

/* From an address on bus path[n - 1] to one that the CPU uses, on the root's bus. */
static bool translate(const struct fdt *f, const fdt_node_t *path, unsigned n, uint64_t *addr,
		      uint64_t len)
{
	for (; n > 1; n--)
		if (!translate_once(f, path[n - 1], fdt_address_cells(f, path[n - 2]), addr, len))
			return false;
	return *addr + len >= *addr;
}

bool fdt_reg_at(const struct fdt *f, const fdt_node_t *path, unsigned n, unsigned index,
		uint64_t *addr, uint64_t *len)
{
	uint32_t reg_len;
	const void *reg;
	const uint8_t *e;
	uint64_t at, size;
	unsigned a, s;

	if (n < 2 || n > FDT_MAX_DEPTH || !fdt_cell_counts(f, path[n - 2], &a, &s))
		return false;
	reg = fdt_prop(f, path[n - 1], "reg", &reg_len);
	e = entry(reg, reg_len, a + s, index);
	if (!e || !fdt_cells(e, a, &at) || !fdt_cells(e + 4 * a, s, &size))
		return false;
	if (!translate(f, path, n - 1, &at, size))
		return false;
	*addr = at;
	*len = size;
	return true;
}

bool fdt_reg(const struct fdt *f, fdt_node_t node, unsigned index, uint64_t *addr, uint64_t *len)
{
	fdt_node_t path[FDT_MAX_DEPTH];

	return fdt_reg_at(f, path, fdt_path(f, node, path), index, addr, len);
}

bool fdt_range(const struct fdt *f, fdt_node_t bus, unsigned index, struct fdt_range *out)
{
	fdt_node_t path[FDT_MAX_DEPTH];
	unsigned n = fdt_path(f, bus, path);
	struct fdt_range r;

	if (n < 2 || !range_of_bus(f, bus, fdt_address_cells(f, path[n - 2]), index, &r))
		return false;
	if (!translate(f, path, n - 1, &r.cpu, r.len))
		return false;
	*out = r;
	return true;
}

/* --- interrupts --------------------------------------------------------------------------- */

/* An interrupt on its way: a specifier, and the address of who raises it, for interrupt-maps. */
struct wire {
	fdt_node_t at; /* controller or interrupt-map that takes it */
	unsigned nspec, nunit;
	uint32_t spec[FDT_MAX_CELLS], unit[FDT_MAX_CELLS];
};

static bool count_of(const struct fdt *f, fdt_node_t node, const char *name, unsigned *out)
{
	uint32_t n;

	if (!fdt_prop_u32(f, node, name, &n) || n > FDT_MAX_CELLS)
		return false;
	*out = n;
	return true;
}

static void copy_cells(uint32_t *to, const void *from, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		to[i] = fdt_cell(from, i);
}

/* Whether the child part of an entry of interrupt-map is this interrupt, under the mask. */
static bool map_matches(const void *e, const void *mask, const struct wire *w)
{
	for (unsigned i = 0; i < w->nunit + w->nspec; i++) {
		uint32_t m = mask ? fdt_cell(mask, i) : UINT32_MAX;
		uint32_t have = i < w->nunit ? w->unit[i] : w->spec[i - w->nunit];

		if ((have & m) != (fdt_cell(e, i) & m))
			return false;
	}
	return true;
}

/*
 * map_parent() - the parent part of an entry: a phandle, then as many cells as that says.
 *
 * left   cells from p to the end of the property
 *
 * Returns how many cells it has; 0 when it is not whole. *w is written if so.
 */
static unsigned map_parent(const struct fdt *f, const uint8_t *p, uint32_t left, struct wire *w)
{
	struct wire up = { 0 };

	if (left < 1)
		return 0;
	up.at = fdt_find_phandle(f, fdt_cell(p, 0));
	if (!count_of(f, up.at, "#interrupt-cells", &up.nspec))
		return 0;
	if (!count_of(f, up.at, "#address-cells", &up.nunit))
		up.nunit = 0; /* a controller that is no bus */
	if (left < 1 + up.nunit + up.nspec)
		return 0;
	copy_cells(up.unit, p + 4, up.nunit);
	copy_cells(up.spec, p + 4 + 4 * up.nunit, up.nspec);
	*w = up;
	return 1 + up.nunit + up.nspec;
}

/* One interrupt-map further. Ref: DT 2.4.3. */
static bool map_once(const struct fdt *f, struct wire *w)
{
	uint32_t len, mask_len;
	const uint8_t *p = fdt_prop(f, w->at, "interrupt-map", &len);
	const void *mask = fdt_prop(f, w->at, "interrupt-map-mask", &mask_len);
	unsigned nchild = w->nunit + w->nspec, nparent;
	struct wire up;

	if (!p || (mask && mask_len < 4 * nchild))
		return false;
	for (uint32_t left = len / 4; left > nchild; left -= nchild + nparent) {
		nparent = map_parent(f, p + 4 * nchild, left - nchild, &up);
		if (nparent == 0)
			return false;
		if (map_matches(p, mask, w)) {
			*w = up;
			return true;
		}
		p += 4 * (nchild + nparent);
	}
	return false;
}

static bool follow(const struct fdt *f, struct wire *w, struct fdt_interrupt *out)
{
	for (unsigned hop = 0; hop < MAX_HOPS; hop++) {
		if (fdt_prop(f, w->at, "interrupt-controller", NULL)) {
			out->controller = w->at;
			out->ncells = w->nspec;
			for (unsigned i = 0; i < FDT_MAX_CELLS; i++)
				out->cell[i] = w->spec[i];
			return true;
		}
		if (!map_once(f, w))
			return false;
	}
	return false;
}

bool fdt_interrupt_map(const struct fdt *f, fdt_node_t bus, const uint32_t *unit,
		       const uint32_t *spec, struct fdt_interrupt *out)
{
	struct wire w = { .at = bus };

	if (!count_of(f, bus, "#interrupt-cells", &w.nspec))
		return false;
	w.nunit = fdt_address_cells(f, bus);
	for (unsigned i = 0; i < w.nunit; i++)
		w.unit[i] = unit[i];
	for (unsigned i = 0; i < w.nspec; i++)
		w.spec[i] = spec[i];
	return follow(f, &w, out);
}

/* Who takes the interrupts of the last node of the path: its interrupt-parent or that of the
 * nearest node above; where nobody says, the nearest node above that takes any. Ref: DT 2.4.1. */
static fdt_node_t interrupt_parent(const struct fdt *f, const fdt_node_t *path, unsigned n)
{
	uint32_t phandle;

	while (n-- > 0) {
		if (fdt_prop_u32(f, path[n], "interrupt-parent", &phandle))
			return fdt_find_phandle(f, phandle);
		if (n > 0 && fdt_prop(f, path[n - 1], "#interrupt-cells", NULL))
			return path[n - 1];
	}
	return FDT_NONE;
}

/* The index-th entry of `interrupts-extended`, each with a phandle before it. */
static bool take_extended(const struct fdt *f, const uint8_t *p, uint32_t len, unsigned index,
			  struct wire *w)
{
	for (uint32_t left = len / 4; left > 0;) {
		w->at = fdt_find_phandle(f, fdt_cell(p, 0));
		if (!count_of(f, w->at, "#interrupt-cells", &w->nspec) || left < 1 + w->nspec)
			return false;
		copy_cells(w->spec, p + 4, w->nspec);
		if (index-- == 0)
			return true;
		p += 4 * (1 + w->nspec);
		left -= 1 + w->nspec;
	}
	return false;
}

static bool take_interrupts(const struct fdt *f, const fdt_node_t *path, unsigned n, unsigned index,
			    struct wire *w)
{
	uint32_t len;
	const void *list = fdt_prop(f, path[n - 1], "interrupts", &len), *e;

	w->at = interrupt_parent(f, path, n);
	if (!count_of(f, w->at, "#interrupt-cells", &w->nspec))
		return false;
	e = entry(list, len, w->nspec, index);
	if (!e)
		return false;
	copy_cells(w->spec, e, w->nspec);
	return true;
}

bool fdt_interrupt_at(const struct fdt *f, const fdt_node_t *path, unsigned n, unsigned index,
		      struct fdt_interrupt *out)
{
	struct wire w = { 0 };
	uint32_t len;
	const void *p;
	unsigned a;

	if (n < 2 || n > FDT_MAX_DEPTH)
		return false;
	p = fdt_prop(f, path[n - 1], "interrupts-extended", &len);
	if (p ? !take_extended(f, p, len, index, &w) : !take_interrupts(f, path, n, index, &w))
		return false;
	/* Its address, should an interrupt-map ask: the first of `reg`, as it stands there. */
	a = fdt_address_cells(f, path[n - 2]);
	p = fdt_prop(f, path[n - 1], "reg", &len);
	if (p && len >= 4 * a) {
		w.nunit = a;
		copy_cells(w.unit, p, a);
	}
	return follow(f, &w, out);
}

bool fdt_interrupt(const struct fdt *f, fdt_node_t node, unsigned index, struct fdt_interrupt *out)
{
	fdt_node_t path[FDT_MAX_DEPTH];

	return fdt_interrupt_at(f, path, fdt_path(f, node, path), index, out);
}

fdt_node_t fdt_msi_map(const struct fdt *f, fdt_node_t host, uint32_t rid, uint32_t *id)
{
	uint32_t len, mask = UINT32_MAX, phandle;
	const void *list = fdt_prop(f, host, "msi-map", &len), *e;

	fdt_prop_u32(f, host, "msi-map-mask", &mask);
	for (unsigned i = 0; list && (e = entry(list, len, 4, i)); i++) {
		uint32_t first = fdt_cell(e, 0), count = fdt_cell(e, 3), at = (rid & mask) - first;

		if ((rid & mask) >= first && at < count) {
			*id = fdt_cell(e, 2) + at;
			return fdt_find_phandle(f, fdt_cell(e, 1));
		}
	}
	list = list ? NULL : fdt_prop(f, host, "msi-parent", &len);
	if (!list || len < 4)
		return FDT_NONE;
	phandle = fdt_cell(list, 0);
	*id = rid;
	return fdt_find_phandle(f, phandle);
}
