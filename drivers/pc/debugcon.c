// SPDX-License-Identifier: BSD-2-Clause
/*
 * debugcon.c - the debug port of QEMU and Bochs: a byte written is a byte printed. Reading it
 * gives its own number back, where there is one.
 */
#include "drivers/pc/consoles.h"
#include <asm/port.h>

#define DEBUGCON_PORT 0xe9

static bool debugcon_probe(const struct console *c UNIK_UNUSED)
{
	return port_in8(DEBUGCON_PORT) == DEBUGCON_PORT;
}

static void debugcon_write(const struct console *c UNIK_UNUSED, const char *text, size_t len)
{
	port_out8_string(DEBUGCON_PORT, text, len);
}

const struct console debugcon = {
	.name = "debugcon",
	.probe = debugcon_probe,
	.write = debugcon_write,
};
