// SPDX-License-Identifier: BSD-2-Clause
/* drivers/xen/blkfront.c and a back end that holds back, goes away, says no, and lies. */
// link: drivers/xen/pool.c drivers/blk.c kernel/wait.c kernel/mutex.c
#include "tests/host/xen_front.h"
#include "drivers/xen/blkfront.c"

#define DISK_SECTORS 8192u

static uint8_t disk[DISK_SECTORS * PROTOCOL_SECTOR];
static uint8_t buffer[DISK_SECTORS * PROTOCOL_SECTOR] UNIK_ALIGNED(4096);
static unsigned requests, indirects, flushes, barriers;
static uint64_t discarded;

enum lie { HONEST, NO, UNSUPPORTED, BAD_ID, FREE_ID, TWICE, TOO_MANY };
static enum lie lie;
static bool holds_back;

/* --- the back end ---------------------------------------------------------------------------- */

static struct {
	struct xen_ring_page *ring;
	uint32_t cons, rsp;
} back;

static void *place(uint32_t i)
{
	return back.ring->entries + (i % RING) * sizeof(struct request);
}

static int move(uint8_t op, const struct segment *s, unsigned n, uint64_t sector)
{
	for (unsigned i = 0; i < n; i++) {
		uint32_t len = (s[i].last - s[i].first + 1u) * PROTOCOL_SECTOR;
		uint8_t *page = s[i].ref < XF_GRANTS ? xf_grant[s[i].ref] : NULL;

		CHECK(page && s[i].first <= s[i].last && s[i].last < SECTORS_PER_PAGE);
		if (!page || (sector * PROTOCOL_SECTOR) + len > sizeof(disk))
			return -1;
		page += s[i].first * PROTOCOL_SECTOR;
		if (op == OP_READ)
			memcpy(page, disk + sector * PROTOCOL_SECTOR, len);
		else
			memcpy(disk + sector * PROTOCOL_SECTOR, page, len);
		sector += s[i].last - s[i].first + 1u;
	}
	return 0;
}

static int serve(const struct request *q)
{
	requests++;
	switch (q->op) {
	case OP_READ:
	case OP_WRITE:
		CHECK(q->nsegment >= 1 && q->nsegment <= DIRECT_SEGMENTS);
		return move(q->op, q->segment, q->nsegment, q->sector);
	case OP_INDIRECT:
		indirects++;
		CHECK(q->handle > DIRECT_SEGMENTS && q->handle <= INDIRECT_SEGMENTS);
		return move(q->nsegment, xf_grant[q->indirect.ref[0]], q->handle, q->sector);
	case OP_FLUSH:
		flushes++;
		return 0;
	case OP_BARRIER:
		barriers++;
		return 0;
	case OP_DISCARD:
		discarded += q->discard_nsect;
		return 0;
	}
	CHECK_FAIL("operation %u", q->op);
	return -1;
}

static void answer(uint64_t id, int status)
{
	struct response r = { .id = id, .status = (int16_t)status };

	memcpy(place(back.rsp++), &r, sizeof(r));
	back.ring->rsp_prod = back.rsp;
}

static void answer_all(void)
{
	while (back.ring && back.cons != back.ring->req_prod) {
		struct request q;

		memcpy(&q, place(back.cons++), sizeof(q));
		int status = lie == NO ? -1 : lie == UNSUPPORTED ? STATUS_NOT_SUPP : serve(&q);

		if (lie == FREE_ID)
			answer((q.id + 7) % RING, status);
		else
			answer(lie == BAD_ID ? q.id + (1ull << 32) : q.id, status);
		if (lie == TWICE && back.cons == back.ring->req_prod)
			answer(q.id, status);
	}
	if (lie == TOO_MANY)
		back.ring->rsp_prod += 3;
	if (xf_event[1])
		xf_event[1]->handle(xf_event[1]->arg);
}

/* Its answers come when it is next looked at, as by another CPU. */
static struct blk *dev;
static const struct blk_ops *real_ops;

static unsigned poll_served(struct blk *b)
{
	if (!holds_back && back.ring)
		answer_all();
	return real_ops->poll(b);
}

static struct blk_ops served_ops;

static void offer_all(void)
{
	xf_set("front", "virtual-device", "51728");
	xf_set("back", "sectors", "8192");
	xf_set("back", "sector-size", "512");
	xf_set("back", "info", "0");
	xf_set("back", "feature-flush-cache", "1");
	xf_set("back", "feature-barrier", "1");
	xf_set("back", "feature-discard", "1");
	xf_set("back", "feature-max-indirect-segments", "256");
	xf_set("back", "online", "1");
}

