// SPDX-License-Identifier: BSD-2-Clause
/* drivers/arm/gic.c with gicv2.c and gicv3.c, found by a device tree, against controllers that
 * remember what was set, and against trees that are wrong. */
// link: drivers/arm/gicv2.c drivers/arm/gicv3.c drivers/arm/bcm2836.c drivers/bus/dt.c
// link: lib/base/fdt.c lib/base/fdt_bus.c lib/base/fdt_machine.c
#include <errno.h>
#include <string.h>
#include "drivers/arm/gic.c"
#include "kernel/boot_info.h"
#include "tests/host/child.h"
#include "tests/host/fake/fake.h"
#include "tests/host/fake/fdt.h"

#define DIST_PA  0x8000000
#define CPU_PA   0x8010000
#define REDIST   0x80a0000
#define NREDIST  3
#define OWN      0x10000 /* the second frame of a redistributor */
#define NLINES   96
#define AFFINITY 0x0102 /* of our CPU: the last redistributor's */

struct boot_info boot_info;
static void *blob;
static char dist_page[0x10000], cpu_page[0x2000], redist_page[NREDIST][0x20000];

/* What a distributor, or a redistributor's second frame, remembers. */
struct lines {
	uint32_t enabled[32], group[32], targets[256], config[64], ctlr;
	uint64_t route[1024];
};

static struct {
	struct lines shared, own;
	uint32_t waker, pmr, cpu_ctlr,
		typer_last; /* which redistributor says that it is the last */
	uint32_t pending, ended;
	unsigned ends;
	uint64_t sre, group1, pfr0;
	bool stuck; /* registers never say that a write has taken effect */
} g;

static bool lines_access(struct lines *l, unsigned reg, bool write, uint32_t *v)
{
	unsigned i = reg / 4;

	if (reg >= GICD_ISENABLER && reg < GICD_ISENABLER + 0x80) {
		l->enabled[i - GICD_ISENABLER / 4] |= write ? *v : 0;
	} else if (reg >= GICD_ICENABLER && reg < GICD_ICENABLER + 0x80) {
		l->enabled[i - GICD_ICENABLER / 4] &= write ? ~*v : ~0u;
	} else if (reg >= GICD_IGROUPR && reg < GICD_IGROUPR + 0x80 && write) {
		l->group[i - GICD_IGROUPR / 4] = *v;
	} else if (reg >= GICD_ITARGETSR && reg < GICD_ITARGETSR + 0x400) {
		if (write)
			l->targets[i - GICD_ITARGETSR / 4] = *v;
		else
			*v = reg == GICD_ITARGETSR + 4 ? 0x04000000
						       : 0; /* one line's are read-only */
	} else if (reg >= GICD_ICFGR && reg < GICD_ICFGR + 0x100) {
		if (write)
			l->config[i - GICD_ICFGR / 4] = *v;
		else
			*v = l->config[i - GICD_ICFGR / 4];
	} else if (reg >= 0x6000 && reg < 0x8000 && write) {
		l->route[(reg - 0x6000) / 8] |= (uint64_t)*v << reg % 8 * 8;
	} else if (reg == GICD_CTLR) {
		if (write)
			l->ctlr = *v;
		else
			*v = l->ctlr | (g.stuck ? 1u << 31 : 0);
	} else if (reg == GICD_TYPER && !write) {
		*v = NLINES / 32 - 1;
	}
	return true;
}

static bool redist_access(unsigned n, unsigned reg, bool write, uint32_t *v)
{
	if (reg >= OWN)
		return lines_access(&g.own, reg - OWN, write, v);
	if (write && reg == 0x14)
		g.waker = *v;
	else if (!write)
		*v = reg == 0x08   ? (n == g.typer_last ? 1u << 4 : 0)
		     : reg == 0x0c ? 0x0100 + n
		     : reg == 0x14 ? g.waker | (g.stuck ? 1u << 2 : 0)
				   : 0;
	return true;
}

static bool cpu_access(unsigned reg, bool write, uint32_t *v)
{
	if (write && reg == 0x10) {
		g.ended = *v;
		g.ends++;
	} else if (write && reg == 0) {
		g.cpu_ctlr = *v;
	} else if (!write) {
		*v = reg == 0x0c ? g.pending : 0;
	}
	return true;
}

