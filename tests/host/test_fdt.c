// SPDX-License-Identifier: BSD-2-Clause
/* lib/base/fdt*.c: a machine's tree, one that says little, and any bytes at all. */
// link: lib/base/fdt.c lib/base/fdt_bus.c lib/base/fdt_machine.c
#include "lib/base/fdt.h"
#include "tests/host/fake/fake.h"
#include "tests/host/fake/fdt.h"

#define GIC 1
#define ITS 2
#define MUX 3

static void *blob;
static size_t blob_len;
static struct fdt tree;
static struct fdt_index index_of_tree;
static bool with_index; /* all tests run without and with it */

static void open_blob(void)
{
	free(blob);
	blob = fake_fdt_end(&blob_len);
	CHECK(fdt_open(&tree, blob, blob_len));
	if (with_index)
		fdt_index(&tree, &index_of_tree);
}

static fdt_node_t at(const char *path)
{
	return fdt_find_path(&tree, path);
}

static void build_chosen(void)
{
	static const uint8_t seed[] = { 1, 2, 3, 4, 5 };

	fake_fdt_node("chosen");
	fake_fdt_text("bootargs", "one two");
	fake_fdt_text("stdout-path", "serial0:115200n8");
	FAKE_FDT_CELLS("linux,initrd-start", 0, 0x48000000);
	FAKE_FDT_CELLS("linux,initrd-end", 0x48001234);
	fake_fdt_bytes("rng-seed", seed, sizeof(seed));
	FAKE_FDT_CELLS("kaslr-seed", 0x11, 0x22);
	fake_fdt_node("module@44000000");
	fake_fdt_bytes("compatible", "multiboot,module\0multiboot,ramdisk", 35);
	FAKE_FDT_CELLS("reg", 0, 0x44000000, 0, 0x123);
	fake_fdt_close();
	fake_fdt_node("module@1");
	fake_fdt_text("compatible", "multiboot,module");
	FAKE_FDT_CELLS("reg", 1);
	fake_fdt_close();
	fake_fdt_node("module@2");
	fake_fdt_text("compatible", "multiboot,module");
	FAKE_FDT_CELLS("reg", 0x45000000, 0x10);
	fake_fdt_close();
	fake_fdt_close();
}

static void build_memory(void)
{
	fake_fdt_node("memory@40000000");
	fake_fdt_text("device_type", "memory");
	FAKE_FDT_CELLS("reg", 0, 0x40000000, 0, 0x8000000, 0, 0, 0, 0, 1, 0, 1, 0);
	fake_fdt_close();
	fake_fdt_node("secram@e000000");
	fake_fdt_text("device_type", "memory");
	fake_fdt_text("status", "disabled");
	FAKE_FDT_CELLS("reg", 0, 0xe000000, 0, 0x1000000);
	fake_fdt_close();
	fake_fdt_node("reserved-memory");
	FAKE_FDT_CELLS("#address-cells", 2);
	FAKE_FDT_CELLS("#size-cells", 1);
	fake_fdt_bytes("ranges", "", 0);
	fake_fdt_node("dynamic");
	FAKE_FDT_CELLS("size", 0x1000);
	fake_fdt_close();
	fake_fdt_node("fixed@41000000");
	FAKE_FDT_CELLS("reg", 0, 0x41000000, 0x2000, 0, 0x42000000, 0x3000);
	fake_fdt_close();
	fake_fdt_close();
}

static void build_cpus(void)
{
	fake_fdt_node("cpus");
	FAKE_FDT_CELLS("#address-cells", 1);
	FAKE_FDT_CELLS("#size-cells", 0);
	for (unsigned i = 0; i < 3; i++) {
		fake_fdt_node("cpu");
		fake_fdt_text("device_type", "cpu");
		FAKE_FDT_CELLS("reg", 0x100 + i);
		if (i == 1)
			fake_fdt_text("status", "fail");
		fake_fdt_close();
	}
	fake_fdt_node("cpu-map");
	fake_fdt_close();
	fake_fdt_close();
}

