// SPDX-License-Identifier: BSD-2-Clause
/*
 * power_button.c - ACPI's fixed power button (ACPI 4.8.2.2.1.1). Its event comes by the system
 * control interrupt, which is level-triggered and active low unless the firmware says otherwise
 * (ACPI 5.2.9, SCI_INT).
 */
#include <errno.h>
#include "arch/boot.h"
#include "drivers/bus/acpi.h"
#include "drivers/pc/acpi_mode.h"
#include "drivers/xen/hypercall.h"
#include "drivers/xen/shutdown.h"
#include "kernel/irq.h"
#include "kernel/sealed.h"
#include <asm/port.h>

#define PM1_POWER_BUTTON (1u << 8) /* in the status and in the enable register */

static uint16_t status_port, enable_port;
static void (*SEALED on_press)(void);

static bool handle(void *unused)
{
	(void)unused;
	if (!(port_in16(status_port) & PM1_POWER_BUTTON))
		return false;
	port_out16(status_port, PM1_POWER_BUTTON); /* writing 1 clears */
	on_press();
	return true;
}

int machine_watch_power_button(void (*pressed)(void))
{
	static struct irq_handler handler;
	uint16_t block;
	uint8_t len;
	int err;

	if (xen_present())
		return xen_watch_shutdown(pressed);
	block = (uint16_t)acpi_fadt(FADT_PM1A_EVT, 4);
	len = (uint8_t)acpi_fadt(FADT_PM1_EVT_LEN, 1);
	if (!block || len < 4 || acpi_fadt(FADT_FLAGS, 4) & FADT_FLAG_HW_REDUCED)
		return -ENODEV;
	sealed_set(&on_press, pressed);
	handler.handle = handle;
	status_port = block;
	enable_port = block + len / 2;
	err = irq_connect_line((unsigned)acpi_fadt(FADT_SCI_INT, 2), IRQ_LEVEL_LOW, &handler);
	if (err)
		return err;
	acpi_mode_enable((uint16_t)acpi_fadt(FADT_PM1A_CNT, 4));
	port_out16(status_port, PM1_POWER_BUTTON);
	port_out16(enable_port, port_in16(enable_port) | PM1_POWER_BUTTON);
	return 0;
}
