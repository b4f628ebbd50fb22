// SPDX-License-Identifier: BSD-2-Clause
/* drivers/blk.c and drivers/virtio/virtio_blk.c: a disk that works, one that says no, and lies. */
// link: drivers/virtio/vring.c drivers/virtio/virtio.c drivers/virtio/virtio_mmio.c
// link: drivers/virtio/virtio_pci.c drivers/bus/pci.c drivers/blk.c
// link: kernel/wait.c kernel/mutex.c kernel/boot_info.c lib/base/ranges.c
#include "tests/host/fake/virtio.h"
#include "drivers/virtio/virtio_blk.c"

#define DISK_SECTORS 8192u
#define BASIC        (VIRTIO_F_VERSION_1 | VIRTIO_F_EVENT_IDX | BLK_F_SEG_MAX)

static struct fake_queue *queue = &fake_virtio.queue[0];
static uint8_t disk[DISK_SECTORS * PROTOCOL_SECTOR];
static unsigned requests, flushes, discarded;
static bool holds_back; /* answers only when answer_all() is called */
static bool backwards;  /* the last one first */

enum lie { HONEST, NO, UNSUPPORTED, BAD_ID, SHORT, NO_STATUS, TOO_MANY };
static enum lie lie;

/* --- the device ---------------------------------------------------------------------------- */

static uint8_t move(const struct header *h, struct vring_desc d, uint64_t at)
{
	uint8_t *data = fake_desc_data(d);

	if (at + d.len > sizeof(disk))
		return 1;
	if (h->type == TYPE_IN)
		memcpy(data, disk + at, d.len);
	else
		memcpy(disk + at, data, d.len);
	return STATUS_OK;
}

/* The chain at `id`, as 5.2.6 has it. Returns what the device wrote. */
static uint32_t serve(unsigned id)
{
	struct vring_desc d = fake_queue_desc(queue, id);
	const struct header *h = (const struct header *)fake_desc_data(d);
	uint64_t at = h->sector * PROTOCOL_SECTOR;
	uint8_t status = lie == NO ? 1 : lie == UNSUPPORTED ? STATUS_UNSUP : STATUS_OK;
	uint32_t written = 1;

	CHECK_EQ(d.len, 16);
	CHECK(!(d.flags & VRING_DESC_WRITE));
	requests++;
	flushes += h->type == TYPE_FLUSH;
	for (d = fake_queue_desc(queue, d.next); d.flags & VRING_DESC_NEXT;
	     d = fake_queue_desc(queue, d.next)) {
		CHECK_EQ(!!(d.flags & VRING_DESC_WRITE), h->type == TYPE_IN);
		if (h->type == TYPE_DISCARD) {
			discarded += ((const struct discard *)fake_desc_data(d))->nsect;
			continue;
		}
		if (status == STATUS_OK)
			status = move(h, d, at);
		at += d.len;
		written += h->type == TYPE_IN ? d.len : 0;
	}
	CHECK_EQ(d.len, 1);
	CHECK(d.flags & VRING_DESC_WRITE);
	if (lie != NO_STATUS)
		*fake_desc_data(d) = status;
	return lie == SHORT ? 1 : written;
}

static void answer_all(void)
{
	int id[RING], n = 0;

	while ((id[n] = fake_queue_pop(queue)) >= 0)
		n++;
	for (int i = 0; i < n; i++) {
		int which = id[backwards ? n - 1 - i : i];
		uint32_t written = serve((unsigned)which);

		fake_queue_push(queue, lie == BAD_ID ? RING + 3 : (uint32_t)which, written);
	}
	if (lie == TOO_MANY)
		fake_queue_used(queue)->idx += 50;
	*fake_queue_avail_event(queue) = fake_queue_avail(queue)->idx;
	fake_virtio.isr = VIRTIO_ISR_QUEUE;
	if (n)
		CHECK(fake_irq_fire(0));
}

static void on_notify(struct fake_virtio *d, unsigned index)
{
	(void)d;
	CHECK_EQ(index, 0);
	if (!holds_back)
		answer_all();
}

