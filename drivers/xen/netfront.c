// SPDX-License-Identifier: BSD-2-Clause
/*
 * netfront.c - Xen's network device: two rings, for sending and for receiving.
 *
 * Frames are copied through pools of pages that stay granted (drivers/xen/pool.h). A frame takes
 * as many requests as pages; one with a large TCP segment has a piece of extra information behind
 * its first request, in a place of the ring. Responses to receive requests come in the order of the
 * requests, so that the place tells the page (public/io/netif.h; extra information has no id).
 */
#include <errno.h>
#include <string.h>
#include "drivers/xen/netfront_device.h"
#include "kernel/log.h"

/* Flags of public/io/netif.h: the two kinds of request number them differently. */
#define TX_CSUM_BLANK     1u
#define TX_DATA_VALIDATED 2u
#define RX_DATA_VALIDATED 1u
#define RX_CSUM_BLANK     2u
#define MORE_DATA         4u
#define EXTRA_INFO        8u
#define EXTRA_TYPE_GSO    1
#define EXTRA_FLAG_MORE   1
#define GSO_TCPV4         1
#define GSO_TCPV6         2
#define STATUS_NULL       1 /* of a place with extra information */

struct tx_response {
	uint16_t id;
	int16_t status;
};
struct rx_response {
	uint16_t id, offset, flags;
	int16_t status; /* bytes, or an error */
};
/* In a tx_request's or rx_response's place. */
struct extra {
	uint8_t type, flags;
	uint16_t gso_bytes;
	uint8_t gso_type, pad;
	uint16_t features;
	uint32_t place;
};

#define FRAME_PLACES (FRAME_PAGES + 3) /* of one that is received; public: 18 and extras */
#define RX_OFFSET    2                 /* so that what is behind the Ethernet header is aligned */

static void notify(const struct netfront *n, unsigned which)
{
	xen_event_notify(n->event[n->split ? which : 0].port);
}

static UNIK_COLD void fail(struct netfront *n, const char *why)
{
	n->tx.broken = n->rx.broken = true;
	n->netdev.link_up = false;
	log_err("%s: %s; out of service", n->netdev.name, why);
}

/* --- sending ---------------------------------------------------------------------------------- */

static void tx_reclaim(struct netfront *n)
{
	struct tx_response r;

	for (uint32_t left = xen_ring_pending(&n->tx); left; left--) {
		xen_ring_take(&n->tx, &r, sizeof(r));
		n->tx_room = true;
		if (r.status == STATUS_NULL)
			continue;
		if (unlikely(r.id >= RING || !n->tx_busy[r.id])) {
			fail(n, "answers what was not asked");
			return;
		}
		n->tx_busy[r.id] = false;
		xen_pool_give(&n->tx_pool, r.id);
	}
}

/* Room for so many pages in so many places? */
static bool tx_fits(struct netfront *n, unsigned npages, unsigned nplaces)
{
	return xen_ring_room(&n->tx) >= nplaces &&
	       (n->tx_pool.nfree >= npages || xen_pool_reserve(&n->tx_pool, npages));
}

static UNIK_COLD int tx_make_room(struct netfront *n, unsigned npages, unsigned nplaces)
{
	tx_reclaim(n);
	if (n->tx.broken)
		return -ENODEV;
	if (tx_fits(n, npages, nplaces))
		return 0;
	if (xen_ring_show(&n->tx))
		notify(n, 0);
	n->tx_starved = true;
	n->tx_room = false;
	return -ENOBUFS;
}

/* Reads a frame's segments as one run of bytes. */
struct reader {
	const struct net_segment *segment;
	uint32_t done; /* bytes of it */
};

static void read_bytes(struct reader *r, uint8_t *out, uint32_t len)
{
	while (len) {
		uint32_t here = MIN(len, r->segment->len - r->done);

		memcpy(out, (const uint8_t *)r->segment->data + r->done, here);
		out += here;
		len -= here;
		r->done += here;
		if (r->done == r->segment->len) {
			r->segment++;
			r->done = 0;
		}
	}
}

/* The next page of a frame, filled and in a request. */
static void tx_put_page(struct netfront *n, struct reader *from, uint32_t len, uint32_t size,
			unsigned flags)
{
	uint16_t id = xen_pool_take(&n->tx_pool);
	const struct xen_pool_page *p = &n->tx_pool.page[id];
	struct tx_request r = { p->ref, 0, (uint16_t)flags, id, (uint16_t)size };

	read_bytes(from, p->data, len);
	n->tx_busy[id] = true;
	xen_ring_put(&n->tx, &r);
}

static void tx_put_extra(struct netfront *n, const struct netdev_tx *tx)
{
	struct extra e = { .type = EXTRA_TYPE_GSO,
			   .gso_bytes = tx->gso_bytes,
			   .gso_type = tx->ipv6 ? GSO_TCPV6 : GSO_TCPV4 };

	xen_ring_put(&n->tx, &e);
}

