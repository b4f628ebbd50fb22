// SPDX-License-Identifier: BSD-2-Clause
/* drivers/xen/netfront.c between a client that counts its buffers and a back end that lies. */
// link: drivers/xen/pool.c kernel/wait.c
#include "tests/host/xen_front.h"
#include "drivers/xen/netfront.c"
#include "drivers/xen/netfront_connect.c"

static size_t free_pages = 100000;

void page_get_stats(struct page_stats *out)
{
	*out = (struct page_stats){ .total_pages = 200000, .free_pages = free_pages };
}

/* --- the client ---------------------------------------------------------------------------- */

static struct client {
	struct netdev_client c;
	long live, limit; /* buffers that the driver has, may have */
	unsigned frames, woken, sent;
	uint32_t len;
	enum netdev_csum csum;
	bool check_bytes; /* the frame counts up from its first byte */
	bool sleeps;      /* does not look when it is woken */
} client;

static struct netdev *dev;

static struct netbuf *rx_alloc(struct netdev_client *c)
{
	struct netbuf *b;

	if (client.live >= client.limit)
		return NULL;
	b = malloc(sizeof(*b));
	*b = (struct netbuf){ (void *)0x55, malloc(2048), 2048 };
	client.live++;
	return b;
}

static void rx_free(struct netdev_client *c, struct netbuf *b)
{
	while (b) {
		struct netbuf *next = b->next;

		client.live--;
		free(b->data);
		free(b);
		b = next;
	}
}

static void rx(struct netdev_client *c, struct netbuf *b, uint32_t offset, uint32_t len,
	       enum netdev_csum csum)
{
	uint32_t at = 0;

	client.frames++;
	client.len = len;
	client.csum = csum;
	for (struct netbuf *p = b; p; p = p->next) {
		uint32_t skip = p == b ? offset : 0, n = MIN(len - at, p->size - skip);

		CHECK(!p->next || n == p->size - skip);
		for (uint32_t i = 0; i < n; i++, at++)
			if (client.check_bytes && p->data[skip + i] != (uint8_t)(at * 7)) {
				CHECK_FAIL("byte %u of the frame", at);
				break;
			}
	}
	CHECK_EQ(at, len);
	rx_free(c, b);
}

static void tx_done(struct netdev_client *c, void *cookie)
{
	client.sent++;
}

static void wake(struct netdev_client *c)
{
	client.woken++;
	if (dev && !client.sleeps && get_phase(of(dev)) != UP)
		dev->ops->poll(dev, 64);
}

/* --- the back end ---------------------------------------------------------------------------- */

static struct {
	struct xen_ring_page *tx, *rx;
	uint32_t tx_cons, tx_rsp, rx_cons, rx_rsp;
} back;

static struct tx_request *tx_place(uint32_t i)
{
	return (struct tx_request *)(back.tx->entries + (i % RING) * sizeof(struct tx_request));
}

static void *rx_place(uint32_t i)
{
	return back.rx->entries + (i % RING) * sizeof(struct rx_request);
}

static unsigned tx_waiting(void)
{
	return back.tx->req_prod - back.tx_cons;
}

static struct tx_request tx_next(void)
{
	return *tx_place(back.tx_cons++);
}

static void tx_answer(uint16_t id, int16_t status)
{
	struct tx_response r = { id, status };

	memcpy(tx_place(back.tx_rsp++), &r, sizeof(r));
	back.tx->rsp_prod = back.tx_rsp;
}

/* Take frames and say that they were sent. */
static unsigned tx_serve(void)
{
	unsigned frames = 0;

	while (tx_waiting()) {
		struct tx_request first = tx_next(), r = first;
		bool extra = first.flags & EXTRA_INFO;

		frames++;
		tx_answer(first.id, 0);
		if (extra) {
			tx_next();
			tx_answer(0xdead, STATUS_NULL);
		}
		while (r.flags & MORE_DATA) {
			r = tx_next();
			tx_answer(r.id, 0);
		}
	}
	return frames;
}

