// SPDX-License-Identifier: BSD-2-Clause
/*
 * vring.c - split virtqueues: memory, publication, event suppression.
 */
#include <errno.h>
#include <string.h>
#include "drivers/virtio/virtio.h"
#include "drivers/virtio/vring.h"
#include "kernel/heap.h"

/* Sizes and alignments of the three parts: 2.7. */
static size_t avail_offset(size_t size)
{
	return size * sizeof(struct vring_desc);
}

static size_t used_offset(size_t size)
{
	size_t avail_bytes = sizeof(struct vring_avail) + size * 2 + 2;

	return ALIGN_UP(avail_offset(size) + avail_bytes, 4);
}

static size_t ring_bytes(size_t size)
{
	return used_offset(size) + sizeof(struct vring_used) +
	       size * sizeof(struct vring_used_elem) + 2;
}

/* Where the device writes how far it has to be notified, and we how far it has to interrupt:
 * behind the last entry (2.7.10). */
static uint16_t *avail_event(const struct vring *q)
{
	return (uint16_t *)&q->used->ring[q->size];
}

static uint16_t *used_event(const struct vring *q)
{
	return &q->avail->ring[q->size];
}

int vring_alloc(struct vring *q, unsigned size)
{
	size_t bytes = ring_bytes(size);

	*q = (struct vring){ 0 };
	q->npages = ALIGN_UP(bytes, PAGE_SIZE) / PAGE_SIZE;
	q->slot = kalloc(size * sizeof(*q->slot));
	if (!q->slot)
		return -ENOMEM;
	char *ring = page_alloc_exact(q->npages);

	if (!ring) {
		kfree(q->slot);
		q->slot = NULL;
		return -ENOMEM;
	}
	memset(ring, 0, q->npages * PAGE_SIZE);
	q->desc = (struct vring_desc *)ring;
	q->avail = (struct vring_avail *)(ring + avail_offset(size));
	q->used = (struct vring_used *)(ring + used_offset(size));
	q->size = q->nfree = (uint16_t)size;
	q->mask = (uint16_t)(size - 1);
	for (unsigned i = 0; i < size; i++)
		q->slot[i] = (struct vring_slot){ .next = (uint16_t)(i + 1) };
	return 0;
}

void vring_free(struct vring *q)
{
	if (!q->desc)
		return;
	page_free_exact(q->desc, q->npages);
	kfree(q->slot);
	*q = (struct vring){ .broken = true };
}

void vring_break(struct vring *q, const char *why)
{
	virtio_fail(q->dev, why);
}

bool vring_look(struct vring *q)
{
	if (q->broken)
		return false;
	uint16_t end = READ_ONCE(q->used->idx);

	if (end == q->used_idx)
		return false;
	/* A chain has at least one descriptor: more entries than those in flight are a lie. */
	if (unlikely((uint16_t)(end - q->used_idx) > vring_in_flight(q))) {
		vring_break(q, "used index out of range");
		return false;
	}
	q->used_end = end;
	dma_rmb(); /* entries after the index; partner: the device's barrier before it */
	return true;
}

/* Did the index pass `event` on its way from old to now? (2.7.7.2, in 16-bit arithmetic.) */
static bool event_passed(uint16_t event, uint16_t now, uint16_t old)
{
	return (uint16_t)(now - event - 1) < (uint16_t)(now - old);
}

void vring_kick(struct vring *q)
{
	uint16_t old = q->shown_idx, now = q->avail_idx;

	if (now == old || q->broken)
		return;
	dma_wmb(); /* descriptors before the index; partner: the device's read barrier after it */
	WRITE_ONCE(q->avail->idx, now);
	q->shown_idx = now;
	dma_mb(); /* index before the look whether to notify; the device does it the other way */
	bool wanted = q->event_idx ? event_passed(READ_ONCE(*avail_event(q)), now, old)
				   : !(READ_ONCE(q->used->flags) & VRING_NO_NOTIFY);
	if (!wanted)
		return;
	if (q->notify32)
		mmio_write32(q->notify, q->index);
	else
		mmio_write16(q->notify, q->index);
}

bool vring_irq_enable(struct vring *q, unsigned ahead)
{
	if (q->broken)
		return false;
	if (q->event_idx)
		WRITE_ONCE(*used_event(q), (uint16_t)(q->used_idx + ahead));
	else
		WRITE_ONCE(q->avail->flags, 0);
	dma_mb(); /* the request before the last look; the device: entry, barrier, event */
	return (uint16_t)(READ_ONCE(q->used->idx) - q->used_idx) > ahead;
}

void vring_irq_disable(struct vring *q)
{
	if (q->broken)
		return;
	/* An index that has just been passed is reached again after 65536 entries. */
	if (q->event_idx)
		WRITE_ONCE(*used_event(q), (uint16_t)(q->used_idx - 1));
	else
		WRITE_ONCE(q->avail->flags, VRING_NO_INTERRUPT);
}
