// SPDX-License-Identifier: BSD-2-Clause
/*
 * transfer.c - the image sends a stream to a peer that loses some segments on purpose: all bytes
 * must arrive, and in so much virtual time.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tests/packets/packets.h"
#include "tests/sim/sim.h"

#define STREAM_BYTES  4000000u
#define WRITE_BYTES   200000
#define ROUND_TRIP_NS (40 * NS_PER_MS)
#define MSS           1460
#define SCALE         7
#define WINDOW        (1u << 20)
#define RANGES_MAX    512
#define ACKS_MAX      8192
#define PEER_FIRST    1000u

struct range {
	uint32_t from, to; /* arrived, relative */
	uint64_t when;
};

struct ack {
	int64_t at;
	struct segment segment;
};

static struct range range[RANGES_MAX];
static unsigned nrange, first_ack, nack;
static struct ack acks[ACKS_MAX];
static uint32_t local_first, expected = 1, written, segments, lost, top;
static uint64_t arrivals, seed;

/* SplitMix64, as in tests/sim. */
static uint64_t random64(void)
{
	uint64_t z = seed += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static void call(const char *command, const char *want)
{
	const char *got = world_call(command);

	if (strcmp(got, want) != 0)
		fail("%s: %s", command, got);
}

static void inject(struct segment s)
{
	unsigned char data[FRAME_MAX];

	s.local_port = 80;
	s.peer_port = 40000;
	s.win = WINDOW >> SCALE;
	world_inject(data, frame_build(data, &s, 0));
}

static void fill(void)
{
	char command[64];
	uint32_t left = STREAM_BYTES - written;
	const char *got;

	if (!left)
		return;
	snprintf(command, sizeof(command), "write c %u", left < WRITE_BYTES ? left : WRITE_BYTES);
	got = world_call(command);
	if (strcmp(got, "EAGAIN") != 0)
		written += number(got);
	if (written == STREAM_BYTES)
		call("close c", "0");
}

/* --- the peer ------------------------------------------------------------------------------- */

static void drop_range(unsigned n)
{
	range[n] = range[--nrange];
}

static void keep(uint32_t from, uint32_t to)
{
	for (unsigned n = 0; n < nrange;) {
		if (range[n].from > to || range[n].to < from) {
			n++;
			continue;
		}
		from = range[n].from < from ? range[n].from : from;
		to = range[n].to > to ? range[n].to : to;
		drop_range(n);
	}
	if (nrange == RANGES_MAX)
		fail("too many holes");
	range[nrange++] = (struct range){ from, to, ++arrivals };
	for (unsigned n = 0; n < nrange; n++) {
		if (range[n].from <= expected) {
			expected = range[n].to > expected ? range[n].to : expected;
			drop_range(n);
			break;
		}
	}
}

/* The latest first: RFC 2018, 4. */
static void add_sacks(struct segment *s)
{
	uint64_t below = UINT64_MAX;

	while (s->nsack < 3) {
		const struct range *latest = NULL;

		for (unsigned n = 0; n < nrange; n++)
			if (range[n].when < below && (!latest || range[n].when > latest->when))
				latest = &range[n];
		if (!latest)
			break;
		below = latest->when;
		s->has |= HAS_SACK;
		s->sack[s->nsack].from = latest->from + local_first;
		s->sack[s->nsack++].to = latest->to + local_first;
	}
}

static void answer(int64_t at, bool sack)
{
	struct ack *a = &acks[(first_ack + nack) % ACKS_MAX];

	if (nack++ == ACKS_MAX)
		fail("too many acknowledgements in flight");
	*a = (struct ack){ at, { .flags = TCP_ACK, .seq = PEER_FIRST + 1 } };
	a->segment.ack = expected + local_first;
	if (sack)
		add_sacks(&a->segment);
}

static void receive(const struct frame *f, unsigned permille, bool sack)
{
	struct segment s;

	if (!frame_parse(f, &s))
		return;
	frame_check_payload(f, &s, local_first + 1);
	s.seq -= local_first;
	s.len += s.flags & TCP_FIN ? 1 : 0;
	if (!s.len)
		return;
	segments++;
	top = s.seq + s.len > top ? s.seq + s.len : top;
	if (random64() % 1000 < permille) {
		lost++;
		return;
	}
	keep(s.seq, s.seq + s.len);
	answer(f->at + ROUND_TRIP_NS, sack);
}

static void connect_peer(bool sack)
{
	struct segment s = { .flags = TCP_SYN,
			     .seq = PEER_FIRST,
			     .mss = MSS,
			     .scale = SCALE,
			     .has = HAS_MSS | HAS_SCALE | (sack ? HAS_SACKOK : 0) };

	call("socket l", "0");
	call("bind l 80", "0");
	call("listen l 5", "0");
	inject(s);
	if (!world_frame() || !frame_parse(world_frame(), &s))
		fail("no answer to the SYN");
	local_first = s.seq;
	world_forget();
	world_until(now + ROUND_TRIP_NS, false);
	inject((struct segment){ .flags = TCP_ACK, .seq = PEER_FIRST + 1, .ack = local_first + 1 });
	call("accept l c", "0");
}

void transfer_run(unsigned permille, uint64_t with_seed, bool sack, int seconds_max)
{
	int64_t start, limit;

	seed = with_seed;
	world_start();
	connect_peer(sack);
	start = now;
	limit = now + seconds_max * NS_PER_S;
	fill();
	while (expected < STREAM_BYTES + 2) { /* the SYN and the FIN */
		world_until(nack ? acks[first_ack].at : limit, true);
		if (world_frame()) {
			receive(world_frame(), permille, sack);
			world_forget();
		} else if (now >= limit) {
			fail("only %u bytes came in %d s", expected, seconds_max);
		} else {
			inject(acks[first_ack].segment);
			first_ack = (first_ack + 1) % ACKS_MAX;
			nack--;
			fill();
		}
	}
	printf("%u bytes, %u of 1000 lost, %s SACK: %.2f s, %u segments, %u lost\n", STREAM_BYTES,
	       permille, sack ? "with" : "without", (double)(now - start) / 1e9, segments, lost);
}
