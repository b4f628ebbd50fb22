// SPDX-License-Identifier: BSD-2-Clause
/* drivers/pc/xen_platform.c against device models that agree, refuse, lie or are not there. */
// link: drivers/bus/pci.c
#include "tests/host/fake/pci.h"
#include "tests/host/fake/xen.h"
#include "drivers/pc/xen_platform.c"

uint64_t (*xen_upcall_line)(void (*upcall)(void));

static struct {
	uint16_t magic, magic_after; /* before and after the driver has said who it is */
	uint8_t protocol;
	bool named_product, named_build;
	unsigned writes;
	uint16_t unplugged;
} model;

static uint32_t in(uint16_t port, unsigned nbytes)
{
	if (port == 0x12 && nbytes == 1)
		return model.protocol;
	CHECK_EQ(port, 0x10);
	CHECK_EQ(nbytes, 2);
	return model.named_build ? model.magic_after : model.magic;
}

static void out(uint16_t port, unsigned nbytes, uint32_t value)
{
	model.writes++;
	if (port == 0x12 && nbytes == 2) {
		model.named_product = true;
		model.named_build = false;
	} else if (port == 0x10 && nbytes == 4) {
		CHECK(model.named_product);
		model.named_build = true;
	} else {
		CHECK_EQ(port, 0x10);
		CHECK_EQ(nbytes, 2);
		model.unplugged = (uint16_t)value;
	}
}

static void fresh(uint8_t protocol)
{
	memset(&model, 0, sizeof(model));
	model.magic = model.magic_after = 0x49d2;
	model.protocol = protocol;
	fake_port_in = in;
	fake_port_out = out;
	fake_xen_reset();
	fake_pci_reset();
	memset(fake_irq, 0, sizeof(fake_irq));
	upcall = NULL;
}

static void test_named_driver_unplugs_what_it_asks_for(void)
{
	fresh(1);
	CHECK_EQ(xen_platform_unplug(XEN_UNPLUG_NICS), 0);
	CHECK(model.named_product && model.named_build);
	CHECK_EQ(model.unplugged, 2);
	CHECK_EQ(xen_platform_unplug(XEN_UNPLUG_DISKS), 0);
	CHECK_EQ(model.unplugged, 1);
}

static void test_first_protocol_knows_no_names(void)
{
	fresh(0);
	CHECK_EQ(xen_platform_unplug(XEN_UNPLUG_DISKS), 0);
	CHECK_EQ(model.writes, 1);
	CHECK_EQ(model.unplugged, 1);
}

static void test_refused_driver_unplugs_nothing(void)
{
	fresh(1);
	model.magic_after = 0xd249;
	CHECK_EQ(xen_platform_unplug(XEN_UNPLUG_NICS), -EPERM);
	CHECK_EQ(model.unplugged, 0);
}

static void test_unknown_protocol_is_left_alone(void)
{
	for (unsigned protocol = 2; protocol < 256; protocol++) {
		fresh((uint8_t)protocol);
		CHECK_EQ(xen_platform_unplug(XEN_UNPLUG_NICS), -EPROTO);
		CHECK_EQ(model.writes, 0);
	}
}

static void test_nothing_is_written_where_nothing_is(void)
{
	static const uint16_t wrong[] = { 0, 0x49d1, 0xd249, 0xffff };

	for (unsigned i = 0; i < ARRAY_SIZE(wrong); i++) {
		fresh(1);
		model.magic = wrong[i];
		CHECK_EQ(xen_platform_unplug(XEN_UNPLUG_NICS), 0);
		CHECK_EQ(model.writes, 0);
	}
	fake_port_in = NULL; /* no port at all */
	CHECK_EQ(xen_platform_unplug(XEN_UNPLUG_NICS), 0);
	CHECK_EQ(model.writes, 0);
}

/* A PC whose owner has left the device out. */
static void test_switched_off(void)
{
	fresh(1);
	fake_pci_add(0, 0, 0, 0x8086, 0x1237);
	model.magic = 0xffff;
	CHECK_EQ(xen_platform_unplug(XEN_UNPLUG_NICS), -ENODEV);
	CHECK_EQ(model.writes, 0);
	model.magic = 0x49d2;
	CHECK_EQ(xen_platform_unplug(XEN_UNPLUG_NICS), 0);
	CHECK_EQ(model.unplugged, 2);
	fresh(1);
	fake_pci_add(0, 1, 0, 0x8086, 0x100e); /* handed through to a PVH guest */
	model.magic = 0xffff;
	CHECK_EQ(xen_platform_unplug(XEN_UNPLUG_NICS), 0);
}

static unsigned upcalls;

static void count(void)
{
	upcalls++;
}

static void add_platform(uint32_t line)
{
	struct fake_pci *f = fake_pci_add(0, 2, 0, 0x5853, 1);

	fake_pci_set(f, PCI_INTR, 1, line);
}

static void test_line_that_the_device_names(void)
{
	fresh(1);
	fake_pci_add(0, 1, 0, 0x5853, 2); /* of the same maker */
	add_platform(11);
	xen_platform_start();
	CHECK_EQ(xen_upcall_line(count), 11);
	CHECK_EQ(fake_irq_gsi[0], 11);
	CHECK(fake_irq_fire(0));
	CHECK_EQ(upcalls, 1);
	CHECK_EQ(xen_upcall_line(count), 11); /* Xen said no the first time */
	CHECK_EQ(fake_irq_connected(), 1);
}

static void test_lines_that_cannot_be(void)
{
	static const uint8_t wrong[] = { 0, 16, 17, 128, 255 };

	for (unsigned i = 0; i < ARRAY_SIZE(wrong); i++) {
		fresh(1);
		add_platform(wrong[i]);
		CHECK_EQ(connect_line(count), XEN_NO_UPCALL);
		CHECK_EQ(fake_irq_connected(), 0);
	}
	fresh(1);
	CHECK_EQ(connect_line(count), XEN_NO_UPCALL); /* no device */
	fresh(1);
	add_platform(5);
	fake_irq_fail = 1;
	CHECK_EQ(connect_line(count), XEN_NO_UPCALL);
	CHECK_EQ(connect_line(count), 5); /* and the next time it can */
}

int main(void)
{
	RUN(test_named_driver_unplugs_what_it_asks_for);
	RUN(test_first_protocol_knows_no_names);
	RUN(test_refused_driver_unplugs_nothing);
	RUN(test_unknown_protocol_is_left_alone);
	RUN(test_nothing_is_written_where_nothing_is);
	RUN(test_switched_off);
	RUN(test_line_that_the_device_names);
	RUN(test_lines_that_cannot_be);
	return check_done();
}
