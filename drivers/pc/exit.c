// SPDX-License-Identifier: BSD-2-Clause
/*
 * exit.c - how a PC is left: with a status through QEMU's isa-debug-exit device, else by switching
 * the machine off, else by a reset where a reset is the way out, else by standing still.
 */
#include "arch/boot.h"
#include "arch/cpu.h"
#include "arch/mmio.h"
#include "arch/mmu.h"
#include <asm/cpuid.h>
#include "drivers/bus/acpi.h"
#include "drivers/console.h"
#include "drivers/pc/acpi_mode.h"
#include "drivers/xen/hypercall.h"
#include "lib/base/fmt.h"
#include <asm/port.h>

#define DEBUG_EXIT_PORT 0x501 /* QEMU's default; the process ends with status << 1 | 1 */
#define DEBUG_EXIT_MAX  127

/* ACPI 4.8.3.2.1, 4.8.3.7 */
#define PM1_SCI_EN        (1u << 0)
#define PM1_SLP_TYP_SHIFT 10
#define PM1_SLP_EN        (1u << 13)
#define PM1_SLP_MASK      (PM1_SLP_EN | 7u << PM1_SLP_TYP_SHIFT)
#define SLEEP_TYP_SHIFT   2
#define SLEEP_EN          (1u << 5)

#define PORT_DELAY     0x80 /* a write takes about a microsecond on hardware */
#define PORT_KEYBOARD  0x64
#define KEYBOARD_BUSY  0x02
#define KEYBOARD_RESET 0xfe
#define PORT_RESET     0xcf9

/* The machine goes away some time after it was told to. */
static void wait_for_the_end(void)
{
	for (unsigned i = 0; i < 100000; i++)
		port_out8(PORT_DELAY, 0);
}

static void register_write8(const struct acpi_register *r, uint8_t v)
{
	void *at;

	if (r->space == ACPI_SPACE_IO) {
		port_out8((uint16_t)r->address, v);
		return;
	}
	at = mmu_map_device(r->address, 1);
	if (at)
		mmio_write8(at, v);
}

void acpi_mode_enable(uint16_t pm1a)
{
	uint16_t smi_cmd = acpi_fadt(FADT_SMI_CMD, 4);
	uint8_t enable = acpi_fadt(FADT_ACPI_ENABLE, 1);

	if (!smi_cmd || !enable || port_in16(pm1a) & PM1_SCI_EN)
		return;
	port_out8(smi_cmd, enable);
	for (unsigned i = 0; i < 100000 && !(port_in16(pm1a) & PM1_SCI_EN); i++)
		port_out8(PORT_DELAY, 0);
}

static void pm1_sleep(uint16_t port, uint8_t type)
{
	uint16_t v = port_in16(port) & (uint16_t)~PM1_SLP_MASK;

	port_out16(port, v | (uint16_t)type << PM1_SLP_TYP_SHIFT | PM1_SLP_EN);
}

/* Returns only when the machine cannot be switched off; true when it has been told to. */
static bool power_off(void)
{
	struct acpi_register r;
	uint8_t type_a, type_b;

	if (!acpi_sleep_types(&type_a, &type_b))
		return false;
	if (acpi_fadt(FADT_FLAGS, 4) & FADT_FLAG_HW_REDUCED) {
		if (!acpi_fadt_register(FADT_SLEEP_CONTROL, 0, &r))
			return false;
		register_write8(&r, (uint8_t)(type_a << SLEEP_TYP_SHIFT | SLEEP_EN));
	} else {
		if (!acpi_fadt_register(FADT_X_PM1A_CNT, FADT_PM1A_CNT, &r) ||
		    r.space != ACPI_SPACE_IO)
			return false;
		acpi_mode_enable((uint16_t)r.address);
		pm1_sleep((uint16_t)r.address, type_a);
		if (acpi_fadt_register(FADT_X_PM1B_CNT, FADT_PM1B_CNT, &r) &&
		    r.space == ACPI_SPACE_IO)
			pm1_sleep((uint16_t)r.address, type_b);
	}
	wait_for_the_end();
	return true;
}

static void print_status(int status)
{
	char line[32];
	size_t len = fmt_snprintf(line, sizeof(line), "unik: exit status %d\n", status);

	console_write(line, len);
}

static void print_stopped(void)
{
	static const char text[] = "unik: stopped, the machine can be switched off\n";

	console_write(text, sizeof(text) - 1);
}

UNIK_NORETURN void machine_exit(int status)
{
	bool virtual = cpuid(1, 0).ecx & CPUID_1_ECX_HYPERVISOR;
	bool told;

	cpu_irq_disable();
	status &= 0xff;
	if (virtual && !xen_present() && status < DEBUG_EXIT_MAX)
		port_out8(DEBUG_EXIT_PORT, (uint8_t)status);
	print_status(status);
	xen_exit(status);
	if (virtual && status >= DEBUG_EXIT_MAX)
		port_out8(DEBUG_EXIT_PORT, DEBUG_EXIT_MAX);
	told = power_off();
	/* A small monitor that has no power button takes a reset for the end. A computer would
	 * start the same program again, for ever. */
	if (virtual && !told)
		machine_reset();
	print_stopped();
	cpu_stop();
}

static void reset_by_acpi(void)
{
	struct acpi_register r;

	if (!(acpi_fadt(FADT_FLAGS, 4) & FADT_FLAG_RESET_REG) ||
	    !acpi_fadt_register(FADT_RESET_REG, 0, &r))
		return;
	register_write8(&r, (uint8_t)acpi_fadt(FADT_RESET_VALUE, 1));
	wait_for_the_end();
}

static void reset_by_keyboard(void)
{
	for (unsigned i = 0; i < 1000 && port_in8(PORT_KEYBOARD) & KEYBOARD_BUSY; i++)
		port_out8(PORT_DELAY, 0);
	port_out8(PORT_KEYBOARD, KEYBOARD_RESET);
	wait_for_the_end();
}

UNIK_NORETURN void machine_reset(void)
{
	static const struct {
		uint16_t limit;
		uint64_t base;
	} UNIK_PACKED no_idt;

	cpu_irq_disable();
	if (xen_present())
		xen_shutdown(XEN_SHUTDOWN_REBOOT);
	reset_by_acpi();
	port_out8(PORT_RESET, 0x02);
	port_out8(PORT_RESET, 0x06);
	wait_for_the_end();
	reset_by_keyboard();
	__asm__ volatile("lidt %0; int3" ::"m"(no_idt));
	cpu_stop();
}
