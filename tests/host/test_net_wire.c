// SPDX-License-Identifier: BSD-2-Clause
/* The network seen from the wire: hand-made frames in, what is sent and when, the clocks. */
// link: net/addr.c net/checksum.c net/err.c net/hooks.c net/icmp_error.c net/mem.c net/netif.c
// link: net/path_mtu.c net/tcp_recovery.c
// link: net/offload.c net/resolve.c net/socket.c net/sockopt.c net/start.c net/tcp_io.c
// link: net/lwip_sums.c
// link: net/connect.c net/tcp_connect.c net/igmp_hooks.c net/groups.c
// link: net/sockopt_rare.c net/sockopt_tcp.c
// link: net/tcp_later.c net/tcp_socket.c net/timers.c net/udp_socket.c
// link: kernel/wait.c kernel/mutex.c kernel/timer.c lib/base/pheap.c
// link: $(lwip-y:%=$(LWIP_SRC)/src/%)
// flags: -Inet -I$(LWIP_SRC)/src/include -DNET_HOST_TEST -D_GNU_SOURCE -Wno-address
// flags: -Wno-unused-function
#include "tests/host/net.h"
#include "net/checksum.h"

#define ETH     14
#define IP      20
#define PAYLOAD (ETH + IP + 20)

struct segment {
	uint32_t from;
	uint16_t sport, dport;
	uint32_t seq, ack;
	uint8_t flags;
	uint16_t window;
	const void *data;
	uint16_t len;
	bool bad_sum;
};

static void put16(uint8_t *p, uint16_t v)
{
	p[0] = v >> 8;
	p[1] = v;
}

static void put32(uint8_t *p, uint32_t v)
{
	put16(p, v >> 16);
	put16(p + 2, v);
}

static uint16_t get16(const uint8_t *p)
{
	return p[0] << 8 | p[1];
}

static uint32_t get32(const uint8_t *p)
{
	return (uint32_t)get16(p) << 16 | get16(p + 2);
}