static unsigned rx_waiting(void)
{
	return back.rx->req_prod - back.rx_cons;
}

/* The next place's page, and what to answer there. */
static uint8_t *rx_next(struct rx_response *out)
{
	struct rx_request q;

	memcpy(&q, rx_place(back.rx_cons++), sizeof(q));
	CHECK(q.ref < XF_GRANTS && xf_grant[q.ref]);
	*out = (struct rx_response){ .id = q.id };
	return xf_grant[q.ref];
}

static void rx_answer(const struct rx_response *r)
{
	memcpy(rx_place(back.rx_rsp++), r, sizeof(*r));
}

static void rx_show(void)
{
	back.rx->rsp_prod = back.rx_rsp;
}

static void rx_extra(uint8_t flags)
{
	struct extra e = {
		.type = EXTRA_TYPE_GSO, .flags = flags, .gso_bytes = 1448, .gso_type = GSO_TCPV4
	};
	struct rx_response unused;

	rx_next(&unused);
	memcpy(rx_place(back.rx_rsp++), &e, sizeof(unused));
}

/* A frame that counts up, in pieces of a page. */
static void rx_frame_of(uint32_t len, unsigned flags)
{
	for (uint32_t at = 0; at < len;) {
		struct rx_response r;
		uint8_t *page = rx_next(&r);
		uint32_t here = MIN(len - at, (uint32_t)PAGE_SIZE);

		for (uint32_t i = 0; i < here; i++)
			page[i] = (uint8_t)((at + i) * 7);
		r.status = (int16_t)here;
		r.flags = (uint16_t)((at ? 0 : flags) | (at + here < len ? MORE_DATA : 0));
		rx_answer(&r);
		if (!at && flags & EXTRA_INFO)
			rx_extra(0);
		at += here;
	}
	rx_show();
}

static void back_connect(void)
{
	back.tx = xf_grant[xf_number("front", "tx-ring-ref")];
	back.rx = xf_grant[xf_number("front", "rx-ring-ref")];
	back.tx_cons = back.tx_rsp = back.rx_cons = back.rx_rsp = 0;
	CHECK(back.tx && back.rx);
}

static void offer_all(void)
{
	static const char *const offers[] = {
		"feature-sg",      "feature-gso-tcpv4",         "feature-gso-tcpv6",
		"feature-rx-copy", "feature-ipv6-csum-offload", "feature-split-event-channels"
	};

	for (unsigned i = 0; i < ARRAY_SIZE(offers); i++)
		xf_set("back", offers[i], "1");
	xf_set("back", "online", "1");
	xf_set("front", "mac", "00:16:3e:0A:0b:Ff");
}

static void come_up(void)
{
	xf_state(XENBUS_INIT_WAIT);
	if (xf_number("front", "state") != XENBUS_CONNECTED)
		return;
	back_connect();
	xf_state(XENBUS_CONNECTED);
}

static int probe(void)
{
	client = (struct client){ .c = { rx_alloc, rx_free, rx, tx_done, wake }, .limit = 1000 };
	dev = NULL;
	return xen_netfront_probe(0, &dev);
}

static void begin(void)
{
	xf_reset();
	offer_all();
	xf_followed = come_up;
	CHECK_EQ(probe(), 0);
	CHECK_EQ(dev->ops->start(dev, &client.c), 0);
}

static void end(void)
{
	struct netfront *n = of(dev);

	dev->ops->stop(dev);
	CHECK_EQ(client.live, 0);
	CHECK_EQ(get_phase(n), DOWN);
	for (unsigned i = 0; i < XF_EVENTS; i++)
		CHECK(!xf_event[i]);
	free_pools(n);
	kfree(n);
	CHECK_EQ(xf_grants(), 0);
	dev = NULL;
}

