// SPDX-License-Identifier: BSD-2-Clause
#include "drivers/pc/consoles.h"
#include "drivers/xen/console.h"
#include "drivers/xen/hypercall.h"

/* The first who is asked anything finds out whether Xen is there; others rely on it. */
static bool find_xen(const struct console *c UNIK_UNUSED)
{
	(void)xen_init();
	return false;
}

static const struct console xen_finder = { .name = "xen", .probe = find_xen };

/* The debug port is there only when somebody asked for it, and then that is what he watches; the
 * first serial port is nearly always there, but not in a PVH guest of Xen. In an HVM guest with
 * one, it is what `xl console` shows. */
const struct console *const console_table[] = { &xen_finder, &debugcon, &uart16550, &xen_console,
						NULL };
