// SPDX-License-Identifier: BSD-2-Clause
/*
 * blk.c - <unik/blk.h>: the class of block devices, for programs.
 */
#include <errno.h>
#include <string.h>
#include <unik/_blk.h>
#include "arch/mmu.h"
#include "drivers/blk.h"
#include "lib/libc/result.h"

/* A program's request has ours inside of it. */
_Static_assert(sizeof(((struct unik_blk_request *)0)->__private) >= sizeof(struct blk_request),
	       "the header has too little room");

static struct blk *class_of(struct unik_blk *b)
{
	return (struct blk *)b;
}

static struct blk_request *request_of(struct unik_blk_request *r)
{
	return (struct blk_request *)r->__private;
}

UNIK_API struct unik_blk *unik_blk_at(unsigned i)
{
	struct blk *b = blk_probe(i);

	if (!b)
		errno = ENODEV;
	return (struct unik_blk *)b;
}

UNIK_API struct unik_blk *unik_blk_find(const char *name)
{
	struct unik_blk *b = NULL;

	if (strncmp(name, "/dev/", 5) == 0)
		name += 5;
	for (unsigned i = 0; (b = unik_blk_at(i)) != NULL; i++)
		if (strcmp(class_of(b)->node, name) == 0)
			break;
	return b;
}

UNIK_API void unik_blk_get_info(const struct unik_blk *dev, struct unik_blk_info *out)
{
	const struct blk *b = (const struct blk *)dev;

	*out = (struct unik_blk_info){
		.nsectors = b->nsectors,
		.sector_bytes = b->sector_bytes,
		.max_sectors = b->max_sectors,
		.max_discard = b->max_discard,
		.read_only = b->read_only,
		.has_cache = b->has_cache,
	};
	memcpy(out->name, b->node, sizeof(out->name));
}

/* A device reaches what lies in the direct map, and there a block of a heap is contiguous. */
static int check_data(const struct blk *b, const void *data, uint32_t nsect)
{
	const char *end = (const char *)data + (uint64_t)nsect * b->sector_bytes;

	return mmu_is_direct(data) && mmu_is_direct(end) ? 0 : -EFAULT;
}

/* One buffer, in as many segments as it takes. */
static void cut_segments(const struct blk *b, struct blk_request *r, char *data)
{
	uint32_t left = r->nsect * b->sector_bytes;

	for (r->nsegment = 0; left; r->nsegment++) {
		uint32_t len = MIN(left, b->max_seg_bytes);

		r->segment[r->nsegment] = (struct blk_segment){ data, len };
		data += len;
		left -= len;
	}
}

static int submit(struct blk *b, struct unik_blk_request *r)
{
	struct blk_request *q = request_of(r);
	int err = 0;

	if (r->op > UNIK_BLK_DISCARD)
		return -EINVAL;
	*q = (struct blk_request){ .op = (enum blk_op)r->op, .lba = r->lba, .nsect = r->nsect };
	if (r->op == UNIK_BLK_FLUSH && !b->has_cache)
		return 0; /* complete as it is */
	if (r->op == UNIK_BLK_READ || r->op == UNIK_BLK_WRITE) {
		if (r->nsect > b->max_sectors)
			return -EINVAL;
		err = check_data(b, r->data, r->nsect);
		if (!err)
			cut_segments(b, q, r->data);
	}
	return err ? err : blk_submit(b, q);
}

UNIK_API int unik_blk_submit(struct unik_blk *b, struct unik_blk_request *r)
{
	return (int)posix_result(submit(class_of(b), r));
}

UNIK_API bool unik_blk_done(struct unik_blk *b, struct unik_blk_request *r)
{
	return READ_ONCE(request_of(r)->status) != BLK_PENDING ||
	       blk_done(class_of(b), request_of(r));
}

UNIK_API int unik_blk_wait(struct unik_blk *b, struct unik_blk_request *r)
{
	return (int)posix_result(blk_wait(class_of(b), request_of(r)));
}

static int transfer(struct unik_blk *b, enum blk_op op, uint64_t lba, void *data, uint32_t nsect)
{
	int err = check_data(class_of(b), data, nsect);

	return (int)posix_result(err ? err : blk_transfer(class_of(b), op, lba, data, nsect));
}

UNIK_API int unik_blk_read(struct unik_blk *b, uint64_t lba, void *data, uint32_t nsect)
{
	return transfer(b, BLK_READ, lba, data, nsect);
}

UNIK_API int unik_blk_write(struct unik_blk *b, uint64_t lba, const void *data, uint32_t nsect)
{
	return transfer(b, BLK_WRITE, lba, (void *)data, nsect);
}

UNIK_API int unik_blk_flush(struct unik_blk *b)
{
	return (int)posix_result(blk_flush(class_of(b)));
}

UNIK_API int unik_blk_discard(struct unik_blk *b, uint64_t lba, uint64_t nsect)
{
	return (int)posix_result(blk_discard(class_of(b), lba, nsect));
}
