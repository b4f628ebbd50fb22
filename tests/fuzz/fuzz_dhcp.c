// SPDX-License-Identifier: BSD-2-Clause
/*
 * Answers of a DHCP server: to what the client sends, made of the input, with the transaction's
 * number and the cookie in their places where the input wants them to be.
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
#include <lwip/dhcp.h>

#define HEAD    240 /* up to and with the cookie: RFC 2131, 2 */
#define ANSWERS 8

/* The number of the client's last message. */
static bool asked(uint8_t *xid)
{
	for (unsigned i = MIN(wire_nsent, (unsigned)WIRE_FRAMES); i-- > 0;) {
		const uint8_t *ip = wire_sent[i].data + ETH_BYTES;

		if (fuzz_get16(wire_sent[i].data + 12) == 0x0800 && ip[9] == 17 &&
		    fuzz_get16(ip + 22) == 67) {
			memcpy(xid, ip + 28 + 4, 4);
			return true;
		}
	}
	return false;
}

static void answer(struct fuzz_input *in)
{
	static const uint8_t cookie[] = { 99, 130, 83, 99 };
	uint8_t f[WIRE_FRAME_BYTES], body[HEAD + 700] = { 2, 1, 6 };
	uint8_t how = fuzz_byte(in);
	size_t got, len;
	const uint8_t *p;

	if (!asked(body + 4))
		return;
	fuzz_put32(body + 16, how & 8 ? fuzz_u32(in) : TEST_ADDRESS);
	memcpy(body + 28, wire_netdev.mac, 6);
	memcpy(body + 236, cookie, 4);
	len = HEAD;
	if (how & 1) { /* offer, acknowledge, refuse: with the server's name */
		uint8_t options[] = { 53, 1, (uint8_t)(2 + (how >> 4) % 6), 54, 4, 10, 0, 0, 1 };

		memcpy(body + len, options, sizeof(options));
		len += sizeof(options);
	}
	p = fuzz_bytes(in, fuzz_u16(in) % 600, &got);
	if (how & 2) /* anywhere */
		len = (size_t)fuzz_byte(in);
	memcpy(body + len, p, got);
	len = fuzz_net_udp(f, 0xffffffff, 67, 68, body, MAX(len + got, (size_t)1));
	wire_deliver(f, (uint32_t)len, how & 4 ? 100 : 0);
	net_test_settle();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct fuzz_input in = { data, data + len };
	struct netif *n;

	fuzz_net_start();
	n = netif_default;
	net_enter();
	if (dhcp_start(n))
		abort();
	net_timers_kick();
	net_leave();
	net_test_settle();
	for (unsigned i = 0; i < ANSWERS && fuzz_left(&in); i++) {
		answer(&in);
		net_test_sleep((1 + fuzz_byte(&in) % 4) * NS_PER_S);
	}
	net_enter();
	dhcp_release_and_stop(n);
	dhcp_cleanup(n);
	net_leave();
	fuzz_net_forget();
	return 0;
}