static void build_interrupts(void)
{
	fake_fdt_node("gic@8000000");
	fake_fdt_text("compatible", "arm,gic-v3");
	fake_fdt_bytes("interrupt-controller", "", 0);
	FAKE_FDT_CELLS("#interrupt-cells", 3);
	FAKE_FDT_CELLS("#address-cells", 2);
	FAKE_FDT_CELLS("#size-cells", 2);
	FAKE_FDT_CELLS("phandle", GIC);
	FAKE_FDT_CELLS("reg", 0, 0x8000000, 0, 0x10000, 0, 0x80a0000, 0, 0xf60000);
	fake_fdt_bytes("ranges", "", 0);
	fake_fdt_node("its@8080000");
	fake_fdt_text("compatible", "arm,gic-v3-its");
	FAKE_FDT_CELLS("phandle", ITS);
	FAKE_FDT_CELLS("reg", 0, 0x8080000, 0, 0x20000);
	fake_fdt_close();
	fake_fdt_close();
	/* A nexus on the way to the GIC: child address of one cell, specifier of one. */
	fake_fdt_node("mux");
	FAKE_FDT_CELLS("phandle", MUX);
	FAKE_FDT_CELLS("#address-cells", 1);
	FAKE_FDT_CELLS("#interrupt-cells", 1);
	FAKE_FDT_CELLS("interrupt-map", 0x10, 5, GIC, 0, 0, 0, 50, 4, 0x20, 5, GIC, 0, 0, 0, 51, 4);
	fake_fdt_close();
}

static void build_soc(void)
{
	fake_fdt_node("soc");
	fake_fdt_text("compatible", "simple-bus");
	FAKE_FDT_CELLS("#address-cells", 1);
	FAKE_FDT_CELLS("#size-cells", 1);
	FAKE_FDT_CELLS("ranges", 0x7e000000, 0, 0xfe000000, 0x1800000, 0x40000000, 4, 0, 0x100);
	fake_fdt_node("serial@7e201000");
	fake_fdt_bytes("compatible", "arm,pl011\0arm,primecell", 24);
	FAKE_FDT_CELLS("reg", 0x7e201000, 0x200, 0x40000010, 0x10, 0x400000f8, 0x10, 0x10, 0x10);
	FAKE_FDT_CELLS("interrupts", 0, 33, 4, 0, 34, 1);
	fake_fdt_close();
	fake_fdt_node("muxed@20");
	FAKE_FDT_CELLS("reg", 0x20, 1);
	FAKE_FDT_CELLS("interrupts-extended", GIC, 0, 7, 1, MUX, 5, MUX, 6, 99, 1);
	fake_fdt_close();
	fake_fdt_node("bus");
	fake_fdt_node("lost@0");
	FAKE_FDT_CELLS("reg", 0, 0, 4);
	fake_fdt_close();
	fake_fdt_close();
	fake_fdt_close();
}

static void build_pcie(void)
{
	fake_fdt_node("pcie@10000000");
	fake_fdt_text("compatible", "pci-host-ecam-generic");
	fake_fdt_text("device_type", "pci");
	FAKE_FDT_CELLS("#address-cells", 3);
	FAKE_FDT_CELLS("#size-cells", 2);
	FAKE_FDT_CELLS("#interrupt-cells", 1);
	FAKE_FDT_CELLS("reg", 0x40, 0x10000000, 0, 0x10000000);
	FAKE_FDT_CELLS("ranges", 0x1000000, 0, 0, 0, 0x3eff0000, 0, 0x10000, 0x2000000, 0,
		       0x10000000, 0, 0x10000000, 0, 0x2eff0000);
	FAKE_FDT_CELLS("interrupt-map-mask", 0x1800, 0, 0, 7);
	FAKE_FDT_CELLS("interrupt-map", 0, 0, 0, 1, GIC, 0, 0, 0, 3, 4, 0, 0, 0, 2, GIC, 0, 0, 0, 4,
		       4, 0x800, 0, 0, 1, GIC, 0, 0, 0, 5, 4);
	FAKE_FDT_CELLS("msi-map", 0, ITS, 0x1000, 0x100, 0x200, ITS, 0, 0x100);
	fake_fdt_close();
}