static void put32(unsigned offset, uint32_t value)
{
	memcpy(&fake_virtio.config[offset], &value, 4);
}

static void start(uint64_t features)
{
	fake_virtio_mmio(VIRTIO_BLK, BASIC | features);
	fake_virtio.queue[1].max = 0;
	fake_virtio.config_bytes = 60;
	fake_virtio.on_notify = on_notify;
	put32(CONFIG_CAPACITY, DISK_SECTORS);
	put32(CONFIG_SEG_MAX, 8);
	put32(CONFIG_BLK_SIZE, 512);
	put32(CONFIG_MAX_DISCARD, 1000);
	lie = HONEST;
	holds_back = backwards = false;
	requests = flushes = discarded = 0;
	for (unsigned i = 0; i < sizeof(disk); i++)
		disk[i] = (uint8_t)(i * 7 + (i >> 9));
}

static struct blk *open_disk(uint64_t features)
{
	struct blk *b = NULL;

	start(features);
	CHECK_EQ(virtio_blk_probe(0, &b), 0);
	return b;
}

static void close_disk(struct blk *b)
{
	struct virtio_blk *d = blk_of(b);

	CHECK(virtio_stop(&d->virtio));
	free_queue(d);
	kfree(d);
}

/* --- tests --------------------------------------------------------------------------------- */

static uint8_t buffer[DISK_SECTORS * PROTOCOL_SECTOR] UNIK_ALIGNED(4096);

static void test_reads_and_writes(void)
{
	struct blk *b = open_disk(0);

	CHECK_EQ(b->nsectors, DISK_SECTORS);
	CHECK_EQ(b->sector_bytes, 512);
	memset(buffer, 0, sizeof(buffer));
	CHECK_EQ(blk_transfer(b, BLK_READ, 3, buffer, 5), 0);
	CHECK_EQ(requests, 1);
	CHECK(memcmp(buffer, disk + 3 * 512, 5 * 512) == 0 && buffer[5 * 512] == 0);
	memset(buffer, 0x5a, 1024);
	CHECK_EQ(blk_transfer(b, BLK_WRITE, DISK_SECTORS - 2, buffer, 2), 0);
	CHECK(memcmp(disk + sizeof(disk) - 1024, buffer, 1024) == 0);
	close_disk(b);
}

static void test_long_transfer(void)
{
	struct blk *b = open_disk(0);

	/* 8 segments of 256 KiB would be 2 MiB; a request is 1 MiB at most. */
	CHECK_EQ(blk_transfer(b, BLK_READ, 0, buffer, DISK_SECTORS), 0);
	CHECK_EQ(requests, 4);
	CHECK(memcmp(buffer, disk, sizeof(disk)) == 0);
	for (unsigned i = 0; i < sizeof(buffer); i++)
		buffer[i] = (uint8_t)(i * 3 + (i >> 12));
	CHECK_EQ(blk_transfer(b, BLK_WRITE, 0, buffer, DISK_SECTORS), 0);
	CHECK(memcmp(buffer, disk, sizeof(disk)) == 0);
	close_disk(b);
}

static void test_bad_ranges(void)
{
	struct blk *b = open_disk(0);
	struct blk_request r = { .op = BLK_READ, .nsect = 2, .nsegment = 1 };

	CHECK_EQ(blk_transfer(b, BLK_READ, DISK_SECTORS, buffer, 1), -EINVAL);
	CHECK_EQ(blk_transfer(b, BLK_READ, DISK_SECTORS - 1, buffer, 2), -EINVAL);
	CHECK_EQ(blk_transfer(b, BLK_READ, UINT64_MAX, buffer, 2), -EINVAL);
	CHECK_EQ(blk_transfer(b, BLK_READ, 5, buffer, 0), 0);
	r.segment[0] = (struct blk_segment){ buffer, 512 };
	CHECK_EQ(blk_submit(b, &r), -EINVAL); /* less than it says */
	CHECK_EQ(requests, 0);
	CHECK_EQ(blk_flush(b), 0); /* no cache, nothing to do */
	CHECK_EQ(blk_discard(b, 0, 1), -EOPNOTSUPP);
	CHECK_EQ(requests, 0);
	close_disk(b);
}

