// SPDX-License-Identifier: BSD-2-Clause
/* drivers/arm/gic_its.c and gic_v2m.c: an ITS that does what the commands in memory say, and
 * controllers that cannot do something, stand still, or contradict themselves. */
// link: drivers/arm/gic_its.c drivers/arm/gic_v2m.c drivers/bus/dt.c
// link: lib/base/fdt.c lib/base/fdt_bus.c lib/base/fdt_machine.c
#include <errno.h>
#include <string.h>
#include "arch/cpu.h"
#include "arch/mmio.h"
#include "drivers/arm/gic.h"
#include "drivers/arm/gic_msi.h"
#include "kernel/boot_info.h"
#include "tests/host/child.h"
#include "tests/host/fake/fdt.h"

#define ITS_PA   0x8080000
#define FRAME_PA 0x8020000
#define SHARED   (1ull << 10)
#define VECTOR   IRQ_VECTOR_FIRST

struct boot_info boot_info;
static void *blob;
static char its_page[0x20000], redist_page[0x20000], frame_page[0x1000];

/* --- memory: single pages of a block go back, which malloc() cannot do -------------------- */

static size_t npages_live;

void *page_alloc_exact(size_t npages)
{
	if (!fake_alloc_allowed())
		return NULL;
	npages_live += npages;
	return aligned_alloc(PAGE_SIZE << page_order_for(npages),
			     PAGE_SIZE << page_order_for(npages));
}

void *page_alloc(unsigned order)
{
	return page_alloc_exact((size_t)1 << order);
}

void page_free_exact(void *p, size_t npages)
{
	memset(p, 0xee, npages * PAGE_SIZE);
	npages_live -= npages;
}

void page_free(void *p, unsigned order)
{
	page_free_exact(p, (size_t)1 << order);
}

size_t page_order_for(size_t npages)
{
	size_t order = 0;

	while ((size_t)1 << order < npages)
		order++;
	return order;
}

/* --- the controller ----------------------------------------------------------------------- */

/* What is wrong with it. */
static struct {
	bool virtual_only, target_addresses, few_events, busy, not_shared, stands_still, no_lpis;
	bool lpis_on, only_64k, no_device_table, no_redistributor;
} lie;

static struct {
	uint64_t baser[8], cbaser, propbaser, pendbaser;
	uint32_t ctlr, read, lpi_ctlr;
	unsigned nsync, ninv;
	uint32_t collection_target;
	bool has_collection;
	struct event {
		uint32_t device, event, lpi;
		bool used;
	} event[128];
	struct {
		uint32_t id;
		unsigned nevents;
		bool used;
	} device[32];
} its;

static struct event *find_event(uint32_t device, uint32_t event)
{
	for (unsigned i = 0; i < ARRAY_SIZE(its.event); i++)
		if (its.event[i].used && its.event[i].device == device &&
		    its.event[i].event == event)
			return &its.event[i];
	return NULL;
}

static unsigned events_of(uint32_t device)
{
	for (unsigned i = 0; i < ARRAY_SIZE(its.device); i++)
		if (its.device[i].used && its.device[i].id == device)
			return its.device[i].nevents;
	return 0;
}

static void map_device(const uint64_t *c)
{
	unsigned i = 0;

	CHECK(c[2] >> 63 && (c[2] & 0xff) == 0);
	CHECK(events_of((uint32_t)(c[0] >> 32)) == 0); /* twice */
	while (i < ARRAY_SIZE(its.device) && its.device[i].used)
		i++;
	CHECK(i < ARRAY_SIZE(its.device));
	its.device[i].id = (uint32_t)(c[0] >> 32);
	its.device[i].nevents = 2u << (c[1] & 0x1f);
	its.device[i].used = true;
	/* Its table has an entry for each event, all zeros. */
	CHECK(((const char *)(uintptr_t)(c[2] & 0xfffffffffff00))[its.device[i].nevents * 8 - 1] ==
	      0);
}