static void build_machine(void)
{
	fake_fdt_begin();
	fake_fdt_reserve(0x40000000, 0x1000);
	fake_fdt_reserve(0, 0x10);
	fake_fdt_node("");
	FAKE_FDT_CELLS("#address-cells", 2);
	FAKE_FDT_CELLS("#size-cells", 2);
	FAKE_FDT_CELLS("interrupt-parent", GIC);
	build_chosen();
	fake_fdt_node("aliases");
	fake_fdt_text("serial0", "/soc/serial@7e201000");
	fake_fdt_text("soc", "/soc");
	fake_fdt_text("bad", "soc");
	fake_fdt_close();
	fake_fdt_node("psci");
	fake_fdt_bytes("compatible", "arm,psci-1.0\0arm,psci-0.2\0arm,psci", 35);
	fake_fdt_text("method", "hvc");
	fake_fdt_close();
	build_memory();
	build_cpus();
	build_interrupts();
	build_soc();
	build_pcie();
	fake_fdt_close();
	open_blob();
}

static void test_paths(void)
{
	build_machine();
	CHECK_STR(fdt_name(&tree, at("/soc/serial@7e201000")), "serial@7e201000");
	CHECK_EQ(at("/soc/serial"), at("/soc/serial@7e201000"));
	CHECK_EQ(at("serial0"), at("/soc/serial"));
	CHECK_EQ(at("serial0:115200"), at("/soc/serial"));
	CHECK_EQ(at("soc/serial"), at("/soc/serial"));
	CHECK_EQ(at("/soc//serial/"), at("/soc/serial"));
	CHECK_EQ(at("/"), fdt_root(&tree));
	CHECK_EQ(at("/soc/seria"), FDT_NONE);
	CHECK_EQ(at("/serial"), FDT_NONE);
	CHECK_EQ(at("/soc/serial@7e20100"), FDT_NONE);
	CHECK_EQ(at("bad"), FDT_NONE);
	CHECK_EQ(at("none"), FDT_NONE);
	CHECK_EQ(at("an-alias-that-is-longer-than-any-may-be"), FDT_NONE);
	CHECK_EQ(at(""), FDT_NONE);
	CHECK_EQ(fdt_parent(&tree, at("/soc/serial")), at("/soc"));
	CHECK_EQ(fdt_parent(&tree, at("/")), FDT_NONE);
	CHECK_EQ(fdt_parent(&tree, at("/soc/serial") + 4), FDT_NONE);
}

static void test_children(void)
{
	unsigned n = 0;

	build_machine();
	for (fdt_node_t c = fdt_first_child(&tree, at("/soc")); c != FDT_NONE;
	     c = fdt_next_sibling(&tree, c))
		n++;
	CHECK_EQ(n, 3);
	CHECK_EQ(fdt_first_child(&tree, at("/psci")), FDT_NONE);
	CHECK_EQ(fdt_next_sibling(&tree, at("/pcie")), FDT_NONE);
	CHECK_EQ(fdt_next_sibling(&tree, at("/soc")), at("/pcie"));
	CHECK_EQ(fdt_first_child(&tree, FDT_NONE), FDT_NONE);
}

static void test_properties(void)
{
	uint32_t v = 7, len;
	uint64_t w = 7;

	build_machine();
	CHECK(fdt_prop_u32(&tree, at("/"), "#size-cells", &v) && v == 2);
	CHECK(!fdt_prop_u32(&tree, at("/chosen"), "kaslr-seed", &v) && v == 2);
	CHECK(fdt_prop_u64(&tree, at("/chosen"), "kaslr-seed", &w) && w == 0x1100000022);
	CHECK(!fdt_prop_u64(&tree, at("/chosen"), "rng-seed", &w));
	CHECK(!fdt_prop(&tree, at("/"), "size", &len)); /* of a child */
	CHECK(!fdt_prop(&tree, FDT_NONE, "reg", &len));
	CHECK(!fdt_prop_string(&tree, at("/chosen"), "rng-seed"));
	CHECK(fdt_is_compatible(&tree, at("serial0"), "arm,primecell"));
	CHECK(!fdt_is_compatible(&tree, at("serial0"), "arm,pl01"));
	CHECK_EQ(fdt_find_compatible(&tree, FDT_NONE, "arm,pl011"), at("serial0"));
	CHECK_EQ(fdt_find_compatible(&tree, at("serial0"), "arm,pl011"), FDT_NONE);
	CHECK_EQ(fdt_find_compatible(&tree, at("serial0"), "pci-host-ecam-generic"), at("/pcie"));
	CHECK_EQ(fdt_find_phandle(&tree, ITS), at("/gic/its"));
	CHECK_EQ(fdt_find_phandle(&tree, 0), FDT_NONE);
	CHECK_EQ(fdt_find_phandle(&tree, 77), FDT_NONE);
	CHECK(fdt_is_available(&tree, at("/soc")) && !fdt_is_available(&tree, at("/secram")));
}

