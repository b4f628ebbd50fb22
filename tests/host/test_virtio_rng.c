// SPDX-License-Identifier: BSD-2-Clause
/* drivers/virtio/virtio_rng.c: answers, short answers, none, and lies. */
// link: drivers/virtio/vring.c drivers/virtio/virtio.c drivers/virtio/virtio_mmio.c
// link: drivers/virtio/virtio_pci.c drivers/bus/pci.c drivers/entropy_table.c
// link: kernel/boot_info.c lib/base/ranges.c
#include "drivers/entropy.h"
#include "tests/host/fake/virtio.h"
#include "drivers/virtio/virtio_rng.c"

static struct fake_queue *queue = &fake_virtio.queue[0];

enum answer { FULL, SHORT, NOTHING, NEVER, LATE, BAD_ID, TOO_LONG };
static enum answer answer;
static unsigned asked, woken;

/* --- waiting: the one thread parks, and that is when the device works ------------------------- */

void mutex_lock_slow(struct mutex *m)
{
	(void)m;
	abort();
}

void mutex_unlock_slow(struct mutex *m)
{
	(void)m;
	abort();
}

void wait_add_self(struct wait_queue *q, struct waiter *w)
{
	w->queue = q;
	list_push_back(&q->waiters, &w->node);
}

void wait_remove(struct waiter *w)
{
	list_remove(&w->node);
}

void wait_queue_wake(struct wait_queue *q, bool all)
{
	(void)q;
	(void)all;
	woken++;
}

ns_t time_deadline(ns_t span)
{
	return fake_time + span;
}

static void device_answers(void)
{
	int id = fake_queue_pop(queue);

	CHECK(id >= 0);
	struct vring_desc d = fake_queue_desc(queue, (unsigned)id);
	uint32_t n = answer == SHORT ? MIN(d.len, 5u) : answer == NOTHING ? 0 : d.len;

	CHECK_EQ(d.flags, VRING_DESC_WRITE);
	asked++;
	for (uint32_t i = 0; i < n; i++)
		fake_desc_data(d)[i] = (uint8_t)(asked + i);
	fake_queue_push(queue, answer == BAD_ID ? 9 : (uint32_t)id,
			answer == TOO_LONG ? d.len + 1 : n);
	fake_virtio.isr = VIRTIO_ISR_QUEUE;
	CHECK(fake_irq_fire(0));
}

int thread_park(ns_t deadline)
{
	CHECK(deadline <= fake_time + 100 * NS_PER_MS);
	if (answer == NEVER || answer == LATE) {
		fake_time = deadline;
		return -ETIMEDOUT;
	}
	device_answers();
	return 0;
}

/* --- tests --------------------------------------------------------------------------------- */

static void start(enum answer a)
{
	rng = (struct virtio_rng){ .lock = MUTEX_INIT(rng.lock),
				   .done = WAIT_QUEUE_INIT(rng.done) };
	fake_virtio_mmio(VIRTIO_RNG, VIRTIO_F_VERSION_1 | VIRTIO_F_EVENT_IDX);
	fake_virtio.queue[1].max = 0;
	answer = a;
	asked = woken = 0;
}

static void destroy(void)
{
	if (rng.usable)
		rng_close(&rng);
}

static void test_reads(void)
{
	uint8_t out[600] = { 0 };

	start(FULL);
	CHECK_EQ(entropy_device_read(out, 100), 100);
	CHECK_EQ(asked, 1);
	CHECK_EQ(woken, 1);
	CHECK(out[0] == 1 && out[99] == 100 && out[100] == 0);
	CHECK_EQ(rng.buffer[0], 0); /* nothing of it stays behind */
	CHECK_EQ(entropy_device_read(out, 600), 600);
	CHECK_EQ(asked, 4);
	CHECK_EQ(fake_virtio.resets, 1); /* it was kept open */
	destroy();
}

static void test_short_answers(void)
{
	uint8_t out[12];

	start(SHORT);
	CHECK_EQ(entropy_device_read(out, 12), 12);
	CHECK_EQ(asked, 3);
	CHECK(out[0] == 1 && out[5] == 2 && out[10] == 3);
	destroy();
}

static void test_empty_answer(void)
{
	uint8_t out[12];

	start(NOTHING);
	CHECK_EQ(entropy_device_read(out, 12), 0);
	CHECK_EQ(asked, 1);
	destroy();
}

static void test_no_device(void)
{
	uint8_t out[12];

	start(FULL);
	fake_virtio.type = VIRTIO_NET;
	CHECK_EQ(entropy_device_read(out, 12), 0);
	CHECK_EQ(entropy_device_read(out, 12), 0);
	CHECK_EQ(fake_log_lines(), 0);
	destroy();
}

static void test_never_answers(void)
{
	uint8_t out[12];

	start(NEVER);
	CHECK_EQ(entropy_device_read(out, 12), 0);
	CHECK_EQ(fake_virtio.resets, 2); /* stopped: what comes late goes nowhere */
	CHECK_EQ(fake_irq_connected(), 0);
	fake_time = 0;
	CHECK_EQ(entropy_device_read(out, 12), 0);
	CHECK_EQ(fake_time, 0); /* and it is not waited for again */
	destroy();
}

/* Neither answers nor resets: it keeps its memory. */
static void test_keeps_memory(void)
{
	uint8_t out[12];

	start(LATE);
	CHECK_EQ(entropy_device_read(out, 0), 0);
	fake_virtio.never_resets = true;
	CHECK_EQ(entropy_device_read(out, 12), 0);
	fake_virtio.never_resets = false;
	struct vring_desc d = fake_queue_desc(queue, (unsigned)fake_queue_pop(queue));

	memset(fake_desc_data(d), 0x77, d.len);
	fake_queue_push(queue, 0, d.len);
	rng_close(&rng);
}

static void test_lies(void)
{
	uint8_t out[12];

	start(BAD_ID);
	CHECK_EQ(entropy_device_read(out, 12), 0);
	CHECK(fake_log_has("bad used entry"));
	CHECK_EQ(fake_log_lines(), 1);
	destroy();
	fake_reset();
	start(TOO_LONG);
	CHECK_EQ(entropy_device_read(out, 12), 0);
	CHECK(fake_log_has("bad used entry"));
	destroy();
}

static void test_no_memory(void)
{
	FAKE_FAIL_EACH
	{
		uint8_t out[12];

		start(FULL);
		size_t got = entropy_device_read(out, 12);

		CHECK_EQ(got, fake_failed() ? 0 : 12);
		destroy();
		CHECK_EQ(fake_irq_connected(), 0);
	}
}

int main(void)
{
	RUN(test_reads);
	RUN(test_short_answers);
	RUN(test_empty_answer);
	RUN(test_no_device);
	RUN(test_never_answers);
	RUN(test_keeps_memory);
	RUN(test_lies);
	RUN(test_no_memory);
	return check_done();
}
