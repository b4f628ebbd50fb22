// SPDX-License-Identifier: BSD-2-Clause
/*
 * wire.c - the cable between the instances, and what befalls frames on it.
 */
#include "tests/sim/devices.h"
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#define FRAMES_MAX   512 /* in flight; more are lost */
#define INBOX_FRAMES 64
#define FLIGHT_NS    (30 * NS_PER_US)
#define ETHER_BYTES  14
#define TCP_BYTES    20
#define PROTOCOL_TCP 6
#define MAC_LAST     0x56 /* of the first instance; bit 0 of the first byte: for all */
#define FLAG_SYN     0x02
#define FLAG_RST     0x04
#define FLAG_ACK     0x10

struct frame {
	int64_t at; /* arrives */
	uint64_t order;
	unsigned to;
	size_t len;
	unsigned char data[WIRE_FRAME_MAX];
};

struct spell { /* bad weather on the link */
	int64_t until;
	bool closed[INSTANCES]; /* frames to that instance do not pass */
	enum fault drop;
	size_t frame_max;
};

static struct frame flight[FRAMES_MAX];
static unsigned nflight;
static uint64_t sent;
static struct spell spell;

static struct inbox {
	bool open;
	unsigned n;
	struct frame frame[INBOX_FRAMES];
} inboxes[INSTANCES];

/* Not each seed has everything: half of the kinds, from rare to often. */
void wire_plan(void)
{
	static const unsigned most[FAULT_KINDS] = {
		[FAULT_LOSS] = 8000,
		[FAULT_DUPLICATE] = 6000,
		[FAULT_REORDER] = 10000,
		[FAULT_DELAY] = 1500,
		[FAULT_CORRUPT] = 4000,
		[FAULT_TRUNCATE] = 2000,
		[FAULT_LINK_DOWN] = 100,
		[FAULT_HALF_OPEN] = 100,
		[FAULT_MTU] = 100,
		[FAULT_RESET] = 200,
		[FAULT_DEVICE_FULL] = 4000,
		[FAULT_DEVICE_LATE] = 4000,
		[FAULT_DEVICE_SPURIOUS] = 4000,
		[FAULT_NO_HEAP] = 2000,
		[FAULT_NO_PAGE] = 2000,
		[FAULT_NIC_SLOW] = 2000,
		[FAULT_DISK_SLOW] = 4000,
		[FAULT_DISK_ERROR] = 4000,
		[FAULT_LIE_ID] = 300,
		[FAULT_LIE_LENGTH] = 300,
		[FAULT_LIE_REPEAT] = 300,
		[FAULT_LIE_INDEX] = 300,
		[FAULT_LIE_RESET] = 60000,
		[FAULT_LIE_CONFIG] = 20000,
		[FAULT_RESTART] = 150,
		[FAULT_PREEMPT_OP] = 6000,
		[FAULT_PREEMPT_STEP] = 1500,
		[FAULT_BUG] = 6000,
	};

	for (unsigned k = 0; k < FAULT_KINDS; k++)
		if (most[k] && (choose(2) || k == FAULT_BUG))
			world.rates.of[k] = 1 + (unsigned)choose(most[k] >> choose(4));
}

static bool in_spell(void)
{
	return world.now < spell.until;
}

static void begin_spell(const char *what, int64_t length)
{
	spell.until = world.now + length;
	trace("%s for %lld ms", what, (long long)(length / NS_PER_MS));
}

static void weather(void)
{
	if (in_spell())
		return;
	spell = (struct spell){ .frame_max = WIRE_FRAME_MAX };
	if (happens(FAULT_LINK_DOWN)) {
		spell.drop = FAULT_LINK_DROP;
		for (unsigned n = 0; n < INSTANCES; n++)
			spell.closed[n] = true;
		begin_spell("link down", (int64_t)choose(20000) * NS_PER_MS);
	} else if (happens(FAULT_HALF_OPEN)) {
		spell.drop = FAULT_HALF_DROP;
		spell.closed[choose(INSTANCES)] = true;
		begin_spell("half open", (int64_t)choose(20000) * NS_PER_MS);
	} else if (happens(FAULT_MTU)) {
		spell.frame_max = 100 + choose(1400);
		begin_spell("small MTU", (int64_t)choose(10000) * NS_PER_MS);
	}
}

static bool lost(unsigned to, size_t len)
{
	enum fault why;

	weather();
	if (in_spell() && spell.closed[to])
		why = spell.drop;
	else if (in_spell() && len > spell.frame_max)
		why = FAULT_MTU_DROP;
	else
		return happens(FAULT_LOSS);
	count(why);
	return true;
}

static struct frame *put(unsigned to, const unsigned char *data, size_t len, int64_t delay)
{
	struct frame *f;

	if (nflight == FRAMES_MAX)
		return NULL;
	f = &flight[nflight++];
	f->at = world.now + delay;
	f->order = sent++;
	f->to = to;
	f->len = len;
	memcpy(f->data, data, len);
	return f;
}

static uint16_t sum(const unsigned char *p, size_t len, uint32_t n)
{
	for (size_t i = 0; i < len; i++)
		n += i % 2 ? p[i] : (uint32_t)p[i] << 8;
	while (n >> 16)
		n = (n & 0xffff) + (n >> 16);
	return (uint16_t)~n;
}