static void come_up(void)
{
	xf_state(XENBUS_INIT_WAIT);
	if (xf_number("front", "state") != XENBUS_INITIALISED)
		return;
	back.ring = xf_grant[xf_number("front", "ring-ref")];
	back.cons = back.rsp = 0;
	CHECK_STR(xf_get("front", "protocol"), "x86_64-abi");
	xf_state(XENBUS_CONNECTED);
}

static void go_away(enum xenbus_state state)
{
	back.ring = NULL;
	xf_state(state);
}

static int probe(void)
{
	int err;

	dev = NULL;
	back.ring = NULL;
	lie = HONEST;
	holds_back = false;
	requests = indirects = flushes = barriers = 0;
	discarded = 0;
	for (unsigned i = 0; i < sizeof(disk); i++)
		disk[i] = (uint8_t)(i * 7 + (i >> 9));
	err = xen_blkfront_probe(0, &dev);
	if (!err) {
		real_ops = dev->ops;
		served_ops = *real_ops;
		served_ops.poll = poll_served;
		dev->ops = &served_ops;
	}
	return err;
}

static void begin(void)
{
	xf_reset();
	offer_all();
	xf_followed = come_up;
	CHECK_EQ(probe(), 0);
}

static void end(void)
{
	struct blkfront *d = of(dev);

	disconnect(d);
	for (unsigned i = 0; i < RING; i++)
		CHECK(!d->slot[i].r);
	CHECK_EQ(d->pool.nfree, d->pool.npages);
	free_pools(d);
	kfree(d);
	CHECK_EQ(xf_grants(), 0);
}

/* --- tests ------------------------------------------------------------------------------------ */

static void test_figures(void)
{
	begin();
	CHECK_EQ(dev->nsectors, DISK_SECTORS);
	CHECK_EQ(dev->sector_bytes, 512);
	CHECK_EQ(dev->max_sectors, INDIRECT_SEGMENTS * SECTORS_PER_PAGE);
	CHECK(!dev->read_only && dev->has_cache && dev->max_discard);
	CHECK_STR(dev->node, "xvdb");
	CHECK_EQ(xf_number("front", "feature-persistent"), 1);
	CHECK_EQ(xf_number("front", "state"), XENBUS_CONNECTED);
	end();
	xf_reset();
	xf_set("front", "virtual-device", "268442112"); /* 1 << 28 | 26 << 8 */
	xf_set("back", "sectors", "80");
	xf_set("back", "sector-size", "4096");
	xf_set("back", "info", "4");
	CHECK_EQ(probe(), 0);
	CHECK_EQ(dev->nsectors, 10);
	CHECK_EQ(dev->max_sectors, DIRECT_SEGMENTS);
	CHECK(dev->read_only && !dev->has_cache && !dev->max_discard);
	CHECK_STR(dev->node, "xvdaa");
	CHECK_EQ(blk_transfer(dev, BLK_READ, 9, buffer, 1), 0);
	CHECK(memcmp(buffer, disk + 9 * 4096, 4096) == 0);
	CHECK_EQ(blk_transfer(dev, BLK_READ, 10, buffer, 1), -EINVAL);
	CHECK_EQ(blk_transfer(dev, BLK_WRITE, 0, buffer, 1), -EROFS);
	end();
}

static void test_names(void)
{
	static const char *const names[][2] = {
		{ "51712", "xvda" }, { "51952", "xvdp" }, { "768", "xvda" },  { "832", "xvdb" },
		{ "5632", "xvdc" },  { "5696", "xvdd" },  { "2064", "xvda" },
	};

	for (unsigned i = 0; i < ARRAY_SIZE(names); i++) {
		xf_reset();
		offer_all();
		xf_set("front", "virtual-device", names[i][0]);
		xf_followed = come_up;
		CHECK_EQ(probe(), 0);
		CHECK_STR(dev->node, names[i][1]);
		CHECK_EQ(xf_unplugged, XEN_UNPLUG_DISKS);
		end();
	}
}

