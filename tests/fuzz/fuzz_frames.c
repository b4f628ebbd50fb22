// SPDX-License-Identifier: BSD-2-Clause
/*
 * Ethernet frames into the stack: any bytes, with checksums made right, and TCP segments that fit
 * the connection so far; a listener, what it accepts, a client and a UDP socket are at work
 * meanwhile, time passes, and memory runs out where the input says so.
 */
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
// flags: -fno-sanitize=alignment,shift,pointer-overflow
#include "tests/fuzz/net.h"

#define ACCEPTED 4
#define STEPS    60
#define PORT     7
#define PEERPORT 4000

static struct socket *listener, *client, *datagrams, *accepted[ACCEPTED];

static void deliver(uint8_t *frame, size_t len, uint32_t cut)
{
	fuzz_repair(frame, len);
	wire_deliver(frame, (uint32_t)len, cut);
	net_test_settle();
}

static void frame(struct fuzz_input *in)
{
	static const uint16_t types[] = { 0x0800, 0x0806, 0x86dd, 0x8100 };
	uint8_t f[WIRE_FRAME_BYTES] = { 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1 };
	uint8_t what = fuzz_byte(in);
	size_t got;
	const uint8_t *p = fuzz_bytes(in, fuzz_u16(in) % 1500, &got);

	if (what & 4)
		memset(f, 0xff, 6);
	fuzz_put16(f + 12, types[what & 3]);
	memcpy(f + ETH_BYTES, p, got);
	if ((what & 3) == 0 && got >= 20 && what & 8) { /* mostly for us, and whole */
		f[ETH_BYTES] = 0x45;
		fuzz_put16(f + ETH_BYTES + 2, (uint16_t)got);
		fuzz_put32(f + ETH_BYTES + 12, TEST_PEER);
		fuzz_put32(f + ETH_BYTES + 16, TEST_ADDRESS);
	}
	deliver(f, ETH_BYTES + got, what & 16 ? 60 : 0);
}

/* The last segment that was sent to the peer's port tells what fits. */
static bool last_sent(uint16_t peer_port, uint32_t *seq, uint32_t *ack, uint16_t *sport)
{
	for (unsigned i = MIN(wire_nsent, (unsigned)WIRE_FRAMES); i-- > 0;) {
		const uint8_t *ip = wire_sent[i].data + ETH_BYTES, *t = ip + 20;

		if (ip[9] != 6 || fuzz_get16(wire_sent[i].data + 12) != 0x0800 ||
		    fuzz_get16(t + 2) != peer_port)
			continue;
		*seq = (uint32_t)fuzz_get16(t + 4) << 16 | fuzz_get16(t + 6);
		*ack = (uint32_t)fuzz_get16(t + 8) << 16 | fuzz_get16(t + 10);
		*seq += wire_sent[i].len - ETH_BYTES - 20 - (t[12] >> 4) * 4u;
		*seq += (t[13] & TCP_SYN) != 0;
		*sport = fuzz_get16(t);
		return true;
	}
	return false;
}

