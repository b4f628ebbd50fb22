// SPDX-License-Identifier: BSD-2-Clause
/*
 * fdt.h - a reader of flattened device trees.
 *
 * The tree stays where the loader put it, in the form that it has; nothing is unpacked. A node is
 * the offset of its FDT_BEGIN_NODE token in the structure block. Every offset, length and string
 * in the blob is checked before use, so any bytes at all are safe to read; walks are loops, their
 * depth is bounded where it must be remembered (FDT_MAX_DEPTH).
 *
 * Properties are returned in place: they are big-endian and 4-byte aligned, and live as long as
 * the blob. It is read by aligned 32-bit loads and byte loads, so it may be mapped as device
 * memory; the stack may not. No allocation, no initialised pointers: any context, also
 * before relocation. Errors: false, NULL or FDT_NONE; outputs are written on success only.
 *
 * Ref: Devicetree Specification, Release v0.4 (paragraphs are named as "DT 5.4").
 */
#pragma once
#include "lib/base/compiler.h"

#define FDT_MAX_BYTES (2u << 20) /* the Linux arm64 boot protocol allows no larger tree */
#define FDT_MAX_DEPTH 16u        /* of a node whose parents matter */
#define FDT_MAX_CELLS 4u         /* of an address, a size, an interrupt specifier */

typedef int32_t fdt_node_t; /* [bytes from the begin of the structure block] */
#define FDT_NONE (-1)

#define FDT_INDEX_NODES 256u

/* Where nodes are and what is asked of all of them, so that the blob is walked once and not for
 * each question: the first ones, which on machines that a hypervisor makes are all. Offsets only,
 * so it holds wherever the blob is. */
struct fdt_index {
	bool whole;     /* there are no other nodes */
	unsigned nnode; /* in the order of the blob */
	struct fdt_entry {
		uint32_t phandle;            /* 0: without */
		uint16_t node;               /* [4 bytes from the begin of the structure block] */
		uint16_t compatible, status; /* these properties, so too; 0: without */
		uint16_t lengths;     /* of the texts in `compatible`: bit n: modulo 16 it is n */
		uint8_t parent;       /* which entry; the root's is 0 */
		uint8_t depth;        /* the root's is 0 */
		uint8_t naddr, nsize; /* fdt_address_cells(), fdt_size_cells() */
		bool is_memory;       /* by its `device_type` */
	} entry[FDT_INDEX_NODES];
};

struct fdt {
	const struct fdt_index *index; /* NULL: none, and each question is a walk */
	const uint8_t *base;
	uint32_t reserve_off, reserve_end; /* memory reservation block [bytes from base] */
	uint32_t struct_off, struct_len;   /* structure block */
	uint32_t string_off, string_len;   /* strings block */
	uint32_t last; /* which entry was asked for last: devices ask several things in a row */
	uint64_t memo; /* phandle << 32 | node: what fdt_find_phandle() found last; written whole */
};

/*
 * fdt_open() - look at the header.
 *
 * blob   8-byte aligned
 * max    how many bytes of it may be read: at least FDT_MAX_BYTES, or fdt_bytes()
 *
 * Returns whether it is a tree of a version that we know. Ref: DT 5.2.
 */
bool fdt_open(struct fdt *f, const void *blob, size_t max) UNIK_MUST_CHECK;

/* fdt_index() - make the index of a tree, and use it. It lives as long as *f. */
void fdt_index(struct fdt *f, struct fdt_index *index);

/* fdt_bytes() - how much of the blob is in use, from its begin: behind that is room. */
uint32_t fdt_bytes(const struct fdt *f);

/* --- nodes -------------------------------------------------------------------------------- */

/*
 * fdt_next() - the next node in the order of the blob.
 *
 * node    FDT_NONE: the root
 * depth   of `node`, then of the one that is returned (the root's is 0). May be counted from
 *         another level: the walk ends where it would fall below 0.
 */
fdt_node_t fdt_next(const struct fdt *f, fdt_node_t node, int *depth);
fdt_node_t fdt_root(const struct fdt *f);
fdt_node_t fdt_first_child(const struct fdt *f, fdt_node_t node);
fdt_node_t fdt_next_sibling(const struct fdt *f, fdt_node_t node);
fdt_node_t fdt_parent(const struct fdt *f, fdt_node_t node);