static bool mmio(uintptr_t addr, unsigned width, bool write, uint64_t *value)
{
	uint32_t v = write ? (uint32_t)*value : 0;
	bool ours = false;

	CHECK_EQ(width, 4);
	if (addr - (uintptr_t)dist_page < sizeof(dist_page))
		ours = lines_access(&g.shared, (unsigned)(addr - (uintptr_t)dist_page), write, &v);
	else if (addr - (uintptr_t)cpu_page < sizeof(cpu_page))
		ours = cpu_access((unsigned)(addr - (uintptr_t)cpu_page), write, &v);
	for (unsigned n = 0; !ours && n < NREDIST; n++)
		if (addr - (uintptr_t)redist_page[n] < sizeof(redist_page[n]))
			ours = redist_access(n, (unsigned)(addr - (uintptr_t)redist_page[n]), write,
					     &v);
	if (!write)
		*value = v;
	return ours;
}

uint64_t fake_sysreg_read(const char *name)
{
	if (strcmp(name, "mpidr_el1") == 0)
		return 0x80000000 | AFFINITY;
	if (strcmp(name, "id_aa64pfr0_el1") == 0)
		return g.pfr0;
	if (strcmp(name, "S3_0_C12_C12_5") == 0)
		return g.sre;
	return strcmp(name, "S3_0_C12_C12_0") == 0 ? g.pending : 0;
}

void fake_sysreg_write(const char *name, uint64_t value)
{
	if (strcmp(name, "S3_0_C12_C12_5") == 0)
		g.sre = value;
	else if (strcmp(name, "S3_0_C12_C12_7") == 0)
		g.group1 = value;
	else if (strcmp(name, "S3_0_C12_C12_1") == 0) {
		g.ended = (uint32_t)value;
		g.ends++;
	}
}

static unsigned dispatched, ndispatched, nprivate;

void irq_dispatch(unsigned vector)
{
	dispatched = vector;
	ndispatched++;
	CHECK_EQ(g.ends, 0); /* the end is told after the handlers */
}

static void private_line(void)
{
	nprivate++;
}

static void *map(paddr_t pa, size_t len)
{
	if (pa == DIST_PA)
		return dist_page;
	if (pa == CPU_PA)
		return cpu_page;
	if (pa >= REDIST && pa < REDIST + NREDIST * 0x20000 && pa % 0x20000 == REDIST % 0x20000)
		return redist_page[(pa - REDIST) / 0x20000];
	return pa == (uintptr_t)blob ? blob : NULL;
}

static void start(const char *compatible, uint32_t second, uint32_t second_len)
{
	size_t len;

	memset(&g, 0, sizeof(g));
	g.pending = 1023;
	g.typer_last = NREDIST - 1;
	fake_fdt_begin();
	fake_fdt_node("");
	FAKE_FDT_CELLS("#address-cells", 1);
	FAKE_FDT_CELLS("#size-cells", 1);
	fake_fdt_node("gic");
	fake_fdt_text("compatible", compatible);
	FAKE_FDT_CELLS("reg", DIST_PA, 0x10000, second, second_len);
	fake_fdt_close();
	fake_fdt_close();
	blob = fake_fdt_end(&len);
	boot_info.fdt = (uintptr_t)blob;
	boot_info.fdt_bytes = (uint32_t)len;
	fake_map_device = map;
	fake_mmio = mmio;
}

static void interrupt(uint32_t id)
{
	g.pending = id;
	g.ends = 0;
	irqchip_handle();
}

static bool is_enabled(const struct lines *l, unsigned id)
{
	return l->enabled[id / 32] >> id % 32 & 1;
}

/* The same for both versions: `l` is where a shared line is, `own` a CPU's own. */
static void check_lines(const struct lines *own)
{
	const struct lines *l = &g.shared;

	CHECK_EQ(irqchip_route(31, IRQ_EDGE_HIGH, 5), -ENODEV); /* the CPU's own */
	CHECK_EQ(irqchip_route(NLINES, IRQ_EDGE_HIGH, 5), -ENODEV);
	CHECK_EQ(irqchip_route(33, IRQ_LEVEL_HIGH, 5), 0);
	CHECK(!is_enabled(l, 33));
	CHECK_EQ(irqchip_route(34, IRQ_EDGE_HIGH, 6), 0);
	CHECK_EQ(l->config[2], 2u << 4);
	irqchip_set_mask(34, false);
	CHECK(is_enabled(l, 34) && !is_enabled(l, 33));
	irqchip_set_mask(NLINES, false);
	irqchip_set_mask(34, true);
	CHECK(!is_enabled(l, 34));

	CHECK_EQ(irqchip_connect_cpu(15, private_line), -EINVAL);
	CHECK_EQ(irqchip_connect_cpu(32, private_line), -EINVAL);
	CHECK_EQ(irqchip_connect_cpu(27, private_line), 0);
	CHECK(is_enabled(own, 27) && !is_enabled(own, 26));

	interrupt(34);
	CHECK(ndispatched == 1 && dispatched == 6 && g.ends == 1 && g.ended == 34);
	interrupt(27);
	CHECK(nprivate == 1 && ndispatched == 1 && g.ended == 27);
	interrupt(26); /* nobody's: ended all the same */
	CHECK(nprivate == 1 && g.ends == 1 && g.ended == 26);
	interrupt(1023);
	CHECK(ndispatched == 1 && g.ends == 0);
}

