// SPDX-License-Identifier: BSD-2-Clause
/*
 * disk.c - virtio-blk (virtio 1.2, 5.2) with a write cache. A power cut loses any part of what has
 * not been flushed, sector by sector, and of the writes that were under way.
 */
#include "tests/sim/devices.h"
#include <string.h>

#define SECTOR       512
#define SECTORS      256
#define HEADER_BYTES 16
#define TYPE_IN      0
#define TYPE_OUT     1
#define TYPE_FLUSH   4
#define DONE_OK      0
#define DONE_ERROR   1
#define DONE_UNKNOWN 2
#define WORK_NS      (50 * NS_PER_US)

static uint8_t medium[SECTORS][SECTOR], cache[SECTORS][SECTOR];
static bool dirty[SECTORS];

struct request {
	int64_t at; /* done; HOST_NEVER: no request */
	uint64_t order;
	struct chain chain;
	uint32_t type;
	uint64_t sector;
	size_t bytes;
	bool flushes[SECTORS]; /* what was in the cache when a flush came */
};

static struct request requests[QUEUE_MAX];
static unsigned pending;
static uint64_t order;

void disk_start(struct instance *i)
{
	i->has_disk = true;
	disk_stopped();
}

void disk_stopped(void)
{
	for (unsigned n = 0; n < QUEUE_MAX; n++)
		requests[n].at = HOST_NEVER;
	pending = 0;
}

void disk_config(uint8_t *config)
{
	config[0] = SECTORS & 0xff;
	config[1] = SECTORS >> 8;
	config[12] = 8; /* segments */
}

/* --- what a request does -------------------------------------------------------------------- */

/* Of the data: it lies behind the header or before the status. */
static bool within(const struct request *r)
{
	return r->bytes % SECTOR == 0 && r->sector < SECTORS &&
	       r->bytes / SECTOR <= SECTORS - r->sector;
}

/* All of them, or those that a cut leaves. */
static void write_sectors(const struct request *r, bool cut)
{
	static uint8_t data[SECTORS * SECTOR]; /* stacks are the images' own */
	size_t n = gather(&r->chain, HEADER_BYTES, data, r->bytes) / SECTOR;

	for (size_t k = 0; k < n; k++) {
		if (cut && choose(2))
			continue;
		memcpy(cache[r->sector + k], data + k * SECTOR, SECTOR);
		dirty[r->sector + k] = true;
	}
}

static uint8_t perform(const struct request *r)
{
	if (r->type != TYPE_FLUSH && !within(r))
		return DONE_ERROR;
	if (happens(FAULT_DISK_ERROR)) {
		if (r->type == TYPE_OUT)
			write_sectors(r, true);
		return DONE_ERROR;
	}
	switch (r->type) {
	case TYPE_IN:
		scatter(&r->chain, cache[r->sector], r->bytes);
		return DONE_OK;
	case TYPE_OUT:
		write_sectors(r, false);
		return DONE_OK;
	case TYPE_FLUSH:
		for (unsigned n = 0; n < SECTORS; n++)
			if (r->flushes[n]) {
				memcpy(medium[n], cache[n], SECTOR);
				dirty[n] = false;
			}
		return DONE_OK;
	default:
		return DONE_UNKNOWN;
	}
}

void disk_power_cut(void)
{
	bool any = false;

	for (unsigned n = 0; n < QUEUE_MAX; n++)
		if (requests[n].at != HOST_NEVER && requests[n].type == TYPE_OUT &&
		    within(&requests[n]))
			write_sectors(&requests[n], true);
	for (unsigned n = 0; n < SECTORS; n++) {
		any |= dirty[n];
		if (dirty[n] && choose(2))
			memcpy(medium[n], cache[n], SECTOR);
		else if (dirty[n])
			count(FAULT_CUT_SECTOR);
		dirty[n] = false;
		memcpy(cache[n], medium[n], SECTOR);
	}
	if (any)
		count(FAULT_CUT);
}

/* --- the queue ------------------------------------------------------------------------------ */

static size_t data_bytes(const struct request *r)
{
	size_t n = 0;

	for (unsigned k = 0; k < r->chain.nparts; k++)
		n += r->chain.part[k].len;
	return n < HEADER_BYTES + 1 ? 0 : n - HEADER_BYTES - 1;
}

static void accept(struct request *r)
{
	uint8_t header[HEADER_BYTES] = { 0 };
	const struct part *last = &r->chain.part[r->chain.nparts - 1];

	if (gather(&r->chain, 0, header, HEADER_BYTES) != HEADER_BYTES || !last->in ||
	    last->len != 1)
		violation("a disk request without header or status");
	memcpy(&r->type, header, 4);
	memcpy(&r->sector, header + 8, 8);
	r->bytes = data_bytes(r);
	r->at = world.now + WORK_NS + (int64_t)choose(200) * NS_PER_US;
	if (happens(FAULT_DISK_SLOW))
		r->at += (int64_t)choose(5000) * NS_PER_MS;
	r->order = order++;
	memcpy(r->flushes, dirty, sizeof(dirty));
	trace("disk type %u sector %llu %zu", r->type, (unsigned long long)r->sector, r->bytes);
}

void disk_notified(struct device *d)
{
	struct chain c;

	while (device_take(d, 0, &c)) {
		struct request *r = &requests[c.head];

		pending++;
		r->chain = c;
		accept(r);
	}
}

static struct request *first(void)
{
	struct request *found = &requests[0];

	for (struct request *r = requests; r < requests + QUEUE_MAX; r++)
		if (r->at < found->at || (r->at == found->at && r->order < found->order))
			found = r;
	return found;
}

int64_t disk_next(void)
{
	return pending ? first()->at : HOST_NEVER;
}

void disk_work(struct device *d)
{
	struct request *r;

	while (pending && (r = first())->at <= world.now) {
		uint8_t status = perform(r);

		*r->chain.part[r->chain.nparts - 1].data = status;
		r->at = HOST_NEVER;
		pending--;
		device_give(d, 0, &r->chain,
			    1 + (uint32_t)(r->type == TYPE_IN && status == DONE_OK ? r->bytes : 0));
	}
}