/* fdt_path() - the nodes from the root, path[0], to `node`. Returns how many; 0 for a node that
 * is not there or too deep. */
unsigned fdt_path(const struct fdt *f, fdt_node_t node, fdt_node_t path[FDT_MAX_DEPTH]);

/* fdt_name() - with its unit address; "" for the root and where there is no node. */
const char *fdt_name(const struct fdt *f, fdt_node_t node);

/*
 * fdt_find_path() - the node at a path.
 *
 * path   "/soc/serial@1000", or an alias and what follows it; ends at its terminator or at ':'. A
 *        unit address may be left out where the name is unique. Ref: DT 2.2.3, 3.3.
 */
fdt_node_t fdt_find_path(const struct fdt *f, const char *path);

/* fdt_find_compatible() - the next one behind `after` (FDT_NONE: the first), also if disabled. */
fdt_node_t fdt_find_compatible(const struct fdt *f, fdt_node_t after, const char *compatible);
fdt_node_t fdt_find_phandle(const struct fdt *f, uint32_t phandle);

/* fdt_find_memory() - the next child of the root behind `after` that describes RAM. Ref: DT 3.4. */
fdt_node_t fdt_find_memory(const struct fdt *f, fdt_node_t after);

/* --- properties --------------------------------------------------------------------------- */

/* fdt_prop() - a property's bytes; NULL when there is none. len may be NULL. */
const void *fdt_prop(const struct fdt *f, fdt_node_t node, const char *name, uint32_t *len);

/* fdt_prop_u32(), fdt_prop_u64() - a number; the latter of one or two cells. */
bool fdt_prop_u32(const struct fdt *f, fdt_node_t node, const char *name, uint32_t *out);
bool fdt_prop_u64(const struct fdt *f, fdt_node_t node, const char *name, uint64_t *out);

/* fdt_prop_string() - the first text; NULL when there is none or its terminator is missing. */
const char *fdt_prop_string(const struct fdt *f, fdt_node_t node, const char *name);

/* fdt_prop_has() - whether the text is one of the property's. */
bool fdt_prop_has(const struct fdt *f, fdt_node_t node, const char *name, const char *text);

bool fdt_is_compatible(const struct fdt *f, fdt_node_t node, const char *compatible);
/* fdt_is_available() - not switched off by `status`. Ref: DT 2.3.4. */
bool fdt_is_available(const struct fdt *f, fdt_node_t node);

/* fdt_cell() - the i-th 32-bit number of a property; the caller knows that it is there. */
uint32_t fdt_cell(const void *cells, unsigned i);

/* fdt_cells() - a number of n cells; false for more than two. */
bool fdt_cells(const void *cells, unsigned n, uint64_t *out);

/* fdt_address_cells(), fdt_size_cells() - how the children of `node` give addresses and sizes. A
 * number above FDT_MAX_CELLS makes both 0, which fits no property. Ref: DT 2.3.5. */
#define FDT_USUAL_ADDRESS_CELLS 2 /* where nothing is said */
#define FDT_USUAL_SIZE_CELLS    1
unsigned fdt_address_cells(const struct fdt *f, fdt_node_t node);
unsigned fdt_size_cells(const struct fdt *f, fdt_node_t node);

/* fdt_cell_counts() - both at once; false where addresses have none. */
bool fdt_cell_counts(const struct fdt *f, fdt_node_t node, unsigned *address, unsigned *size);

/* --- addresses ---------------------------------------------------------------------------- */

/*
 * fdt_reg() - the index-th pair of `reg`, as the CPU sees it: through the `ranges` of all buses
 * above. False when there is none, or no way from the CPU to it. Ref: DT 2.3.6, 2.3.8.
 */
bool fdt_reg(const struct fdt *f, fdt_node_t node, unsigned index, uint64_t *addr, uint64_t *len);
/* fdt_reg_at() - the same for the last of the n nodes of a path, which need not be looked for. */
bool fdt_reg_at(const struct fdt *f, const fdt_node_t *path, unsigned n, unsigned index,
		uint64_t *addr, uint64_t *len);

struct fdt_range {
	uint32_t pci_space; /* phys.hi, where child addresses have three cells */
	uint64_t child;     /* address on the bus */
	uint64_t cpu;       /* address as the CPU sees it */
	uint64_t len;
};

