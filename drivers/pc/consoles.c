// SPDX-License-Identifier: BSD-2-Clause
#include "drivers/pc/consoles.h"

/* The debug port is there only when somebody asked for it, and then that is what he watches; the
 * first serial port is nearly always there. */
struct console *const console_table[] = { &debugcon, &uart16550, NULL };
