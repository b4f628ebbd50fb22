// SPDX-License-Identifier: BSD-2-Clause
/*
 * devices.c - what virtio devices have in common: registers, rings, interrupts, lies.
 */
#include "tests/sim/devices.h"
#include <string.h>

#define DESC_BYTES    16
#define DESC_NEXT     1
#define DESC_WRITE    2
#define NO_INTERRUPT  1
#define ISR_QUEUE     1
#define F_EVENT_IDX   (1ull << 29)
#define F_VERSION_1   (1ull << 32)
#define NET_F_MTU     (1ull << 3)
#define NET_F_MAC     (1ull << 5)
#define NET_F_MERGE   (1ull << 15)
#define NET_F_STATUS  (1ull << 16)
#define BLK_F_SEG_MAX (1ull << 2)
#define BLK_F_FLUSH   (1ull << 9)
#define SERVICE_MS    30000 /* until somebody sees to a machine whose device is out of service */

static struct device devices[INSTANCES][2];

struct device *device_of(struct instance *i, unsigned type)
{
	struct device *d = &devices[i->index][type - VIRTIO_NET];

	if (type == VIRTIO_NET ? !i->virtio_net : !i->has_disk)
		return NULL;
	d->owner = i;
	d->type = type;
	d->line = HOST_LINE_NET + type;
	return d;
}

static void reset(struct device *d)
{
	for (unsigned q = 0; q < DEVICE_QUEUES; q++)
		d->queue[q] = (struct queue){ 0 };
	d->status = 0;
	d->lied = false;
	d->isr = 0;
	d->tell_at = HOST_NEVER;
	if (d->type == VIRTIO_NET)
		nic_stopped(d);
	else
		disk_stopped();
}

/* --- rings ---------------------------------------------------------------------------------- */

static uint16_t get16(const uint8_t *p)
{
	return *(const volatile uint16_t *)p;
}

static void put16(uint8_t *p, uint16_t v)
{
	*(volatile uint16_t *)p = v;
}

/* The bytes at a bus address. */
static uint8_t *memory(const struct device *d, uint64_t at, uint64_t len)
{
	if (at >= RAM_BYTES || len > RAM_BYTES - at)
		violation("device %u of %u was given %llu bytes at %#llx", d->type, d->owner->index,
			  (unsigned long long)len, (unsigned long long)at);
	return (uint8_t *)d->owner->machine.ram + at;
}

static void add_part(const struct device *d, struct chain *c, const uint8_t *desc)
{
	uint64_t at;
	uint32_t len;

	memcpy(&at, desc, 8);
	memcpy(&len, desc + 8, 4);
	if (c->nparts == CHAIN_MAX)
		violation("device %u: a chain without end", d->type);
	c->part[c->nparts++] =
		(struct part){ memory(d, at, len), len, get16(desc + 12) & DESC_WRITE };
}

bool device_take(struct device *d, unsigned number, struct chain *c)
{
	struct queue *q = &d->queue[number];
	const uint8_t *desc;
	unsigned at;

	if (!q->desc || !(d->status & STATUS_RUNNING) || d->status & STATUS_FAILED ||
	    get16(q->avail + 2) == q->taken)
		return false;
	at = get16(q->avail + 4 + 2 * (q->taken++ % q->size));
	*c = (struct chain){ .head = at };
	if (at >= q->size || q->flying[at])
		violation("device %u: descriptor %u is posted and should not", d->type, at);
	q->flying[at] = true;
	do {
		desc = q->desc + DESC_BYTES * (at % q->size);
		add_part(d, c, desc);
		at = get16(desc + 14);
	} while (get16(desc + 12) & DESC_NEXT);
	/* Tell me of the next. */
	put16(q->used + 4 + 8 * q->size, q->taken);
	return true;
}

static void tell(struct device *d)
{
	d->isr |= ISR_QUEUE;
	if (happens(FAULT_DEVICE_LATE))
		d->tell_at = world.now + (int64_t)choose(50000) * NS_PER_US;
	else
		raise_line(d->owner, d->line);
}

static bool wanted(const struct device *d, const struct queue *q, uint16_t old)
{
	uint16_t event = get16(q->avail + 4 + 2 * q->size);

	if (!(d->features & F_EVENT_IDX))
		return !(get16(q->avail) & NO_INTERRUPT);
	return (uint16_t)(q->given - event - 1) < (uint16_t)(q->given - old);
}