static int transmit(uint32_t len, bool csum, uint16_t gso)
{
	static uint8_t data[70000];
	struct net_segment s[3] = { { data, 54 }, { data + 54, (len - 54) / 2 } };
	struct netdev_tx tx = { .segment = s,
				.nsegment = len > 60 ? 3 : 1,
				.cookie = data,
				.needs_csum = csum,
				.gso_bytes = gso,
				.ipv6 = gso == 1 };

	for (uint32_t i = 0; i < len; i++)
		data[i] = (uint8_t)(i * 3);
	if (len <= 60)
		s[0].len = len;
	s[2] = (struct net_segment){ (uint8_t *)s[1].data + s[1].len, len - 54 - s[1].len };
	int err = dev->ops->transmit(dev, &tx);

	memset(data, 0xee, sizeof(data)); /* it was copied */
	return err;
}

/* --- tests ----------------------------------------------------------------------------------- */

/* A device model that refuses keeps its imitation, and Xen's device is not used besides. */
static void test_refused(void)
{
	xf_reset();
	offer_all();
	xf_followed = come_up;
	xf_unplug_error = -EPERM;
	CHECK_EQ(probe(), -EPERM);
	CHECK_EQ(xf_number("front", "state"), 0);
	CHECK_EQ(xf_grants(), 0);
	xf_reset();
	xen_is_guest = false;
	CHECK_EQ(probe(), -ENODEV);
	xen_is_guest = true;
}

static void test_connects(void)
{
	begin();
	CHECK_EQ(dev->features, NETDEV_TX_CSUM | NETDEV_RX_CSUM | NETDEV_TSO4 | NETDEV_TSO6);
	CHECK(memcmp(dev->mac, "\x00\x16\x3e\x0a\x0b\xff", 6) == 0);
	CHECK_EQ(dev->mtu, 1500);
	CHECK(dev->link_up);
	CHECK_EQ(xf_number("front", "request-rx-copy"), 1);
	CHECK_EQ(xf_number("front", "feature-sg"), 1);
	CHECK(xf_number("front", "event-channel-tx") != xf_number("front", "event-channel-rx"));
	CHECK_EQ(rx_waiting(), RX_PAGES_MAX);
	CHECK_EQ(xf_unplugged, XEN_UNPLUG_NICS);
	CHECK(xf_notified[xf_number("front", "event-channel-rx")] > 0);
	end();
}

static void test_old_back_end(void)
{
	xf_reset();
	xf_set("back", "feature-rx-copy", "1");
	xf_set("back", "feature-gso-tcpv4", "1"); /* without scatter-gather: no use */
	xf_set("front", "mac", "00:16:3e:00:00:01");
	xf_set("front", "mtu", "9000");
	xf_followed = come_up;
	CHECK_EQ(probe(), 0);
	CHECK_EQ(dev->ops->start(dev, &client.c), 0);
	CHECK_EQ(dev->features, NETDEV_RX_CSUM);
	CHECK_EQ(dev->mtu, MTU_ONE_PAGE);
	CHECK(xf_number("front", "event-channel") > 0 && !xf_get("front", "event-channel-rx"));
	end();
}

static void test_cannot_connect(void)
{
	static const char *const mac[] = { "00:16:3e:00:00", "00:16:3e:00:00:0g",
					   "00:16:3e:00:00:011", "", "00-16-3e-00-00-01" };

	for (unsigned i = 0; i < ARRAY_SIZE(mac); i++) {
		xf_reset();
		offer_all();
		xf_set("front", "mac", mac[i]);
		CHECK(probe() < 0);
	}
	xf_reset();
	offer_all();
	xf_followed = NULL; /* never comes */
	CHECK_EQ(probe(), -ETIMEDOUT);
	xf_followed = come_up;
	xf_set("back", "feature-rx-copy", "0");
	CHECK_EQ(probe(), -ETIMEDOUT);
	CHECK_EQ(xf_grants(), 0);
	xf_set("back", "feature-rx-copy", "1");
	xf_store_error = -EACCES;
	CHECK_EQ(probe(), -ETIMEDOUT);
	CHECK_EQ(xf_grants(), 0);
}

