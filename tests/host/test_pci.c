// SPDX-License-Identifier: BSD-2-Clause
/* drivers/bus/pci.c on functions that say the wrong thing. */
// link: drivers/bus/pci.c
#include <errno.h>
#include "tests/host/fake/pci.h"

static paddr_t mapped;
static size_t mapped_bytes;
static uint32_t table[2048 * 4];

static void *map_device(paddr_t pa, size_t len)
{
	mapped = pa;
	mapped_bytes = len;
	return len <= sizeof(table) ? table : NULL;
}

static void start(void)
{
	fake_pci_reset();
	memset(fake_irq, 0, sizeof(fake_irq));
	fake_irq_fail = 0;
	fake_map_device = map_device;
	mapped = 0;
}

struct visit {
	unsigned n;
	unsigned stop; /* at this one, counted from 1 */
	pci_bdf_t seen[600];
};

static bool visit(const struct pci_dev *d, void *arg)
{
	struct visit *v = arg;

	v->seen[v->n++ % 600] = d->bdf;
	return v->n == v->stop;
}

static unsigned find_all(struct visit *v)
{
	struct pci_dev d;

	*v = (struct visit){ 0 };
	CHECK(!pci_find(visit, v, &d));
	return v->n;
}

static void bridge(struct fake_pci *f, unsigned secondary)
{
	f->config[PCI_HEADER + 2] |= 1;
	f->config[PCI_BUSES + 1] = (uint8_t)secondary;
}

static void test_finds_functions(void)
{
	struct visit v;

	start();
	CHECK_EQ(find_all(&v), 0);
	fake_pci_add(0, 0, 0, 0x8086, 0x1237);
	fake_pci_add(0, 3, 0, 0x1af4, 0x1041)->config[PCI_HEADER + 2] = 0x80;
	fake_pci_add(0, 3, 5, 0x1af4, 0x1044);
	fake_pci_add(0, 4, 1, 1, 1); /* has no function 0, so it is not there */
	fake_pci_add(0, 5, 0, 2, 2);
	fake_pci_add(0, 5, 1, 2, 2); /* of a device with a single function: an alias */
	CHECK_EQ(find_all(&v), 4);
	CHECK_EQ(v.seen[2], 3 << 3 | 5);
}

static void test_stops_at_match(void)
{
	struct visit v = { .stop = 2 };
	struct pci_dev d;

	start();
	fake_pci_add(0, 0, 0, 1, 1);
	fake_pci_add(0, 1, 0, 0x1af4, 0x1041);
	fake_pci_add(0, 2, 0, 3, 3);
	CHECK(pci_find(visit, &v, &d));
	CHECK_EQ(v.n, 2);
	CHECK_EQ(d.bdf, 1 << 3);
	CHECK_EQ(d.vendor, 0x1af4);
	CHECK_EQ(d.device, 0x1041);
}

static void test_follows_bridges(void)
{
	struct visit v;

	start();
	bridge(fake_pci_add(0, 1, 0, 1, 1), 2);
	bridge(fake_pci_add(2, 0, 0, 1, 1), 255);
	fake_pci_add(255, 31, 0, 9, 9);
	CHECK_EQ(find_all(&v), 3);
	CHECK_EQ(v.seen[2], 255 << 8 | 31 << 3);
}

static void test_bridge_loops_end(void)
{
	struct visit v;

	start();
	bridge(fake_pci_add(0, 1, 0, 1, 1), 3);
	bridge(fake_pci_add(0, 2, 0, 1, 1), 3);
	bridge(fake_pci_add(3, 0, 0, 1, 1), 3); /* itself */
	bridge(fake_pci_add(3, 1, 0, 1, 1), 0); /* back */
	bridge(fake_pci_add(3, 2, 0, 1, 1), 2);
	CHECK_EQ(find_all(&v), 5);
}

