// SPDX-License-Identifier: BSD-2-Clause
#include "drivers/xen/console.h"
#include "drivers/xen/hypercall.h"
#include "kernel/panic.h"

#define WAIT_NS (2 * NS_PER_S)

void xen_exit(int status)
{
	if (!xen_present())
		return;
	xen_console_drain(time_now() + WAIT_NS);
	xen_shutdown(status == PANIC_STATUS ? XEN_SHUTDOWN_CRASH : XEN_SHUTDOWN_POWEROFF);
}
