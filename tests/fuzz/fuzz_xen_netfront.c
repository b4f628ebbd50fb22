// SPDX-License-Identifier: BSD-2-Clause
/*
 * netfront against a back end that does what the input says with both rings, its offers and its
 * states. The client counts its buffers: when all is over it has them all back, and no page is
 * granted any more.
 */
// link: drivers/xen/pool.c kernel/wait.c
#include "tests/fuzz/xen_back.h"
#include "drivers/xen/netfront.c"
#include "drivers/xen/netfront_connect.c"
#include "tests/fuzz/net_client.h"

#define STEPS 300

static unsigned sent, done;
static struct xen_back tx, rx;
static struct netdev *dev;

void page_get_stats(struct page_stats *out)
{
	*out = (struct page_stats){ 2000, 32 };
}

static void tx_done(struct netdev_client *c, void *cookie)
{
	FUZZ_ASSERT(cookie == &sent);
	done++;
}

static void wake(struct netdev_client *c)
{
	if (dev && get_phase(of(dev)) != UP)
		dev->ops->poll(dev, 64);
}

static struct netdev_client client = { rx_alloc, rx_free, rx_came, tx_done, wake };

static void transmit(struct fuzz_input *in)
{
	static const uint8_t frame[40000];
	uint8_t how = fuzz_byte(in);
	struct net_segment s[3] = { { frame, 54 }, { frame, how * 8u }, { frame + 99, how * 97u } };
	struct netdev_tx t = { .segment = s,
			       .nsegment = 1 + how % 3,
			       .cookie = &sent,
			       .needs_csum = how & 8,
			       .gso_bytes = how & 16 ? 1448 : 0,
			       .ipv6 = how & 32 };

	if (dev->ops->transmit(dev, &t) == 0)
		sent++;
	if (how & 64)
		dev->ops->flush(dev);
}

static void answer_tx(struct fuzz_input *in)
{
	uint8_t how = fuzz_byte(in);
	struct tx_response r = { .id = fuzz_byte(in), .status = (int16_t)(how >> 4) - 1 };
	const struct tx_request *q = back_place(&tx, tx.rsp);

	if (how & 1) /* what was asked */
		r.id = q->id;
	if (how & 2)
		r.id = fuzz_u16(in);
	back_put(&tx, &r, sizeof(r));
	if (how & 4)
		back_show(&tx);
}

static void answer_rx(struct fuzz_input *in)
{
	uint8_t how = fuzz_byte(in);
	struct rx_response r = { .id = (uint16_t)(rx.rsp & (RING - 1)),
				 .flags = fuzz_byte(in) & 15,
				 .status = (int16_t)(fuzz_u16(in) % (PAGE_SIZE + 1)) };

	if (how & 1)
		r.offset = fuzz_u16(in) % (PAGE_SIZE + 2);
	if (how & 2)
		r.status = (int16_t)fuzz_u16(in);
	if ((how & 0x30) == 0x30)
		r.id = fuzz_u16(in);
	for (unsigned n = how & 0x40 ? 20 : 1; n; n--, r.id++)
		back_put(&rx, &r, sizeof(r));
	if (how & 4)
		back_show(&rx);
}

/* A back end looks at what it was told before it says that it is connected. */
static void change_state(enum xenbus_state state)
{
	if (state == XENBUS_CONNECTED) {
		tx = (struct xen_back){ back_page("tx-ring-ref"), sizeof(struct tx_request), RING,
					0 };
		rx = (struct xen_back){ back_page("rx-ring-ref"), sizeof(struct rx_request), RING,
					0 };
	}
	xf_state(state);
}

static void come_up(void)
{
	change_state(XENBUS_INIT_WAIT);
	change_state(XENBUS_CONNECTED);
}

static const char *const nodes[][2] = {
	{ "back", "feature-sg" },
	{ "back", "feature-gso-tcpv4" },
	{ "back", "feature-gso-tcpv6" },
	{ "back", "feature-rx-copy" },
	{ "back", "feature-ipv6-csum-offload" },
	{ "back", "feature-split-event-channels" },
	{ "back", "feature-no-csum-offload" },
	{ "back", "online" },
	{ "front", "mac" },
	{ "front", "mtu" },
};

static void step(struct fuzz_input *in)
{
	uint8_t what = fuzz_byte(in);

	switch (what & 7) {
	case 0:
		transmit(in);
		break;
	case 1:
		if (tx.page)
			answer_tx(in);
		break;
	case 2:
	case 3:
		if (rx.page)
			answer_rx(in);
		break;
	case 4:
		if (tx.page && rx.page)
			back_scribble(what & 8 ? &tx : &rx, in);
		break;
	case 5:
		if (what & 8)
			back_set(nodes, ARRAY_SIZE(nodes), in);
		else
			change_state((what >> 4) % 9);
		break;
	case 6:
		(void)dev->ops->irq_enable(dev);
		if (xf_event[1])
			xf_event[1]->handle(xf_event[1]->arg);
		break;
	default:
		FUZZ_ASSERT(dev->ops->poll(dev, what >> 3) <= what >> 3);
	}
}

static void begin(struct fuzz_input *in)
{
	uint8_t offers = fuzz_byte(in);

	fake_reset();
	xf_reset();
	taken = sent = done = 0;
	for (unsigned i = 0; i < BUFFERS; i++)
		buffers[i].taken = false;
	tx = rx = (struct xen_back){ 0 };
	dev = NULL;
	xf_set("front", "mac", "00:16:3e:0a:0b:0c");
	xf_set("back", "feature-rx-copy", "1");
	xf_set("back", "online", "1");
	for (unsigned i = 0; i < 8; i++)
		if (offers >> i & 1)
			xf_set(nodes[i][0], nodes[i][1], "1");
	xf_followed = come_up;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct fuzz_input in = { data, data + len };
	struct netfront *n;

	begin(&in);
	if (fuzz_byte(&in) & 128)
		back_set(nodes, ARRAY_SIZE(nodes), &in);
	if (xen_netfront_probe(0, &dev) == 0) {
		n = of(dev);
		FUZZ_ASSERT(dev->mtu >= MTU_MIN);
		FUZZ_ASSERT(dev->ops->start(dev, &client) == 0);
		for (unsigned i = 0; i < STEPS && fuzz_left(&in); i++)
			step(&in);
		dev->ops->stop(dev);
		FUZZ_ASSERT(get_phase(n) == DOWN);
		free_pools(n);
		kfree(n);
	}
	FUZZ_ASSERT(taken == 0 && done == sent && xf_grants() == 0 && check_failures == 0);
	for (unsigned i = 0; i < XF_EVENTS; i++)
		FUZZ_ASSERT(!xf_event[i]);
	return 0;
}
