// SPDX-License-Identifier: BSD-2-Clause
/*
 * virtio_blk.c - the virtio block device (virtio 1.2, 5.2): one queue.
 *
 * A request is a chain: header, data, one byte of status (5.2.6). Header and status lie in a pool
 * with a place for each descriptor, so that they are the device's as long as the chain is.
 *
 * Locking: all under blk.lock; the interrupt only wakes blk.wait.
 */
#include <errno.h>
#include "arch/mmu.h"
#include "drivers/virtio/virtio.h"
#include "drivers/virtio/virtio_blk.h"
#include "kernel/heap.h"
#include "kernel/log.h"

/* Features (5.2.3). */
#define BLK_F_SIZE_MAX (1ull << 1)
#define BLK_F_SEG_MAX  (1ull << 2)
#define BLK_F_RO       (1ull << 5)
#define BLK_F_BLK_SIZE (1ull << 6)
#define BLK_F_FLUSH    (1ull << 9)
#define BLK_F_DISCARD  (1ull << 13)
#define BLK_F_WANTED                                                                \
	(BLK_F_SIZE_MAX | BLK_F_SEG_MAX | BLK_F_RO | BLK_F_BLK_SIZE | BLK_F_FLUSH | \
	 BLK_F_DISCARD | VIRTIO_F_EVENT_IDX)

/* Configuration (5.2.4). */
#define CONFIG_CAPACITY    0
#define CONFIG_SIZE_MAX    8
#define CONFIG_SEG_MAX     12
#define CONFIG_BLK_SIZE    20
#define CONFIG_MAX_DISCARD 36

/* Requests (5.2.6). */
#define TYPE_IN      0u
#define TYPE_OUT     1u
#define TYPE_FLUSH   4u
#define TYPE_DISCARD 11u
#define STATUS_OK    0
#define STATUS_UNSUP 2
#define STATUS_NONE  0xff /* no device says that */

#define PROTOCOL_SECTOR  512u /* whatever the device's block size */
#define RING             128
#define RING_MIN         4 /* header, data, status, and one more */
#define SEGMENT_BYTES    (256u << 10)
#define REQUEST_BYTES    (1u << 20)
#define DISCARD_SECT_MAX (1u << 22)

struct header {
	uint32_t type, reserved;
	uint64_t sector;
};

struct discard {
	uint64_t sector;
	uint32_t nsect, flags;
};

/* One for each descriptor, used by the chain that starts there. */
struct place {
	struct header header;
	struct discard discard;
	uint8_t status;
};

struct virtio_blk {
	struct virtio_dev virtio;
	struct blk blk;
	struct vring queue;
	struct place *place;
	unsigned shift; /* from our sectors to the protocol's */
};

static struct virtio_blk *blk_of(struct blk *b)
{
	return container_of(b, struct virtio_blk, blk);
}

/* Interrupt context. */
static void blk_on_queue(struct virtio_dev *v)
{
	struct virtio_blk *d = container_of(v, struct virtio_blk, virtio);

	wait_queue_wake_all(&d->blk.wait);
}

static size_t place_pages(unsigned ring)
{
	return ALIGN_UP(ring * sizeof(struct place), PAGE_SIZE) / PAGE_SIZE;
}

static void put(struct vring_chain *c, const void *data, uint32_t len, unsigned flags)
{
	vring_put(c, mmu_dma_addr_fast(data), len, flags);
}

static void fill_place(const struct virtio_blk *d, struct place *p, const struct blk_request *r)
{
	static const uint8_t type[] = { [BLK_READ] = TYPE_IN,
					[BLK_WRITE] = TYPE_OUT,
					[BLK_FLUSH] = TYPE_FLUSH,
					[BLK_DISCARD] = TYPE_DISCARD };
	bool has_sector = r->op == BLK_READ || r->op == BLK_WRITE;

	p->header = (struct header){ type[r->op], 0, has_sector ? r->lba << d->shift : 0 };
	p->discard = (struct discard){ r->lba << d->shift, r->nsect << d->shift, 0 };
	p->status = STATUS_NONE;
}

