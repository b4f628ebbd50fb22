// SPDX-License-Identifier: BSD-2-Clause
/*
 * blkfront.c - Xen's block device: one ring, 32 requests.
 *
 * Data is copied through a pool of pages that stay granted (drivers/xen/pool.h), so that the back
 * end may keep them mapped, reaches nothing else, and cannot change a write after it was handed
 * over in any way that matters. A request of more than 11 pages lists them in a page of its own
 * ("indirect"). When the back end goes, requests stay in their slots, pages and all; when it has
 * come back they are put on the new ring as they were.
 *
 * Locking: all under blk.lock; the event only wakes blk.wait. The thread of XenStore follows the
 * back end's state.
 */
#include "drivers/xen/blkfront.h"
#include <errno.h>
#include <string.h>
#include "drivers/xen/event_channel.h"
#include "drivers/xen/platform.h"
#include "drivers/xen/pool.h"
#include "drivers/xen/ring.h"
#include "drivers/xen/xenbus.h"
#include "kernel/heap.h"
#include "kernel/log.h"

/* public/io/blkif.h */
#define OP_READ         0
#define OP_WRITE        1
#define OP_BARRIER      2
#define OP_FLUSH        3
#define OP_DISCARD      5
#define OP_INDIRECT     6
#define STATUS_OK       0
#define STATUS_NOT_SUPP (-2)
#define INFO_READ_ONLY  4u
#define DIRECT_SEGMENTS 11

struct segment {
	uint32_t ref;
	uint8_t first, last; /* sectors of the page, both included */
	uint16_t pad;
};
struct request {
	uint8_t op;
	uint8_t nsegment; /* of an indirect one: the operation; of a discard 0 */
	uint16_t handle;  /* of an indirect one: how many segments */
	uint32_t pad;
	uint64_t id;
	uint64_t sector;
	union {
		struct segment segment[DIRECT_SEGMENTS];
		uint64_t discard_nsect;
		struct {
			uint16_t handle, pad;
			uint32_t ref[8]; /* of the pages with segments */
		} indirect;
	};
};
struct response {
	uint64_t id;
	uint8_t op, pad;
	int16_t status;
	uint32_t pad2;
};
_Static_assert(sizeof(struct request) == 112 && sizeof(struct response) == 16,
	       "the layout of 64-bit machines");

#define PROTOCOL_SECTOR   512u /* whatever the device's sector */
#define SECTORS_PER_PAGE  (PAGE_SIZE / PROTOCOL_SECTOR)
#define RING              32
#define INDIRECT_SEGMENTS 32 /* that we want */
#define REQUEST_PAGES     (INDIRECT_SEGMENTS + 1)
#define POOL_PAGES        160
#define DISCARD_SECT_MAX  (1u << 22)
#define CONNECT_NS        (20 * NS_PER_S)
/* Of virtual-device. */
#define MAJOR_IDE0 3
#define MAJOR_IDE1 22
#define MAJOR_XVD  202

struct slot {
	struct blk_request *r;  /* NULL: free */
	struct request request; /* to be put on a ring once more */
	uint16_t npages;        /* with data; behind them, perhaps, the one with segments */
	uint16_t page[REQUEST_PAGES];
};

struct blkfront {
	struct blk blk;
	struct xen_ring ring;
	struct xen_pool pool, ring_page;
	struct slot slot[RING];
	bool connected; /* the ring may be used */
	bool known;     /* once connected: the figures in blk stay */
	bool has_flush; /* or barriers only */
	uint16_t handle;
	unsigned shift; /* from our sectors to the protocol's */
	struct xenbus_device bus;
	struct xen_event event;
};

static struct blkfront *of(struct blk *b)
{
	return container_of(b, struct blkfront, blk);
}

/* Interrupt context. */
static void on_event(void *arg)
{
	struct blkfront *d = arg;

	wait_queue_wake_all(&d->blk.wait);
}

