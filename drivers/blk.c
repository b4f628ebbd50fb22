// SPDX-License-Identifier: BSD-2-Clause
/*
 * blk.c - what all block devices have in common: checks, waiting, long transfers.
 */
#include "drivers/blk.h"
#include <errno.h>
#include "kernel/log.h"

#define IN_FLIGHT 4               /* requests of one transfer at a time */
#define SLOW_NS   (30 * NS_PER_S) /* after which the log says that we still wait */

void blk_init(struct blk *b, const char *name, const struct blk_ops *ops)
{
	b->name = name;
	b->ops = ops;
	mutex_init(&b->lock);
	wait_queue_init(&b->wait);
}

void blk_name_node(struct blk *b, const char *prefix, unsigned n)
{
	size_t at = 0;

	while (*prefix && at < sizeof(b->node) - 3)
		b->node[at++] = *prefix++;
	if (n >= 26)
		b->node[at++] = (char)('a' + (n / 26 - 1) % 26);
	b->node[at++] = (char)('a' + n % 26);
	b->node[at] = '\0';
}

static bool in_range(const struct blk *b, uint64_t lba, uint64_t nsect)
{
	return nsect <= b->nsectors && lba <= b->nsectors - nsect;
}

static int check_segments(const struct blk *b, const struct blk_request *r)
{
	uint64_t bytes = 0;

	if (r->nsegment == 0 || r->nsegment > b->max_segments)
		return -EINVAL;
	for (unsigned i = 0; i < r->nsegment; i++) {
		if (r->segment[i].len == 0 || r->segment[i].len > b->max_seg_bytes)
			return -EINVAL;
		bytes += r->segment[i].len;
	}
	return bytes == (uint64_t)r->nsect * b->sector_bytes ? 0 : -EINVAL;
}

static int check(const struct blk *b, const struct blk_request *r)
{
	if (r->op == BLK_FLUSH)
		return 0;
	if (r->nsect == 0 || !in_range(b, r->lba, r->nsect))
		return -EINVAL;
	if (r->op != BLK_READ && b->read_only)
		return -EROFS;
	if (r->op == BLK_DISCARD) {
		if (!b->max_discard)
			return -EOPNOTSUPP;
		return r->nsect <= b->max_discard ? 0 : -EINVAL;
	}
	return r->nsect <= b->max_sectors ? check_segments(b, r) : -EINVAL;
}

/* Under b->lock. Other threads' requests may be among those that are complete. */
static void poll(struct blk *b)
{
	unsigned n = 0;

	do
		n += b->ops->poll(b);
	while (b->ops->irq_enable(b));
	if (n)
		wait_queue_wake_all(&b->wait);
}

static bool try_submit(struct blk *b, struct blk_request *r, int *ret)
{
	mutex_lock(&b->lock);
	*ret = b->ops->submit(b, r);
	if (*ret == -EBUSY) {
		poll(b);
		*ret = b->ops->submit(b, r);
	}
	b->ops->kick(b);
	mutex_unlock(&b->lock);
	return *ret != -EBUSY;
}

int blk_submit(struct blk *b, struct blk_request *r)
{
	int ret = check(b, r);

	if (ret)
		return ret;
	r->status = BLK_PENDING;
	wait_event(&b->wait, try_submit(b, r, &ret));
	return ret;
}

bool blk_done(struct blk *b, struct blk_request *r)
{
	mutex_lock(&b->lock);
	if (r->status == BLK_PENDING)
		poll(b);
	mutex_unlock(&b->lock);
	return READ_ONCE(r->status) != BLK_PENDING;
}

/* A disk may be slow for any length of time, and its request cannot be taken back. */
int blk_wait(struct blk *b, struct blk_request *r)
{
	if (wait_event_until(&b->wait, blk_done(b, r), time_deadline(SLOW_NS))) {
		log_warn("%s: no answer for %u s, still waiting", b->name,
			 (unsigned)(SLOW_NS / NS_PER_S));
		wait_event(&b->wait, blk_done(b, r));
	}
	return r->status;
}

/* The next piece of a transfer, from *lba on. */
static void cut(const struct blk *b, struct blk_request *r, enum blk_op op, uint64_t *lba,
		char **data, uint32_t *nsect)
{
	uint32_t most = b->max_seg_bytes / b->sector_bytes, left;

	r->op = op;
	r->lba = *lba;
	r->nsegment = r->nsect = 0;
	left = MIN(*nsect, b->max_sectors);
	while (left && r->nsegment < b->max_segments) {
		uint32_t here = MIN(left, most);

		r->segment[r->nsegment++] = (struct blk_segment){ *data, here * b->sector_bytes };
		*data += (size_t)here * b->sector_bytes;
		r->nsect += here;
		left -= here;
	}
	*lba += r->nsect;
	*nsect -= r->nsect;
}

int blk_transfer(struct blk *b, enum blk_op op, uint64_t lba, void *data, uint32_t nsect)
{
	struct blk_request r[IN_FLIGHT];
	char *at = data;
	int ret = 0, err;

	if (!in_range(b, lba, nsect))
		return -EINVAL;
	while (nsect && !ret) {
		unsigned n = 0;

		while (nsect && n < IN_FLIGHT && !ret) {
			cut(b, &r[n], op, &lba, &at, &nsect);
			ret = blk_submit(b, &r[n]);
			n += !ret;
		}
		for (unsigned i = 0; i < n; i++) {
			err = blk_wait(b, &r[i]);
			ret = ret ? ret : err;
		}
	}
	return ret;
}

static int submit_and_wait(struct blk *b, struct blk_request *r)
{
	int ret = blk_submit(b, r);

	return ret ? ret : blk_wait(b, r);
}

int blk_flush(struct blk *b)
{
	struct blk_request r = { .op = BLK_FLUSH };

	return b->has_cache ? submit_and_wait(b, &r) : 0;
}

int blk_discard(struct blk *b, uint64_t lba, uint64_t nsect)
{
	struct blk_request r = { .op = BLK_DISCARD, .lba = lba };
	int ret = 0;

	if (!in_range(b, lba, nsect))
		return -EINVAL;
	if (!b->max_discard)
		return -EOPNOTSUPP;
	for (; nsect && !ret; nsect -= r.nsect, r.lba += r.nsect) {
		r.nsect = (uint32_t)MIN(nsect, (uint64_t)b->max_discard);
		ret = submit_and_wait(b, &r);
	}
	return ret;
}
