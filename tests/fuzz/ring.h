// SPDX-License-Identifier: BSD-2-Clause
/*
 * ring.h - a virtio device that does with its rings what the input says: it completes chains in
 * any order and with any length, fills buffers, and writes anything into the rings.
 */
#pragma once
#include "tests/fuzz/fuzz.h"
#include "tests/host/fake/virtio.h"

/* What the input has for a buffer; only a device-writable one may be written. */
static inline void ring_fill(struct vring_desc d, struct fuzz_input *in)
{
	size_t got;
	const uint8_t *p = fuzz_bytes(in, 14, &got);

	if (d.flags & VRING_DESC_WRITE)
		memcpy(fake_desc_data(d), p, got < d.len ? got : d.len);
}

/* The device completes what it was given, or anything. It writes into the first buffer of a chain
 * and into the last, where some devices have their status. */
static inline void ring_complete(struct fake_queue *q, struct fuzz_input *in)
{
	int id = fuzz_byte(in) & 7 ? fake_queue_pop(q) : fuzz_u16(in);
	uint32_t len = fuzz_byte(in) & 3 ? fuzz_u16(in) % 2049 : fuzz_u32(in);

	if (id < 0)
		return;
	if ((unsigned)id < q->size && fuzz_byte(in) & 1) {
		struct vring_desc d = fake_queue_desc(q, (unsigned)id);

		ring_fill(d, in);
		for (unsigned i = 0; d.flags & VRING_DESC_NEXT && d.next < q->size && i < 4; i++)
			d = fake_queue_desc(q, d.next);
		ring_fill(d, in);
	}
	fake_queue_push(q, (uint32_t)id, len);
}

static inline void ring_scribble(struct fake_queue *q, struct fuzz_input *in)
{
	struct vring_used *u = fake_queue_used(q);
	unsigned at = fuzz_byte(in) % q->size;

	switch (fuzz_byte(in) & 3) {
	case 0:
		u->idx = (uint16_t)(u->idx + fuzz_byte(in));
		break;
	case 1:
		u->ring[at].id = fuzz_u32(in);
		break;
	case 2:
		*fake_queue_avail_event(q) = fuzz_u16(in);
		break;
	default:
		((struct vring_desc *)(uintptr_t)q->desc)[at].next = fuzz_u16(in);
	}
}

/* The device interrupts, with any cause. */
static inline void ring_interrupt(struct fuzz_input *in)
{
	fake_virtio.isr = fuzz_byte(in);
	if (fake_irq_connected())
		fake_irq_fire(0);
}