static void segment(struct fuzz_input *in)
{
	uint8_t f[WIRE_FRAME_BYTES] = { 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0 };
	uint8_t *ip = f + ETH_BYTES, *t = ip + 20;
	uint16_t peer = (uint16_t)(PEERPORT + fuzz_byte(in) % 3), sport = PORT;
	uint32_t seq = 0, ack = 1000;
	uint8_t flags = fuzz_byte(in), odd = fuzz_byte(in);
	size_t words = 5 + (odd >> 4) % 11, got, len = ETH_BYTES + 20 + 4 * words;
	const uint8_t *p;

	(void)last_sent(peer, &seq, &ack, &sport);
	seq += odd & 1 ? (uint32_t)(int8_t)fuzz_byte(in) * 64 : 0;
	ack += odd & 2 ? (uint32_t)(int8_t)fuzz_byte(in) * 64 : 0;
	ip[0] = 0x45;
	ip[8] = 64;
	ip[9] = 6;
	fuzz_put32(ip + 12, TEST_PEER);
	fuzz_put32(ip + 16, TEST_ADDRESS);
	fuzz_put16(t, peer);
	fuzz_put16(t + 2, sport);
	fuzz_put32(t + 4, ack);
	fuzz_put32(t + 8, seq);
	t[12] = (uint8_t)(words << 4);
	t[13] = flags;
	fuzz_put16(t + 14, odd & 4 ? fuzz_u16(in) : 65535);
	p = fuzz_bytes(in, 4 * words - 20, &got);
	memcpy(t + 20, p, got);
	p = fuzz_bytes(in, odd & 8 ? fuzz_u16(in) % 1400 : fuzz_byte(in), &got);
	memcpy(t + 4 * words, p, got);
	len += got;
	fuzz_put16(ip + 2, (uint16_t)(len - ETH_BYTES));
	deliver(f, len, 0);
}

static void close_one(struct socket **s)
{
	close_socket(*s);
	*s = NULL;
}

static void connect_client(void)
{
	int on = 1;

	if (client || socket_create(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0, &client))
		return;
	(void)set_option(client, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	(void)do_connect(client, TEST_PEER, PEERPORT);
}

static void use(struct socket *s, uint8_t what)
{
	static uint8_t bytes[9000];
	ssize_t n;

	if (!s)
		return;
	if (what & 1) {
		n = do_recv(s, bytes, what & 2 ? 9000 : 10, MSG_DONTWAIT);
		FUZZ_ASSERT(n <= 9000);
	} else {
		(void)do_send(s, bytes, what & 2 ? 9000 : 10, MSG_DONTWAIT);
	}
	(void)do_poll(s);
	net_test_settle();
}

static void act(struct fuzz_input *in)
{
	uint8_t what = fuzz_byte(in);
	struct socket **s = &accepted[what >> 6 & 3];

	switch (what & 7) {
	case 0:
		if (!*s && do_accept(listener, s))
			*s = NULL;
		break;
	case 1:
		close_one(s);
		break;
	case 2:
		connect_client();
		break;
	case 3:
		close_one(&client);
		break;
	case 4:
		if (*s)
			(void)socket_shutdown(*s, what >> 4 & 1 ? SHUT_WR : SHUT_RD);
		break;
	case 5:
		use(client, what >> 3);
		break;
	case 6:
		use(datagrams, what >> 3);
		break;
	default:
		use(*s, what >> 3);
	}
	net_test_settle();
}

static void step(struct fuzz_input *in)
{
	static const ns_t spans[] = { NS_PER_MS, 50 * NS_PER_MS, NS_PER_S, 20 * NS_PER_S };
	uint8_t what = fuzz_byte(in);

	switch (what & 7) {
	case 0:
	case 1:
		frame(in);
		break;
	case 2:
	case 3:
	case 4:
		segment(in);
		break;
	case 5:
		net_test_sleep(spans[what >> 6]);
		break;
	case 6:
		fake_fail_at(what >> 3); /* the n-th allocation from here on; 0: none */
		break;
	default:
		act(in);
	}
}

static void open_sockets(void)
{
	listener = datagrams = NULL;
	if (socket_create(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0, &listener) ||
	    do_bind(listener, INADDR_ANY, PORT) || socket_listen(listener, 3) ||
	    socket_create(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0, &datagrams) ||
	    do_bind(datagrams, INADDR_ANY, PORT))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct fuzz_input in = { data, data + len };

	fuzz_net_start();
	open_sockets();
	for (unsigned i = 0; i < STEPS && fuzz_left(&in); i++)
		step(&in);
	fake_fail_at(0);
	for (unsigned i = 0; i < ACCEPTED; i++)
		close_one(&accepted[i]);
	close_one(&client);
	close_one(&listener);
	close_one(&datagrams);
	fuzz_net_forget();
	return 0;
}