/* The segment without its bytes, saying that its sender knows of no such connection. */
static void reset(unsigned to, const unsigned char *data, size_t len)
{
	unsigned char copy[ETHER_BYTES + 20 + TCP_BYTES], *ip = copy + ETHER_BYTES, *tcp = ip + 20;
	uint16_t check;

	if (len < sizeof(copy) || data[12] != 8 || data[13] != 0 || data[14] != 0x45 ||
	    data[ETHER_BYTES + 9] != PROTOCOL_TCP || (data[ETHER_BYTES + 33] & FLAG_SYN) ||
	    !happens(FAULT_RESET))
		return;
	memcpy(copy, data, sizeof(copy));
	ip[2] = 0, ip[3] = 20 + TCP_BYTES;
	ip[10] = ip[11] = 0;
	check = htons(sum(ip, 20, 0));
	memcpy(ip + 10, &check, 2);
	tcp[12] = 5 << 4;
	tcp[13] = FLAG_RST | FLAG_ACK;
	tcp[16] = tcp[17] = 0;
	check = htons(sum(tcp, TCP_BYTES,
			  (uint32_t)PROTOCOL_TCP + TCP_BYTES + (uint16_t)~sum(ip + 12, 8, 0)));
	memcpy(tcp + 16, &check, 2);
	trace("reset to %u", to);
	put(to, copy, sizeof(copy), FLIGHT_NS);
}

static void damage(struct frame *f)
{
	if (happens(FAULT_CORRUPT)) {
		size_t bit = choose(f->len * 8);

		f->data[bit / 8] ^= (unsigned char)(1u << bit % 8);
		trace("flip bit %zu", bit);
	}
	if (happens(FAULT_TRUNCATE)) {
		f->len = 1 + choose(f->len);
		trace("cut to %zu", f->len);
	}
}

static void transport(unsigned to, const unsigned char *data, size_t len)
{
	int64_t delay = FLIGHT_NS + (int64_t)choose(20) * NS_PER_US;
	unsigned copies = 1;

	if (lost(to, len)) {
		trace("lost %zu", len);
		return;
	}
	reset(to, data, len);
	if (happens(FAULT_REORDER))
		delay += (int64_t)choose(3000) * NS_PER_US;
	if (happens(FAULT_DELAY))
		delay += (int64_t)choose(3000) * NS_PER_MS;
	if (happens(FAULT_DUPLICATE))
		copies++;
	while (copies-- > 0) {
		struct frame *f = put(to, data, len, delay);

		if (f)
			damage(f);
		delay += (int64_t)choose(500) * NS_PER_US;
	}
}

static struct frame *first(void)
{
	struct frame *f = NULL;

	for (unsigned n = 0; n < nflight; n++)
		if (!f || flight[n].at < f->at ||
		    (flight[n].at == f->at && flight[n].order < f->order))
			f = &flight[n];
	return f;
}

int64_t wire_next(void)
{
	const struct frame *f = first();

	return f ? f->at : HOST_NEVER;
}

static void arrive(struct frame *f)
{
	struct inbox *in = &inboxes[f->to];

	if (nic_receive(&world.instance[f->to], f->data, f->len))
		return;
	if (in->open && in->n < INBOX_FRAMES && !world.instance[f->to].ended) {
		trace("frame for %u: %zu", f->to, f->len);
		in->frame[in->n++] = *f;
		raise_line(&world.instance[f->to], HOST_LINE_NET);
	}
}

void wire_deliver(void)
{
	struct frame *f;

	while ((f = first()) && f->at <= world.now) {
		arrive(f);
		*f = flight[--nflight];
	}
}

void wire_reset(struct instance *i)
{
	inboxes[i->index].open = false;
	inboxes[i->index].n = 0;
}

void wire_mac(const struct instance *i, uint8_t mac[6])
{
	memcpy(mac, (uint8_t[]){ 0x52, 0x54, 0, 0x12, 0x34, (uint8_t)(MAC_LAST + i->index) }, 6);
}

bool wire_open(void *host, unsigned n, struct host_net_info *out)
{
	struct instance *i = host;

	if (n > 0 || i->virtio_net)
		return false;
	inboxes[i->index].open = true;
	i->networked = world.now;
	wire_mac(i, out->mac);
	out->mtu = WIRE_MTU;
	return true;
}

void wire_put(struct instance *i, const unsigned char *data, size_t len)
{
	uint64_t hash = 0;

	for (size_t k = 0; k < len; k++)
		hash = hash * 31 + data[k];
	trace("send %zu %016llx", len, (unsigned long long)hash);
	for (unsigned to = 0; to < INSTANCES; to++)
		if (to != i->index && (data[0] & 1 || data[5] == MAC_LAST + to))
			transport(to, data, len);
}

int wire_send(void *host, unsigned n, const struct host_piece *piece, unsigned npiece)
{
	struct instance *i = host;
	unsigned char data[WIRE_FRAME_MAX];
	size_t len = 0;

	(void)n;
	for (unsigned k = 0; k < npiece; k++) {
		if (piece[k].len > sizeof(data) - len)
			violation("a frame longer than the MTU allows");
		memcpy(data + len, piece[k].data, piece[k].len);
		len += piece[k].len;
	}
	if (happens(FAULT_DEVICE_SPURIOUS))
		raise_line(i, HOST_LINE_NET);
	if (happens(FAULT_DEVICE_FULL)) {
		raise_line(i, HOST_LINE_NET);
		return -1;
	}
	wire_put(i, data, len);
	return 0;
}

long wire_receive(void *host, unsigned n, void *out, size_t len)
{
	struct instance *i = host;
	struct inbox *in = &inboxes[i->index];
	struct frame *f = in->frame;

	(void)n;
	if (!in->n)
		return 0;
	if (happens(FAULT_DEVICE_LATE)) {
		raise_line(i, HOST_LINE_NET);
		return 0;
	}
	if (f->len < len)
		len = f->len;
	memcpy(out, f->data, len);
	memmove(in->frame, in->frame + 1, --in->n * sizeof(*f));
	return (long)len;
}