static struct pci_dev find_one(void)
{
	struct visit v = { .stop = 1 };
	struct pci_dev d;

	CHECK(pci_find(visit, &v, &d));
	return d;
}

static void test_capabilities(void)
{
	start();
	struct fake_pci *f = fake_pci_add(0, 0, 0, 1, 1);
	struct pci_dev d = find_one();
	struct pci_cap_walk w = { 0 };

	CHECK_EQ(pci_cap_next(&d, PCI_CAP_MSIX, &w), 0);
	fake_pci_cap(f, 0x40, PCI_CAP_VENDOR);
	fake_pci_cap(f, 0xfc, PCI_CAP_MSIX);
	fake_pci_cap(f, 0x60, PCI_CAP_VENDOR);
	w = (struct pci_cap_walk){ 0 };
	CHECK_EQ(pci_cap_next(&d, PCI_CAP_VENDOR, &w), 0x60);
	CHECK_EQ(pci_cap_next(&d, PCI_CAP_VENDOR, &w), 0x40);
	CHECK_EQ(pci_cap_next(&d, PCI_CAP_VENDOR, &w), 0);
	f->config[PCI_COMMAND + 2] = 0; /* says it has none */
	w = (struct pci_cap_walk){ 0 };
	CHECK_EQ(pci_cap_next(&d, PCI_CAP_VENDOR, &w), 0);
}

static void test_capability_loop_ends(void)
{
	start();
	struct fake_pci *f = fake_pci_add(0, 0, 0, 1, 1);
	struct pci_dev d = find_one();
	struct pci_cap_walk w = { 0 };
	unsigned n = 0;

	fake_pci_cap(f, 0x50, 3);
	fake_pci_cap(f, 0x60, PCI_CAP_VENDOR);
	f->config[0x51] = 0x60;
	CHECK_EQ(pci_cap_next(&d, PCI_CAP_MSIX, &w), 0);
	w = (struct pci_cap_walk){ 0 };
	while (pci_cap_next(&d, PCI_CAP_VENDOR, &w))
		n++;
	CHECK(n <= 48);
	CHECK(fake_pci_reads < 200);
	/* Into the header, and unaligned. */
	f->config[0x61] = 0x13;
	w = (struct pci_cap_walk){ 0 };
	CHECK_EQ(pci_cap_next(&d, PCI_CAP_MSIX, &w), 0);
}

static void test_enable_clears_no_status(void)
{
	start();
	struct fake_pci *f = fake_pci_add(0, 0, 0, 1, 1);
	struct pci_dev d = find_one();

	fake_pci_set(f, PCI_COMMAND, 4, 0xf9000001);
	pci_enable(&d);
	CHECK_EQ(fake_pci_get(f, PCI_COMMAND, 4), 0xf9000007);
}

static void test_maps_bars(void)
{
	start();
	struct fake_pci *f = fake_pci_add(0, 0, 0, 1, 1);
	void *p = NULL;

	fake_pci_bar(f, 0, 0xfe000000, 0x1000, false);
	fake_pci_bar(f, 4, 0x8000004000, 0x4000, true);
	struct pci_dev d = find_one();
	pci_enable(&d);
	CHECK_EQ(pci_map(&d, 0, 0x10, 0x20, &p), 0);
	CHECK_EQ(mapped, 0xfe000010);
	CHECK_EQ(pci_map(&d, 4, 0x3000, 0x1000, &p), 0);
	CHECK_EQ(mapped, 0x8000007000);
	CHECK_EQ(mapped_bytes, 0x1000);
	unsigned reads = fake_pci_reads;

	CHECK_EQ(pci_map(&d, 4, 0, 0x4000, &p), 0);
	CHECK_EQ(fake_pci_reads, reads); /* sized once only */
	CHECK(!fake_pci_decode_bug);
	CHECK_EQ(fake_pci_get(f, PCI_COMMAND, 4), 6);
	CHECK_EQ(fake_pci_get(f, PCI_BAR0 + 16, 4), 0x4004);
	CHECK_EQ(fake_pci_get(f, PCI_BAR0 + 20, 4), 0x80);
}

