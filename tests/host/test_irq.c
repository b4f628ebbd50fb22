// SPDX-License-Identifier: BSD-2-Clause
/* kernel/irq.c on a controller that can refuse, and devices that never stop asking. */
// link: kernel/irq.c kernel/mutex.c kernel/wait.c
#include <errno.h>
#include "arch/irq.h"
#include "tests/host/fake/fake.h"

static int route_result;
static unsigned routed_gsi, routed_vector, routes;
static bool masked[64];

int irqchip_route(unsigned gsi, enum irq_trigger trigger, unsigned vector)
{
	(void)trigger;
	if (route_result)
		return route_result;
	routes++;
	routed_gsi = gsi;
	routed_vector = vector;
	masked[gsi % 64] = true;
	return 0;
}

void irqchip_set_mask(unsigned gsi, bool mask)
{
	masked[gsi % 64] = mask;
}

static int compose_result;
static unsigned composed;

int irq_msi_compose(unsigned vector, uint32_t device, struct msi_message *msg)
{
	if (compose_result)
		return compose_result;
	composed++;
	*msg = (struct msi_message){ 0xfee00000 + device, vector };
	return 0;
}

void irq_msi_release(unsigned vector)
{
	composed--;
}

struct device {
	struct irq_handler h;
	bool asks;
	unsigned calls;
};

static bool handle(void *arg)
{
	struct device *d = arg;
	bool asked = d->asks;

	d->calls++;
	d->asks = false;
	return asked;
}

#define DEVICE(name) struct device name = { .h = { .handle = handle, .arg = &name } }

static void test_line_is_shared(void)
{
	DEVICE(a);
	DEVICE(b);

	routes = 0;
	CHECK_EQ(irq_connect_line(11, IRQ_LEVEL_LOW, &a.h), 0);
	CHECK_EQ(irq_connect_line(11, IRQ_LEVEL_LOW, &b.h), 0);
	CHECK_EQ(routes, 1);
	CHECK(!masked[11]);
	CHECK_EQ(a.h.vector, b.h.vector);
	b.asks = true;
	irq_dispatch(a.h.vector);
	CHECK_EQ(a.calls, 1);
	CHECK_EQ(b.calls, 1);
	irq_disconnect(&a.h);
	CHECK(!masked[11]);
	irq_dispatch(b.h.vector);
	CHECK_EQ(a.calls, 1);
	CHECK_EQ(b.calls, 2);
	irq_disconnect(&b.h);
	CHECK(masked[11]);
	irq_dispatch(b.h.vector);
	CHECK_EQ(b.calls, 2);
}

static void test_vectors_run_out_and_come_back(void)
{
	struct device d[IRQ_VECTOR_COUNT + 1];
	struct msi_message msg;

	for (unsigned i = 0; i <= IRQ_VECTOR_COUNT; i++) {
		d[i] = (struct device){ .h = { .handle = handle, .arg = &d[i] } };
		CHECK_EQ(irq_connect_msi(i, &d[i].h, &msg), i < IRQ_VECTOR_COUNT ? 0 : -ENOSPC);
	}
	CHECK_EQ(irq_connect_line(3, IRQ_EDGE_HIGH, &d[IRQ_VECTOR_COUNT].h), -ENOSPC);
	irq_disconnect(&d[2].h);
	CHECK_EQ(irq_connect_msi(2, &d[2].h, &msg), 0);
	CHECK_EQ(msg.data, d[2].h.vector);
	irq_dispatch(msg.data);
	CHECK_EQ(d[2].calls, 1);
	CHECK_EQ(composed, IRQ_VECTOR_COUNT);
	for (unsigned i = 0; i < IRQ_VECTOR_COUNT; i++)
		irq_disconnect(&d[i].h);
	CHECK_EQ(composed, 0);
}

static void test_refused_message_leaves_nothing(void)
{
	DEVICE(a);
	struct msi_message msg;

	compose_result = -ENODEV;
	for (unsigned i = 0; i <= IRQ_VECTOR_COUNT; i++)
		CHECK_EQ(irq_connect_msi(0, &a.h, &msg), -ENODEV);
	compose_result = 0;
	CHECK_EQ(irq_connect_msi(7, &a.h, &msg), 0);
	CHECK_EQ(msg.address, 0xfee00007);
	irq_disconnect(&a.h);
}

static void test_refused_line_leaves_nothing(void)
{
	DEVICE(a);

	route_result = -ENODEV;
	for (unsigned i = 0; i < 2 * IRQ_VECTOR_COUNT; i++)
		CHECK_EQ(irq_connect_line(40, IRQ_LEVEL_LOW, &a.h), -ENODEV);
	route_result = 0;
	CHECK_EQ(irq_connect_line(40, IRQ_LEVEL_LOW, &a.h), 0);
	CHECK_EQ(routed_gsi, 40);
	irq_disconnect(&a.h);
}

static void test_stuck_line_is_masked(void)
{
	DEVICE(a);
	unsigned n = 0;

	CHECK_EQ(irq_connect_line(5, IRQ_LEVEL_LOW, &a.h), 0);
	while (!masked[5] && n < 100000) {
		irq_dispatch(a.h.vector);
		n++;
	}
	CHECK(masked[5]);
	CHECK(n >= 100 && n <= 10000);
	CHECK_EQ(fake_log_lines(), 1);
	CHECK(fake_log_has("line 5"));
	irq_disconnect(&a.h);
}

static void test_a_wanted_interrupt_forgives(void)
{
	DEVICE(a);

	CHECK_EQ(irq_connect_line(5, IRQ_LEVEL_LOW, &a.h), 0);
	for (unsigned i = 0; i < 100000; i++) {
		a.asks = i % 100 == 0;
		irq_dispatch(a.h.vector);
	}
	CHECK(!masked[5]);
	CHECK_EQ(fake_log_lines(), 0);
	irq_disconnect(&a.h);
}

static void test_unknown_vectors_are_ignored(void)
{
	for (unsigned v = 0; v < IRQ_VECTORS; v++)
		irq_dispatch(v);
	CHECK_EQ(fake_log_lines(), 0);
}

int main(void)
{
	RUN(test_unknown_vectors_are_ignored);
	RUN(test_line_is_shared);
	RUN(test_vectors_run_out_and_come_back);
	RUN(test_refused_message_leaves_nothing);
	RUN(test_refused_line_leaves_nothing);
	RUN(test_stuck_line_is_masked);
	RUN(test_a_wanted_interrupt_forgives);
	return check_done();
}
