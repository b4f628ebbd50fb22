// SPDX-License-Identifier: BSD-2-Clause
/*
 * netfront_device.h - Xen's network device as its two files have it, and nobody else: netfront.c
 * moves frames through the rings, netfront_connect.c agrees with the back end on them.
 *
 * Two sides take turns with the rings: the client's, under its lock, while the device is UP, and
 * the thread of XenStore while it is DOWN, which follows the back end's state, closes and connects.
 * `phase` says whose they are.
 */
#pragma once
#include "drivers/netdev.h"
#include "drivers/xen/event_channel.h"
#include "drivers/xen/pool.h"
#include "drivers/xen/ring.h"
#include "drivers/xen/xenbus.h"

/* Requests of either ring, public/io/netif.h. */
struct tx_request {
	uint32_t ref;
	uint16_t offset, flags, id;
	uint16_t size; /* of the first: of the whole frame */
};
struct rx_request {
	uint16_t id, pad;
	uint32_t ref;
};

#define RING           256 /* places of either ring */
#define FRAME_MAX      65535u
#define FRAME_PAGES    (FRAME_MAX / PAGE_SIZE + 1)
#define RX_BUF_BYTES   2048
#define ETHERNET_BYTES 14

enum phase {
	DOWN,       /* the store's thread's; not connected */
	CONNECTING, /* the store's thread's; the back end has been told everything */
	READY,      /* connected; the client takes over when it next looks */
	UP,         /* the client's */
	LEAVING,    /* the client is to let go when it next looks */
};

struct netfront {
	struct netdev netdev;
	struct xen_ring tx, rx;
	struct xen_pool tx_pool, rx_pool;
	bool tx_starved;        /* the client was told that there is no room, */
	bool tx_room;           /* and since then something came back */
	bool tx_busy[RING];     /* by page of the pool, which is the request's id */
	uint16_t rx_page[RING]; /* by place */
	uint32_t phase;         /* atomic */
	struct wait_queue changed;
	/* The store's thread's: */
	struct xenbus_device bus;
	struct xen_event event[2]; /* of both rings, or of sending and of receiving */
	struct xen_pool rings;     /* the rings' pages: 0 sends, 1 receives */
	unsigned rx_pages;
	bool split;
};

static inline struct netfront *of(struct netdev *d)
{
	return container_of(d, struct netfront, netdev);
}

static inline void set_phase(struct netfront *n, enum phase phase)
{
	__atomic_store_n(&n->phase, phase, __ATOMIC_RELEASE);
}

static inline enum phase get_phase(const struct netfront *n)
{
	return __atomic_load_n(&n->phase, __ATOMIC_ACQUIRE);
}

static inline bool try_phase(struct netfront *n, enum phase from, enum phase to)
{
	uint32_t old = from;

	return __atomic_compare_exchange_n(&n->phase, &old, to, false, __ATOMIC_ACQ_REL,
					   __ATOMIC_RELAXED);
}

/* netfront_ops - of the class. netfront_reset() - both rings as before the first frame; DOWN. In
 * netfront.c. */
extern const struct netdev_ops netfront_ops;
void netfront_reset(struct netfront *n);

/* netfront_stop() - as drivers/netdev.h has it. In netfront_connect.c. */
void netfront_stop(struct netdev *d);