static void test_addresses(void)
{
	uint64_t addr = 0, len = 0;

	build_machine();
	CHECK(fdt_reg(&tree, at("serial0"), 0, &addr, &len));
	CHECK(addr == 0xfe201000 && len == 0x200);
	CHECK(fdt_reg(&tree, at("serial0"), 1, &addr, &len));
	CHECK(addr == 0x400000010 && len == 0x10);
	CHECK(!fdt_reg(&tree, at("serial0"), 2, &addr, &len));       /* reaches out of its window */
	CHECK(!fdt_reg(&tree, at("serial0"), 3, &addr, &len));       /* in no window */
	CHECK(!fdt_reg(&tree, at("serial0"), 4, &addr, &len));       /* not there */
	CHECK(!fdt_reg(&tree, at("/soc/bus/lost"), 0, &addr, &len)); /* no ranges */
	CHECK(addr == 0x400000010 && len == 0x10);
	CHECK(fdt_reg(&tree, at("/gic/its"), 0, &addr, &len) && addr == 0x8080000);
	CHECK(fdt_reg(&tree, at("/pcie"), 0, &addr, &len) && addr == 0x4010000000);
	CHECK(!fdt_reg(&tree, fdt_root(&tree), 0, &addr, &len));
}

static void test_pcie(void)
{
	struct fdt_range r;
	struct fdt_interrupt i;
	uint32_t id = 0;
	fdt_node_t host;

	build_machine();
	host = at("/pcie");
	CHECK(fdt_range(&tree, host, 0, &r) && r.pci_space == 0x1000000 && r.cpu == 0x3eff0000);
	CHECK(fdt_range(&tree, host, 1, &r) && r.pci_space == 0x2000000 && r.len == 0x2eff0000);
	CHECK(r.child == 0x10000000 && r.cpu == 0x10000000);
	CHECK(!fdt_range(&tree, host, 2, &r));
	CHECK(fdt_interrupt_map(&tree, host, (uint32_t[]){ 0xff0800, 0, 0 }, (uint32_t[]){ 1 },
				&i));
	CHECK(i.controller == at("/gic") && i.ncells == 3 && i.cell[1] == 5 && i.cell[2] == 4);
	CHECK(fdt_interrupt_map(&tree, host, (uint32_t[]){ 0, 0, 0 }, (uint32_t[]){ 2 }, &i));
	CHECK_EQ(i.cell[1], 4);
	CHECK(!fdt_interrupt_map(&tree, host, (uint32_t[]){ 0, 0, 0 }, (uint32_t[]){ 3 }, &i));
	CHECK_EQ(fdt_msi_map(&tree, host, 0x18, &id), at("/gic/its"));
	CHECK_EQ(id, 0x1018);
	CHECK_EQ(fdt_msi_map(&tree, host, 0x208, &id), at("/gic/its"));
	CHECK_EQ(id, 8);
	CHECK_EQ(fdt_msi_map(&tree, host, 0x100, &id), FDT_NONE);
}

static void test_interrupts(void)
{
	struct fdt_interrupt i;

	build_machine();
	CHECK(fdt_interrupt(&tree, at("serial0"), 1, &i));
	CHECK(i.controller == at("/gic") && i.ncells == 3 && i.cell[1] == 34 && i.cell[2] == 1);
	CHECK(!fdt_interrupt(&tree, at("serial0"), 2, &i));
	CHECK(fdt_interrupt(&tree, at("/soc/muxed"), 0, &i) && i.cell[1] == 7);
	CHECK(fdt_interrupt(&tree, at("/soc/muxed"), 1, &i) && i.cell[1] == 51);
	CHECK(!fdt_interrupt(&tree, at("/soc/muxed"), 2, &i)); /* not in the map */
	CHECK(!fdt_interrupt(&tree, at("/soc/muxed"), 3, &i)); /* no such controller */
	CHECK(!fdt_interrupt(&tree, at("/psci"), 0, &i));
}