static void test_refuses_parts_outside(void)
{
	start();
	struct fake_pci *f = fake_pci_add(0, 0, 0, 1, 1);
	void *p = NULL;

	fake_pci_bar(f, 2, 0xfe000000, 0x1000, false);
	struct pci_dev d = find_one();
	CHECK_EQ(pci_map(&d, 2, 0x1000, 1, &p), -EIO);
	CHECK_EQ(pci_map(&d, 2, 0xfff, 2, &p), -EIO);
	CHECK_EQ(pci_map(&d, 2, 0, 0x1001, &p), -EIO);
	CHECK_EQ(pci_map(&d, 2, 0, 0, &p), -EIO);
	CHECK_EQ(pci_map(&d, 2, UINT64_MAX, 2, &p), -EIO);
	CHECK_EQ(pci_map(&d, 2, 2, UINT64_MAX, &p), -EIO);
	CHECK_EQ(mapped, 0);
}

static void test_refuses_bad_bars(void)
{
	static const struct {
		uint64_t base, bytes;
		uint32_t flags;
		unsigned bar;
	} bad[] = {
		{ 0xfe000000, 0x1000, 1, 0 },          /* I/O */
		{ 0xfe000000, 0x1000, 2, 0 },          /* below 1 MiB: gone since PCI 2.2 */
		{ 0xfe000000, 0x1000, 6, 0 },          /* reserved */
		{ 0xfe000000, 0x1000, 4, 5 },          /* 64 bits in the last register */
		{ 0, 0x1000, 0, 0 },                   /* not assigned */
		{ 0, 0, 0, 0 },                        /* not there */
		{ 0xfe000000, 0x3000, 0, 0 },          /* no power of two */
		{ 0xfe000000, 0x80000000, 0, 0 },      /* base is no multiple of the size */
		{ 0xfffffffffff00000, 0x1000, 4, 0 },  /* beyond what can be addressed */
		{ 0x8000000000000, 1ull << 52, 4, 0 }, /* reaches beyond it */
	};

	for (unsigned i = 0; i < ARRAY_SIZE(bad); i++) {
		void *p = NULL;

		start();
		struct fake_pci *f = fake_pci_add(0, 0, 0, 1, 1);
		unsigned reg = PCI_BAR0 + 4 * bad[i].bar;

		f->bar_bytes[bad[i].bar] = bad[i].bytes;
		fake_pci_set(f, reg, 4, (uint32_t)bad[i].base | bad[i].flags);
		if (bad[i].flags == 4 && bad[i].bar < 5)
			fake_pci_set(f, reg + 4, 4, (uint32_t)(bad[i].base >> 32));
		struct pci_dev d = find_one();
		int ret = pci_map(&d, bad[i].bar, 0, 4, &p);

		if (ret != -EIO)
			CHECK_FAIL("BAR %u is accepted: %d", i, ret);
	}
	struct pci_dev d = find_one();
	void *p;

	CHECK_EQ(pci_map(&d, 6, 0, 4, &p), -EIO);
	CHECK_EQ(pci_map(&d, 255, 0, 4, &p), -EIO);
}

static struct fake_pci *msix_function(uint16_t control, uint32_t where, uint64_t bar_bytes)
{
	start();
	struct fake_pci *f = fake_pci_add(0, 0, 0, 1, 1);

	fake_pci_bar(f, 1, 0xfe000000, bar_bytes, false);
	fake_pci_cap(f, 0x90, PCI_CAP_MSIX);
	fake_pci_set(f, 0x92, 2, control);
	fake_pci_set(f, 0x94, 4, where);
	return f;
}

static bool handle(void *arg)
{
	++*(unsigned *)arg;
	return true;
}