/* --- requests -----------------------------------------------------------------------------------
 */

/* Move data between a request's memory and its slot's pages. */
static void copy(struct blkfront *d, const struct slot *s, bool in)
{
	const struct blk_request *r = s->r;
	uint32_t at = 0; /* in the pages */

	for (unsigned i = 0; i < r->nsegment; i++) {
		char *data = r->segment[i].data;

		for (uint32_t left = r->segment[i].len, here; left; left -= here) {
			char *page = d->pool.page[s->page[at / PAGE_SIZE]].data;
			uint32_t skip = at % PAGE_SIZE;

			here = MIN(left, (uint32_t)PAGE_SIZE - skip);
			if (in)
				memcpy(data, page + skip, here);
			else
				memcpy(page + skip, data, here);
			data += here;
			at += here;
		}
	}
}

static uint32_t bytes_of(const struct blkfront *d, const struct blk_request *r)
{
	bool has_data = r->op == BLK_READ || r->op == BLK_WRITE;

	return has_data ? r->nsect * d->blk.sector_bytes : 0;
}

static bool is_indirect(const struct slot *s)
{
	return s->npages > DIRECT_SEGMENTS;
}

static unsigned pages_held(const struct slot *s)
{
	return s->npages + is_indirect(s);
}

static void release(struct blkfront *d, struct slot *s, int status)
{
	for (unsigned i = 0; i < pages_held(s); i++)
		xen_pool_give(&d->pool, s->page[i]);
	WRITE_ONCE(s->r->status, status);
	s->r = NULL;
}

/* Every page is full, but perhaps the last one. */
static void fill_segments(const struct blkfront *d, const struct slot *s, struct segment *out)
{
	uint32_t nsect = bytes_of(d, s->r) / PROTOCOL_SECTOR;

	for (unsigned i = 0; i < s->npages; i++) {
		uint32_t here = MIN(nsect, (uint32_t)SECTORS_PER_PAGE);

		out[i] =
			(struct segment){ d->pool.page[s->page[i]].ref, 0, (uint8_t)(here - 1), 0 };
		nsect -= here;
	}
}

static void fill_data(struct blkfront *d, struct slot *s)
{
	struct request *q = &s->request;
	uint8_t op = s->r->op == BLK_READ ? OP_READ : OP_WRITE;

	q->sector = s->r->lba << d->shift;
	if (is_indirect(s)) {
		const struct xen_pool_page *list = &d->pool.page[s->page[s->npages]];

		q->op = OP_INDIRECT;
		q->nsegment = op;
		q->handle = s->npages;
		q->indirect.handle = d->handle;
		q->indirect.ref[0] = list->ref;
		fill_segments(d, s, list->data);
	} else {
		q->op = op;
		q->nsegment = (uint8_t)s->npages;
		fill_segments(d, s, q->segment);
	}
	if (op == OP_WRITE)
		copy(d, s, false);
}

static void fill(struct blkfront *d, struct slot *s, unsigned id)
{
	const struct blk_request *r = s->r;
	struct request *q = &s->request;

	*q = (struct request){ .handle = d->handle, .id = id };
	switch (r->op) {
	case BLK_FLUSH:
		q->op = d->has_flush ? OP_FLUSH : OP_BARRIER;
		break;
	case BLK_DISCARD:
		q->op = OP_DISCARD;
		q->sector = r->lba << d->shift;
		q->discard_nsect = (uint64_t)r->nsect << d->shift;
		break;
	default:
		fill_data(d, s);
	}
}

static int op_submit(struct blk *b, struct blk_request *r)
{
	struct blkfront *d = of(b);
	unsigned npages = (bytes_of(d, r) + (unsigned)PAGE_SIZE - 1) / (unsigned)PAGE_SIZE, id = 0;
	unsigned nheld = npages + (npages > DIRECT_SEGMENTS);

	if (d->ring.broken)
		return -ENODEV;
	while (id < RING && d->slot[id].r)
		id++;
	if (!d->connected || id == RING || !xen_pool_reserve(&d->pool, nheld))
		return -EBUSY;
	struct slot *s = &d->slot[id];

	s->r = r;
	s->npages = (uint16_t)npages;
	for (unsigned i = 0; i < nheld; i++)
		s->page[i] = xen_pool_take(&d->pool);
	fill(d, s, id);
	xen_ring_put(&d->ring, &s->request);
	return 0;
}

