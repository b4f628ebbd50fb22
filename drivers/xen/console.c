// SPDX-License-Identifier: BSD-2-Clause
/*
 * Ref: public/io/console.h. The other side shares the page and may write anything to it: our own
 * index is kept here, and theirs is looked at once and believed when it fits.
 */
#include "drivers/xen/console.h"
#include "arch/mmio.h"
#include "drivers/xen/event_channel.h"

#define IN_BYTES  1024u
#define OUT_BYTES 2048u

#define CONSOLEIO_WRITE 0
#define WAIT_NS         NS_PER_S

struct ring {
	char in[IN_BYTES], out[OUT_BYTES];
	uint32_t in_cons, in_prod;
	uint32_t out_cons, out_prod;
};

static struct {
	struct ring *ring; /* NULL: this domain has none */
	uint32_t port;
	uint32_t out_prod, in_cons; /* ours; what the ring says is for the other side */
	bool stuck;                 /* was not read in time: no waiting until it is */
} con;

static struct wait_queue *reader;

static bool xen_console_probe(const struct console *c UNIK_UNUSED)
{
	uint64_t frame, port;

	if (!xen_init())
		return false;
	if (xen_get_param(XEN_PARAM_CONSOLE_PFN, &frame) ||
	    xen_get_param(XEN_PARAM_CONSOLE_PORT, &port))
		return XEN_LOG_IS_CONSOLE;
	con.ring = xen_map_frame(frame);
	if (con.ring) {
		con.port = (uint32_t)port;
		con.out_prod = READ_ONCE(con.ring->out_prod);
		con.in_cons = READ_ONCE(con.ring->in_cons);
	}
	return con.ring || XEN_LOG_IS_CONSOLE;
}

/* Room in the ring; 0 as well when the other side's index cannot be. */
static uint32_t out_room(void)
{
	uint32_t used = con.out_prod - __atomic_load_n(&con.ring->out_cons, __ATOMIC_ACQUIRE);

	return used <= OUT_BYTES ? OUT_BYTES - used : 0;
}

static bool wait_room(uint32_t bytes, ns_t deadline)
{
	while (out_room() < bytes) {
		if (time_now() >= deadline)
			return false;
		xen_yield();
	}
	return true;
}

static bool wait_some_room(void)
{
	if (out_room() > 0)
		con.stuck = false;
	else if (con.stuck)
		return false;
	else
		con.stuck = !wait_room(1, time_now() + WAIT_NS);
	return !con.stuck;
}

static size_t put(const char *text, size_t len)
{
	size_t n = MIN(len, (size_t)out_room());

	for (size_t i = 0; i < n; i++)
		con.ring->out[con.out_prod++ % OUT_BYTES] = text[i];
	__atomic_store_n(&con.ring->out_prod, con.out_prod, __ATOMIC_RELEASE);
	xen_event_notify(con.port);
	return n;
}

static void emergency_write(const char *text, size_t len)
{
	if (xen_hypercall(XEN_CONSOLE_IO, CONSOLEIO_WRITE, len, text) < 0)
		arch_xen_emergency_write(text, len);
}

static void xen_console_write(const struct console *c UNIK_UNUSED, const char *text, size_t len)
{
	while (len > 0 && con.ring && wait_some_room()) {
		size_t n = put(text, len);

		text += n;
		len -= n;
	}
	if (len > 0)
		emergency_write(text, len);
}

void xen_console_drain(ns_t deadline)
{
	if (con.ring && !con.stuck)
		(void)wait_room(OUT_BYTES, deadline);
}

static uint32_t in_waiting(void)
{
	uint32_t n = __atomic_load_n(&con.ring->in_prod, __ATOMIC_ACQUIRE) - con.in_cons;

	return n <= IN_BYTES ? n : 0;
}

static size_t xen_console_read(const struct console *c UNIK_UNUSED, char *out, size_t len)
{
	size_t n = con.ring ? MIN(len, (size_t)in_waiting()) : 0;

	if (n == 0)
		return 0;
	for (size_t i = 0; i < n; i++)
		out[i] = con.ring->in[con.in_cons++ % IN_BYTES];
	__atomic_store_n(&con.ring->in_cons, con.in_cons, __ATOMIC_RELEASE);
	xen_event_notify(con.port);
	return n;
}

/* It comes for output that was read, too. */
static void event(void *arg UNIK_UNUSED)
{
	if (in_waiting() > 0)
		wait_queue_wake_all(reader);
}

static int xen_console_listen(const struct console *c UNIK_UNUSED)
{
	static struct xen_event e;

	e.handle = event;
	return con.ring ? xen_event_connect(&e, con.port) : 0;
}

const struct console xen_console = {
	.name = "xen",
	.probe = xen_console_probe,
	.write = xen_console_write,
	.read = xen_console_read,
	.listen = xen_console_listen,
	.input = &reader,
};