static void map_event(const uint64_t *c)
{
	uint32_t device = (uint32_t)(c[0] >> 32), event = (uint32_t)c[1];
	unsigned i = 0;

	CHECK(event < events_of(device));
	CHECK(!find_event(device, event));
	CHECK(its.has_collection && (c[2] & 0xffff) == 0);
	while (i < ARRAY_SIZE(its.event) && its.event[i].used)
		i++;
	CHECK(i < ARRAY_SIZE(its.event));
	its.event[i] = (struct event){ device, event, (uint32_t)(c[1] >> 32), true };
}

static void run(const uint64_t *c)
{
	struct event *e;

	switch (c[0] & 0xff) {
	case 0x05:
		its.nsync++;
		CHECK(c[2] == its.collection_target);
		break;
	case 0x08:
		map_device(c);
		break;
	case 0x09:
		its.has_collection = c[2] >> 63;
		its.collection_target = (uint32_t)c[2];
		break;
	case 0x0a:
		map_event(c);
		break;
	case 0x0c:
		its.ninv++;
		CHECK(find_event((uint32_t)(c[0] >> 32), (uint32_t)c[1]));
		break;
	case 0x0f:
		e = find_event((uint32_t)(c[0] >> 32), (uint32_t)c[1]);
		CHECK(e);
		if (e)
			e->used = false;
		break;
	default:
		CHECK_FAIL("command %#x", (unsigned)(c[0] & 0xff));
	}
}

/* Commands count only when the ITS is on; the ring has one page. */
static void write_cwriter(uint64_t to)
{
	const char *queue = (const char *)(uintptr_t)(its.cbaser & 0xffffffffff000);

	CHECK(to < PAGE_SIZE && to % 32 == 0);
	while (its.ctlr & 1 && !lie.stands_still && its.read != to) {
		run((const uint64_t *)(const void *)(queue + its.read));
		its.read = (its.read + 32) % PAGE_SIZE;
	}
}

static uint64_t table_types(unsigned i)
{
	uint64_t type = i == 0 && !lie.no_device_table ? 1 : i == 3 ? 4 : 0;

	return type << 56 | 7ull << 48; /* entries of 8 bytes */
}

/* Type and entry size are read-only, and so is the page size of one that knows one only. */
static void write_baser(unsigned i, uint64_t v)
{
	if (lie.only_64k)
		v = (v & ~(3ull << 8)) | 2 << 8;
	its.baser[i] = v;
}

static uint64_t keep(uint64_t v)
{
	return lie.not_shared ? v & ~(3ull << 10) : v;
}

static uint64_t its_typer(void)
{
	return (lie.virtual_only ? 0 : 1) | 7 << 4 | (lie.few_events ? 1 : 15) << 8 | 15 << 13 |
	       (lie.target_addresses ? 1 << 19 : 0);
}

static uint64_t its_read(unsigned reg)
{
	if (reg == 0)
		return its.ctlr | (lie.busy ? 0 : 1u << 31);
	if (reg == 0x08)
		return its_typer();
	if (reg == 0x80)
		return keep(its.cbaser);
	if (reg == 0x90)
		return its.read;
	if (reg >= 0x100 && reg < 0x140)
		return keep(its.baser[(reg - 0x100) / 8]) | table_types((reg - 0x100) / 8);
	return 0;
}

static void its_write(unsigned reg, uint64_t v)
{
	if (reg == 0)
		its.ctlr = (uint32_t)v;
	else if (reg == 0x80)
		its.cbaser = v;
	else if (reg == 0x88)
		write_cwriter(v);
	else if (reg >= 0x100 && reg < 0x140)
		write_baser((reg - 0x100) / 8, v);
}

static uint64_t redist_read(unsigned reg)
{
	if (reg == 0)
		return its.lpi_ctlr | lie.lpis_on;
	if (reg == 0x08)
		return (lie.no_lpis ? 0 : 1) | 5 << 8; /* number 5 */
	return reg == 0x70 ? keep(its.propbaser) : reg == 0x78 ? keep(its.pendbaser) : 0;
}