static void test_features(void)
{
	struct blk *b = open_disk(BLK_F_FLUSH | BLK_F_DISCARD | BLK_F_BLK_SIZE);

	CHECK_EQ(blk_flush(b), 0);
	CHECK_EQ(flushes, 1);
	CHECK_EQ(blk_discard(b, 10, 2500), 0);
	CHECK_EQ(discarded, 2500);
	CHECK_EQ(requests, 4);
	close_disk(b);
	b = open_disk(BLK_F_RO);
	CHECK_EQ(blk_transfer(b, BLK_WRITE, 0, buffer, 1), -EROFS);
	CHECK_EQ(blk_transfer(b, BLK_READ, 0, buffer, 1), 0);
	close_disk(b);
}

static void test_4k_sectors(void)
{
	struct blk *b;

	start(BLK_F_BLK_SIZE);
	put32(CONFIG_BLK_SIZE, 4096);
	CHECK_EQ(virtio_blk_probe(0, &b), 0);
	CHECK_EQ(b->nsectors, DISK_SECTORS / 8);
	CHECK_EQ(blk_transfer(b, BLK_READ, 2, buffer, 1), 0);
	CHECK(memcmp(buffer, disk + 2 * 4096, 4096) == 0);
	close_disk(b);
}

/* Several in flight, completed in the wrong order, waited for in the right one. */
static void test_out_of_order(void)
{
	struct blk *b = open_disk(0);
	struct blk_request r[3];

	holds_back = backwards = true;
	for (unsigned i = 0; i < 3; i++) {
		r[i] = (struct blk_request){ .op = BLK_READ, .lba = i, .nsect = 1, .nsegment = 1 };
		r[i].segment[0] = (struct blk_segment){ buffer + 512 * i, 512 };
		CHECK_EQ(blk_submit(b, &r[i]), 0);
		CHECK_EQ(r[i].status, BLK_PENDING);
	}
	answer_all();
	for (unsigned i = 0; i < 3; i++)
		CHECK_EQ(blk_wait(b, &r[i]), 0);
	CHECK(memcmp(buffer, disk, 3 * 512) == 0);
	close_disk(b);
}

static void device_thread(void *arg)
{
	(void)arg;
	while (requests < 300) {
		answer_all();
		thread_sleep(fake_time + NS_PER_MS);
	}
}

/* More requests than the ring has room for: the submitter sleeps until there is some. */
static void test_full_ring(void)
{
	struct blk *b = open_disk(0);
	static struct blk_request r[300];
	struct thread *t;

	holds_back = true;
	CHECK_EQ(thread_create(&t, "disk", 4096, device_thread, NULL), 0);
	for (unsigned i = 0; i < 300; i++) {
		r[i] = (struct blk_request){ .op = BLK_READ, .lba = i, .nsect = 1, .nsegment = 1 };
		r[i].segment[0] = (struct blk_segment){ buffer + 512 * i, 512 };
		CHECK_EQ(blk_submit(b, &r[i]), 0);
	}
	for (unsigned i = 0; i < 300; i++)
		CHECK_EQ(blk_wait(b, &r[i]), 0);
	CHECK(memcmp(buffer, disk, 300 * 512) == 0);
	CHECK_EQ(requests, 300);
	fake_threads_run();
	thread_sleep(fake_time + 2 * NS_PER_MS);
	CHECK_EQ(fake_threads_alive(), 0);
	close_disk(b);
}

static void slow_thread(void *arg)
{
	(void)arg;
	thread_sleep(fake_time + 45 * NS_PER_S);
	answer_all();
}

static void test_slow_disk(void)
{
	struct blk *b = open_disk(0);
	struct thread *t;

	holds_back = true;
	CHECK_EQ(thread_create(&t, "disk", 4096, slow_thread, NULL), 0);
	CHECK_EQ(blk_transfer(b, BLK_READ, 0, buffer, 1), 0);
	CHECK(fake_log_has("still waiting"));
	CHECK_EQ(fake_log_lines(), 1);
	close_disk(b);
}