static void test_interrupt_map_loop_ends(void)
{
	struct fdt_interrupt i;

	fake_fdt_begin();
	fake_fdt_node("");
	fake_fdt_node("loop");
	FAKE_FDT_CELLS("phandle", 1);
	FAKE_FDT_CELLS("#address-cells", 0);
	FAKE_FDT_CELLS("#interrupt-cells", 1);
	FAKE_FDT_CELLS("interrupt-map", 1, 1, 1);
	fake_fdt_close();
	fake_fdt_close();
	open_blob();
	CHECK(!fdt_interrupt_map(&tree, at("/loop"), NULL, (uint32_t[]){ 1 }, &i));
}

static void test_machine(void)
{
	struct fdt_iter it = FDT_ITER_INIT, rsv = FDT_ITER_INIT, cpu = FDT_ITER_INIT;
	uint64_t a, n;

	build_machine();
	CHECK(fdt_memory_next(&tree, &it, &a, &n) && a == 0x40000000 && n == 0x8000000);
	CHECK(fdt_memory_next(&tree, &it, &a, &n) && a == 1ull << 32 && n == 1ull << 32);
	CHECK(!fdt_memory_next(&tree, &it, &a, &n) && !fdt_memory_next(&tree, &it, &a, &n));
	CHECK(fdt_reserved_next(&tree, &rsv, &a, &n) && a == 0x40000000 && n == 0x1000);
	CHECK(fdt_reserved_next(&tree, &rsv, &a, &n) && a == 0 && n == 0x10);
	CHECK(fdt_reserved_next(&tree, &rsv, &a, &n) && a == 0x41000000 && n == 0x2000);
	CHECK(fdt_reserved_next(&tree, &rsv, &a, &n) && a == 0x42000000 && n == 0x3000);
	CHECK(!fdt_reserved_next(&tree, &rsv, &a, &n) && !fdt_reserved_next(&tree, &rsv, &a, &n));
	CHECK(fdt_cpu_next(&tree, &cpu, &a) && a == 0x100);
	CHECK(fdt_cpu_next(&tree, &cpu, &a) && a == 0x102);
	CHECK(!fdt_cpu_next(&tree, &cpu, &a) && !fdt_cpu_next(&tree, &cpu, &a));
	CHECK_EQ(fdt_psci(&tree), FDT_PSCI_HVC);
}

static void test_chosen(void)
{
	struct fdt_chosen c;

	build_machine();
	fdt_chosen(&tree, &c);
	CHECK_STR(c.bootargs, "one two");
	CHECK_EQ(c.bootargs_len, 8);
	CHECK_EQ(c.initrd_start, 0x48000000);
	CHECK_EQ(c.initrd_end, 0x48001234);
	CHECK_EQ(c.stdout_node, at("/soc/serial"));
	CHECK_STR(c.stdout_options, "115200n8");
	CHECK(c.rng_seed_len == 5 && c.rng_seed[4] == 5);
	CHECK_EQ(c.kaslr_seed, 0x1100000022);
}

static void test_modules(void)
{
	struct fdt_iter it = FDT_ITER_INIT;
	uint64_t a, n;

	build_machine();
	CHECK(fdt_module_next(&tree, &it, &a, &n) && a == 0x44000000 && n == 0x123);
	CHECK(fdt_module_next(&tree, &it, &a, &n) && a == 0x45000000 && n == 0x10);
	CHECK(!fdt_module_next(&tree, &it, &a, &n) && !fdt_module_next(&tree, &it, &a, &n));
}

