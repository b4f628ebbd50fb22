// SPDX-License-Identifier: BSD-2-Clause
// link: arch/x86_64/multiboot.c arch/x86_64/multiboot2.c arch/x86_64/pvh.c
// link: kernel/boot_info.c lib/base/ranges.c
/*
 * What the loaders leave behind, well-formed and not. Physical memory is an arena of exactly the
 * bytes that a test put there, so that a read beyond them is an error of the sanitizer.
 */
#include "arch/x86_64/boot_protocol.h"
#include "tests/check.h"

#define ARENA_PA 0x10000u
#define MIB      (1ull << 20)

static uint8_t *arena; /* malloc()ed with just arena_len bytes */
static size_t arena_len;

const void *boot_phys(paddr_t pa, size_t len)
{
	if (pa < ARENA_PA || len == 0 || pa - ARENA_PA > arena_len ||
	    len > arena_len - (pa - ARENA_PA))
		return NULL;
	return arena + (pa - ARENA_PA);
}

static void arena_set(const void *bytes, size_t len)
{
	free(arena);
	arena = malloc(len);
	memcpy(arena, bytes, len);
	arena_len = len;
	memset(&boot_info, 0, sizeof(boot_info));
}

static const char *text(uint32_t offset)
{
	return &boot_info.text[offset];
}

/* Multiboot 1 */

struct mb1 {
	uint32_t flags, mem_lower, mem_upper, boot_device, cmdline, mods_count, mods_addr;
	uint32_t syms[4], mmap_length, mmap_addr, drives[2], config, loader;
	struct {
		uint32_t start, end, string, reserved;
	} mod[2];
	struct {
		uint32_t size;
		uint64_t addr, len;
		uint32_t type;
	} __attribute__((packed)) mmap[3];
	char qemu[8];
	char text[BOOT_CMDLINE_BYTES + 16];
};

#define MB1_PA(field) (ARENA_PA + (uint32_t)offsetof(struct mb1, field))

static struct mb1 mb1_sample(void)
{
	struct mb1 m = { .flags = 1 << 2 | 1 << 3 | 1 << 6 | 1 << 9,
			 .cmdline = MB1_PA(text),
			 .mods_count = 2,
			 .mods_addr = MB1_PA(mod),
			 .mmap_length = sizeof(m.mmap),
			 .mmap_addr = MB1_PA(mmap),
			 .loader = MB1_PA(qemu),
			 .mod = { { 2 * MIB, 2 * MIB + 5, MB1_PA(text), 0 },
				  { 64 * MIB, 65 * MIB, 0, 0 } },
			 .mmap = { { 20, 0, 0x9fc00, 1 },
				   { 20, 1 * MIB, 31 * MIB, 1 },
				   { 20, 3 * MIB + 1, 1, 2 } },
			 .qemu = "qemu",
			 .text = "file.elf one two" };

	return m;
}

static void test_multiboot1(void)
{
	struct mb1 m = mb1_sample();

	arena_set(&m, sizeof(m));
	multiboot1_parse(ARENA_PA);
	CHECK_STR(boot_info.loader, "multiboot");
	CHECK_STR(boot_cmdline(), " one two");
	/* RAM is rounded inwards; a reserved byte takes its page out. */
	CHECK_EQ(boot_info.ram.n, 3);
	CHECK_EQ(boot_info.ram.r[0].end, 0x9f000);
	CHECK_EQ(boot_info.ram.r[1].end, 3 * MIB);
	CHECK_EQ(boot_info.ram.r[2].start, 3 * MIB + 4096);
	/* The second module is not in RAM. */
	CHECK_EQ(boot_info.nmodule, 1);
	CHECK_EQ(boot_info.module[0].end, 2 * MIB + 5);
	CHECK_STR(text(boot_info.module[0].args), "file.elf one two");
}

static void test_multiboot1_other_loader_keeps_first_word(void)
{
	struct mb1 m = mb1_sample();

	memcpy(m.qemu, "GRUB", 5);
	arena_set(&m, sizeof(m));
	multiboot1_parse(ARENA_PA);
	CHECK_STR(boot_cmdline(), "file.elf one two");
}