static void redist_write(unsigned reg, uint64_t v)
{
	if (reg == 0)
		its.lpi_ctlr = (uint32_t)v;
	else if (reg == 0x70)
		its.propbaser = v;
	else if (reg == 0x78)
		its.pendbaser = v;
}

static uint32_t frame_type;

static bool mmio(uintptr_t addr, unsigned width UNIK_UNUSED, bool write, uint64_t *value)
{
	if (addr - (uintptr_t)its_page < sizeof(its_page)) {
		unsigned reg = (unsigned)(addr - (uintptr_t)its_page);

		if (write)
			its_write(reg, *value);
		else
			*value = its_read(reg);
		return true;
	}
	if (addr - (uintptr_t)redist_page < sizeof(redist_page)) {
		unsigned reg = (unsigned)(addr - (uintptr_t)redist_page);

		if (write)
			redist_write(reg, *value);
		else
			*value = redist_read(reg);
		return true;
	}
	if (addr - (uintptr_t)frame_page < sizeof(frame_page) && !write) {
		*value = addr - (uintptr_t)frame_page == 8 ? frame_type : 0;
		return true;
	}
	return false;
}

void *gicv3_redistributor(void)
{
	return lie.no_redistributor ? NULL : redist_page;
}

static void *map(paddr_t pa, size_t len UNIK_UNUSED)
{
	if (pa == ITS_PA)
		return its_page;
	if (pa == FRAME_PA)
		return frame_page;
	return pa == (uintptr_t)blob ? blob : NULL;
}

/* --- lines, for the frame ----------------------------------------------------------------- */

static struct {
	unsigned vector;
	bool routed, unmasked;
} line[1100];
static int route_result;

int irqchip_route(unsigned gsi, enum irq_trigger trigger, unsigned vector)
{
	CHECK(gsi >= 32 && gsi < 1020 && trigger == IRQ_EDGE_HIGH);
	if (route_result)
		return route_result;
	line[gsi].vector = vector;
	line[gsi].routed = true;
	return 0;
}

void irqchip_set_mask(unsigned gsi, bool masked)
{
	CHECK(gsi < ARRAY_SIZE(line) && line[gsi].routed);
	line[gsi].unmasked = !masked;
}

/* --- the tree ----------------------------------------------------------------------------- */

static fdt_node_t node;

/* A controller that is waited for does not become ready by that. */
static void relax(void)
{
}

static void start(const char *compatible, uint32_t pa, uint32_t len, uint32_t first, uint32_t count)
{
	size_t bytes;

	fake_fdt_begin();
	fake_fdt_node("");
	FAKE_FDT_CELLS("#address-cells", 1);
	FAKE_FDT_CELLS("#size-cells", 1);
	fake_fdt_node("msi");
	fake_fdt_text("compatible", compatible);
	FAKE_FDT_CELLS("reg", pa, len);
	if (first)
		FAKE_FDT_CELLS("arm,msi-base-spi", first);
	if (count)
		FAKE_FDT_CELLS("arm,msi-num-spis", count);
	fake_fdt_close();
	fake_fdt_close();
	blob = fake_fdt_end(&bytes);
	boot_info.fdt = (uintptr_t)blob;
	boot_info.fdt_bytes = (uint32_t)bytes;
	fake_map_device = map;
	fake_mmio = mmio;
	host_cpu.relax = relax;
	node = dt_find(FDT_NONE, compatible);
	CHECK(node != FDT_NONE);
}

static void start_its(void)
{
	start("arm,gic-v3-its", ITS_PA, 0x20000, 0, 0);
}

/* --- ITS ---------------------------------------------------------------------------------- */

