// SPDX-License-Identifier: BSD-2-Clause
/* Device trees: every question that the kernel and the drivers ask, of any bytes. */
// link: lib/base/fdt.c lib/base/fdt_bus.c lib/base/fdt_machine.c
#include "lib/base/fdt.h"
#include "tests/fuzz/fuzz.h"

#define ITEMS 100000

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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	void *copy = NULL;
	struct fdt t;

	if (posix_memalign(&copy, 8, len ? len : 1))
		return 0;
	memcpy(copy, data, len);
	if (fdt_open(&t, copy, len)) {
		ask_machine(&t);
		ask_devices(&t);
	}
	free(copy);
	return 0;
}
