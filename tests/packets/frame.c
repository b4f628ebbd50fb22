// SPDX-License-Identifier: BSD-2-Clause
/*
 * frame.c - Ethernet, ARP, IPv4, ICMP and TCP as bytes. RFC 826, 791, 792, 9293.
 */
#include <arpa/inet.h>
#include <string.h>
#include "tests/packets/packets.h"

#define ETHER         14
#define IP            20
#define TCP           20
#define ARP           28
#define ICMP          8
#define QUOTED        8 /* bytes behind the IP header in an ICMP error */
#define TYPE_IP       0x0800
#define TYPE_ARP      0x0806
#define DONT_FRAGMENT 0x4000
#define PROTO_ICMP    1
#define PROTO_TCP     6
#define OPT_MSS       2
#define OPT_SCALE     3
#define OPT_SACKOK    4
#define OPT_SACK      5
#define OPT_TIME      8
#define PERIOD        251
#define LOCAL_IP      0x0a000001
#define PEER_IP       0x0a000002

static const unsigned char local_mac[6] = { 2, 0, 0, 0, 0, 1 };
static const unsigned char peer_mac[6] = { 2, 0, 0, 0, 0, 2 };

unsigned char pattern(uint32_t offset)
{
	return (unsigned char)(offset % PERIOD);
}

static void put16(unsigned char *p, uint32_t v)
{
	p[0] = (unsigned char)(v >> 8);
	p[1] = (unsigned char)v;
}

static void put32(unsigned char *p, uint32_t v)
{
	put16(p, v >> 16);
	put16(p + 2, v);
}

static uint32_t get16(const unsigned char *p)
{
	return (uint32_t)p[0] << 8 | p[1];
}

static uint32_t get32(const unsigned char *p)
{
	return get16(p) << 16 | get16(p + 2);
}

static uint32_t add(uint32_t sum, const unsigned char *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		sum += i & 1 ? p[i] : (uint32_t)p[i] << 8;
	return sum;
}

static uint16_t fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

/* Over the pseudo header, and what is between the addresses of an IP header and its end. */
static uint16_t tcp_sum(const unsigned char *ip, size_t len)
{
	return fold(add(add(PROTO_TCP + (uint32_t)len, ip + 12, 8), ip + IP, len));
}

static void put_ip(unsigned char *f, unsigned char protocol, size_t len, bool of_peer)
{
	unsigned char *ip = f + ETHER;

	memcpy(f, local_mac, 6);
	memcpy(f + 6, peer_mac, 6);
	put16(f + 12, TYPE_IP);
	memset(ip, 0, IP);
	ip[0] = 0x45;
	put16(ip + 2, (uint32_t)(IP + len));
	ip[8] = 64;
	ip[9] = protocol;
	put32(ip + 12, of_peer ? PEER_IP : LOCAL_IP);
	put32(ip + 16, of_peer ? LOCAL_IP : PEER_IP);
	put16(ip + 10, fold(add(0, ip, IP)));
}

static size_t put_options(unsigned char *o, const struct segment *s)
{
	unsigned char *p = o;

	if (s->has & HAS_MSS) {
		memcpy(p, (unsigned char[]){ OPT_MSS, 4 }, 2);
		put16(p + 2, s->mss);
		p += 4;
	}
	if (s->has & HAS_SCALE) {
		memcpy(p, (unsigned char[]){ 1, OPT_SCALE, 3, s->scale }, 4);
		p += 4;
	}
	if (s->has & HAS_SACKOK) {
		memcpy(p, (unsigned char[]){ 1, 1, OPT_SACKOK, 2 }, 4);
		p += 4;
	}
	if (s->has & HAS_TIME) {
		memcpy(p, (unsigned char[]){ 1, 1, OPT_TIME, 10 }, 4);
		put32(p + 4, s->time_value);
		put32(p + 8, s->time_echo);
		p += 12;
	}
	if (s->has & HAS_SACK) {
		memcpy(p, (unsigned char[]){ 1, 1, OPT_SACK, (unsigned char)(2 + 8 * s->nsack) },
		       4);
		p += 4;
		for (unsigned i = 0; i < s->nsack; i++, p += 8) {
			put32(p, s->sack[i].from);
			put32(p + 4, s->sack[i].to);
		}
	}
	return (size_t)(p - o);
}

/* An error about a segment of the image's: its addresses and sequence number are quoted. */
static size_t build_icmp(unsigned char *f, const struct segment *s)
{
	unsigned char *icmp = f + ETHER + IP, quoted[ETHER + IP], *t = icmp + ICMP + IP;

	memset(icmp, 0, ICMP + IP + QUOTED);
	icmp[0] = s->icmp_type;
	icmp[1] = s->icmp_code;
	put16(icmp + 6, s->icmp_mtu);
	put_ip(quoted, PROTO_TCP, TCP + s->len, false);
	memcpy(icmp + ICMP, quoted + ETHER, IP);
	put16(t, s->local_port);
	put16(t + 2, s->peer_port);
	put32(t + 4, s->seq);
	put16(icmp + 2, fold(add(0, icmp, ICMP + IP + QUOTED)));
	put_ip(f, PROTO_ICMP, ICMP + IP + QUOTED, true);
	return ETHER + IP + ICMP + IP + QUOTED;
}