static void test_without_memory(void)
{
	FAKE_FAIL_EACH
	{
		xf_reset();
		offer_all();
		xf_followed = come_up;
		int err = probe();

		CHECK(err == 0 || err == -ENOMEM || err == -ETIMEDOUT);
		if (!err) {
			CHECK_EQ(dev->ops->start(dev, &client.c), 0);
			end();
		}
		CHECK_EQ(xf_grants(), 0);
	}
}

static void test_sends(void)
{
	begin();
	CHECK_EQ(transmit(60, false, 0), 0);
	CHECK_EQ(client.sent, 1);
	CHECK_EQ(tx_waiting(), 0); /* not before it is shown */
	dev->ops->flush(dev);
	CHECK_EQ(tx_waiting(), 1);
	CHECK_EQ(xf_notified[xf_number("front", "event-channel-tx")], 1);
	struct tx_request r = tx_next();
	const uint8_t *page = xf_grant[r.ref];

	CHECK_EQ(r.size, 60);
	CHECK_EQ(r.flags, 0);
	for (unsigned i = 0; i < 60; i++)
		CHECK(page[r.offset + i] == (uint8_t)(i * 3));
	tx_answer(r.id, 0);
	dev->ops->poll(dev, 0);
	CHECK_EQ(of(dev)->tx_pool.nfree, of(dev)->tx_pool.npages);
	end();
}

static void test_sends_large(void)
{
	begin();
	CHECK_EQ(transmit(60000, true, 1448), 0);
	dev->ops->flush(dev);
	struct tx_request r = tx_next();
	struct extra e;
	uint32_t at = 0, len = r.size;

	CHECK_EQ(r.size, 60000);
	CHECK_EQ(r.flags, TX_CSUM_BLANK | TX_DATA_VALIDATED | EXTRA_INFO | MORE_DATA);
	memcpy(&e, tx_place(back.tx_cons++), sizeof(e));
	CHECK_EQ(e.type, EXTRA_TYPE_GSO);
	CHECK_EQ(e.flags, 0);
	CHECK_EQ(e.gso_bytes, 1448);
	CHECK_EQ(e.gso_type, GSO_TCPV4);
	for (bool first = true;; first = false) {
		const uint8_t *page = xf_grant[r.ref];
		uint32_t here = first ? PAGE_SIZE : r.size;

		for (uint32_t i = 0; i < here; i++)
			CHECK(page[i] == (uint8_t)((at + i) * 3));
		at += here;
		if (!(r.flags & MORE_DATA))
			break;
		r = tx_next();
	}
	CHECK_EQ(at, len);
	CHECK_EQ(tx_waiting(), 0);
	CHECK_EQ(transmit(66000, true, 1448), -EMSGSIZE);
	end();
}

static void test_no_room(void)
{
	unsigned sent = 0;

	begin();
	while (transmit(60000, true, 1448) == 0)
		sent++;
	CHECK_EQ(sent, RING / 16);
	CHECK_EQ(client.sent, sent);
	CHECK_EQ(transmit(60000, true, 1448), -ENOBUFS);
	CHECK(!dev->ops->irq_enable(dev));
	CHECK(back.tx->rsp_event == 1); /* wants to be told of the next answer */
	CHECK_EQ(tx_serve(), sent);
	CHECK(dev->ops->irq_enable(dev));
	dev->ops->poll(dev, 0);
	CHECK(dev->ops->irq_enable(dev)); /* the client has not tried again */
	CHECK(!dev->ops->irq_enable(dev));
	CHECK_EQ(transmit(60000, true, 1448), 0);
	for (int i = 0; i < 1000; i++) { /* round and round */
		dev->ops->flush(dev);
		tx_serve();
		CHECK_EQ(transmit(60 + i % 3 * 5000, false, 0), 0);
	}
	end();
}

