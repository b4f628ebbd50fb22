// SPDX-License-Identifier: BSD-2-Clause
/*
 * netfront_connect.c - how Xen's network device and its back end agree on rings, and begin anew.
 */
#include <errno.h>
#include "drivers/xen/netfront.h"
#include "drivers/xen/netfront_device.h"
#include "drivers/xen/platform.h"
#include "kernel/heap.h"
#include "kernel/log.h"

#define RX_PAGES_MIN 32u
#define RX_PAGES_MAX 128u
#define MTU_DEFAULT  1500
#define MTU_MIN      68                           /* RFC 791 */
#define MTU_MAX      (FRAME_MAX - ETHERNET_BYTES) /* with scatter-gather */
#define MTU_ONE_PAGE ((unsigned)PAGE_SIZE - ETHERNET_BYTES - 4)
#define CONNECT_NS   (20 * NS_PER_S)
#define HAND_OVER_NS (5 * NS_PER_S)

static void wake_client(struct netfront *n)
{
	struct netdev_client *c = READ_ONCE(n->netdev.client);

	if (c)
		c->wake(c);
}

/* Interrupt context. */
static void on_event(void *arg)
{
	wake_client(arg);
}

static int write_features(struct xenbus_device *x, xenstore_tx_t tx)
{
	static const char *const offers[] = { "request-rx-copy",   "feature-rx-notify",
					      "feature-sg",        "feature-gso-tcpv4",
					      "feature-gso-tcpv6", "feature-ipv6-csum-offload" };
	int err = 0;

	for (unsigned i = 0; i < ARRAY_SIZE(offers) && !err; i++)
		err = xenstore_write(tx, x->front, offers[i], "1");
	return err;
}

static int write_ring(struct netfront *n, xenstore_tx_t tx)
{
	const char *front = n->bus.front;
	int err = xenstore_write(tx, front, "tx-ring-ref", "%u", n->rings.page[0].ref);

	if (!err)
		err = xenstore_write(tx, front, "rx-ring-ref", "%u", n->rings.page[1].ref);
	if (!err)
		err = xenstore_write(tx, front, n->split ? "event-channel-tx" : "event-channel",
				     "%u", n->event[0].port);
	if (!err && n->split)
		err = xenstore_write(tx, front, "event-channel-rx", "%u", n->event[1].port);
	return err;
}

static int fill(struct xenbus_device *x, xenstore_tx_t tx, void *arg)
{
	int err = write_ring(arg, tx);

	return err ? err : write_features(x, tx);
}

static bool offers(struct netfront *n, const char *feature)
{
	return xenbus_feature(&n->bus, feature, 1, 0);
}

/* What the back end takes, for the client. */
static uint32_t read_features(struct netfront *n)
{
	bool sg = offers(n, "feature-sg");
	uint32_t f = NETDEV_RX_CSUM;

	if (!offers(n, "feature-no-csum-offload") && offers(n, "feature-ipv6-csum-offload"))
		f |= NETDEV_TX_CSUM;
	if (sg && f & NETDEV_TX_CSUM && offers(n, "feature-gso-tcpv4"))
		f |= NETDEV_TSO4;
	if (sg && f & NETDEV_TX_CSUM && offers(n, "feature-gso-tcpv6"))
		f |= NETDEV_TSO6;
	n->split = offers(n, "feature-split-event-channels");
	return f;
}

static void close_events(struct netfront *n)
{
	for (unsigned i = 0; i < ARRAY_SIZE(n->event); i++)
		if (n->event[i].port)
			xen_event_close(&n->event[i]);
}

static int open_events(struct netfront *n)
{
	int err = xen_event_open(&n->event[0], n->bus.peer);

	if (!err && n->split)
		err = xen_event_open(&n->event[1], n->bus.peer);
	if (err)
		close_events(n);
	return err;
}

static int connect(struct netfront *n)
{
	uint32_t features = read_features(n);
	int err;

	if (!offers(n, "feature-rx-copy"))
		return -EOPNOTSUPP; /* it would want to have our pages */
	if (n->netdev.client && n->netdev.features & ~features)
		return -EOPNOTSUPP; /* the client goes by what the last one could do */
	if (!n->netdev.client)
		n->netdev.features = features;
	if (!offers(n, "feature-sg") && n->netdev.mtu > MTU_ONE_PAGE)
		n->netdev.mtu = MTU_ONE_PAGE;
	netfront_reset(n);
	err = open_events(n);
	if (err)
		return err;
	set_phase(n, CONNECTING);
	err = xenbus_publish(&n->bus, fill, n, XENBUS_CONNECTED);
	if (err) {
		set_phase(n, DOWN);
		close_events(n);
	}
	return err;
}

/* Get the rings back from the client. It is woken, and looks soon; a client that does not is a bug
 * of ours, and keeps them. */
static bool take_back(struct netfront *n)
{
	if (try_phase(n, UP, LEAVING)) {
		wake_client(n);
		(void)wait_event_until(&n->changed, get_phase(n) == DOWN,
				       time_deadline(HAND_OVER_NS));
	}
	if (try_phase(n, READY, DOWN) || try_phase(n, CONNECTING, DOWN))
		return true;
	return get_phase(n) == DOWN;
}

static void disconnect(struct netfront *n)
{
	if (get_phase(n) != DOWN)
		log_warn("%s: the back end is going", n->netdev.name);
	if (take_back(n))
		close_events(n);
	else
		log_err("%s: in use for ever", n->netdev.name);
}

static void show(struct netfront *n, enum xenbus_state state)
{
	if (xenbus_set_state(&n->bus, XENSTORE_NO_TX, state))
		log_warn("%s: state %d cannot be told", n->netdev.name, state);
}

