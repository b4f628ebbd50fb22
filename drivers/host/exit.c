// SPDX-License-Identifier: BSD-2-Clause
/* exit.c - the end of the machine is the end of the process, or what the host makes of it. */
#include "arch/boot.h"
#include "drivers/host/host.h"
#include "kernel/irq.h"
#include "kernel/sealed.h"

UNIK_NORETURN void machine_exit(int status)
{
	cpu_irq_disable();
	HOST_CALL(exit, status & 0xff);
}

UNIK_NORETURN void machine_reset(void)
{
	cpu_irq_disable();
	HOST_CALL(reset);
}

static void (*SEALED on_press)(void);

static bool handle(void *arg UNIK_UNUSED)
{
	on_press();
	return true;
}

int machine_watch_power_button(void (*pressed)(void))
{
	static struct irq_handler handler;

	sealed_set(&on_press, pressed);
	handler.handle = handle;
	return irq_connect_line(HOST_LINE_STOP, IRQ_EDGE_HIGH, &handler);
}
