// SPDX-License-Identifier: BSD-2-Clause
#include "drivers/xen/xenstore_ring.h"
#include <errno.h>
#include "drivers/xen/event_channel.h"

#define RING_BYTES      1024u
#define CAN_RECONNECT   (1u << 0)
#define STATE_CONNECTED 0
#define STATE_RECONNECT 1

struct rings {
	char req[RING_BYTES], rsp[RING_BYTES];
	uint32_t req_cons, req_prod;
	uint32_t rsp_cons, rsp_prod;
	uint32_t features;
	uint32_t connection;
};

bool xenstore_ring_in_message;

static struct rings *rings;
static uint32_t port, req_prod, rsp_cons;
static bool restarting;

static void take_indices(void)
{
	req_prod = READ_ONCE(rings->req_prod);
	rsp_cons = READ_ONCE(rings->rsp_cons);
}

int xenstore_ring_open(void)
{
	uint64_t frame, number;

	if (rings)
		return 0;
	if (!xen_present() || xen_get_param(XEN_PARAM_STORE_PFN, &frame) ||
	    xen_get_param(XEN_PARAM_STORE_PORT, &number) || !frame || !number)
		return -ENODEV;
	rings = xen_map_frame(frame);
	if (!rings)
		return -ENOMEM;
	port = (uint32_t)number;
	take_indices();
	return 0;
}

uint32_t xenstore_ring_port(void)
{
	return port;
}

static uint32_t written(void)
{
	return req_prod - __atomic_load_n(&rings->req_cons, __ATOMIC_ACQUIRE);
}

uint32_t xenstore_ring_room(void)
{
	uint32_t used = written();

	return used <= RING_BYTES ? RING_BYTES - used : 0;
}

uint32_t xenstore_ring_waiting(void)
{
	uint32_t n = __atomic_load_n(&rings->rsp_prod, __ATOMIC_ACQUIRE) - rsp_cons;

	return n <= RING_BYTES ? n : 0;
}

bool xenstore_ring_sane(void)
{
	return written() <= RING_BYTES && READ_ONCE(rings->rsp_prod) - rsp_cons <= RING_BYTES;
}

bool xenstore_ring_is_taken(void)
{
	return written() == 0;
}

size_t xenstore_ring_write(const void *bytes, size_t len)
{
	size_t n = MIN(len, (size_t)xenstore_ring_room());
	const char *p = bytes;

	for (size_t i = 0; i < n; i++)
		rings->req[req_prod++ % RING_BYTES] = p[i];
	__atomic_store_n(&rings->req_prod, req_prod, __ATOMIC_RELEASE);
	return n;
}

size_t xenstore_ring_read(void *bytes, size_t len)
{
	size_t n = MIN(len, (size_t)xenstore_ring_waiting());
	char *p = bytes;

	for (size_t i = 0; i < n; i++)
		p[i] = rings->rsp[rsp_cons++ % RING_BYTES];
	__atomic_store_n(&rings->rsp_cons, rsp_cons, __ATOMIC_RELEASE);
	return n;
}

/* A store that cannot be asked to begin anew goes on reading where it is; so do we, behind all
 * that it has written. */
void xenstore_ring_restart(void)
{
	restarting = READ_ONCE(rings->features) & CAN_RECONNECT;
	if (restarting) {
		__atomic_store_n(&rings->connection, STATE_RECONNECT, __ATOMIC_RELEASE);
		xen_event_notify(port);
		return;
	}
	rsp_cons = READ_ONCE(rings->rsp_prod);
	WRITE_ONCE(rings->rsp_cons, rsp_cons);
}

bool xenstore_ring_is_restarted(void)
{
	if (!restarting)
		return true;
	if (__atomic_load_n(&rings->connection, __ATOMIC_ACQUIRE) != STATE_CONNECTED)
		return false;
	take_indices();
	restarting = false;
	return true;
}
