// SPDX-License-Identifier: BSD-2-Clause
#include "tests/host/fake/pci.h"

#define BAR_REGS 6

struct fake_pci fake_pci[FAKE_PCI_FUNCTIONS];
unsigned fake_npci, fake_pci_reads;
bool fake_pci_decode_bug;

void fake_pci_reset(void)
{
	memset(fake_pci, 0, sizeof(fake_pci));
	fake_npci = fake_pci_reads = 0;
	fake_pci_decode_bug = false;
}

void fake_pci_set(struct fake_pci *f, unsigned reg, unsigned bytes, uint32_t value)
{
	memcpy(&f->config[reg], &value, bytes);
}

uint32_t fake_pci_get(const struct fake_pci *f, unsigned reg, unsigned bytes)
{
	uint32_t value = 0;

	memcpy(&value, &f->config[reg], bytes);
	return value;
}

struct fake_pci *fake_pci_add(unsigned bus, unsigned device, unsigned function, uint16_t vendor,
			      uint16_t id)
{
	struct fake_pci *f = &fake_pci[fake_npci++];

	f->bdf = (pci_bdf_t)(bus << 8 | device << 3 | function);
	fake_pci_set(f, PCI_ID, 4, (uint32_t)id << 16 | vendor);
	return f;
}

void fake_pci_bar(struct fake_pci *f, unsigned i, uint64_t base, uint64_t bytes, bool wide)
{
	f->bar_bytes[i] = bytes;
	fake_pci_set(f, PCI_BAR0 + 4 * i, 4, (uint32_t)base | (wide ? 4 : 0));
	if (wide)
		fake_pci_set(f, PCI_BAR0 + 4 * i + 4, 4, (uint32_t)(base >> 32));
}

void fake_pci_cap(struct fake_pci *f, unsigned at, uint8_t id)
{
	f->config[at] = id;
	f->config[at + 1] = f->config[PCI_CAPS];
	f->config[PCI_CAPS] = (uint8_t)at;
	f->config[PCI_COMMAND + 2] |= 0x10;
}

static struct fake_pci *find(pci_bdf_t bdf)
{
	for (unsigned i = 0; i < fake_npci; i++)
		if (fake_pci[i].bdf == bdf)
			return &fake_pci[i];
	return NULL;
}

static uint32_t config_read(pci_bdf_t bdf, unsigned reg)
{
	struct fake_pci *f = find(bdf);

	if (reg % 4 || reg > 252)
		CHECK_FAIL("configuration register %u is read", reg);
	fake_pci_reads++;
	return f ? fake_pci_get(f, reg & 0xfc, 4) : 0xffffffff;
}

/* What sticks of a value written to BAR register i. */
static uint32_t bar_bits(struct fake_pci *f, unsigned i, uint32_t value)
{
	uint32_t old = fake_pci_get(f, PCI_BAR0 + 4 * i, 4);
	bool upper = i > 0 && f->bar_bytes[i - 1] && (fake_pci_get(f, PCI_BAR0 + 4 * i - 4, 4) & 4);
	uint64_t mask = upper ? (0 - f->bar_bytes[i - 1]) >> 32 : 0 - f->bar_bytes[i];

	if (value == 0xffffffff && (f->config[PCI_COMMAND] & PCI_COMMAND_MEMORY))
		fake_pci_decode_bug = true;
	return (value & (uint32_t)mask) | (upper ? 0 : old & 0xf);
}

static void config_write(pci_bdf_t bdf, unsigned reg, uint32_t value)
{
	struct fake_pci *f = find(bdf);
	unsigned bar = (reg - PCI_BAR0) / 4;

	if (!f || reg % 4 || reg > 252) {
		CHECK_FAIL("configuration register %u of %x is written", reg, bdf);
		return;
	}
	if (reg >= PCI_BAR0 && bar < BAR_REGS)
		value = bar_bits(f, bar, value);
	if (reg == PCI_COMMAND) /* the upper half is cleared by ones */
		value = (value & 0xffff) | (fake_pci_get(f, reg, 4) & 0xffff0000 & ~value);
	fake_pci_set(f, reg, 4, value);
}

struct pci_host fake_pci_host = { .read = config_read, .write = config_write };