static void messages(void)
{
	struct msi_message m, n;

	start_its();
	CHECK_EQ(gic_its.compose(node, VECTOR, 0x10, &m), 0);
	CHECK(m.address == ITS_PA + 0x10040 && m.data == 0);
	CHECK_EQ(find_event(0x10, 0)->lpi, GIC_LPI_FIRST + VECTOR);
	CHECK(its.lpi_ctlr == 1 && its.collection_target == 5 << 16 && its.ninv == 1);
	/* The LPI is on in the table that the redistributor was told of. */
	CHECK(((const uint8_t *)(uintptr_t)(its.propbaser & 0xffffffffff000))[VECTOR] & 1);
	CHECK_EQ(gic_its.compose(node, VECTOR + 1, 0x10, &n), 0);
	CHECK(n.data == 1);
	CHECK_EQ(gic_its.compose(node, VECTOR + 2, 0x18, &n), 0);
	CHECK(n.data == 0 && find_event(0x18, 0)->lpi == GIC_LPI_FIRST + VECTOR + 2);
	gic_its.release(VECTOR);
	CHECK(!find_event(0x10, 0) && find_event(0x10, 1));
	gic_its.release(VECTOR); /* nothing there */
	CHECK_EQ(gic_its.compose(node, VECTOR + 3, 0x10, &m), 0);
	CHECK(m.data == 0);
}

static void test_its_messages(void)
{
	in_child(messages);
}

/* The queue goes round many times; a device has 32 events, and there are 16 devices. */
static void limits(void)
{
	struct msi_message m;

	start_its();
	for (unsigned i = 0; i < 500; i++) {
		CHECK_EQ(gic_its.compose(node, VECTOR, 8, &m), 0);
		CHECK(m.data == 0);
		gic_its.release(VECTOR);
	}
	for (unsigned i = 0; i < 32; i++)
		CHECK_EQ(gic_its.compose(node, VECTOR + i % 8, 8, &m), 0);
	CHECK_EQ(gic_its.compose(node, VECTOR, 8, &m), -ENOSPC);
	for (unsigned i = 1; i < 16; i++)
		CHECK_EQ(gic_its.compose(node, VECTOR + i % 8, 8 + i, &m), 0);
	CHECK_EQ(gic_its.compose(node, VECTOR, 100, &m), -ENOSPC);
	CHECK_EQ(gic_its.compose(node, VECTOR, 1 << 12, &m), -ENOSPC);
	CHECK_EQ(gic_its.compose(node, VECTOR, UINT32_MAX, &m), -ENOSPC);
}

static void test_its_limits(void)
{
	in_child(limits);
}

static void large_pages(void)
{
	struct msi_message m;

	start_its();
	CHECK_EQ(gic_its.compose(node, VECTOR, 8, &m), 0);
	CHECK((its.baser[0] >> 8 & 3) == 2 && (its.baser[3] >> 8 & 3) == 2);
}

static void refused(void)
{
	struct msi_message m;

	start_its();
	CHECK_EQ(gic_its.compose(node, VECTOR, 8, &m), -ENODEV);
	CHECK_EQ(gic_its.compose(node, VECTOR, 8, &m), -ENODEV);
	gic_its.release(VECTOR);
}

static void test_its_that_cannot(void)
{
	bool *each = (bool *)&lie;

	for (unsigned i = 0; i < sizeof(lie); i++) {
		memset(&lie, 0, sizeof(lie));
		each[i] = true;
		in_child(lie.only_64k ? large_pages : refused);
	}
	memset(&lie, 0, sizeof(lie));
}

/* One that stops in the middle: what could not be taken back is not used again. */
static void stops(void)
{
	struct msi_message m;

	start_its();
	CHECK_EQ(gic_its.compose(node, VECTOR, 8, &m), 0);
	lie.stands_still = true;
	CHECK_EQ(gic_its.compose(node, VECTOR + 1, 8, &m), -EIO);
	CHECK_EQ(gic_its.compose(node, VECTOR + 1, 9, &m), -EIO);
	gic_its.release(VECTOR);
	lie.stands_still = false;
	memset(its.event, 0, sizeof(its.event));
	its.read = 0;
}

