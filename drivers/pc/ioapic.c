// SPDX-License-Identifier: BSD-2-Clause
/*
 * ioapic.c - interrupt lines: the I/O APICs that the MADT lists, with its overrides for the ISA
 * lines; one at the usual address where there is no MADT.
 *
 * Threading: routing from threads, one at a time (kernel/irq.c); masking from any context.
 * Ref: Intel 82093AA data sheet, 3.0; ACPI 5.2.12.
 */
#include <errno.h>
#include "arch/irq.h"
#include "arch/mmio.h"
#include "arch/mmu.h"
#include "drivers/bus/acpi.h"
#include "kernel/log.h"
#include "kernel/spinlock.h"

#define IOAPIC_MAX     8
#define IOAPIC_DEFAULT 0xfec00000
#define IOAPIC_BYTES   0x20
#define ISA_LINES      16

#define REG_SELECT  0x00
#define REG_WINDOW  0x10
#define REG_VERSION 0x01
#define REG_ENTRY   0x10 /* two per line */

#define ENTRY_LOW    (1u << 13)
#define ENTRY_LEVEL  (1u << 15)
#define ENTRY_MASKED (1u << 16)

/* MPS INTI flags, ACPI table 5.26 */
#define OVERRIDE_POLARITY     0x03
#define OVERRIDE_POLARITY_LOW 0x03
#define OVERRIDE_TRIGGER      0x0c
#define OVERRIDE_LEVEL        0x0c

struct ioapic {
	char *regs;
	unsigned first, nline; /* global system interrupts */
};

static struct isa_line {
	uint16_t gsi;
	uint16_t flags; /* MPS INTI */
} isa[ISA_LINES];

static struct ioapic ioapics[IOAPIC_MAX];
static unsigned nioapic;
static struct spinlock lock; /* select, then access */

static uint32_t ioapic_read(const struct ioapic *io, unsigned reg)
{
	mmio_write32(io->regs + REG_SELECT, reg);
	return mmio_read32(io->regs + REG_WINDOW);
}

static void ioapic_write(const struct ioapic *io, unsigned reg, uint32_t v)
{
	mmio_write32(io->regs + REG_SELECT, reg);
	mmio_write32(io->regs + REG_WINDOW, v);
}

static void ioapic_add(uint32_t address, uint32_t first)
{
	struct ioapic *io = &ioapics[nioapic];
	uint32_t version;

	if (nioapic == IOAPIC_MAX || first > 1u << 16)
		return;
	io->regs = mmu_map_device(address, IOAPIC_BYTES);
	if (!io->regs)
		return;
	version = ioapic_read(io, REG_VERSION);
	io->first = first;
	io->nline = (version >> 16 & 0xff) + 1;
	if (version == UINT32_MAX || io->nline > 240) {
		log_err("ioapic: nothing at 0x%x", address);
		return;
	}
	for (unsigned i = 0; i < io->nline; i++)
		ioapic_write(io, REG_ENTRY + 2 * i, ENTRY_MASKED);
	nioapic++;
}

/* Where ISA line n comes out and how: itself, unless an override says otherwise. */
static void overrides_init(void)
{
	struct acpi_madt it;
	const uint8_t *entry;

	for (unsigned i = 0; i < ISA_LINES; i++)
		isa[i] = (struct isa_line){ .gsi = i };
	acpi_madt_open(&it);
	while ((entry = acpi_madt_next(&it, MADT_OVERRIDE)))
		if (entry[3] < ISA_LINES && acpi_load32(entry + 4) <= UINT16_MAX)
			isa[entry[3]] =
				(struct isa_line){ acpi_load32(entry + 4), acpi_load16(entry + 8) };
}

static void ioapic_init(void)
{
	struct acpi_madt it;
	const uint8_t *entry;
	bool any = false;

	if (nioapic)
		return;
	acpi_madt_open(&it);
	while ((entry = acpi_madt_next(&it, MADT_IOAPIC))) {
		any = true;
		ioapic_add(acpi_load32(entry + 4), acpi_load32(entry + 8));
	}
	if (!any)
		ioapic_add(IOAPIC_DEFAULT, 0);
	overrides_init();
}

static unsigned override_gsi(unsigned gsi)
{
	return gsi < ISA_LINES ? isa[gsi].gsi : gsi;
}

/* `mode` in the bits of the redirection entry; "conforms to the bus" leaves the caller's word.
 * (ACPI 5.2.12.5) */
static uint32_t override_mode(unsigned gsi, uint32_t mode)
{
	uint16_t flags = gsi < ISA_LINES ? isa[gsi].flags : 0;

	if (flags & OVERRIDE_POLARITY) {
		mode &= ~ENTRY_LOW;
		if ((flags & OVERRIDE_POLARITY) == OVERRIDE_POLARITY_LOW)
			mode |= ENTRY_LOW;
	}
	if (flags & OVERRIDE_TRIGGER) {
		mode &= ~ENTRY_LEVEL;
		if ((flags & OVERRIDE_TRIGGER) == OVERRIDE_LEVEL)
			mode |= ENTRY_LEVEL;
	}
	return mode;
}

static const struct ioapic *ioapic_of(unsigned gsi, unsigned *reg)
{
	for (unsigned i = 0; i < nioapic; i++)
		if (gsi - ioapics[i].first < ioapics[i].nline) {
			*reg = REG_ENTRY + 2 * (gsi - ioapics[i].first);
			return &ioapics[i];
		}
	return NULL;
}

int irqchip_route(unsigned gsi, enum irq_trigger trigger, unsigned vector)
{
	uint32_t mode = (trigger == IRQ_EDGE_LOW || trigger == IRQ_LEVEL_LOW ? ENTRY_LOW : 0) |
			(trigger == IRQ_LEVEL_HIGH || trigger == IRQ_LEVEL_LOW ? ENTRY_LEVEL : 0);
	const struct ioapic *io;
	struct msi_message msg;
	unsigned reg;
	irq_state_t s;

	ioapic_init();
	mode = override_mode(gsi, mode);
	io = ioapic_of(override_gsi(gsi), &reg);
	if (!io)
		return -ENODEV;
	/* The destination is in the same bits as in the address of a message (SDM vol. 3, 10.11).
	 */
	if (irq_msi_compose(vector, 0, &msg))
		return -ENODEV;
	s = spin_lock_irqsave(&lock);
	ioapic_write(io, reg, ENTRY_MASKED);
	ioapic_write(io, reg + 1, (uint32_t)(msg.address >> 12 & 0xff) << 24);
	ioapic_write(io, reg, ENTRY_MASKED | mode | vector);
	spin_unlock_irqrestore(&lock, s);
	return 0;
}

void irqchip_set_mask(unsigned gsi, bool masked)
{
	const struct ioapic *io;
	unsigned reg;
	irq_state_t s;
	uint32_t entry;

	io = ioapic_of(override_gsi(gsi), &reg);
	if (!io)
		return;
	s = spin_lock_irqsave(&lock);
	entry = ioapic_read(io, reg) & ~ENTRY_MASKED;
	ioapic_write(io, reg, entry | (masked ? ENTRY_MASKED : 0));
	spin_unlock_irqrestore(&lock, s);
}
