// SPDX-License-Identifier: BSD-2-Clause
/* drivers/virtio/vring.c: chains, indices and events, with a device that keeps to nothing. */
// link: drivers/virtio/vring.c drivers/virtio/virtio.c drivers/virtio/virtio_mmio.c
// link: drivers/virtio/virtio_pci.c drivers/bus/pci.c kernel/boot_info.c lib/base/ranges.c
#include <errno.h>
#include "tests/host/fake/virtio.h"

static struct virtio_dev dev;
static struct vring ring;
static struct fake_queue *queue = &fake_virtio.queue[0];

static void start(unsigned size, uint64_t features)
{
	fake_virtio_mmio(VIRTIO_RNG, VIRTIO_F_VERSION_1 | features);
	dev = (struct virtio_dev){ .name = "test" };
	ring = (struct vring){ 0 };
	CHECK_EQ(virtio_open(&dev, VIRTIO_RNG, 0), 0);
	CHECK_EQ(virtio_begin(&dev), 0);
	CHECK_EQ(virtio_accept(&dev, VIRTIO_F_EVENT_IDX), 0);
	CHECK_EQ(virtio_queue_init(&dev, &ring, 0, size), 0);
	virtio_start(&dev);
}

static void stop(void)
{
	CHECK(virtio_stop(&dev));
	vring_free(&ring);
}

/* Post a chain of n descriptors of `bytes` each. */
static void post(unsigned n, uint32_t bytes, bool in, void *cookie)
{
	struct vring_chain c = vring_begin(&ring);

	for (unsigned i = 0; i < n; i++)
		vring_put(&c, 0x1000 * (i + 1), bytes, in ? VRING_DESC_WRITE : 0);
	vring_post(&ring, &c, n, in ? n * bytes : 0, cookie);
}

static int take(uint32_t *len)
{
	return vring_take(&ring, len);
}

static void test_layout(void)
{
	for (unsigned size = 1; size <= 32768; size *= 2) {
		struct vring q = { 0 };

		CHECK_EQ(vring_alloc(&q, size), 0);
		CHECK_EQ((uintptr_t)q.desc % 16, 0);
		CHECK_EQ((uintptr_t)q.avail % 2, 0);
		CHECK_EQ((uintptr_t)q.used % 4, 0);
		/* The ends of the parts; ASan watches the last. */
		CHECK((char *)q.avail >= (char *)&q.desc[size]);
		CHECK((char *)q.used >= (char *)&q.avail->ring[size + 1]);
		*(uint16_t *)&q.used->ring[size] = 0;
		vring_free(&q);
		vring_free(&q);
	}
}

static void test_alloc_fails(void)
{
	FAKE_FAIL_EACH
	{
		struct vring q = { 0 };

		if (vring_alloc(&q, 64) == 0)
			vring_free(&q);
		else
			CHECK(fake_failed());
		vring_free(&q);
	}
}

static void test_round_trips(void)
{
	int cookie[8];
	uint32_t len;

	start(8, 0);
	for (unsigned round = 0; round < 100000; round++) {
		unsigned n = round % 4 + 1;

		post(n, 100, true, &cookie[round % 8]);
		vring_kick(&ring);
		int id = fake_queue_pop(queue);

		CHECK(id >= 0);
		struct vring_desc d = fake_queue_desc(queue, (unsigned)id);

		for (unsigned i = 1; i < n; i++) {
			CHECK(d.flags & VRING_DESC_NEXT);
			d = fake_queue_desc(queue, d.next);
			CHECK_EQ(d.addr, 0x1000 * (i + 1));
		}
		CHECK_EQ(d.flags, VRING_DESC_WRITE);
		CHECK_EQ(take(&len), -1);
		fake_queue_push(queue, (uint32_t)id, n * 100);
		CHECK_EQ(take(&len), id);
		CHECK(ring.slot[id].cookie == &cookie[round % 8]);
		CHECK_EQ(len, n * 100);
		CHECK_EQ(ring.nfree, 8);
	}
	CHECK_EQ(fake_log_lines(), 0);
	stop();
}