static void test_msix(void)
{
	struct fake_pci *f = msix_function(0x4002, 0x800 | 1, 0x1000);
	struct pci_dev d = find_one();
	unsigned calls = 0;
	struct irq_handler h = { .handle = handle, .arg = &calls };

	memset(table, 0, sizeof(table));
	CHECK_EQ(pci_msix_connect(&d, 0, &h), -ENODEV); /* not before init */
	CHECK_EQ(pci_msix_init(&d), 3);
	CHECK_EQ(mapped, 0xfe000800);
	CHECK_EQ(mapped_bytes, 48);
	CHECK_EQ(table[3] & table[7] & table[11] & 1, 1);
	CHECK_EQ(fake_pci_get(f, 0x92, 2), 0x8002);
	CHECK(fake_pci_get(f, PCI_COMMAND, 2) & PCI_COMMAND_INTX_OFF);
	CHECK_EQ(pci_msix_connect(&d, 1, &h), 0);
	CHECK_EQ(table[4], 0xfee00000);
	CHECK_EQ(table[5], 1);
	CHECK_EQ(table[6], 0x4000);
	CHECK_EQ(table[7], 0);
	CHECK(fake_irq_fire(0) && calls == 1);
	CHECK_EQ(pci_msix_connect(&d, 3, &h), -ENODEV);
	fake_irq_fail = 1;
	CHECK_EQ(pci_msix_connect(&d, 2, &h), -ENOSPC);
	CHECK_EQ(table[11], 1);
	pci_irq_off(&d);
	CHECK_EQ(fake_pci_get(f, 0x92, 2), 2);
}

static void test_msix_table_outside(void)
{
	struct pci_dev d;

	msix_function(0x7ff, 0 | 1, 0x1000); /* 2048 entries are 32 KiB */
	d = find_one();
	CHECK_EQ(pci_msix_init(&d), -EIO);
	msix_function(0, 0xff8 | 1, 0x1000);
	d = find_one();
	CHECK_EQ(pci_msix_init(&d), -EIO);
	msix_function(0, 0 | 7, 0x1000); /* BAR 7 */
	d = find_one();
	CHECK_EQ(pci_msix_init(&d), -EIO);
	msix_function(0x7ff, 0xfffffff8 | 1, 0x1000);
	d = find_one();
	CHECK_EQ(pci_msix_init(&d), -EIO);
	CHECK_EQ(d.nmsix, 0);
}

static void test_line(void)
{
	unsigned calls = 0;
	struct irq_handler h = { .handle = handle, .arg = &calls };

	start();
	struct fake_pci *f = fake_pci_add(0, 0, 0, 1, 1);
	struct pci_dev d = find_one();

	CHECK_EQ(pci_intx_connect(&d, &h), -ENODEV);
	fake_pci_set(f, PCI_INTR, 2, 0x01ff);
	CHECK_EQ(pci_intx_connect(&d, &h), -ENODEV);
	fake_pci_set(f, PCI_INTR, 2, 0x010b);
	fake_pci_set(f, PCI_COMMAND, 2, PCI_COMMAND_INTX_OFF);
	CHECK_EQ(pci_intx_connect(&d, &h), 0);
	CHECK_EQ(fake_irq_gsi[0], 11);
	CHECK_EQ(fake_pci_get(f, PCI_COMMAND, 2), 0);
}

int main(void)
{
	RUN(test_finds_functions);
	RUN(test_stops_at_match);
	RUN(test_follows_bridges);
	RUN(test_bridge_loops_end);
	RUN(test_capabilities);
	RUN(test_capability_loop_ends);
	RUN(test_enable_clears_no_status);
	RUN(test_maps_bars);
	RUN(test_refuses_parts_outside);
	RUN(test_refuses_bad_bars);
	RUN(test_msix);
	RUN(test_msix_table_outside);
	RUN(test_line);
	return check_done();
}