static void put_used(struct queue *q, uint32_t id, uint32_t len)
{
	uint8_t *entry = q->used + 4 + 8 * (q->given++ % q->size);

	memcpy(entry, &id, 4);
	memcpy(entry + 4, &len, 4);
}

static uint32_t room(const struct chain *c)
{
	uint32_t n = 0;

	for (unsigned k = 0; k < c->nparts; k++)
		n += c->part[k].in ? c->part[k].len : 0;
	return n;
}

/* Not in flight, or no id at all. */
static uint32_t wrong_id(const struct queue *q)
{
	uint32_t id = (uint32_t)choose(2 * q->size);

	return id < q->size && q->flying[id] ? q->size + id : id;
}

void device_give(struct device *d, unsigned number, const struct chain *c, uint32_t len)
{
	struct queue *q = &d->queue[number];
	uint16_t old = q->given;
	uint32_t id = c->head;

	if (!q->desc)
		return;
	if (happens(FAULT_LIE_ID)) {
		id = wrong_id(q);
		d->lied = true;
	}
	if (happens(FAULT_LIE_LENGTH)) {
		d->lied = true;
		len = choose(2) ? room(c) + 1 + (uint32_t)choose(1u << 31)
				: (uint32_t)choose(len + 1);
	}
	put_used(q, id, len);
	if (happens(FAULT_LIE_REPEAT)) {
		put_used(q, id, len);
		d->lied = true;
	}
	if (happens(FAULT_LIE_INDEX)) {
		q->given += 1 + (uint16_t)choose(65535);
		d->lied = true;
	}
	q->flying[c->head] = false;
	put16(q->used + 2, q->given);
	trace("device %u gives %u %u", d->type, id, len);
	if (wanted(d, q, old))
		tell(d);
	else if (happens(FAULT_DEVICE_SPURIOUS))
		tell(d);
}

size_t gather(const struct chain *c, size_t skip, uint8_t *out, size_t len)
{
	size_t done = 0;

	for (unsigned k = 0; k < c->nparts && !c->part[k].in; k++) {
		size_t from = skip < c->part[k].len ? skip : c->part[k].len;
		size_t n = c->part[k].len - from;

		skip -= from;
		n = n < len - done ? n : len - done;
		memcpy(out + done, c->part[k].data + from, n);
		done += n;
	}
	return done;
}

size_t scatter(const struct chain *c, const uint8_t *data, size_t len)
{
	size_t done = 0;

	for (unsigned k = 0; k < c->nparts; k++) {
		size_t n = c->part[k].len < len - done ? c->part[k].len : len - done;

		if (!c->part[k].in)
			continue;
		memcpy(c->part[k].data, data + done, n);
		done += n;
	}
	return done;
}

/* --- registers ------------------------------------------------------------------------------ */

/* With and without some, as the seed says; the same for each start of the instance. */
static uint64_t offered(const struct device *d)
{
	uint64_t some = d->owner->features;

	if (d->type == VIRTIO_NET)
		return F_VERSION_1 | NET_F_MAC | NET_F_MTU |
		       (some & (NET_F_MERGE | NET_F_STATUS | F_EVENT_IDX));
	return F_VERSION_1 | BLK_F_SEG_MAX | BLK_F_FLUSH | (some & F_EVENT_IDX);
}

static bool open_device(struct device *d, struct sim_virtio *r)
{
	r->value = d->line;
	memset(r->config, 0, SIM_CONFIG_BYTES);
	if (d->type == VIRTIO_NET)
		nic_config(d, r->config);
	else
		disk_config(r->config);
	return true;
}

static void set_status(struct device *d, uint8_t status)
{
	trace("device %u status %u", d->type, status);
	if (status & STATUS_FAILED && d->owner->off == HOST_NEVER) {
		count(FAULT_SERVICE);
		d->owner->off = world.now + (int64_t)choose(SERVICE_MS) * NS_PER_MS;
	}
	if (status & STATUS_RUNNING && d->type == VIRTIO_NET)
		d->owner->networked = world.now;
	if (status)
		d->status = status;
	else
		reset(d);
}