static void tx_put_frame(struct netfront *n, const struct netdev_tx *tx, uint32_t len)
{
	unsigned flags = tx->needs_csum ? TX_CSUM_BLANK | TX_DATA_VALIDATED : 0;
	struct reader from = { tx->segment, 0 };
	uint32_t here = MIN(len, (uint32_t)PAGE_SIZE);

	if (tx->gso_bytes)
		flags |= EXTRA_INFO;
	tx_put_page(n, &from, here, len, flags | (len > here ? MORE_DATA : 0));
	if (tx->gso_bytes)
		tx_put_extra(n, tx);
	while ((len -= here)) {
		here = MIN(len, (uint32_t)PAGE_SIZE);
		tx_put_page(n, &from, here, here, len > here ? MORE_DATA : 0);
	}
}

static int net_transmit(struct netdev *d, const struct netdev_tx *tx)
{
	struct netfront *n = of(d);
	uint32_t len = 0;

	if (unlikely(get_phase(n) != UP || n->tx.broken))
		return -ENODEV;
	for (unsigned i = 0; i < tx->nsegment; i++)
		len += tx->segment[i].len;
	if (unlikely(len > FRAME_MAX))
		return -EMSGSIZE;
	unsigned npages = (len + (unsigned)PAGE_SIZE - 1) / (unsigned)PAGE_SIZE;
	unsigned nplaces = npages + (tx->gso_bytes != 0);

	if (unlikely(!tx_fits(n, npages, nplaces))) {
		int err = tx_make_room(n, npages, nplaces);
		if (err)
			return err;
	}
	tx_put_frame(n, tx, len);
	if (tx->cookie)
		d->client->tx_done(d->client, tx->cookie);
	return 0;
}

static void net_flush(struct netdev *d)
{
	struct netfront *n = of(d);

	if (get_phase(n) == UP && xen_ring_show(&n->tx))
		notify(n, 0);
}

/* --- receiving -------------------------------------------------------------------------------- */

static void rx_refill(struct netfront *n)
{
	while (n->rx_pool.nfree && xen_ring_room(&n->rx)) {
		uint16_t page = xen_pool_take(&n->rx_pool);
		uint16_t place = n->rx.req_prod & (RING - 1);
		struct rx_request r = { place, 0, n->rx_pool.page[page].ref };

		n->rx_page[place] = page;
		xen_ring_put(&n->rx, &r);
	}
	if (xen_ring_show(&n->rx))
		notify(n, 1);
}

/* A frame on its way into the client's buffers. */
struct frame {
	struct netbuf *first, *last;
	uint32_t len;  /* of the frame so far */
	uint32_t room; /* left in the last buffer */
	bool dropped;
};

static void rx_add_buffer(struct netfront *n, struct frame *f)
{
	struct netdev_client *c = n->netdev.client;
	struct netbuf *b = c->rx_alloc(c);

	if (unlikely(!b)) {
		f->dropped = true;
		return;
	}
	b->next = NULL;
	f->room = b->size;
	if (f->last) {
		f->last->next = b;
	} else {
		f->first = b;
		f->room -= RX_OFFSET;
	}
	f->last = b;
}

static void rx_append(struct netfront *n, struct frame *f, const uint8_t *data, uint32_t len)
{
	while (len && !f->dropped) {
		if (!f->room)
			rx_add_buffer(n, f);
		if (f->dropped)
			return;
		uint32_t here = MIN(len, f->room);

		memcpy(f->last->data + (f->last->size - f->room), data, here);
		f->room -= here;
		f->len += here;
		data += here;
		len -= here;
	}
}

/* The page of the response that was taken last is free again. */
static const struct xen_pool_page *rx_give_page(struct netfront *n)
{
	uint16_t page = n->rx_page[(n->rx.rsp_cons - 1) & (RING - 1)];

	xen_pool_give(&n->rx_pool, page);
	return &n->rx_pool.page[page];
}

/* Extra information behind a first response. What it says is not needed: a large frame is one
 * frame. Returns how many places it took; 0: it does not end. */
static unsigned rx_skip_extras(struct netfront *n, uint32_t left)
{
	struct extra e;

	for (unsigned taken = 1; taken <= left; taken++) {
		xen_ring_take(&n->rx, &e, sizeof(struct rx_response));
		rx_give_page(n);
		if (!(e.flags & EXTRA_FLAG_MORE))
			return taken;
	}
	return 0;
}

/* One response with its data; false: it cannot be. */
static bool rx_piece(struct netfront *n, struct frame *f, const struct rx_response *r)
{
	uint16_t place = (n->rx.rsp_cons - 1) & (RING - 1);
	const struct xen_pool_page *p = rx_give_page(n);

	if (r->id != place)
		return false;
	if (r->status <= 0) {
		f->dropped = true;
		return true;
	}
	if (r->offset > PAGE_SIZE || (uint32_t)r->status > PAGE_SIZE - r->offset)
		return false;
	if (f->len + (uint32_t)r->status > FRAME_MAX)
		f->dropped = true;
	rx_append(n, f, (const uint8_t *)p->data + r->offset, (uint32_t)r->status);
	return true;
}

