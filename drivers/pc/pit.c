// SPDX-License-Identifier: BSD-2-Clause
/*
 * pit.c - channel 0 of the 8254, counting round and round; its interrupt stays masked. Channel 2
 * would need the speaker's gate, which small machines leave out.
 *
 * Ref: Intel 8254 data sheet: control word, read-back command, mode 2.
 */
#include "drivers/pc/clocks.h"
#include <asm/port.h>

#define PORT_CHANNEL0 0x40
#define PORT_CONTROL  0x43

#define CONTROL_MODE2  0x34 /* channel 0, low byte then high byte, rate generator, binary */
#define CONTROL_LATCH  0x00
#define READ_STATUS0   0xe2
#define STATUS_CONTROL 0x3f /* the bits of the control word that the status repeats */

static struct refclock_rate rate = { .hz = 1193182, .mask = UINT16_MAX };

static uint64_t pit_read(const struct refclock *c UNIK_UNUSED)
{
	uint16_t left;

	port_out8(PORT_CONTROL, CONTROL_LATCH);
	left = port_in8(PORT_CHANNEL0);
	left |= (uint16_t)(port_in8(PORT_CHANNEL0) << 8);
	return (uint16_t)-left;
}

static bool pit_probe(const struct refclock *c UNIK_UNUSED)
{
	port_out8(PORT_CONTROL, CONTROL_MODE2);
	port_out8(PORT_CHANNEL0, 0);
	port_out8(PORT_CHANNEL0, 0);
	port_out8(PORT_CONTROL, READ_STATUS0);
	return (port_in8(PORT_CHANNEL0) & STATUS_CONTROL) == CONTROL_MODE2;
}

const struct refclock pit = {
	.name = "pit",
	.rate = &rate,
	.probe = pit_probe,
	.read = pit_read,
};