static void run_v2(void)
{
	start("arm,gic-400", CPU_PA, 0x2000);
	g.shared.enabled[2] = ~0u; /* the firmware's */
	check_lines(&g.shared);
	CHECK_EQ(g.shared.enabled[2], 0);
	CHECK_EQ(g.shared.targets[8], 0x04040404);
	CHECK_EQ(g.cpu_ctlr, 1);
	CHECK_EQ(g.shared.ctlr, 1);
	CHECK(gicv3_redistributor() == NULL);
}

static void run_v3(void)
{
	start("arm,gic-v3", REDIST, NREDIST * 0x20000);
	g.waker = 2;
	check_lines(&g.own);
	CHECK(gicv3_redistributor() == redist_page[2]);
	CHECK_EQ(g.waker, 0);
	CHECK_EQ(g.shared.route[33], AFFINITY);
	CHECK_EQ(g.shared.group[1], UINT32_MAX);
	CHECK_EQ(g.own.group[0], UINT32_MAX);
	CHECK(g.sre == 1 && g.group1 == 1);
	interrupt(GIC_LPI_FIRST + 7);
	CHECK(ndispatched == 2 && dispatched == 7 && g.ended == GIC_LPI_FIRST + 7);
}

static void nothing(void)
{
}

/* Registers that never come to rest are waited for a bounded time. */
static void run_v3_stuck(void)
{
	start("arm,gic-v3", REDIST, NREDIST * 0x20000);
	g.stuck = true;
	host_cpu.relax = nothing;
	CHECK_EQ(irqchip_route(33, IRQ_EDGE_HIGH, 5), 0);
}

static void check_refused(void)
{
	CHECK_EQ(irqchip_route(33, IRQ_EDGE_HIGH, 5), -ENODEV);
	CHECK_EQ(irqchip_connect_cpu(27, private_line), -ENODEV);
	irqchip_set_mask(33, false);
	irqchip_handle();
	CHECK(gicv3_redistributor() == NULL);
}

static void run_short_region(void)
{
	start("arm,gic-v3", REDIST, 2 * 0x20000); /* ends before ours */
	check_refused();
}

static void run_early_last(void)
{
	start("arm,gic-v3", REDIST, NREDIST * 0x20000);
	g.typer_last = 1;
	check_refused();
}

static void run_no_interface(void)
{
	start("arm,gic-400", CPU_PA, 0x10);
	check_refused();
}

static void run_none(void)
{
	start("arm,other", CPU_PA, 0x2000);
	check_refused();
}

/* What the firmware left on is switched off only where the registers are there. */
static void run_boot(void)
{
	start("arm,gic-v3", REDIST, NREDIST * 0x20000);
	g.group1 = 1;
	irqchip_init();
	CHECK_EQ(g.group1, 1);
	g.pfr0 = 1u << 24;
	irqchip_init();
	CHECK_EQ(g.group1, 1);
	g.sre = 1;
	irqchip_init();
	CHECK_EQ(g.group1, 0);
}

/* Each in a process of its own: a machine starts its controller once. */
static void test_version_2(void)
{
	in_child(run_v2);
}

static void test_version_3(void)
{
	in_child(run_v3);
	in_child(run_v3_stuck);
}

static void test_refused(void)
{
	in_child(run_short_region);
	in_child(run_early_last);
	in_child(run_no_interface);
	in_child(run_none);
}

static void test_boot(void)
{
	in_child(run_boot);
}

int main(void)
{
	RUN(test_version_2);
	RUN(test_version_3);
	RUN(test_refused);
	RUN(test_boot);
	return check_done();
}
