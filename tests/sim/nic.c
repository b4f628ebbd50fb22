// SPDX-License-Identifier: BSD-2-Clause
/*
 * nic.c - virtio-net (virtio 1.2, 5.1) between an instance and the wire, without offloads.
 *
 * What is sent stays the device's for a while, so that a driver which gives its memory back too
 * early sends something else.
 */
#include "tests/sim/devices.h"
#include <string.h>

#define QUEUE_RX     0
#define QUEUE_TX     1
#define HEADER_BYTES 12
#define SENDS_MAX    (INSTANCES * QUEUE_MAX)
#define SEND_NS      (5 * NS_PER_US)

struct send {
	struct device *device;
	int64_t at;
	uint64_t order;
	struct chain chain;
};

static struct send sends[SENDS_MAX];
static unsigned nsends;
static uint64_t order;

void nic_config(const struct device *d, uint8_t *config)
{
	wire_mac(d->owner, config);
	config[6] = 1; /* link up */
	config[10] = WIRE_MTU & 0xff;
	config[11] = WIRE_MTU >> 8;
}

void nic_notified(struct device *d, unsigned queue)
{
	struct chain c;

	if (queue != QUEUE_TX)
		return;
	while (device_take(d, QUEUE_TX, &c)) {
		int64_t delay = SEND_NS;

		if (happens(FAULT_NIC_SLOW))
			delay += (int64_t)choose(200) * NS_PER_MS;
		if (nsends == SENDS_MAX)
			violation("more is sent than the queues have room for");
		sends[nsends++] = (struct send){ d, world.now + delay, order++, c };
	}
}

void nic_stopped(struct device *d)
{
	unsigned n = 0;

	for (unsigned k = 0; k < nsends; k++)
		if (sends[k].device != d)
			sends[n++] = sends[k];
	nsends = n;
}

bool nic_receive(struct instance *i, const uint8_t *data, size_t len)
{
	struct device *d = device_of(i, VIRTIO_NET);
	uint8_t frame[HEADER_BYTES + WIRE_FRAME_MAX] = { [10] = 1 /* buffer */ };
	struct chain c;

	if (!d)
		return false;
	if (i->ended || !device_take(d, QUEUE_RX, &c))
		return true;
	memcpy(frame + HEADER_BYTES, data, len);
	trace("frame for %u: %zu", i->index, len);
	device_give(d, QUEUE_RX, &c, (uint32_t)scatter(&c, frame, HEADER_BYTES + len));
	return true;
}

static struct send *first(void)
{
	struct send *s = NULL;

	for (unsigned k = 0; k < nsends; k++)
		if (!s || sends[k].at < s->at ||
		    (sends[k].at == s->at && sends[k].order < s->order))
			s = &sends[k];
	return s;
}

int64_t nic_next(void)
{
	const struct send *s = first();

	return s ? s->at : HOST_NEVER;
}

void nic_work(void)
{
	struct send *s, done;

	while ((s = first()) && s->at <= world.now) {
		uint8_t frame[WIRE_FRAME_MAX + 1];
		size_t len;

		done = *s;
		*s = sends[--nsends];
		len = gather(&done.chain, HEADER_BYTES, frame, sizeof(frame));
		if (len > WIRE_FRAME_MAX)
			violation("a frame longer than the MTU allows");
		wire_put(done.device->owner, frame, len);
		device_give(done.device, QUEUE_TX, &done.chain, 0);
	}
}