static void test_receives(void)
{
	static const uint32_t len[] = { 14, 60, 1514, 2046, 2047, 4096, 4097, 9000, 65535 };

	begin();
	client.check_bytes = true;
	for (unsigned round = 0; round < 50; round++)
		for (unsigned i = 0; i < ARRAY_SIZE(len); i++) {
			unsigned before = client.frames;

			rx_frame_of(len[i], i % 2 ? RX_DATA_VALIDATED : 0);
			CHECK_EQ(dev->ops->poll(dev, 64), 1);
			CHECK_EQ(client.frames, before + 1);
			CHECK_EQ(client.len, len[i]);
			CHECK_EQ(client.csum, i % 2 ? NETDEV_CSUM_GOOD : NETDEV_CSUM_UNKNOWN);
			CHECK_EQ(rx_waiting(), RX_PAGES_MAX);
		}
	rx_frame_of(30000, RX_CSUM_BLANK | EXTRA_INFO);
	CHECK_EQ(dev->ops->poll(dev, 64), 1);
	CHECK_EQ(client.len, 30000);
	CHECK_EQ(client.csum, NETDEV_CSUM_GOOD);
	end();
}

static void test_budget_and_events(void)
{
	begin();
	CHECK(!dev->ops->irq_enable(dev));
	for (int i = 0; i < 5; i++)
		rx_frame_of(100, 0);
	CHECK(dev->ops->irq_enable(dev));
	CHECK_EQ(dev->ops->poll(dev, 2), 2);
	CHECK_EQ(dev->ops->poll(dev, 64), 3);
	CHECK(!dev->ops->irq_enable(dev));
	CHECK_EQ(back.rx->rsp_event, back.rx_rsp + 1);
	xf_event[xf_number("front", "event-channel-rx")]->handle(of(dev));
	CHECK(client.woken > 0);
	end();
}

/* Frames that are not: they are dropped, and the next one comes through. */
static void test_drops(void)
{
	struct rx_response r;

	begin();
	rx_frame_of(13, 0); /* a runt */
	rx_next(&r);
	r.status = -1;
	r.flags = MORE_DATA;
	rx_answer(&r);
	rx_frame_of(100, 0); /* the rest of that */
	client.limit = 0;    /* no buffers */
	rx_frame_of(9000, 0);
	dev->ops->poll(dev, 64);
	CHECK_EQ(client.frames, 0);
	client.limit = 3;
	rx_frame_of(9000, 0);
	dev->ops->poll(dev, 64);
	CHECK_EQ(client.frames, 0);
	CHECK_EQ(client.live, 0);
	client.limit = 100;
	rx_frame_of(9000, 0);
	dev->ops->poll(dev, 64);
	CHECK_EQ(client.frames, 1);
	CHECK_EQ(rx_waiting(), RX_PAGES_MAX);
	end();
}

/* --- lies ---------------------------------------------------------------------------------------
 */

static void check_out_of_service(void)
{
	dev->ops->poll(dev, 64);
	CHECK(!dev->link_up);
	CHECK_EQ(transmit(60, false, 0), -ENODEV);
	CHECK_EQ(dev->ops->poll(dev, 64), 0);
	CHECK(!dev->ops->irq_enable(dev));
	CHECK_EQ(client.live, 0);
}

static void lie_tx_id(void)
{
	transmit(60, false, 0);
	dev->ops->flush(dev);
	tx_answer(RING, 0);
}

static void lie_tx_id_twice(void)
{
	transmit(60, false, 0);
	transmit(60, false, 0);
	dev->ops->flush(dev);
	struct tx_request r = tx_next();

	tx_answer(r.id, 0);
	tx_answer(r.id, 0);
}

static void lie_rx_id(void)
{
	struct rx_response r;

	rx_next(&r);
	r.id++;
	r.status = 60;
	rx_answer(&r);
	rx_show();
}

