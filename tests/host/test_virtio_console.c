// SPDX-License-Identifier: BSD-2-Clause
/* drivers/virtio/virtio_console.c: output that drains or does not, input, lies. */
// link: drivers/virtio/vring.c drivers/virtio/virtio.c drivers/virtio/virtio_mmio.c
// link: drivers/virtio/virtio_pci.c drivers/bus/pci.c kernel/boot_info.c lib/base/ranges.c
#include "tests/host/fake/virtio.h"
#include "drivers/virtio/virtio_console.c"

static struct fake_queue *rxq = &fake_virtio.queue[0], *txq = &fake_virtio.queue[1];
static const struct console *con = &virtio_console;
static char printed[20000];
static size_t nprinted;
static unsigned woken, spun, drain_after;
static struct wait_queue reader;

void wait_queue_wake(struct wait_queue *q, bool all)
{
	(void)q;
	(void)all;
	woken++;
}

/* The device prints one buffer. */
static bool device_prints(void)
{
	int id = fake_queue_pop(txq);

	if (id < 0)
		return false;
	struct vring_desc d = fake_queue_desc(txq, (unsigned)id);

	CHECK_EQ(d.flags, 0);
	memcpy(printed + nprinted, fake_desc_data(d), d.len);
	nprinted += d.len;
	fake_queue_push(txq, (uint32_t)id, 0);
	return true;
}

static void relax(void)
{
	if (++spun >= drain_after)
		device_prints();
}

static void device_types(const char *text, uint32_t len)
{
	int id = fake_queue_pop(rxq);

	CHECK(id >= 0);
	memcpy(fake_desc_data(fake_queue_desc(rxq, (unsigned)id)), text, len);
	fake_queue_push(rxq, (uint32_t)id, len);
}

static bool start(void)
{
	fake_virtio_mmio(VIRTIO_CONSOLE, VIRTIO_F_VERSION_1 | VIRTIO_F_EVENT_IDX | 7);
	memset(&hvc, 0, sizeof(hvc));
	host_cpu.relax = relax;
	nprinted = woken = spun = 0;
	drain_after = 1;
	return con->probe(con);
}

static void destroy(void)
{
	CHECK(virtio_stop(&hvc.virtio));
	vring_free(&hvc.rx);
	vring_free(&hvc.tx);
	page_free(hvc.buffer, 0);
}

static void test_writes(void)
{
	char text[10000];

	for (unsigned i = 0; i < sizeof(text); i++)
		text[i] = (char)i;
	CHECK(start());
	CHECK_EQ(fake_virtio.accepted & 7, 0); /* neither size nor ports */
	con->write(con, "", 0);
	con->write(con, "hello", 5);
	CHECK_EQ(spun, 0); /* the first does not wait */
	con->write(con, text, sizeof(text));
	CHECK(device_prints());
	CHECK(!device_prints());
	CHECK_EQ(nprinted, 5 + sizeof(text));
	CHECK_EQ(memcmp(printed, "hello", 5), 0);
	CHECK_EQ(memcmp(printed + 5, text, sizeof(text)), 0);
	destroy();
}

static void test_does_not_drain(void)
{
	CHECK(start());
	drain_after = UINT32_MAX;
	con->write(con, "one", 3);
	con->write(con, "two", 3);
	CHECK_EQ(spun, DRAIN_LOOKS);
	con->write(con, "three", 5);
	CHECK(spun <= DRAIN_LOOKS + 1); /* it is not waited for again */
	CHECK(device_prints());
	con->write(con, "four", 4);
	CHECK(device_prints());
	CHECK_EQ(nprinted, 7);
	CHECK_EQ(memcmp(printed, "onefour", 7), 0);
	destroy();
}

static void test_reads(void)
{
	char out[64];

	CHECK(start());
	CHECK_EQ(con->read(con, out, 64), 0);
	CHECK_EQ(con->listen(con), 0);
	CHECK_EQ(con->read(con, out, 64), 0);
	for (unsigned i = 0; i < 1000; i++) {
		device_types("hello world", 11);
		device_types("!", 1);
		CHECK_EQ(con->read(con, out, 5), 5);
		CHECK_EQ(con->listen(con), 0); /* does not disturb what is being read */
		CHECK_EQ(con->read(con, out + 5, 64), 6);
		CHECK_EQ(memcmp(out, "hello world", 11), 0);
		CHECK_EQ(con->read(con, out, 64), 1);
		CHECK_EQ(out[0], '!');
		CHECK_EQ(con->read(con, out, 64), 0);
		CHECK_EQ(*fake_queue_used_event(rxq), (uint16_t)(2 * i + 2));
	}
	struct waiter w;

	wait_queue_init(&reader);
	*con->input = &reader;
	list_push_back(&reader.waiters, &w.node);
	fake_virtio.isr = VIRTIO_ISR_QUEUE;
	CHECK(fake_irq_fire(0));
	CHECK_EQ(woken, 1);
	list_remove(&w.node);
	destroy();
}

static void device_refills(struct fake_virtio *d, unsigned queue)
{
	(void)d;
	int id = queue == 0 ? fake_queue_pop(rxq) : -1;

	if (id >= 0)
		fake_queue_push(rxq, (uint32_t)id, 0);
}

/* Buffers without end, and nothing in them. */
static void test_empty_input(void)
{
	char out[64];

	CHECK(start());
	CHECK_EQ(con->listen(con), 0);
	device_types("", 0);
	device_types("x", 1);
	CHECK_EQ(con->read(con, out, 64), 1);
	fake_virtio.on_notify = device_refills;
	fake_virtio.offered = 0;
	device_types("", 0);
	*fake_queue_avail_event(rxq) = fake_queue_avail(rxq)->idx;
	CHECK_EQ(con->read(con, out, 64), 0);
	fake_virtio.on_notify = NULL;
	destroy();
}

static void test_lies(void)
{
	char out[64];

	CHECK(start());
	CHECK_EQ(con->listen(con), 0);
	fake_queue_push(rxq, 0, RX_BYTES + 1);
	CHECK_EQ(con->read(con, out, 64), 0);
	CHECK_EQ(con->read(con, out, 64), 0);
	CHECK(fake_log_has("bad used entry"));
	CHECK_EQ(fake_log_lines(), 1);
	con->write(con, "gone", 4);
	CHECK_EQ(con->listen(con), -ENODEV);
	destroy();
	/* Found while writing, it is told later: the log may be what is writing. */
	fake_reset();
	CHECK(start());
	con->write(con, "one", 3);
	fake_queue_used(txq)->idx = 3;
	con->write(con, "two", 3);
	CHECK_EQ(fake_log_lines(), 0);
	CHECK_EQ(con->read(con, out, 64), 0);
	CHECK_EQ(con->read(con, out, 64), 0);
	CHECK_EQ(fake_log_lines(), 1);
	destroy();
}

static void test_absent(void)
{
	start();
	destroy();
	fake_virtio_mmio(VIRTIO_NET, VIRTIO_F_VERSION_1);
	memset(&hvc, 0, sizeof(hvc));
	CHECK(!con->probe(con));
}

static void test_no_memory(void)
{
	FAKE_FAIL_EACH
	{
		bool ok = start();

		CHECK_EQ(ok, !fake_failed());
		if (ok)
			destroy();
		CHECK_EQ(fake_irq_connected(), 0);
	}
}

int main(void)
{
	RUN(test_writes);
	RUN(test_does_not_drain);
	RUN(test_reads);
	RUN(test_empty_input);
	RUN(test_lies);
	RUN(test_absent);
	RUN(test_no_memory);
	return check_done();
}