/* The plain way, to check the fast one and to make frames. */
static uint32_t plain_sum(uint32_t sum, const uint8_t *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		sum += i & 1 ? p[i] : p[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

static const uint8_t our_mac[6] = { 2, 0, 0, 0, 0, 2 }, peer_mac[6] = { 2, 0, 0, 0, 0, 1 };

static void put_ethernet(uint8_t *f, uint16_t type)
{
	memcpy(f, our_mac, 6);
	memcpy(f + 6, peer_mac, 6);
	put16(f + 12, type);
}

static void put_ip(uint8_t *f, uint8_t protocol, uint32_t from, uint16_t len)
{
	uint8_t *ip = f + ETH;

	put_ethernet(f, 0x0800);
	memset(ip, 0, IP);
	ip[0] = 0x45;
	put16(ip + 2, IP + len);
	ip[8] = 64;
	ip[9] = protocol;
	put32(ip + 12, from);
	put32(ip + 16, TEST_ADDRESS);
	put16(ip + 10, ~plain_sum(0, ip, IP));
}

static size_t make_tcp(uint8_t *f, const struct segment *s)
{
	uint8_t *tcp = f + ETH + IP;
	uint32_t sum = 6 + 20 + s->len;

	put_ip(f, 6, s->from ? s->from : TEST_PEER, 20 + s->len);
	memset(tcp, 0, 20);
	put16(tcp, s->sport);
	put16(tcp + 2, s->dport);
	put32(tcp + 4, s->seq);
	put32(tcp + 8, s->ack);
	tcp[12] = 0x50;
	tcp[13] = s->flags;
	put16(tcp + 14, s->window ? s->window : 65535);
	memcpy(tcp + 20, s->data ? s->data : "", s->len);
	sum = plain_sum(sum, f + ETH + 12, 8);
	put16(tcp + 16, ~plain_sum(sum, tcp, 20 + s->len) + s->bad_sum);
	return PAYLOAD + s->len;
}

static void deliver(const struct segment *s)
{
	uint8_t f[WIRE_FRAME_BYTES];

	wire_deliver(f, make_tcp(f, s), 0);
	net_test_settle();
}

/* The other end asks for our address, so that we know its. */
static void introduce(uint32_t peer)
{
	uint8_t f[42] = { 0 };

	put_ethernet(f, 0x0806);
	memcpy(f + ETH, "\0\1\10\0\6\4\0\1", 8);
	memcpy(f + ETH + 8, peer_mac, 6);
	put32(f + ETH + 14, peer);
	put32(f + ETH + 24, TEST_ADDRESS);
	wire_deliver(f, sizeof(f), 0);
	net_test_settle();
	wire_clear();
}

/* The n-th frame that was sent, from 0. */
static const uint8_t *sent(unsigned n)
{
	return wire_sent[n].data;
}

static uint8_t sent_flags(unsigned n)
{
	return sent(n)[ETH + IP + 13];
}

static uint32_t sent_seq(unsigned n)
{
	return get32(sent(n) + ETH + IP + 4);
}

/* A connection that the other end opened; its next sequence numbers. */
struct peer {
	struct socket *listener, *s;
	uint16_t port;
	uint32_t seq, ack;
};

static struct peer peer_connect(uint16_t local_port)
{
	struct peer p = { open_listener(local_port, 5), NULL, 40000, 1000, 0 };

	introduce(TEST_PEER);
	deliver(&(struct segment){
		.sport = p.port, .dport = local_port, .seq = p.seq, .flags = TCP_SYN });
	CHECK_EQ(wire_nsent, 1);
	CHECK_EQ(sent_flags(0), TCP_SYN | TCP_ACK);
	p.ack = sent_seq(0) + 1;
	p.seq++;
	deliver(&(struct segment){ .sport = p.port,
				   .dport = local_port,
				   .seq = p.seq,
				   .ack = p.ack,
				   .flags = TCP_ACK });
	CHECK_EQ(do_accept(p.listener, &p.s), 0);
	wire_clear();
	return p;
}

static void peer_send(struct peer *p, uint16_t local_port, const void *data, uint16_t len,
		      uint8_t flags)
{
	deliver(&(struct segment){ .sport = p->port,
				   .dport = local_port,
				   .seq = p->seq,
				   .ack = p->ack,
				   .flags = TCP_ACK | flags,
				   .data = data,
				   .len = len });
	p->seq += len;
}

/* Ends it by a reset, which leaves nothing behind. */
static void peer_reset(struct peer *p, uint16_t local_port)
{
	deliver(&(struct segment){
		.sport = p->port, .dport = local_port, .seq = p->seq, .flags = TCP_RST });
	close_socket(p->s);
	close_socket(p->listener);
}

static void test_checksum(void)
{
	uint8_t data[200];

	for (unsigned i = 0; i < sizeof(data); i++)
		data[i] = i * 37 + 200;
	memset(data + 20, 0xff, 70);
	for (unsigned at = 0; at < 16; at++)
		for (unsigned len = 0; len + at <= sizeof(data); len++)
			if (net_checksum(data + at, len) != htons(plain_sum(0, data + at, len)))
				CHECK_FAIL("%u bytes at %u", len, at);
}

static void test_bad_sum_is_dropped(void)
{
	struct peer p = peer_connect(80);
	char buf[8];

	deliver(&(struct segment){ .sport = p.port,
				   .dport = 80,
				   .seq = p.seq,
				   .ack = p.ack,
				   .flags = TCP_ACK,
				   .data = "bad",
				   .len = 3,
				   .bad_sum = true });
	CHECK_EQ(do_recv(p.s, buf, sizeof(buf), MSG_DONTWAIT), -EAGAIN);
	peer_send(&p, 80, "good", 4, 0);
	CHECK_EQ(do_recv(p.s, buf, sizeof(buf), MSG_DONTWAIT), 4);
	peer_reset(&p, 80);
}

static void test_acknowledges_soon(void)
{
	struct peer p = peer_connect(80);
	ns_t before = fake_time;
	char b[4];

	peer_send(&p, 80, "one", 3, 0);
	CHECK_EQ(wire_nsent, 0); /* the answer may carry it */
	while (!wire_nsent && fake_time - before < NS_PER_S)
		net_test_sleep(NS_PER_MS);
	CHECK_EQ(wire_nsent, 1);
	CHECK(fake_time - before <= 60 * NS_PER_MS);
	CHECK_EQ(do_recv(p.s, b, sizeof(b), 0), 3);
	peer_reset(&p, 80);
}

static void test_retransmits_with_backoff(void)
{
	struct peer p = peer_connect(80);
	ns_t last = fake_time, gap[4];
	unsigned n = 0;

	CHECK_EQ(do_send(p.s, "data", 4, 0), 4);
	CHECK_EQ(wire_nsent, 1);
	while (n < 4 && fake_time < last + 20 * NS_PER_S) {
		unsigned before = wire_nsent;

		net_test_sleep(10 * NS_PER_MS);
		if (wire_nsent == before)
			continue;
		CHECK_EQ(sent_seq(before), p.ack);
		gap[n++] = fake_time - last;
		last = fake_time;
	}
	CHECK_EQ(n, 4);
	CHECK(gap[0] >= 200 * NS_PER_MS && gap[0] <= 1200 * NS_PER_MS);
	for (unsigned i = 1; i < n; i++)
		CHECK(gap[i] > gap[i - 1] * 3 / 2 && gap[i] < gap[i - 1] * 3);
	peer_reset(&p, 80);
}

/* A peer that takes its time with the handshake makes the time-out long, but not without limit:
 * what is closed is gone in the end (RFC 6298, 2.5). */
static void test_timeout_has_a_limit(void)
{
	struct socket *listener = open_listener(80, 5), *s = NULL;
	struct segment g = { .sport = 4000, .dport = 80, .seq = 1, .flags = TCP_SYN };
	ns_t start;

	introduce(TEST_PEER);
	deliver(&g);
	net_test_sleep(20 * NS_PER_S);
	g = (struct segment){
		.sport = 4000, .dport = 80, .seq = 2, .ack = sent_seq(0) + 1, .flags = TCP_ACK
	};
	deliver(&g);
	CHECK_EQ(do_accept(listener, &s), 0);
	CHECK_EQ(do_send(s, "data", 4, 0), 4);
	close_socket(s);
	close_socket(listener);
	start = fake_time;
	while (tcp_active_pcbs && fake_time < start + 3600 * NS_PER_S)
		net_test_sleep(10 * NS_PER_S);
	CHECK(!tcp_active_pcbs);
	CHECK(fake_time - start <= 15 * 60 * NS_PER_S);
}

static void test_syn_backs_off_and_times_out(void)
{
	struct socket *s = open_socket(SOCK_STREAM);
	ns_t before = fake_time;

	introduce(TEST_PEER);
	CHECK_EQ(do_connect(s, TEST_PEER, 81), -ETIMEDOUT);
	CHECK(wire_nsent >= 5 && wire_nsent <= 8);
	CHECK(fake_time - before > 30 * NS_PER_S && fake_time - before < 180 * NS_PER_S);
	close_socket(s);
}

static void test_syn_flood(void)
{
	struct socket *listener = open_listener(80, 128), *s = NULL;

	introduce(TEST_PEER);
	for (unsigned i = 0; i < 2000; i++)
		deliver(&(struct segment){
			.sport = 1024 + i, .dport = 80, .seq = i, .flags = TCP_SYN });
	wire_clear();
	deliver(&(struct segment){ .sport = 9999, .dport = 80, .seq = 7, .flags = TCP_SYN });
	CHECK_EQ(wire_nsent, 1);
	deliver(&(struct segment){
		.sport = 9999, .dport = 80, .seq = 8, .ack = sent_seq(0) + 1, .flags = TCP_ACK });
	CHECK_EQ(do_accept(listener, &s), 0);
	deliver(&(struct segment){ .sport = 9999, .dport = 80, .seq = 8, .flags = TCP_RST });
	close_socket(s);
	close_socket(listener);
}

static void test_time_wait_is_bounded(void)
{
	struct socket *listener = open_listener(80, 5), *s;
	unsigned n = 0;

	introduce(TEST_PEER);
	for (unsigned i = 0; i < net_tuning.tcp_time_wait_max + 500; i++) {
		struct segment g = { .sport = 1024 + i, .dport = 80, .seq = 1, .flags = TCP_SYN };

		wire_clear();
		deliver(&g);
		g = (struct segment){ .sport = g.sport,
				      .dport = 80,
				      .seq = 2,
				      .ack = sent_seq(0) + 1,
				      .flags = TCP_ACK };
		deliver(&g);
		CHECK_EQ(do_accept(listener, &s), 0);
		close_socket(s); /* we close first, so TIME-WAIT is ours */
		g.ack++;
		g.flags = TCP_ACK | TCP_FIN;
		deliver(&g);
	}
	for (struct tcp_pcb *p = tcp_tw_pcbs; p; p = p->next)
		n++;
	CHECK(n > 0 && n <= net_tuning.tcp_time_wait_max);
	CHECK(!tcp_active_pcbs);
	close_socket(listener);
}

/* RFC 1122, 4.2.2.13: a client that uses its port again is not kept out by TIME-WAIT. */
static void test_time_wait_gives_way(void)
{
	struct peer p = peer_connect(80);
	struct segment syn = { .sport = p.port, .dport = 80, .flags = TCP_SYN };

	close_socket(p.s);
	p.ack++;
	peer_send(&p, 80, NULL, 0, TCP_FIN);
	CHECK(tcp_tw_pcbs != NULL);
	wire_clear();
	syn.seq = p.seq - 100; /* an old one, late */
	deliver(&syn);
	CHECK(wire_nsent == 1 && sent_flags(0) == TCP_ACK);
	wire_clear();
	syn.seq = p.seq + 100;
	deliver(&syn);
	CHECK(wire_nsent == 1 && sent_flags(0) == (TCP_SYN | TCP_ACK));
	CHECK(tcp_tw_pcbs == NULL);
	deliver(&(struct segment){
		.sport = p.port, .dport = 80, .seq = syn.seq + 1, .flags = TCP_RST });
	close_socket(p.listener);
}

static void test_reordered_and_split_frames(void)
{
	struct peer p = peer_connect(80);
	uint8_t f[WIRE_FRAME_BYTES];
	char data[600], buf[1300];
	struct segment g = { .sport = p.port,
			     .dport = 80,
			     .ack = p.ack,
			     .flags = TCP_ACK,
			     .data = data,
			     .len = sizeof(data) };

	for (unsigned i = 0; i < sizeof(data); i++)
		data[i] = i;
	g.seq = p.seq + sizeof(data);
	deliver(&g); /* the second half comes first */
	CHECK_EQ(do_recv(p.s, buf, sizeof(buf), MSG_DONTWAIT), -EAGAIN);
	g.seq = p.seq;
	wire_deliver(f, make_tcp(f, &g), 101); /* in seven buffers */
	net_test_settle();
	CHECK_EQ(do_recv(p.s, buf, sizeof(buf), 0), 2 * sizeof(data));
	CHECK(!memcmp(buf, data, sizeof(data)) && !memcmp(buf + sizeof(data), data, sizeof(data)));
	p.seq += 2 * sizeof(data);
	peer_reset(&p, 80);
}

static void test_keepalive_timer_is_far(void)
{
	struct peer p = peer_connect(80);

	CHECK_EQ(set_int(p.s, SOL_SOCKET, SO_KEEPALIVE, 1), 0);
	CHECK_EQ(set_int(p.s, IPPROTO_TCP, TCP_KEEPIDLE, 60), 0);
	net_test_sleep(5 * NS_PER_S);
	wire_clear();
	CHECK(fake_timer_due - fake_time > 50 * NS_PER_S); /* nothing ticks in between */
	net_test_sleep(62 * NS_PER_S);
	CHECK_EQ(wire_nsent, 1);
	CHECK_EQ(sent_seq(0), p.ack - 1);
	peer_reset(&p, 80);
}

static void test_idle_connection_has_no_timer(void)
{
	struct peer p = peer_connect(80);
	char b[4];

	peer_send(&p, 80, "abc", 3, 0);
	CHECK_EQ(do_recv(p.s, b, sizeof(b), 0), 3);
	net_test_sleep(2 * NS_PER_S);
	CHECK(fake_timer_due == NS_NEVER);
	/* After an hour the round trip is still measured right. */
	net_test_sleep(3600 * NS_PER_S);
	introduce(TEST_PEER);
	wire_clear();
	CHECK_EQ(do_send(p.s, "xyz", 3, 0), 3);
	p.ack += 3;
	peer_send(&p, 80, "", 0, 0);
	CHECK_EQ(do_send(p.s, "uvw", 3, 0), 3);
	net_test_sleep(1500 * NS_PER_MS);
	CHECK(wire_nsent >= 3); /* the unanswered one was repeated */
	peer_reset(&p, 80);
}

static void test_neighbour_ages_while_idle(void)
{
	struct socket *s = open_socket(SOCK_DGRAM);

	introduce(TEST_PEER);
	CHECK_EQ(do_connect(s, TEST_PEER, 9), 0);
	CHECK_EQ(do_send(s, "x", 1, 0), 1);
	CHECK_EQ(wire_nsent, 1);
	CHECK_EQ(get16(sent(0) + 12), 0x0800);
	net_test_sleep(400 * NS_PER_S);
	wire_clear();
	CHECK_EQ(do_send(s, "x", 1, 0), 1);
	CHECK_EQ(get16(sent(0) + 12), 0x0806); /* it asks again */
	net_test_sleep(20 * NS_PER_S);
	CHECK(wire_nsent >= 3 && wire_nsent <= 6); /* a few times, then gives up */
	close_socket(s);
}

static void test_full_ring(void)
{
	struct peer p = peer_connect(80);
	static char data[20000];

	wire_ring_slots = 3;
	CHECK_EQ(do_send(p.s, data, sizeof(data), 0), sizeof(data));
	CHECK_EQ(wire_nsent, 3);
	wire_ring_slots = UINT_MAX;
	net_test_sleep(NS_PER_S);
	CHECK(wire_nsent > 3);
	CHECK_EQ(sent_seq(3), p.ack + 3 * 536);
	peer_reset(&p, 80);
}

/* Peers that acknowledge nothing leave memory for the next one. */
static void test_share_of_memory(void)
{
	enum { SLOW = 40 };
	struct socket *listener = open_listener(80, SLOW + 5), *s[SLOW + 1];
	static char data[100000];

	introduce(TEST_PEER);
	net_mem_init(net_mem_held_bytes() + 400000);
	for (unsigned i = 0; i <= SLOW; i++) {
		struct segment g = { .sport = 2000 + i, .dport = 80, .seq = 1, .flags = TCP_SYN };

		wire_clear();
		deliver(&g);
		g = (struct segment){ .sport = g.sport,
				      .dport = 80,
				      .seq = 2,
				      .ack = sent_seq(0) + 1,
				      .flags = TCP_ACK };
		deliver(&g);
		CHECK_EQ(do_accept(listener, &s[i]), 0);
		if (i < SLOW)
			CHECK(do_send(s[i], data, sizeof(data), MSG_DONTWAIT) > 0);
	}
	CHECK(!(do_poll(s[0]) & POLLOUT));
	CHECK(do_poll(s[SLOW]) & POLLOUT);
	CHECK_EQ(do_send(s[SLOW], data, 500, MSG_DONTWAIT), 500);
	for (unsigned i = 0; i <= SLOW; i++) {
		deliver(&(struct segment){
			.sport = 2000 + i, .dport = 80, .seq = 2, .flags = TCP_RST });
		close_socket(s[i]);
	}
	close_socket(listener);
	net_mem_init(10 << 20);
}

static void test_icmp_ends_connect(void)
{
	struct socket *s = open_socket(SOCK_STREAM);
	uint8_t f[ETH + IP + 8 + IP + 8];
	uint8_t *icmp = f + ETH + IP;

	introduce(TEST_PEER);
	socket_file(s)->flags |= O_NONBLOCK;
	CHECK_EQ(do_connect(s, TEST_PEER, 80), -EINPROGRESS);
	CHECK_EQ(wire_nsent, 1);
	put_ip(f, 1, TEST_PEER, 8 + IP + 8);
	memset(icmp, 0, 8);
	icmp[0] = 3;
	icmp[1] = 1;
	memcpy(icmp + 8, sent(0) + ETH, IP + 8);
	icmp[8 + IP + 7] ^= 1; /* of another connection attempt: not ours */
	put16(icmp + 2, ~plain_sum(0, icmp, 8 + IP + 8));
	wire_deliver(f, sizeof(f), 0);
	net_test_settle();
	CHECK_EQ(pending_error(s), 0);
	icmp[8 + IP + 7] ^= 1;
	put16(icmp + 2, 0);
	put16(icmp + 2, ~plain_sum(0, icmp, 8 + IP + 8));
	wire_deliver(f, sizeof(f), 0);
	net_test_settle();
	CHECK_EQ(pending_error(s), EHOSTUNREACH);
	close_socket(s);
}

static void test_sequence_numbers_differ(void)
{
	struct socket *listener = open_listener(80, 100);
	uint32_t isn[3];

	introduce(TEST_PEER);
	for (unsigned i = 0; i < 3; i++) {
		wire_clear();
		deliver(&(struct segment){ .sport = 5000 + i, .dport = 80, .flags = TCP_SYN });
		isn[i] = sent_seq(0);
		deliver(&(struct segment){
			.sport = 5000 + i, .dport = 80, .seq = 1, .flags = TCP_RST });
	}
	CHECK(isn[1] - isn[0] > 1000 && isn[2] - isn[1] > 1000 &&
	      isn[2] - isn[1] != isn[1] - isn[0]);
	close_socket(listener);
}

/* Nothing that arrives may do harm; the sanitizers watch. */
static void test_rubbish(void)
{
	struct peer p = peer_connect(80);
	uint8_t f[WIRE_FRAME_BYTES];
	uint32_t x = 12345;

	for (unsigned round = 0; round < 3000; round++) {
		size_t len = make_tcp(f, &(struct segment){ .sport = p.port,
							    .dport = 80,
							    .seq = p.seq,
							    .ack = p.ack,
							    .flags = TCP_ACK | TCP_PSH,
							    .data = "payload",
							    .len = 7 });
		for (unsigned i = 0; i < 3; i++) {
			x = x * 1664525 + 1013904223;
			f[12 + (x >> 16) % (len - 12)] = x >> 8;
		}
		if (round & 1) { /* with right sums it gets further in */
			put16(f + ETH + 10, 0);
			put16(f + ETH + 10, ~plain_sum(0, f + ETH, IP));
		}
		x = x * 1664525 + 1013904223;
		wire_deliver(f, round & 2 ? len : 1 + (x >> 16) % len,
			     round & 4 ? 1 + (x >> 8) % 60 : 0);
		net_test_settle();
	}
	CHECK_EQ(set_option(p.s, SOL_SOCKET, SO_LINGER, &(struct linger){ 1, 0 },
			    sizeof(struct linger)),
		 0);
	close_socket(p.s); /* wherever the rubbish has brought it */
	close_socket(p.listener);
	net_test_sleep(400 * NS_PER_S);
}

int main(void)
{
	net_test_start();
	/* The receive buffers grow to what was once needed, and stay. */
	for (int i = 0; i < 40; i++)
		wire_deliver(peer_mac, sizeof(peer_mac), 1);
	net_test_settle();
	NET_RUN(test_checksum);
	NET_RUN(test_bad_sum_is_dropped);
	NET_RUN(test_acknowledges_soon);
	NET_RUN(test_retransmits_with_backoff);
	NET_RUN(test_timeout_has_a_limit);
	NET_RUN(test_syn_backs_off_and_times_out);
	NET_RUN(test_syn_flood);
	NET_RUN(test_time_wait_is_bounded);
	NET_RUN(test_time_wait_gives_way);
	NET_RUN(test_reordered_and_split_frames);
	NET_RUN(test_keepalive_timer_is_far);
	NET_RUN(test_idle_connection_has_no_timer);
	NET_RUN(test_neighbour_ages_while_idle);
	NET_RUN(test_full_ring);
	NET_RUN(test_share_of_memory);
	NET_RUN(test_icmp_ends_connect);
	NET_RUN(test_sequence_numbers_differ);
	NET_RUN(test_rubbish);
	return check_done();
}