/* All pieces of the next frame, of `left` responses. Returns how many it took; 0: it cannot be.
 * The back end shows the responses of a frame all at once (as its own comment has it, what is not
 * there never comes). */
static unsigned rx_collect(struct netfront *n, struct frame *f, uint32_t left, unsigned *flags)
{
	struct rx_response r;
	unsigned taken = 0;

	do {
		if (taken == left || taken >= FRAME_PLACES)
			return 0;
		xen_ring_take(&n->rx, &r, sizeof(r));
		taken++;
		if (taken == 1)
			*flags = r.flags;
		if (!rx_piece(n, f, &r))
			return 0;
		if (taken == 1 && r.flags & EXTRA_INFO) {
			unsigned extras = rx_skip_extras(n, left - taken);

			if (!extras)
				return 0;
			taken += extras;
		}
	} while (r.flags & MORE_DATA);
	return taken;
}

static void rx_drop(struct netfront *n, struct netbuf *b)
{
	struct netdev_client *c = n->netdev.client;

	while (b) {
		struct netbuf *next = b->next;

		b->next = NULL;
		c->rx_free(c, b);
		b = next;
	}
}

/* Deliver one frame of `left` responses. Returns how many it took; 0: the device is broken. */
static unsigned rx_frame(struct netfront *n, uint32_t left)
{
	struct netdev_client *c = n->netdev.client;
	struct frame f = { 0 };
	unsigned flags = 0, taken = rx_collect(n, &f, left, &flags);

	if (unlikely(!taken))
		fail(n, "a frame that cannot be");
	if (unlikely(!taken || f.dropped || f.len < ETHERNET_BYTES))
		rx_drop(n, f.first);
	else /* CSUM_BLANK: it never was on a wire, its sum is not filled in */
		c->rx(c, f.first, RX_OFFSET, f.len,
		      flags & (RX_CSUM_BLANK | RX_DATA_VALIDATED) ? NETDEV_CSUM_GOOD
								  : NETDEV_CSUM_UNKNOWN);
	return taken;
}

/* The client comes to look and the rings are not, or not any more, its own. Returns whether they
 * are now. */
static UNIK_COLD bool net_attend(struct netfront *n)
{
	if (try_phase(n, READY, UP)) {
		n->netdev.link_up = true;
		n->tx_room = true;
		rx_refill(n);
		return true;
	}
	n->netdev.link_up = false;
	if (try_phase(n, LEAVING, DOWN))
		wait_queue_wake_all(&n->changed);
	return false;
}

static unsigned net_poll(struct netdev *d, unsigned budget)
{
	struct netfront *n = of(d);
	unsigned done = 0;

	if (unlikely(get_phase(n) != UP) && !net_attend(n))
		return 0;
	if (xen_ring_pending(&n->tx))
		tx_reclaim(n);
	for (uint32_t left = xen_ring_pending(&n->rx), taken; left && done < budget;
	     left -= taken) {
		taken = rx_frame(n, left);
		if (unlikely(!taken))
			return done;
		done++;
	}
	if (n->rx_pool.nfree)
		rx_refill(n);
	return done;
}

static bool net_irq_enable(struct netdev *d)
{
	struct netfront *n = of(d);
	enum phase phase = get_phase(n);
	bool more;

	if (unlikely(phase != UP))
		return phase == READY || phase == LEAVING;
	more = xen_ring_arm(&n->rx);
	if (unlikely(n->tx_starved)) {
		more |= n->tx_room || xen_ring_arm(&n->tx);
		n->tx_starved = !n->tx_room;
	}
	return more;
}

/* An event comes once, until the next irq_enable(). */
static void net_irq_disable(struct netdev *d)
{
}

/* The rings are as before the first frame. Pages that were on them are free: whoever had them has
 * let go, or goes on copying into pages that are only ever copied from. */
UNIK_COLD void netfront_reset(struct netfront *n)
{
	for (unsigned i = 0; i < RING; i++) {
		if (n->tx_busy[i])
			xen_pool_give(&n->tx_pool, (uint16_t)i);
		n->tx_busy[i] = false;
	}
	for (uint32_t i = n->rx.rsp_cons; i != n->rx.req_prod; i++)
		xen_pool_give(&n->rx_pool, n->rx_page[i & (RING - 1)]);
	xen_ring_init(&n->tx, n->rings.page[0].data, sizeof(struct tx_request));
	xen_ring_init(&n->rx, n->rings.page[1].data, sizeof(struct rx_request));
	n->tx_starved = n->tx_room = false;
}

static UNIK_COLD int net_start(struct netdev *d, struct netdev_client *c)
{
	WRITE_ONCE(d->client, c);
	(void)net_attend(of(d));
	return 0;
}

const struct netdev_ops netfront_ops = {
	.start = net_start,
	.transmit = net_transmit,
	.flush = net_flush,
	.poll = net_poll,
	.irq_enable = net_irq_enable,
	.irq_disable = net_irq_disable,
	.stop = netfront_stop,
};