/* fdt_range() - the index-th window of a bus; children's addresses have one to three cells. */
bool fdt_range(const struct fdt *f, fdt_node_t bus, unsigned index, struct fdt_range *out);

/* --- interrupts --------------------------------------------------------------------------- */

struct fdt_interrupt {
	fdt_node_t controller;
	unsigned ncells;
	uint32_t cell[FDT_MAX_CELLS]; /* as the controller's binding says */
};

/*
 * fdt_interrupt() - the index-th interrupt of a device, at the controller that takes it: from
 * `interrupts-extended` or `interrupts`, through any interrupt-map. Ref: DT 2.4.
 */
bool fdt_interrupt(const struct fdt *f, fdt_node_t node, unsigned index, struct fdt_interrupt *out);
bool fdt_interrupt_at(const struct fdt *f, const fdt_node_t *path, unsigned n, unsigned index,
		      struct fdt_interrupt *out);

/*
 * fdt_interrupt_map() - the same for a device that has no node, below a bus with an interrupt-map.
 *
 * unit    its address, as many cells as the bus' children have; for PCI { devfn << 8, 0, 0 }
 * spec    its specifier, as many cells as the bus says; for PCI the pin, 1 to 4
 */
bool fdt_interrupt_map(const struct fdt *f, fdt_node_t bus, const uint32_t *unit,
		       const uint32_t *spec, struct fdt_interrupt *out);

/*
 * fdt_msi_map() - who takes the messages of a PCI function, and under which number.
 *
 * host   PCI host with `msi-map` or `msi-parent`
 * rid    bus << 8 | devfn
 *
 * Returns the controller, or FDT_NONE. Ref: the binding pci-msi.
 */
fdt_node_t fdt_msi_map(const struct fdt *f, fdt_node_t host, uint32_t rid, uint32_t *id);

/* --- the machine -------------------------------------------------------------------------- */

struct fdt_iter { /* starts as FDT_ITER_INIT */
	fdt_node_t node;
	unsigned index, part;
};
#define FDT_ITER_INIT          \
	{                      \
		FDT_NONE, 0, 0 \
	}

/* fdt_memory_next() - the next range of RAM. Ref: DT 3.4. */
bool fdt_memory_next(const struct fdt *f, struct fdt_iter *it, uint64_t *start, uint64_t *len);

/* fdt_reserved_next() - the next range of RAM that is not ours: the reservation block, then the
 * fixed children of /reserved-memory. Ref: DT 3.5, 5.3. */
bool fdt_reserved_next(const struct fdt *f, struct fdt_iter *it, uint64_t *start, uint64_t *len);

/* fdt_cpu_next() - the next CPU that may be used, and its `reg` (on ARM: MPIDR). Ref: DT 3.8. */
bool fdt_cpu_next(const struct fdt *f, struct fdt_iter *it, uint64_t *reg);

struct fdt_chosen {
	const char *bootargs; /* NULL: none; not necessarily terminated */
	uint32_t bootargs_len;
	uint64_t initrd_start, initrd_end; /* equal: none */
	fdt_node_t stdout_node;            /* FDT_NONE: not said */
	const char *stdout_options; /* behind the ':' of stdout-path; "" when there are none */
	const uint8_t *rng_seed;    /* NULL: none */
	uint32_t rng_seed_len;
	uint64_t kaslr_seed; /* 0: none */
};

/* fdt_chosen() - what the loader says. Ref: DT 3.6. */
void fdt_chosen(const struct fdt *f, struct fdt_chosen *out);

/*
 * fdt_module_next() - the next file that the loader left in RAM beside the initrd: a child of
 * /chosen. Ref: Xen's booting documentation for ARM ("multiboot,module"); QEMU's guest-loader
 * writes such nodes.
 */
bool fdt_module_next(const struct fdt *f, struct fdt_iter *it, uint64_t *start, uint64_t *len);

/* fdt_psci() - how the firmware is called (PSCI 0.2 and later). */
enum fdt_psci { FDT_PSCI_NONE, FDT_PSCI_HVC, FDT_PSCI_SMC };
enum fdt_psci fdt_psci(const struct fdt *f);