/* Completion in any order, with chains of any length: no descriptor is lost or in two chains. */
static void test_out_of_order(void)
{
	unsigned held[32], nheld = 0;
	uint32_t len;

	start(32, VIRTIO_F_EVENT_IDX);
	srand(1);
	for (unsigned round = 0; round < 50000; round++) {
		unsigned n = (unsigned)rand() % 5 + 1;

		if (n <= ring.nfree)
			post(n, 64, rand() % 2, NULL);
		vring_kick(&ring);
		for (int id; (id = fake_queue_pop(queue)) >= 0;)
			held[nheld++] = (unsigned)id;
		while (nheld && rand() % 3) {
			unsigned i = (unsigned)rand() % nheld;

			fake_queue_push(queue, held[i], 0);
			held[i] = held[--nheld];
			CHECK(take(&len) >= 0);
		}
	}
	while (nheld) {
		fake_queue_push(queue, held[--nheld], 0);
		CHECK(take(&len) >= 0);
	}
	CHECK_EQ(ring.nfree, 32);
	uint32_t seen = 0;

	for (unsigned i = 0, id = ring.free_head; i < 32; i++, id = ring.slot[id].next)
		seen |= 1u << id;
	CHECK_EQ(seen, 0xffffffff);
	stop();
}

/* The queue is out of service, said so once, and gives and takes nothing. */
static void check_broken(const char *why)
{
	uint32_t len = 7;

	CHECK_EQ(take(&len), -1);
	CHECK_EQ(take(&len), -1);
	CHECK(ring.broken);
	CHECK(dev.failed);
	CHECK_EQ(ring.nfree, 0);
	CHECK(fake_virtio.status & VIRTIO_STATUS_FAILED);
	CHECK(fake_log_has(why));
	CHECK_EQ(fake_log_lines(), 1);
	CHECK(!vring_irq_enable(&ring, 0));
	vring_irq_disable(&ring);
	unsigned notified = queue->notified;

	vring_kick(&ring);
	CHECK_EQ(queue->notified, notified);
	unsigned back = 0;

	CHECK(virtio_stop(&dev));
	for (unsigned i = 0; i < ring.size; i++)
		back += vring_detach(&ring, i);
	CHECK_EQ(back, 2);
	vring_free(&ring);
}

static void start_lie(void)
{
	start(8, 0);
	post(1, 100, true, NULL);
	post(2, 100, true, NULL);
	vring_kick(&ring);
}

static void test_bad_ids(void)
{
	static const uint32_t bad[] = { 8, 0xffffffff, 0x10000, 0x80000000, 2, 3, 7 };

	for (unsigned i = 0; i < ARRAY_SIZE(bad); i++) {
		fake_reset();
		start_lie();
		fake_queue_push(queue, bad[i], 1);
		check_broken("bad used entry");
	}
}

static void test_bad_lengths(void)
{
	fake_reset();
	start_lie();
	fake_queue_push(queue, 0, 101);
	check_broken("bad used entry");
	fake_reset();
	start_lie();
	fake_queue_push(queue, 1, 0xffffffff);
	check_broken("bad used entry");
}

/* Of a chain that the device only reads, some devices say what they read. */
static void test_length_of_output(void)
{
	start(8, 0);
	post(1, 100, false, NULL);
	vring_kick(&ring);
	fake_queue_push(queue, 0, 5000);
	CHECK_EQ(take(NULL), 0);
	CHECK(!dev.failed);
	stop();
}

static void test_bad_index(void)
{
	static const uint16_t bad[] = { 4, 9, 0x7fff, 0x8000, 0xffff };

	for (unsigned i = 0; i < ARRAY_SIZE(bad); i++) {
		fake_reset();
		start_lie();
		fake_queue_used(queue)->idx = bad[i];
		check_broken("used index out of range");
	}
}

static void test_same_id_twice(void)
{
	uint32_t len;

	start(8, 0);
	post(1, 100, true, NULL);
	post(1, 100, true, NULL);
	post(1, 100, true, NULL);
	vring_kick(&ring);
	fake_queue_push(queue, 1, 1);
	fake_queue_push(queue, 1, 1);
	CHECK_EQ(take(&len), 1);
	check_broken("bad used entry");
}

static void test_notify_flag(void)
{
	start(8, 0);
	post(1, 1, true, NULL);
	vring_kick(&ring);
	CHECK_EQ(queue->notified, 1);
	vring_kick(&ring); /* nothing new */
	CHECK_EQ(queue->notified, 1);
	fake_queue_used(queue)->flags = VRING_NO_NOTIFY;
	post(1, 1, true, NULL);
	CHECK_EQ(fake_queue_avail(queue)->idx, 1);
	vring_kick(&ring);
	CHECK_EQ(fake_queue_avail(queue)->idx, 2);
	CHECK_EQ(queue->notified, 1);
	stop();
}

