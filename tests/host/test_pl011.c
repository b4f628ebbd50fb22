// SPDX-License-Identifier: BSD-2-Clause
/* drivers/arm/pl011.c and pl031.c, found by a device tree, against devices that are slow, absent
 * or rabid. */
// link: drivers/arm/pl011.c drivers/arm/pl031.c drivers/bus/dt.c kernel/wait.c
// link: lib/base/fdt.c lib/base/fdt_bus.c lib/base/fdt_machine.c
#include <errno.h>
#include "arch/mmio.h"
#include "drivers/arm/clocks.h"
#include "drivers/arm/consoles.h"
#include "drivers/bus/dt.h"
#include "kernel/boot_info.h"
#include "tests/host/fake/fake.h"
#include "tests/host/fake/fdt.h"

#define UART_PA 0x9000000
#define RTC_PA  0x9010000

struct boot_info boot_info;
static struct wait_queue reader;
static struct irq_handler *handler;
static void *blob;
static char uart_page[0x1000], rtc_page[0x1000];

int irq_connect_line(unsigned gsi, enum irq_trigger trigger, struct irq_handler *h)
{
	CHECK_EQ(gsi, 33);
	CHECK_EQ(trigger, IRQ_LEVEL_HIGH);
	handler = h;
	return 0;
}

static struct {
	bool stuck, rabid, errors;
	uint32_t line, control, mask, raw;
	unsigned room, busy; /* looks until there is room again */
	unsigned looks;
	char sent[10000];
	size_t nsent;
	char input[1000];
	size_t ninput, taken;
} u;

static bool receiving(void)
{
	return u.rabid || u.taken < u.ninput;
}

static uint32_t flags(void)
{
	u.looks++;
	if (u.room == 0 && !u.stuck && (u.busy == 0 || --u.busy == 0))
		u.room = 16;
	return (receiving() ? 0 : 1u << 4) | (u.room ? 0 : 1u << 5);
}

static uint32_t read_reg(unsigned reg)
{
	switch (reg) {
	case 0x00:
		if (u.rabid)
			return u.errors ? 0x400 : 'x';
		return u.taken < u.ninput ? (uint8_t)u.input[u.taken++] : 0;
	case 0x18:
		return flags();
	case 0x2c:
		return u.line;
	case 0x30:
		return u.control;
	case 0x40:
		return u.raw & u.mask;
	}
	CHECK_FAIL("register 0x%x is read", reg);
	return 0;
}

static void transmit(uint32_t v)
{
	CHECK((u.control & 0x101) == 0x101 && u.room > 0);
	u.room -= u.room > 0;
	u.busy = 20;
	if (u.nsent < sizeof(u.sent) - 1)
		u.sent[u.nsent++] = (char)v;
}

static void write_reg(unsigned reg, uint32_t v)
{
	switch (reg) {
	case 0x00:
		transmit(v);
		break;
	case 0x2c:
		CHECK(!(u.control & 1)); /* only while it is off */
		u.line = v;
		break;
	case 0x30:
		u.control = v;
		break;
	case 0x38:
		u.mask = v;
		break;
	case 0x44:
		u.raw &= ~v;
		break;
	default:
		CHECK_FAIL("register 0x%x is written", reg);
	}
}

static bool mmio(uintptr_t addr, unsigned width, bool write, uint64_t *value)
{
	uintptr_t reg = addr - (uintptr_t)uart_page;

	if (reg >= sizeof(uart_page))
		return false;
	CHECK_EQ(width, 4);
	if (write)
		write_reg((unsigned)reg, (uint32_t)*value);
	else
		*value = read_reg((unsigned)reg);
	return true;
}

static void *map(paddr_t pa, size_t len)
{
	if (pa == UART_PA)
		return uart_page;
	if (pa == RTC_PA)
		return rtc_page;
	return pa == (uintptr_t)blob ? blob : NULL;
}

/* The tree is looked at once, so one serves for all. */
static void build_tree(void)
{
	size_t len;

	fake_fdt_begin();
	fake_fdt_node("");
	FAKE_FDT_CELLS("interrupt-parent", 1);
	fake_fdt_node("gic");
	FAKE_FDT_CELLS("phandle", 1);
	FAKE_FDT_CELLS("#interrupt-cells", 3);
	fake_fdt_bytes("interrupt-controller", "", 0);
	fake_fdt_close();
	fake_fdt_node("pl011@8000000");
	fake_fdt_text("compatible", "arm,pl011");
	fake_fdt_text("status", "disabled");
	fake_fdt_close();
	fake_fdt_node("pl011@9000000");
	fake_fdt_text("compatible", "arm,pl011");
	FAKE_FDT_CELLS("reg", 0, UART_PA, 0x1000);
	FAKE_FDT_CELLS("interrupts", 0, 1, 4);
	fake_fdt_close();
	fake_fdt_node("pl031@9010000");
	fake_fdt_text("compatible", "arm,pl031");
	FAKE_FDT_CELLS("reg", 0, RTC_PA, 0x1000);
	fake_fdt_close();
	fake_fdt_close();
	blob = fake_fdt_end(&len);
	boot_info.fdt = (uintptr_t)blob;
	boot_info.fdt_bytes = (uint32_t)len;
}

static void start(void)
{
	char rest[64];

	memset(&u, 0, sizeof(u));
	u.control = 0x300;
	u.room = 16;
	fake_mmio = mmio;
	fake_map_device = map;
	CHECK(pl011.probe(&pl011));
	while (pl011.read(&pl011, rest, sizeof(rest)) > 0)
		;
}

