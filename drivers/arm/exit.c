// SPDX-License-Identifier: BSD-2-Clause
/*
 * exit.c - how an ARM machine is left: a line says the status, then the firmware switches the
 * machine off. Where the command line says `unik.exit=semihosting`, a debugger or emulator that
 * listens for that gets the status; without one the instruction would be a fault.
 */
#include <errno.h>
#include <string.h>
#include "arch/boot.h"
#include "arch/cpu.h"
#include "drivers/arm/bcm2835_pm.h"
#include "drivers/arm/psci.h"
#include "drivers/console.h"
#include "drivers/xen/hypercall.h"
#include "drivers/xen/shutdown.h"
#include "lib/base/fmt.h"

/* Arm semihosting specification 2.0, 5.5 and 6.7. */
#define SYS_EXIT_EXTENDED 0x20
#define APPLICATION_EXIT  0x20026

static void semihosting_exit(int status)
{
	const uint64_t block[2] = { APPLICATION_EXIT, (uint64_t)status };
	register uint64_t operation __asm__("x0") = SYS_EXIT_EXTENDED;
	register const uint64_t *argument __asm__("x1") = block;

	__asm__ volatile("hlt #0xf000" : "+r"(operation) : "r"(argument) : "memory");
}

UNIK_NORETURN void machine_exit(int status)
{
	char line[64], way[16];
	size_t len;

	cpu_irq_disable();
	status &= 0xff;
	len = fmt_snprintf(line, sizeof(line), "unik: exit status %d\n", status);
	console_write(line, len);
	if (boot_option("unik.exit", way, sizeof(way)) && strcmp(way, "semihosting") == 0)
		semihosting_exit(status);
	xen_exit(status);
	psci_call(PSCI_SYSTEM_OFF, 0, 0, 0);
	bcm2835_pm_restart(true);
	len = fmt_snprintf(line, sizeof(line), "unik: stopped, the machine can be switched off\n");
	console_write(line, len);
	cpu_stop();
}

UNIK_NORETURN void machine_reset(void)
{
	cpu_irq_disable();
	if (xen_present())
		xen_shutdown(XEN_SHUTDOWN_REBOOT);
	psci_call(PSCI_SYSTEM_RESET, 0, 0, 0);
	bcm2835_pm_restart(false);
	cpu_stop();
}

int machine_watch_power_button(void (*pressed)(void))
{
	return xen_present() ? xen_watch_shutdown(pressed) : -ENODEV;
}
