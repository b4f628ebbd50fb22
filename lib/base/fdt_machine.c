// SPDX-License-Identifier: BSD-2-Clause
/*
 * fdt_machine.c - RAM, CPUs, firmware and the loader's words in a device tree. Runs before
 * relocation, like fdt.c.
 */
#include "lib/base/fdt.h"

/* The next pair of `reg` of the node that the iterator is at; false behind the last. A pair that
 * cannot be right is passed over. */
static bool reg_next(const struct fdt *f, struct fdt_iter *it, uint64_t *start, uint64_t *len)
{
	fdt_node_t parent = fdt_parent(f, it->node);
	unsigned pair = 4 * (fdt_address_cells(f, parent) + fdt_size_cells(f, parent));
	uint32_t bytes;

	if (!fdt_prop(f, it->node, "reg", &bytes) || pair == 0)
		return false;
	while (it->index < bytes / pair)
		if (fdt_reg(f, it->node, it->index++, start, len) && *len > 0)
			return true;
	return false;
}

/* On to the next child of `parent` that fits; `part` tells that the walk has begun. */
static bool iter_next_node(const struct fdt *f, struct fdt_iter *it, fdt_node_t parent,
			   bool (*fits)(const struct fdt *f, fdt_node_t node))
{
	do {
		it->node = it->part ? fdt_next_sibling(f, it->node) : fdt_first_child(f, parent);
		it->part = 1;
	} while (it->node != FDT_NONE && !fits(f, it->node));
	it->index = 0;
	return it->node != FDT_NONE;
}

bool fdt_memory_next(const struct fdt *f, struct fdt_iter *it, uint64_t *start, uint64_t *len)
{
	while (it->node == FDT_NONE || !fdt_is_available(f, it->node) ||
	       !reg_next(f, it, start, len)) {
		if (it->part && it->node == FDT_NONE)
			return false;
		it->node = fdt_find_memory(f, it->node);
		it->part = 1;
		it->index = 0;
	}
	return true;
}

/* The index-th pair of the reservation block, which an empty pair ends. Ref: DT 5.3.2. */
static bool reserve_entry(const struct fdt *f, unsigned index, uint64_t *start, uint64_t *len)
{
	const uint8_t *e = f->base + f->reserve_off + 16 * (size_t)index;

	if (index >= (f->reserve_end - f->reserve_off) / 16)
		return false;
	return fdt_cells(e, 2, start) && fdt_cells(e + 8, 2, len) && (*start || *len);
}

bool fdt_reserved_next(const struct fdt *f, struct fdt_iter *it, uint64_t *start, uint64_t *len)
{
	if (!it->part && reserve_entry(f, it->index, start, len)) {
		it->index++;
		return true;
	}
	while (it->node == FDT_NONE || !reg_next(f, it, start, len))
		if (!iter_next_node(f, it, fdt_find_path(f, "/reserved-memory"), fdt_is_available))
			return false;
	return true;
}

static bool is_cpu(const struct fdt *f, fdt_node_t node)
{
	return fdt_prop_has(f, node, "device_type", "cpu") && fdt_is_available(f, node);
}

bool fdt_cpu_next(const struct fdt *f, struct fdt_iter *it, uint64_t *reg)
{
	fdt_node_t cpus = fdt_find_path(f, "/cpus");
	unsigned cells = fdt_address_cells(f, cpus);
	uint32_t len;
	const void *p;

	while (iter_next_node(f, it, cpus, is_cpu)) {
		p = fdt_prop(f, it->node, "reg", &len);
		if (p && cells > 0 && len >= 4 * cells && fdt_cells(p, cells, reg))
			return true;
	}
	return false;
}

/* stdout-path is a path or an alias, then perhaps ':' and what the device makes of it. */
static void chosen_stdout(const struct fdt *f, fdt_node_t node, struct fdt_chosen *out)
{
	const char *path = fdt_prop_string(f, node, "stdout-path");

	if (!path)
		path = fdt_prop_string(f, node, "linux,stdout-path");
	if (!path)
		return;
	out->stdout_node = fdt_find_path(f, path);
	while (*path && *path != ':')
		path++;
	out->stdout_options = *path ? path + 1 : path;
}

void fdt_chosen(const struct fdt *f, struct fdt_chosen *out)
{
	fdt_node_t node = fdt_find_path(f, "/chosen");
	uint64_t start, end;

	*out = (struct fdt_chosen){ .stdout_node = FDT_NONE, .stdout_options = "" };
	out->bootargs = fdt_prop(f, node, "bootargs", &out->bootargs_len);
	if (fdt_prop_u64(f, node, "linux,initrd-start", &start) &&
	    fdt_prop_u64(f, node, "linux,initrd-end", &end) && end > start) {
		out->initrd_start = start;
		out->initrd_end = end;
	}
	chosen_stdout(f, node, out);
	out->rng_seed = fdt_prop(f, node, "rng-seed", &out->rng_seed_len);
	fdt_prop_u64(f, node, "kaslr-seed", &out->kaslr_seed);
}

static bool is_module(const struct fdt *f, fdt_node_t node)
{
	return fdt_is_compatible(f, node, "multiboot,module");
}

/* Who writes such nodes does not agree on whether /chosen says how many cells they have: the
 * length of `reg` tells. */
bool fdt_module_next(const struct fdt *f, struct fdt_iter *it, uint64_t *start, uint64_t *len)
{
	fdt_node_t chosen = fdt_find_path(f, "/chosen");
	uint32_t bytes;

	while (iter_next_node(f, it, chosen, is_module)) {
		const uint8_t *reg = fdt_prop(f, it->node, "reg", &bytes);
		unsigned a = bytes > 8 ? 2 : 1, s = bytes > 12 ? 2 : 1;

		if (reg && bytes == 4 * (a + s) && fdt_cells(reg, a, start) &&
		    fdt_cells(reg + 4 * a, s, len) && *len > 0)
			return true;
	}
	return false;
}

enum fdt_psci fdt_psci(const struct fdt *f)
{
	fdt_node_t node = fdt_find_compatible(f, FDT_NONE, "arm,psci-0.2");

	if (node == FDT_NONE)
		node = fdt_find_compatible(f, FDT_NONE, "arm,psci-1.0");
	if (node == FDT_NONE || !fdt_is_available(f, node))
		return FDT_PSCI_NONE;
	if (fdt_prop_has(f, node, "method", "hvc"))
		return FDT_PSCI_HVC;
	return fdt_prop_has(f, node, "method", "smc") ? FDT_PSCI_SMC : FDT_PSCI_NONE;
}
