// SPDX-License-Identifier: BSD-2-Clause
#include "drivers/xen/console.h"
#include "drivers/xen/event_channel.h"
#include "drivers/xen/xenstore_ring.h"
#include "kernel/panic.h"
#include "lib/base/fmt.h"

#define WAIT_NS (2 * NS_PER_S)

bool xen_exit_reboots;

/* A request whose answer nobody waits for, without threads, locks and memory. */
static void publish_status(int status, ns_t deadline)
{
	static const char path[] = "data/exit-status";
	struct {
		struct xenstore_header h;
		char text[sizeof(path) + 4];
	} m = { .h.type = XS_WRITE };

	if (xenstore_ring_open() || xenstore_ring_in_message || xenstore_ring_room() < sizeof(m))
		return;
	__builtin_memcpy(m.text, path, sizeof(path));
	m.h.len = sizeof(path) + (uint32_t)fmt_snprintf(m.text + sizeof(path), 4, "%d", status);
	xenstore_ring_write(&m, sizeof(m.h) + m.h.len);
	xen_event_notify(xenstore_ring_port());
	while (!xenstore_ring_is_taken() && time_now() < deadline)
		xen_yield();
}

void xen_exit(int status)
{
	ns_t deadline;

	if (!xen_present())
		return;
	deadline = time_deadline(WAIT_NS);
	publish_status(status, deadline);
	xen_console_drain(deadline);
	if (status == PANIC_STATUS)
		xen_shutdown(XEN_SHUTDOWN_CRASH);
	xen_shutdown(xen_exit_reboots ? XEN_SHUTDOWN_REBOOT : XEN_SHUTDOWN_POWEROFF);
}
