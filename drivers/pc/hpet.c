// SPDX-License-Identifier: BSD-2-Clause
/*
 * hpet.c - the main counter of the high precision event timer; its low half, which takes one
 * access and wraps after at least 42 s.
 *
 * Ref: IA-PC HPET specification 1.0a, 2.3 and 3.2.4.
 */
#include "arch/mmio.h"
#include "arch/mmu.h"
#include "drivers/bus/acpi.h"
#include "drivers/pc/clocks.h"

#define TABLE_SPACE   40 /* of the register block's address */
#define TABLE_ADDRESS 44

#define HPET_BYTES    0x400
#define REG_PERIOD    0x04 /* upper half of the capabilities [fs] */
#define REG_CONFIG    0x10
#define REG_COUNTER   0xf0
#define CONFIG_ENABLE 1

#define PERIOD_FS_MAX 100000000
#define PERIOD_FS_MIN                                                              \
	10000000 /* what the specification calls typical; faster ones do not exist \
		  */
#define FS_PER_S 1000000000000000ULL

static char *regs;
static struct refclock_rate rate = { .mask = UINT32_MAX };

static uint64_t hpet_read(const struct refclock *c UNIK_UNUSED)
{
	return mmio_read32(regs + REG_COUNTER);
}

static bool hpet_probe(const struct refclock *c UNIK_UNUSED)
{
	const struct acpi_header *t = acpi_find_table("HPET");
	uint64_t address = acpi_field(t, TABLE_ADDRESS, 8);
	uint32_t period_fs;

	if (!address || acpi_field(t, TABLE_SPACE, 1) != ACPI_SPACE_MEMORY)
		return false;
	regs = mmu_map_device(address, HPET_BYTES);
	if (!regs)
		return false;
	period_fs = mmio_read32(regs + REG_PERIOD);
	if (period_fs < PERIOD_FS_MIN || period_fs > PERIOD_FS_MAX)
		return false;
	rate.hz = FS_PER_S / period_fs;
	mmio_write32(regs + REG_CONFIG, mmio_read32(regs + REG_CONFIG) | CONFIG_ENABLE);
	return true;
}

const struct refclock hpet = {
	.name = "hpet",
	.rate = &rate,
	.probe = hpet_probe,
	.read = hpet_read,
};