static void test_says_little(void)
{
	struct fdt_iter it = FDT_ITER_INIT, rsv = FDT_ITER_INIT, cpu = FDT_ITER_INIT;
	struct fdt_chosen c;
	uint64_t a, n;

	fake_fdt_begin();
	fake_fdt_node("");
	fake_fdt_close();
	open_blob();
	fdt_chosen(&tree, &c);
	CHECK(!c.bootargs && !c.rng_seed && c.kaslr_seed == 0 && c.initrd_start == c.initrd_end);
	CHECK(c.stdout_node == FDT_NONE && c.stdout_options[0] == '\0');
	CHECK(!fdt_memory_next(&tree, &it, &a, &n) && !fdt_cpu_next(&tree, &cpu, &a));
	CHECK(!fdt_reserved_next(&tree, &rsv, &a, &n));
	CHECK_EQ(fdt_psci(&tree), FDT_PSCI_NONE);
	fake_fdt_begin(); /* nothing at all */
	open_blob();
	CHECK_EQ(fdt_root(&tree), FDT_NONE);
	CHECK(!fdt_memory_next(&tree, &(struct fdt_iter)FDT_ITER_INIT, &a, &n));
}

static void compatible_node(const char *name, const char *texts, size_t len)
{
	fake_fdt_node(name);
	fake_fdt_bytes("compatible", texts, len);
	fake_fdt_close();
}

/* Nodes in a row with the same texts, with others of the same length, and with none. */
static void test_compatible_in_a_row(void)
{
	fdt_node_t n = FDT_NONE;

	fake_fdt_begin();
	fake_fdt_node("");
	compatible_node("a", "one\0three", 10);
	compatible_node("b", "one\0three", 10);
	compatible_node("c", "three\0one", 10);
	compatible_node("d", "", 0);
	compatible_node("e", "three\0one", 10);
	compatible_node("f", "ninechar", 9);
	compatible_node("g", "ninechars", 10);
	compatible_node("h", "unended", 7);
	fake_fdt_close();
	open_blob();
	for (const char *name = "abce"; *name; name++) {
		n = fdt_find_compatible(&tree, n, "one");
		CHECK_EQ(*fdt_name(&tree, n), *name);
	}
	CHECK_STR(fdt_name(&tree, fdt_find_compatible(&tree, at("/b"), "three")), "c");
	CHECK_EQ(fdt_find_compatible(&tree, FDT_NONE, "ninechar"), at("/f"));
	CHECK_EQ(fdt_find_compatible(&tree, FDT_NONE, "ninechars"), at("/g"));
	CHECK_EQ(fdt_find_compatible(&tree, FDT_NONE, "unended"), FDT_NONE);
}

static void test_deep_tree(void)
{
	fdt_node_t path[FDT_MAX_DEPTH], n = FDT_NONE;
	uint64_t a, len;
	int depth = 0;

	fake_fdt_begin();
	for (unsigned i = 0; i < 1000; i++)
		fake_fdt_node(i ? "x" : "");
	FAKE_FDT_CELLS("reg", 0, 0, 1);
	for (unsigned i = 0; i < 1000; i++)
		fake_fdt_close();
	open_blob();
	for (fdt_node_t next; (next = fdt_next(&tree, n, &depth)) != FDT_NONE; n = next)
		;
	CHECK_EQ(depth, 999);
	CHECK_EQ(fdt_path(&tree, n, path), 0);
	CHECK(!fdt_reg(&tree, n, 0, &a, &len));
	CHECK_EQ(fdt_find_compatible(&tree, n, "x"), FDT_NONE);
}

static void test_refuses_headers(void)
{
	struct fdt f;

	build_machine();
	CHECK(!fdt_open(&f, blob, fdt_bytes(&tree) - 1));
	CHECK(!fdt_open(&f, blob, 39));
	CHECK(!fdt_open(&f, (char *)blob + 4, blob_len - 4));
	((uint8_t *)blob)[23] = 16; /* version */
	CHECK(!fdt_open(&f, blob, blob_len));
	((uint8_t *)blob)[23] = 18; /* a later one that says it can be read as 16 */
	CHECK(fdt_open(&f, blob, blob_len));
	((uint8_t *)blob)[27] = 18;
	CHECK(!fdt_open(&f, blob, blob_len));
}

/* --- any bytes ---------------------------------------------------------------------------- */