static void test_says_no(void)
{
	struct blk *b = open_disk(0);

	lie = NO;
	CHECK_EQ(blk_transfer(b, BLK_READ, 0, buffer, DISK_SECTORS), -EIO);
	lie = UNSUPPORTED;
	CHECK_EQ(blk_transfer(b, BLK_WRITE, 0, buffer, 1), -EOPNOTSUPP);
	lie = SHORT;
	CHECK_EQ(blk_transfer(b, BLK_READ, 0, buffer, 1), -EIO);
	lie = NO_STATUS;
	CHECK_EQ(blk_transfer(b, BLK_READ, 0, buffer, 1), -EIO);
	lie = HONEST;
	CHECK_EQ(blk_transfer(b, BLK_READ, 0, buffer, 1), 0); /* it is still in service */
	close_disk(b);
}

/* A lie about the ring: out of service, with one line, and everybody is told. */
static void test_lies(void)
{
	static const enum lie lies[] = { BAD_ID, TOO_MANY };

	for (unsigned i = 0; i < ARRAY_SIZE(lies); i++) {
		struct blk *b = open_disk(0);

		lie = lies[i];
		CHECK_EQ(blk_transfer(b, BLK_READ, 0, buffer, DISK_SECTORS), -ENODEV);
		CHECK_EQ(fake_log_lines(), 1);
		CHECK_EQ(blk_transfer(b, BLK_READ, 0, buffer, 1), -ENODEV);
		CHECK_EQ(fake_irq_connected(), 0);
		close_disk(b);
		fake_reset();
	}
}

static void test_bad_configuration(void)
{
	static const struct {
		uint64_t feature;
		unsigned offset;
		uint32_t value;
	} bad[] = {
		{ BLK_F_BLK_SIZE, CONFIG_BLK_SIZE, 0 },
		{ BLK_F_BLK_SIZE, CONFIG_BLK_SIZE, 256 },
		{ BLK_F_BLK_SIZE, CONFIG_BLK_SIZE, 1000 },
		{ BLK_F_BLK_SIZE, CONFIG_BLK_SIZE, 65536 },
		{ BLK_F_SIZE_MAX, CONFIG_SIZE_MAX, 100 },
	};
	struct blk *b;

	for (unsigned i = 0; i < ARRAY_SIZE(bad); i++) {
		start(bad[i].feature);
		put32(bad[i].offset, bad[i].value);
		CHECK_EQ(virtio_blk_probe(0, &b), -EIO);
	}
	start(0);
	fake_virtio.queue[0].max = 2;
	CHECK_EQ(virtio_blk_probe(0, &b), -EIO);
	start(0);
	put32(CONFIG_SEG_MAX, 0xffffffff);
	fake_virtio.queue[0].max = 4;
	CHECK_EQ(virtio_blk_probe(0, &b), 0);
	CHECK_EQ(b->max_segments, 1);
	CHECK_EQ(blk_transfer(b, BLK_READ, 0, buffer, DISK_SECTORS), 0);
	CHECK(memcmp(buffer, disk, sizeof(disk)) == 0);
	close_disk(b);
}

static void test_no_memory(void)
{
	FAKE_FAIL_EACH
	{
		struct blk *b;

		start(0);
		int ret = virtio_blk_probe(0, &b);

		CHECK_EQ(ret, fake_failed() ? -ENOMEM : 0);
		if (!ret)
			close_disk(b);
		CHECK_EQ(fake_irq_connected(), 0);
	}
}

int main(void)
{
	RUN(test_reads_and_writes);
	RUN(test_long_transfer);
	RUN(test_bad_ranges);
	RUN(test_features);
	RUN(test_4k_sectors);
	RUN(test_out_of_order);
	RUN(test_full_ring);
	RUN(test_slow_disk);
	RUN(test_says_no);
	RUN(test_lies);
	RUN(test_bad_configuration);
	RUN(test_no_memory);
	return check_done();
}