/* Both ends are closed: one that will come back waits for us to begin anew. Where there is nothing
 * left, nothing is said: what is put in its place begins by itself. */
static void begin_again(struct netfront *n)
{
	uint64_t online = xenbus_feature(&n->bus, "online", 1, UINT64_MAX);

	if (online <= 1)
		show(n, online ? XENBUS_INITIALISING : XENBUS_CLOSED);
}

/* In the store's thread: the back end's state has changed. It may have changed twice. */
static void on_state(struct xenbus_device *x)
{
	struct netfront *n = container_of(x, struct netfront, bus);
	int err;

	switch (READ_ONCE(x->back_state)) {
	case XENBUS_INIT_WAIT:
		disconnect(n);
		err = get_phase(n) == DOWN ? connect(n) : -EBUSY;
		if (err)
			log_err("%s: cannot be connected: %d", n->netdev.name, err);
		break;
	case XENBUS_CONNECTED:
		if (try_phase(n, CONNECTING, READY)) {
			wait_queue_wake_all(&n->changed);
			wake_client(n);
		}
		break;
	case XENBUS_CLOSING:
		disconnect(n);
		show(n, XENBUS_CLOSED);
		break;
	case XENBUS_CLOSED:
		disconnect(n);
		begin_again(n);
		break;
	default:
		break;
	}
}

/* --- life ------------------------------------------------------------------------------------- */

void netfront_stop(struct netdev *d)
{
	struct netfront *n = of(d);

	d->link_up = false;
	xenbus_forget(&n->bus);
	if (try_phase(n, UP, DOWN) || take_back(n))
		close_events(n);
	show(n, XENBUS_CLOSED);
}

/* "00:16:3e:01:02:03" */
static bool parse_mac(const char *text, uint8_t *mac)
{
	for (unsigned i = 0; i < 17; i++) {
		unsigned digit = (unsigned char)text[i] | 0x20u;

		if (i % 3 == 2) {
			if (text[i] != ':')
				return false;
			continue;
		}
		if (digit - '0' < 10)
			digit -= '0';
		else if (digit - 'a' < 6)
			digit -= 'a' - 10;
		else
			return false;
		mac[i / 3] = (uint8_t)(mac[i / 3] << 4 | digit);
	}
	return text[17] == '\0';
}

static int read_config(struct netfront *n)
{
	char text[20];
	uint64_t mtu;
	int len = xenstore_read(XENSTORE_NO_TX, n->bus.front, "mac", text, sizeof(text));

	if (len < 0)
		return len;
	if (len != 17 || !parse_mac(text, n->netdev.mac))
		return -EIO;
	n->netdev.mtu = MTU_DEFAULT;
	if (xenstore_read_uint(XENSTORE_NO_TX, n->bus.front, "mtu", MTU_MAX, &mtu) == 0 &&
	    mtu >= MTU_MIN)
		n->netdev.mtu = (uint16_t)mtu;
	return 0;
}

/* Receive pages get up to a thirty-second of what is free. */
static unsigned choose_rx_pages(void)
{
	struct page_stats stats;

	page_get_stats(&stats);
	return (unsigned)MIN(MAX(stats.free_pages / 32, (size_t)RX_PAGES_MIN),
			     (size_t)RX_PAGES_MAX);
}

static int make_pools(struct netfront *n)
{
	xen_domid_t peer = n->bus.peer;
	int err = xen_pool_init(&n->rings, peer, 2, 2);

	if (!err)
		err = xen_pool_init(&n->tx_pool, peer, RING, FRAME_PAGES);
	if (!err)
		err = xen_pool_init(&n->rx_pool, peer, n->rx_pages, n->rx_pages);
	return err;
}

static void free_pools(struct netfront *n)
{
	xen_pool_end(&n->rx_pool);
	xen_pool_end(&n->tx_pool);
	xen_pool_end(&n->rings);
}

static bool is_settled(const struct netfront *n)
{
	return get_phase(n) == READY;
}

static int setup(struct netfront *n)
{
	int err = read_config(n);

	if (err)
		return err;
	n->rx_pages = choose_rx_pages();
	err = make_pools(n);
	if (!err) {
		n->bus.changed = on_state;
		err = xenbus_follow(&n->bus);
	}
	if (err)
		goto free;
	err = wait_event_until(&n->changed, is_settled(n), time_deadline(CONNECT_NS));
	if (!err)
		return 0;
	xenbus_forget(&n->bus);
	if (take_back(n))
		close_events(n);
	show(n, XENBUS_CLOSED);
free:
	free_pools(n);
	return err;
}

int xen_netfront_probe(unsigned index, struct netdev **out)
{
	struct netfront *n;
	int err;

	if (!xen_present())
		return -ENODEV;
	n = kzalloc(sizeof(*n));
	if (!n)
		return -ENOMEM;
	xen_platform_start();
	n->netdev.name = "xen-net";
	n->netdev.ops = &netfront_ops;
	wait_queue_init(&n->changed);
	for (unsigned i = 0; i < ARRAY_SIZE(n->event); i++)
		n->event[i] = (struct xen_event){ .handle = on_event, .arg = n };
	err = xenbus_open("vif", index, &n->bus);
	if (!err)
		err = xen_platform_unplug(XEN_UNPLUG_NICS);
	if (!err)
		err = setup(n);
	if (err) {
		if (err != -ENODEV)
			log_warn("xen-net %u cannot be used: %d", index, err);
		kfree(n);
		return err;
	}
	n->netdev.rx_buf_bytes = RX_BUF_BYTES;
	n->netdev.tx_slots = RING;
	*out = &n->netdev;
	return 0;
}
