// SPDX-License-Identifier: BSD-2-Clause
/* drivers/virtio/virtio_pci.c: capabilities that lie, vectors, lines. */
// link: drivers/virtio/virtio_pci.c drivers/virtio/vring.c drivers/virtio/virtio.c
// link: drivers/virtio/virtio_mmio.c drivers/bus/pci.c kernel/boot_info.c lib/base/ranges.c
#include <errno.h>
#include "tests/host/fake/virtio.h"

static struct virtio_dev dev;
static struct vring ring;
static unsigned queue_calls, config_calls;

static void on_queue(struct virtio_dev *d)
{
	CHECK(d == &dev);
	queue_calls++;
}

static void on_config(struct virtio_dev *d)
{
	CHECK(d == &dev);
	config_calls++;
}

static int open_device(void)
{
	dev = (struct virtio_dev){ .name = "test", .on_queue = on_queue, .on_config = on_config };
	ring = (struct vring){ 0 };
	queue_calls = config_calls = 0;
	return virtio_open(&dev, VIRTIO_RNG, 0);
}

static int setup(void)
{
	int ret = open_device();

	if (ret == 0)
		ret = virtio_begin(&dev);
	if (ret == 0)
		ret = virtio_accept(&dev, 0);
	if (ret == 0)
		ret = virtio_irq_connect(&dev);
	if (ret == 0)
		ret = virtio_queue_init(&dev, &ring, 1, 16);
	return ret;
}

static void stop(void)
{
	CHECK(virtio_stop(&dev));
	vring_free(&ring);
	CHECK_EQ(fake_irq_connected(), 0);
}

static void start(unsigned nvector)
{
	fake_virtio_pci(VIRTIO_RNG, VIRTIO_F_VERSION_1, nvector);
}

static void test_sets_up(void)
{
	start(3);
	CHECK_EQ(setup(), 0);
	struct fake_queue *q = &fake_virtio.queue[1];

	CHECK_EQ(q->size, 16);
	CHECK_EQ(q->ready, 1);
	CHECK_EQ(q->desc, (uintptr_t)ring.desc);
	CHECK_EQ(q->avail, (uintptr_t)ring.avail);
	CHECK_EQ(q->used, (uintptr_t)ring.used);
	CHECK_EQ((uintptr_t)ring.notify, FAKE_BAR_BASE + FAKE_NOTIFY + 4);
	CHECK_EQ(fake_pci_get(fake_virtio.pci, PCI_COMMAND, 2) & 0x406, 0x406);
	stop();
}

static void test_vectors(void)
{
	start(3);
	CHECK_EQ(setup(), 0);
	CHECK_EQ(fake_irq_connected(), 2);
	CHECK_EQ(fake_virtio.config_vector, 1);
	CHECK_EQ(fake_virtio.queue[1].vector, 0);
	CHECK(fake_irq_fire(0) && queue_calls == 1 && config_calls == 0);
	CHECK(fake_irq_fire(1) && queue_calls == 1 && config_calls == 1);
	stop();
	start(1);
	CHECK_EQ(setup(), 0);
	CHECK_EQ(fake_irq_connected(), 1);
	CHECK_EQ(fake_virtio.config_vector, 0);
	CHECK(fake_irq_fire(0) && queue_calls == 1 && config_calls == 1);
	stop();
}

static void test_line(void)
{
	start(0);
	CHECK_EQ(setup(), 0);
	CHECK_EQ(fake_irq_gsi[0], 10);
	CHECK(!fake_irq_fire(0));
	CHECK_EQ(queue_calls + config_calls, 0);
	fake_virtio.isr = VIRTIO_ISR_QUEUE;
	CHECK(fake_irq_fire(0) && queue_calls == 1 && config_calls == 0);
	fake_virtio.isr = VIRTIO_ISR_CONFIG;
	CHECK(fake_irq_fire(0) && queue_calls == 1 && config_calls == 1);
	CHECK(!fake_irq_fire(0));
	stop();
}

/* No vector to be had in the CPU or in the device: the line it is. */
static void test_falls_back_to_line(void)
{
	for (unsigned way = 0; way < 3; way++) {
		start(3);
		if (way == 2)
			fake_virtio.refuses_vectors = true;
		else
			fake_irq_fail = way + 1;
		int ret = setup();

		if (way == 1) { /* not even the line */
			CHECK_EQ(ret, -ENOSPC);
		} else {
			CHECK_EQ(ret, 0);
			CHECK_EQ(fake_irq_gsi[0], 10);
			CHECK_EQ(fake_pci_get(fake_virtio.pci, 0x9a, 2) & 0x8000, 0);
			CHECK_EQ(fake_pci_get(fake_virtio.pci, PCI_COMMAND, 2) & 0x400, 0);
		}
		stop();
	}
	start(0);
	fake_pci_set(fake_virtio.pci, PCI_INTR, 2, 0);
	CHECK_EQ(setup(), -ENODEV);
	stop();
}

