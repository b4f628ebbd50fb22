// SPDX-License-Identifier: BSD-2-Clause
/* Device trees: every question that the kernel and the drivers ask, of any bytes. */
// link: lib/base/fdt.c lib/base/fdt_bus.c lib/base/fdt_machine.c
#include "lib/base/fdt.h"
#include "tests/fuzz/fuzz.h"

#define ITEMS       100000
#define COMPARE_MAX 4096

static void ask_machine(const struct fdt *t)
{
	struct fdt_iter memory = FDT_ITER_INIT, reserved = FDT_ITER_INIT;
	struct fdt_chosen chosen;
	uint64_t start, len;
	unsigned n = 0;

	while (fdt_memory_next(t, &memory, &start, &len))
		FUZZ_ASSERT(++n < ITEMS);
	while (fdt_reserved_next(t, &reserved, &start, &len))
		FUZZ_ASSERT(++n < ITEMS);
	fdt_chosen(t, &chosen);
	if (chosen.bootargs)
		FUZZ_ASSERT(strnlen(chosen.bootargs, chosen.bootargs_len) <= chosen.bootargs_len);
}

static void ask_devices(const struct fdt *t)
{
	static const char *const names[] = { "arm,pl011", "virtio,mmio", "a",
					     "pci-host-ecam-generic" };
	uint64_t at, len;
	unsigned n = 0;

	for (unsigned i = 0; i < sizeof(names) / sizeof(*names); i++)
		for (fdt_node_t d = FDT_NONE;
		     (d = fdt_find_compatible(t, d, names[i])) != FDT_NONE;) {
			FUZZ_ASSERT(++n < ITEMS);
			(void)fdt_reg(t, d, 0, &at, &len);
			(void)fdt_reg(t, d, 3, &at, &len);
		}
}

/* With the index every answer is what a walk gives. */
static void compare(const struct fdt *with)
{
	static const char *const names[] = { "arm,pl011", "virtio,mmio", "a", "memory" };
	struct fdt without = *with;
	fdt_node_t a[FDT_MAX_DEPTH], b[FDT_MAX_DEPTH];
	int depth = 0;

	without.index = NULL;
	for (fdt_node_t n = FDT_NONE; (n = fdt_next(with, n, &depth)) != FDT_NONE;) {
		unsigned len = fdt_path(with, n, a);

		FUZZ_ASSERT(len == fdt_path(&without, n, b));
		FUZZ_ASSERT(memcmp(a, b, len * sizeof(*a)) == 0);
		FUZZ_ASSERT(fdt_first_child(with, n) == fdt_first_child(&without, n));
		if (len != 1) /* a second root is one to the walk only */
			FUZZ_ASSERT(fdt_next_sibling(with, n) == fdt_next_sibling(&without, n));
		FUZZ_ASSERT(fdt_is_available(with, n) == fdt_is_available(&without, n));
		FUZZ_ASSERT(fdt_address_cells(with, n) == fdt_address_cells(&without, n));
		FUZZ_ASSERT(fdt_size_cells(with, n) == fdt_size_cells(&without, n));
	}
	for (unsigned i = 0; i < sizeof(names) / sizeof(*names); i++)
		FUZZ_ASSERT(fdt_find_compatible(with, FDT_NONE, names[i]) ==
			    fdt_find_compatible(&without, FDT_NONE, names[i]));
	FUZZ_ASSERT(fdt_find_memory(with, FDT_NONE) == fdt_find_memory(&without, FDT_NONE));
	FUZZ_ASSERT(fdt_find_path(with, "/a/b") == fdt_find_path(&without, "/a/b"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	void *copy = NULL;
	struct fdt t;

	if (posix_memalign(&copy, 8, len ? len : 1))
		return 0;
	memcpy(copy, data, len);
	if (fdt_open(&t, copy, len)) {
		static struct fdt_index index;

		ask_machine(&t);
		ask_devices(&t);
		fdt_index(&t, &index);
		ask_machine(&t);
		ask_devices(&t);
		if (len < COMPARE_MAX) /* walks for each node are slow */
			compare(&t);
	}
	free(copy);
	return 0;
}
