// SPDX-License-Identifier: BSD-2-Clause
/*
 * disk.c - a file of the host as a disk. The host does each request before it returns, so a
 * request is complete when it has been submitted.
 */
#include <errno.h>
#include "drivers/blk.h"
#include "drivers/host/host.h"

#define SECTOR_BYTES  512
#define SEGMENT_BYTES (1u << 20)

struct host_disk {
	struct blk blk;
	unsigned n;
	unsigned done; /* requests since the last poll, under blk.lock */
};

static struct host_disk disks[HOST_DISKS];

static int transfer(struct host_disk *d, const struct blk_request *r)
{
	uint64_t offset = r->lba * SECTOR_BYTES;
	int ret = 0;

	for (unsigned i = 0; ret == 0 && i < r->nsegment; i++) {
		ret = HOST_CALL(disk_transfer, d->n, r->op == BLK_WRITE, offset, r->segment[i].data,
				r->segment[i].len);
		offset += r->segment[i].len;
	}
	return ret;
}

static int disk_submit(struct blk *b, struct blk_request *r)
{
	struct host_disk *d = container_of(b, struct host_disk, blk);
	unsigned long s = cpu_irq_save();
	int ret = r->op == BLK_FLUSH ? HOST_CALL(disk_flush, d->n) : transfer(d, r);

	cpu_irq_restore(s);
	r->status = ret ? -EIO : 0;
	d->done++;
	return 0;
}

static void disk_kick(struct blk *b UNIK_UNUSED)
{
}

static unsigned disk_poll(struct blk *b)
{
	struct host_disk *d = container_of(b, struct host_disk, blk);
	unsigned n = d->done;

	d->done = 0;
	return n;
}

static bool disk_irq_enable(struct blk *b UNIK_UNUSED)
{
	return false;
}

static const struct blk_ops disk_ops = {
	.submit = disk_submit,
	.kick = disk_kick,
	.poll = disk_poll,
	.irq_enable = disk_irq_enable,
};

int host_disk_probe(unsigned n, struct blk **out)
{
	struct host_disk_info info;
	struct host_disk *d;
	unsigned long s;
	bool found;

	if (n >= HOST_DISKS)
		return -ENODEV;
	s = cpu_irq_save();
	found = HOST_CALL(disk_open, n, &info);
	cpu_irq_restore(s);
	if (!found)
		return -ENODEV;
	d = &disks[n];
	d->n = n;
	blk_init(&d->blk, "host-disk", &disk_ops);
	blk_name_node(&d->blk, "vd", n);
	d->blk.nsectors = info.nsectors;
	d->blk.sector_bytes = SECTOR_BYTES;
	d->blk.max_sectors = SEGMENT_BYTES / SECTOR_BYTES;
	d->blk.max_segments = BLK_SEGMENTS;
	d->blk.max_seg_bytes = SEGMENT_BYTES;
	d->blk.read_only = info.read_only;
	d->blk.has_cache = true;
	*out = &d->blk;
	return 0;
}