/* Everything that can be asked about a node. */
static void ask_node(struct fdt *f, fdt_node_t n)
{
	static const char *const props[] = { "reg", "compatible", "interrupts", "nothing" };
	struct fdt_range r;
	struct fdt_interrupt i;
	uint64_t a, b;
	uint32_t id;

	CHECK(strlen(fdt_name(f, n)) < FDT_MAX_BYTES);
	for (unsigned k = 0; k < ARRAY_SIZE(props); k++)
		fdt_prop_string(f, n, props[k]);
	for (unsigned k = 0; k < 4; k++) {
		fdt_reg(f, n, k, &a, &b);
		fdt_range(f, n, k, &r);
		fdt_interrupt(f, n, k, &i);
	}
	fdt_interrupt_map(f, n, (uint32_t[]){ 0x800, 0, 0, 0 }, (uint32_t[]){ 1, 0, 0, 0 }, &i);
	fdt_msi_map(f, n, 8, &id);
}

/* Reads all there is; terminates and stays inside, whatever it says. */
static void ask_everything(const void *bytes, size_t len)
{
	struct fdt_iter it = FDT_ITER_INIT, rsv = FDT_ITER_INIT, cpu = FDT_ITER_INIT;
	struct fdt_iter module = FDT_ITER_INIT;
	struct fdt_chosen c;
	struct fdt f;
	uint64_t a, b;
	size_t steps = 0;
	int depth;

	if (!fdt_open(&f, bytes, len))
		return;
	if (with_index)
		fdt_index(&f, &index_of_tree);
	for (fdt_node_t n = fdt_next(&f, FDT_NONE, &depth); n != FDT_NONE;
	     n = fdt_next(&f, n, &depth), steps++)
		if (steps < 40)
			ask_node(&f, n);
	while (fdt_memory_next(&f, &it, &a, &b) || fdt_reserved_next(&f, &rsv, &a, &b) ||
	       fdt_cpu_next(&f, &cpu, &a) || fdt_module_next(&f, &module, &a, &b))
		steps++;
	CHECK(steps <= len / 4);
	fdt_chosen(&f, &c);
	if (c.bootargs)
		CHECK((size_t)(c.bootargs - (const char *)bytes) + c.bootargs_len <= len);
	if (c.rng_seed)
		CHECK((size_t)(c.rng_seed - (const uint8_t *)bytes) + c.rng_seed_len <= len);
	fdt_psci(&f);
}

static void test_truncated(void)
{
	build_machine();
	for (size_t len = 0; len < blob_len; len++) {
		void *cut = NULL;

		CHECK_EQ(posix_memalign(&cut, 8, len ? len : 1), 0);
		memcpy(cut, blob, len);
		ask_everything(cut, len);
		if (len >= 8) { /* says that this is all of it */
			uint32_t size = __builtin_bswap32((uint32_t)len);

			memcpy((char *)cut + 4, &size, 4);
			ask_everything(cut, len);
		}
		free(cut);
	}
}

static void test_garbled(void)
{
	static const uint8_t values[] = { 0x00, 0x01, 0x03, 0x09, 0x7f, 0xff };
	uint8_t *bytes;

	build_machine();
	bytes = blob;
	for (size_t i = 0; i < blob_len; i++) {
		uint8_t old = bytes[i];

		for (unsigned k = 0; k < ARRAY_SIZE(values); k++) {
			bytes[i] = values[k];
			ask_everything(blob, blob_len);
		}
		bytes[i] = old;
	}
}

static void test_garbled_much(void)
{
	uint8_t *bytes, *good = malloc(16384);

	build_machine();
	bytes = blob;
	memcpy(good, blob, blob_len);
	srand(1);
	for (unsigned round = 0; round < 5000; round++) {
		memcpy(blob, good, blob_len);
		for (int n = rand() % 16; n >= 0; n--)
			bytes[40 + rand() % (blob_len - 40)] = (uint8_t)rand();
		ask_everything(blob, blob_len);
	}
	free(good);
}

static void run_all(void)
{
	RUN(test_paths);
	RUN(test_children);
	RUN(test_properties);
	RUN(test_addresses);
	RUN(test_pcie);
	RUN(test_interrupts);
	RUN(test_interrupt_map_loop_ends);
	RUN(test_machine);
	RUN(test_chosen);
	RUN(test_modules);
	RUN(test_says_little);
	RUN(test_compatible_in_a_row);
	RUN(test_deep_tree);
	RUN(test_refuses_headers);
	RUN(test_truncated);
	RUN(test_garbled);
	RUN(test_garbled_much);
}

int main(void)
{
	run_all();
	with_index = true;
	run_all();
	free(blob);
	return check_done();
}