static void op_kick(struct blk *b)
{
	struct blkfront *d = of(b);

	if (d->connected && xen_ring_show(&d->ring))
		xen_event_notify(d->event.port);
}

/* Out of service. Its pages are not the requests' memory, so they can end. */
static UNIK_COLD unsigned fail(struct blkfront *d, const char *why)
{
	unsigned n = 0;

	log_err("%s: %s; out of service", d->blk.node, why);
	d->ring.broken = true;
	for (unsigned i = 0; i < RING; i++)
		if (d->slot[i].r) {
			release(d, &d->slot[i], -ENODEV);
			n++;
		}
	return n;
}

static void complete(struct blkfront *d, struct slot *s, int status)
{
	if (status == STATUS_OK && s->r->op == BLK_READ)
		copy(d, s, true);
	release(d, s, status == STATUS_OK ? 0 : status == STATUS_NOT_SUPP ? -EOPNOTSUPP : -EIO);
}

static unsigned op_poll(struct blk *b)
{
	struct blkfront *d = of(b);
	unsigned n = 0;

	if (!d->connected || d->ring.broken)
		return 0;
	for (uint32_t left = xen_ring_pending(&d->ring); left; left--, n++) {
		struct response r;

		xen_ring_take(&d->ring, &r, sizeof(r));
		if (unlikely(r.id >= RING || !d->slot[r.id].r))
			return n + fail(d, "answers what was not asked");
		complete(d, &d->slot[r.id], r.status);
	}
	if (unlikely(d->ring.broken))
		n += fail(d, "more answers than requests");
	return n;
}

static bool op_irq_enable(struct blk *b)
{
	struct blkfront *d = of(b);

	return d->connected && xen_ring_arm(&d->ring);
}

static const struct blk_ops ops = {
	.submit = op_submit,
	.kick = op_kick,
	.poll = op_poll,
	.irq_enable = op_irq_enable,
};

/* --- connecting
 * ----------------------------------------------------------------------------------- */

static int write_ring(struct xenbus_device *x, xenstore_tx_t tx, void *arg)
{
	struct blkfront *d = arg;
	int err = xenstore_write(tx, x->front, "ring-ref", "%u", d->ring_page.page[0].ref);

	if (!err)
		err = xenstore_write(tx, x->front, "event-channel", "%u", d->event.port);
	if (!err)
		err = xenstore_write(tx, x->front, "protocol", "%s", XEN_IO_PROTOCOL);
	return err ? err : xenstore_write(tx, x->front, "feature-persistent", "1");
}

static void disconnect(struct blkfront *d)
{
	mutex_lock(&d->blk.lock);
	if (d->connected)
		log_warn("%s: the back end is going", d->blk.node);
	d->connected = false;
	if (d->event.port)
		xen_event_close(&d->event);
	mutex_unlock(&d->blk.lock);
}

static int connect(struct blkfront *d)
{
	int err;

	disconnect(d);
	xen_ring_init(&d->ring, d->ring_page.page[0].data, sizeof(struct request));
	err = xen_event_open(&d->event, d->bus.peer);
	return err ? err : xenbus_publish(&d->bus, write_ring, d, XENBUS_INITIALISED);
}

static uint64_t feature(struct blkfront *d, const char *name, uint64_t max, uint64_t fallback)
{
	return xenbus_feature(&d->bus, name, max, fallback);
}

/* What the back end says about the disk, believed as far as it can be. Sectors of 512 bytes are
 * meant wherever it does not say otherwise, as blkif.h has it for us. */
