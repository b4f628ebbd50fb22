// SPDX-License-Identifier: BSD-2-Clause
/*
 * xenbus.h - how a driver's two ends find each other by XenStore: the front end's directory
 * device/CLASS/N names the back end's directory and domain, and each end shows its state in its
 * own. Ref: public/io/xenbus.h; public/io/blkif.h and netif.h on who does what in which state.
 *
 * Threading: threads, sleeps. Errors: -errno of drivers/xen/xenstore.h; -ENODEV no such device.
 */
#pragma once
#include "drivers/xen/grant.h"
#include "drivers/xen/xenstore.h"
#include "kernel/wait.h"

enum xenbus_state {
	XENBUS_UNKNOWN, /* no such node yet; one that goes away is XENBUS_CLOSED */
	XENBUS_INITIALISING,
	XENBUS_INIT_WAIT,
	XENBUS_INITIALISED,
	XENBUS_CONNECTED,
	XENBUS_CLOSING,
	XENBUS_CLOSED,
	XENBUS_RECONFIGURING,
	XENBUS_RECONFIGURED,
};

struct xenbus_device {
	char front[XENSTORE_PATH_BYTES]; /* directory of this end, "device/vif/0" */
	char back[XENSTORE_PATH_BYTES];  /* of the other end, absolute */
	xen_domid_t peer;                /* the other end's domain */
	uint8_t back_state;              /* enum xenbus_state as last seen; atomic */
	struct wait_queue wait;          /* back_state changed */
	/* NULL or, set by the driver before xenbus_follow(): back_state changed. In the store's
	 * thread; may sleep, may not call xenbus_wait(). */
	void (*changed)(struct xenbus_device *d);
	struct xenstore_watch watch;
};

/*
 * xenbus_open() - the n-th device of a class, in order of its number in XenStore.
 *
 * class   "vif", "vbd"
 * n       0, 1, … as drivers/netdev_table.c counts
 * d       filled in on success; nothing is written to XenStore
 *
 * Returns 0; -ENODEV no more of them (or no Xen); another -errno: the entry is there and cannot
 * be used.
 */
int xenbus_open(const char *class, unsigned n, struct xenbus_device *d) UNIK_MUST_CHECK;

/* xenbus_follow() - keep back_state up to date from now on. xenbus_forget() - no more; then *d may
 * be freed. */
int xenbus_follow(struct xenbus_device *d) UNIK_MUST_CHECK;
void xenbus_forget(struct xenbus_device *d);

/* xenbus_set_state() - show this end's state; tx or XENSTORE_NO_TX. 0 or -errno. */
int xenbus_set_state(struct xenbus_device *d, xenstore_tx_t tx,
		     enum xenbus_state state) UNIK_MUST_CHECK;

/*
 * xenbus_wait() - until the back end is in one of some states; xenbus_follow() came before.
 *
 * states   1 << state, or several of them
 *
 * Returns 0; -ETIMEDOUT; -ENODEV the back end is closing, closed or gone and that is not waited
 * for.
 */
int xenbus_wait(struct xenbus_device *d, unsigned states, ns_t deadline) UNIK_MUST_CHECK;

/*
 * xenbus_feature() - a number in the back end's directory, for offers: `fallback` where the node
 * is not there or is no number up to max.
 */
uint64_t xenbus_feature(struct xenbus_device *d, const char *name, uint64_t max, uint64_t fallback);

/*
 * xenbus_publish() - write what the other end needs, all at once: calls fill(d, tx, arg), which
 * writes with tx and returns 0 or -errno, in a transaction, again when that was disturbed; then
 * sets the state in the same one.
 */
int xenbus_publish(struct xenbus_device *d,
		   int (*fill)(struct xenbus_device *d, xenstore_tx_t tx, void *arg), void *arg,
		   enum xenbus_state state) UNIK_MUST_CHECK;