static void test_set_up(void)
{
	start();
	CHECK_EQ(u.control, 0x301);
	CHECK_EQ(u.line, 0x70);
	CHECK_EQ(u.mask, 0);
	u.line = 0x11; /* the firmware uses it: its settings stay */
	CHECK(pl011.probe(&pl011));
	CHECK_EQ(u.line, 0x11);
}

static void test_long_text(void)
{
	char text[4000];

	start();
	for (unsigned i = 0; i < sizeof(text); i++)
		text[i] = (char)('a' + i % 26);
	pl011.write(&pl011, text, sizeof(text));
	CHECK_EQ(u.nsent, sizeof(text));
	CHECK(memcmp(u.sent, text, sizeof(text)) == 0);
}

static void test_stuck_transmitter(void)
{
	char text[400] = { 'x' };
	unsigned first;

	start();
	u.stuck = true;
	pl011.write(&pl011, text, sizeof(text));
	first = u.looks;
	CHECK(first < 1000000);
	for (unsigned i = 0; i < 100; i++)
		pl011.write(&pl011, text, sizeof(text));
	CHECK(u.looks - first <= 100);
	u.stuck = false;
	u.busy = 0;
	u.nsent = 0;
	pl011.write(&pl011, text, sizeof(text)); /* it drains again */
	CHECK_EQ(u.nsent, sizeof(text));
}

/* As QEMU has it: the interrupt is raised when a byte comes into an empty receiver. */
static void feed(const char *text)
{
	if (!receiving())
		u.raw |= 1 << 4;
	strcpy(&u.input[u.ninput], text);
	u.ninput += strlen(text);
	if (u.raw & u.mask)
		handler->handle(handler->arg);
}

static void test_input(void)
{
	char got[64];

	start();
	feed("ear"); /* before anybody listens */
	CHECK_EQ(pl011.listen(&pl011), 0);
	CHECK_EQ(pl011.read(&pl011, got, sizeof(got)), 3);
	CHECK_EQ(pl011.read(&pl011, got, sizeof(got)), 0);
	feed("hello");
	CHECK_EQ(pl011.read(&pl011, got, 3), 3);
	CHECK(memcmp(got, "hel", 3) == 0);
	CHECK_EQ(pl011.read(&pl011, got, sizeof(got)), 2);
	CHECK(memcmp(got, "lo", 2) == 0);
	CHECK(!handler->handle(handler->arg)); /* had not asked */
}

static void test_full_ring_holds_the_sender_back(void)
{
	char got[600];
	size_t n = 0, more;

	start();
	CHECK_EQ(pl011.listen(&pl011), 0);
	for (unsigned i = 0; i < 50; i++)
		feed("0123456789");
	CHECK_EQ(u.mask, 0);
	while ((more = pl011.read(&pl011, got + n, 7)) > 0)
		n += more;
	CHECK_EQ(n, 500);
	for (unsigned i = 0; i < n; i++)
		CHECK_EQ(got[i], '0' + i % 10);
	CHECK(u.mask != 0);
	feed("on");
	CHECK_EQ(pl011.read(&pl011, got, 7), 2);
}

static void test_rabid_receiver(void)
{
	start();
	CHECK_EQ(pl011.listen(&pl011), 0);
	u.rabid = true;
	u.raw = 1 << 4;
	CHECK(handler->handle(handler->arg));
	CHECK_EQ(u.mask, 0);
	CHECK(!handler->handle(handler->arg));
	start();
	CHECK_EQ(pl011.listen(&pl011), 0);
	u.rabid = u.errors = true;
	u.raw = 1 << 4;
	CHECK(handler->handle(handler->arg)); /* ends, and nothing was taken for input */
	CHECK_EQ(pl011.read(&pl011, (char[8]){ 0 }, 8), 0);
}

static void test_wall_clock(void)
{
	ns_t wall = 1;

	start();
	CHECK(!pl031.read(&pl031, &wall) && wall == 1);
	memcpy(rtc_page, &(uint32_t){ 4000000000u }, 4);
	CHECK(pl031.read(&pl031, &wall));
	CHECK_EQ(wall, 4000000000 * NS_PER_S);
}

static void test_lines(void)
{
	struct fdt_interrupt i = { .ncells = 3, .cell = { 0, 987, 0xf01 } };
	enum irq_trigger trigger;
	unsigned gsi;

	CHECK(dt_line_of(&i, &gsi, &trigger) && gsi == 1019 && trigger == IRQ_EDGE_HIGH);
	i.cell[1]++;
	CHECK(!dt_line_of(&i, &gsi, &trigger));
	i = (struct fdt_interrupt){ .ncells = 3, .cell = { 1, 3, 4 } }; /* a CPU's own */
	CHECK(!dt_line_of(&i, &gsi, &trigger));
	i = (struct fdt_interrupt){ .ncells = 3, .cell = { 0, 3, 0 } };
	CHECK(!dt_line_of(&i, &gsi, &trigger));
	i = (struct fdt_interrupt){ .ncells = 2, .cell = { 0, 3, 4 } };
	CHECK(!dt_line_of(&i, &gsi, &trigger));
	CHECK_EQ(dt_find(FDT_NONE, "arm,gic-v3"), FDT_NONE);
	CHECK(!dt_map(FDT_NONE, 0, 1));
	CHECK(!dt_map(dt_find(FDT_NONE, "arm,pl031"), 0, 0x1001));
}

int main(void)
{
	wait_queue_init(&reader);
	*pl011.input = &reader;
	build_tree();
	RUN(test_set_up);
	RUN(test_long_text);
	RUN(test_stuck_transmitter);
	RUN(test_input);
	RUN(test_full_ring_holds_the_sender_back);
	RUN(test_rabid_receiver);
	RUN(test_wall_clock);
	RUN(test_lines);
	free(blob);
	return check_done();
}
