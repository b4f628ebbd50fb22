// SPDX-License-Identifier: BSD-2-Clause
#include <errno.h>
#include "kernel/irq.h"
#include "tests/host/fake/pci.h"

struct irq_handler *fake_irq[8];
unsigned fake_irq_gsi[8], fake_irq_fail;

static int connect(struct irq_handler *h, unsigned gsi)
{
	if (fake_irq_fail) {
		fake_irq_fail--;
		return -ENOSPC;
	}
	for (unsigned i = 0; i < ARRAY_SIZE(fake_irq); i++)
		if (!fake_irq[i]) {
			fake_irq[i] = h;
			fake_irq_gsi[i] = gsi;
			h->vector = i;
			return 0;
		}
	return -ENOSPC;
}

int irq_connect_line(unsigned gsi, enum irq_trigger trigger, struct irq_handler *h)
{
	(void)trigger;
	return connect(h, gsi);
}

int irq_connect_msi(uint32_t device, struct irq_handler *h, struct msi_message *msg)
{
	int ret = connect(h, FAKE_IRQ_MSI);

	(void)device;
	if (ret == 0)
		*msg = (struct msi_message){ 0x1fee00000, 0x4000 + h->vector };
	return ret;
}

void irq_disconnect(struct irq_handler *h)
{
	if (h->vector >= ARRAY_SIZE(fake_irq) || fake_irq[h->vector] != h)
		CHECK_FAIL("irq_disconnect() of what is not connected");
	else
		fake_irq[h->vector] = NULL;
}

unsigned fake_irq_connected(void)
{
	unsigned n = 0;

	for (unsigned i = 0; i < ARRAY_SIZE(fake_irq); i++)
		n += fake_irq[i] != NULL;
	return n;
}

bool fake_irq_fire(unsigned i)
{
	if (!fake_irq[i])
		return false;
	return fake_irq[i]->handle(fake_irq[i]->arg);
}