static int read_figures(struct blkfront *d, struct blk *b)
{
	uint64_t sector = feature(d, "sector-size", PAGE_SIZE, PROTOCOL_SECTOR);
	uint64_t nsect = feature(d, "sectors", UINT64_MAX / PROTOCOL_SECTOR, 0), pages;

	if (!IS_POW2(sector) || sector < PROTOCOL_SECTOR || nsect < sector / PROTOCOL_SECTOR)
		return -EIO;
	d->shift = (unsigned)__builtin_ctzll(sector / PROTOCOL_SECTOR);
	b->sector_bytes = (uint32_t)sector;
	b->nsectors = nsect >> d->shift;
	b->read_only = feature(d, "info", UINT32_MAX, 0) & INFO_READ_ONLY;
	d->has_flush = feature(d, "feature-flush-cache", 1, 0);
	b->has_cache = d->has_flush || feature(d, "feature-barrier", 1, 0);
	b->max_discard = feature(d, "feature-discard", 1, 0) ? DISCARD_SECT_MAX >> d->shift : 0;
	pages = feature(d, "feature-max-indirect-segments", UINT32_MAX, 0);
	pages = MAX(MIN(pages, (uint64_t)INDIRECT_SEGMENTS), (uint64_t)DIRECT_SEGMENTS);
	b->max_seg_bytes = (uint32_t)(pages * PAGE_SIZE);
	b->max_sectors = b->max_seg_bytes / b->sector_bytes;
	b->max_segments = BLK_SEGMENTS;
	return 0;
}

/* The first time the figures are taken; then a disk that came back must be the same one, or at
 * least do for who goes by them. */
static int learn(struct blkfront *d)
{
	struct blk now = { 0 };
	const struct blk *b = &d->blk;

	if (!d->known) {
		int err = read_figures(d, &d->blk);

		d->known = !err;
		return err;
	}
	if (read_figures(d, &now))
		return -EIO;
	return now.nsectors == b->nsectors && now.sector_bytes == b->sector_bytes &&
			       now.read_only == b->read_only && now.max_sectors >= b->max_sectors &&
			       now.has_cache >= b->has_cache
		       ? 0
		       : -EIO;
}

/* The ring is empty and works: on it with what was under way. */
static void reissue(struct blkfront *d)
{
	mutex_lock(&d->blk.lock);
	d->connected = true;
	for (unsigned i = 0; i < RING; i++)
		if (d->slot[i].r)
			xen_ring_put(&d->ring, &d->slot[i].request);
	op_kick(&d->blk);
	mutex_unlock(&d->blk.lock);
	wait_queue_wake_all(&d->blk.wait);
}

static void show(struct blkfront *d, enum xenbus_state state)
{
	if (xenbus_set_state(&d->bus, XENSTORE_NO_TX, state))
		log_warn("%s: state %d cannot be told", d->blk.name, state);
}

static void settle(struct blkfront *d)
{
	int err;

	if (d->connected || !d->event.port)
		return; /* nothing new, or nothing that we began */
	err = learn(d);
	if (err) {
		log_err("%s: not a disk that can be used, or not the one it was", d->blk.name);
		show(d, XENBUS_CLOSING);
		return;
	}
	show(d, XENBUS_CONNECTED);
	reissue(d);
}

/* Both ends are closed: one that will come back waits for us to begin anew. Where there is nothing
 * left, nothing is said: what is put in its place begins by itself. */
static void begin_again(struct blkfront *d)
{
	uint64_t online = feature(d, "online", 1, UINT64_MAX);

	if (online <= 1)
		show(d, online ? XENBUS_INITIALISING : XENBUS_CLOSED);
}