static void lie_rx_beyond_page(void)
{
	struct rx_response r;

	rx_next(&r);
	r.offset = 4000;
	r.status = 97;
	rx_answer(&r);
	rx_show();
}

static void lie_rx_far_offset(void)
{
	struct rx_response r;

	rx_next(&r);
	r.offset = 65535;
	r.status = INT16_MAX;
	rx_answer(&r);
	rx_show();
}

static void lie_rx_no_end(void)
{
	struct rx_response r;

	rx_next(&r);
	r.status = 60;
	r.flags = MORE_DATA;
	rx_answer(&r);
	rx_show();
}

static void lie_rx_too_many(void)
{
	for (int i = 0; i < 40; i++) {
		struct rx_response r;

		rx_next(&r);
		r.status = 1;
		r.flags = MORE_DATA;
		rx_answer(&r);
	}
	rx_show();
}

static void lie_extra_no_end(void)
{
	struct rx_response r;

	rx_next(&r);
	r.status = 60;
	r.flags = EXTRA_INFO;
	rx_answer(&r);
	for (int i = 0; i < 5; i++)
		rx_extra(EXTRA_FLAG_MORE);
	rx_show();
}

static void (*const lies[])(void) = { lie_tx_id,          lie_tx_id_twice,   lie_rx_id,
				      lie_rx_beyond_page, lie_rx_far_offset, lie_rx_no_end,
				      lie_rx_too_many,    lie_extra_no_end };

static void test_lies(void)
{
	for (unsigned i = 0; i < ARRAY_SIZE(lies); i++) {
		begin();
		lies[i]();
		check_out_of_service();
		/* One that begins anew is given another chance. */
		xf_state(XENBUS_CLOSED);
		CHECK_EQ(xf_number("front", "state"), XENBUS_INITIALISING);
		come_up();
		rx_frame_of(100, 0);
		CHECK_EQ(dev->ops->poll(dev, 64), 1);
		end();
	}
}

static void test_wrong_indexes(void)
{
	begin();
	back.rx->rsp_prod = back.rx->req_prod + 1;
	CHECK_EQ(dev->ops->poll(dev, 64), 0);
	CHECK(!dev->ops->irq_enable(dev));
	end();
	begin();
	back.tx->rsp_prod = 1;
	dev->ops->poll(dev, 64);
	CHECK_EQ(transmit(60, false, 0), -ENODEV);
	end();
	begin();
	back.rx->rsp_prod = 0x80000000;
	back.tx->rsp_prod = 0xffffffff;
	CHECK_EQ(dev->ops->poll(dev, 64), 0);
	end();
}

static void test_noise(void)
{
	uint32_t x = 12345;

	for (int round = 0; round < 3000; round++) {
		begin();
		transmit(5000, true, 1448);
		transmit(60, false, 0);
		dev->ops->flush(dev);
		for (unsigned i = 0; i < 512; i++) {
			x = x * 1664525 + 1013904223;
			back.rx->entries[i] = (uint8_t)(x >> 24) & (x >> 16 & 1 ? 7 : 0xff);
			back.tx->entries[i] = (uint8_t)(x >> 12) & (x >> 20 & 1 ? 7 : 0xff);
		}
		for (unsigned i = 0; i < 30; i++) /* ids that pass the first check */
			memcpy(rx_place(i), &(uint16_t){ (uint16_t)i }, 2);
		back.rx->rsp_prod = x % 30;
		back.tx->rsp_prod = x >> 8 & 3;
		dev->ops->poll(dev, 64);
		CHECK_EQ(client.live, 0);
		end();
		if (check_failures)
			return;
	}
}

/* --- a back end that goes ------------------------------------------------------------------------
 */