static void test_its_stops(void)
{
	in_child(stops);
}

static long fail_at;

static void out_of_memory(void)
{
	struct msi_message m;
	int ret;

	start_its();
	fake_fail_at(fail_at);
	ret = gic_its.compose(node, VECTOR, 8, &m);
	CHECK(fake_failed() ? ret == -ENODEV || ret == -ENOMEM : ret == 0);
	if (ret == -ENOMEM) /* only the device's table was missing */
		CHECK_EQ(gic_its.compose(node, VECTOR, 8, &m), 0);
}

static void test_its_out_of_memory(void)
{
	for (fail_at = 1; fail_at < 9; fail_at++)
		in_child(out_of_memory);
}

/* --- GICv2m ------------------------------------------------------------------------------- */

static void frame_messages(void)
{
	struct msi_message m;

	frame_type = 80 << 16 | 3;
	start("arm,gic-v2m-frame", FRAME_PA, 0x1000, 0, 0);
	for (unsigned i = 0; i < 3; i++) {
		CHECK_EQ(gic_v2m.compose(node, VECTOR + i, 0, &m), 0);
		CHECK(m.address == FRAME_PA + 0x40 && m.data == 80 + i);
		CHECK(line[80 + i].vector == VECTOR + i && line[80 + i].unmasked);
	}
	CHECK_EQ(gic_v2m.compose(node, VECTOR + 3, 0, &m), -ENOSPC);
	gic_v2m.release(VECTOR + 1);
	CHECK(!line[81].unmasked);
	gic_v2m.release(VECTOR + 1);
	route_result = -ENODEV;
	CHECK_EQ(gic_v2m.compose(node, VECTOR + 3, 0, &m), -ENODEV);
	route_result = 0;
	CHECK_EQ(gic_v2m.compose(node, VECTOR + 3, 0, &m), 0);
	CHECK(m.data == 81);
}

static void tree_knows_better(void)
{
	struct msi_message m;

	frame_type = 0;
	start("arm,gic-v2m-frame", FRAME_PA, 0x1000, 100, 1);
	CHECK_EQ(gic_v2m.compose(node, VECTOR, 0, &m), 0);
	CHECK(m.data == 100);
	CHECK_EQ(gic_v2m.compose(node, VECTOR + 1, 0, &m), -ENOSPC);
}

static uint32_t tree_first, tree_count, tree_len;

static void frame_refused(void)
{
	struct msi_message m;

	start("arm,gic-v2m-frame", FRAME_PA, tree_len, tree_first, tree_count);
	CHECK_EQ(gic_v2m.compose(node, VECTOR, 0, &m), -ENODEV);
	gic_v2m.release(VECTOR);
}

static void test_frame(void)
{
	static const struct {
		uint32_t type, first, count, len;
	} wrong[] = {
		{ 31 << 16 | 4, 0, 0, 0x1000 },    { 1020 << 16 | 1, 0, 0, 0x1000 },
		{ 1000 << 16 | 21, 0, 0, 0x1000 }, { 0, 1019, UINT32_MAX, 0x1000 },
		{ 0, UINT32_MAX, 0, 0x1000 },      { 80 << 16 | 4, 0, UINT32_MAX - 50, 0x1000 },
		{ 80 << 16 | 4, 0, 0, 0x800 },
	};

	in_child(frame_messages);
	in_child(tree_knows_better);
	for (unsigned i = 0; i < ARRAY_SIZE(wrong); i++) {
		frame_type = wrong[i].type;
		tree_first = wrong[i].first;
		tree_count = wrong[i].count;
		tree_len = wrong[i].len;
		in_child(frame_refused);
	}
}

int main(void)
{
	RUN(test_its_messages);
	RUN(test_its_limits);
	RUN(test_its_that_cannot);
	RUN(test_its_stops);
	RUN(test_its_out_of_memory);
	RUN(test_frame);
	return check_done();
}