/* In the store's thread: the back end's state has changed. It may have changed twice. */
static void on_state(struct xenbus_device *x)
{
	struct blkfront *d = container_of(x, struct blkfront, bus);
	int err;

	switch (READ_ONCE(x->back_state)) {
	case XENBUS_INIT_WAIT:
		err = connect(d);
		if (err)
			log_err("%s: cannot be connected: %d", d->blk.name, err);
		break;
	case XENBUS_CONNECTED:
		settle(d);
		break;
	case XENBUS_CLOSING:
		disconnect(d);
		show(d, XENBUS_CLOSED);
		break;
	case XENBUS_CLOSED:
		disconnect(d);
		begin_again(d);
		break;
	default:
		break;
	}
}

/* --- life
 * ------------------------------------------------------------------------------------------ */

/* The number is as Linux numbers devices: 202 * 256 + 16 * disk + partition, or 1 << 28 | 256 *
 * disk | partition; the four of IDE, 64 numbers each, are the first four under another name. Others
 * are counted. Ref: Xen's docs/man/xen-vbd-interface. */
static UNIK_COLD int read_name(struct blkfront *d, unsigned n)
{
	uint64_t number;
	int err = xenstore_read_uint(XENSTORE_NO_TX, d->bus.front, "virtual-device", UINT32_MAX,
				     &number);

	if (err)
		return err;
	d->handle = (uint16_t)number;
	if (number >> 28 == 1)
		n = number >> 8 & 0xfffff;
	else if (number >> 8 == MAJOR_XVD)
		n = number >> 4 & 15;
	else if (number >> 8 == MAJOR_IDE0)
		n = number >> 6 & 1;
	else if (number >> 8 == MAJOR_IDE1)
		n = 2 + (number >> 6 & 1);
	blk_name_node(&d->blk, "xvd", n);
	return 0;
}

static UNIK_COLD void free_pools(struct blkfront *d)
{
	xen_pool_end(&d->pool);
	xen_pool_end(&d->ring_page);
}

static UNIK_COLD int setup(struct blkfront *d, unsigned n)
{
	int err = read_name(d, n);

	if (!err)
		err = xen_pool_init(&d->ring_page, d->bus.peer, 1, 1);
	/* The whole of a request fits, so that one that is alone is never busy. */
	if (!err)
		err = xen_pool_init(&d->pool, d->bus.peer, POOL_PAGES, REQUEST_PAGES);
	if (!err) {
		d->bus.changed = on_state;
		err = xenbus_follow(&d->bus);
	}
	if (err)
		goto free;
	err = wait_event_until(&d->blk.wait, READ_ONCE(d->connected), time_deadline(CONNECT_NS));
	if (!err)
		return 0;
	xenbus_forget(&d->bus);
	disconnect(d);
	show(d, XENBUS_CLOSED);
free:
	free_pools(d);
	return err;
}

/* Drives for CDs stay imitated: they may be empty, and then their back ends never connect. */
static UNIK_COLD bool is_cd(const struct blkfront *d)
{
	char type[sizeof("cdrom")];

	return xenstore_read(XENSTORE_NO_TX, d->bus.front, "device-type", type, sizeof(type)) > 0 &&
	       strcmp(type, "cdrom") == 0;
}

UNIK_COLD int xen_blkfront_probe(unsigned n, struct blk **out)
{
	struct blkfront *d;
	int err;

	if (!xen_present())
		return -ENODEV;
	d = kzalloc(sizeof(*d));
	if (!d)
		return -ENOMEM;
	xen_platform_start();
	blk_init(&d->blk, "xen-blk", &ops);
	d->event = (struct xen_event){ .handle = on_event, .arg = d };
	err = xenbus_open("vbd", n, &d->bus);
	if (!err && is_cd(d))
		err = -ENXIO;
	if (!err)
		err = xen_platform_unplug(XEN_UNPLUG_DISKS);
	if (!err)
		err = setup(d, n);
	if (err) {
		if (err != -ENODEV && err != -ENXIO)
			log_warn("xen-blk %u cannot be used: %d", n, err);
		kfree(d);
		return err;
	}
	*out = &d->blk;
	return 0;
}
