// SPDX-License-Identifier: BSD-2-Clause
/*
 * blk.h - the class of block devices: sectors in, sectors out, several requests in flight.
 *
 * A request is queued by blk_submit() and waited for by blk_wait(); the device completes requests
 * in any order. blk_transfer() does both for a run of sectors of any length. Data lies in the
 * direct map (heap, pages); a device may write to the buffers of a read until its request is
 * complete, so they must not be freed before.
 *
 * What is written is safe from a power cut only after a blk_flush() that came after the write's
 * completion has returned 0.
 *
 * Threading: any thread, no lock held that a driver takes. A device is under its own mutex; its
 * interrupt wakes `wait` and no more. Errors: -EIO the device said no, -ENODEV it is out of
 * service, -EINVAL range, -EROFS, -EOPNOTSUPP.
 */
#pragma once
#include "kernel/mutex.h"

#define BLK_PENDING  1
#define BLK_SEGMENTS 16 /* the most a request may have, whatever the device */

enum blk_op { BLK_READ, BLK_WRITE, BLK_FLUSH, BLK_DISCARD };

struct blk_segment {
	void *data;   /* in the direct map, physically contiguous */
	uint32_t len; /* bytes, a multiple of the sector */
};

struct blk_request {
	enum blk_op op;
	uint64_t lba;   /* first sector           [sectors] */
	uint32_t nsect; /* the segments' sum; of a discard, what goes; of a flush 0 [sectors] */
	struct blk_segment segment[BLK_SEGMENTS];
	unsigned nsegment;
	int status; /* BLK_PENDING, then 0 or -errno; written under the device's lock */
};

struct blk;

struct blk_ops {
	/* submit() - take a request that blk_submit() has checked. 0; -EBUSY no room now (nothing
	 * kept); -ENODEV. The device sees nothing of it before kick(). */
	int (*submit)(struct blk *b, struct blk_request *r);
	void (*kick)(struct blk *b);
	/* poll() - set the status of what is complete. Returns how many were. */
	unsigned (*poll)(struct blk *b);
	/* irq_enable() - wake `wait` at the next completion; true: there is one already. */
	bool (*irq_enable)(struct blk *b);
};

struct blk {
	const struct blk_ops *ops;
	const char *name;       /* "virtio-blk", for the log */
	char node[8];           /* "vda": what programs call it; the driver's */
	uint64_t nsectors;      /* capacity                  [sectors] */
	uint32_t sector_bytes;  /* a power of two, 512..4096 */
	uint32_t max_sectors;   /* of one request, >= 1 */
	uint32_t max_segments;  /* of one request, 1..BLK_SEGMENTS */
	uint32_t max_discard;   /* of one discard; 0: cannot [sectors] */
	uint32_t max_seg_bytes; /* of one segment, at least a page */
	bool read_only;
	bool has_cache; /* writes need a flush to be safe */
	struct mutex lock;
	struct wait_queue wait; /* completions, and room */
};

/* blk_probe() - the n-th block device of the machine, NULL when there are no more. Goes through
 * drivers/blk_table.c. Context: thread. */
struct blk *blk_probe(unsigned n);

/*
 * blk_submit() - queue a request; sleeps while the device has no room.
 *
 * r   stays the device's until blk_wait() has returned
 *
 * Returns 0 (then blk_wait() for it), -EINVAL, -EROFS, -EOPNOTSUPP, -ENODEV.
 */
int blk_submit(struct blk *b, struct blk_request *r) UNIK_MUST_CHECK;

/* blk_done() - is r complete? Then blk_wait() returns at once. Does not sleep but for b->lock. */
bool blk_done(struct blk *b, struct blk_request *r);

/* blk_wait() - sleep until r is complete. Returns its status. */
int blk_wait(struct blk *b, struct blk_request *r) UNIK_MUST_CHECK;

/*
 * blk_transfer() - read or write a run of sectors, in as few requests as the device allows.
 *
 * op     BLK_READ or BLK_WRITE
 * lba    first sector                        [sectors]
 * data   nsect * sector_bytes bytes, in the direct map, contiguous
 *
 * Returns 0; -EINVAL outside of the device; -EROFS, -EIO, -ENODEV: any part may have been done.
 */
int blk_transfer(struct blk *b, enum blk_op op, uint64_t lba, void *data,
		 uint32_t nsect) UNIK_MUST_CHECK;

/* blk_flush() - what was written is on the medium. 0, also where there is no cache; -EIO… */
int blk_flush(struct blk *b) UNIK_MUST_CHECK;

/* blk_discard() - the sectors' contents are not needed any more. -EOPNOTSUPP where it cannot. */
int blk_discard(struct blk *b, uint64_t lba, uint64_t nsect) UNIK_MUST_CHECK;

/* blk_init() - for drivers: the parts of *b that are the class's. */
void blk_init(struct blk *b, const char *name, const struct blk_ops *ops);

/* blk_name_node() - for drivers: b->node is `prefix` and letters for n: a..z, aa..zz. */
void blk_name_node(struct blk *b, const char *prefix, unsigned n);
