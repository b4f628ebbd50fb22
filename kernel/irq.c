// SPDX-License-Identifier: BSD-2-Clause
/*
 * irq.c - vectors and who is called for them.
 *
 * A vector serves one line with any number of handlers, or one message with one. Set-up is under
 * a mutex; the list of a vector is under its own spinlock, which is held while handlers run, so
 * that a handler that was taken off is not called any more.
 */
#include "kernel/irq.h"
#include <errno.h>
#include "arch/irq.h"
#include "kernel/log.h"
#include "kernel/mutex.h"
#include "kernel/spinlock.h"

/* So many interrupts in a row that nobody had asked for, and the line is taken for stuck. */
#define UNWANTED_MAX 1000

struct slot {
	struct spinlock lock;
	bool used, is_line;   /* under setup */
	uint16_t unwanted;    /* in a row, under lock */
	unsigned gsi;         /* of a line */
	struct list handlers; /* under lock; initialised while used */
};

static struct slot slots[IRQ_VECTOR_COUNT];
static struct mutex setup = MUTEX_INIT(setup);

static unsigned slot_vector(const struct slot *s)
{
	return IRQ_VECTOR_FIRST + (unsigned)(s - slots);
}

static struct slot *slot_of_line(unsigned gsi)
{
	for (unsigned i = 0; i < IRQ_VECTOR_COUNT; i++)
		if (slots[i].used && slots[i].is_line && slots[i].gsi == gsi)
			return &slots[i];
	return NULL;
}

static struct slot *slot_alloc(void)
{
	for (unsigned i = 0; i < IRQ_VECTOR_COUNT; i++)
		if (!slots[i].used) {
			slots[i].used = true;
			slots[i].unwanted = 0;
			list_init(&slots[i].handlers);
			return &slots[i];
		}
	return NULL;
}

static void slot_add(struct slot *slot, struct irq_handler *h)
{
	irq_state_t s = spin_lock_irqsave(&slot->lock);

	h->vector = slot_vector(slot);
	slot->unwanted = 0;
	list_push_back(&slot->handlers, &h->node);
	spin_unlock_irqrestore(&slot->lock, s);
}

/* A slot whose vector the line raises; masked when it is new. */
static int slot_get_line(unsigned gsi, enum irq_trigger trigger, struct slot **out)
{
	struct slot *slot = slot_of_line(gsi);
	int ret;

	if (!slot) {
		slot = slot_alloc();
		if (!slot)
			return -ENOSPC;
		ret = irqchip_route(gsi, trigger, slot_vector(slot));
		if (ret) {
			slot->used = false;
			return ret;
		}
		slot->is_line = true;
		slot->gsi = gsi;
	}
	*out = slot;
	return 0;
}

int irq_connect_line(unsigned gsi, enum irq_trigger trigger, struct irq_handler *h)
{
	struct slot *slot;
	int ret;

	mutex_lock(&setup);
	ret = slot_get_line(gsi, trigger, &slot);
	if (!ret) {
		slot_add(slot, h);
		irqchip_set_mask(gsi, false);
	}
	mutex_unlock(&setup);
	return ret;
}

int irq_connect_msi(uint32_t device, struct irq_handler *h, struct msi_message *msg)
{
	struct slot *slot;
	int ret = -ENOSPC;

	mutex_lock(&setup);
	slot = slot_alloc();
	if (slot) {
		slot->is_line = false;
		ret = irq_msi_compose(slot_vector(slot), device, msg);
		if (ret)
			slot->used = false;
		else
			slot_add(slot, h);
	}
	mutex_unlock(&setup);
	return ret;
}

void irq_disconnect(struct irq_handler *h)
{
	struct slot *slot = &slots[h->vector - IRQ_VECTOR_FIRST];
	bool last;
	irq_state_t s;

	mutex_lock(&setup);
	s = spin_lock_irqsave(&slot->lock);
	list_remove(&h->node);
	last = list_empty(&slot->handlers);
	spin_unlock_irqrestore(&slot->lock, s);
	if (last) {
		if (slot->is_line)
			irqchip_set_mask(slot->gsi, true);
		else
			irq_msi_release(h->vector);
		slot->used = false;
	}
	mutex_unlock(&setup);
}

/* Masked for good: a line that nobody can quiet would take the CPU for itself. Messages are
 * edges and come only as often as the device sends them. */
static UNIK_COLD void stop_line(struct slot *slot)
{
	irqchip_set_mask(slot->gsi, true);
	log_err("irq: line %u is stuck, masked", slot->gsi);
}

void irq_dispatch(unsigned vector)
{
	struct slot *slot;
	bool wanted = false, stuck;
	irq_state_t s;

	if (vector - IRQ_VECTOR_FIRST >= IRQ_VECTOR_COUNT)
		return;
	slot = &slots[vector - IRQ_VECTOR_FIRST];
	if (!slot->handlers.next)
		return;
	s = spin_lock_irqsave(&slot->lock);
	list_for_each (it, &slot->handlers) {
		struct irq_handler *h = list_entry(it, struct irq_handler, node);

		wanted |= h->handle(h->arg);
	}
	slot->unwanted = wanted ? 0 : slot->unwanted + 1;
	stuck = slot->is_line && slot->unwanted == UNWANTED_MAX;
	spin_unlock_irqrestore(&slot->lock, s);
	if (unlikely(stuck))
		stop_line(slot);
}