static void test_transitional(void)
{
	start(0);
	fake_pci_set(fake_virtio.pci, PCI_ID, 4, 0x10051af4);
	CHECK_EQ(setup(), 0);
	stop();
	start(0);
	fake_pci_set(fake_virtio.pci, PCI_ID, 4, 0x10001af4);
	CHECK_EQ(setup(), -ENODEV);
	fake_pci_set(fake_virtio.pci, PCI_ID, 4, 0x10441af5);
	CHECK_EQ(setup(), -ENODEV);
}

/* Offsets of the capabilities that fake_virtio_pci() makes. */
#define COMMON 0x40
#define ISR    0x50
#define CONFIG 0x60
#define NOTIFY 0x70

static void test_bad_capabilities(void)
{
	static const struct {
		uint8_t at, bytes;
		uint32_t value;
	} bad[] = {
		{ COMMON + 3, 1, 9 },              /* none of that type */
		{ COMMON + 4, 1, 5 },              /* the upper half of BAR 4 */
		{ COMMON + 4, 1, 6 },              /* there are six */
		{ COMMON + 4, 1, 0 },              /* not implemented */
		{ COMMON + 8, 4, FAKE_BAR_BYTES }, /* behind the end */
		{ COMMON + 8, 4, 0xffffffff },
		{ COMMON + 8, 4, 2 }, /* not aligned */
		{ COMMON + 12, 4, 0 },
		{ COMMON + 12, 4, 55 }, /* too short */
		{ ISR + 4, 1, 7 },
		{ ISR + 12, 4, 0 },
		{ ISR + 8, 4, FAKE_BAR_BYTES },
		{ CONFIG + 8, 4, FAKE_BAR_BYTES - 2 },
		{ CONFIG + 12, 4, 2 },
		{ NOTIFY + 3, 1, 9 },
		{ NOTIFY + 12, 4, 0 },
		{ NOTIFY + 12, 4, 4 }, /* queue 1 is behind it */
		{ NOTIFY + 12, 4, 5 },
		{ NOTIFY + 8, 4, FAKE_BAR_BYTES },
		{ NOTIFY + 8, 4, 0xfffffffe },
		{ NOTIFY + 8, 4, FAKE_NOTIFY + 1 },
		{ NOTIFY + 16, 4, 0xffffffff },
		{ NOTIFY + 16, 4, 0x1000 },
	};

	for (unsigned i = 0; i < ARRAY_SIZE(bad); i++) {
		fake_reset();
		start(0);
		fake_pci_set(fake_virtio.pci, bad[i].at, bad[i].bytes, bad[i].value);
		int ret = setup();

		if (ret != -EIO)
			CHECK_FAIL("capability %u: %d", i, ret);
		if (dev.ops && dev.pci.common)
			stop();
	}
}

/* The last capability, cut by the end of the space. */
static void test_capability_at_the_end(void)
{
	start(0);
	fake_pci_cap(fake_virtio.pci, 0xfc, PCI_CAP_VENDOR);
	CHECK_EQ(open_device(), -EIO);
}

static void test_same_notify_for_all(void)
{
	start(0);
	fake_pci_set(fake_virtio.pci, NOTIFY + 16, 4, 0);
	fake_pci_set(fake_virtio.pci, NOTIFY + 12, 4, 2);
	CHECK_EQ(setup(), 0);
	CHECK_EQ((uintptr_t)ring.notify, FAKE_BAR_BASE + FAKE_NOTIFY);
	stop();
}

static void test_queue_beyond_number(void)
{
	start(0);
	fake_virtio.nqueue = 1;
	CHECK_EQ(setup(), -EIO);
	stop();
}

static void test_never_resets(void)
{
	start(0);
	fake_virtio.never_resets = true;
	CHECK_EQ(open_device(), 0);
	CHECK_EQ(virtio_begin(&dev), -EIO);
	CHECK(fake_log_has("does not reset"));
	CHECK_EQ(fake_log_lines(), 1);
}

static void test_second_device(void)
{
	start(0);
	fake_pci_add(0, 9, 0, 0x1af4, 0x1044);
	struct virtio_dev d = { .name = "test" };

	CHECK_EQ(virtio_open(&d, VIRTIO_RNG, 0), 0);
	CHECK_EQ(virtio_open(&d, VIRTIO_RNG, 1), -EIO); /* it has no capabilities */
	CHECK_EQ(d.pci.dev.bdf, 9 << 3);
	CHECK_EQ(virtio_open(&d, VIRTIO_RNG, 2), -ENODEV);
	CHECK_EQ(virtio_open(&d, VIRTIO_NET, 0), -ENODEV);
}

int main(void)
{
	RUN(test_sets_up);
	RUN(test_vectors);
	RUN(test_line);
	RUN(test_falls_back_to_line);
	RUN(test_transitional);
	RUN(test_bad_capabilities);
	RUN(test_capability_at_the_end);
	RUN(test_same_notify_for_all);
	RUN(test_queue_beyond_number);
	RUN(test_never_resets);
	RUN(test_second_device);
	return check_done();
}