static void test_multiboot1_without_map(void)
{
	struct mb1 m = mb1_sample();

	m.flags = 1;
	m.mem_lower = 639;
	m.mem_upper = 4096;
	arena_set(&m, sizeof(m));
	multiboot1_parse(ARENA_PA);
	CHECK_EQ(boot_info.ram.n, 2);
	CHECK_EQ(boot_info.ram.r[1].end, 5 * MIB);
}

static void test_multiboot1_endless_text_is_cut(void)
{
	struct mb1 m = mb1_sample();

	memset(m.text, 'x', sizeof(m.text));
	arena_set(&m, sizeof(m));
	multiboot1_parse(ARENA_PA);
	CHECK(strlen(boot_cmdline()) < BOOT_CMDLINE_BYTES);
	CHECK_EQ(boot_info.text[BOOT_CMDLINE_BYTES - 1], 0);
}

/* Flip every byte to several values: nothing may be read outside of the arena, and whatever comes
 * out is in order. */
static void check_survives(void (*parse)(paddr_t), const void *good, size_t len)
{
	static const uint8_t values[] = { 0, 1, 0x7f, 0x80, 0xff };
	uint8_t *bytes = malloc(len);

	for (size_t i = 0; i < len; i++)
		for (size_t v = 0; v < sizeof(values); v++) {
			memcpy(bytes, good, len);
			bytes[i] = values[v];
			arena_set(bytes, len);
			parse(ARENA_PA);
			CHECK(boot_info.nmodule <= BOOT_MAX_MODULES);
			CHECK(boot_info.ram.n <= RANGES_MAX);
			CHECK(boot_info.text_len <= BOOT_CMDLINE_BYTES);
		}
	for (size_t cut = 1; cut < len; cut += 3) {
		arena_set(good, cut);
		parse(ARENA_PA);
	}
	free(bytes);
}

static void test_multiboot1_garbage(void)
{
	struct mb1 m = mb1_sample();

	check_survives(multiboot1_parse, &m, offsetof(struct mb1, text) + 32);
}

/* Multiboot 2 */

struct mb2 {
	uint32_t total, reserved;
	struct {
		uint32_t type, size;
		char text[16];
	} cmdline;
	struct {
		uint32_t type, size, start, end;
		char text[8];
	} module;
	struct {
		uint32_t type, size, entry_size, version;
		struct {
			uint64_t addr, len;
			uint32_t type, reserved;
		} e[3];
	} mmap;
	struct {
		uint32_t type, size;
		uint8_t rsdp[40];
	} acpi;
	struct {
		uint32_t type, size;
	} end;
};

static struct mb2 mb2_sample(void)
{
	struct mb2 m = { .total = sizeof(m),
			 .cmdline = { 1, 8 + 8, "one two" },
			 .module = { 3, 16 + 4, 2 * MIB, 2 * MIB + 7, "mod" },
			 .mmap = { 6,
				   sizeof(m.mmap),
				   24,
				   0,
				   { { 0, 0x9fc00, 1, 0 },
				     { MIB, 7 * MIB, 1, 0 },
				     { 4 * MIB, 4096, 3, 0 } } },
			 .acpi = { 15, 8 + 36, "RSD PTR " },
			 .end = { 0, 8 } };

	return m;
}

static void test_multiboot2(void)
{
	struct mb2 m = mb2_sample();

	m.cmdline.size = 24; /* padding to the next tag is part of the struct here */
	m.module.size = 24;
	m.acpi.size = 48;
	arena_set(&m, sizeof(m));
	multiboot2_parse(ARENA_PA);
	CHECK_STR(boot_info.loader, "multiboot2");
	CHECK_STR(boot_cmdline(), "one two");
	CHECK_EQ(boot_info.ram.n, 3);
	CHECK_EQ(boot_info.ram.r[1].end, 4 * MIB);
	CHECK_EQ(boot_info.nmodule, 1);
	CHECK_STR(text(boot_info.module[0].args), "mod");
	CHECK(memcmp(boot_info.rsdp, "RSD PTR ", 8) == 0);
	CHECK_EQ(boot_info.acpi_rsdp, (uintptr_t)boot_info.rsdp);
}

