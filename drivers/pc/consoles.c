// SPDX-License-Identifier: BSD-2-Clause
#include "drivers/pc/consoles.h"
#include "drivers/xen/console.h"

/* Only its probe finds out that Xen is there, so it is the first. The debug port is there only when
 * somebody asked for it, and then that is what he watches; the first serial port is nearly always
 * there. */
const struct console *const console_table[] = { &xen_console, &debugcon, &uart16550, NULL };
