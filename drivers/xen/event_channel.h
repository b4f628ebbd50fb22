// SPDX-License-Identifier: BSD-2-Clause
/*
 * event_channel.h - interrupts between domains: numbered ports with a pending and a mask bit.
 *
 * The two-level ABI (public/event_channel.h) is enough for the 4096 ports of 64 words. All of them
 * come by one upcall into the boot CPU. A port is an edge: its pending bit is cleared before the
 * handler is called, so whatever the peer does from then on calls it again.
 *
 * Threading: opening and closing from threads (or at boot), the rest from any context. A handler
 * runs with interrupts off, as one of kernel/irq.h. Errors: -errno of Xen, -ENODEV no Xen, -ENOMEM.
 */
#pragma once
#include "drivers/xen/hypercall.h"
#include "lib/base/list.h"

/* The owner's, to live as long as the port is open. */
struct xen_event {
	void (*handle)(void *arg); /* interrupt context */
	void *arg;
	uint32_t port; /* set by opening; 0: closed */
	struct list node;
};

/*
 * xen_event_open()    - a new port that domain `remote` may bind to; e->port is to be told to it
 *                       ("event-channel" in XenStore).
 * xen_event_connect() - a port that Xen made at the domain's birth (console, XenStore).
 * xen_event_virq()    - a virtual interrupt of Xen's own, public/xen.h, VIRQ_*.
 *
 * handle and arg are set before; the port is unmasked, so handle() may be called before these
 * return. Return 0 or -errno.
 */
int xen_event_open(struct xen_event *e, xen_domid_t remote) UNIK_MUST_CHECK;
int xen_event_connect(struct xen_event *e, uint32_t port) UNIK_MUST_CHECK;
int xen_event_virq(struct xen_event *e, unsigned virq) UNIK_MUST_CHECK;

/* xen_event_close() - no calls of handle() after it returns; the peer sees the port go. */
void xen_event_close(struct xen_event *e);

/* xen_event_notify() - raise the peer's end. One hypercall. */
void xen_event_notify(uint32_t port);

/*
 * xen_event_mask()   - handle() is not called; what comes is kept. Cheap: no hypercall. For a
 *                      handler that quiets its own port until a thread has done the work.
 * xen_event_unmask() - and is called again, at once for what came meanwhile. One hypercall.
 */
void xen_event_mask(const struct xen_event *e);
void xen_event_unmask(const struct xen_event *e);