static void test_multiboot2_garbage(void)
{
	struct mb2 m = mb2_sample();

	m.cmdline.size = 24;
	m.module.size = 24;
	check_survives(multiboot2_parse, &m, sizeof(m));
}

/* PVH */

struct pvh {
	uint32_t magic, version, flags, nmodule;
	uint64_t modules, cmdline, rsdp, memmap;
	uint32_t nmemmap, reserved;
	struct {
		uint64_t start, len, cmdline, reserved;
	} mod[1];
	struct {
		uint64_t addr, len;
		uint32_t type, reserved;
	} map[3];
	char text[BOOT_CMDLINE_BYTES];
};

#define PVH_PA(field) (ARENA_PA + offsetof(struct pvh, field))

static struct pvh pvh_sample(void)
{
	struct pvh p = {
		.magic = 0x336ec578,
		.version = 1,
		.nmodule = 1,
		.modules = PVH_PA(mod),
		.cmdline = PVH_PA(text),
		.rsdp = 0xe1234,
		.memmap = PVH_PA(map),
		.nmemmap = 3,
		.mod = { { 5 * MIB, 100, 0, 0 } },
		.map = { { 0, 0xa0000, 1, 0 }, { MIB, 15 * MIB, 1, 0 }, { 6 * MIB, MIB, 2, 0 } },
		.text = "hello"
	};

	return p;
}

static void test_pvh(void)
{
	struct pvh p = pvh_sample();

	arena_set(&p, sizeof(p));
	pvh_parse(ARENA_PA);
	CHECK_STR(boot_info.loader, "pvh");
	CHECK_STR(boot_cmdline(), "hello");
	CHECK_EQ(boot_info.acpi_rsdp, 0xe1234);
	CHECK_EQ(boot_info.ram.n, 3);
	CHECK_EQ(boot_info.nmodule, 1);
	CHECK_EQ(boot_info.module[0].start, 5 * MIB);
}

static void test_pvh_wrong_magic_gives_nothing(void)
{
	struct pvh p = pvh_sample();

	p.magic++;
	arena_set(&p, sizeof(p));
	pvh_parse(ARENA_PA);
	CHECK_EQ(boot_info.ram.n, 0);
}

/* An address at the very end, where rounding and adding begin at 0 again. */
static void test_pvh_module_at_the_end_of_addresses(void)
{
	struct pvh p = pvh_sample();

	for (uint64_t back = 1; back < 3 * 4096; back += 1000) {
		p.mod[0].start = -back;
		arena_set(&p, sizeof(p));
		pvh_parse(ARENA_PA);
		for (unsigned i = 0; i < boot_info.nmodule; i++)
			CHECK(boot_info.module[i].start < 1024 * MIB);
	}
}

static void test_pvh_garbage(void)
{
	struct pvh p = pvh_sample();

	check_survives(pvh_parse, &p, offsetof(struct pvh, text) + 16);
}

static void test_ram_at_the_end_of_the_world(void)
{
	memset(&boot_info, 0, sizeof(boot_info));
	boot_info_add_ram(UINT64_MAX - 100, 50);
	boot_info_add_ram(UINT64_MAX - 0x10000, UINT64_MAX);
	boot_info_remove_ram(0, UINT64_MAX);
	CHECK_EQ(boot_info.ram.n, 0);
}

int main(void)
{
	RUN(test_multiboot1);
	RUN(test_multiboot1_other_loader_keeps_first_word);
	RUN(test_multiboot1_without_map);
	RUN(test_multiboot1_endless_text_is_cut);
	RUN(test_multiboot1_garbage);
	RUN(test_multiboot2);
	RUN(test_multiboot2_garbage);
	RUN(test_pvh);
	RUN(test_pvh_wrong_magic_gives_nothing);
	RUN(test_pvh_module_at_the_end_of_addresses);
	RUN(test_pvh_garbage);
	RUN(test_ram_at_the_end_of_the_world);
	free(arena);
	return check_done();
}