/* What an HVM guest is not to use twice, or not at all by this driver. */
static void test_not_ours(void)
{
	xf_reset();
	offer_all();
	xf_followed = come_up;
	xf_set("front", "device-type", "cdrom");
	CHECK_EQ(probe(), -ENXIO);
	CHECK_EQ(xf_unplugged, 0);
	xf_set("front", "device-type", "disk");
	xf_unplug_error = -EPERM;
	CHECK_EQ(probe(), -EPERM);
	CHECK_EQ(xf_number("front", "state"), 0);
	CHECK_EQ(xf_grants(), 0);
	xf_unplug_error = 0;
	CHECK_EQ(probe(), 0);
	CHECK_EQ(xf_unplugged, XEN_UNPLUG_DISKS);
	end();
}

static void test_wrong_figures(void)
{
	static const char *const bad[][2] = { { "sectors", "0" },
					      { "sector-size", "513" },
					      { "sector-size", "8192" },
					      { "sector-size", "256" },
					      { "sectors", "99999999999999999999" } };

	for (unsigned i = 0; i < ARRAY_SIZE(bad); i++) {
		xf_reset();
		offer_all();
		xf_followed = come_up;
		xf_set("back", bad[i][0], bad[i][1]);
		int err = probe();

		CHECK(err == -ETIMEDOUT || (i == 2 && !err)); /* too large to be believed: 512 */
		if (!err)
			end();
		CHECK_EQ(xf_grants(), 0);
	}
	xf_reset();
	offer_all();
	xf_set("back", "sector-size", "4096"); /* and not one of them is whole */
	xf_set("back", "sectors", "7");
	CHECK_EQ(probe(), -ETIMEDOUT);
	xf_reset();
	CHECK_EQ(probe(), -ENOENT);
	xf_set("front", "virtual-device", "51712");
	xf_followed = NULL;
	CHECK_EQ(probe(), -ETIMEDOUT);
}

static void test_without_memory(void)
{
	FAKE_FAIL_EACH
	{
		xf_reset();
		offer_all();
		xf_followed = come_up;
		int err = probe();

		CHECK(err == 0 || err == -ENOMEM);
		if (!err) { /* one request at a time goes with what there is */
			CHECK_EQ(blk_transfer(dev, BLK_READ, 0, buffer, 2000), 0);
			end();
		}
	}
}

static void test_reads_and_writes(void)
{
	begin();
	memset(buffer, 0, sizeof(buffer));
	CHECK_EQ(blk_transfer(dev, BLK_READ, 3, buffer, 5), 0);
	CHECK_EQ(requests, 1);
	CHECK(memcmp(buffer, disk + 3 * 512, 5 * 512) == 0 && buffer[5 * 512] == 0);
	CHECK_EQ(blk_transfer(dev, BLK_READ, 0, buffer, DISK_SECTORS), 0);
	CHECK(memcmp(buffer, disk, sizeof(disk)) == 0);
	CHECK_EQ(indirects, DISK_SECTORS / dev->max_sectors);
	for (unsigned i = 0; i < sizeof(buffer); i++)
		buffer[i] = (uint8_t)(i * 13 + (i >> 9));
	CHECK_EQ(blk_transfer(dev, BLK_WRITE, 1, buffer + 512, DISK_SECTORS - 1), 0);
	CHECK(memcmp(buffer + 512, disk + 512, sizeof(disk) - 512) == 0);
	CHECK_EQ(disk[5], 35);
	for (uint32_t n = 1; n < 300; n++) { /* every way to fill the last page */
		CHECK_EQ(blk_transfer(dev, BLK_WRITE, n, buffer, n), 0);
		CHECK(memcmp(disk + n * 512, buffer, n * 512) == 0);
	}
	end();
}

static void test_segments(void)
{
	struct blk_request r = { .op = BLK_WRITE, .lba = 10, .nsect = 24, .nsegment = 3 };

	begin();
	memset(buffer, 1, 4096);
	memset(buffer + 8192, 2, 512);
	memset(buffer + 16384, 3, 7680);
	r.segment[0] = (struct blk_segment){ buffer, 4096 };
	r.segment[1] = (struct blk_segment){ buffer + 8192, 512 };
	r.segment[2] = (struct blk_segment){ buffer + 16384, 7680 };
	CHECK_EQ(blk_submit(dev, &r), 0);
	CHECK_EQ(blk_wait(dev, &r), 0);
	CHECK(disk[10 * 512] == 1 && disk[18 * 512 - 1] == 1 && disk[18 * 512] == 2);
	CHECK(disk[19 * 512] == 3 && disk[34 * 512 - 1] == 3);
	r.op = BLK_READ;
	memset(buffer, 0, 32768);
	CHECK_EQ(blk_submit(dev, &r), 0);
	CHECK_EQ(blk_wait(dev, &r), 0);
	CHECK(buffer[4095] == 1 && buffer[4096] == 0 && buffer[8192] == 2 && buffer[8704] == 0);
	CHECK(buffer[16384] == 3 && buffer[16384 + 7679] == 3 && buffer[16384 + 7680] == 0);
	end();
}