static int blk_op_submit(struct blk *b, struct blk_request *r)
{
	struct virtio_blk *d = blk_of(b);
	struct vring *q = &d->queue;
	bool discard = r->op == BLK_DISCARD, in = r->op == BLK_READ;
	unsigned ndesc = r->nsegment + discard + 2;

	if (d->virtio.failed)
		return -ENODEV;
	if (ndesc > q->nfree)
		return -EBUSY;
	struct vring_chain c = vring_begin(q);
	struct place *p = &d->place[c.next];

	fill_place(d, p, r);
	put(&c, &p->header, sizeof(p->header), 0);
	if (discard)
		put(&c, &p->discard, sizeof(p->discard), 0);
	for (unsigned i = 0; i < r->nsegment; i++)
		put(&c, r->segment[i].data, r->segment[i].len, in ? VRING_DESC_WRITE : 0);
	put(&c, &p->status, 1, VRING_DESC_WRITE);
	vring_post(q, &c, ndesc, (in ? r->nsect * b->sector_bytes : 0) + 1, r);
	return 0;
}

static void blk_op_kick(struct blk *b)
{
	vring_kick(&blk_of(b)->queue);
}

static int status_errno(const struct virtio_blk *d, unsigned id, const struct blk_request *r,
			uint32_t written)
{
	uint8_t status = READ_ONCE(d->place[id].status);

	if (status == STATUS_UNSUP)
		return -EOPNOTSUPP;
	/* Some devices leave the status byte out of what they say they wrote. */
	if (r->op == BLK_READ && written < r->nsect * d->blk.sector_bytes)
		return -EIO;
	return status == STATUS_OK ? 0 : -EIO;
}

/* Out of service: nothing that is in flight will be completed. A device that does not come out
 * of reset may still write to its buffers, which is why their owners must wait on. */
static UNIK_COLD unsigned fail_all(struct virtio_blk *d)
{
	unsigned n = 0;

	if (!virtio_stop(&d->virtio)) {
		log_err("%s: does not reset; its requests stay open", d->blk.name);
		return 0;
	}
	for (unsigned i = 0; i < d->queue.size; i++) {
		if (!vring_detach(&d->queue, i))
			continue;
		((struct blk_request *)d->queue.slot[i].cookie)->status = -ENODEV;
		n++;
	}
	d->queue.nfree = 0;
	return n;
}

static unsigned blk_op_poll(struct blk *b)
{
	struct virtio_blk *d = blk_of(b);
	unsigned n = 0;
	uint32_t written;
	int id;

	while ((id = vring_take(&d->queue, &written)) >= 0) {
		struct blk_request *r = d->queue.slot[id].cookie;

		WRITE_ONCE(r->status, status_errno(d, (unsigned)id, r, written));
		n++;
	}
	if (unlikely(d->virtio.failed && d->virtio.nirq))
		n += fail_all(d);
	return n;
}

static bool blk_op_irq_enable(struct blk *b)
{
	return vring_irq_enable(&blk_of(b)->queue, 0);
}

static const struct blk_ops ops = {
	.submit = blk_op_submit,
	.kick = blk_op_kick,
	.poll = blk_op_poll,
	.irq_enable = blk_op_irq_enable,
};

/* --- set-up -------------------------------------------------------------------------------- */

static int read32(struct virtio_blk *d, uint64_t feature, unsigned offset, uint32_t otherwise,
		  uint32_t *out)
{
	*out = otherwise;
	if (!(d->virtio.features & feature))
		return 0;
	return virtio_config_read(&d->virtio, offset, 4, 1, out);
}