/* Notified exactly when the index passes the event, also over the end of 16 bits. */
static void test_notify_event(void)
{
	uint32_t len;

	start(8, VIRTIO_F_EVENT_IDX);
	for (unsigned i = 0; i < 140000; i++) {
		unsigned before = queue->notified;
		bool wants = i % 3 == 0;

		*fake_queue_avail_event(queue) = (uint16_t)(wants ? i : i - 5);
		post(1, 1, true, NULL);
		vring_kick(&ring);
		CHECK_EQ(queue->notified - before, wants);
		fake_queue_push(queue, (uint32_t)fake_queue_pop(queue), 0);
		CHECK(take(&len) >= 0);
	}
	/* In the middle of a burst. */
	*fake_queue_avail_event(queue) = (uint16_t)(140000 + 2);
	unsigned before = queue->notified;

	for (unsigned i = 0; i < 4; i++)
		post(1, 1, true, NULL);
	vring_kick(&ring);
	CHECK_EQ(queue->notified - before, 1);
	stop();
}

static void test_interrupts(void)
{
	uint32_t len;

	start(8, 0);
	vring_irq_disable(&ring);
	CHECK_EQ(fake_queue_avail(queue)->flags, VRING_NO_INTERRUPT);
	CHECK(!vring_irq_enable(&ring, 0));
	CHECK_EQ(fake_queue_avail(queue)->flags, 0);
	stop();

	start(8, VIRTIO_F_EVENT_IDX);
	post(1, 1, true, NULL);
	post(1, 1, true, NULL);
	vring_kick(&ring);
	vring_irq_disable(&ring);
	CHECK_EQ(*fake_queue_used_event(queue), 0xffff);
	CHECK(!vring_irq_enable(&ring, 0));
	CHECK_EQ(*fake_queue_used_event(queue), 0);
	fake_queue_push(queue, 0, 1);
	CHECK(!vring_irq_enable(&ring, 1));
	CHECK(vring_irq_enable(&ring, 0));
	CHECK_EQ(take(&len), 0);
	CHECK(!vring_irq_enable(&ring, 0));
	CHECK_EQ(*fake_queue_used_event(queue), 1);
	stop();
}

/* A device that does not reset keeps its memory. */
static void test_stop_without_reset(void)
{
	start(8, 0);
	post(1, 100, true, NULL);
	fake_virtio.never_resets = true;
	CHECK(!virtio_stop(&dev));
	CHECK(ring.broken);
	fake_virtio.never_resets = false;
	stop();
}

static void test_queue_sizes(void)
{
	static const uint32_t bad[] = { 0, 3, 100, 255, 65536, 0x80000000, 0xffffffff };

	for (unsigned i = 0; i < ARRAY_SIZE(bad); i++) {
		fake_reset();
		fake_virtio_mmio(VIRTIO_RNG, VIRTIO_F_VERSION_1);
		dev = (struct virtio_dev){ .name = "test" };
		ring = (struct vring){ 0 };
		CHECK_EQ(virtio_open(&dev, VIRTIO_RNG, 0), 0);
		CHECK_EQ(virtio_begin(&dev), 0);
		CHECK_EQ(virtio_accept(&dev, 0), 0);
		queue->max = bad[i];
		CHECK_EQ(virtio_queue_init(&dev, &ring, 0, 64), -EIO);
		CHECK(dev.failed);
		stop();
	}
	start(64, 0);
	CHECK_EQ(ring.size, 64);
	CHECK_EQ(queue->size, 64);
	stop();
	fake_virtio_mmio(VIRTIO_RNG, VIRTIO_F_VERSION_1);
}

int main(void)
{
	RUN(test_layout);
	RUN(test_alloc_fails);
	RUN(test_round_trips);
	RUN(test_out_of_order);
	RUN(test_bad_ids);
	RUN(test_bad_lengths);
	RUN(test_length_of_output);
	RUN(test_bad_index);
	RUN(test_same_id_twice);
	RUN(test_notify_flag);
	RUN(test_notify_event);
	RUN(test_interrupts);
	RUN(test_stop_without_reset);
	RUN(test_queue_sizes);
	return check_done();
}
