// SPDX-License-Identifier: BSD-2-Clause
/*
 * vring.h - split virtqueues, the driver's side.
 *
 * A queue is three rings in memory shared with the device (descriptors, available, used) and a
 * private slot for each descriptor. Whatever decides over memory is kept in the slots: the
 * shared rings are written for the device, and only the used ring is read back, each field once,
 * and checked. A device that returns an id that is not in flight, more bytes than were posted or
 * more entries than are in flight breaks the queue: virtio_fail() puts it out of service, and
 * the queue neither takes nor gives anything again. Buffers still in flight then stay the
 * device's until it has been reset.
 *
 * To post a chain: check nfree, vring_begin() it, vring_put() each buffer and vring_post() it;
 * or vring_post_one(). Then vring_kick() once for the burst, before which the device sees nothing
 * of it.
 *
 * Threading: one thread at a time for each queue; the owner locks. Errors: -EIO, -ENOMEM.
 * Ref: virtio 1.2, 2.7.
 */
#pragma once
#include "arch/mmio.h"
#include "kernel/page.h"

#define VRING_DESC_NEXT  1u
#define VRING_DESC_WRITE 2u /* the device writes it */

#define VRING_NO_INTERRUPT 1u /* avail flags */
#define VRING_NO_NOTIFY    1u /* used flags */

/* Shared with the device: 2.7.5, 2.7.6, 2.7.8. */
struct vring_desc {
	uint64_t addr;
	uint32_t len;
	uint16_t flags;
	uint16_t next;
};

struct vring_avail {
	uint16_t flags;
	uint16_t idx;
	uint16_t ring[]; /* size entries, and used_event after them */
};

struct vring_used_elem {
	uint32_t id;
	uint32_t len;
};

struct vring_used {
	uint16_t flags;
	uint16_t idx;
	struct vring_used_elem ring[]; /* size entries, and avail_event after them */
};

/* Private to the driver: one for each descriptor. */
struct vring_slot {
	void *cookie;      /* of the chain that starts here */
	uint32_t in_bytes; /* that the device may write in it */
	uint16_t next;     /* the following descriptor of the chain, or of the free ones */
	uint16_t ndesc;    /* of the chain that starts here; 0: none is in flight */
};

struct virtio_dev;

struct vring {
	struct vring_desc *desc;
	struct vring_avail *avail;
	struct vring_used *used;
	struct vring_slot *slot;
	void *notify; /* register to tell the device with */
	uint16_t size;
	uint16_t mask;      /* size - 1 */
	uint16_t index;     /* number of the queue in the device */
	uint16_t free_head; /* chain of unused descriptors through slot[].next */
	uint16_t nfree;
	uint16_t avail_idx; /* next entry to fill; published by vring_kick() */
	uint16_t shown_idx; /* what the device has been shown of it */
	uint16_t used_idx;  /* next entry to take */
	uint16_t used_end;  /* entries up to here have been seen to be there */
	bool event_idx;
	bool notify32; /* the register is 32 bits wide */
	bool broken;
	size_t npages; /* the shared rings */
	struct virtio_dev *dev;
	struct vring *next; /* of the device's queues */
};

/*
 * vring_alloc() - memory for a queue of `size` descriptors, all free. 0 or -ENOMEM.
 * vring_free()  - give it back, if there is any. The device does not use the queue any more;
 *                 the queue is left broken.
 *
 * size   a power of two, <= 32768
 */
int vring_alloc(struct vring *q, unsigned size) UNIK_MUST_CHECK;
void vring_free(struct vring *q);

/* vring_pending() - a glance whether there are used entries; the queue has its memory. */
static inline bool vring_pending(const struct vring *q)
{
	return READ_ONCE(q->used->idx) != q->used_idx;
}

/* vring_look() - look for used entries; true when vring_take() will give one. */
bool vring_look(struct vring *q);

/* vring_break() - the device broke the protocol of this queue. */
UNIK_COLD void vring_break(struct vring *q, const char *why);

/*
 * vring_kick() - publish what was posted and notify the device if it asked to be.
 */
void vring_kick(struct vring *q);

/*
 * vring_irq_enable()  - interrupt when entry `used_idx + ahead` is used; true if it is already.
 * vring_irq_disable() - no interrupts, as far as the device cares. Any context.
 */
