// SPDX-License-Identifier: BSD-2-Clause
#include "drivers/xen/platform.h"
#include <errno.h>
#include "drivers/bus/pci.h"
#include "kernel/sealed.h"
#include <asm/port.h>

#define PORT_MAGIC    0x10 /* read, 16 bits */
#define PORT_UNPLUG   0x10 /* written, 16 bits: enum xen_unplug */
#define PORT_BUILD    0x10 /* written, 32 bits: the driver's number */
#define PORT_PROTOCOL 0x12 /* read, 8 bits */
#define PORT_PRODUCT  0x12 /* written, 16 bits: whose driver it is */

#define MAGIC          0x49d2
#define PROTOCOL_NAMED 1      /* from here on the driver says who it is, and can be refused */
#define PRODUCT_NONE   0xffff /* that has no number of its own */
#define BUILD          1

#define PLATFORM_ID  0x00015853u
#define LINES        16 /* of the two 8259s; Xen's GSIs of the same numbers */
#define INTR_LINE(w) ((w)&0xff)

static bool there(void)
{
	return port_in16(PORT_MAGIC) == MAGIC;
}

/* A PVH guest has no host bridge, and nothing twice. */
static bool is_pc(void)
{
	const struct pci_host *host = platform_pci_host();

	return host && host->read(0, PCI_ID) != UINT32_MAX;
}

int xen_platform_unplug(unsigned kinds)
{
	uint8_t protocol;

	if (!there())
		return is_pc() ? -ENODEV : 0;
	protocol = port_in8(PORT_PROTOCOL);
	if (protocol > PROTOCOL_NAMED)
		return -EPROTO;
	if (protocol == PROTOCOL_NAMED) {
		port_out16(PORT_PRODUCT, PRODUCT_NONE);
		port_out32(PORT_BUILD, BUILD);
		if (!there())
			return -EPERM;
	}
	port_out16(PORT_UNPLUG, (uint16_t)kinds);
	return 0;
}

static bool is_platform(const struct pci_dev *d, void *arg UNIK_UNUSED)
{
	return (d->vendor | (uint32_t)d->device << 16) == PLATFORM_ID;
}

static void (*SEALED upcall)(void);

static bool on_line(void *arg UNIK_UNUSED)
{
	upcall();
	return true;
}

/* Firmware has written the number of an ISA line into the device; Xen raises that one for us as
 * long as an event is pending. The line of the pin, which ACPI tells, is another. */
static uint64_t connect_line(void (*call)(void))
{
	static struct irq_handler handler;
	struct pci_dev d;
	unsigned line;

	if (!pci_find(is_platform, NULL, &d))
		return XEN_NO_UPCALL;
	line = INTR_LINE(pci_read(&d, PCI_INTR));
	if (line == 0 || line >= LINES)
		return XEN_NO_UPCALL;
	handler.handle = on_line;
	/* Nothing comes before Xen has been told. */
	if (!upcall && irq_connect_line(line, IRQ_LEVEL_LOW, &handler))
		return XEN_NO_UPCALL;
	sealed_set(&upcall, call);
	return line; /* by GSI; public/hvm/params.h */
}

void xen_platform_start(void)
{
	sealed_set(&xen_upcall_line, connect_line);
}