static UNIK_COLD int read_config(struct virtio_blk *d)
{
	struct blk *b = &d->blk;
	uint32_t capacity[2], seg_max, discard;
	int ret = virtio_config_read(&d->virtio, CONFIG_CAPACITY, 4, 2, capacity);

	if (ret == 0)
		ret = read32(d, BLK_F_BLK_SIZE, CONFIG_BLK_SIZE, PROTOCOL_SECTOR, &b->sector_bytes);
	if (ret == 0)
		ret = read32(d, BLK_F_SIZE_MAX, CONFIG_SIZE_MAX, SEGMENT_BYTES, &b->max_seg_bytes);
	if (ret == 0)
		ret = read32(d, BLK_F_SEG_MAX, CONFIG_SEG_MAX, 1, &seg_max);
	if (ret == 0)
		ret = read32(d, BLK_F_DISCARD, CONFIG_MAX_DISCARD, 0, &discard);
	if (ret)
		return ret;
	if (!IS_POW2(b->sector_bytes) || b->sector_bytes < PROTOCOL_SECTOR ||
	    b->sector_bytes > PAGE_SIZE || b->max_seg_bytes < PAGE_SIZE)
		return -EIO;
	d->shift = (unsigned)__builtin_ctz(b->sector_bytes / PROTOCOL_SECTOR);
	b->nsectors = (capacity[0] | (uint64_t)capacity[1] << 32) >> d->shift;
	b->max_seg_bytes = ALIGN_DOWN(MIN(b->max_seg_bytes, SEGMENT_BYTES), PAGE_SIZE);
	b->max_segments = MIN(MAX(seg_max, 1u), (uint32_t)BLK_SEGMENTS);
	b->max_discard = MIN(discard, DISCARD_SECT_MAX) >> d->shift;
	b->read_only = d->virtio.features & BLK_F_RO;
	b->has_cache = d->virtio.features & BLK_F_FLUSH;
	return 0;
}

static UNIK_COLD int make_queue(struct virtio_blk *d)
{
	int ret = virtio_queue_init(&d->virtio, &d->queue, 0, RING);

	if (ret)
		return ret;
	if (d->queue.size < RING_MIN)
		return -EIO;
	d->place = page_alloc_exact(place_pages(d->queue.size));
	if (!d->place)
		return -ENOMEM;
	/* The whole of a request fits, so that one that is alone is never busy. */
	d->blk.max_segments = MIN(d->blk.max_segments, d->queue.size - 3u);
	d->blk.max_sectors = MIN(REQUEST_BYTES, d->blk.max_segments * d->blk.max_seg_bytes) /
			     d->blk.sector_bytes;
	return 0;
}

static UNIK_COLD void free_queue(struct virtio_blk *d)
{
	if (d->place)
		page_free_exact(d->place, place_pages(d->queue.size));
	vring_free(&d->queue);
}

static UNIK_COLD int setup(struct virtio_blk *d)
{
	struct virtio_dev *v = &d->virtio;
	int ret = virtio_begin(v);

	if (ret == 0)
		ret = virtio_accept(v, BLK_F_WANTED);
	if (ret == 0)
		ret = read_config(d);
	if (ret == 0)
		ret = virtio_irq_connect(v);
	if (ret == 0)
		ret = make_queue(d);
	if (ret == 0)
		virtio_start(v);
	else if (virtio_stop(v))
		free_queue(d);
	return ret;
}

UNIK_COLD int virtio_blk_probe(unsigned n, struct blk **out)
{
	struct virtio_blk *d = kzalloc(sizeof(*d));

	if (!d)
		return -ENOMEM;
	blk_init(&d->blk, "virtio-blk", &ops);
	blk_name_node(&d->blk, "vd", n);
	d->virtio.name = d->blk.name;
	d->virtio.on_queue = blk_on_queue;
	int ret = virtio_open(&d->virtio, VIRTIO_BLK, n);

	if (ret == 0)
		ret = setup(d);
	if (ret) {
		if (ret != -ENODEV)
			log_warn("virtio-blk %u cannot be used: %d", n, ret);
		kfree(d);
		return ret;
	}
	*out = &d->blk;
	return 0;
}