static void test_flush_and_discard(void)
{
	begin();
	CHECK_EQ(blk_flush(dev), 0);
	CHECK_EQ(flushes, 1);
	CHECK_EQ(blk_discard(dev, 100, 1000), 0);
	CHECK_EQ(discarded, 1000);
	lie = NO;
	CHECK_EQ(blk_flush(dev), -EIO);
	lie = UNSUPPORTED;
	CHECK_EQ(blk_flush(dev), -EOPNOTSUPP);
	CHECK_EQ(blk_discard(dev, 0, 1), -EOPNOTSUPP);
	end();
	xf_reset();
	offer_all();
	xf_set("back", "feature-flush-cache", "0");
	CHECK_EQ(probe(), 0);
	CHECK_EQ(blk_flush(dev), 0);
	CHECK_EQ(barriers, 1);
	end();
}

static void test_errors(void)
{
	begin();
	memset(buffer, 9, 4096);
	lie = NO;
	CHECK_EQ(blk_transfer(dev, BLK_READ, 0, buffer, 8), -EIO);
	CHECK_EQ(buffer[0], 9); /* nothing of what was not read */
	CHECK_EQ(blk_transfer(dev, BLK_WRITE, 0, buffer, 2000), -EIO);
	lie = HONEST;
	CHECK_EQ(blk_transfer(dev, BLK_READ, 0, buffer, 8), 0);
	end();
}

/* More than fits: the pool is as large as five requests. */
static void test_many_at_once(void)
{
	static struct blk_request r[RING];
	unsigned n = 0;

	begin();
	holds_back = true;
	for (; n < RING; n++) {
		r[n] = (struct blk_request){
			.op = BLK_READ, .lba = n * 256, .nsect = 256, .nsegment = 1
		};
		r[n].segment[0] = (struct blk_segment){ buffer + n * 131072, 131072 };
		r[n].status = BLK_PENDING;
		if (dev->ops->submit(dev, &r[n]))
			break;
	}
	CHECK_EQ(n, POOL_PAGES / REQUEST_PAGES);
	dev->ops->kick(dev);
	holds_back = false;
	for (unsigned i = 0; i < n; i++)
		CHECK_EQ(blk_wait(dev, &r[i]), 0);
	CHECK(memcmp(buffer, disk, n * 131072) == 0);
	holds_back = true;
	for (n = 0; n < RING; n++) {
		r[n] = (struct blk_request){ .op = BLK_FLUSH, .status = BLK_PENDING };
		CHECK_EQ(dev->ops->submit(dev, &r[n]), 0);
	}
	CHECK_EQ(dev->ops->submit(dev, &(struct blk_request){ .op = BLK_FLUSH }), -EBUSY);
	dev->ops->kick(dev);
	holds_back = false;
	for (unsigned i = 0; i < RING; i++)
		CHECK_EQ(blk_wait(dev, &r[i]), 0);
	end();
}

static void test_lies(void)
{
	static const enum lie lies[] = { BAD_ID, FREE_ID, TWICE, TOO_MANY };

	for (unsigned i = 0; i < ARRAY_SIZE(lies); i++) {
		begin();
		lie = lies[i];
		int err = blk_transfer(dev, BLK_READ, 0, buffer, 4);

		/* Out of service at the first lie, or just after the answer that it followed. */
		CHECK(err == -ENODEV || (lie == TWICE && err == 0));
		CHECK_EQ(blk_transfer(dev, BLK_READ, 0, buffer, 4), -ENODEV);
		lie = HONEST;
		go_away(XENBUS_CLOSED);
		come_up();
		CHECK_EQ(blk_transfer(dev, BLK_READ, 0, buffer, 4), 0);
		end();
	}
}

