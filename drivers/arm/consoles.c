// SPDX-License-Identifier: BSD-2-Clause
#include "drivers/arm/consoles.h"
#include "drivers/xen/console.h"

/* Only its probe finds out that Xen is there, so it is the first. A domain without a ring may have
 * a PL011. */
const struct console *const console_table[] = { &xen_console, &pl011, NULL };