static void enable(struct device *d, const struct sim_virtio *r)
{
	struct queue *q = &d->queue[r->queue];

	if (r->queue >= DEVICE_QUEUES || r->value == 0 || r->value > QUEUE_MAX ||
	    r->value & (r->value - 1))
		violation("device %u: queue %u of %llu", d->type, r->queue,
			  (unsigned long long)r->value);
	*q = (struct queue){ .size = (unsigned)r->value };
	q->desc = memory(d, r->ring[0], DESC_BYTES * r->value);
	q->avail = memory(d, r->ring[1], 6 + 2 * r->value);
	q->used = memory(d, r->ring[2], 6 + 8 * r->value);
}

static void notified(struct device *d, unsigned queue)
{
	if (d->type == VIRTIO_NET)
		nic_notified(d, queue);
	else
		disk_notified(d);
}

static uint64_t status_of(const struct device *d)
{
	/* Looked at thousands of times, so that this is as good as for ever. */
	return d->stuck && !d->status ? STATUS_FAILED : d->status;
}

bool device_register(struct instance *i, struct sim_virtio *r)
{
	struct device *d = device_of(i, r->type);

	if (!d)
		return false;
	switch (r->reg) {
	case SIM_OPEN:
		return open_device(d, r);
	case SIM_GET_STATUS:
		r->value = status_of(d);
		return true;
	case SIM_SET_STATUS:
		d->stuck = r->value == 0 && d->status && happens(FAULT_LIE_RESET);
		if (d->stuck && i->off == HOST_NEVER)
			i->off = world.now + (int64_t)choose(SERVICE_MS) * NS_PER_MS;
		set_status(d, (uint8_t)r->value);
		return true;
	case SIM_GET_FEATURES:
		r->value = (uint32_t)(offered(d) >> 32 * r->queue);
		return true;
	case SIM_SET_FEATURES:
		d->features &= r->queue ? 0xffffffff : 0xffffffff00000000;
		d->features |= r->value << 32 * r->queue;
		return true;
	case SIM_GENERATION:
		d->generation += happens(FAULT_LIE_CONFIG);
		r->value = d->generation;
		return true;
	case SIM_QUEUE_MAX:
		r->value = r->queue < DEVICE_QUEUES ? QUEUE_MAX : 0;
		return true;
	case SIM_QUEUE_ENABLE:
		enable(d, r);
		return true;
	case SIM_NOTIFY:
		notified(d, r->queue);
		return true;
	case SIM_TAKE_ISR:
		r->value = d->isr;
		d->isr = 0;
		return true;
	}
	return false;
}

/* --- for the world -------------------------------------------------------------------------- */

static void each(void (*what)(struct device *d, int64_t *next), int64_t *next)
{
	for (unsigned n = 0; n < INSTANCES; n++)
		for (unsigned type = VIRTIO_NET; type <= VIRTIO_BLK; type++)
			if (device_of(&world.instance[n], type))
				what(device_of(&world.instance[n], type), next);
}

static void look(struct device *d, int64_t *next)
{
	if (d->tell_at < *next)
		*next = d->tell_at;
}

static void work(struct device *d, int64_t *next)
{
	(void)next;
	if (d->tell_at <= world.now) {
		d->tell_at = HOST_NEVER;
		raise_line(d->owner, d->line);
	}
	if (d->type == VIRTIO_BLK)
		disk_work(d);
}

int64_t devices_next(void)
{
	int64_t next = disk_next(), nic = nic_next();

	next = nic < next ? nic : next;
	each(look, &next);
	return next;
}

void devices_work(void)
{
	nic_work();
	each(work, NULL);
}

static void check(struct device *d, int64_t *next)
{
	(void)next;
	if (d->lied && d->owner->off == HOST_NEVER)
		d->owner->off = world.now + (int64_t)choose(SERVICE_MS) * NS_PER_MS;
}

void devices_check(void)
{
	each(check, NULL);
}

void devices_reset(struct instance *i)
{
	for (unsigned type = VIRTIO_NET; type <= VIRTIO_BLK; type++)
		if (device_of(i, type)) {
			if (type == VIRTIO_BLK)
				disk_power_cut();
			reset(device_of(i, type));
			device_of(i, type)->stuck = false;
		}
}