static void test_reconnects(void)
{
	begin();
	for (int i = 0; i < 10; i++) {
		transmit(9000, false, 0);
		rx_frame_of(9000, 0);
		dev->ops->flush(dev);
		if (i % 2)
			xf_state(XENBUS_CLOSING);
		CHECK_EQ(i % 2 ? transmit(60, false, 0) : 0, i % 2 ? -ENODEV : 0);
		xf_state(XENBUS_CLOSED);
		CHECK_EQ(dev->ops->poll(dev, 64), 0);
		CHECK(!dev->link_up);
		CHECK_EQ(xf_number("front", "state"), XENBUS_INITIALISING);
		come_up();
		CHECK(dev->link_up);
		CHECK_EQ(rx_waiting(), RX_PAGES_MAX);
		CHECK_EQ(of(dev)->tx_pool.nfree, of(dev)->tx_pool.npages);
		rx_frame_of(500, 0);
		CHECK_EQ(dev->ops->poll(dev, 64), 1);
		CHECK_EQ(transmit(60, false, 0), 0);
		dev->ops->flush(dev);
		CHECK_EQ(tx_serve(), 1);
		dev->ops->poll(dev, 64);
	}
	/* Taken away: nothing is said in a directory that is not there. */
	memset(xf_node, 0, sizeof(xf_node));
	xf_state(XENBUS_CLOSED);
	CHECK(!xf_get("front", "state"));
	offer_all();
	xf_state(XENBUS_INITIALISING);
	come_up();
	CHECK(dev->link_up);
	end();
}

/* The states in between were missed. */
static void test_comes_back_at_once(void)
{
	begin();
	transmit(9000, false, 0);
	come_up();
	CHECK(dev->link_up);
	CHECK_EQ(of(dev)->tx_pool.nfree, of(dev)->tx_pool.npages);
	/* One that can do less is not what the client goes by. */
	xf_state(XENBUS_CLOSING);
	xf_set("front", "state", "0");
	xf_set("back", "feature-gso-tcpv4", "0");
	come_up();
	dev->ops->poll(dev, 64);
	CHECK(!dev->link_up);
	end();
}

/* A client that never looks keeps the rings: they are not touched under its hands. */
static void test_client_that_sleeps(void)
{
	begin();
	client.sleeps = true;
	transmit(60, false, 0);
	xf_state(XENBUS_CLOSING);
	CHECK_EQ(get_phase(of(dev)), LEAVING);
	come_up();
	CHECK_EQ(get_phase(of(dev)), LEAVING);
	CHECK(dev->ops->irq_enable(dev));
	dev->ops->poll(dev, 64);
	CHECK_EQ(get_phase(of(dev)), DOWN);
	client.sleeps = false;
	come_up();
	CHECK(dev->link_up);
	end();
}

static void test_pages_that_stay_mapped(void)
{
	begin();
	struct netfront *n = of(dev);
	unsigned pages = n->rings.npages + n->tx_pool.npages + n->rx_pool.npages;
	long live = fake_live_blocks;

	xf_grants_stick = true;
	free_pools(n);
	CHECK_EQ(live - fake_live_blocks, 3); /* the lists, no page */
	CHECK_EQ(xf_grants(), pages);
	for (unsigned i = 0; i < XF_GRANTS; i++)
		if (xf_grant[i]) {
			page_free_exact(xf_grant[i], 1);
			xf_grant[i] = NULL;
			grant_free(i);
		}
	kfree(n);
}

int main(void)
{
	RUN(test_refused);
	RUN(test_connects);
	RUN(test_old_back_end);
	RUN(test_cannot_connect);
	RUN(test_without_memory);
	RUN(test_sends);
	RUN(test_sends_large);
	RUN(test_no_room);
	RUN(test_receives);
	RUN(test_budget_and_events);
	RUN(test_drops);
	RUN(test_lies);
	RUN(test_wrong_indexes);
	RUN(test_noise);
	RUN(test_reconnects);
	RUN(test_comes_back_at_once);
	RUN(test_client_that_sleeps);
	RUN(test_pages_that_stay_mapped);
	return check_done();
}