size_t frame_build(unsigned char *f, const struct segment *s, uint32_t stream)
{
	unsigned char *t = f + ETHER + IP;
	size_t header;

	if (s->has & HAS_ICMP)
		return build_icmp(f, s);
	memset(t, 0, TCP);
	put16(t, s->peer_port);
	put16(t + 2, s->local_port);
	put32(t + 4, s->seq);
	put32(t + 8, s->ack);
	t[13] = s->flags;
	put16(t + 14, s->win);
	put16(t + 18, s->urg);
	header = TCP + put_options(t + TCP, s);
	t[12] = (unsigned char)(header / 4 << 4);
	if (s->len > FRAME_MAX - ETHER - IP - header)
		fail("longer than a frame");
	for (uint32_t i = 0; i < s->len; i++)
		t[header + i] = pattern(s->seq + i - stream);
	put_ip(f, PROTO_TCP, header + s->len, true);
	put16(t + 16, tcp_sum(f + ETHER, header + s->len));
	return ETHER + IP + header + s->len;
}

static void parse_sack(const unsigned char *p, size_t len, struct segment *s)
{
	s->has |= HAS_SACK;
	for (s->nsack = 0; len >= 8 && s->nsack < SACKS_MAX; p += 8, len -= 8, s->nsack++) {
		s->sack[s->nsack].from = get32(p);
		s->sack[s->nsack].to = get32(p + 4);
	}
}

static void parse_option(const unsigned char *p, size_t len, struct segment *s)
{
	switch (p[0]) {
	case OPT_MSS:
		s->has |= HAS_MSS;
		s->mss = (uint16_t)get16(p + 2);
		break;
	case OPT_SCALE:
		s->has |= HAS_SCALE;
		s->scale = p[2];
		break;
	case OPT_SACKOK:
		s->has |= HAS_SACKOK;
		break;
	case OPT_TIME:
		s->has |= HAS_TIME | HAS_TIME_VALUE;
		s->time_value = get32(p + 2);
		s->time_echo = get32(p + 6);
		break;
	case OPT_SACK:
		parse_sack(p + 2, len - 2, s);
		break;
	default:
		fail("an option of an unknown kind %u was sent", p[0]);
	}
}

static void parse_options(const unsigned char *p, size_t len, struct segment *s)
{
	while (len && *p) {
		size_t here = *p == 1 ? 1 : len > 1 ? p[1] : 0;

		if (here == 0 || here > len)
			fail("options with a wrong length were sent");
		if (*p != 1)
			parse_option(p, here, s);
		p += here;
		len -= here;
	}
}

bool frame_parse(const struct frame *f, struct segment *s)
{
	const unsigned char *ip = f->data + ETHER, *t = ip + IP;
	size_t len = get16(ip + 2), header;

	if (f->len < ETHER + IP + TCP || get16(f->data + 12) != TYPE_IP || ip[9] != PROTO_TCP)
		return false;
	header = t[12] >> 4 << 2;
	if (ip[0] != 0x45 || fold(add(0, ip, IP)) || len + ETHER > f->len || len < IP + header ||
	    header < TCP)
		fail("a wrong IP header was sent");
	if (get16(ip + 6) != DONT_FRAGMENT)
		fail("a segment that may be fragmented was sent");
	if (tcp_sum(ip, len - IP))
		fail("a segment with a wrong checksum was sent");
	*s = (struct segment){ .has = HAS_SEQ | HAS_ACK | HAS_WIN | HAS_URG };
	s->local_port = (uint16_t)get16(t);
	s->peer_port = (uint16_t)get16(t + 2);
	s->seq = get32(t + 4);
	s->ack = get32(t + 8);
	s->flags = t[13];
	s->win = get16(t + 14);
	s->urg = (uint16_t)get16(t + 18);
	s->len = (uint32_t)(len - IP - header);
	parse_options(t + TCP, header - TCP, s);
	return true;
}

void frame_check_payload(const struct frame *f, const struct segment *s, uint32_t stream)
{
	const unsigned char *t = f->data + ETHER + IP, *data = t + (t[12] >> 4 << 2);

	for (uint32_t i = 0; i < s->len; i++)
		if (data[i] != pattern(s->seq + i - stream))
			fail("byte %u of what was sent is not what was written", i);
}

size_t frame_answer(const unsigned char *q, size_t len, unsigned char *out)
{
	unsigned char *arp = out + ETHER;

	if (len < ETHER + ARP || get16(q + 12) != TYPE_ARP || get16(q + ETHER + 6) != 1 ||
	    get32(q + ETHER + 24) != PEER_IP)
		return 0;
	memcpy(out, q + 6, 6);
	memcpy(out + 6, peer_mac, 6);
	memcpy(out + 12, q + 12, 2 + 6);
	put16(arp + 6, 2);
	memcpy(arp + 8, peer_mac, 6);
	put32(arp + 14, PEER_IP);
	memcpy(arp + 18, q + ETHER + 8, 10);
	return ETHER + ARP;
}