static void test_noise(void)
{
	uint32_t x = 99;

	for (int round = 0; round < 3000 && !check_failures; round++) {
		static struct blk_request r[4];

		begin();
		holds_back = true;
		for (unsigned i = 0; i < 4; i++) {
			r[i] = (struct blk_request){
				.op = BLK_READ, .nsect = 8, .nsegment = 1, .status = BLK_PENDING
			};
			r[i].segment[0] = (struct blk_segment){ buffer, 4096 };
			CHECK_EQ(dev->ops->submit(dev, &r[i]), 0);
		}
		dev->ops->kick(dev);
		for (unsigned i = 0; i < 448; i++) {
			x = x * 1664525 + 1013904223;
			back.ring->entries[i] = (uint8_t)(x >> 24) & (x >> 18 & 3 ? 3 : 0xff);
		}
		for (unsigned i = 0; i < 4 && x >> 9 & 1; i++)
			*(uint64_t *)place(i) = x >> (8 + i) & 7;
		back.ring->rsp_prod = x % 6;
		dev->ops->poll(dev);
		go_away(XENBUS_CLOSING); /* what is left waits; a good back end ends it */
		go_away(XENBUS_CLOSED);
		holds_back = false;
		come_up();
		for (unsigned i = 0; i < 4; i++)
			(void)!blk_wait(dev, &r[i]);
		end();
	}
}

/* --- a back end that goes --------------------------------------------------------------------- */

static void test_requests_in_flight_come_again(void)
{
	struct blk_request r[3] = {
		{ .op = BLK_WRITE, .lba = 100, .nsect = 200, .nsegment = 1 },
		{ .op = BLK_READ, .lba = 1000, .nsect = 8, .nsegment = 1 },
		{ .op = BLK_FLUSH },
	};

	begin();
	for (unsigned i = 0; i < 102400; i++)
		buffer[i] = (uint8_t)(i * 3);
	r[0].segment[0] = (struct blk_segment){ buffer, 102400 };
	r[1].segment[0] = (struct blk_segment){ buffer + 200000, 4096 };
	holds_back = true;
	for (unsigned i = 0; i < 3; i++)
		CHECK_EQ(blk_submit(dev, &r[i]), 0);
	go_away(XENBUS_CLOSING);
	CHECK_EQ(xf_number("front", "state"), XENBUS_CLOSED);
	go_away(XENBUS_CLOSED);
	CHECK_EQ(xf_number("front", "state"), XENBUS_INITIALISING);
	CHECK(!blk_done(dev, &r[0]));
	CHECK_EQ(dev->ops->submit(dev, &r[0]), -EBUSY);
	holds_back = false;
	come_up();
	for (unsigned i = 0; i < 3; i++)
		CHECK_EQ(blk_wait(dev, &r[i]), 0);
	CHECK_EQ(requests, 3);
	CHECK(memcmp(disk + 100 * 512, buffer, 102400) == 0);
	CHECK(memcmp(buffer + 200000, disk + 1000 * 512, 4096) == 0);
	for (int i = 0; i < 10; i++) {
		go_away(XENBUS_CLOSED);
		come_up();
		CHECK_EQ(blk_transfer(dev, BLK_READ, 0, buffer, 300), 0);
		CHECK(memcmp(buffer, disk, 300 * 512) == 0);
	}
	come_up(); /* at once, without a word */
	CHECK_EQ(blk_transfer(dev, BLK_READ, 0, buffer, 300), 0);
	end();
}

/* Another disk in its place is not used. */
static void test_other_disk(void)
{
	begin();
	go_away(XENBUS_CLOSED);
	xf_set("back", "sectors", "4096");
	come_up();
	CHECK_EQ(dev->nsectors, DISK_SECTORS);
	CHECK_EQ(xf_number("front", "state"), XENBUS_CLOSING);
	CHECK(!of(dev)->connected);
	xf_set("back", "sectors", "8192");
	go_away(XENBUS_CLOSED);
	come_up();
	CHECK_EQ(blk_transfer(dev, BLK_READ, 0, buffer, 1), 0);
	end();
}

int main(void)
{
	RUN(test_figures);
	RUN(test_names);
	RUN(test_not_ours);
	RUN(test_wrong_figures);
	RUN(test_without_memory);
	RUN(test_reads_and_writes);
	RUN(test_segments);
	RUN(test_flush_and_discard);
	RUN(test_errors);
	RUN(test_many_at_once);
	RUN(test_lies);
	RUN(test_noise);
	RUN(test_requests_in_flight_come_again);
	RUN(test_other_disk);
	return check_done();
}
