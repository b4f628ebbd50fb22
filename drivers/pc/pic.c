// SPDX-License-Identifier: BSD-2-Clause
/*
 * pic.c - the pair of 8259s, which a PC still has and nobody wants. The firmware may have left
 * its timer going on vector 8. They are masked, and moved away from the CPU's own vectors for
 * the spurious interrupt that a mask does not stop.
 *
 * Ref: Intel 8259A data sheet, initialization command words.
 */
#include "arch/irq.h"
#include <asm/port.h>

#define MASTER 0x20
#define SLAVE  0xa0
#define DATA   1

#define ICW1_INIT    0x11 /* edge, cascaded, ICW4 follows */
#define ICW4_8086    0x01
#define CASCADE_LINE 2

#define VECTOR 0x20 /* and the 15 after it, which no device has: asm/irq.h */

static void pic_init(unsigned port, unsigned vector, unsigned cascade)
{
	port_out8(port, ICW1_INIT);
	port_out8(port + DATA, vector);
	port_out8(port + DATA, cascade);
	port_out8(port + DATA, ICW4_8086);
	port_out8(port + DATA, 0xff);
}

void irqchip_init(void)
{
	pic_init(MASTER, VECTOR, 1 << CASCADE_LINE);
	pic_init(SLAVE, VECTOR + 8, CASCADE_LINE);
}
