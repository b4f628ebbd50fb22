// SPDX-License-Identifier: BSD-2-Clause
/*
 * xen_front.h - what stands in for Xen around a front end in a host test: a store that is a list of
 * texts, grants that are a table of pages, event channels that count. Include it in one file of a
 * test; the other end is the test's.
 */
#pragma once
#include <errno.h>
#include <stdarg.h>
#include "drivers/xen/event_channel.h"
#include "drivers/xen/grant.h"
#include "drivers/xen/platform.h"
#include "drivers/xen/xenbus.h"
#include "kernel/heap.h"
#include "tests/host/fake/fake.h"

#define XF_NODES  64
#define XF_GRANTS 1024
#define XF_EVENTS 8

static struct {
	char path[160], text[64];
} xf_node[XF_NODES];
static void *xf_grant[XF_GRANTS]; /* by reference; NULL: grants nothing */
static bool xf_grant_taken[XF_GRANTS];
static bool xf_grants_stick; /* the peer has all of them mapped */
static struct xen_event *xf_event[XF_EVENTS];
static unsigned xf_notified[XF_EVENTS];
static struct xenbus_device *xf_bus; /* that is followed */
static int xf_store_error;           /* of every write, if not 0 */
static unsigned xf_unplugged;        /* enum xen_unplug, all so far */
static int xf_unplug_error;          /* of the device model, if not 0 */
/* What the back end does when it is first looked at. */
static void (*xf_followed)(void);
bool xen_is_guest = true;

static void xf_set(const char *dir, const char *name, const char *text)
{
	char path[160];
	unsigned i = 0;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	while (i < XF_NODES - 1 && xf_node[i].path[0] && strcmp(xf_node[i].path, path) != 0)
		i++;
	strcpy(xf_node[i].path, path);
	snprintf(xf_node[i].text, sizeof(xf_node[i].text), "%s", text);
}

static const char *xf_get(const char *dir, const char *name)
{
	char path[160];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	for (unsigned i = 0; i < XF_NODES; i++)
		if (strcmp(xf_node[i].path, path) == 0)
			return xf_node[i].text;
	return NULL;
}

static uint32_t xf_number(const char *dir, const char *name)
{
	const char *text = xf_get(dir, name);

	return text ? (uint32_t)strtoul(text, NULL, 10) : 0;
}

static void xf_reset(void)
{
	memset(xf_node, 0, sizeof(xf_node));
	memset(xf_event, 0, sizeof(xf_event));
	memset(xf_notified, 0, sizeof(xf_notified));
	xf_grants_stick = false;
	xf_store_error = xf_unplug_error = 0;
	xf_unplugged = 0;
	xf_bus = NULL;
}

void xen_platform_start(void)
{
}

int xen_platform_unplug(unsigned kinds)
{
	if (!xf_unplug_error)
		xf_unplugged |= kinds;
	return xf_unplug_error;
}

/* All grants are given back. */
static inline unsigned xf_grants(void)
{
	unsigned n = 0;

	for (unsigned i = 0; i < XF_GRANTS; i++)
		n += xf_grant_taken[i];
	return n;
}

/* The back end's state is now this, and the front end is told. */
static void xf_state(enum xenbus_state state)
{
	if (!xf_bus)
		return;
	xf_bus->back_state = (uint8_t)state;
	wait_queue_wake_all(&xf_bus->wait);
	xf_bus->changed(xf_bus);
}

/* --- drivers/xen -------------------------------------------------------------------------- */

int xenstore_write(xenstore_tx_t tx, const char *dir, const char *name, const char *format, ...)
{
	char text[64];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	if (!xf_store_error)
		xf_set(dir, name, text);
	return xf_store_error;
}

int xenstore_read(xenstore_tx_t tx, const char *dir, const char *name, char *out, size_t size)
{
	const char *text = xf_get(dir, name);

	if (!text)
		return -ENOENT;
	if (strlen(text) >= size)
		return -ERANGE;
	strcpy(out, text);
	return (int)strlen(text);
}

int xenstore_read_uint(xenstore_tx_t tx, const char *dir, const char *name, uint64_t max,
		       uint64_t *out)
{
	const char *text = xf_get(dir, name);
	uint64_t v;

	if (!text)
		return -ENOENT;
	v = strtoull(text, NULL, 10);
	if (v > max)
		return -EINVAL;
	*out = v;
	return 0;
}

int xenbus_open(const char *class, unsigned n, struct xenbus_device *d)
{
	if (n > 0)
		return -ENODEV;
	memset(d, 0, sizeof(*d));
	wait_queue_init(&d->wait);
	strcpy(d->front, "front");
	strcpy(d->back, "back");
	return 0;
}

int xenbus_follow(struct xenbus_device *d)
{
	xf_bus = d;
	if (xf_followed)
		xf_followed();
	return 0;
}

void xenbus_forget(struct xenbus_device *d)
{
	xf_bus = NULL;
}

int xenbus_set_state(struct xenbus_device *d, xenstore_tx_t tx, enum xenbus_state state)
{
	return xenstore_write(tx, d->front, "state", "%u", (unsigned)state);
}

uint64_t xenbus_feature(struct xenbus_device *d, const char *name, uint64_t max, uint64_t fallback)
{
	uint64_t v;

	return xenstore_read_uint(XENSTORE_NO_TX, d->back, name, max, &v) ? fallback : v;
}

int xenbus_publish(struct xenbus_device *d,
		   int (*fill)(struct xenbus_device *d, xenstore_tx_t tx, void *arg), void *arg,
		   enum xenbus_state state)
{
	int err = fill(d, 1, arg);

	return err ? err : xenbus_set_state(d, 1, state);
}

int grant_page(grant_ref_t *ref, xen_domid_t peer, const void *p, bool read_only)
{
	for (grant_ref_t i = 8; i < XF_GRANTS; i++)
		if (!xf_grant_taken[i]) {
			xf_grant_taken[i] = true;
			xf_grant[i] = (void *)p;
			*ref = i;
			return 0;
		}
	return -ENOSPC;
}

bool grant_clear(grant_ref_t ref)
{
	if (!xf_grants_stick)
		xf_grant[ref] = NULL;
	return !xf_grants_stick;
}

void grant_free(grant_ref_t ref)
{
	CHECK(xf_grant_taken[ref] && !xf_grant[ref]);
	xf_grant_taken[ref] = false;
}

int xen_event_open(struct xen_event *e, xen_domid_t remote)
{
	for (uint32_t i = 1; i < XF_EVENTS; i++)
		if (!xf_event[i]) {
			xf_event[i] = e;
			e->port = i;
			return 0;
		}
	return -ENOSPC;
}

void xen_event_close(struct xen_event *e)
{
	CHECK(xf_event[e->port] == e);
	xf_event[e->port] = NULL;
	e->port = 0;
}

void xen_event_notify(uint32_t port)
{
	CHECK(port > 0 && port < XF_EVENTS && xf_event[port]);
	xf_notified[port]++;
}