bool vring_irq_enable(struct vring *q, unsigned ahead);
void vring_irq_disable(struct vring *q);

/* vring_in_flight() - how many descriptors the device has. */
static inline unsigned vring_in_flight(const struct vring *q)
{
	return (unsigned)(q->size - q->nfree);
}

/* A chain that is being made; of one descriptor at least before it is posted. */
struct vring_chain {
	struct vring_desc *desc, *last;
	const struct vring_slot *slot;
	unsigned next; /* descriptor for the next buffer */
};

static inline struct vring_chain vring_begin(const struct vring *q)
{
	return (struct vring_chain){ q->desc, NULL, q->slot, q->free_head };
}

/*
 * vring_put() - add a buffer to the chain.
 *
 * flags   VRING_DESC_WRITE or 0; those to be read come first
 */
static inline void vring_put(struct vring_chain *c, paddr_t addr, uint32_t len, unsigned flags)
{
	struct vring_desc *d = &c->desc[c->next];

	c->next = c->slot[c->next].next;
	d->addr = addr;
	d->len = len;
	d->flags = (uint16_t)(flags | VRING_DESC_NEXT);
	d->next = (uint16_t)c->next;
	c->last = d;
}

/*
 * vring_post() - the chain is complete.
 *
 * ndesc      descriptors in it, 1..nfree
 * in_bytes   that the device may write
 */
static inline void vring_post(struct vring *q, const struct vring_chain *c, unsigned ndesc,
			      uint32_t in_bytes, void *cookie)
{
	unsigned head = q->free_head;
	struct vring_slot *s = &q->slot[head];

	c->last->flags &= (uint16_t)~VRING_DESC_NEXT;
	s->cookie = cookie;
	s->in_bytes = in_bytes;
	s->ndesc = (uint16_t)ndesc;
	q->free_head = (uint16_t)c->next;
	q->nfree = (uint16_t)(q->nfree - ndesc);
	q->avail->ring[q->avail_idx++ & q->mask] = (uint16_t)head;
}

/* vring_post_one() - a single buffer; nfree >= 1. in: the device writes it. */
static inline void vring_post_one(struct vring *q, paddr_t addr, uint32_t len, bool in,
				  void *cookie)
{
	struct vring_chain c = vring_begin(q);

	vring_put(&c, addr, len, in ? VRING_DESC_WRITE : 0);
	vring_post(q, &c, 1, in ? len : 0, cookie);
}

/* The descriptors of the chain at `head` are free again. */
static inline void vring_release(struct vring *q, unsigned head)
{
	struct vring_slot *last = &q->slot[head];
	unsigned ndesc = last->ndesc;

	q->nfree = (uint16_t)(q->nfree + ndesc);
	last->ndesc = 0;
	while (--ndesc)
		last = &q->slot[last->next];
	last->next = q->free_head;
	q->free_head = (uint16_t)head;
}

/*
 * vring_detach() - take back the chain at `head`, from a device that has been reset.
 *
 * Returns whether there was one; the slot's cookie is then valid until the next post.
 */
static inline bool vring_detach(struct vring *q, unsigned head)
{
	if (q->slot[head].ndesc == 0)
		return false;
	vring_release(q, head);
	return true;
}

/*
 * vring_take() - the next chain that the device is done with.
 *
 * len   bytes that the device says it wrote, never more than was posted; NULL for chains that
 *       were only to be read (there it means nothing, and some devices put what they sent)
 *
 * Returns the slot, whose cookie is valid until the next post; -1: none.
 */
static inline int vring_take(struct vring *q, uint32_t *len)
{
	if (q->used_idx == q->used_end && !vring_look(q))
		return -1;
	const struct vring_used_elem *e = &q->used->ring[q->used_idx & q->mask];
	uint32_t id = READ_ONCE(e->id), written = len ? READ_ONCE(e->len) : 0;

	if (unlikely(id >= q->size || q->slot[id].ndesc == 0 || written > q->slot[id].in_bytes)) {
		vring_break(q, "bad used entry");
		return -1;
	}
	q->used_idx++;
	if (len)
		*len = written;
	vring_release(q, id);
	return (int)id;
}
