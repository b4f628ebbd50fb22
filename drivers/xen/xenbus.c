// SPDX-License-Identifier: BSD-2-Clause
#include "drivers/xen/xenbus.h"
#include <errno.h>
#include <string.h>
#include "kernel/heap.h"
#include "lib/base/fmt.h"

#define TRIES_MAX 10 /* of a transaction that others disturb */

/* The number that a whole name is; false: it is none, or no device has it. */
static bool name_number(const char *name, uint32_t *out)
{
	uint64_t v = 0;

	if (!*name || (name[0] == '0' && name[1]))
		return false;
	for (; *name; name++) {
		if (*name < '0' || *name > '9')
			return false;
		v = v * 10 + (uint64_t)(*name - '0');
		if (v > INT32_MAX)
			return false;
	}
	*out = (uint32_t)v;
	return true;
}

/* The smallest number >= from in a list of names. */
static bool next_number(const char *names, size_t len, uint32_t from, uint32_t *out)
{
	bool found = false;

	for (size_t at = 0; at < len; at += strlen(names + at) + 1) {
		uint32_t v;

		if (!name_number(names + at, &v) || v < from || (found && v >= *out))
			continue;
		found = true;
		*out = v;
	}
	return found;
}

static int find_number(const char *class, unsigned n, uint32_t *number)
{
	char *names = kalloc(XENSTORE_PAYLOAD + 1);
	uint32_t from = 0;
	int len, ret = 0;

	if (!names)
		return -ENOMEM;
	len = xenstore_list(XENSTORE_NO_TX, "device", class, names, XENSTORE_PAYLOAD + 1);
	if (len < 0)
		ret = len == -ENOENT ? -ENODEV : len;
	for (unsigned i = 0; !ret && i <= n; i++, from = *number + 1)
		if (!next_number(names, (size_t)len, from, number))
			ret = -ENODEV;
	kfree(names);
	return ret;
}

int xenbus_open(const char *class, unsigned n, struct xenbus_device *d)
{
	uint32_t number = 0;
	uint64_t peer;
	int ret = find_number(class, n, &number);

	if (ret)
		return ret;
	memset(d, 0, sizeof(*d));
	wait_queue_init(&d->wait);
	fmt_snprintf(d->front, sizeof(d->front), "device/%s/%u", class, number);
	ret = xenstore_read(XENSTORE_NO_TX, d->front, "backend", d->back, sizeof(d->back));
	if (ret > 0)
		ret = xenstore_read_uint(XENSTORE_NO_TX, d->front, "backend-id", XEN_DOMID_SELF - 1,
					 &peer);
	else if (ret == 0)
		ret = -EINVAL;
	if (ret == -ENODEV)
		ret = -EIO; /* it is there, and of no use */
	if (!ret)
		d->peer = (xen_domid_t)peer;
	return ret;
}

static void look(struct xenstore_watch *w)
{
	struct xenbus_device *d = container_of(w, struct xenbus_device, watch);
	uint64_t state = XENBUS_UNKNOWN;
	int ret = xenstore_read_uint(XENSTORE_NO_TX, d->back, "state", XENBUS_RECONFIGURED, &state);

	if (ret == -ENOENT && d->back_state != XENBUS_UNKNOWN)
		state = XENBUS_CLOSED; /* taken away */
	else if (ret && ret != -ENOENT && ret != -EINVAL)
		return; /* the store is out of order, not the back end */
	if (READ_ONCE(d->back_state) == state)
		return;
	WRITE_ONCE(d->back_state, (uint8_t)state);
	wait_queue_wake_all(&d->wait);
	if (d->changed)
		d->changed(d);
}

int xenbus_follow(struct xenbus_device *d)
{
	d->watch.changed = look;
	return xenstore_watch(&d->watch, d->back, "state");
}

void xenbus_forget(struct xenbus_device *d)
{
	xenstore_unwatch(&d->watch);
}

int xenbus_set_state(struct xenbus_device *d, xenstore_tx_t tx, enum xenbus_state state)
{
	return xenstore_write(tx, d->front, "state", "%u", (unsigned)state);
}

/* A state that it is in before it has looked at us is none of those that end the waiting. */
int xenbus_wait(struct xenbus_device *d, unsigned states, ns_t deadline)
{
	const unsigned over = 1u << XENBUS_CLOSING | 1u << XENBUS_CLOSED;
	int ret = wait_event_until(&d->wait, 1u << READ_ONCE(d->back_state) & (states | over),
				   deadline);

	if (ret)
		return ret;
	return 1u << READ_ONCE(d->back_state) & states ? 0 : -ENODEV;
}

uint64_t xenbus_feature(struct xenbus_device *d, const char *name, uint64_t max, uint64_t fallback)
{
	uint64_t v;

	return xenstore_read_uint(XENSTORE_NO_TX, d->back, name, max, &v) ? fallback : v;
}

static int publish_once(struct xenbus_device *d,
			int (*fill)(struct xenbus_device *d, xenstore_tx_t tx, void *arg),
			void *arg, enum xenbus_state state)
{
	xenstore_tx_t tx;
	int ret = xenstore_begin(&tx);

	if (ret)
		return ret;
	ret = fill(d, tx, arg);
	if (!ret)
		ret = xenbus_set_state(d, tx, state);
	if (!ret)
		return xenstore_commit(tx);
	xenstore_abort(tx);
	return ret;
}

int xenbus_publish(struct xenbus_device *d,
		   int (*fill)(struct xenbus_device *d, xenstore_tx_t tx, void *arg), void *arg,
		   enum xenbus_state state)
{
	int ret = -EAGAIN;

	for (unsigned tries = 0; ret == -EAGAIN && tries < TRIES_MAX; tries++)
		ret = publish_once(d, fill, arg, state);
	return ret;
}
